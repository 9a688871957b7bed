"""The archive copied and brought back: backup, restore."""

import argparse
from dataclasses import asdict
from pathlib import Path

from commands.session import archive_of, config_of, database_url, now, print_json, progress_bar


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    copying = commands.add_parser("backup", help="copy the archive, also while it is in use")
    copying.add_argument("folder", type=Path, help="where to; an earlier backup is brought up")
    copying.set_defaults(run=back_up)
    bringing = commands.add_parser("restore", help="bring a backup's archive back")
    bringing.add_argument("folder", type=Path, help="the folder of the backup")
    bringing.set_defaults(run=bring_back)


def back_up(args: argparse.Namespace) -> int:
    """Copy the archive and the configuration."""
    from commands.session import config_path
    from storage.backup import backup

    with archive_of(config_of(args)) as archive, progress_bar("copying") as tell:
        report = backup(archive, args.folder, now(), extra=(config_path(args),), on_progress=tell)
    if args.json:
        print_json(asdict(report))
    else:
        print(f"copied {report.copied} files ({report.bytes} bytes), {report.kept} were there")
    return 0


def bring_back(args: argparse.Namespace) -> int:
    """Bring an archive back to where the configuration says, which must be empty."""
    from storage.backup import restore

    config = config_of(args)
    with progress_bar("bringing back") as tell:
        report = restore(args.folder, config.storage.path, database_url(config), on_progress=tell)
    if args.json:
        print_json(asdict(report))
    else:
        print(f"brought back {report.copied} files ({report.bytes} bytes); "
              "`decreewatch verify` looks at each")  # fmt: skip
    return 0

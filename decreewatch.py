"""Decree Watch's command line: parse arguments, call one function, print."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from alerts.wording import visible
from commands import (
    alerting,
    auditing,
    backing_up,
    classifying,
    daemon,
    deadlines,
    demo,
    digesting,
    gathering,
    indexing,
    keeping,
    learning,
    people,
    ruling,
    saved_searches,
    searching,
    serving,
    sources,
    telling,
    texts,
)
from commands.session import CommandParser

GROUPS = (
    daemon,
    gathering,
    sources,
    texts,
    classifying,
    learning,
    deadlines,
    telling,
    keeping,
    backing_up,
    alerting,
    ruling,
    digesting,
    searching,
    indexing,
    saved_searches,
    serving,
    people,
    auditing,
    demo,
)
EPILOG = """\
Every command reads config.toml in the current folder; --config FILE or the environment
variable DECREEWATCH_CONFIG names another. Exit status: 0 done, 1 failed, 2 wrong arguments
or configuration."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        print("interrupted; what was stored stays stored", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain when it flushes at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        status = _status_of(error)
        if status is None:
            raise
        print(f"decreewatch: {visible(_in_words(error))}", file=sys.stderr)
        return status


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = CommandParser(
        prog="decreewatch",
        description="Watches internet regulation in Vietnam: gathers the press and the legal "
        "portals, and tells what really changed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(config=None, json=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=CommandParser)
    for group in GROUPS:
        group.register(commands)
    return parser


def _status_of(error: Exception) -> int | None:
    """2 for a wrong configuration, 1 for a failure a user can mend, None for a bug."""
    from config import ConfigError
    from monitor.legal.model import LegalTextError
    from storage.problems import Problem

    if isinstance(error, ConfigError):
        return 2
    if isinstance(error, Problem | LegalTextError | OSError):
        return 1
    return None


def _in_words(error: Exception) -> str:
    """The error's message; the system's own errors without their number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())

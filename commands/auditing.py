"""`decreewatch audit`: who changed what."""

import argparse
import json
from typing import TYPE_CHECKING, Any, ClassVar

from commands.session import archive_of, config_of, positive, print_json, say, table
from storage.problems import Problem

if TYPE_CHECKING:
    from storage.models_people import AuditEntry

SHOWN = 50


class AuditBroken(Problem):
    """An entry of the log of changes was changed or taken out."""

    kind: ClassVar[str] = "audit-broken"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    auditing = commands.add_parser("audit", help="who changed what")
    auditing.add_argument("--by", default="", metavar="NAME", help="changes by this person")
    auditing.add_argument(
        "--action", default="", help="such as alert, or alert.acknowledged; silence, label, person"
    )
    auditing.add_argument("--subject", default="", help="changes of this, such as alert:12")
    auditing.add_argument("--limit", type=positive, default=SHOWN, help=f"default {SHOWN}")
    auditing.add_argument(
        "--check", action="store_true", help="only see that no entry was changed or taken out"
    )
    auditing.set_defaults(run=audit)


def audit(args: argparse.Namespace) -> int:
    """Show the newest changes, or check all."""
    config = config_of(args)
    with archive_of(config) as archive, archive.reading() as tx:
        if args.check:
            return _check(args, tx.audit.broken())
        entries = tx.audit.recent(args.limit, by=args.by, action=args.action, subject=args.subject)
        found = [entry_json(entry) for entry in entries]
    if args.json:
        print_json(found)
    elif found:
        rows = [
            [
                entry.at.astimezone(config.zone).strftime("%Y-%m-%d %H:%M"),
                entry.by,
                entry.action,
                entry.subject,
                json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
            ]
            for entry in entries
        ]
        table("Changes", ["when", "who", "action", "what", "details"], rows)
    else:
        say("no such change was made")
    return 0


def entry_json(entry: "AuditEntry") -> dict[str, Any]:
    """An entry of the log of changes in JSON."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    }


def _check(args: argparse.Namespace, broken: int | None) -> int:
    if broken is not None:
        raise AuditBroken(
            f"entry {broken} of the log of changes does not follow from those before it: one of "
            "them was changed or taken out. Compare it with a backup."
        )
    if args.json:
        print_json({"broken": None})
    else:
        print("every entry follows from those before it")
    return 0

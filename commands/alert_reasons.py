"""`decreewatch alerts explain`: why an alert was or was not sent, why an event raised none."""

import argparse
from collections.abc import Sequence
from textwrap import indent
from typing import Any, ClassVar

from alerts.wording import visible
from commands.session import CommandParser, archive_of, config_of, positive, print_json
from storage.problems import Problem


class NothingToExplain(Problem):
    """An alert or event number that the archive does not know."""

    kind: ClassVar[str] = "nothing-to-explain"


def register(actions: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add this command to `decreewatch alerts`."""
    explaining = actions.add_parser("explain", help="why an alert was sent, or was not")
    wanted = explaining.add_mutually_exclusive_group(required=True)
    wanted.add_argument("id", type=positive, nargs="?", help="its number in `alerts list`")
    wanted.add_argument(
        "--event", type=positive, metavar="SEQ", help="what each rule made of an event instead"
    )
    explaining.set_defaults(run=explain)


def explain(args: argparse.Namespace) -> int:
    """Explain an alert or an event."""
    from alerts.explanation import explained_alert, explained_event

    config = config_of(args)
    with archive_of(config) as archive:
        if args.event is not None:
            found = explained_event(archive, config, args.event)
            missing = f"there is no event {args.event}; `decreewatch events` shows them"
        else:
            found = explained_alert(archive, args.id)
            missing = f"there is no alert {args.id}; `decreewatch alerts list` shows them"
    if found is None:
        raise NothingToExplain(missing)
    if args.json:
        print_json(found)
    else:
        print(visible("\n".join(_event(found) if args.event is not None else _alert(found))))
    return 0


def _alert(found: dict[str, Any]) -> list[str]:
    by = f" by {found['acknowledged_by']}" if found["acknowledged_by"] else ""
    return [
        f"alert {found['id']}: {found['title']}",
        f"  {found['severity']}, rule {found['rule']}, raised {found['raised_at']}",
        f"  {found['state']}{by}; thread {found['thread']}",
        "",
        "Event",
        _event_line(found["event"]) if found["event"] else "  none: raised by delivery itself",
        "Evidence",
        *_facts(found["evidence"].get("facts", ())),
        "Steps",
        *(_decision(one) for one in found["decisions"]),
        *([] if found["decisions"] else ["  none was asked"]),
        "Messages",
        *(line for one in found["deliveries"] for line in _delivery(one)),
        *([] if found["deliveries"] else ["  none"]),
    ]


def _event(found: dict[str, Any]) -> list[str]:
    read = "the rules have read it" if found["read"] else "the rules have not come to it yet"
    failed = [f"  the rules failed on it: {found['failure']}"] if found["failure"] else []
    return [
        _event_line(found["event"]).strip(),
        f"  {read}",
        *failed,
        *(
            f"  {'✓' if one['raises'] else '·'} {one['rule']}"
            f"{'' if one['enabled'] else ' (not enabled)'}: {one['reason']}"
            for one in found["verdicts"]
        ),
        *([] if found["verdicts"] else ["  there are no rules"]),
    ]


def _event_line(event: dict[str, Any]) -> str:
    return f"  event {event['seq']}: {event['kind']} of {event['subject']} at {event['at']}"


def _facts(facts: Sequence[Sequence[str]]) -> list[str]:
    return [indent(f"{label}: {value}", "  ") for label, value in facts]


def _decision(one: dict[str, Any]) -> str:
    until = f" (until {one['until']})" if one.get("until") else ""
    return f"  {one['step']}: {one['verdict']}, {one['reason']}{until}"


def _delivery(one: dict[str, Any]) -> list[str]:
    kind = "" if one["kind"] == "alert" else f" ({one['kind']})"
    at = f" at {one['sent_at']}" if one["sent_at"] else f", next at {one['due_at']}"
    if one["state"] in ("failed", "withdrawn"):
        at = ""
    tries = f"{one['attempts']} attempt{'' if one['attempts'] == 1 else 's'}"
    error = [f"    {one['error']}"] if one["error"] else []
    return [f"  {one['channel']}{kind}: {one['state']}{at}, {tries}", *error]

"""Alerts from the command line: list, acknowledge, resolve, send again, test a channel."""

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from commands import alert_reasons, silencing
from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    for_json_alone,
    now,
    positive,
    print_json,
    say,
    table,
    when,
    whose,
)
from storage.problems import Problem

if TYPE_CHECKING:
    from alerts.acts import Act
    from storage.archive import Transaction
    from storage.models_telling import Alert

STATES = ("open", "acknowledged", "resolved", "silenced", "inhibited", "duplicate")
SHOWN = 100
"""How many alerts a terminal is shown unless asked for another number."""


class NoSuchAlert(Problem):
    """An alert number that the archive does not know."""

    kind: ClassVar[str] = "no-such-alert"


class NothingFailed(Problem):
    """There is no message that was given up."""

    kind: ClassVar[str] = "nothing-failed"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    alerts = commands.add_parser("alerts", help="what was told, and to whom")
    actions = alerts.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    _register_list(actions)
    acknowledging = actions.add_parser("ack", help="say that alerts were seen")
    numbers = "their numbers in `alerts list`"
    acknowledging.add_argument("id", type=positive, nargs="+", help=numbers)
    acknowledging.add_argument("--by", metavar="NAME", help="who saw them (default: you)")
    acknowledging.set_defaults(run=acknowledge)
    resolving = actions.add_parser("resolve", help="say that what alerts tell of is over")
    resolving.add_argument("id", type=positive, nargs="+", help=numbers)
    resolving.set_defaults(run=resolve)
    again = actions.add_parser("resend", help="try messages again that were given up")
    again.add_argument(
        "id", type=positive, nargs="*", help="their alerts' numbers in `alerts list`"
    )
    again.add_argument("--failed", action="store_true", help="all messages that were given up")
    again.set_defaults(run=resend)
    silencing.register(actions)
    alert_reasons.register(actions)
    testing = actions.add_parser("test", help="send a marked test message to a channel")
    testing.add_argument("channel", help="its id in the configuration")
    testing.set_defaults(run=test_channel)


def _register_list(actions: "argparse._SubParsersAction[CommandParser]") -> None:
    listing = actions.add_parser("list", help="alerts and their deliveries")
    listing.add_argument("--state", action="append", choices=STATES, help="only in this state")
    listing.add_argument("--since", type=when, metavar="TIME", help="only those raised since then")
    listing.add_argument("--limit", type=positive, metavar="N", help="only the newest N")
    listing.set_defaults(run=list_alerts)


def list_alerts(args: argparse.Namespace) -> int:
    """Show alerts, newest first."""
    from alerts.listing import listed

    limit = args.limit or (None if args.json else SHOWN)
    with archive_of(config_of(args)) as archive:
        found = listed(archive, states=args.state or (), since=args.since, limit=limit)
    if args.json:
        print_json(found)
        return 0
    _print_alerts(found)
    if len(found) == SHOWN and not args.limit:
        say(f"these are the newest {SHOWN}; --limit N shows more")
    return 0


def acknowledge(args: argparse.Namespace) -> int:
    """Mark alerts as seen."""
    return _change(args, "acknowledge")


def resolve(args: argparse.Namespace) -> int:
    """Mark what alerts tell of as over."""
    return _change(args, "resolve")


def resend(args: argparse.Namespace) -> int:
    """Let messages be tried again that were given up."""
    from alerts.listing import described
    from config import ConfigError

    if args.failed == bool(args.id):
        raise ConfigError("name the alerts to send again by their numbers, or all with --failed")
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        alerts = tx.outbox.with_failed_messages() if args.failed else _alerts(tx, args.id)
        count = sum(_resent(tx, alert.id, whose(args)) for alert in alerts)
        if args.id and not count:
            raise NothingFailed("no message of these alerts was given up; nothing is sent again")
        found = described(tx, alerts)
    if args.json:
        print_json(found)
    else:
        print(f"{count} message{'' if count == 1 else 's'} will be tried again")
    return 0


def test_channel(args: argparse.Namespace) -> int:
    """Send a test message."""
    from alerts.channels import open_channels
    from alerts.trial import send_test
    from config import ConfigError

    config = config_of(args)
    declared = tuple(channel for channel in config.channels if channel.id == args.channel)
    if not declared:
        names = ", ".join(sorted(channel.id for channel in config.channels)) or "none"
        raise ConfigError(f"no channel {args.channel!r} is declared; there are: {names}")
    alone = config.model_copy(update={"channels": declared})
    with for_json_alone(args):
        answer = send_test(open_channels(alone, os.environ)[args.channel])
    for warning in answer.warnings:
        say(warning)
    say(f"{args.channel} took the test message")
    if args.json:
        print_json({"channel": args.channel, "answer": answer.facts})
    return 0


def _change(args: argparse.Namespace, act: "Act") -> int:
    """Change the state of the alerts that are named, all or none of them."""
    from alerts.acts import act_on
    from alerts.listing import described

    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        alerts = _alerts(tx, args.id)
        for alert in alerts:
            act_on(tx, alert.id, act, by=whose(args), at=now())
        found = described(tx, alerts)
    if args.json:
        print_json(found)
    else:
        for one in found:
            by = f" by {one['acknowledged_by']}" if one["acknowledged_by"] else ""
            print(f"alert {one['id']} is {one['state']}{by}")
    return 0


def _resent(tx: "Transaction", alert_id: int, by: str) -> int:
    at = now()
    count = tx.outbox.resend(alert_id, at)
    if count:
        tx.audit.record(by, "alert.resent", f"alert:{alert_id}", at, {"messages": count})
    return count


def _alerts(tx: "Transaction", numbers: Sequence[int]) -> "list[Alert]":
    """The alerts with these numbers; raises NoSuchAlert naming all that are not there."""
    found = {number: tx.outbox.alert(number) for number in dict.fromkeys(numbers)}
    missing = ", ".join(str(number) for number, alert in found.items() if alert is None)
    if missing:
        raise NoSuchAlert(f"there is no alert {missing}; `decreewatch alerts list` shows them")
    return [alert for alert in found.values() if alert is not None]


def _print_alerts(found: Sequence[dict[str, Any]]) -> None:
    table(
        "Alerts",
        ["", "severity", "rule", "what", "state", "deliveries"],
        [
            [
                str(alert["id"]),
                alert["severity"],
                alert["rule"],
                alert["title"],
                alert["state"],
                ", ".join(_delivery(one) for one in alert["deliveries"]),
            ]
            for alert in found
        ],
    )


def _delivery(one: dict[str, Any]) -> str:
    kind = "" if one["kind"] == "alert" else f" {one['kind']}"
    return f"{one['channel']}{kind} {one['state']}"

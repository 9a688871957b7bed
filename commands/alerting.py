"""Alerts from the command line: list, ack, test."""

import argparse
import getpass
import os

from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    for_json_alone,
    now,
    print_json,
    say,
    table,
)
from storage.problems import Problem


class NoSuchAlert(Problem):
    """An alert number that the archive does not know."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    alerts = commands.add_parser("alerts", help="what was told, and to whom")
    actions = alerts.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    actions.add_parser("list", help="alerts and their deliveries").set_defaults(run=list_alerts)
    acknowledging = actions.add_parser("ack", help="say that an alert was seen")
    acknowledging.add_argument("id", type=int, help="its number in `alerts list`")
    acknowledging.set_defaults(run=acknowledge)
    testing = actions.add_parser("test", help="send a marked test message to a channel")
    testing.add_argument("channel", help="its id in the configuration")
    testing.set_defaults(run=test_channel)


def list_alerts(args: argparse.Namespace) -> int:
    """Show alerts, newest first."""
    from alerts.listing import listed

    with archive_of(config_of(args)) as archive:
        found = listed(archive)
    if args.json:
        print_json(found)
        return 0
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
                ", ".join(f"{d['channel']} {d['state']}" for d in alert["deliveries"]),
            ]
            for alert in found
        ],
    )
    return 0


def acknowledge(args: argparse.Namespace) -> int:
    """Mark an alert as seen."""
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        alert = tx.outbox.acknowledge(args.id, getpass.getuser(), now())
    if alert is None:
        raise NoSuchAlert(f"there is no alert {args.id}; `decreewatch alerts list` shows them")
    said = {"id": alert.id, "state": alert.state, "acknowledged_by": alert.acknowledged_by}
    if args.json:
        print_json(said)
    else:
        print(f"alert {alert.id} is {alert.state} by {alert.acknowledged_by}")
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
    return 0

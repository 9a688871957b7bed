"""Rules from the command line: list them, and try one on the archive before it is switched on."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    for_json_alone,
    now,
    positive,
    preparing,
    print_json,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerts.rehearsal import Reading
    from config import Config, Rule
    from storage.archive import Archive
    from storage.models import Event

DAYS = 100
MOST_DAYS = 36_500


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    rules = commands.add_parser("rules", help="what raises alerts, and what would have")
    actions = rules.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    actions.add_parser("list", help="the rules of the configuration").set_defaults(run=list_rules)
    trying = actions.add_parser("try", help="what a rule would have raised; writes nothing")
    trying.add_argument("rule", help="its id in the configuration, enabled or not")
    trying.add_argument(
        "--days", type=positive, default=DAYS, metavar="N", help=f"so many days back ({DAYS})"
    )
    trying.add_argument(
        "--imported",
        action="store_true",
        help="count what came from an old collection as if it had been seen live",
    )
    trying.set_defaults(run=try_rule)


def list_rules(args: argparse.Namespace) -> int:
    """Show the rules in their order."""
    from alerts.delivery_events import standing_rules

    config = config_of(args)
    rules = standing_rules(config)
    found = [rule.model_dump(mode="json") for rule in rules]
    if args.json:
        print_json(found)
        return 0
    table(
        "Rules",
        ["rule", "on", "severity", "channels", "only", "told", ""],
        [
            [
                rule.id,
                rule.on,
                rule.severity,
                ", ".join(rule.channels),
                _only(rule),
                _told(rule, config),
                "" if rule.enabled else "not enabled",
            ]
            for rule in rules
        ],
    )
    return 0


def try_rule(args: argparse.Namespace) -> int:
    """Tell what a rule would have raised."""
    from alerts.delivery_events import standing_rules
    from alerts.rehearsal import Tally, rehearse
    from alerts.rehearsal_report import reported
    from config import ConfigError

    config = config_of(args)
    rules = standing_rules(config)
    rule = next((one for one in rules if one.id == args.rule), None)
    if rule is None:
        listed = ", ".join(one.id for one in rules) or "none"
        raise ConfigError(f"no rule {args.rule!r} is declared; there are: {listed}")
    until = now()
    since = until - timedelta(days=min(args.days, MOST_DAYS))
    tally = Tally()
    with for_json_alone(args), archive_of(config) as archive:
        alerts = rehearse(
            archive,
            config,
            rule,
            since,
            until,
            reading=_reading(config, rule, imported=args.imported),
            imported=args.imported,
            tally=tally,
        )
        found = reported(alerts, tally, config.zone)
    said = {"rule": rule.id, "enabled": rule.enabled, "days": args.days}
    said |= {"since": since.isoformat(), "until": until.isoformat()}
    if args.json:
        print_json(said | found)
    else:
        _print(said | found)
    return 0


def _reading(config: "Config", rule: "Rule", *, imported: bool) -> "Reading | None":
    """A search reads the texts themselves: no stage has looked for its words yet."""
    from alerts.rehearsal import Reading
    from storage.models import Event

    if rule.on != "search":
        return None
    from monitor.classifier import classifiers_of
    from monitor.searching import Searches, SearchStage, matched
    from monitor.searching_saved import around_of

    load = classifiers_of(config, progress=preparing).embedder
    searches = Searches([rule], load, around_of(config))

    def expand(events: "Sequence[Event]", archive: "Archive") -> "list[Event]":
        found = searches.found(events, archive, imported=imported)
        return [
            Event(
                seq=event.seq,
                kind="search.matched",
                subject=event.subject,
                at=event.at,
                data=matched(event, one),
            )
            for event, of in zip(events, found, strict=True)
            for one in of
        ]

    return Reading(SearchStage.kinds, expand)


def _only(rule: "Rule") -> str:
    narrowed = [*rule.topics, *rule.sources, *rule.instruments]
    wanted = [one for one in (rule.query, rule.meaning) if one]
    return ", ".join([*wanted, *narrowed]) or "all"


def _told(rule: "Rule", config: "Config") -> str:
    hours = config.quiet.hours if rule.quiet is None else rule.quiet
    said = [] if rule.group.by == "none" else [f"together by {rule.group.by}"]
    said += [f"not {hours}"] if hours else []
    said += [f"again after {_span(rule.group.repeat)}"] if rule.group.repeat else []
    return ", ".join(said) or "at once"


def _span(seconds: float) -> str:
    return str(timedelta(seconds=seconds)).removesuffix(":00")


def _print(found: dict[str, Any]) -> None:
    stopped = "".join(f", {count} {state}" for state, count in found["stopped"].items())
    raised, days = _count(found["raised"], "alert"), _count(found["days"], "day")
    events, messages = _count(found["events"], "event"), _count(found["messages"], "message")
    print(f"{found['rule']} would have raised {raised} in the last {days}, on {events}:")
    print(
        f"{found['told']} told in {messages} a channel "
        f"({found['held']} held for a group or quiet hours){stopped}"
    )
    if found["weeks"]:
        table(
            "By week",
            ["week", "raised", "told"],
            [[one["week"], str(one["raised"]), str(one["told"])] for one in found["weeks"]],
        )
        table(
            "The first",
            ["at", "severity", "what", ""],
            [
                [one["at"][:16], one["severity"], one["title"], _fate(one)]
                for one in found["alerts"]
            ],
        )
    if found["silent"]:
        table(
            "Silent because",
            ["reason", "events"],
            [[one["reason"], str(one["events"])] for one in found["silent"]],
        )


def _fate(one: dict[str, Any]) -> str:
    return f"{one['state']}: {one['reason']}" if one["reason"] else one["state"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

"""Silences from the command line: begin one, list them, end one."""

import argparse
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    now,
    positive,
    print_json,
    table,
    when,
    whose,
)
from storage.problems import Problem

if TYPE_CHECKING:
    from config import Config
    from storage.models_telling import SilencedUntil

LONGEST_S = 10 * 366 * 86400
"""Longer silences end after about ten years."""


class NoSuchSilence(Problem):
    """A silence that the archive does not know, or that is over."""

    kind: ClassVar[str] = "no-such-silence"


def register(actions: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add these commands to `decreewatch alerts`."""
    silencing = actions.add_parser("silence", help="be told nothing of something for a while")
    silencing.add_argument("--rule", default="", metavar="ID", help="alerts of this rule")
    silencing.add_argument("--topic", default="", metavar="ID", help="alerts on this topic")
    silencing.add_argument("--source", default="", metavar="ID", help="alerts from this source")
    silencing.add_argument(
        "--instrument", default="", metavar="ID", help="alerts on this instrument: id or number"
    )
    silencing.add_argument("--everything", action="store_true", help="all alerts")
    span = silencing.add_mutually_exclusive_group(required=True)
    span.add_argument("--until", type=when, metavar="TIME", help="a day or time")
    span.add_argument("--for", type=_span, dest="span", metavar="SPAN", help="such as 90m, 2d")
    silencing.add_argument("--note", default="", help="why, for the others")
    silencing.add_argument("--by", metavar="NAME", help="whose wish it is (default: yours)")
    silencing.set_defaults(run=silence)
    listing = actions.add_parser("silences", help="the silences that hold")
    listing.add_argument("--all", action="store_true", help="those that are over too")
    listing.set_defaults(run=list_silences)
    ending = actions.add_parser("unsilence", help="end a silence before its time")
    ending.add_argument("id", type=positive, help="its number in `alerts silences`")
    ending.add_argument("--by", metavar="NAME", help="who ends it (default: you)")
    ending.set_defaults(run=unsilence)


def silence(args: argparse.Namespace) -> int:
    """Begin a silence."""
    from alerts.acts import MATCHERS, begin_silence
    from config import ConfigError

    config = config_of(args)
    wanted = {name: getattr(args, name) for name in MATCHERS}
    if args.everything == any(wanted.values()):
        raise ConfigError(
            "say what to be silent about with --rule, --topic, --source or --instrument "
            "(an alert must match all that are given), or --everything alone"
        )
    for name in ("rule", "topic", "source"):
        _check(config, name, wanted[name])
    wanted["instrument"] = _instrument(config, wanted["instrument"])
    at = now()
    until = args.until or at + args.span
    if until <= at:
        raise ConfigError(f"--until {until.isoformat()} is in the past; give a time to come")
    with archive_of(config) as archive, archive.transaction() as tx:
        row = begin_silence(tx, wanted, until=until, by=whose(args), at=at, note=args.note)
        said = silence_json(row, at)
    if args.json:
        print_json(said)
    else:
        print(f"silence {said['id']} holds until {_local(until, config.zone)}: {_about(said)}")
    return 0


def list_silences(args: argparse.Namespace) -> int:
    """Show the silences that hold, newest first."""
    config = config_of(args)
    at = now()
    with archive_of(config) as archive, archive.reading() as tx:
        rows = tx.silences.all() if args.all else tx.silences.at(at)[::-1]
        found = [silence_json(row, at) for row in rows]
    if args.json:
        print_json(found)
        return 0
    table(
        "Silences",
        ["", "about", "until", "by", "note"],
        [
            [
                str(one["id"]),
                _about(one),
                _local(datetime.fromisoformat(one["until"]), config.zone)
                + ("" if one["holds"] else " (over)"),
                one["by"],
                one["note"],
            ]
            for one in found
        ],
    )
    return 0


def unsilence(args: argparse.Namespace) -> int:
    """End a silence now."""
    from alerts.acts import end_silence

    at = now()
    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        row = end_silence(tx, args.id, by=whose(args), at=at)
        if row is None:
            raise NoSuchSilence(
                f"there is no silence {args.id} that holds; "
                "`decreewatch alerts silences` shows them"
            )
        said = silence_json(row, at)
    if args.json:
        print_json(said)
    else:
        print(f"silence {said['id']} has ended")
    return 0


def silence_json(row: "SilencedUntil", at: datetime) -> dict[str, Any]:
    """A silence in JSON; `holds` says whether it does at `at`, what is empty matches all."""
    return {
        "id": row.id,
        "rule": row.rule,
        "topic": row.topic,
        "source": row.source,
        "instrument": row.instrument,
        "until": row.until.isoformat(),
        "by": row.by,
        "note": row.note,
        "made_at": row.made_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "holds": row.ended_at is None and row.until > at,
    }


def _about(said: dict[str, Any]) -> str:
    from alerts.acts import MATCHERS

    return ", ".join(f"{name} {said[name]}" for name in MATCHERS if said[name]) or "everything"


def _local(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def _check(config: "Config", name: str, wanted: str) -> None:
    from config import ConfigError

    known = sorted(one.id for one in getattr(config, f"{name}s"))
    if wanted and wanted not in known:
        listed = ", ".join(known) or "none"
        raise ConfigError(f"no {name} {wanted!r} is declared; there are: {listed}")


def _instrument(config: "Config", wanted: str) -> str:
    """The id of a watched instrument, or a number in its canonical form."""
    from config import ConfigError
    from monitor.instruments import canonical

    known = sorted(one.id for one in config.instruments)
    if not wanted or wanted in known:
        return wanted
    number = canonical(wanted)
    if number is None:
        listed = ", ".join(known) or "none"
        raise ConfigError(
            f"{wanted!r} is neither a number such as 147/2024/NĐ-CP nor a watched instrument; "
            f"there are: {listed}"
        )
    return number


def _span(text: str) -> timedelta:
    from pydantic import TypeAdapter, ValidationError

    from config_sections import Span

    try:
        seconds = TypeAdapter(Span).validate_python(text)
        return timedelta(seconds=min(seconds, LONGEST_S))
    except ValidationError as error:
        raise argparse.ArgumentTypeError(
            f"expected a span of time such as 90m, 6h or 2d, not {text!r}"
        ) from error

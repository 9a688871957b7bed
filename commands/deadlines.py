"""What falls due, from the command line: as a table, JSON, or an iCalendar file."""

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from alerts.wording import cut, visible
from commands.session import archive_of, config_of, now, print_json, say

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive, Transaction
    from storage.models_telling import Deadline

WIDTH = 96
INDENT = " " * 12
LONGEST_WORDS = 300


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    listing = commands.add_parser(
        "deadlines", help="when laws take effect, consultations and periods end"
    )
    listing.add_argument(
        "--instrument", metavar="X", help="only this one: a watched one's id, or a number; all days"
    )
    listing.add_argument("--days", type=_ahead, metavar="N", help="no more than so many days ahead")
    listing.add_argument("--ics", type=Path, metavar="FILE", help="write an iCalendar file instead")
    listing.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List what falls due, or write it to a calendar file."""
    config = config_of(args)
    at = now()
    with archive_of(config) as archive:
        if args.ics is not None:
            return _write(archive, config, args, at)
        rows = _listed(archive, config, args, at)
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        say("nothing is known to fall due")
        return 0
    for row in rows:
        _print(row)
    return 0


def _ahead(text: str) -> int:
    if not text.isdigit() or int(text) > 36_500:
        raise argparse.ArgumentTypeError(f"expected a number of days, not {text!r}")
    return int(text)


def _listed(
    archive: "Archive", config: "Config", args: argparse.Namespace, at: datetime
) -> list[dict[str, Any]]:
    today = at.astimezone(config.zone).date()
    last = date.max if args.days is None else today + timedelta(days=args.days)
    with archive.reading() as tx:
        if args.instrument is not None:
            rows = tx.deadlines.of(_meant(config, args.instrument))
            if args.days is not None:
                rows = [row for row in rows if today <= row.on_date <= last]
        else:
            rows = tx.deadlines.between(today, last)
        return [_row(tx, config, row, at) for row in rows]


def _meant(config: "Config", said: str) -> str:
    """The instrument that a person names by a watched one's id or by its number."""
    from monitor.identities import Identities
    from monitor.instruments import canonical

    number = canonical(said)
    return Identities(config.instruments).of_number(number) if number else said


def _row(tx: "Transaction", config: "Config", row: "Deadline", at: datetime) -> dict[str, Any]:
    from alerts.bodies_time import kind_in_words
    from alerts.places import place
    from monitor.identities import Identities

    today = at.astimezone(config.zone).date()
    item = tx.items.get(row.item_id)
    status = tx.statuses.standing(row.instrument, today)
    return {
        "id": row.id,
        "day": row.on_date.isoformat(),
        "left": (row.on_date - today).days,
        "what": kind_in_words(row.kind) if row.gone_at is None else "taken back",
        "kind": row.kind,
        "instrument": Identities(config.instruments).called(row.instrument),
        "instrument_id": row.instrument,
        "status": status.status if status is not None else None,
        "by": row.by_instrument,
        "where": row.place if ":" in row.place else place(row.place),
        "place": row.place,
        "confidence": row.confidence,
        "words": row.text,
        "url": item.url if item is not None else "",
        "found_at": row.found_at.isoformat(),
        "gone_at": row.gone_at.isoformat() if row.gone_at else None,
    }


def _print(row: dict[str, Any]) -> None:
    """A line of what falls due, and below it the words that say so."""
    days = row["left"]
    when = "today" if not days else f"in {days} days" if days > 0 else f"{-days} days ago"
    sure = "" if row["confidence"] == "certain" else f", {row['confidence']}"
    print(visible(f"{row['day']} ({when}{sure})  {row['what']}: {row['instrument']}"))
    by = f", set by {row['by']}" if row["by"] else ""
    print(visible(f"{INDENT}{row['where']}{by}"))
    if not row["place"].startswith("field:"):
        said = visible(f"“{cut(row['words'], LONGEST_WORDS)}”")
        print(fill(said, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT))


def _write(archive: "Archive", config: "Config", args: argparse.Namespace, at: datetime) -> int:
    from alerts.calendar import calendar, entries, replace_file

    wanted = (_meant(config, args.instrument),) if args.instrument else ()
    found = entries(archive, config, at, instruments=wanted)
    if args.days is not None:
        last = at.astimezone(config.zone).date() + timedelta(days=args.days)
        found = [one for one in found if one.row.on_date <= last]
    settings = config.calendar
    name = settings.name if settings else "Decree Watch"
    days = settings.days if settings else (30, 7, 1)
    replace_file(args.ics, calendar(found, name, days))
    say(f"{len(found)} entries in {args.ics}")
    return 0

"""How the pages of sources are read, in figures: sources health."""

import argparse
from typing import TYPE_CHECKING

from commands.gathering import chosen
from commands.session import CommandParser, archive_of, config_of, now, print_json, table

if TYPE_CHECKING:
    from monitor.source_figures import Figures, Span

LABELS = {
    "selectors": "read by a fallback, not by selectors",
    "title": "without a title of their own",
    "date": "without a date of their own",
    "byline": "without a byline",
    "summary": "without a summary",
    "title-selector": "with a title that the family's selector missed",
    "date-selector": "with a date that the family's selector missed",
    "byline-selector": "with a byline that the family's selector missed",
    "summary-selector": "with a summary that the family's selector missed",
    "duplicates": "with another page's text",
    "same-title": "with another page's title",
    "future": "dated in the future",
    "stuck": "with another page's date",
    "stale": "with the date of a page of the day before",
    "garbled": "garbled, as by a wrong charset",
    "language": "in another language than most",
}


def register_health(
    actions: "argparse._SubParsersAction[CommandParser]",
) -> None:
    """Add the action to those of `sources`."""
    figures = actions.add_parser("health", help="how their pages are read, against what is normal")
    figures.add_argument("sources", nargs="*", metavar="SOURCE", help="these alone, in full")
    figures.add_argument(
        "--families", action="store_true", help="the sources of a CMS family together"
    )
    figures.set_defaults(run=show_health)


def show_health(args: argparse.Namespace) -> int:
    """Show how the pages of each source were read in the last week, and in the four before it."""
    from monitor.source_figures import by_family, figures_of

    config = config_of(args)
    names = chosen(config, args.sources)
    at = now()
    with archive_of(config) as archive, archive.reading() as tx:
        found = [figures_of(tx, one, at) for one in config.sources if one.id in names]
    if args.families:
        found = by_family(found)
    if args.json:
        print_json([one.to_json() for one in found])
        return 0
    if args.sources:
        for one in found:
            _print_whole(one)
        return 0
    title = "Families" if args.families else "Sources"
    columns = ["a day", "unread", "fallback", "untitled", "undated", "length"]
    first = "family" if args.families else "source"
    rows = [[_name(one, args.families), *_line(one.lately)] for one in found]
    table(f"{title}, the last seven days", [first, *columns], rows)
    print("For the four weeks before, name a source: decreewatch sources health SOURCE")
    return 0


def _line(span: "Span") -> list[str]:
    unread = sum(span.missed.values())
    middle = span.quartiles[1] if span.quartiles else None
    return [
        _a_day(span),
        _share(unread, span.read + unread),
        *(_share(span.signs.get(sort, 0), span.read) for sort in ("selectors", "title", "date")),
        f"{middle:,}" if middle is not None else "–",
    ]


def _print_whole(found: "Figures") -> None:
    spans = (found.lately, found.before)
    rows: list[list[str]] = [
        ["items a day", *map(_a_day, spans)],
        ["pages judged", *(f"{one.read:,}" for one in spans)],
    ]
    for sort, label in LABELS.items():
        rows.append([label, *(_of(one.signs.get(sort, 0), one.read) for one in spans)])
    for kind in sorted({kind for one in spans for kind in one.missed}):
        rows.append([f"unread: {kind}", *(f"{one.missed.get(kind, 0):,}" for one in spans)])
    rows.append(["length of texts (quartiles)", *(_quartiles(one) for one in spans)])
    title = ", ".join(found.sources) + (f" (family {found.family})" if found.family else "")
    table(title, ["", "last 7 days", "28 days before"], rows)


def _a_day(span: "Span") -> str:
    return f"{span.a_day:,.1f}" if span.a_day is not None else "–"


def _name(found: "Figures", families: bool) -> str:
    if not families:
        return found.sources[0]
    return f"{found.family or 'none'} ({len(found.sources)})"


def _share(shown: int, pages: int) -> str:
    return f"{shown / pages:.0%}" if pages else "–"


def _of(shown: int, pages: int) -> str:
    return f"{shown:,} of {pages:,}" if pages else "–"


def _quartiles(span: "Span") -> str:
    return " / ".join(f"{one:,}" for one in span.quartiles) if span.quartiles else "–"

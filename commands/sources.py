"""The sources from the command line: sources list and sources check."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.declaring import register_new
from commands.gathering import chosen
from commands.session import (
    CommandParser,
    activity,
    archive_of,
    config_of,
    print_json,
    table,
)
from commands.source_health import register_health

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive

UNTRIED = ("never asked", "not declared")
READ = "read"
"""What `sources check` says of an address that was read."""
LONGEST = 300
"""Characters of a line or value that are printed."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    sources = commands.add_parser("sources", help="the sources and their health")
    actions = sources.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    listing = actions.add_parser("list", help="every source and how it is")
    listing.add_argument(
        "--catalogue", action="store_true", help="also those that are known and not declared"
    )
    listing.set_defaults(run=list_sources)
    checking = actions.add_parser("check", help="fetch a sample and show what would be extracted")
    checking.add_argument("sources", nargs="*", metavar="SOURCE", help="these alone")
    checking.set_defaults(run=check_sources)
    register_health(actions)
    register_new(actions)


def list_sources(args: argparse.Namespace) -> int:
    """Show every declared source and how it is; with the catalogue, what else there is."""
    config = config_of(args)
    with archive_of(config) as archive:
        found = health(config, archive)
    if args.catalogue:
        found += undeclared(config)
    if args.json:
        print_json(found)
        return 0
    # Ids must stay whole on a terminal: a column in which nothing stands is left out.
    dated = any(s["last_item"] for s in found)
    table(
        "Sources",
        ["source", "kind", "certainty", *(["last item"] if dated else []), "status"],
        [
            [
                s["id"],
                f"{s['kind']}, {s['language']}",
                s["certainty"] or "–",
                *([_shown(s["last_item"], config)] if dated else []),
                s["status"],
            ]
            for s in found
        ],
    )
    for s in found:
        for why in s["reasons"] or ([s["notes"]] if s["notes"] and s["status"] in UNTRIED else []):
            print(visible(f"{s['id']}: {' '.join(why.split())}"))
    return 0


def health(config: "Config", archive: "Archive") -> list[dict[str, Any]]:
    """Each declared source with when it last worked and why it does not."""
    from storage.reading_figures import drifting

    found = []
    with archive.reading() as tx:
        drifts = drifting(tx)
        for source in config.sources:
            row = tx.sources.get(source.id)
            status = "never asked" if row is None else "failing" if row.failures else "working"
            reasons = list(row.reasons) if row else []
            if status == "working" and source.id in drifts:
                status = "drifting"
                reasons = [str(one.data["words"]) for one in drifts[source.id]]
            found.append(
                {
                    "id": source.id,
                    "kind": source.kind,
                    "language": source.language,
                    "last_success": _iso(row.last_success) if row else None,
                    "last_item": _iso(row.last_item) if row else None,
                    "status": status,
                    "reasons": reasons,
                    "certainty": source.certainty,
                    "yields": source.yields,
                    "notes": source.notes,
                }
            )
    return found


def undeclared(config: "Config") -> list[dict[str, Any]]:
    """The sources of the catalogue that the configuration does not name, as `health` gives them."""
    from config import catalogue

    declared = {source.id for source in config.sources}
    return [
        {
            "id": entry["id"],
            "kind": entry["kind"],
            "language": entry["language"],
            "last_success": None,
            "last_item": None,
            "status": "not declared",
            "reasons": [],
            "certainty": entry["certainty"],
            "yields": entry["yields"],
            "notes": entry.get("notes", ""),
        }
        for entry in catalogue("sources").values()
        if entry["id"] not in declared
    ]


def check_sources(args: argparse.Namespace) -> int:
    """Fetch a sample of each source and show what would be stored."""
    from spiders.checking import check_source

    config = config_of(args)
    names = chosen(config, args.sources)
    with activity("checking") as tell:
        found = [
            check_source(config, name, on_progress=lambda at: tell(f"{at.source}: {at.url}"))
            for name in names
        ]
    status = 1 if all(source["status"] == "failing" for source in found) else 0
    if args.json:
        print_json(found)
        return status
    for source in found:
        _print_check(source)
    if len(found) > 1:
        print_what_holds(found)
    return status


def print_what_holds(found: list[dict[str, Any]]) -> None:
    """Print which of several declarations hold: a line for each, and how far certainty held."""
    rows = []
    for source in found:
        read = [one["answer"] == READ for one in source["addresses"]]
        pages = [one for one in source["sample"] if one["method"] != "feed"]
        own = sum(one["method"].startswith("selectors:") for one in pages)
        by = f", {own} by selectors" if pages else ""
        rows.append(
            [source["id"], source["status"], f"{sum(read)} of {len(read)}", f"{len(pages)}{by}"]
        )
    table("What holds", ["source", "status", "addresses read", "pages read"], rows)
    for sure in ("seen", "probed", "reported", ""):
        said = [a for source in found for a in source["addresses"] if a["certainty"] == sure]
        if said:
            read = sum(one["answer"] == READ for one in said)
            print(f"{sure or 'declared by you'}: {read} of {len(said)} addresses were read")


def _print_check(source: dict[str, Any]) -> None:
    """Print what a source gave: its addresses, then each page beside what was taken of it."""
    print(f"{source['id']}: {source['status']}")
    answers = {f"{one['url']}: {one['answer']}" for one in source["addresses"]}
    for reason in source["reasons"]:
        if reason not in answers:
            print(visible(f"  {reason}"))
    for one in source["addresses"]:
        sure = one["certainty"] or "declared by you"
        print(visible(f"  {one['url']}\n    {sure}; {one['answer']}; {one['robots']}"))
    for problem in source["errors"]:
        if problem["message"] not in (*answers, *source["reasons"]):
            print(visible(f"  {problem['message']}"))
    for page in source["sample"]:
        read = {
            "title": page["title"],
            "summary": page["summary"],
            "byline": ", ".join(page["byline"]),
            "published": page["published_at"] or "no date found",
            "language": page["language"],
            "read by": page["method"],
            "notes": ", ".join(page["notes"]),
            **{name: str(value) for name, value in page["fields"].items() if value},
        }
        # A table's title would break the address where it is longer than the table is wide.
        print(visible(page["url"]))
        table(
            "Extracted",
            ["field", "value"],
            [[name, str(value)[:LONGEST]] for name, value in read.items() if value],
        )
        if not page["page"]:
            continue
        table(
            "On the page",
            ["taken as", "line"],
            [[became or "–", line[:LONGEST]] for became, line in page["page"]],
        )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _shown(at: str | None, config: "Config") -> str:
    if at is None:
        return "–"
    return f"{datetime.fromisoformat(at).astimezone(config.zone):%d/%m/%Y %H:%M}"

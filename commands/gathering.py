"""Sources from the command line: crawl, sources list, sources check."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import (
    CommandParser,
    activity,
    archive_of,
    config_of,
    print_json,
    say,
    table,
)

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    crawling = commands.add_parser("crawl", help="ask the sources now")
    crawling.add_argument("sources", nargs="*", metavar="SOURCE", help="these alone, due or not")
    crawling.add_argument("--all", action="store_true", help="also sources whose turn has not come")
    crawling.set_defaults(run=crawl)

    sources = commands.add_parser("sources", help="the sources and their health")
    actions = sources.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    listing = actions.add_parser("list", help="every source and how it is")
    listing.set_defaults(run=list_sources)
    checking = actions.add_parser("check", help="fetch a sample and show what would be extracted")
    checking.add_argument("sources", nargs="*", metavar="SOURCE", help="these alone")
    checking.set_defaults(run=check_sources)


def crawl(args: argparse.Namespace) -> int:
    """Crawl the named sources, or all whose turn has come."""
    from spiders.rounds import crawl_round

    config = config_of(args)
    wanted = chosen(config, args.sources)
    with archive_of(config) as archive, activity("crawling") as tell:
        report = crawl_round(
            config,
            archive,
            wanted,
            all_sources=args.all or bool(args.sources),
            on_progress=lambda at: tell(f"{at.source}: {at.url}"),
        )
    if args.json:
        print_json(report.to_json())
    else:
        counted = ("requests", "items", "new", "revised", "unchanged")
        table(
            "Crawled",
            ["source", *counted, "errors"],
            [
                [s["id"], *(str(s[count]) for count in counted), str(len(s["errors"]))]
                for s in report.to_json()["sources"]
            ],
        )
    sources = report.to_json()["sources"]
    for source in sources:
        for error in source["errors"]:
            say(visible(f"{source['id']}: {error['kind']}: {error['message']}"))
    if not sources:
        say("no source has its turn yet; --all, or a source's id, asks all the same")
    nothing_worked = sources and all(s["errors"] and not s["items"] for s in sources)
    return 1 if nothing_worked else 0


def chosen(config: "Config", names: list[str]) -> list[str]:
    """The named sources, or all. Raises ConfigError for a name that is not declared."""
    from config import ConfigError

    declared = [source.id for source in config.sources]
    for name in names:
        if name not in declared:
            raise ConfigError(
                f"no source {name!r} is declared; there are: {', '.join(sorted(declared))}"
            )
    return names or declared


def list_sources(args: argparse.Namespace) -> int:
    """Show every declared source and how it is."""
    config = config_of(args)
    with archive_of(config) as archive:
        found = health(config, archive)
    if args.json:
        print_json(found)
        return 0
    table(
        "Sources",
        ["source", "kind", "language", "last success", "last item", "status", "why"],
        [
            [
                s["id"],
                s["kind"],
                s["language"],
                _shown(s["last_success"], config),
                _shown(s["last_item"], config),
                s["status"],
                "; ".join(s["reasons"]),
            ]
            for s in found
        ],
    )
    return 0


def health(config: "Config", archive: "Archive") -> list[dict[str, Any]]:
    """Each declared source with when it last worked and why it does not."""
    found = []
    with archive.reading() as tx:
        for source in config.sources:
            row = tx.sources.get(source.id)
            status = "never asked" if row is None else "failing" if row.failures else "working"
            found.append(
                {
                    "id": source.id,
                    "kind": source.kind,
                    "language": source.language,
                    "last_success": _iso(row.last_success) if row else None,
                    "last_item": _iso(row.last_item) if row else None,
                    "status": status,
                    "reasons": list(row.reasons) if row else [],
                }
            )
    return found


def check_sources(args: argparse.Namespace) -> int:
    """Fetch a sample of each source and show what would be stored."""
    from spiders.rounds import check_source

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
        print(f"{source['id']}: {source['status']}")
        for reason in source["reasons"]:
            print(visible(f"  {reason}"))
        for page in source["sample"]:
            print(visible(f"  {page['url']}\n    {page['title']}\n    {page['text'][:200]}"))
    return status


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _shown(at: str | None, config: "Config") -> str:
    if at is None:
        return "–"
    return f"{datetime.fromisoformat(at).astimezone(config.zone):%d/%m/%Y %H:%M}"

"""Gathering from the command line: crawl."""

import argparse
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.session import (
    activity,
    archive_of,
    config_of,
    print_json,
    say,
    table,
    when,
)

if TYPE_CHECKING:
    from config import Config


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    crawling = commands.add_parser("crawl", help="ask the sources now")
    crawling.add_argument("sources", nargs="*", metavar="SOURCE", help="these alone, due or not")
    crawling.add_argument("--all", action="store_true", help="also sources whose turn has not come")
    crawling.add_argument(
        "--since",
        type=when,
        metavar="TIME",
        help="read sitemaps back to that day (default: 30 days), such as 2031-01-01",
    )
    crawling.set_defaults(run=crawl)


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
            since=args.since,
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

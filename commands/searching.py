"""The archive searched from the command line: `search`."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from alerts.wording import visible
from commands.searching_output import print_results, to_json
from commands.session import archive_of, config_of, preparing, print_json, say

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.search import Filters, Request, Results, Searcher

SIDES = ("state", "independent", "international", "official")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    searching = commands.add_parser(
        "search",
        help="search the archive",
        description='Words, "phrases", -not, OR, and fields: source:, topic:, decree:147/2024, '
        "side:, kind:, language:, since:, until:, is:edited, is:removed, title:.",
    )
    searching.add_argument("query", nargs="*", help="what to look for; nothing finds the newest")
    add_filters(searching)
    searching.add_argument("--mode", choices=("hybrid", "words", "meaning"), default="hybrid")
    searching.add_argument("--newest", action="store_true", help="the newest first")
    searching.add_argument("--every-telling", action="store_true", help="do not collapse stories")
    searching.add_argument("--limit", type=_limit, default=20, metavar="N", help="hits (20)")
    searching.add_argument("--page", default="", metavar="TOKEN", help="the next page's token")
    searching.add_argument("--why", action="store_true", help="explain every score")
    searching.add_argument("--like", type=int, metavar="ITEM", help="more like this item instead")
    searching.add_argument("--saved", default="", metavar="NAME", help="a saved search")
    searching.set_defaults(run=search, refuse=searching.error)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that narrow a search."""
    for name, help_ in (
        ("topic", "only items with this topic"),
        ("source", "only items of this source"),
        ("language", "only items in this language: vi or en"),
        ("instrument", "only items that name this instrument, such as 147/2024"),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], help=f"{help_}; repeatable")
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=("article", "document", *SIDES),
        help="only articles or documents, or sources of this kind; repeatable",
    )
    parser.add_argument("--since", type=_day, metavar="DAY", help="only what was seen since")
    parser.add_argument("--until", type=_day, metavar="DAY", help="only what was seen until")
    parser.add_argument(
        "--published", action="store_true", help="days are those of publication, not of being seen"
    )
    parser.add_argument("--edited", action="store_true", help="only what was edited since")
    parser.add_argument("--removed", action="store_true", help="only what was taken down")


def search(args: argparse.Namespace) -> int:
    """Search, and print what was found."""
    from monitor.asking import searcher_of
    from storage.search import QueryUnclear

    config = config_of(args)
    with archive_of(config) as archive:
        searcher = searcher_of(config, archive, progress=preparing)
        try:
            if args.like is not None:
                found = _like(searcher, args)
            else:
                found = searcher.search(_asked(args, archive))
        except QueryUnclear as unclear:
            say(f"decreewatch: {visible(str(unclear))}")
            return 2
        finally:
            searcher.close()
    if args.json:
        print_json(to_json(found))
        return 0
    print_results(found, config.zone, why=args.why)
    return 0


def _asked(args: argparse.Namespace, archive: "Archive") -> "Request":
    """The request of the command line; a saved search's, narrowed by what else is given."""
    from dataclasses import replace

    from storage.search import Request
    from storage.searches import SearchUnclear, request_of, said
    from storage.searches import filters_of as stored_filters

    asked = Request(
        query=" ".join(args.query),
        filters=filters_of(args),
        mode=args.mode,
        limit=args.limit,
        page=args.page,
        order="newest" if args.newest else "relevance",
        collapse=not args.every_telling,
    )
    if not args.saved:
        return asked
    with archive.reading() as tx:
        row = tx.searches.named(args.saved)
    if row is None:
        raise SearchUnclear(f"there is no search {args.saved!r}; `searches list` shows them")
    saved = request_of(row)
    query = f"{saved.query} {asked.query}".strip()
    both = stored_filters({**said(saved.filters), **said(asked.filters)})
    return replace(asked, query=query, filters=both, mode=saved.mode)


def filters_of(args: argparse.Namespace) -> "Filters":
    """The filters of the command line."""
    from storage.search import Filters

    return Filters(
        topics=tuple(args.topic),
        sources=tuple(args.source),
        sides=tuple(kind for kind in args.kind if kind in SIDES),
        kinds=tuple(kind for kind in args.kind if kind not in SIDES),
        languages=tuple(args.language),
        instruments=tuple(args.instrument),
        since=args.since,
        until=args.until,
        by="published" if args.published else "seen",
        edited=True if args.edited else None,
        removed=True if args.removed else None,
    )


def _like(searcher: "Searcher", args: argparse.Namespace) -> "Results":
    from commands.classifying import NoSuchItem

    try:
        return searcher.like(args.like, limit=args.limit)
    except KeyError as error:
        raise NoSuchItem(f"there is no item {args.like}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a day such as 2026-03-01, not {text!r}"
        ) from error


def _limit(text: str) -> int:
    from storage.search_request import MOST_HITS

    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= MOST_HITS:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_HITS}, not {text!r}")
    return number

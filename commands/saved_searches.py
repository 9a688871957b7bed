"""Saved searches from the command line: `searches list`, `save`, `remove`."""

import argparse

from alerts.wording import visible
from commands.searching import add_filters, filters_of
from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    now,
    print_json,
    say,
    table,
    whose,
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    saved = commands.add_parser("searches", help="saved searches")
    actions = saved.add_subparsers(metavar="ACTION", required=True, parser_class=CommandParser)
    actions.add_parser("list", help="every saved search").set_defaults(run=list_searches)
    saving = actions.add_parser("save", help="save a search under a name")
    saving.add_argument("name")
    saving.add_argument("query", nargs="*")
    add_filters(saving)
    saving.add_argument("--mode", choices=("hybrid", "words", "meaning"), default="hybrid")
    saving.add_argument("--by", default="", metavar="NAME", help="whose it is (default: you)")
    saving.set_defaults(run=save_search)
    removing = actions.add_parser("remove", help="forget a saved search")
    removing.add_argument("name")
    removing.set_defaults(run=remove_search)


def list_searches(args: argparse.Namespace) -> int:
    """Show every saved search."""
    with archive_of(config_of(args)) as archive, archive.reading() as tx:
        rows = tx.searches.all()
    if args.json:
        print_json(
            [
                {
                    "id": row.id,
                    "name": row.name,
                    "owner": row.owner,
                    "query": row.query,
                    "mode": row.mode,
                    "filters": row.filters,
                    "changed_at": row.changed_at.isoformat(),
                }
                for row in rows
            ]
        )
        return 0
    table(
        "Saved searches",
        ["name", "owner", "query", "filters"],
        [
            [row.name, row.owner, row.query, ", ".join(f"{k}={v}" for k, v in row.filters.items())]
            for row in rows
        ],
    )
    return 0


def save_search(args: argparse.Namespace) -> int:
    """Save a search."""
    from storage.search import QueryUnclear, Request

    request = Request(" ".join(args.query), filters_of(args), args.mode)
    with archive_of(config_of(args)) as archive:
        try:
            with archive.transaction() as tx:
                by, at = whose(args), now()
                row = tx.searches.save(args.name, request, by, at)
                detail = {"name": row.name, "query": row.query}
                tx.audit.record(by, "search.saved", f"search:{row.id}", at, detail)
        except QueryUnclear as unclear:
            say(f"decreewatch: {visible(str(unclear))}")
            return 2
    say(f"saved as {visible(row.name)}")
    return 0


def remove_search(args: argparse.Namespace) -> int:
    """Forget a saved search."""
    from storage.searches import SearchUnclear

    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        row = tx.searches.named(args.name)
        if row is None:
            raise SearchUnclear(f"there is no search {args.name!r}; `searches list` shows them")
        detail = {"name": row.name, "owner": row.owner, "query": row.query}
        tx.audit.record(whose(args), "search.forgotten", f"search:{row.id}", now(), detail)
        tx.searches.remove(row)
    say(f"removed {visible(args.name)}")
    return 0

"""The search index from the command line: `index` brings it up to date."""

import argparse

from commands.session import (
    archive_of,
    config_of,
    now,
    preparing,
    print_json,
    progress_bar,
    say,
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    indexing = commands.add_parser("index", help="bring the search index up to date")
    indexing.add_argument("--rebuild", action="store_true", help="build it anew from the archive")
    indexing.add_argument("--words-only", action="store_true", help="leave the vectors as they are")
    indexing.set_defaults(run=index)


def index(args: argparse.Namespace) -> int:
    """Bring the index up to date: the words, then the vectors."""
    from monitor.classifier import classifiers_of
    from monitor.indexing import Indexer

    config = config_of(args)
    indexer = Indexer(config, classifiers_of(config, progress=preparing).embedder)
    with archive_of(config) as archive:
        with progress_bar("words") as tell:
            words = indexer.words(archive, now(), rebuild=args.rebuild, on_progress=tell)
        if words.rebuilt:
            say(f"the words index was built anew: {words.rebuilt}")
        added = computed = 0
        if not args.words_only:
            with progress_bar("vectors") as tell:
                vectors = indexer.vectors(
                    archive, now(), rebuild=args.rebuild, thorough=True, on_progress=tell
                )
            added, computed = vectors.added, vectors.computed
    if args.json:
        print_json(
            {
                "items": words.items,
                "rebuilt": words.rebuilt,
                "behind": words.behind,
                "vectors": added,
                "computed": computed,
            }
        )
    else:
        print(
            f"{words.items:,} items written, {added:,} vectors added "
            f"({computed:,} computed); {words.behind:,} events behind"
        )
    return 0

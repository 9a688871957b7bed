"""Stories from the command line: what several outlets tell, and wrong joins undone."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from alerts.wording import visible
from commands.session import (
    CommandParser,
    archive_of,
    config_of,
    now,
    positive,
    print_json,
    say,
    whose,
)

if TYPE_CHECKING:
    from storage.archive import Archive, Transaction
    from storage.models_telling import Story

DAYS = 7
LONGEST_DAYS = 36_500


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    stories = commands.add_parser("stories", help="what several articles tell, and how they joined")
    stories.add_argument(
        "--days", type=_days, default=DAYS, metavar="N", help="told in the last N days (7)"
    )
    stories.set_defaults(run=list_stories)
    actions = stories.add_subparsers(metavar="ACTION", parser_class=CommandParser)
    splitting = actions.add_parser("split", help="take an item out of its story, for good")
    splitting.add_argument("item", type=positive, metavar="ITEM", help="the item's number")
    splitting.set_defaults(run=split)
    joining = actions.add_parser("join", help="put an item into a story")
    joining.add_argument("item", type=positive, metavar="ITEM", help="the item's number")
    joining.add_argument("story", type=positive, metavar="STORY", help="the story's number")
    joining.set_defaults(run=join)
    for action in (splitting, joining):
        action.add_argument("--by", metavar="NAME", help="whose word it is (default: yours)")


def list_stories(args: argparse.Namespace) -> int:
    """List the stories that more than one article tells, the newest first."""
    with archive_of(config_of(args)) as archive:
        rows = _listed(archive, args.days)
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        say(f"no story of the last {args.days} days is told by more than one article")
    for row in rows:
        _print(row)
    return 0


def split(args: argparse.Namespace) -> int:
    """Take an item out of its story."""
    from monitor import stories_by_hand

    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        by, at = whose(args), now()
        story = stories_by_hand.split(tx, args.item, by, at)
        moved = {"item": args.item, "story": story.id}
        tx.audit.record(by, "story.split", f"item:{args.item}", at, {"story": story.id})
    return _moved(args, moved, f"item {args.item} is a story of its own now: {moved['story']}")


def join(args: argparse.Namespace) -> int:
    """Put an item into a story."""
    from monitor import stories_by_hand

    with archive_of(config_of(args)) as archive, archive.transaction() as tx:
        by, at = whose(args), now()
        story = stories_by_hand.join(tx, args.item, args.story, by, at)
        moved = {"item": args.item, "story": story.id}
        tx.audit.record(by, "story.joined", f"item:{args.item}", at, {"story": story.id})
    return _moved(args, moved, f"item {args.item} belongs to story {moved['story']} now")


def _days(text: str) -> int:
    number = positive(text)
    if number > LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"expected at most {LONGEST_DAYS} days, not {text!r}")
    return number


def _moved(args: argparse.Namespace, moved: dict[str, int], words: str) -> int:
    if args.json:
        print_json(moved)
    else:
        say(words)
    return 0


def _listed(archive: "Archive", days: int) -> list[dict[str, Any]]:
    with archive.reading() as tx:
        found = tx.stories.told_since(now() - timedelta(days=days))
        return [_row(tx, story) for story in found]


def _row(tx: "Transaction", story: "Story") -> dict[str, Any]:
    items = []
    for row in tx.stories.items(story.id):
        item = tx.items.get(row.item_id)
        revision = tx.items.revision(row.revision_id)
        items.append(
            {
                "item": row.item_id,
                "source": item.source_id if item else "",
                "url": item.url if item else "",
                "title": revision.title if revision else "",
                "language": revision.language if revision else "",
                "told_at": row.told_at.isoformat(),
                "how": row.how,
                "score": round(row.score, 3),
                "reason": row.reason,
            }
        )
    return {
        "id": story.id,
        "title": story.title,
        "language": story.language,
        "first_told": story.made_at.isoformat(),
        "last_told": story.last_at.isoformat(),
        "outlets": sorted({one["source"] for one in items}),
        "items": items,
    }


def _print(row: dict[str, Any]) -> None:
    """A story on a line, and each of its items on two below."""
    outlets = len(row["outlets"])
    counted = f"{len(row['items'])} articles, {outlets} outlet{'s' if outlets != 1 else ''}"
    print(visible(f"story {row['id']}  {row['title']}  ({counted})"))
    for one in row["items"]:
        print(visible(f"  item {one['item']}  {one['source']}  {one['title']}"))
        print(visible(f"      {one['how']}: {one['reason']}"))

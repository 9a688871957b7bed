"""What follows when an item is moved from one story to another: it is said, and each is found."""

from datetime import datetime

from monitor.stories_wording import bands_of
from storage.archive import Transaction
from storage.models import Event
from storage.models_telling import Story, StoryItem


def moved(
    tx: Transaction,
    kind: str,
    row: StoryItem,
    story: Story,
    at: datetime,
    left: int,
    by: str = "",
) -> Event | None:
    """Write to the log that an item was moved, and let all of both stories be found.

    Args:
        kind: story.joined or story.split.
        row: the item where it is now.
        story: where it is now.
        left: the number of the story that it was in.
        by: who wished it; "" when its own text does.
    """
    _find_each(tx, left, story.id)
    item = tx.items.get(row.item_id)
    said = {
        "item": row.item_id,
        "revision": row.revision_id,
        "source": item.source_id if item else "",
        "kind": item.kind if item else "",
        "url": item.url if item else "",
        "story": story.id,
        "story_title": story.title,
        "how": row.how,
        "reason": row.reason,
        "left": left,
        "by": by,
        "rerun": True,
    }
    return tx.events.append(kind, f"story:{story.id}", at, said)


def _find_each(tx: Transaction, *stories: int) -> None:
    """Let every item of these stories be found by itself: copies had shared their bands."""
    for story_id in stories:
        for row in tx.stories.items(story_id):
            tx.stories.reread(row, row.revision_id, row.minhash, bands_of(row.minhash))

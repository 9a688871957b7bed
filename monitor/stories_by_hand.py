"""What a person says of stories: this item does not belong to it, or belongs to that one."""

from datetime import datetime
from typing import ClassVar

from monitor.stories_moves import moved
from storage.archive import Transaction
from storage.models_telling import Story, StoryItem
from storage.problems import Problem


class StoryUnclear(Problem):
    """An item or story that is not there, or cannot be moved as asked."""

    kind: ClassVar[str] = "story-unclear"


def split(tx: Transaction, item_id: int, by: str, at: datetime) -> Story:
    """Take an item out of its story, which it never joins again; gives the story of its own.

    Raises StoryUnclear when the item is in no story, or alone in one.
    """
    row = _placed(tx, item_id)
    if len(tx.stories.items(row.story_id)) < 2:
        raise StoryUnclear(
            f"item {item_id} is the only one of story {row.story_id}: nothing to split"
        )
    left = row.story_id
    revision = tx.items.revision(row.revision_id)
    title, language = (revision.title, revision.language) if revision else ("", "")
    story = tx.stories.empty_story(title, language, row.told_at)
    tx.stories.bar(item_id, left, by, at)
    tx.stories.move(row, story, "first", f"taken out of story {left} by {by}", at)
    moved(tx, "story.split", row, story, at, left, by)
    return story


def join(tx: Transaction, item_id: int, story_id: int, by: str, at: datetime) -> Story:
    """Put an item into a story, by a person's word, which outranks an earlier split.

    Raises StoryUnclear when there is no such story, or the item is in none or in this one.
    """
    row = _placed(tx, item_id)
    story = tx.stories.get(story_id)
    if story is None or not tx.stories.items(story_id):
        raise StoryUnclear(f"there is no story {story_id}; `decreewatch stories` lists them")
    if row.story_id == story_id:
        raise StoryUnclear(f"item {item_id} is in story {story_id} already")
    left = row.story_id
    tx.stories.allow(item_id, story_id)
    tx.stories.move(row, story, "person", f"put here by {by}", at)
    moved(tx, "story.joined", row, story, at, left, by)
    return story


def _placed(tx: Transaction, item_id: int) -> StoryItem:
    row = tx.stories.of_item(item_id)
    if row is None:
        raise StoryUnclear(
            f"item {item_id} is in no story: it is not there, is no article, or was not read yet"
        )
    return row

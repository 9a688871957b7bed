"""What becomes of an article's place when its body arrives after its summary.

A feed gives a headline and a sentence, and by them an article joins a story; what its body says may
show that it belongs to another, or to none. Its place is looked at once more, then, and so are the
places of those that joined the story which it began. Nobody is moved

- whom a person has put somewhere, or taken out of somewhere; nor to what a person took out of
  its story;
- who began a story that others have joined: they were judged by it;
- whose place the bodies still support, or of whom too little is known, because the other tellings
  have no body.

What was told of an item goes with it, so that its new story is not told again; a message that was
held back as a further telling of the wrong story can be sent.
"""

from monitor.stories_matches import Fresh, Match, fresh_of, is_told_apart, place
from monitor.stories_moves import moved
from monitor.stories_window import Window
from storage.archive import Transaction
from storage.models import Event
from storage.models_telling import StoryItem

MOST_LOOKED_AT = 20
OTHER = "its body tells of something else than its summary seemed to"


def look_again(tx: Transaction, event: Event, row: StoryItem, window: Window) -> None:
    """Put an item whose body has arrived, and those judged by it, where they belong."""
    members = tx.stories.items(row.story_id)
    if row.how != "first" or len(members) == 1:
        _look(tx, event, row, members, window)
        return
    for one in members[:MOST_LOOKED_AT]:
        if one.how != "first":
            _look(tx, event, one, members, window)


def _look(
    tx: Transaction, event: Event, row: StoryItem, members: list[StoryItem], window: Window
) -> None:
    """Move an item out of a story with these members if its text puts it elsewhere."""
    item, revision = tx.items.get(row.item_id), tx.items.revision(row.revision_id)
    if item is None or revision is None or not revision.text or _is_by_hand(tx, row):
        return
    fresh = fresh_of(item, revision)
    barred = tx.stories.parted(row.story_id)
    match = place(tx, fresh, window, barred, stays=row.story_id).match
    others = [one for one in members if one.item_id != row.item_id]
    if match is not None and match.story == row.story_id:
        return
    is_better = match is not None and match.how == "copy" and row.how == "version"
    if others and not is_better and not _is_wrong(tx, fresh, row, others, window):
        return
    if match is not None:
        _join(tx, event, row, match)
    elif others:
        _leave(tx, event, row, fresh)


def _is_by_hand(tx: Transaction, row: StoryItem) -> bool:
    return row.how == "person" or bool(tx.stories.barred(row.item_id))


def _is_wrong(
    tx: Transaction, fresh: Fresh, row: StoryItem, others: list[StoryItem], window: Window
) -> bool:
    """Whether the bodies show that an item tells none of what the others tell."""
    return all(is_told_apart(tx, fresh, row.how, other, window) for other in others)


def _join(tx: Transaction, event: Event, row: StoryItem, match: Match) -> None:
    story = tx.stories.get(match.story)
    if story is None:
        return
    left = row.story_id
    tx.stories.move(row, story, match.how, match.reason, event.at, score=match.score)
    tx.stories.carry_alerts(row.item_id, left, story.id)
    moved(tx, "story.joined", row, story, event.at, left)


def _leave(tx: Transaction, event: Event, row: StoryItem, fresh: Fresh) -> None:
    left = row.story_id
    story = tx.stories.empty_story(fresh.revision.title, fresh.revision.language, row.told_at)
    tx.stories.move(row, story, "first", OTHER, event.at)
    tx.stories.carry_alerts(row.item_id, left, story.id)
    moved(tx, "story.split", row, story, event.at, left)

"""The stage that puts each article to the story that it tells.

An article joins a story when it arrives: as a copy, by its words (`stories_copies`), or as a
version, by meaning and shared facts (`stories_versions`); else it begins one. It is conservative:
a join that is missed costs a second message, a wrong one hides news. An edit, a re-extraction or
another run of the stage leaves an item where it is; when the body of what was only a summary
arrives, its place is looked at once more (`stories_again`), and a person may move it
(`stories_by_hand`).
"""

from collections.abc import Sequence
from functools import partial

from monitor.stories_again import look_again
from monitor.stories_matches import Fresh, Match, fresh_of, place
from monitor.stories_window import Window
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event
from storage.models_telling import Story
from storage.stories import Joining


class StoriesStage:
    """Reads articles that appeared or changed, and says which story each of them joined."""

    name = "stories"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(self) -> None:
        self._window = Window()

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Read the wording of a batch; what each joins is decided when it is written, in order."""
        with archive.reading() as tx:
            return [self._outcome(event, tx) for event in events]

    def _outcome(self, event: Event, tx: Transaction) -> Outcome:
        if event.data["kind"] != "article":
            return None
        revision = tx.items.revision(event.data["revision"])
        item = tx.items.get(event.data["item"])
        if revision is None or item is None:
            return LookupError(f"revision {event.data['revision']} is not there")
        return partial(_write, event, fresh_of(item, revision), self._window)


def _write(event: Event, fresh: Fresh, window: Window, tx: Transaction) -> None:
    revision = fresh.revision
    known = tx.stories.of_item(revision.item_id)
    if known is not None:
        if revision.id > known.revision_id:
            tx.stories.reread(known, revision.id, fresh.minhash, fresh.bands)
            if revision.cause == "completion":
                look_again(tx, event, known, window)
        return
    placing = place(tx, fresh, window, tx.stories.barred(revision.item_id))
    match = placing.match
    story = tx.stories.get(match.story) if match else None
    if match is None or story is None:
        joining = _joining(fresh, "first", 1.0, placing.reason, placing.bands)
        tx.stories.begin(joining, revision.title, revision.language, event.at)
        return
    joining = _joining(fresh, match.how, match.score, match.reason, placing.bands)
    tx.stories.add(story, joining, event.at, placing.taken)
    _say(tx, event, match, story)


def _joining(fresh: Fresh, how: str, score: float, reason: str, bands: tuple[int, ...]) -> Joining:
    return Joining(
        item_id=fresh.revision.item_id,
        revision_id=fresh.revision.id,
        how=how,
        score=score,
        reason=reason,
        told_at=fresh.told_at,
        minhash=fresh.minhash,
        bands=bands,
    )


def _say(tx: Transaction, event: Event, match: Match, story: Story) -> None:
    said = {key: event.data[key] for key in ("item", "revision", "source", "kind", "url", "title")}
    said |= {
        "story": story.id,
        "story_title": story.title,
        "how": match.how,
        "like": match.like,
        "score": round(match.score, 3),
        "reason": match.reason,
    }
    if event.data.get("backfill"):
        said["backfill"] = True
    key = f"joined:{story.id}:{event.data['item']}"
    tx.events.append("story.joined", f"story:{story.id}", event.at, said, key=key)

"""The stage that puts each article to the story that it tells.

An article joins a story when it arrives: as a copy, by its words (`stories_copies`), or as a
version, by meaning and shared facts (`stories_versions`); else it begins one. It is conservative:
a join that is missed costs a second message, a wrong one hides news. A join is never made anew:
an edit, a re-extraction or another run of the stage leaves an item where it is, and a person
may move it (`stories_by_hand`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.stories_copies import NEARLY_ALL, WITHIN, copied, holds
from monitor.stories_facts import is_round_up
from monitor.stories_versions import LONGEST
from monitor.stories_window import Window
from monitor.stories_wording import Wording, bands_of, signature, wording_of
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event, Item, Revision
from storage.models_telling import Story, StoryItem
from storage.stories import Joining

MOST_COMPARED = 12
"""Items that share bands are compared exactly, the likest first."""

FIRST = "the first to tell it"
ROUND_UP = "a round-up of several items"


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An article that is to be placed."""

    revision: Revision
    told_at: datetime
    wording: Wording
    minhash: bytes
    bands: tuple[int, ...]
    is_round_up: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """What an article is a telling of; `how` as in `StoryItem`."""

    how: str
    like: int
    story: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Copies:
    """What was found by words: the best match, the stories that the article holds, the bands."""

    best: _Match | None
    held: frozenset[int]
    taken: frozenset[tuple[int, int]]
    crowded: frozenset[int]


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
        wording = wording_of(revision)
        minhash = signature(wording)
        fresh = _Fresh(
            revision,
            told_at(item, revision),
            wording,
            minhash,
            bands_of(minhash),
            is_round_up(revision.title, revision.summary),
        )
        return partial(_write, event, fresh, self._window)


def told_at(item: Item, revision: Revision) -> datetime:
    """When an article was published, or first seen where that is earlier or all that is known."""
    published = revision.published_at
    return min(published, item.first_seen) if published else item.first_seen


def _write(event: Event, fresh: _Fresh, window: Window, tx: Transaction) -> None:
    revision = fresh.revision
    known = tx.stories.of_item(revision.item_id)
    if known is not None:
        if revision.id > known.revision_id:
            tx.stories.reread(known, revision.id, fresh.minhash, fresh.bands)
        return
    barred = tx.stories.barred(revision.item_id)
    copies = _copies(tx, fresh, barred)
    is_mixed = fresh.is_round_up or _is_mixed(copies)
    match = copies.best
    if match is None and not is_mixed:
        match = _version(tx, fresh, window, barred)
    story = tx.stories.get(match.story) if match else None
    bands = tuple(band for band in fresh.bands if band not in copies.crowded)
    if match is None or story is None or (match.how == "copy" and _only_holds(copies, match)):
        reason = ROUND_UP if is_mixed else FIRST
        joining = _joining(fresh, "first", 1.0, reason, bands)
        tx.stories.begin(joining, revision.title, revision.language, event.at)
        return
    joining = _joining(fresh, match.how, match.score, match.reason, bands)
    tx.stories.add(story, joining, event.at, copies.taken)
    _say(tx, event, match, story)


def _copies(tx: Transaction, fresh: _Fresh, barred: frozenset[int]) -> _Copies:
    alike = tx.stories.alike(fresh.bands, fresh.told_at, WITHIN, MOST_COMPARED)
    best: _Match | None = None
    held = set()
    for row in alike.rows:
        other = tx.items.revision(row.revision_id)
        if other is None or row.story_id in barred:
            continue
        wording = wording_of(other)
        if holds(fresh.wording, wording):
            held.add(row.story_id)
        mixed = fresh.is_round_up or _was_mixed(row, other)
        found = copied(fresh.wording, wording, fresh.told_at - row.told_at, round_up=mixed)
        if found and (best is None or found[0] > best.score):
            best = _Match("copy", row.item_id, row.story_id, found[0], found[1])
    return _Copies(best, frozenset(held), alike.taken, alike.crowded)


def _was_mixed(row: StoryItem, revision: Revision) -> bool:
    return row.reason == ROUND_UP or is_round_up(revision.title, revision.summary)


def _is_mixed(copies: _Copies) -> bool:
    """Whether an article holds those of several stories."""
    return len(copies.held) > 1


def _only_holds(copies: _Copies, match: _Match) -> bool:
    """Whether a match is but one of several stories that the article holds."""
    return _is_mixed(copies) and (match.score < NEARLY_ALL or match.story in copies.held)


def _version(
    tx: Transaction, fresh: _Fresh, window: Window, barred: frozenset[int]
) -> _Match | None:
    row = StoryItem(
        item_id=fresh.revision.item_id, revision_id=fresh.revision.id, told_at=fresh.told_at
    )
    for found in window.versions(tx, row, barred):
        story = tx.stories.get(found.told.story)
        if story is not None and _lasts(story, fresh.told_at):
            return _Match("version", found.told.item, story.id, found.cosine, found.reason)
    return None


def _lasts(story: Story, at: datetime) -> bool:
    return max(at, story.last_at) - min(at, story.made_at) <= LONGEST


def _joining(fresh: _Fresh, how: str, score: float, reason: str, bands: tuple[int, ...]) -> Joining:
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


def _say(tx: Transaction, event: Event, match: _Match, story: Story) -> None:
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

"""Which story an article is a telling of: by its words, else by meaning and shared facts."""

from dataclasses import dataclass
from datetime import datetime

from monitor.stories_copies import NEARLY_ALL, WITHIN, copied, holds
from monitor.stories_facts import is_round_up
from monitor.stories_versions import LONGEST
from monitor.stories_window import Window
from monitor.stories_wording import Wording, bands_of, signature, wording_of
from storage.archive import Transaction
from storage.models import Item, Revision
from storage.models_telling import Story, StoryItem

MOST_COMPARED = 12
"""Items that share bands are compared exactly, the likest first."""

FEWEST_TO_TELL = 60
"""Bodies of fewer sequences are stubs, which show nothing."""

FIRST = "the first to tell it"
ROUND_UP = "a round-up of several items"


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that is to be placed."""

    revision: Revision
    told_at: datetime
    wording: Wording
    minhash: bytes
    bands: tuple[int, ...]
    is_round_up: bool


@dataclass(frozen=True, slots=True)
class Match:
    """What an article is a telling of; `how` as in `StoryItem`, `like` the item it is like."""

    how: str
    like: int
    story: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an article belongs.

    Attributes:
        match: the story it joins; None when it begins one.
        reason: why it begins one.
        taken: bands, each with a story that holds it already.
        bands: those of its own that tell it from others.
    """

    match: Match | None
    reason: str
    taken: frozenset[tuple[int, int]]
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Copies:
    """What was found by words: the best match, the stories that the article holds, the bands."""

    best: Match | None
    held: frozenset[int]
    taken: frozenset[tuple[int, int]]
    crowded: frozenset[int]


def fresh_of(item: Item, revision: Revision) -> Fresh:
    """What of a revision is compared."""
    wording = wording_of(revision)
    minhash = signature(wording)
    return Fresh(
        revision,
        told_at(item, revision),
        wording,
        minhash,
        bands_of(minhash),
        is_round_up(revision.title, revision.summary),
    )


def told_at(item: Item, revision: Revision) -> datetime:
    """When an article was published, or first seen where that is earlier or all that is known."""
    published = revision.published_at
    return min(published, item.first_seen) if published else item.first_seen


def place(
    tx: Transaction, fresh: Fresh, window: Window, barred: frozenset[int], *, stays: int = 0
) -> Placing:
    """Find the story that an article joins, which is none of the `barred`.

    Where it fits several, the one numbered `stays` comes first.
    """
    copies = _copies(tx, fresh, barred, stays)
    is_mixed = fresh.is_round_up or _is_mixed(copies)
    match = copies.best
    if match is None and not is_mixed:
        match = _version(tx, fresh, window, barred, stays)
    if match is not None and match.how == "copy" and _only_holds(copies, match):
        match = None
    return Placing(
        match,
        ROUND_UP if is_mixed else FIRST,
        copies.taken,
        tuple(band for band in fresh.bands if band not in copies.crowded),
    )


def _copies(tx: Transaction, fresh: Fresh, barred: frozenset[int], stays: int) -> _Copies:
    alike = tx.stories.alike(fresh.bands, fresh.told_at, WITHIN, MOST_COMPARED)
    best: Match | None = None
    held = set()
    for row in alike.rows:
        other = tx.items.revision(row.revision_id)
        if other is None or row.story_id in barred or row.item_id == fresh.revision.item_id:
            continue
        wording = wording_of(other)
        if holds(fresh.wording, wording):
            held.add(row.story_id)
        mixed = fresh.is_round_up or _was_mixed(row, other)
        found = copied(fresh.wording, wording, fresh.told_at - row.told_at, round_up=mixed)
        rank = (row.story_id == stays, found[0] if found else 0.0)
        if found and (best is None or rank > (best.story == stays, best.score)):
            best = Match("copy", row.item_id, row.story_id, found[0], found[1])
    return _Copies(best, frozenset(held), alike.taken, alike.crowded)


def _was_mixed(row: StoryItem, revision: Revision) -> bool:
    return row.reason == ROUND_UP or is_round_up(revision.title, revision.summary)


def _is_mixed(copies: _Copies) -> bool:
    """Whether an article holds those of several stories."""
    return len(copies.held) > 1


def _only_holds(copies: _Copies, match: Match) -> bool:
    """Whether a match is but one of several stories that the article holds."""
    return _is_mixed(copies) and (match.score < NEARLY_ALL or match.story in copies.held)


def is_told_apart(
    tx: Transaction, fresh: Fresh, how: str, other: StoryItem, window: Window
) -> bool:
    """Whether the bodies of two articles show that they tell two things.

    Args:
        fresh: the one; `how` it was found to be like the other, by less than their bodies.
        other: the other.
    """
    revision = tx.items.revision(other.revision_id)
    if revision is None or not revision.text:
        return False
    wording = wording_of(revision)
    if min(len(wording.sequences), len(fresh.wording.sequences)) < FEWEST_TO_TELL:
        return False
    if copied(fresh.wording, wording, fresh.told_at - other.told_at):
        return False
    row = _as_row(fresh)
    if not window.has_vectors(tx, row) or not window.has_vectors(tx, other):
        return how == "copy"
    found = window.versions(tx, row, frozenset())
    return all(one.told.item != other.item_id for one in found)


def _version(
    tx: Transaction, fresh: Fresh, window: Window, barred: frozenset[int], stays: int
) -> Match | None:
    found = window.versions(tx, _as_row(fresh), barred)
    for one in sorted(found, key=lambda version: version.told.story != stays):
        story = tx.stories.get(one.told.story)
        if story is not None and _lasts(story, fresh.told_at):
            return Match("version", one.told.item, story.id, one.cosine, one.reason)
    return None


def _as_row(fresh: Fresh) -> StoryItem:
    return StoryItem(
        item_id=fresh.revision.item_id, revision_id=fresh.revision.id, told_at=fresh.told_at
    )


def _lasts(story: Story, at: datetime) -> bool:
    return max(at, story.last_at) - min(at, story.made_at) <= LONGEST

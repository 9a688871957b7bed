"""Stories: which items tell of the same thing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from storage.models_telling import Alert, Story, StoryBand, StoryItem, StorySplit
from storage.models_topics import PassageVector

PAGE = 500
BANDS_KEPT = timedelta(days=60)
"""Twice the span within which copies are looked for, so that what is told late is found too."""
CROWDED = 100
"""A band that so many items share within the window is boilerplate, and tells nothing."""


@dataclass(frozen=True, slots=True)
class Joining:
    """How an item comes to a story; fields as in `StoryItem`."""

    item_id: int
    revision_id: int
    how: str
    score: float
    reason: str
    told_at: datetime
    minhash: bytes
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """The items that share bands with another, the likest first, and the bands known to all."""

    rows: tuple[StoryItem, ...]
    taken: frozenset[tuple[int, int]]
    crowded: frozenset[int]


@dataclass(frozen=True, slots=True)
class HeadVector:
    """The vector of a revision's headline and summary: half-precision numbers, and whose."""

    model: str
    cut: int
    vector: bytes


class Stories:
    """Stories within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_item(self, item_id: int) -> StoryItem | None:
        """How an item belongs to its story; None when it was not looked at yet."""
        return self._session.get(StoryItem, item_id)

    def get(self, story_id: int) -> Story | None:
        """The story with this number."""
        return self._session.get(Story, story_id)

    def items(self, story_id: int) -> list[StoryItem]:
        """The items of a story in the order in which they joined."""
        query = select(StoryItem).where(StoryItem.story_id == story_id)
        return list(self._session.scalars(query.order_by(StoryItem.joined_at, StoryItem.item_id)))

    def told_since(self, at: datetime, least: int = 2) -> list[Story]:
        """The stories of at least so many items that were told at or after `at`, newest first."""
        often = (
            select(StoryItem.story_id).group_by(StoryItem.story_id).having(func.count() >= least)
        )
        query = select(Story).where(Story.last_at >= at, Story.id.in_(often))
        return list(self._session.scalars(query.order_by(Story.last_at.desc(), Story.id.desc())))

    def alike(self, bands: Sequence[int], at: datetime, within: timedelta, most: int) -> Alike:
        """At most `most` items told within a span around `at` that share one of the bands."""
        weeks = range(week_of(at - within), week_of(at + within) + 1)
        query = select(StoryBand.band, StoryBand.item_id).where(
            StoryBand.week.in_(weeks), StoryBand.band.in_(bands)
        )
        found = self._session.execute(query).all() if bands else []
        holders = Counter(band for band, _ in found)
        likest = [item_id for item_id, _ in Counter(item for _, item in found).most_common(most)]
        rows = {row.item_id: row for row in self._items(likest)}
        kept = tuple(
            rows[number]
            for number in likest
            if number in rows and abs(rows[number].told_at - at) <= within
        )
        stories = {row.item_id: row.story_id for row in kept}
        return Alike(
            kept,
            frozenset((band, stories[item]) for band, item in found if item in stories),
            frozenset(band for band, number in holders.items() if number >= CROWDED),
        )

    def with_vectors(self, since: datetime, until: datetime) -> list[StoryItem]:
        """The items told in this span whose text has vectors."""
        query = select(StoryItem).where(
            StoryItem.told_at.between(since, until),
            exists().where(PassageVector.revision_id == StoryItem.revision_id),
        )
        return list(self._session.scalars(query.order_by(StoryItem.item_id)))

    def head_vectors(self, revision_ids: Sequence[int]) -> Mapping[int, tuple[HeadVector, ...]]:
        """The vectors of the first passages of these revisions, of each model that read them."""
        found: dict[int, tuple[HeadVector, ...]] = {}
        for start in range(0, len(revision_ids), PAGE):
            query = select(PassageVector).where(
                PassageVector.revision_id.in_(revision_ids[start : start + PAGE])
            )
            for row in self._session.scalars(query.order_by(PassageVector.model)):
                if row.passages and row.passages[0] == 0:
                    head = HeadVector(row.model, row.cut, row.vectors[: 2 * row.dimensions])
                    found[row.revision_id] = (*found.get(row.revision_id, ()), head)
        return found

    def begin(self, joining: Joining, title: str, language: str, at: datetime) -> Story:
        """Make a story of one item."""
        told = joining.told_at
        story = Story(made_at=told, last_at=told, title=title, language=language[:10])
        self._session.add(story)
        self._session.flush()
        self.add(story, joining, at, frozenset())
        return story

    def add(
        self, story: Story, joining: Joining, at: datetime, known: frozenset[tuple[int, int]]
    ) -> StoryItem:
        """Put an item, new to all stories, into this one.

        Bands that an item of the story holds already (`known`: band and story) are not
        kept again: so a story that a thousand outlets copy is looked up as fast as another.
        """
        row = StoryItem(
            item_id=joining.item_id,
            story_id=story.id,
            revision_id=joining.revision_id,
            how=joining.how,
            score=joining.score,
            reason=joining.reason,
            joined_at=at,
            told_at=joining.told_at,
            minhash=joining.minhash,
        )
        self._session.add(row)
        self._session.flush()
        self._keep(row, [band for band in joining.bands if (band, story.id) not in known])
        self._span(story)
        return row

    def reread(
        self, row: StoryItem, revision_id: int, minhash: bytes, bands: Sequence[int]
    ) -> None:
        """Let an item be found by this text of it, too; it stays where it is."""
        row.revision_id, row.minhash = revision_id, minhash
        query = select(StoryBand.band).where(
            StoryBand.week == week_of(row.told_at),
            StoryBand.band.in_(bands),
            StoryBand.item_id == row.item_id,
        )
        known = frozenset(self._session.scalars(query)) if bands else frozenset()
        self._keep(row, [band for band in bands if band not in known])

    def move(
        self,
        row: StoryItem,
        story: Story,
        how: str,
        reason: str,
        at: datetime,
        score: float = 1.0,
    ) -> None:
        """Put an item into another story."""
        left = self.get(row.story_id)
        row.story_id, row.how, row.score = story.id, how, score
        row.reason, row.joined_at = reason, at
        self._session.flush()
        self._span(story)
        if left is not None:
            self._span(left)

    def carry_alerts(self, item_id: int, left: int, story_id: int) -> None:
        """Let what was told of an item count for its new story, and no longer for the one it left.

        What was held back, as a further telling of the story that it left, gives its key free:
        the same may be raised for the new story.
        """
        query = select(Alert).where(
            Alert.subject == f"item:{item_id}", Alert.thread == f"story:{left}"
        )
        for alert in self._session.scalars(query):
            if alert.state == "duplicate":
                alert.key = f"{alert.key}:story:{left}:{alert.id}"
            else:
                alert.thread = f"story:{story_id}"
        self._session.flush()

    def forget_bands(self, before: datetime) -> int:
        """Let the bands go of what was told in the weeks before a moment; gives how many went.

        Stories and their items stay; an item told then is found by its wording no more.
        """
        old = StoryBand.week < week_of(before)
        count = self._session.scalar(select(func.count()).select_from(StoryBand).where(old)) or 0
        if count:
            self._session.execute(delete(StoryBand).where(old))
        return count

    def empty_story(self, title: str, language: str, at: datetime) -> Story:
        """A story that an item is about to be moved to."""
        story = Story(made_at=at, last_at=at, title=title, language=language[:10])
        self._session.add(story)
        self._session.flush()
        return story

    def bar(self, item_id: int, story_id: int, by: str, at: datetime) -> None:
        """Say that an item never joins a story again."""
        if self._session.get(StorySplit, (item_id, story_id)) is None:
            self._session.add(StorySplit(item_id=item_id, story_id=story_id, by=by, at=at))
            self._session.flush()

    def allow(self, item_id: int, story_id: int) -> None:
        """Take back that an item never joins a story."""
        row = self._session.get(StorySplit, (item_id, story_id))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def barred(self, item_id: int) -> frozenset[int]:
        """The stories that an item never joins."""
        query = select(StorySplit.story_id).where(StorySplit.item_id == item_id)
        return frozenset(self._session.scalars(query))

    def parted(self, story_id: int) -> frozenset[int]:
        """The stories of items that never join this one."""
        query = select(StoryItem.story_id).join(StorySplit, StorySplit.item_id == StoryItem.item_id)
        return frozenset(self._session.scalars(query.where(StorySplit.story_id == story_id)))

    def _keep(self, row: StoryItem, bands: Iterable[int]) -> None:
        week = week_of(row.told_at)
        rows = [{"week": week, "band": band, "item_id": row.item_id} for band in set(bands)]
        if rows:
            self._session.execute(insert(StoryBand), rows)

    def _items(self, numbers: Sequence[int]) -> list[StoryItem]:
        query = select(StoryItem).where(StoryItem.item_id.in_(numbers))
        return list(self._session.scalars(query)) if numbers else []

    def _span(self, story: Story) -> None:
        query = select(func.min(StoryItem.told_at), func.max(StoryItem.told_at)).where(
            StoryItem.story_id == story.id
        )
        first, last = self._session.execute(query).one()
        if first is not None:
            story.made_at, story.last_at = first, last


def week_of(at: datetime) -> int:
    """The number of the week that a moment lies in."""
    return at.date().toordinal() // 7

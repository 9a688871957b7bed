"""What came within a span of time: articles with their topics and stories, and events."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from storage.archive import Transaction
from storage.importing import EXTRACTOR as IMPORTED
from storage.models import Event, Item, Revision
from storage.models_telling import StoryItem
from storage.models_topics import Tag

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that was first seen: `topics` are (topic, score), best first; `story` may be None."""

    item: int
    source: str
    kind: str
    url: str
    title: str
    first_seen: datetime
    published_at: datetime | None
    topics: tuple[tuple[str, float], ...]
    story: int | None


def arrivals_between(
    tx: Transaction, since: datetime, until: datetime, *, on_topic: bool = False
) -> list[Arrival]:
    """The items first seen from `since` until before `until`, in that order; only those on some
    topic, if asked for.

    What came from an old collection is left out.
    """
    first = aliased(Revision)
    imported = exists().where(
        first.item_id == Item.id, first.number == 1, first.extractor == IMPORTED
    )
    query = (
        select(Item, Revision.id, Revision.title, StoryItem.story_id)
        .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
        .outerjoin(StoryItem, StoryItem.item_id == Item.id)
        .where(Item.first_seen >= since, Item.first_seen < until, ~imported)
        .order_by(Item.first_seen, Item.id)
    )
    if on_topic:
        query = query.where(exists().where(Tag.revision_id == Revision.id))
    rows = tx.session.execute(query).all()
    topics = _topics(tx, [revision for _, revision, _, _ in rows])
    return [
        Arrival(
            item=item.id,
            source=item.source_id,
            kind=item.kind,
            url=item.url,
            title=title,
            first_seen=item.first_seen,
            published_at=item.published_at,
            topics=tuple(topics.get(revision, ())),
            story=story,
        )
        for item, revision, title, story in rows
    ]


def first_tellings(tx: Transaction, stories: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """Which source told each of these stories first, as far as was seen, and when."""
    wanted = sorted(stories)
    found: dict[int, tuple[str, datetime]] = {}
    for start in range(0, len(wanted), _PAGE):
        query = (
            select(StoryItem.story_id, Item.source_id, Item.first_seen)
            .join(Item, Item.id == StoryItem.item_id)
            .where(StoryItem.story_id.in_(wanted[start : start + _PAGE]))
            .order_by(Item.first_seen, Item.id)
        )
        for story, source, at in tx.session.execute(query):
            found.setdefault(story, (source, at))
    return found


def events_between(
    tx: Transaction, since: datetime, until: datetime, kinds: Sequence[str]
) -> list[Event]:
    """The events of these kinds observed from `since` until before `until`, oldest first."""
    query = select(Event).where(Event.at >= since, Event.at < until, Event.kind.in_(kinds))
    return list(tx.session.scalars(query.order_by(Event.seq)))


def _topics(tx: Transaction, revisions: Sequence[int]) -> dict[int, list[tuple[str, float]]]:
    found: dict[int, list[tuple[str, float]]] = {}
    for start in range(0, len(revisions), _PAGE):
        query = (
            select(Tag.revision_id, Tag.topic, Tag.score)
            .where(Tag.revision_id.in_(revisions[start : start + _PAGE]))
            .order_by(Tag.score.desc(), Tag.topic)
        )
        for revision, topic, score in tx.session.execute(query):
            found.setdefault(revision, []).append((topic, score))
    return found

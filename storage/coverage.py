"""What was published when: counts of coverage, and the rhythm in which sources yield."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from storage.archive import Transaction
from storage.importing import EXTRACTOR as IMPORTED
from storage.models import Capture, Item, Page, Revision, Trouble
from storage.models_telling import StoryItem
from storage.models_topics import Tag

_FIRST = aliased(Revision)
_IMPORTED = exists().where(
    _FIRST.item_id == Item.id, _FIRST.number == 1, _FIRST.extractor == IMPORTED
)
OLDEST_CLAIM = timedelta(days=60)
"""A page that claims to be older than this when it is first seen counts when it was seen."""


@dataclass(frozen=True, slots=True)
class Telling:
    """That an article is about a topic: `at` is when it was published, or first seen."""

    topic: str
    item: int
    source: str
    at: datetime
    story: int | None


def tellings(tx: Transaction, since: datetime) -> list[Telling]:
    """The articles first seen since a moment with each of their topics, in no order.

    What came from an old collection is left out.
    """
    query = (
        select(
            Tag.topic,
            Item.id,
            Item.source_id,
            Item.first_seen,
            Item.published_at,
            StoryItem.story_id,
        )
        .join(Revision, Revision.id == Tag.revision_id)
        .join(Item, (Item.id == Revision.item_id) & (Item.latest == Revision.number))
        .outerjoin(StoryItem, StoryItem.item_id == Item.id)
        .where(Item.kind == "article", Item.first_seen >= since, ~_IMPORTED)
    )
    return [
        Telling(topic, item, source, _published(published, seen), story)
        for topic, item, source, seen, published, story in tx.session.execute(query)
    ]


def first_arrivals(tx: Transaction, since: datetime) -> dict[str, datetime]:
    """When the first item of each source since a moment was first seen."""
    query = (
        select(Item.source_id, func.min(Item.first_seen))
        .where(Item.first_seen >= since, ~_IMPORTED)
        .group_by(Item.source_id)
    )
    found: dict[str, datetime] = {}
    for source, at in tx.session.execute(query):
        found[source] = at
    return found


def anything_seen(tx: Transaction, since: datetime, until: datetime) -> bool:
    """Whether an item of any source was first seen between two moments."""
    query = select(Item.id).where(Item.first_seen >= since, Item.first_seen < until, ~_IMPORTED)
    return tx.session.scalar(query.limit(1)) is not None


def arrivals(tx: Transaction, source: str, since: datetime) -> list[datetime]:
    """When items of a source were first seen since a moment, oldest first.

    What came from an old collection is left out.
    """
    query = select(Item.first_seen).where(
        Item.source_id == source, Item.first_seen >= since, ~_IMPORTED
    )
    return list(tx.session.scalars(query.order_by(Item.first_seen)))


def publications(tx: Transaction, source: str, since: datetime) -> list[datetime]:
    """When items of a source that were first seen since a moment were published, in no order.

    What came from an old collection is left out; a date that cannot be is the first sight's.
    """
    query = select(Item.published_at, Item.first_seen).where(
        Item.source_id == source, Item.first_seen >= since, ~_IMPORTED
    )
    return [_published(claimed, seen) for claimed, seen in tx.session.execute(query)]


def last_arrival(tx: Transaction, source: str) -> datetime | None:
    """When an item of a source was first seen last; None when none ever was."""
    query = select(Item.first_seen).where(Item.source_id == source, ~_IMPORTED)
    return tx.session.scalar(query.order_by(Item.first_seen.desc()).limit(1))


def first_look(tx: Transaction, source: str) -> datetime | None:
    """When a source was first known to be asked: by an answer that is kept, or a trouble."""
    answered = select(func.min(Capture.fetched_at)).where(Capture.source_id == source)
    failed = select(func.min(Trouble.first_at)).where(Trouble.source_id == source)
    found = [tx.session.scalar(answered), tx.session.scalar(failed)]
    return min((at for at in found if at is not None), default=None)


def troubles_since(tx: Transaction, source: str, since: datetime) -> list[Trouble]:
    """The troubles of a source that last and were seen since a moment, newest first."""
    query = select(Trouble).where(
        Trouble.source_id == source, Trouble.last_at >= since, Trouble.ended_at.is_(None)
    )
    return list(tx.session.scalars(query.order_by(Trouble.last_at.desc())))


def pages_looked_at(tx: Transaction, source: str, since: datetime) -> int:
    """How many pages of a source were looked at since a moment."""
    query = select(func.count()).where(Page.source_id == source, Page.checked_at >= since)
    return tx.session.scalar(query) or 0


def _published(published: datetime | None, seen: datetime) -> datetime:
    if published is None or not seen - OLDEST_CLAIM <= published <= seen:
        return seen
    return published

"""What the archive's pages show, each read with a few queries however long the archive runs."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from storage.archive import Transaction
from storage.importing import EXTRACTOR as IMPORTED
from storage.models import Event, Item, Revision, Source
from storage.models_law import Citation
from storage.models_telling import Alert
from storage.models_topics import Tag

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item on a line: `removed` and `revisions` say what became of it, `topics` best first."""

    id: int
    url: str
    source: str
    kind: str
    title: str
    language: str
    first_seen: datetime
    published_at: datetime | None
    removed: bool
    revisions: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldBy:
    """An item of a story, and how it came to it: first, copy, version or person."""

    item: ListedItem
    how: str
    score: float
    reason: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Naming:
    """That an item names an instrument, and when it was published or first seen."""

    item: int
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TextHead:
    """A revision without its text: `fields` is what a portal says, `length` in characters."""

    id: int
    item: int
    number: int
    source: str
    url: str
    title: str
    language: str
    seen_at: datetime
    fields: dict[str, Any]
    length: int
    sha256: str


def numbers_of(tx: Transaction, urls: Collection[str]) -> dict[str, int]:
    """The numbers of the items at these addresses, by address."""
    wanted = sorted(set(urls))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _PAGE):
        query = select(Item.url, Item.id).where(Item.url.in_(wanted[start : start + _PAGE]))
        found |= dict(tx.session.execute(query).all())
    return found


def items_listed(tx: Transaction, item_ids: Collection[int]) -> dict[int, ListedItem]:
    """The items with these numbers, by number."""
    wanted = sorted(set(item_ids))
    found: dict[int, ListedItem] = {}
    for start in range(0, len(wanted), _PAGE):
        query = _listed().where(Item.id.in_(wanted[start : start + _PAGE]))
        found |= {one.id: one for one in _shown(tx, query)}
    return found


def newest_of(
    tx: Transaction, source: str, limit: int, *, before: int | None = None
) -> list[ListedItem]:
    """The items of a source first seen last, newest first; only those seen before the item
    `before`, if given."""
    query = _listed().where(Item.source_id == source)
    item = tx.items.get(before) if before is not None else None
    if item is not None:
        query = query.where(
            (Item.first_seen < item.first_seen)
            | ((Item.first_seen == item.first_seen) & (Item.id < item.id))
        )
    return _shown(tx, query.order_by(Item.first_seen.desc(), Item.id.desc()).limit(limit))


def told_by(tx: Transaction, story: int) -> list[ToldBy]:
    """The items of a story in the order in which they were told."""
    rows = sorted(tx.stories.items(story), key=lambda row: (row.told_at, row.item_id))
    items = items_listed(tx, [row.item_id for row in rows])
    return [
        ToldBy(items[row.item_id], row.how, row.score, row.reason, row.told_at)
        for row in rows
        if row.item_id in items
    ]


def came_in_spans(
    tx: Transaction, spans: Sequence[tuple[datetime, datetime]], *, source: str = ""
) -> list[Counter[str]]:
    """How many items of each source were first seen in each span (its end excluded).

    What came from an old collection is left out. Only one source is counted, if named.
    """
    first = aliased(Revision)
    imported = exists().where(
        first.item_id == Item.id, first.number == 1, first.extractor == IMPORTED
    )
    found = []
    for since, until in spans:
        query = (
            select(Item.source_id, func.count())
            .where(Item.first_seen >= since, Item.first_seen < until, ~imported)
            .group_by(Item.source_id)
        )
        if source:
            query = query.where(Item.source_id == source)
        found.append(Counter(dict(tx.session.execute(query).all())))
    return found


def text_heads(tx: Transaction, revision_ids: Collection[int]) -> dict[int, TextHead]:
    """The heads of these revisions, by number."""
    wanted = sorted(set(revision_ids))
    found: dict[int, TextHead] = {}
    for start in range(0, len(wanted), _PAGE):
        query = (
            select(
                Revision.id,
                Revision.item_id,
                Revision.number,
                Item.source_id,
                Item.url,
                Revision.title,
                Revision.language,
                Revision.seen_at,
                Revision.fields,
                func.length(Revision.text),
                Revision.content_sha256,
            )
            .join(Item, Item.id == Revision.item_id)
            .where(Revision.id.in_(wanted[start : start + _PAGE]))
        )
        found |= {row[0]: TextHead(*row) for row in tx.session.execute(query)}
    return found


def source_rows(tx: Transaction) -> dict[str, Source]:
    """What has been seen of every source that was ever asked, by its id."""
    return {row.id: row for row in tx.session.scalars(select(Source))}


def last_events(tx: Transaction, kinds: Sequence[str]) -> dict[str, Event]:
    """The newest event of these kinds on each subject, by subject."""
    # In this order the index of kinds is the one to read by; else it may be the whole log.
    told = select(Event.seq, Event.subject).where(Event.kind.in_(kinds))
    told = told.order_by(Event.kind, Event.seq)
    by_subject = {subject: seq for seq, subject in sorted(tx.session.execute(told).all())}
    newest = sorted(by_subject.values())
    found: dict[str, Event] = {}
    for start in range(0, len(newest), _PAGE):
        query = select(Event).where(Event.seq.in_(newest[start : start + _PAGE]))
        found |= {event.subject: event for event in tx.session.scalars(query)}
    return found


def namings(tx: Transaction, instruments: Collection[str], since: datetime) -> list[Naming]:
    """The articles whose present text names one of these instruments, published or first seen
    since a moment, oldest first; each once."""
    at = func.coalesce(Item.published_at, Item.first_seen)
    query = (
        select(Item.id, Item.source_id, Item.published_at, Item.first_seen)
        .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
        .join(Citation, Citation.revision_id == Revision.id)
        .where(Citation.instrument.in_(instruments), Item.kind == "article", at >= since)
        .distinct()
    )
    rows = tx.session.execute(query)
    found = [Naming(item, source, published or seen) for item, source, published, seen in rows]
    return sorted(found, key=lambda one: (one.at, one.item))


def most_named(tx: Transaction, since: datetime, limit: int) -> list[tuple[str, int]]:
    """The instruments that the most articles first seen since a moment name, with how many."""
    count = func.count(func.distinct(Item.id))
    query = (
        select(Citation.instrument, count)
        .join(Revision, Revision.id == Citation.revision_id)
        .join(Item, (Item.id == Revision.item_id) & (Item.latest == Revision.number))
        .where(
            Item.first_seen >= since,
            Item.kind == "article",
            Citation.instrument.is_not(None),
        )
        .group_by(Citation.instrument)
        .order_by(count.desc(), Citation.instrument)
        .limit(limit)
    )
    rows = tx.session.execute(query)
    return [(instrument, number) for instrument, number in rows if instrument is not None]


def named_by(tx: Transaction, revision_ids: Collection[int]) -> Counter[str]:
    """How many of these revisions name each instrument."""
    wanted = sorted(set(revision_ids))
    found: Counter[str] = Counter()
    for start in range(0, len(wanted), _PAGE):
        query = select(Citation.instrument, Citation.revision_id).where(
            Citation.revision_id.in_(wanted[start : start + _PAGE]),
            Citation.instrument.is_not(None),
        )
        found.update(one for one, _ in set(tx.session.execute(query).all()) if one)
    return found


def alert_counts(tx: Transaction) -> Counter[tuple[str, str, str]]:
    """How many alerts there are of each state, severity and rule."""
    query = select(Alert.state, Alert.severity, Alert.rule, func.count()).group_by(
        Alert.state, Alert.severity, Alert.rule
    )
    found: Counter[tuple[str, str, str]] = Counter()
    for state, severity, rule, number in tx.session.execute(query):
        found[state, severity, rule] = number
    return found


def _listed() -> Select[Item, int, str, str]:
    return select(Item, Revision.id, Revision.title, Revision.language).join(
        Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest)
    )


def _shown(tx: Transaction, query: Select[Item, int, str, str]) -> list[ListedItem]:
    rows = tx.session.execute(query).all()
    topics: dict[int, list[str]] = {}
    revisions = [revision for _, revision, _, _ in rows]
    for start in range(0, len(revisions), _PAGE):
        tags = (
            select(Tag.revision_id, Tag.topic)
            .where(Tag.revision_id.in_(revisions[start : start + _PAGE]))
            .order_by(Tag.score.desc(), Tag.topic)
        )
        for number, topic in tx.session.execute(tags):
            topics.setdefault(number, []).append(topic)
    return [
        ListedItem(
            id=item.id,
            url=item.url,
            source=item.source_id,
            kind=item.kind,
            title=title,
            language=language or item.language,
            first_seen=item.first_seen,
            published_at=item.published_at,
            removed=item.removed_at is not None,
            revisions=item.latest,
            topics=tuple(topics.get(revision, ())),
        )
        for item, revision, title, language in rows
    ]

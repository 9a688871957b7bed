"""What the index knows of items: read from the archive, turned into fields."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from storage.archive import Transaction
from storage.index_words import PAIRED_CHARACTERS, new_tones, number_keys, numbers, pairs
from storage.models import Item, Revision
from storage.models_law import Citation, InstrumentVersion
from storage.models_telling import StoryItem
from storage.models_topics import Tag

PAGE = 500
EARLIEST, LATEST = date(1700, 1, 1), date(2250, 1, 1)
"""The index can tell the moments between these apart; others are mistakes of a page."""
MOST_INDEXED = 400_000
"""Characters of a text that are indexed; longer ones are annexes of tables."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An item with its newest text and what was found of it.

    `cited` are numbers of instruments that the text names, `text_of` ids of watched instruments
    that it is a text of.
    """

    item: Item
    revision: Revision
    topics: tuple[str, ...]
    cited: tuple[str, ...]
    text_of: tuple[str, ...]
    story: int | None
    edited: bool

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments that the item is about: named in it, or its own."""
        return tuple(dict.fromkeys((*self.text_of, *self.cited)))


def standing(tx: Transaction, item_ids: Sequence[int]) -> list[Standing]:
    """These items as they stand now, in the order of their numbers; unknown ones are left out."""
    found: list[Standing] = []
    ordered = sorted(set(item_ids))
    for start in range(0, len(ordered), PAGE):
        found += _page(tx, ordered[start : start + PAGE])
    return found


def _page(tx: Transaction, item_ids: Sequence[int]) -> list[Standing]:
    rows = tx.session.execute(
        select(Item, Revision, StoryItem.story_id)
        .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
        .outerjoin(StoryItem, StoryItem.item_id == Item.id)
        .where(Item.id.in_(item_ids))
        .order_by(Item.id)
    ).all()
    revisions = [row[1].id for row in rows]
    topics: dict[int, list[str]] = defaultdict(list)
    tags = select(Tag.revision_id, Tag.topic).where(Tag.revision_id.in_(revisions))
    for revision, topic in tx.session.execute(tags.order_by(Tag.score.desc(), Tag.topic)):
        topics[revision].append(topic)
    cited: dict[int, dict[str, None]] = defaultdict(dict)
    citations = select(Citation.revision_id, Citation.instrument).where(
        Citation.revision_id.in_(revisions), Citation.instrument.is_not(None)
    )
    for revision, instrument in tx.session.execute(citations.order_by(Citation.start)):
        cited[revision][str(instrument)] = None
    texts_of: dict[int, dict[str, None]] = defaultdict(dict)
    versions = select(InstrumentVersion.item_id, InstrumentVersion.instrument).where(
        InstrumentVersion.item_id.in_(item_ids)
    )
    for item_id, instrument in tx.session.execute(versions.order_by(InstrumentVersion.id)):
        texts_of[item_id][instrument] = None
    edits = select(Revision.item_id).where(Revision.item_id.in_(item_ids), Revision.cause == "edit")
    edited = set(tx.session.scalars(edits))
    return [
        Standing(
            item,
            revision,
            tuple(topics[revision.id]),
            tuple(cited[revision.id]),
            tuple(texts_of[item.id]),
            story,
            item.id in edited,
        )
        for item, revision, story in rows
    ]


def newest_texts(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[Item, Revision]]:
    """These items with their newest texts; unknown ones are left out."""
    query = select(Item, Revision).join(
        Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest)
    )
    found: list[tuple[Item, Revision]] = []
    for start in range(0, len(item_ids), PAGE):
        part = query.where(Item.id.in_(item_ids[start : start + PAGE]))
        found += [(item, revision) for item, revision in tx.session.execute(part)]
    return found


def fields_of(one: Standing) -> dict[str, Any]:
    """An item as the fields of the words index."""
    item, revision = one.item, one.revision
    body = revision.text[:MOST_INDEXED]
    texts = [part for part in (revision.title, revision.summary, body) if part]
    head = f"{revision.title}\n{revision.summary}\n{body[:PAIRED_CHARACTERS]}"
    own = str(revision.fields.get("number") or "") if item.kind == "document" else ""
    found: dict[str, Any] = {
        "title": revision.title,
        "all": texts,
        "exact": [new_tones(text) for text in texts],
        "pairs": " ".join(pairs(head)),
        "numbers": list(dict.fromkeys(key for text in texts for key in numbers(text))),
        "cites": _keys((*one.cited, *one.text_of)),
        "text_of": _keys((*one.text_of, *([own] if own else []))),
        "source": item.source_id,
        "kind": item.kind,
        "language": item.language,
        "topics": list(one.topics),
        "instruments": list(one.instruments),
        "item": item.id,
        "revision": revision.id,
        "edited": int(one.edited),
        "removed": int(item.removed_at is not None),
        "seen": _tellable(item.first_seen),
        "published": _tellable(item.published_at or item.first_seen),
    }
    if one.story is not None:
        found["story"] = one.story
    return found


def _tellable(at: datetime) -> datetime:
    """The moment, or the nearest that the index can tell from others."""
    first, last = (datetime.combine(day, time(), UTC) for day in (EARLIEST, LATEST))
    return min(max(at, first), last)


def _keys(instruments: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(key for one in instruments for key in number_keys(one)))

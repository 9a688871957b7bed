"""What is shown of the items that were found, read in two questions to the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Float, Text, bindparam, cast, func, literal, select, union_all

from storage.archive import Transaction
from storage.models import Item, Revision
from storage.models_law import Citation, InstrumentVersion
from storage.models_telling import StoryItem
from storage.models_topics import Tag


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as it stands now, with its newest text and what was found of it."""

    item: int
    revision: int
    url: str
    source: str
    kind: str
    language: str
    seen_at: datetime
    published_at: datetime | None
    removed: bool
    title: str
    summary: str
    text: str
    story: int | None
    topics: tuple[str, ...]
    instruments: tuple[str, ...]
    edited: bool


OPENING = 600
"""Characters of a text's opening."""
_ITEMS: BindParameter[Any] = bindparam("items", expanding=True)
_REVISIONS: BindParameter[Any] = bindparam("revisions", expanding=True)
_TEXTS = (
    select(
        Item.id, Revision.id, Item.url, Item.source_id, Item.kind, Item.language,
        Item.first_seen, Item.published_at, Item.removed_at,
        Revision.title, Revision.summary, Revision.text, StoryItem.story_id,
    )
    .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
    .outerjoin(StoryItem, StoryItem.item_id == Item.id)
    .where(Item.id.in_(_ITEMS))
)  # fmt: skip
_PARTS = (
    select(Revision.title, Revision.summary, func.substr(Revision.text, 1, OPENING))
    .join(Item, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
    .where(Item.id.in_(_ITEMS))
)
_FOUND = union_all(
    select(literal("topic"), Tag.revision_id, cast(Tag.topic, Text), cast(-Tag.score, Float)).where(
        Tag.revision_id.in_(_REVISIONS)
    ),
    select(
        literal("cited"), Citation.revision_id, Citation.instrument, cast(Citation.start, Float)
    ).where(Citation.revision_id.in_(_REVISIONS), Citation.instrument.is_not(None)),
    select(
        literal("own"),
        InstrumentVersion.item_id,
        cast(InstrumentVersion.instrument, Text),
        cast(InstrumentVersion.id, Float),
    ).where(InstrumentVersion.item_id.in_(_ITEMS)),
    select(literal("edit"), Revision.item_id, literal(""), literal(0.0)).where(
        Revision.item_id.in_(_ITEMS), Revision.cause == "edit"
    ),
)
"""Made once: to put them together takes longer than to ask."""


def shown(tx: Transaction, item_ids: Sequence[int]) -> dict[int, Shown]:
    """These items by their numbers; unknown ones are left out."""
    if not item_ids:
        return {}
    rows = tx.session.execute(_TEXTS, {"items": list(item_ids)}).all()
    revisions = [row[1] for row in rows]
    known: dict[tuple[str, int], dict[str, None]] = {}
    found = tx.session.execute(_FOUND, {"items": list(item_ids), "revisions": revisions}).all()
    for what, number, value, _ in sorted(found, key=_placed):
        known.setdefault((what, number), {})[value] = None
    return {row[0]: _shown(row, known) for row in rows}


def texts_of(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[str, ...]]:
    """Title, summary and opening of these items' newest texts."""
    if not item_ids:
        return []
    rows = tx.session.execute(_PARTS, {"items": list(item_ids)}).all()
    return [tuple(part or "" for part in row) for row in rows]


def _placed(row: Any) -> tuple[float, str]:
    return float(row[3]), str(row[2])


def _shown(row: Any, known: dict[tuple[str, int], dict[str, None]]) -> Shown:
    item, revision, url, source, kind, language, seen, published, removed, *texts, story = row
    title, summary, text = texts
    own, cited = known.get(("own", item), {}), known.get(("cited", revision), {})
    return Shown(
        item=item,
        revision=revision,
        url=url,
        source=source,
        kind=kind,
        language=language,
        seen_at=seen,
        published_at=published,
        removed=removed is not None,
        title=title,
        summary=summary,
        text=text,
        story=story,
        topics=tuple(known.get(("topic", revision), {})),
        instruments=tuple(own | cited),
        edited=("edit", item) in known,
    )

"""The index against the archive: does it hold every item, in its newest text, and no other?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from storage import index_vectors
from storage.archive import Archive, Transaction
from storage.index_folder import VECTORS, WORDS, IndexTorn, WordsMark, folder_of, read_mark
from storage.index_vectors import Rows
from storage.index_writing import KINDS, behind, event_at, opened
from storage.models import Event, Item, Revision

if TYPE_CHECKING:
    import tantivy

SPAN = 5_000
"""Item numbers compared at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the index that the archive belies; `item` is 0 where it is of the whole."""

    item: int
    message: str


def faults(archive: Archive) -> list[Fault]:
    """What is wrong with the index; an archive without one has no faults.

    What the archive learned after the watermark is not wrong, only not indexed yet.
    """
    folder = folder_of(archive.root)
    mark = read_mark(folder / WORDS, WordsMark)
    found: list[Fault] = []
    if mark is None:
        if (folder / WORDS).exists():
            found.append(Fault(0, "the watermark of the words index is torn"))
        return found + _vector_faults(archive)
    try:
        index = opened(folder, mark)
    except IndexTorn as torn:
        return [Fault(0, str(torn)), *_vector_faults(archive)]
    with archive.reading() as tx:
        if event_at(tx, mark.seq) != mark.event:
            return [Fault(0, "the words index is of another archive"), *_vector_faults(archive)]
        found += _words_faults(tx, index, mark)
    return found + _vector_faults(archive)


def _words_faults(tx: Transaction, index: "tantivy.Index", mark: WordsMark) -> Iterator[Fault]:
    snapshot = index.searcher()
    last = tx.session.scalar(select(func.max(Item.id))) or 0
    for start in range(1, max(last, mark.highest) + 1, SPAN):
        end = start + SPAN
        held = _held(snapshot, index.schema, start, end)
        rows = tx.session.execute(
            select(Item.id, Revision.id)
            .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
            .where(Item.id >= start, Item.id < end)
        )
        kept = {row[0]: row[1] for row in rows}
        for item in sorted({*kept, *held}):
            there = held.get(item, [])
            if there == [kept.get(item)] or _waits(tx, item, mark):
                continue
            yield Fault(item, _said(kept.get(item), there))


def _held(
    snapshot: "tantivy.Searcher", schema: "tantivy.Schema", start: int, end: int
) -> dict[int, list[int]]:
    """The revisions that the index holds of each item in a span."""
    from tantivy import FieldType, Query

    span = Query.range_query(schema, "item", FieldType.Integer, start, end, include_upper=False)
    hits = snapshot.search(span, limit=2 * SPAN, count=False).hits
    addresses = [address for _, address in hits]
    found: dict[int, list[int]] = {}
    items = snapshot.fast_field_values("item", addresses)
    for item, revision in zip(
        items, snapshot.fast_field_values("revision", addresses), strict=True
    ):
        found.setdefault(int(item or 0), []).append(int(revision or 0))
    return found


def _waits(tx: Transaction, item: int, mark: WordsMark) -> bool:
    """Whether the log says something of an item that the index has yet to read."""
    query = select(Event.seq).where(
        Event.subject == f"item:{item}", Event.seq > mark.seq, Event.kind.in_(KINDS)
    )
    return tx.session.scalar(query.limit(1)) is not None


def _said(kept: int | None, held: list[int]) -> str:
    if kept is None:
        return "the index holds an item that the archive does not have"
    if not held:
        return "the index does not hold this item"
    if len(held) > 1:
        return f"the index holds this item {len(held)} times"
    return f"the index holds revision {held[0]} of this item, the newest is {kept}"


def _vector_faults(archive: Archive) -> list[Fault]:
    folder = folder_of(archive.root)
    if not (folder / VECTORS).exists():
        return []
    mark = index_vectors.read(folder)
    if mark is None:
        return [Fault(0, "the vectors of the index are torn; `decreewatch index` makes them again")]
    try:
        rows = Rows(folder, mark)
    except IndexTorn as torn:
        return [Fault(0, str(torn))]
    with archive.reading() as tx:
        known = tx.session.scalar(
            select(func.count(Item.id)).where(Item.id.in_(rows.items[-500:].tolist()))
        )
    if len(set(rows.items[-500:].tolist())) != known:
        return [Fault(0, "the vectors are of another archive; `decreewatch index` makes them anew")]
    return []


def standing_of(archive: Archive) -> dict[str, Any]:
    """How far the index is, as `status` tells it."""
    folder = folder_of(archive.root)
    words, vectors = read_mark(folder / WORDS, WordsMark), index_vectors.read(folder)
    with archive.reading() as tx:
        items = tx.session.scalar(select(func.count(Item.id))) or 0
        waiting = behind(tx, words)
        unread = 0
        if vectors is not None:
            unread = tx.session.scalar(
                select(func.count(Item.id)).where(Item.id < vectors.below)
            ) or 0  # fmt: skip
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "items": items,
        "words": {
            "items": words.items if words else 0,
            "seq": words.seq if words else 0,
            "behind": waiting,
            "at": words.at if words else None,
        },
        "vectors": {
            "items": vectors.rows if vectors else 0,
            "model": vectors.model.partition("/")[0] if vectors else None,
            "graphed": vectors.graphed if vectors else 0,
            "unread": unread if vectors else items,
            "at": vectors.at if vectors else None,
        },
        "bytes": size,
    }

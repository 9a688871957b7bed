"""How items get into the words index: read from the archive, put in place of what it held."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from storage.archive import Archive, Transaction
from storage.engine import refused_by_system
from storage.index_folder import IndexTorn, WordsMark
from storage.index_items import fields_of, standing
from storage.index_words import document, prepared
from storage.models import Event

if TYPE_CHECKING:
    import tantivy

KINDS = ("item.appeared", "item.revised", "item.removed", "item.tagged", "story.joined",
         "story.split", "instrument.version")  # fmt: skip
"""The events after which an item stands in the index differently."""
_AFTER = select(func.count(Event.seq)).where(Event.kind.in_(KINDS), Event.seq > bindparam("seq"))
READ_AT_ONCE = 2_000
HEAP_BYTES = 64_000_000


def opened(folder: Path, mark: WordsMark) -> "tantivy.Index":
    """The words index that a watermark names. Raises IndexTorn."""
    import tantivy

    path = folder / mark.folder
    try:
        index = tantivy.Index.open(str(path))
        index.config_reader(reload_policy="manual")
        index.reload()
    except (ValueError, OSError) as error:
        raise IndexTorn(
            f"the index in {path} is damaged ({_first_line(error)}); nothing of the archive is "
            "lost: `decreewatch index --rebuild` makes it again"
        ) from error
    return prepared(index)


def written(
    archive: Archive,
    index: "tantivy.Index",
    mark: WordsMark,
    item_ids: Sequence[int],
    now: datetime,
    seq: int | None,
) -> WordsMark:
    """Put items in place of what the index held of them, and commit; gives the new watermark.

    With `seq` that is the watermark's new event; it is not written yet.
    """
    if item_ids:
        _commit(archive, index, item_ids)
    with archive.reading() as tx:
        event = mark.event if seq in (None, mark.seq) else event_at(tx, seq or 0)
    index.reload()
    return replace(
        mark,
        seq=mark.seq if seq is None else seq,
        event=event,
        items=index.searcher().num_docs,
        highest=max(mark.highest, max(item_ids, default=0)),
        at=now.isoformat(),
    )


def _commit(archive: Archive, index: "tantivy.Index", item_ids: Iterable[int]) -> None:
    made = index.schema
    numbers = list(item_ids)
    try:
        writer = index.writer(HEAP_BYTES, 1)
        for start in range(0, len(numbers), READ_AT_ONCE):
            with archive.reading() as tx:
                for one in standing(tx, numbers[start : start + READ_AT_ONCE]):
                    writer.delete_documents_by_term("item", one.item.id)
                    writer.add_document(document(fields_of(one), made))
        writer.commit()
        writer.wait_merging_threads()
    except (ValueError, OSError) as error:
        raise refused(error, Path("index")) from error


def behind(tx: Transaction, mark: WordsMark | None) -> int:
    """How many events the index has yet to read."""
    return tx.session.scalar(_AFTER, {"seq": mark.seq if mark is not None else 0}) or 0


def settled_at(tx: Transaction, stages: Sequence[str]) -> dict[str, int]:
    """How far each stage has read the log."""
    return {name: tx.events.cursor(name) for name in stages}


def event_at(tx: Transaction, seq: int) -> str:
    """What the event with this number is, by which an archive is known again."""
    event = tx.events.get(seq)
    return f"{event.kind} {event.subject} {event.at.isoformat()}" if event is not None else ""


def refused(error: Exception, path: Path) -> Exception:
    """What to tell of an index that cannot be written."""
    if isinstance(error, OSError):
        return refused_by_system(error, path)
    return IndexTorn(
        f"the index cannot be written ({_first_line(error)}): check the disk, and that no other "
        "program writes it; `decreewatch index --rebuild` makes it again"
    )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

"""The words index, a projection of the newest revision of every item: kept up, or built anew.

It lies beside the archive, never in it, and can always be made again. After a commit the
watermark says up to which event it goes; after a kill between the two the same items are read
again, and replace themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.archive import Archive, Transaction
from storage.engine import refused_by_system
from storage.index_folder import (
    NEXT_WORDS,
    WORDS,
    IndexTorn,
    WordsMark,
    read_mark,
    remove_others,
    write_mark,
    written_alone,
)
from storage.index_items import fields_of, standing
from storage.index_words import FORMAT, document, prepared, schema
from storage.models import Event, Item

if TYPE_CHECKING:
    import tantivy

KINDS = ("item.appeared", "item.revised", "item.removed", "item.tagged", "story.joined",
         "story.split", "instrument.version")  # fmt: skip
"""The events after which an item stands in the index differently."""
BATCH = 2_000
BUILD_BATCH = 20_000
"""Items between two commits while an index is built."""
HEAP_BYTES = 64_000_000

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Caught:
    """What a run of the index did.

    Attributes:
        items: how many items it wrote.
        rebuilt: why it was built anew, "" where it was not.
        behind: how many events it has yet to read.
    """

    items: int
    rebuilt: str
    behind: int


def keep_up(
    archive: Archive,
    now: datetime,
    *,
    stages: Sequence[str] = (),
    rebuild: bool = False,
    stop: Signal | None = None,
    on_progress: Told | None = None,
) -> Caught:
    """Bring the words index up to the log; build it anew where it is missing, torn or another's.

    `stages` are the readers whose findings it holds: what they find later of an item that it has
    seen is written again. `on_progress` is told how much of how many is done. `stop` ends the run
    after the batch at hand; the next goes on from there.

    Raises IndexHeld when another process writes it; the archive's own errors.
    """
    with written_alone(archive.root) as folder:
        mark = read_mark(folder / WORDS, WordsMark)
        reason = "as asked" if rebuild else _unusable(archive, folder, mark)
        written = 0
        if mark is None or reason:
            built, written = _build(archive, folder, now, stages, rebuild, stop, on_progress)
            if built is None:
                return Caught(written, reason, _behind(archive, mark))
            mark = built
        caught, more = _follow(archive, folder, mark, now, stages, stop, on_progress)
        return Caught(written + more, reason, _behind(archive, caught))


def _unusable(archive: Archive, folder: Path, mark: WordsMark | None) -> str:
    """Why the index cannot be kept up; "" where it can."""
    if mark is None:
        return "there was none" if not (folder / WORDS).exists() else "its watermark was torn"
    if mark.format != FORMAT:
        return f"it was of the older format {mark.format}"
    try:
        held = opened(folder, mark).searcher().num_docs
    except IndexTorn:
        return "it was damaged"
    if held < mark.items:
        return "it was damaged"
    with archive.reading() as tx:
        if event_at(tx, mark.seq) != mark.event:
            return "it was of another archive"
    return ""


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


def _build(
    archive: Archive,
    folder: Path,
    now: datetime,
    stages: Sequence[str],
    rebuild: bool,
    stop: Signal | None,
    on_progress: Told | None,
) -> tuple[WordsMark | None, int]:
    """Build an index beside the one in use, which it then replaces; None when it was stopped.

    An earlier build that did not come to its end is taken up again.
    """
    import tantivy

    mark = read_mark(folder / NEXT_WORDS, WordsMark)
    index = _taken_up(folder, mark) if mark is not None and not rebuild else None
    if mark is None or index is None:
        mark = _begun(archive, folder, now, stages)
        path = folder / mark.folder
        try:
            path.mkdir()
            index = prepared(tantivy.Index(schema(), str(path)))
        except (OSError, ValueError) as error:
            raise _refused(error, path) from error
        write_mark(folder / NEXT_WORDS, mark)
    written = 0
    with archive.reading() as tx:
        total = tx.session.scalar(select(func.count(Item.id))) or 0
    while True:
        with archive.reading() as tx:
            after = mark.building or 0
            query = select(Item.id).where(Item.id > after).order_by(Item.id).limit(BUILD_BATCH)
            batch = list(tx.session.scalars(query))
        if not batch:
            break
        mark = replace(_written(archive, index, mark, batch, now, None), building=batch[-1])
        write_mark(folder / NEXT_WORDS, mark)
        written += len(batch)
        if on_progress is not None:
            on_progress(mark.items, max(total, mark.items))
        if stop is not None and stop.is_set():
            return None, written
    mark = replace(mark, building=None)
    write_mark(folder / WORDS, mark)
    (folder / NEXT_WORDS).unlink(missing_ok=True)
    remove_others(folder, "words-*", {mark.folder})
    return mark, written


def _taken_up(folder: Path, mark: WordsMark) -> "tantivy.Index | None":
    if mark.format != FORMAT or mark.building is None:
        return None
    try:
        return opened(folder, mark)
    except IndexTorn:
        return None


def _begun(archive: Archive, folder: Path, now: datetime, stages: Sequence[str]) -> WordsMark:
    kept = read_mark(folder / WORDS, WordsMark)
    (folder / NEXT_WORDS).unlink(missing_ok=True)
    remove_others(folder, "words-*", {kept.folder} if kept else set())
    taken = {path.name for path in folder.glob("words-*")}
    name = next(f"words-{n}" for n in range(1, len(taken) + 2) if f"words-{n}" not in taken)
    with archive.reading() as tx:
        last = tx.events.last()
        return WordsMark(
            FORMAT, name, last, event_at(tx, last), _settled(tx, stages, last),
            0, 0, 0, now.isoformat(),
        )  # fmt: skip


def _follow(
    archive: Archive,
    folder: Path,
    mark: WordsMark,
    now: datetime,
    stages: Sequence[str],
    stop: Signal | None,
    on_progress: Told | None,
) -> tuple[WordsMark, int]:
    """Write again the items of which the log says something new, batch by batch."""
    index = opened(folder, mark)
    written = 0
    with archive.reading() as tx:
        last = tx.events.last()
        settled = _settled(tx, stages, last)
        late = _items(tx.events.after(mark.settled, KINDS, until=min(settled, mark.seq)))
    if late:
        mark = _written(archive, index, mark, late, now, mark.seq)
        written += len(late)
    if settled > mark.settled:
        mark = replace(mark, settled=min(settled, last))
        write_mark(folder / WORDS, mark)
    start = mark.seq
    while mark.seq < last and not (stop is not None and stop.is_set()):
        with archive.reading() as tx:
            events = tx.events.after(mark.seq, KINDS, BATCH, until=last)
            end = events[-1].seq if len(events) == BATCH else last
        mark = _written(archive, index, mark, _items(events), now, end)
        write_mark(folder / WORDS, mark)
        written += len(events)
        if on_progress is not None:
            on_progress(mark.seq - start, last - start)
    return mark, written


def _written(
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
        for start in range(0, len(numbers), BATCH):
            with archive.reading() as tx:
                for one in standing(tx, numbers[start : start + BATCH]):
                    writer.delete_documents_by_term("item", one.item.id)
                    writer.add_document(document(fields_of(one), made))
        writer.commit()
        writer.wait_merging_threads()
    except (ValueError, OSError) as error:
        raise _refused(error, Path("index")) from error


def _behind(archive: Archive, mark: WordsMark | None) -> int:
    with archive.reading() as tx:
        return behind(tx, mark)


def behind(tx: Transaction, mark: WordsMark | None) -> int:
    """How many events the index has yet to read."""
    query = select(func.count(Event.seq)).where(Event.kind.in_(KINDS))
    if mark is not None:
        query = query.where(Event.seq > mark.seq)
    return tx.session.scalar(query) or 0


def _settled(tx: Transaction, stages: Sequence[str], last: int) -> int:
    return min((tx.events.cursor(name) for name in stages), default=last)


def _items(events: Sequence[Event]) -> list[int]:
    return sorted({int(one.data["item"]) for one in events if one.data.get("item")})


def event_at(tx: Transaction, seq: int) -> str:
    """What the event with this number is, by which an archive is known again."""
    event = tx.events.get(seq)
    return f"{event.kind} {event.subject} {event.at.isoformat()}" if event is not None else ""


def _refused(error: Exception, path: Path) -> Exception:
    if isinstance(error, OSError):
        return refused_by_system(error, path)
    return IndexTorn(
        f"the index cannot be written ({_first_line(error)}): check the disk, and that no other "
        "program writes it; `decreewatch index --rebuild` makes it again"
    )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

"""A words index built from the whole archive, beside the one in use, which it then replaces."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.archive import Archive
from storage.index_folder import (
    NEXT_WORDS,
    WORDS,
    IndexTorn,
    WordsMark,
    read_mark,
    remove_others,
    write_mark,
)
from storage.index_words import FORMAT, prepared, schema
from storage.index_writing import event_at, opened, refused, settled_at, written
from storage.models import Item

if TYPE_CHECKING:
    import tantivy

AT_ONCE = 20_000
"""Items between two commits."""


def build(
    archive: Archive,
    folder: Path,
    now: datetime,
    stages: Sequence[str],
    rebuild: bool,
    stop: Signal | None,
    on_progress: Callable[[int, int], None] | None,
) -> tuple[WordsMark | None, int]:
    """Build it; gives its watermark, None when it was stopped, and how many items it wrote.

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
            raise refused(error, path) from error
        write_mark(folder / NEXT_WORDS, mark)
    done = 0
    with archive.reading() as tx:
        total = tx.session.scalar(select(func.count(Item.id))) or 0
    while True:
        with archive.reading() as tx:
            after = mark.building or 0
            query = select(Item.id).where(Item.id > after).order_by(Item.id).limit(AT_ONCE)
            batch = list(tx.session.scalars(query))
        if not batch:
            break
        mark = replace(written(archive, index, mark, batch, now, None), building=batch[-1])
        write_mark(folder / NEXT_WORDS, mark)
        done += len(batch)
        if on_progress is not None:
            on_progress(mark.items, max(total, mark.items))
        if stop is not None and stop.is_set():
            return None, done
    mark = replace(mark, building=None)
    write_mark(folder / WORDS, mark)
    (folder / NEXT_WORDS).unlink(missing_ok=True)
    remove_others(folder, "words-*", {mark.folder})
    return mark, done


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
            FORMAT, name, last, event_at(tx, last), settled_at(tx, stages),
            0, 0, 0, now.isoformat(),
        )  # fmt: skip

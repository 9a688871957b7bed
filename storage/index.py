"""The words index, a projection of the newest revision of every item: kept up, or built anew.

It lies beside the archive, never in it, and can always be made again. After a commit the
watermark says up to which event it goes; after a kill between the two the same items are read
again, and replace themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event as Signal

from storage.archive import Archive
from storage.index_building import build
from storage.index_folder import (
    WORDS,
    IndexTorn,
    WordsMark,
    read_mark,
    write_mark,
    written_alone,
)
from storage.index_words import FORMAT
from storage.index_writing import KINDS, behind, event_at, opened, settled_at, written
from storage.models import Event

BATCH = 2_000
QUIET = 1_000
"""So many events of other kinds are passed over without a new watermark."""

WORDS_PART = "words"

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
    with written_alone(archive.root, WORDS_PART) as folder:
        mark = read_mark(folder / WORDS, WordsMark)
        reason = "as asked" if rebuild else _unusable(archive, folder, mark)
        done = 0
        if mark is None or reason:
            built, done = build(archive, folder, now, stages, rebuild, stop, on_progress)
            if built is None:
                return Caught(done, reason, _behind(archive, mark))
            mark = built
        caught, more = _follow(archive, folder, mark, now, stages, stop, on_progress)
        return Caught(done + more, reason, _behind(archive, caught))


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
    done = 0
    with archive.reading() as tx:
        last = tx.events.last()
        settled = settled_at(tx, stages)
        late = {
            item
            for name, seq in settled.items()
            for item in _items(
                tx.events.after(mark.settled.get(name, 0), KINDS, until=min(seq, mark.seq))
            )
        }
    if late:
        mark = written(archive, index, mark, sorted(late), now, mark.seq)
        done += len(late)
    if settled != mark.settled:
        mark = replace(mark, settled=settled)
        write_mark(folder / WORDS, mark)
    start = mark.seq
    while mark.seq < last and not (stop is not None and stop.is_set()):
        with archive.reading() as tx:
            events = tx.events.after(mark.seq, KINDS, BATCH, until=last)
            end = events[-1].seq if len(events) == BATCH else last
        if not events and end - mark.seq < QUIET:
            break
        mark = written(archive, index, mark, sorted(_items(events)), now, end)
        write_mark(folder / WORDS, mark)
        done += len(events)
        if on_progress is not None:
            on_progress(mark.seq - start, last - start)
    return mark, done


def _behind(archive: Archive, mark: WordsMark | None) -> int:
    with archive.reading() as tx:
        return behind(tx, mark)


def _items(events: Sequence[Event]) -> set[int]:
    return {int(one.data["item"]) for one in events if one.data.get("item")}

"""What the vectors have yet to look at: what the log says since, and old items, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from storage.archive import Archive, Transaction
from storage.index_folder import VectorsMark
from storage.index_writing import event_at
from storage.models import Event, Item

KINDS = ("item.appeared", "item.revised")
MOST_FOLLOWED = 2_000
"""With more events than these waiting, all items are looked through from the newest on: what came
last is wanted first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is between the vectors and the archive.

    Attributes:
        mark: the watermark; None where there is none that fits the archive.
        waiting: the events that are to be followed, oldest first.
        last: the number of the newest event, and `event` what that is.
        highest: the highest number of an item.
        items: about how many items are to be looked at.
    """

    mark: VectorsMark | None
    waiting: tuple[tuple[int, int], ...]
    last: int
    event: str
    highest: int
    items: int


def gap_of(archive: Archive, mark: VectorsMark | None) -> Gap:
    """What a watermark leaves to do; without one, everything."""
    with archive.reading() as tx:
        last = tx.events.last()
        event = event_at(tx, last)
        highest = tx.session.scalar(select(func.max(Item.id))) or 0
        if mark is None or event_at(tx, mark.seq) != mark.event:
            return Gap(None, (), last, event, highest, _below(tx, highest + 1))
        events = tx.events.after(mark.seq, KINDS, MOST_FOLLOWED + 1)
        if len(events) > MOST_FOLLOWED:
            mark = replace(mark, seq=last, event=event, below=highest + 1)
            return Gap(mark, (), last, event, highest, _below(tx, highest + 1))
        waiting = tuple((one.seq, int(one.data["item"])) for one in events)
        left = len(waiting) + _below(tx, mark.below)
        return Gap(mark, waiting, last, event, highest, left)


def newest_first(
    archive: Archive, gap: Gap, mark: VectorsMark, batch: int
) -> Iterator[tuple[list[int], VectorsMark]]:
    """Batches of items to look at, each with the watermark that holds once it is done."""
    for start in range(0, len(gap.waiting), batch):
        part = gap.waiting[start : start + batch]
        seq = part[-1][0]
        with archive.reading() as tx:
            mark = replace(mark, seq=seq, event=event_at(tx, seq))
        yield list(dict.fromkeys(item for _, item in part)), mark
    while mark.below > 0:
        with archive.reading() as tx:
            older = select(Item.id).where(Item.id < mark.below).order_by(Item.id.desc())
            items: Sequence[int] = tx.session.scalars(older.limit(batch)).all()
        mark = replace(mark, below=items[-1] if len(items) == batch else 0)
        yield list(items), mark


def _below(tx: Transaction, number: int) -> int:
    if not number:
        return 0
    return tx.session.scalar(select(func.count(Item.id)).where(Item.id < number)) or 0


def waiting_events(tx: Transaction, mark: VectorsMark) -> int:
    """How many events the vectors have yet to read."""
    query = select(func.count(Event.seq)).where(Event.seq > mark.seq, Event.kind.in_(KINDS))
    return tx.session.scalar(query) or 0

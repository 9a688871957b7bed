"""The event log and its readers.

A reader has a name and a cursor. `advance` takes the events after the cursor, lets the
reader work out what they mean with no transaction open, and then writes its findings and
the new cursor in one transaction. A kill at any moment loses nothing and repeats nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.engine import (
    ArchiveBusy,
    ArchiveFull,
    ArchiveUnreachable,
    concerns_what_was_written,
)
from storage.models import Cursor, Event, Failure
from storage.problems import Problem

if TYPE_CHECKING:
    from storage.archive import Archive, Transaction

ARCHIVE_TROUBLE = (ArchiveBusy, ArchiveFull, ArchiveUnreachable)
"""What is not the fault of an event: it stops the batch, and the next run takes it anew."""

Finding = Callable[["Transaction"], None]
"""Writes what was found about one event, inside the transaction that moves the cursor."""

Outcome = Finding | Exception | None
"""What a reader makes of one event: a finding to write, a failure to keep, or nothing."""


class Reader(Protocol):
    """A stage over the log.

    `kinds` are the kinds of events it reads; `batch` is how many it takes at once.
    """

    name: str
    kinds: tuple[str, ...]
    batch: int

    def examine(self, events: Sequence[Event], archive: "Archive") -> Sequence[Outcome]:
        """Return one outcome for each event, in order. May be slow; must not write."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """What one call of `advance` did."""

    read: int
    failed: int
    seq: int


class Events:
    """The events within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        kind: str,
        subject: str,
        at: datetime,
        data: dict[str, Any] | None = None,
        *,
        key: str | None = None,
    ) -> Event | None:
        """Append an event; None when one with the same `key` was appended before."""
        if key is not None and self._session.scalar(select(Event.seq).where(Event.key == key)):
            return None
        event = Event(kind=kind, subject=subject, at=at, data=data or {}, key=key)
        self._session.add(event)
        self._session.flush()
        return event

    def after(
        self,
        seq: int,
        kinds: Sequence[str] = (),
        limit: int | None = None,
        *,
        until: int | None = None,
    ) -> list[Event]:
        """Events numbered above `seq`, up to `until`, oldest first; all kinds when none given."""
        query = select(Event).where(Event.seq > seq).order_by(Event.seq).limit(limit)
        if until is not None:
            query = query.where(Event.seq <= until)
        if kinds:
            query = query.where(Event.kind.in_(kinds))
        return list(self._session.scalars(query))

    def about(self, subject: str, kinds: Sequence[str] = ()) -> list[Event]:
        """All events of one subject such as `item:12`, oldest first."""
        query = select(Event).where(Event.subject == subject).order_by(Event.seq)
        if kinds:
            query = query.where(Event.kind.in_(kinds))
        return list(self._session.scalars(query))

    def since(self, at: datetime | None, kinds: Sequence[str] = ()) -> list[Event]:
        """Events observed at or after `at`, oldest first."""
        query = select(Event).order_by(Event.seq)
        if at is not None:
            query = query.where(Event.at >= at)
        if kinds:
            query = query.where(Event.kind.in_(kinds))
        return list(self._session.scalars(query))

    def get(self, seq: int) -> Event | None:
        """The event with this number."""
        return self._session.get(Event, seq)

    def before(self, at: datetime) -> int:
        """A number that no event observed at or after `at` has, nor any smaller one; the next
        may have."""
        first = self._session.scalar(select(func.min(Event.seq)).where(Event.at >= at))
        return first - 1 if first is not None else self.last()

    def last(self) -> int:
        """The number of the newest event; 0 in an empty log."""
        return self._session.scalar(select(func.max(Event.seq))) or 0

    def cursor(self, reader: str) -> int:
        """The number of the last event that `reader` has dealt with."""
        return self._session.scalar(select(Cursor.seq).where(Cursor.reader == reader)) or 0

    def cursors(self) -> dict[str, int]:
        """Every reader's cursor."""
        return {row.reader: row.seq for row in self._session.scalars(select(Cursor))}

    def waiting_for(self, reader: Reader) -> int:
        """How many events `reader` has yet to read."""
        query = select(func.count(Event.seq)).where(
            Event.seq > self.cursor(reader.name), Event.kind.in_(reader.kinds)
        )
        return self._session.scalar(query) or 0

    def read_by(self, readers: Sequence[Reader], since: int) -> int:
        """Up to which number `readers` have read all that is new `since` a number.

        A reader with something older to read (one that stands, or reads the log again) is not
        counted: nobody waits for it.
        """
        upto = self.last()
        for reader in readers:
            unread = select(func.min(Event.seq)).where(
                Event.seq > self.cursor(reader.name), Event.kind.in_(reader.kinds)
            )
            first = self._session.scalar(unread)
            if first is not None and first > since:
                upto = min(upto, first - 1)
        return upto

    def failures(self, reader: str | None = None) -> list[Failure]:
        """Events that readers could not handle, oldest first."""
        query = select(Failure).order_by(Failure.at)
        if reader is not None:
            query = query.where(Failure.reader == reader)
        return list(self._session.scalars(query))

    def move(self, reader: str, seq: int, at: datetime) -> None:
        """Set the cursor of `reader`, forward or back."""
        row = self._session.get(Cursor, reader)
        if row is None:
            row = Cursor(reader=reader, seq=0, moved_at=at)
            self._session.add(row)
        row.seq, row.moved_at = seq, at

    def keep_failure(self, reader: str, seq: int, error: Exception, at: datetime) -> None:
        """Remember that `reader` could not handle event `seq`."""
        row = self._session.get(Failure, (reader, seq))
        kind = error.kind if isinstance(error, Problem) else type(error).__name__
        message = " ".join(str(error).split())[:2000]
        if row is None:
            row = Failure(reader=reader, seq=seq, kind=kind, message=message, attempts=0, at=at)
            self._session.add(row)
        row.kind, row.message, row.attempts, row.at = kind, message, row.attempts + 1, at

    def drop_failure(self, reader: str, seq: int) -> None:
        """Forget a failure, since a later run dealt with the event."""
        row = self._session.get(Failure, (reader, seq))
        if row is not None:
            self._session.delete(row)


def advance(
    archive: "Archive", reader: Reader, now: datetime, *, behind: Sequence[Reader] = ()
) -> Progress:
    """Let `reader` deal with one batch of the events after its cursor.

    It builds on what the readers `behind` which it goes find in an event, and reads none that
    they have yet to read; see `Events.read_by`.

    Returns how many it read (0: it has caught up). An event that fails is stored under
    `failures` and does not hold up the rest. When another process moved the same cursor in
    the meantime, nothing is written and the batch is taken anew.

    Raises the archive's own errors (busy, full): then nothing was written, and the batch is
    taken again next time.
    """
    with archive.reading() as tx:
        start = tx.events.cursor(reader.name)
        last = max(start, tx.events.read_by(behind, start))
        events = tx.events.after(start, reader.kinds, reader.batch, until=last)
        end = events[-1].seq if len(events) == reader.batch else last
    if not events:
        if end > start:
            with archive.transaction() as tx:
                if tx.events.cursor(reader.name) == start:
                    tx.events.move(reader.name, end, now)
        return Progress(0, 0, max(start, end))
    outcomes = reader.examine(events, archive)
    with archive.transaction() as tx:
        if tx.events.cursor(reader.name) != start:
            return Progress(len(events), 0, tx.events.cursor(reader.name))
        failed = sum(
            not _write(tx, reader.name, event, outcome, now)
            for event, outcome in zip(events, outcomes, strict=True)
        )
        tx.events.move(reader.name, end, now)
    return Progress(len(events), failed, end)


def rewind(archive: "Archive", reader: str, seq: int, now: datetime) -> None:
    """Make `reader` start again after event `seq` (0: from the beginning)."""
    with archive.transaction() as tx:
        tx.events.move(reader, seq, now)


def _write(tx: "Transaction", reader: str, event: Event, outcome: Outcome, now: datetime) -> bool:
    """Write one outcome; a failing one is undone alone. Returns whether it was written."""
    error = outcome if isinstance(outcome, Exception) else None
    if isinstance(error, ARCHIVE_TROUBLE):
        raise error
    if outcome is not None and not isinstance(outcome, Exception):
        try:
            with tx.savepoint():
                outcome(tx)
        except ARCHIVE_TROUBLE:
            raise
        except DBAPIError as failure:
            if not concerns_what_was_written(failure):
                raise
            error = failure
        except Exception as failure:
            error = failure
    if error is None:
        tx.events.drop_failure(reader, event.seq)
        return True
    tx.events.keep_failure(reader, event.seq, error, now)
    return False

"""Deadlines: days on which something about an instrument falls due, by the item that says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_telling import Deadline


@dataclass(frozen=True, slots=True)
class FoundDeadline:
    """A day that a text states; fields as in `storage.models_telling.Deadline`."""

    instrument: str
    kind: str
    on_date: date
    text: str
    place: str
    confidence: str
    by_instrument: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline that took the place of another: the same thing, now on another day."""

    before: date
    now: Deadline


@dataclass(frozen=True, slots=True)
class Settled:
    """What changed when an item's days were settled: `gone` and `new` are those in no move."""

    moves: tuple[Move, ...]
    gone: tuple[Deadline, ...]
    new: tuple[Deadline, ...]


class Deadlines:
    """Deadlines within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, instrument: str) -> list[Deadline]:
        """All deadlines of an instrument, also those a later text took back, by day."""
        query = select(Deadline).where(Deadline.instrument == instrument)
        return list(self._session.scalars(query.order_by(Deadline.on_date, Deadline.id)))

    def between(self, first: date, last: date) -> list[Deadline]:
        """The deadlines that stand, from `first` to `last` (both included), by day."""
        query = select(Deadline).where(
            Deadline.on_date >= first, Deadline.on_date <= last, Deadline.gone_at.is_(None)
        )
        return list(self._session.scalars(query.order_by(Deadline.on_date, Deadline.id)))

    def since(self, first: date) -> list[Deadline]:
        """The deadlines from `first` on, also those that a later text took back, by day."""
        query = select(Deadline).where(Deadline.on_date >= first)
        return list(self._session.scalars(query.order_by(Deadline.on_date, Deadline.id)))

    def overruled(self, instrument: str, kind: str) -> Deadline | None:
        """The day that another instrument's text sets for this one, learned of last."""
        query = select(Deadline).where(
            Deadline.instrument == instrument,
            Deadline.kind == kind,
            Deadline.by_instrument != "",
            Deadline.gone_at.is_(None),
        )
        return self._session.scalar(query.order_by(Deadline.found_at.desc(), Deadline.id.desc()))

    def settle(
        self, item_id: int, revision_id: int, found: Sequence[FoundDeadline], at: datetime
    ) -> Settled:
        """Let `found` stand as all that an item states, by its revision.

        What it stated before and states no longer is gone from `at` on. A day has moved when
        another of the same kind came to its place, or when both are the only ones of the kind.
        """
        query = select(Deadline).where(Deadline.item_id == item_id).order_by(Deadline.id)
        known = {_key(row): row for row in self._session.scalars(query)}
        wanted = {_key(one): one for one in found}
        gone = [r for key, r in known.items() if r.gone_at is None and key not in wanted]
        for row in gone:
            row.gone_at, row.sequence = at, row.sequence + 1
        new = []
        for key, one in wanted.items():
            row = known.get(key) or self._added(item_id, one, at)
            if key not in known or row.gone_at is not None:
                new.append(row)
                row.gone_at, row.found_at = None, at
            row.revision_id, row.text, row.confidence = revision_id, one.text, one.confidence
            row.by_instrument = one.by_instrument
        self._session.flush()
        return settled(gone, new)

    def withdraw(self, row: Deadline, at: datetime) -> None:
        """Say that a deadline stands no longer, since another text outranks it."""
        row.gone_at, row.sequence = at, row.sequence + 1

    def _added(self, item_id: int, one: FoundDeadline, at: datetime) -> Deadline:
        row = Deadline(
            item_id=item_id,
            instrument=one.instrument,
            kind=one.kind,
            on_date=one.on_date,
            place=one.place,
            found_at=at,
            gone_at=None,
            sequence=0,
        )
        self._session.add(row)
        return row


def _key(one: Deadline | FoundDeadline) -> tuple[str, str, date, str]:
    return one.instrument, one.kind, one.on_date, one.place


def step_of(days: Iterable[int], left: int) -> int | None:
    """The step at which something is told of that falls due in `left` days: the nearest one.

    None when it has passed, or is farther off than any of `days`.
    """
    return min((step for step in days if step >= left >= 0), default=None)


def settled(gone: Sequence[Deadline], new: Sequence[Deadline]) -> Settled:
    """Pair the days that went with those that came in their stead."""
    pairs = _paired(gone, new)
    paired = {id(row) for pair in pairs for row in pair}
    return Settled(
        tuple(_moved(old, row) for old, row in pairs if old.on_date != row.on_date),
        tuple(row for row in gone if id(row) not in paired),
        tuple(row for row in new if id(row) not in paired),
    )


def _paired(gone: Sequence[Deadline], new: Sequence[Deadline]) -> list[tuple[Deadline, Deadline]]:
    by_place = {(row.instrument, row.kind, row.place): row for row in gone}
    pairs = [
        (old, row) for row in new if (old := by_place.get((row.instrument, row.kind, row.place)))
    ]
    paired = {id(row) for pair in pairs for row in pair}
    left, added = ([r for r in rows if id(r) not in paired] for rows in (gone, new))
    for row in added:
        olds = [one for one in left if (one.instrument, one.kind) == (row.instrument, row.kind)]
        alike = [o for o in added if (o.instrument, o.kind) == (row.instrument, row.kind)]
        if len(olds) == 1 and len(alike) == 1:
            pairs.append((olds[0], row))
    return pairs


def _moved(old: Deadline, row: Deadline) -> Move:
    row.sequence = max(row.sequence, old.sequence) + 1
    return Move(old.on_date, row)

"""Statuses: what became of each instrument over time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from storage.models_telling import Deadline, InstrumentStatus

ENDED = ("repealed", "replaced", "expired")
PAUSED = ("postponed", "suspended")
CHANGED = ("amended", "partly-repealed")
"""What leaves an instrument in force; all other statuses are stages of its life."""


@dataclass(frozen=True, slots=True)
class FoundStatus:
    """What a text says became of an instrument; fields as in `InstrumentStatus`."""

    instrument: str
    status: str
    since: date | None
    by_instrument: str
    basis: str
    item_id: int
    revision_id: int
    reason: str


class Statuses:
    """States of instruments within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, instrument: str) -> list[InstrumentStatus]:
        """The states of an instrument in the order in which they were learned of."""
        query = select(InstrumentStatus).where(InstrumentStatus.instrument == instrument)
        return list(self._session.scalars(query.order_by(InstrumentStatus.id)))

    def by(self, instrument: str) -> list[InstrumentStatus]:
        """What this instrument made of others, in the order in which it was learned of."""
        query = select(InstrumentStatus).where(InstrumentStatus.by_instrument == instrument)
        return list(self._session.scalars(query.order_by(InstrumentStatus.id)))

    def standing(self, instrument: str, on: date) -> InstrumentStatus | None:
        """The stage of life in which an instrument is on a day, by what is known now."""
        return stage_of_life(self.of(instrument), on)

    def add(self, found: FoundStatus, at: datetime) -> InstrumentStatus:
        """Keep what became of an instrument."""
        row = InstrumentStatus(
            instrument=found.instrument,
            status=found.status,
            since=found.since,
            by_instrument=found.by_instrument,
            basis=found.basis,
            item_id=found.item_id,
            revision_id=found.revision_id,
            reason=found.reason,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def taking_effect(self, on: date) -> list[Deadline]:
        """The certain days of effect, up to `on`, of instruments not in force so far.

        Only instruments are given of which it is known that their effect was still to come.
        """
        return self._due("effective", on, ("issued", *PAUSED), ("in-force", *ENDED))

    def expiring(self, on: date) -> list[Deadline]:
        """The certain last days, before `on`, of instruments not known to have ended."""
        lasting = self._due("expiry", on, ("issued", "in-force", *PAUSED), ENDED)
        return [row for row in lasting if row.on_date < on]

    def _due(
        self, kind: str, on: date, before: tuple[str, ...], after: tuple[str, ...]
    ) -> list[Deadline]:
        """Days up to `on` of instruments that had one of the statuses before, and none after."""
        query = select(Deadline).where(
            Deadline.kind == kind,
            Deadline.confidence == "certain",
            Deadline.gone_at.is_(None),
            Deadline.on_date <= on,
            _has_been(before),
            ~_has_been(after),
        )
        return list(self._session.scalars(query.order_by(Deadline.on_date, Deadline.id)))


def _has_been(statuses: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(
        InstrumentStatus.instrument == Deadline.instrument, InstrumentStatus.status.in_(statuses)
    )


def stage_of_life(rows: list[InstrumentStatus], on: date) -> InstrumentStatus | None:
    """The last of the stages of life that had begun by `on`; None when none had.

    A stage of which nobody says when it began did so when it was learned of.
    """
    stages = [(r.since or r.at.date(), r.id, r) for r in rows if r.status not in CHANGED]
    begun = [stage for stage in stages if stage[0] <= on]
    return max(begun, key=lambda stage: stage[:2])[2] if begun else None

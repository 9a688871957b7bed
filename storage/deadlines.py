"""Deadlines: days on which something about an instrument falls due."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_telling import Deadline


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

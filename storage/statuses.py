"""Statuses: what became of each instrument over time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_telling import InstrumentStatus


class Statuses:
    """States of instruments within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, instrument: str) -> list[InstrumentStatus]:
        """The states of an instrument in the order in which they were learned of."""
        query = select(InstrumentStatus).where(InstrumentStatus.instrument == instrument)
        return list(self._session.scalars(query.order_by(InstrumentStatus.id)))

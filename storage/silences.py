"""Silences: what a person does not want to be told of for a while."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_telling import SilencedUntil


class Silences:
    """Silences within one transaction; none is ever deleted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        until: datetime,
        by: str,
        at: datetime,
        rule: str = "",
        topic: str = "",
        source: str = "",
        instrument: str = "",
        note: str = "",
    ) -> SilencedUntil:
        """Begin a silence; what is left empty matches everything."""
        row = SilencedUntil(
            rule=rule, topic=topic, source=source, instrument=instrument,
            until=until, by=by, note=note, made_at=at,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        return row

    def end(self, silence_id: int, at: datetime) -> SilencedUntil | None:
        """End a silence before its time; None when there is no such silence."""
        row = self._session.get(SilencedUntil, silence_id)
        if row is not None and row.ended_at is None:
            row.ended_at = at
        return row

    def at(self, moment: datetime) -> list[SilencedUntil]:
        """The silences that hold at `moment`, oldest first."""
        query = select(SilencedUntil).where(
            SilencedUntil.made_at <= moment,
            SilencedUntil.until > moment,
            SilencedUntil.ended_at.is_(None) | (SilencedUntil.ended_at > moment),
        )
        return list(self._session.scalars(query.order_by(SilencedUntil.id)))

    def all(self) -> list[SilencedUntil]:
        """All silences that ever were, newest first."""
        return list(self._session.scalars(select(SilencedUntil).order_by(SilencedUntil.id.desc())))

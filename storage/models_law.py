"""The tables of law: citations, the versions of an instrument, their comparisons."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


class Citation(Base):
    """A legal instrument named in a revision, with the place where it is named."""

    __tablename__ = "citations"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]
    text: Mapped[str]
    instrument: Mapped[str | None] = mapped_column(index=True)
    type: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[str | None]
    year: Mapped[int | None]
    provision: Mapped[str | None]
    date: Mapped[date | None]


class InstrumentVersion(Base):
    """A text of a watched instrument: its predecessor, a draft, or what was enacted."""

    __tablename__ = "instrument_versions"
    __table_args__ = (UniqueConstraint("instrument", "revision_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument: Mapped[str] = mapped_column(String(100), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    at: Mapped[datetime]
    reason: Mapped[str]


class StoredComparison(Base):
    """What changed between two revisions of legal text, as `compare` said it."""

    __tablename__ = "comparisons"
    __table_args__ = (UniqueConstraint("old_revision_id", "new_revision_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument: Mapped[str] = mapped_column(String(100), index=True)
    old_revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    new_revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    made_at: Mapped[datetime]
    result: Mapped[dict[str, Any]]

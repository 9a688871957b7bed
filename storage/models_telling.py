"""The tables of what is told: alerts, stories, deadlines, statuses, silences, threads."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


class Alert(Base):
    """Something a watch team is told. `key` names it, so that it is never raised twice.

    `state` is open, acknowledged, resolved, silenced, inhibited or duplicate. `thread` names the
    story or instrument that it belongs to; `decisions` says what each step on its way out made
    of it.
    """

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    rule: Mapped[str] = mapped_column(String(100), index=True)
    severity: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seq: Mapped[int | None] = mapped_column(ForeignKey("events.seq"))
    raised_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), default="open")
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    thread: Mapped[str] = mapped_column(index=True)
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class Delivery(Base):
    """One message to one channel: written with its alert, marked sent when acknowledged.

    `key` travels with every attempt, so that the other side can tell a repeat. `kind` is alert,
    update (an earlier message is edited) or reminder. Deliveries of one `group_key` that are sent
    as one message share a `batch`, fixed before the first attempt.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel", "kind", "ordinal"),
        Index("ix_deliveries_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    channel: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default="alert")
    ordinal: Mapped[int] = mapped_column(default=0)
    group_key: Mapped[str] = mapped_column(default="", index=True)
    batch: Mapped[int | None] = mapped_column(BigId, index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(default="")


class Thread(Base):
    """The first message about one story or instrument on one channel: what follow-ups answer."""

    __tablename__ = "threads"

    channel: Mapped[str] = mapped_column(String(100), primary_key=True)
    thread: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    at: Mapped[datetime]


class SilencedUntil(Base):
    """A person's wish not to be told for a while; an empty matcher matches everything."""

    __tablename__ = "silences"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule: Mapped[str] = mapped_column(String(100), default="")
    topic: Mapped[str] = mapped_column(String(100), default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    instrument: Mapped[str] = mapped_column(default="")
    until: Mapped[datetime]
    by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Story(Base):
    """One thing that happened, however many outlets tell of it."""

    __tablename__ = "stories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime] = mapped_column(index=True)
    title: Mapped[str]
    language: Mapped[str] = mapped_column(String(10), default="")


class StoryItem(Base):
    """That an item tells a story: `how` is first, copy, version, or person; `reason` says why.

    `told_at` is when it was published, or first seen where that is earlier or all that is known.
    `minhash` is the signature of its text, little-endian 32-bit words.
    """

    __tablename__ = "story_items"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    how: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(default="")
    joined_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime] = mapped_column(index=True)
    minhash: Mapped[bytes] = mapped_column(LargeBinary)


class StoryBand(Base):
    """One band of an item's signature: items that share one are probably alike.

    The key begins with the `week` of `told_at`, so that what is looked up and written lies
    together, and what is out of the window is let go as one range.
    """

    __tablename__ = "story_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)

    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)


class StorySplit(Base):
    """A person's word that an item does not belong to a story; it never joins it again."""

    __tablename__ = "story_splits"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Deadline(Base):
    """A day on which something about an instrument falls due, by the text of one item.

    `instrument` is a watched instrument's id, else a number. `kind` is effective (of the whole),
    effective-part, expiry, consultation, compliance or transition; `text` are the words that say
    so, at `place` (a provision, or `field:` and the portal's field). `by_instrument` is another
    instrument, whose text says it and outranks the instrument's own. `gone_at` is set when a
    later text no longer says it. `sequence` grows whenever the day of that place changes, goes
    or comes back.
    """

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("item_id", "instrument", "kind", "on_date", "place"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    by_instrument: Mapped[str] = mapped_column(default="")
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    confidence: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)


class InstrumentStatus(Base):
    """What became of an instrument, from when on, and the text that says so; newest row counts.

    `instrument` and `by_instrument` are a watched instrument's id, else a number. `basis` says
    what tells it: the words of a law (text), a portal's list of relations (relation), a portal's
    own field (field), or the calendar (clock).
    """

    __tablename__ = "statuses"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instrument: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(20))
    since: Mapped[date | None]
    by_instrument: Mapped[str] = mapped_column(default="", index=True)
    basis: Mapped[str] = mapped_column(String(20))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

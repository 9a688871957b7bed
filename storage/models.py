"""The tables of what is gathered, and the log. Only `storage.archive` hands their rows out."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


class Source(Base):
    """What has been seen of a source; its declaration stands in the configuration.

    `next_turn` is when it is asked again, as far as that was worked out after `last_attempt`.
    """

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    last_attempt: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_item: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    next_turn: Mapped[datetime | None]


class Capture(Base):
    """One answer of a server, byte for byte in a WARC file.

    `warc_offset` and `warc_length` bound the records of this capture in its file.
    A capture whose payload was already held points to the one that holds it. One whose bytes
    were let go has `dropped_at` and lies nowhere.
    """

    __tablename__ = "captures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str]
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    media_type: Mapped[str]
    payload_sha256: Mapped[str] = mapped_column(String(64), index=True)
    payload_length: Mapped[int] = mapped_column(BigInteger)
    warc_path: Mapped[str] = mapped_column(index=True)
    warc_offset: Mapped[int] = mapped_column(BigInteger)
    warc_length: Mapped[int] = mapped_column(BigInteger)
    revisit_of: Mapped[int | None] = mapped_column(ForeignKey("captures.id"))
    dropped_at: Mapped[datetime | None]


class Page(Base):
    """What must be remembered of an address to ask for it politely again.

    `fingerprint` is what a feed last said of the page, so that a silent edit announced
    by the feed is noticed before the page's own turn comes.
    """

    __tablename__ = "pages"

    url: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    payload_sha256: Mapped[str] = mapped_column(String(64), default="")
    fingerprint: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(index=True)
    gone_since: Mapped[datetime | None]


class Item(Base):
    """An article or a document, known by its canonical address.

    `published_at` is what the page claims, `first_seen` what we saw; `latest` is the
    number of the newest revision.
    """

    __tablename__ = "items"
    __table_args__ = (Index("ix_items_source_id_first_seen", "source_id", "first_seen"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    first_seen: Mapped[datetime] = mapped_column(index=True)
    last_seen: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(10), default="")
    latest: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None]


class Revision(Base):
    """A text derived from a capture, by a named extractor in a stated version.

    `cause` is first, edit, completion (a summary from a feed gained its body), reextraction
    (the page did not change, our reading of it did) or late (an older text, learned of
    afterwards). `fields` holds what a portal says of a document.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(String(20))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), index=True)
    extractor: Mapped[str] = mapped_column(String(100))
    extractor_version: Mapped[int]
    method: Mapped[str] = mapped_column(String(100), default="")
    seen_at: Mapped[datetime]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    byline: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(10), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[list[str]] = mapped_column(default=list)
    content_sha256: Mapped[str] = mapped_column(String(64))


class Trouble(Base):
    """A typed problem with an address, counted while it lasts, ended when it is mended."""

    __tablename__ = "troubles"
    __table_args__ = (UniqueConstraint("source_id", "url", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source_id: Mapped[str] = mapped_column(String(100))
    url: Mapped[str]
    kind: Mapped[str] = mapped_column(String(60))
    message: Mapped[str]
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Event(Base):
    """Something that was observed or found. Append-only, numbered in commit order.

    `key` names a finding that must not be said twice; a stage run again finds it there.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_kind_seq", "kind", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Cursor(Base):
    """How far a reader of the log has come."""

    __tablename__ = "cursors"

    reader: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    moved_at: Mapped[datetime]


class Failure(Base):
    """An event that a reader could not handle; the reader went on without it."""

    __tablename__ = "failures"

    reader: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("events.seq"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    message: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]

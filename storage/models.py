"""The tables. Only the rooms' door, `storage.archive`, hands their rows out."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC whatever the database does with time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they are a bug wherever they come from."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every stored time back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """A text of any length, without what a database refuses; see `storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Mend the text on its way in: a hostile page must not stop a whole transaction."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses, and half surrogates, which no UTF-8 has."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the key's type is exactly INTEGER."""


class Base(DeclarativeBase):
    """What all tables share: naming of constraints and the mapping of Python types."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this attribute of the class
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
        list[int]: JSON,
        str: PlainText,
    }


class Source(Base):
    """What has been seen of a source; its declaration stands in the configuration."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    last_attempt: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_item: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[str]] = mapped_column(default=list)


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


class Tag(Base):
    """A topic of a revision, with the passage that earned it."""

    __tablename__ = "tags"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(100), primary_key=True)
    score: Mapped[float]
    threshold: Mapped[float]
    passage: Mapped[str] = mapped_column(default="")
    model: Mapped[str]
    nearest: Mapped[str] = mapped_column(default="")


class Label(Base):
    """What a person said of an item's topic. Append-only; the newest word on a topic counts.

    `verdict` is right, wrong or also; a wrong without a topic says that the item is off-topic.
    `revision_id` is the text that was read, `passage` the one that had earned the tag.
    """

    __tablename__ = "labels"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str | None] = mapped_column(String(100))
    passage: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")


class Head(Base):
    """A classifier's head: the recipe it is fitted by, from the labels up to a number.

    Fitting gives the same head every time, so that is all that is kept of it.
    """

    __tablename__ = "heads"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    made_at: Mapped[datetime]
    model: Mapped[str]
    recipe: Mapped[dict[str, Any]]
    labels_upto: Mapped[int] = mapped_column(BigInteger)
    figures: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=False)
    used_at: Mapped[datetime | None]


class PassageVector(Base):
    """The vectors of some passages of a revision, as half-precision numbers in a row.

    `model` is the embedder's name@version, `cut` the version of the rules that cut passages.
    """

    __tablename__ = "vectors"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    model: Mapped[str] = mapped_column(String(300), primary_key=True)
    cut: Mapped[int]
    passages: Mapped[list[int]]
    dimensions: Mapped[int]
    vectors: Mapped[bytes]


class Classifier(Base):
    """A version of the classifier that has read this archive, and the head it was made with.

    `turn` grows whenever another version comes to use: the highest is the present one's.
    """

    __tablename__ = "classifiers"

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str] = mapped_column(unique=True)
    head: Mapped[int] = mapped_column(BigInteger, default=0)
    turn: Mapped[int] = mapped_column(BigInteger, default=0)


class Reading(Base):
    """Which classifier read a revision last, whether or not it found a topic."""

    __tablename__ = "readings"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    classifier: Mapped[int] = mapped_column(ForeignKey("classifiers.number"))


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

"""The tables of topics: tags, labels, heads, and which classifier read what."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


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

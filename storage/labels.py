"""What people said of the topics of items: each word is kept, the newest on a topic counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Item, Revision
from storage.models_topics import Label

Verdict = Literal["right", "wrong", "also"]
PAGE = 500


@dataclass(frozen=True, slots=True)
class Words:
    """What counts of the words on one item.

    Attributes:
        right: topics it is about.
        wrong: topics it is not about.
        only: it is about no topic but those in `right`, because it was called off-topic before.
    """

    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    only: bool = False


@dataclass(frozen=True, slots=True)
class LabelledItem:
    """An item that people spoke of, in the text that the last of them had read.

    Attributes:
        kind: of the item, article or document.
        published_at: what the page claims, else when the item was first seen.
        right, wrong: topics that it is and is not about.
        off_topic: it is about none of the topics.
        passages: the passages on which the words that count were said, oldest first.
        only: it is about no topic but those in `right`; off_topic is this with no topic left.
    """

    item_id: int
    revision_id: int
    title: str
    summary: str
    text: str
    language: str
    source_id: str
    published_at: datetime
    right: frozenset[str]
    wrong: frozenset[str]
    off_topic: bool
    passages: tuple[str, ...]
    only: bool = False
    kind: str = "article"


class Labels:
    """Labels within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        item_id: int,
        revision_id: int,
        *,
        verdict: Verdict,
        topic: str | None,
        passage: str = "",
        by: str = "",
        at: datetime,
        note: str = "",
    ) -> Label:
        """Keep a word on an item; "wrong" with no topic says that it is off-topic altogether.

        Raises ValueError for a verdict that does not exist or lacks its topic.
        """
        if verdict not in get_args(Verdict):
            raise ValueError(f"expected right, wrong or also, not {verdict!r}")
        if topic is None and verdict != "wrong":
            raise ValueError(f"{verdict} needs a topic")
        label = Label(
            item_id=item_id,
            revision_id=revision_id,
            verdict=verdict,
            topic=topic,
            passage=passage,
            by=by,
            at=at,
            note=note,
        )
        self._session.add(label)
        self._session.flush()
        return label

    def last(self) -> int:
        """The number of the newest label; 0 when there is none."""
        return self._session.scalar(select(func.max(Label.id))) or 0

    def count(self) -> int:
        """How many labels there are."""
        return self._session.scalar(select(func.count(Label.id))) or 0

    def of(self, item_id: int) -> list[Label]:
        """The labels of an item, oldest first."""
        query = select(Label).where(Label.item_id == item_id).order_by(Label.id)
        return list(self._session.scalars(query))

    def after(self, number: int, limit: int) -> list[Label]:
        """At most `limit` labels numbered above `number`, oldest first."""
        query = select(Label).where(Label.id > number).order_by(Label.id).limit(limit)
        return list(self._session.scalars(query))

    def every(self) -> list[tuple[Label, Item]]:
        """All labels with their items, oldest first."""
        query = select(Label, Item).join(Item, Item.id == Label.item_id).order_by(Label.id)
        return [(label, item) for label, item in self._session.execute(query)]

    def words(self, item_ids: Sequence[int]) -> dict[int, Words]:
        """What counts of the words on these items, by item; items without a word are left out."""
        found: dict[int, list[Label]] = {}
        for start in range(0, len(item_ids), PAGE):
            query = select(Label).where(Label.item_id.in_(item_ids[start : start + PAGE]))
            for label in self._session.scalars(query.order_by(Label.id)):
                found.setdefault(label.item_id, []).append(label)
        return {item_id: words_of(labels)[0] for item_id, labels in found.items()}

    def lessons(self, upto: int | None = None) -> list[LabelledItem]:
        """Every item that people spoke of, by item, as the labels up to number `upto` have it."""
        query = select(Label).order_by(Label.item_id, Label.id)
        if upto is not None:
            query = query.where(Label.id <= upto)
        by_item: dict[int, list[Label]] = {}
        for label in self._session.scalars(query):
            by_item.setdefault(label.item_id, []).append(label)
        return [self._lesson(labels) for labels in by_item.values()]

    def _lesson(self, labels: Sequence[Label]) -> LabelledItem:
        words, counted = words_of(labels)
        read = labels[-1]
        item = self._session.get_one(Item, read.item_id)
        revision = self._session.get_one(Revision, read.revision_id)
        return LabelledItem(
            item_id=item.id,
            revision_id=revision.id,
            title=revision.title,
            summary=revision.summary,
            text=revision.text,
            language=revision.language,
            source_id=item.source_id,
            published_at=item.published_at or item.first_seen,
            right=words.right,
            wrong=words.wrong,
            off_topic=words.only and not words.right,
            passages=tuple(dict.fromkeys(one.passage for one in counted if one.passage)),
            only=words.only,
            kind=item.kind,
        )


def words_of(labels: Iterable[Label]) -> tuple[Words, list[Label]]:
    """What counts of an item's labels, given oldest first, and the labels that say it.

    "Off-topic" is a word on every topic at once: it overrules all before, and a later word on
    one topic overrules it there alone.
    """
    newest: dict[str, Label] = {}
    off_topic: Label | None = None
    for label in labels:
        if label.topic is None:
            newest, off_topic = {}, label
        else:
            newest[label.topic] = label
    right = frozenset(topic for topic, label in newest.items() if label.verdict != "wrong")
    wrong = frozenset(newest) - right
    counted = sorted(newest.values(), key=lambda label: label.id)
    if off_topic is not None:
        counted.insert(0, off_topic)
    return Words(right, wrong, only=off_topic is not None), counted

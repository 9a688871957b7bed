"""Which classifier read which text: what a later one has yet to read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from storage.models import Item, Revision
from storage.models_topics import Classifier, Reading, Tag

UNKNOWN = "unknown"
"""The version of which nothing is known: every other one differs from it."""
PAGE = 500
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Stale:
    """An item whose newest text another classifier read, numbered `classifier`."""

    item: Item
    revision: Revision
    classifier: int


class Readings:
    """Readings within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def classifier(self, version: str, head: int = 0) -> int:
        """The number of a version of the classifier, which is the present one from now on.

        `head` is the number of the head it was made with, 0 for the configuration alone.
        """
        present = self.present()
        if present is not None and (present.version, present.head) == (version, head):
            return present.number
        row = self._named(version)
        if row is None:
            row = Classifier(version=version)
            self._session.add(row)
        row.head = head
        row.turn = (present.turn if present is not None else 0) + 1
        self._session.flush()
        return row.number

    def present(self) -> Classifier | None:
        """The classifier that was used last; None before any was."""
        query = select(Classifier).where(Classifier.turn > 0).order_by(Classifier.turn.desc())
        return self._session.scalar(query.limit(1))

    def of(self, revision_ids: Sequence[int]) -> dict[int, int]:
        """The number of the classifier that read each revision last, for those that were read."""
        found: dict[int, int] = {}
        for start in range(0, len(revision_ids), PAGE):
            query = select(Reading.revision_id, Reading.classifier).where(
                Reading.revision_id.in_(revision_ids[start : start + PAGE])
            )
            found |= {row[0]: row[1] for row in self._session.execute(query)}
        return found

    def note(self, revision_ids: Sequence[int], classifier: int) -> None:
        """Say that the classifier with this number has read these revisions."""
        known = self.of(revision_ids)
        rows = [
            {"revision_id": number, "classifier": classifier}
            for number in dict.fromkeys(revision_ids)
        ]
        if new := [row for row in rows if row["revision_id"] not in known]:
            self._session.execute(insert(Reading), new)
        if old := [row for row in rows if row["revision_id"] in known]:
            self._session.execute(update(Reading), old)

    def stale_count(self, version: str, *, tagged: bool = False) -> int:
        """How many items another version than this one has read last; `tagged`: found a topic."""
        query = _latest_readings(select(func.count(Item.id)))
        if tagged:
            query = query.where(select(Tag).where(Tag.revision_id == Revision.id).exists())
        row = self._named(version)
        if row is not None:
            query = query.where(Reading.classifier != row.number)
        return self._session.scalar(query) or 0

    def stale(
        self, version: str, limit: int, *, before: tuple[datetime, int] | None = None
    ) -> list[Stale]:
        """Items that another version has read last, those first seen last first.

        `before` is where the items given before ended: first_seen and number of the last one.
        A text that no classifier has read yet is not among them: the topics stage reads it.
        """
        query = _latest_readings(select(Item, Revision, Reading.classifier))
        row = self._named(version)
        if row is not None:
            query = query.where(Reading.classifier != row.number)
        if before is not None:
            at, number = before
            earlier = and_(Item.first_seen == at, Item.id < number)
            query = query.where(Item.first_seen <= at, or_(Item.first_seen < at, earlier))
        query = query.order_by(Item.first_seen.desc(), Item.id.desc()).limit(limit)
        return [Stale(*found) for found in self._session.execute(query)]

    def count_all_as_stale(self) -> None:
        """Forget which classifier read what, though not that it was read."""
        row = self._named(UNKNOWN)
        if row is None:
            row = Classifier(version=UNKNOWN, head=0, turn=0)
            self._session.add(row)
            self._session.flush()
        self._session.execute(update(Reading).values(classifier=row.number))

    def _named(self, version: str) -> Classifier | None:
        return self._session.scalar(select(Classifier).where(Classifier.version == version))


def _latest_readings(query: "Select[*Columns]") -> "Select[*Columns]":
    """A query on items, narrowed to those of which some classifier read the newest text."""
    latest = (Revision.item_id == Item.id) & (Revision.number == Item.latest)
    return (
        query.select_from(Item)
        .join(Revision, latest)
        .join(Reading, Reading.revision_id == Revision.id)
    )

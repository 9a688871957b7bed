"""Findings: topics, citations, versions of instruments and comparisons, each of a revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.models import Item, Revision
from storage.models_law import Citation, InstrumentVersion, StoredComparison
from storage.models_topics import Tag

PAGE = 500


@dataclass(frozen=True, slots=True)
class FoundTag:
    """A topic of a text.

    Attributes:
        score, threshold: the score that earned it, and the least that does, 0..1.
        passage: what earned the score.
        nearest: the example that is nearest to the passage.
        model: what found it, where that is not what read the whole text.
    """

    topic: str
    score: float
    threshold: float
    passage: str
    nearest: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A legal instrument named at `start` to `end` of title, summary and text joined."""

    start: int
    end: int
    text: str
    instrument: str | None
    type: str | None
    number: str | None
    year: int | None
    provision: str | None
    date: date | None


class Findings:
    """Findings within one transaction. Writing them again replaces what was found before."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tag(self, revision_id: int, tags: Sequence[FoundTag], model: str) -> None:
        """Set the topics of a revision; `model` is the version of the classifier that read it."""
        self._session.execute(delete(Tag).where(Tag.revision_id == revision_id))
        self._session.add_all(
            Tag(
                revision_id=revision_id,
                topic=tag.topic,
                score=tag.score,
                threshold=tag.threshold,
                passage=tag.passage,
                model=tag.model or model,
                nearest=tag.nearest,
            )
            for tag in tags
        )

    def tags(self, revision_id: int) -> list[Tag]:
        """The topics of a revision, best first."""
        query = select(Tag).where(Tag.revision_id == revision_id).order_by(Tag.score.desc())
        return list(self._session.scalars(query))

    def topics_of(self, revision_ids: Sequence[int]) -> dict[int, frozenset[str]]:
        """The topics of these revisions, by revision; those without a topic are left out."""
        found: dict[int, set[str]] = {}
        for start in range(0, len(revision_ids), PAGE):
            query = select(Tag.revision_id, Tag.topic).where(
                Tag.revision_id.in_(revision_ids[start : start + PAGE])
            )
            for revision_id, topic in self._session.execute(query):
                found.setdefault(revision_id, set()).add(topic)
        return {number: frozenset(topics) for number, topics in found.items()}

    def cite(self, revision_id: int, citations: Sequence[FoundCitation]) -> None:
        """Set the citations of a revision."""
        self._session.execute(delete(Citation).where(Citation.revision_id == revision_id))
        self._session.add_all(
            Citation(
                revision_id=revision_id,
                start=found.start,
                end=found.end,
                text=found.text,
                instrument=found.instrument,
                type=found.type,
                number=found.number,
                year=found.year,
                provision=found.provision,
                date=found.date,
            )
            for found in citations
        )

    def citations(self, revision_id: int) -> list[Citation]:
        """The citations of a revision, in the order of the text."""
        query = select(Citation).where(Citation.revision_id == revision_id)
        return list(self._session.scalars(query.order_by(Citation.start)))

    def knows(self, instrument: str) -> bool:
        """Whether any stored text names this instrument."""
        query = select(Citation.revision_id).where(Citation.instrument == instrument).limit(1)
        return self._session.scalar(query) is not None

    def add_version(
        self, instrument: str, stage: str, revision: Revision, at: datetime, reason: str
    ) -> InstrumentVersion | None:
        """Say that a revision is a text of a watched instrument; None when that was known."""
        known = self._session.scalar(
            select(InstrumentVersion.id).where(
                InstrumentVersion.instrument == instrument,
                InstrumentVersion.revision_id == revision.id,
            )
        )
        if known:
            return None
        version = InstrumentVersion(
            instrument=instrument,
            stage=stage,
            item_id=revision.item_id,
            revision_id=revision.id,
            at=at,
            reason=reason,
        )
        self._session.add(version)
        self._session.flush()
        return version

    def versions(self, instrument: str) -> list[InstrumentVersion]:
        """The texts of an instrument, in the order in which they were seen."""
        query = select(InstrumentVersion).where(InstrumentVersion.instrument == instrument)
        return list(self._session.scalars(query.order_by(InstrumentVersion.id)))

    def version(self, version_id: int) -> InstrumentVersion | None:
        """The version with this number."""
        return self._session.get(InstrumentVersion, version_id)

    def compared(
        self, instrument: str, old_id: int, new_id: int, at: datetime, result: dict[str, Any]
    ) -> StoredComparison:
        """Keep what `compare` said of two revisions, in place of what it said before."""
        row = self.comparison_between(old_id, new_id)
        if row is None:
            row = StoredComparison(old_revision_id=old_id, new_revision_id=new_id)
            self._session.add(row)
        row.instrument, row.made_at, row.result = instrument, at, result
        self._session.flush()
        return row

    def comparison(self, comparison_id: int) -> StoredComparison | None:
        """The comparison with this number."""
        return self._session.get(StoredComparison, comparison_id)

    def comparison_between(self, old_id: int, new_id: int) -> StoredComparison | None:
        """The comparison of these two revisions."""
        query = select(StoredComparison).where(
            StoredComparison.old_revision_id == old_id, StoredComparison.new_revision_id == new_id
        )
        return self._session.scalar(query)

    def comparisons(self, instrument: str) -> list[StoredComparison]:
        """All comparisons of an instrument, oldest first."""
        query = select(StoredComparison).where(StoredComparison.instrument == instrument)
        return list(self._session.scalars(query.order_by(StoredComparison.id)))

    def topics(self) -> dict[str, int]:
        """How many items carry each topic now."""
        query = (
            select(Tag.topic, func.count().label("number"))
            .join(Revision, Revision.id == Tag.revision_id)
            .join(Item, (Item.id == Revision.item_id) & (Item.latest == Revision.number))
            .group_by(Tag.topic)
        )
        rows = self._session.execute(query.order_by(func.count().desc()))
        return {row.topic: row.number for row in rows}

"""Vectors of passages, kept so that a new head need not read the texts again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from storage.models_topics import PassageVector

PAGE = 500


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Vectors of the `passages` with these numbers: half-precision rows of `dimensions`."""

    passages: tuple[int, ...]
    vectors: bytes
    dimensions: int


class Vectors:
    """Vectors within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(
        self,
        revision_id: int,
        model: str,
        cut: int,
        passages: Sequence[int],
        vectors: bytes,
        dimensions: int,
    ) -> None:
        """Keep the vectors of a revision's passages, in place of those this model gave before.

        `vectors` holds len(passages) rows of `dimensions` half-precision numbers, two bytes each.
        """
        if len(vectors) != 2 * dimensions * len(passages):
            raise ValueError(
                f"{len(passages)} vectors of {dimensions} dimensions are not {len(vectors)} bytes"
            )
        row = self._session.get(PassageVector, (revision_id, model))
        if row is None:
            row = PassageVector(revision_id=revision_id, model=model)
            self._session.add(row)
        row.cut, row.passages = cut, list(passages)
        row.vectors, row.dimensions = vectors, dimensions

    def get(self, revision_ids: Sequence[int], model: str, cut: int) -> dict[int, StoredVectors]:
        """What is kept of these revisions, by revision, where model and cut are the same."""
        found: dict[int, StoredVectors] = {}
        for start in range(0, len(revision_ids), PAGE):
            query = select(PassageVector).where(
                PassageVector.revision_id.in_(revision_ids[start : start + PAGE]),
                PassageVector.model == model,
                PassageVector.cut == cut,
            )
            found |= {
                row.revision_id: StoredVectors(tuple(row.passages), row.vectors, row.dimensions)
                for row in self._session.scalars(query)
            }
        return found

    def counts(self) -> dict[str, int]:
        """Of how many revisions each model's vectors are kept."""
        query = select(PassageVector.model, func.count()).group_by(PassageVector.model)
        return {row[0]: row[1] for row in self._session.execute(query)}

    def drop_others(self, model: str, cut: int, limit: int = PAGE) -> int:
        """Remove at most `limit` rows of other models and cuts; gives how many it removed."""
        other = (
            select(PassageVector.revision_id, PassageVector.model)
            .where(or_(PassageVector.model != model, PassageVector.cut != cut))
            .limit(limit)
        )
        rows = self._session.execute(other).all()
        for revision_id, of in rows:
            self._session.execute(
                delete(PassageVector).where(
                    PassageVector.revision_id == revision_id, PassageVector.model == of
                )
            )
        return len(rows)

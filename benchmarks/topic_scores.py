"""How well articles were tagged: relevance, false alarms by kind, and the topics."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.topic_sets import Kind, Labelled, Topics

FEWEST = 2
"""A topic that fewer articles of a set are about says nothing in its macro-F1."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What a system did on a set.

    Attributes:
        precision, recall, f1: of being about any topic.
        alarms: by kind of off-topic article, how many were tagged, of how many.
        macro: mean F1 of the topics with at least `FEWEST` articles; None where topics aren't told.
        topics: how many those are.
    """

    precision: float
    recall: float
    f1: float
    alarms: dict[Kind, tuple[int, int]]
    macro: float | None
    topics: int


def scored(rows: Sequence[Labelled], found: Sequence[Topics], ids: Sequence[str]) -> Scores:
    """Score topics found in articles; `ids` names the topics told apart, () none of them."""
    tagged = [bool(topics) for topics in found]
    kinds: tuple[Kind, ...] = ("near", "foreign", "easy")
    alarms = {
        kind: (
            sum(yes for row, yes in zip(rows, tagged, strict=True) if row.kind == kind),
            sum(row.kind == kind for row in rows),
        )
        for kind in kinds
    }
    by_topic = [
        measures(
            [name in row.topics for row in rows if row.topics or not row.relevant],
            [
                name in topics
                for row, topics in zip(rows, found, strict=True)
                if row.topics or not row.relevant
            ],
        )[2]
        for name in ids
        if sum(name in row.topics for row in rows) >= FEWEST
    ]
    return Scores(
        *measures([row.relevant for row in rows], tagged),
        alarms,
        sum(by_topic) / len(by_topic) if by_topic else None,
        len(by_topic),
    )


def measures(truth: Sequence[bool], found: Sequence[bool]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    hits = sum(true and yes for true, yes in zip(truth, found, strict=True))
    precision, recall = hits / max(sum(found), 1), hits / max(sum(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)

"""How well a head tags labelled texts: precision, recall and F1, of relevance and of each topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.training_labels import Truth


@dataclass(frozen=True, slots=True)
class Score:
    """How many were found rightly, found wrongly, and missed."""

    right: int
    false: int
    missed: int

    @property
    def count(self) -> int:
        """How many there were to find."""
        return self.right + self.missed

    @property
    def precision(self) -> float:
        """The share of the found that is right, 0..1; 0 where nothing was found."""
        return self.right / max(self.right + self.false, 1)

    @property
    def recall(self) -> float:
        """The share of what there was to find that was found, 0..1."""
        return self.right / max(self.count, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0..1."""
        return 2 * self.right / max(2 * self.right + self.false + self.missed, 1)

    def to_json(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "labels": self.count,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """The score of relevance, and of each topic that any label says is there."""

    relevance: Score
    topics: Mapping[str, Score]

    @property
    def macro(self) -> float:
        """The mean F1 of the topics."""
        return sum(score.f1 for score in self.topics.values()) / max(len(self.topics), 1)

    @property
    def merit(self) -> float:
        """The mean of the F1 of relevance and the mean F1 of the topics: heads rank by it."""
        return (self.relevance.f1 + self.macro) / 2 if self.topics else self.relevance.f1

    def to_json(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return {
            "relevance": self.relevance.to_json(),
            "macro_f1": round(self.macro, 4),
            "topics": {topic: score.to_json() for topic, score in self.topics.items()},
        }


def figures(truths: Sequence[Truth], found: Sequence[frozenset[str]]) -> Figures:
    """Return the figures of the topics found in texts, in the order of their truths.

    A text is found relevant when any topic is found in it. What a label is silent about counts
    neither way.
    """
    relevance = _score(
        [
            (truth.relevant, bool(topics))
            for truth, topics in zip(truths, found, strict=True)
            if truth.relevant is not None
        ]
    )
    named = sorted({topic for truth in truths for topic in truth.topics})
    return Figures(
        relevance,
        {
            topic: _score(
                [
                    (topic in truth.topics, topic in topics)
                    for truth, topics in zip(truths, found, strict=True)
                    if topic not in truth.silent
                ]
            )
            for topic in named
        },
    )


def _score(pairs: Sequence[tuple[bool, bool]]) -> Score:
    """Count pairs of what is true and what was found."""
    return Score(
        sum(true and found for true, found in pairs),
        sum(found and not true for true, found in pairs),
        sum(true and not found for true, found in pairs),
    )


def gain(
    truths: Sequence[Truth],
    old: Sequence[frozenset[str]],
    new: Sequence[frozenset[str]],
    folds: Sequence[Sequence[int]],
) -> tuple[float, float]:
    """Return how much more merit the new tags have than the old, and its standard error.

    The error is the jackknife's over folds: how far the gain moves when one fold is left out
    (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11). With fewer than two
    folds it is infinite.
    """

    def over(places: Sequence[int]) -> float:
        true = [truths[place] for place in places]
        return (
            figures(true, [new[place] for place in places]).merit
            - figures(true, [old[place] for place in places]).merit
        )

    count = len(folds)
    whole = over([place for fold in folds for place in fold])
    if count < 2:
        return whole, float("inf")
    without = [
        over([place for other in folds if other is not fold for place in other]) for fold in folds
    ]
    mean = sum(without) / count
    error = ((count - 1) / count * sum((one - mean) ** 2 for one in without)) ** 0.5
    return whole, error

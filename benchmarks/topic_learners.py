"""The simple ways to tag articles: one classifier for relevance, one a topic, or the nearest text.

Their thresholds are chosen by cross-validation within what they are trained on, by F1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.topic_sets import Topics

FOLDS = 5
GRID = np.arange(0.05, 0.96, 0.01)

Features = Any
"""Of texts, a matrix (n, features), dense or sparse."""


@dataclass(frozen=True, slots=True)
class Question:
    """A yes-or-no question that was learned; `model` None: all examples answer it with no."""

    model: Any
    threshold: float

    def chances(self, features: Features) -> NDArray[np.float64]:
        if self.model is None:
            return np.zeros(features.shape[0])
        return np.asarray(self.model.predict_proba(features)[:, 1], np.float64)


@dataclass(frozen=True, slots=True)
class Classifiers:
    """One for relevance, one a topic; a relevant text gets its best topic at least."""

    relevance: Question
    topics: dict[str, Question]

    def tag(self, features: Features) -> list[Topics]:
        is_relevant = self.relevance.chances(features) >= self.relevance.threshold
        names = list(self.topics)
        chances = np.stack([self.topics[name].chances(features) for name in names], axis=1)
        thresholds = np.array([self.topics[name].threshold for name in names])
        found: list[Topics] = []
        for yes, chance in zip(is_relevant, chances, strict=True):
            named = {names[place] for place in np.flatnonzero(chance >= thresholds)}
            found.append(frozenset(named or {names[int(chance.argmax())]}) if yes else frozenset())
        return found


def words_of(texts: Sequence[str]) -> TfidfVectorizer:
    """Return what turns texts into weights of the words and pairs that occur in these texts."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2).fit(texts)


def learn(features: Features, topics: Sequence[Topics], ids: Sequence[str]) -> Classifiers:
    """Learn from texts with their topics; those without any are off-topic."""
    return Classifiers(
        _learned(features, np.array([bool(found) for found in topics])),
        {name: _learned(features, np.array([name in found for found in topics])) for name in ids},
    )


def best_threshold(
    chances: NDArray[np.float64], truth: NDArray[np.bool_], grid: NDArray[np.float64]
) -> float:
    """Return the middle one of the thresholds with the best F1."""
    yes = chances[:, None] >= grid
    hits = (yes & truth[:, None]).sum(axis=0)
    f1 = 2 * hits / np.maximum(yes.sum(axis=0) + truth.sum(), 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-9)
    return float(grid[best[len(best) // 2]])


def _learned(features: Features, truth: NDArray[np.bool_]) -> Question:
    if not truth.any():
        return Question(None, 0.5)
    threshold = 0.5
    if min(truth.sum(), (~truth).sum()) >= FOLDS:
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        chances = cross_val_predict(
            _regression(), features, truth, cv=folds, method="predict_proba"
        )
        threshold = best_threshold(chances[:, 1], truth, GRID)
    return Question(_regression().fit(features, truth), threshold)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10, class_weight="balanced", max_iter=1_000)

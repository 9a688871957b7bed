"""A small multi-label head over text vectors and typed signals, fitted in well under a second.

The vector of a text says its subject, its language and its manner; the mean of each language is
taken out, so that what is learned in one language holds in the other. One logistic regression says
whether a text is about the rules watched at all, one a topic says which of them.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen by cross-validation over the shipped examples; neither is sensitive within a factor of 2.
SIGNAL_WEIGHT = 0.2
INVERSE_PENALTY = 10.0


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose topics are known; none means off-topic. `language` is `vi` or `en`."""

    text: str
    language: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted weights: `means` by language, a column of `weights` each for relevance and
    the topics, the constant last."""

    topics: tuple[str, ...]
    means: "Mapping[str, NDArray[np.float64]]"
    weights: "NDArray[np.float64]"

    def scores(
        self,
        vectors: "NDArray[np.float32]",
        signals: Sequence[Sequence[float]],
        languages: Sequence[str],
    ) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """Return the probability of relevance, shape (n,), and the topics' scores, (n, topics).

        A topic's score is the probability of relevance, lowered as far as the topic fits worse
        than the best one: the scores of an irrelevant text are all low, and one topic at least of
        a relevant text is near its relevance.
        """
        import numpy as np

        features = _features(vectors, signals, languages, self.means)
        chances = 1 / (1 + np.exp(-(features @ self.weights[:-1] + self.weights[-1])))
        relevance, fits = chances[:, 0], chances[:, 1:]
        best = np.maximum(fits.max(axis=1, keepdims=True, initial=0), 0.5)
        return relevance, relevance[:, None] * np.minimum(1, fits / best)


def fit(
    examples: Sequence[Example],
    vectors: "NDArray[np.float32]",
    signals: Sequence[Sequence[float]],
    topics: Sequence[str],
) -> Head:
    """Fit a head on examples, their vectors (n, dimensions) and their signals (n, k)."""
    import numpy as np

    languages = [example.language for example in examples]
    means = _means(vectors, languages)
    features = _features(vectors, signals, languages, means)
    relevant = [bool(example.topics) for example in examples]
    targets = [relevant, *([topic in one.topics for one in examples] for topic in topics)]
    # On a busy machine several threads solve systems this small twenty times slower than one.
    threads = importlib.import_module("threadpoolctl")
    with threads.threadpool_limits(limits=1, user_api="blas"):
        columns = [_logistic(features, target) for target in targets]
    return Head(tuple(topics), means, np.stack(columns, axis=1))


def _means(
    vectors: "NDArray[np.float32]", languages: Sequence[str]
) -> "dict[str, NDArray[np.float64]]":
    import numpy as np

    exact = np.asarray(vectors, np.float64)
    of = np.asarray(languages)
    return {language: exact[of == language].mean(axis=0) for language in sorted(set(languages))}


def _features(
    vectors: "NDArray[np.float32]",
    signals: Sequence[Sequence[float]],
    languages: Sequence[str],
    means: "Mapping[str, NDArray[np.float64]]",
) -> "NDArray[np.float64]":
    """Return centred vectors of unit length and weighted signals, side by side."""
    import numpy as np

    fallback = next(iter(means.values()))
    centred = np.asarray(vectors, np.float64) - np.stack(
        [means.get(language, fallback) for language in languages]
    )
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.maximum(lengths, 1e-9)
    weighted = SIGNAL_WEIGHT * np.asarray(signals, np.float64)
    return np.hstack([centred, weighted])


def _logistic(features: "NDArray[np.float64]", target: Sequence[bool]) -> "NDArray[np.float64]":
    """Return the weights of a logistic regression, both classes of equal total weight."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=2_000)
    fitted.fit(features, target)
    return np.append(fitted.coef_[0], fitted.intercept_)

"""A small multi-label head over text vectors and typed signals, fitted in well under a second.

The vector of a text says its subject, its language and its manner; the mean of each language is
taken out, so that what is learned in one language holds in the other. One logistic regression says
whether a text is about the rules watched at all, one a topic says which of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen by cross-validation over the shipped examples; neither is sensitive within a factor of 2.
SIGNAL_WEIGHT = 0.2
PENALTY = 0.1
NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose topics are known; none means off-topic. `language` is `vi` or `en`."""

    text: str
    language: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Head:
    """Fitted weights: `means` by language, one column of `weights` for relevance and each topic."""

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
        chances = 1 / (1 + np.exp(-(features @ self.weights)))
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
    columns = [_logistic(features, np.asarray(target, np.float64)) for target in targets]
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
    """Return centred unit vectors, weighted signals and a constant, side by side."""
    import numpy as np

    fallback = next(iter(means.values()))
    centred = np.asarray(vectors, np.float64) - np.stack(
        [means.get(language, fallback) for language in languages]
    )
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.maximum(lengths, 1e-9)
    weighted = SIGNAL_WEIGHT * np.asarray(signals, np.float64)
    return np.hstack([centred, weighted, np.ones((len(centred), 1))])


def _logistic(
    features: "NDArray[np.float64]", target: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Fit a logistic regression, both classes of equal total weight, by Newton's method.

    The penalty is on the squared weights, the constant excepted.
    """
    import numpy as np

    count, size = features.shape
    positives = target.sum()
    shares = np.where(
        target > 0, count / (2 * max(positives, 1)), count / (2 * (count - positives))
    )
    penalty = np.full(size, PENALTY)
    penalty[-1] = 1e-6
    weights = np.zeros(size)
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-(features @ weights)))
        gradient = features.T @ (shares * (chance - target)) + penalty * weights
        curvature = (features.T * (shares * chance * (1 - chance))) @ features
        step = np.linalg.solve(curvature + np.diag(penalty), gradient)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights

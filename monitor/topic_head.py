"""A small multi-label head over text vectors and typed signals, fitted in about a second.

The vector of a text says its subject, its language and its manner; the mean of each language is
taken out, so that what is learned in one language holds in the other. One support vector machine
says whether a text is about the rules watched at all, one a topic says which of them. The kernel is
local (RBF): on-topic texts lie in many places, and a new example then acts near itself only, which
a linear head does not give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen by cross-validation over the shipped examples; none is sensitive within a factor of 2.
SIGNAL_WEIGHT = 0.2
GAMMA = 1.0
SLACK = 10.0
# The margin of one on either side of the boundary reads as a score of 0.88 or 0.12.
STEEPNESS = 2.0
# How fast a topic's score falls with its distance from the best one: a text about platforms
# touches several topics and is about one or two.
SECOND_TOPIC = 1.5
# A text that fits no topic so far has none, however relevant it seems.
LEAST_FIT = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose topics are known; none means off-topic. `language` is `vi` or `en`."""

    text: str
    language: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Head:
    """What was fitted.

    Attributes:
        means: each language's mean vector.
        anchors: the examples' features, shape (examples, features).
        weights: what each example counts for relevance and for each topic, (examples, 1 + topics).
        offsets: the constants, (1 + topics,).
    """

    means: "Mapping[str, NDArray[np.float64]]"
    anchors: "NDArray[np.float64]"
    weights: "NDArray[np.float64]"
    offsets: "NDArray[np.float64]"

    def scores(
        self,
        vectors: "NDArray[np.float32]",
        signals: Sequence[Sequence[float]],
        languages: Sequence[str],
    ) -> "NDArray[np.float64]":
        """Return the topics' scores, 0..1, shape (n, topics).

        A topic's score is the relevance to any of them, lowered as far as the topic fits worse
        than the best one: the scores of an irrelevant text are all low, and the best topic of a
        relevant text that any topic fits has the full relevance.
        """
        import numpy as np

        features = _features(vectors, signals, languages, self.means)
        margins = _nearness(features, self.anchors) @ self.weights + self.offsets
        fitted = 1 / (1 + np.exp(-STEEPNESS * margins))
        relevance, fits = fitted[:, 0], fitted[:, 1:]
        best = np.maximum(fits.max(axis=1, keepdims=True, initial=0), LEAST_FIT)
        scores = relevance[:, None] * np.minimum(1, fits / best) ** SECOND_TOPIC
        return np.asarray(scores, np.float64)


def fit(
    examples: Sequence[Example],
    vectors: "NDArray[np.float32]",
    signals: Sequence[Sequence[float]],
    topics: Sequence[str],
) -> Head:
    """Fit a head on examples, their vectors (n, dimensions) and their signals (n, k)."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    languages = [example.language for example in examples]
    means = _means(vectors, languages)
    features = _features(vectors, signals, languages, means)
    relevant = [bool(example.topics) for example in examples]
    targets = [relevant, *([topic in one.topics for one in examples] for topic in topics)]
    # On a busy machine several threads solve systems this small twenty times slower than one.
    with threadpool_limits(limits=1, user_api="blas"):
        nearness = _nearness(features, features)
        columns = [_machine(nearness, target) for target in targets]
    weights, offsets = zip(*columns, strict=True)
    return Head(means, features, np.stack(weights, axis=1), np.asarray(offsets))


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


def _nearness(
    features: "NDArray[np.float64]", anchors: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return the RBF kernel of two sets of features, shape (len(features), len(anchors))."""
    import numpy as np

    squares = (features**2).sum(axis=1)[:, None] + (anchors**2).sum(axis=1)
    distances = squares - 2 * features @ anchors.T
    return np.asarray(np.exp(-GAMMA * np.maximum(distances, 0)), np.float64)


def _machine(
    nearness: "NDArray[np.float64]", target: Sequence[bool]
) -> "tuple[NDArray[np.float64], float]":
    """Fit a support vector machine, both classes of equal weight: examples' weights, constant."""
    import numpy as np
    from sklearn.svm import SVC

    fitted = SVC(C=SLACK, kernel="precomputed", class_weight="balanced").fit(nearness, target)
    weights = np.zeros(len(target))
    weights[fitted.support_] = fitted.dual_coef_[0]
    return weights, float(fitted.intercept_[0])

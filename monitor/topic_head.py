"""A small multi-label head over text vectors and typed signals, fitted in about a second.

The vector of a text says its subject, its language and its manner; the mean of each language is
taken out, so that what is learned in one language holds in the other. One question is whether a
text is about the rules watched at all, one a topic is which of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor import calibration, learners
from monitor.learners import Kind, Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen by cross-validation over the shipped examples; not sensitive within a factor of 2.
SIGNAL_WEIGHT = 0.2
# What the best topic of a relevant text has to reach, else its score is lowered too: what fits no
# topic has none, however relevant it seems.
LEAST_FIT = 0.5
# How fast a topic's score falls behind the best one's: a text on platforms touches several topics
# and is about one or two.
SECOND_TOPIC = 0.75


@dataclass(frozen=True, slots=True)
class Example:
    """A text whose topics are known.

    Attributes:
        text: the text as it is encoded.
        language: `vi` or `en`.
        topics: what it is about; none means off-topic, or that it only says what it is not about.
        relevant: whether it is about any topic; None where the example does not say.
        silent: topics of which it says nothing.
    """

    text: str
    language: str
    topics: frozenset[str]
    relevant: bool | None
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is fitted: with the same examples the same recipe gives the same head.

    Attributes:
        kind: the learner, support vector machines or logistic regression.
        thresholds: by topic, over those of the configuration.
    """

    kind: Kind = "svm"
    thresholds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scores:
    """What n passages score, each 0..1.

    Attributes:
        relevance: that of being about any topic, shape (n,).
        topics: that of each topic, shape (n, topics).
        nearest: the place of the nearest example of each topic, shape (n, topics).
    """

    relevance: "NDArray[np.float64]"
    topics: "NDArray[np.float64]"
    nearest: "NDArray[np.intp]"


@dataclass(frozen=True, slots=True)
class Head:
    """What was fitted.

    Attributes:
        means: each language's mean vector.
        boundary: gives the margins, relevance first, then each topic.
        scale: makes them chances.
        anchors: the examples' features, shape (examples, features).
        members: whether each example is about each topic, (examples, topics).
    """

    means: "Mapping[str, NDArray[np.float64]]"
    boundary: learners.Boundary
    scale: calibration.Scale
    anchors: "NDArray[np.float64]"
    members: "NDArray[np.bool_]"

    def scores(
        self,
        vectors: "NDArray[np.floating]",
        signals: Sequence[Sequence[float]],
        languages: Sequence[str],
    ) -> Scores:
        """Return what passages score, of their vectors (n, dimensions) and signals (n, k).

        A topic's score is the relevance to any of them, lowered as far as the topic fits worse
        than the best one: the scores of an irrelevant text are all low, and the best topic of a
        relevant text that any topic fits has the full relevance.
        """
        import numpy as np

        features = _features(vectors, signals, languages, self.means)
        chances = self.scale.chances(self.boundary.margins(features))
        relevance, fits = chances[:, 0], chances[:, 1:]
        best = np.maximum(fits.max(axis=1, keepdims=True, initial=0), LEAST_FIT)
        scores = relevance[:, None] * (fits / best) ** SECOND_TOPIC
        near = learners.nearness(features, self.anchors)
        # Nearness is positive, so an example of another topic is farther than any of its own.
        own = np.where(self.members[None], near[:, :, None], -1)
        return Scores(relevance, scores, own.argmax(axis=1))


def fit(
    examples: Sequence[Example],
    vectors: "NDArray[np.floating]",
    signals: Sequence[Sequence[float]],
    topics: Sequence[str],
    recipe: Recipe,
) -> Head:
    """Fit a head on examples, their vectors (n, dimensions) and their signals (n, k)."""
    import numpy as np

    languages = [example.language for example in examples]
    means = _means(vectors, languages)
    features = _features(vectors, signals, languages, means)
    members = np.array([[topic in one.topics for topic in topics] for one in examples])
    members = members.reshape(len(examples), len(topics))
    questions = [
        Question(
            np.array([bool(one.relevant) for one in examples]),
            np.array([one.relevant is not None for one in examples]),
        )
    ]
    for column, topic in enumerate(topics):
        answered = np.array([topic not in one.silent for one in examples])
        questions.append(Question(members[:, column], answered))
    learned = learners.learn(recipe.kind, features, questions)
    scale = calibration.fit(learned.unseen, questions)
    return Head(means, learned.boundary, scale, features, members)


def _means(
    vectors: "NDArray[np.floating]", languages: Sequence[str]
) -> "dict[str, NDArray[np.float64]]":
    import numpy as np

    exact = np.asarray(vectors, np.float64)
    of = np.asarray(languages)
    return {language: exact[of == language].mean(axis=0) for language in sorted(set(languages))}


def _features(
    vectors: "NDArray[np.floating]",
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

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
from monitor.topic_features import features_of, means_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        weight: how many examples it counts as.
    """

    text: str
    language: str
    topics: frozenset[str]
    relevant: bool | None
    silent: frozenset[str] = frozenset()
    weight: float = 1.0


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
        levels: what makes the margins of a language comparable in which no topic is described.
        scale: makes margins chances.
        anchors: the examples' features, shape (examples, features).
        members: whether each example is about each topic, (examples, topics).
    """

    means: "Mapping[str, NDArray[np.float64]]"
    boundary: learners.Boundary
    levels: Mapping[str, calibration.Level]
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

        features = features_of(vectors, signals, languages, self.means)
        margins = self.boundary.margins(features)
        for language, level in self.levels.items():
            rows = np.asarray(languages) == language
            margins[rows] = level.of(margins[rows])
        chances = self.scale.chances(margins)
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
    means = means_of(vectors, languages)
    features = features_of(vectors, signals, languages, means)
    members = np.array([[topic in one.topics for topic in topics] for one in examples])
    members = members.reshape(len(examples), len(topics))
    taught = _taught(examples)
    relevant = np.array([bool(one.relevant) for one in examples])
    said = np.array([one.relevant is not None for one in examples])
    questions = [Question(relevant, said & taught)]
    for column, topic in enumerate(topics):
        answered = np.array([topic not in one.silent for one in examples])
        questions.append(Question(members[:, column], answered & taught))
    weights = np.array([one.weight for one in examples])
    learned = learners.learn(recipe.kind, features, questions, weights)
    levels = {}
    for language in sorted(set(np.asarray(languages)[~taught].tolist())):
        own = np.asarray(languages) == language
        # Where it is known to be off-topic, it is compared with what else is.
        known = said & ~relevant if (own & said).any() else np.ones(len(examples), bool)
        margins = learned.boundary.margins(features[own & known])
        levels[language] = calibration.level(margins, learned.unseen[taught & known])
    scale = calibration.fit(learned.unseen, questions)
    return Head(means, learned.boundary, levels, scale, features, members)


def _taught(examples: Sequence[Example]) -> "NDArray[np.bool_]":
    """Tell which examples are in a language in which some topic is described.

    What is known of another language is off-topic at most: learned from, it would make the
    language itself look off-topic.
    """
    import numpy as np

    languages = {one.language for one in examples if one.relevant}
    return np.array([one.language in languages or not languages for one in examples])

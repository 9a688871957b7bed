"""The learners of a head: for each question a margin, positive where the answer is yes.

The kernel of the support vector machines is local (RBF): on-topic texts lie in many places, and a
new example then acts near itself only. Logistic regression draws one straight boundary a question,
which many labelled texts support better than few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["svm", "logistic"]

# Chosen by cross-validation over the shipped examples; none is sensitive within a factor of 2.
GAMMA = 1.0
SLACK = 10.0
LOOSENESS = 10.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is learned: the examples' answers, and which of them answer it at all."""

    answers: "NDArray[np.bool_]"
    answered: "NDArray[np.bool_]"


class Learned(Protocol):
    """What was learned of some questions."""

    def margins(self, features: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return the margins of texts, shape (n, questions), of their features (n, k)."""


@dataclass(frozen=True, slots=True)
class Machines:
    """Support vector machines: what each example weighs (examples, questions), the constants."""

    anchors: "NDArray[np.float64]"
    weights: "NDArray[np.float64]"
    offsets: "NDArray[np.float64]"

    def margins(self, features: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return the margins of texts, shape (n, questions)."""
        return nearness(features, self.anchors) @ self.weights + self.offsets


@dataclass(frozen=True, slots=True)
class Lines:
    """Logistic regressions: what each feature weighs (k, questions), and the constants."""

    weights: "NDArray[np.float64]"
    offsets: "NDArray[np.float64]"

    def margins(self, features: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return the margins of texts, shape (n, questions)."""
        return features @ self.weights + self.offsets


def learn(kind: Kind, features: "NDArray[np.float64]", questions: Sequence[Question]) -> Learned:
    """Learn each question from the examples (n, k) that answer it, yes and no of equal weight.

    A question that all examples answer alike has that answer's margin of one everywhere.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    fit = _machine if kind == "svm" else _line
    # On a busy machine several threads solve systems this small twenty times slower than one.
    with threadpool_limits(limits=1, user_api="blas"):
        known = nearness(features, features) if kind == "svm" else features
        fitted = [fit(known, question) for question in questions]
    weights = np.stack([weights for weights, _ in fitted], axis=1)
    offsets = np.asarray([offset for _, offset in fitted])
    return Machines(features, weights, offsets) if kind == "svm" else Lines(weights, offsets)


def nearness(
    features: "NDArray[np.float64]", anchors: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return the RBF kernel of two sets of features, shape (len(features), len(anchors))."""
    import numpy as np

    squares = (features**2).sum(axis=1)[:, None] + (anchors**2).sum(axis=1)
    distances = squares - 2 * features @ anchors.T
    return np.asarray(np.exp(-GAMMA * np.maximum(distances, 0)), np.float64)


def _machine(
    known: "NDArray[np.float64]", question: Question
) -> "tuple[NDArray[np.float64], float]":
    import numpy as np
    from sklearn.svm import SVC

    rows = np.flatnonzero(question.answered)
    answers = question.answers[rows]
    weights = np.zeros(len(known))
    if answers.all() or not answers.any():
        return weights, 1.0 if answers.any() else -1.0
    machine = SVC(C=SLACK, kernel="precomputed", class_weight="balanced")
    machine.fit(known[np.ix_(rows, rows)], answers)
    weights[rows[machine.support_]] = machine.dual_coef_[0]
    return weights, float(machine.intercept_[0])


def _line(known: "NDArray[np.float64]", question: Question) -> "tuple[NDArray[np.float64], float]":
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = np.flatnonzero(question.answered)
    answers = question.answers[rows]
    if answers.all() or not answers.any():
        return np.zeros(known.shape[1]), 1.0 if answers.any() else -1.0
    line = LogisticRegression(C=LOOSENESS, class_weight="balanced", max_iter=1_000)
    line.fit(known[rows], answers)
    return np.asarray(line.coef_[0], np.float64), float(line.intercept_[0])

"""The learners of a head: for each question a margin, positive where the answer is yes.

Least-squares support vector machines (Suykens and Vandewalle, 1999) have a local kernel (RBF):
on-topic texts lie in many places, and a new example then acts near itself only. What they would
have said of an example without having seen it has a closed form (Cawley and Talbot, 2004).
Logistic regression draws one straight boundary a question, which many labelled texts support
better than few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["svm", "logistic"]

# Chosen by leaving out groups of like examples; none is sensitive within a factor of 2.
GAMMA = 1.0
RIDGE = 0.1
LOOSENESS = 10.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What is learned: the examples' answers, and which of them answer it at all."""

    answers: "NDArray[np.bool_]"
    answered: "NDArray[np.bool_]"

    @property
    def is_open(self) -> bool:
        """Whether both answers are given, so that there is something to learn."""
        given = self.answers[self.answered]
        return bool(given.any() and not given.all())


class Boundary(Protocol):
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


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, and the margin that each example gets from the others alone.

    Attributes:
        boundary: gives the margins of new texts.
        unseen: shape (examples, questions); 0 where an example answers nothing.
    """

    boundary: Boundary
    unseen: "NDArray[np.float64]"


def learn(
    kind: Kind,
    features: "NDArray[np.float64]",
    questions: Sequence[Question],
    weights: "NDArray[np.float64] | None" = None,
) -> Learned:
    """Learn each question from the examples, of features (n, k), that answer it.

    An error on an example of weight 2 is as bad as one on each of two examples; without weights
    all count the same. Where all give one answer there is nothing to learn: its margin of one
    holds everywhere.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    # On a busy machine several threads solve systems this small twenty times slower than one.
    weights = np.ones(len(features)) if weights is None else weights
    with threadpool_limits(limits=1, user_api="blas"):
        method = _machines if kind == "svm" else _lines
        return method(features, questions, weights)


def nearness(
    features: "NDArray[np.float64]", anchors: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return the RBF kernel of two sets of features, shape (len(features), len(anchors))."""
    import numpy as np

    squares = (features**2).sum(axis=1)[:, None] + (anchors**2).sum(axis=1)
    distances = squares - 2 * features @ anchors.T
    return np.asarray(np.exp(-GAMMA * np.maximum(distances, 0)), np.float64)


def _machines(
    features: "NDArray[np.float64]", questions: Sequence[Question], counts: "NDArray[np.float64]"
) -> Learned:
    """Solve all questions that the same examples answer with one inverse."""
    import numpy as np

    count = len(features)
    inverse = np.asarray(np.linalg.inv(_system(features, counts)), np.float64)
    weights = np.zeros((count + 1, len(questions)))
    unseen = np.zeros((count, len(questions)))
    shared: dict[bytes, list[int]] = {}
    for place, question in enumerate(questions):
        if question.is_open:
            shared.setdefault(question.answered.tobytes(), []).append(place)
        else:
            weights[count, place] = unseen[:, place] = _only_answer(question)
    for places in shared.values():
        answered = questions[places[0]].answered
        rows = np.flatnonzero(answered)
        known = _inverse_of(inverse, np.append(answered, True))
        targets = np.stack([np.where(questions[p].answers[rows], 1.0, -1.0) for p in places], 1)
        solved = known[:, :-1] @ targets
        columns = np.asarray(places)
        weights[np.ix_(np.append(rows, count), columns)] = solved
        unseen[np.ix_(rows, columns)] = targets - solved[:-1] / np.diag(known)[:-1, None]
    return Learned(Machines(features, weights[:-1], weights[-1]), unseen)


def _system(
    features: "NDArray[np.float64]", counts: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return the weighted system (Suykens, De Brabanter, Lukas and Vandewalle, 2002)."""
    import numpy as np

    count = len(features)
    system = np.ones((count + 1, count + 1))
    system[:count, :count] = nearness(features, features) + np.diag(RIDGE / counts)
    system[count, count] = 0
    return system


def _inverse_of(inverse: "NDArray[np.float64]", kept: "NDArray[np.bool_]") -> "NDArray[np.float64]":
    """Return the inverse of a matrix without some of its rows and columns from its inverse."""
    import numpy as np

    if kept.all():
        return inverse
    within, across = inverse[np.ix_(kept, kept)], inverse[np.ix_(~kept, kept)]
    return np.asarray(within - across.T @ np.linalg.solve(inverse[np.ix_(~kept, ~kept)], across))


def _lines(
    features: "NDArray[np.float64]", questions: Sequence[Question], counts: "NDArray[np.float64]"
) -> Learned:
    import numpy as np

    count, width = features.shape
    weights, offsets = np.zeros((width, len(questions))), np.zeros(len(questions))
    unseen = np.zeros((count, len(questions)))
    fold = np.random.default_rng(0).permutation(count) % FOLDS
    for place, question in enumerate(questions):
        weights[:, place], offsets[place] = _line(features, question, counts)
        for held_out in range(FOLDS):
            rest = Question(question.answers, question.answered & (fold != held_out))
            line, offset = _line(features, rest, counts)
            rows = fold == held_out
            unseen[rows, place] = features[rows] @ line + offset
    return Learned(Lines(weights, offsets), unseen)


def _line(
    features: "NDArray[np.float64]", question: Question, counts: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float64], float]":
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    if not question.is_open:
        return np.zeros(features.shape[1]), _only_answer(question)
    line = LogisticRegression(C=LOOSENESS, class_weight="balanced", max_iter=1_000)
    asked = question.answered
    line.fit(features[asked], question.answers[asked], sample_weight=counts[asked])
    return np.asarray(line.coef_[0], np.float64), float(line.intercept_[0])


def _only_answer(question: Question) -> float:
    return 1.0 if question.answers[question.answered].any() else -1.0

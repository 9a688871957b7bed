"""Margins to chances, so that 0.5 means the same for every topic and for relevance.

Each question has a sigmoid of its own, fitted on the margins that examples get from a learner that
has not seen them (Platt, 1999; targets after Lin, Lin and Weng, 2007). A topic of few examples
stays near the sigmoid that all topics have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.learners import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Where a sigmoid starts from, and how many examples it takes to move a topic's from the common one.
START = (4.0, 0.0)
STEADINESS = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """The sigmoids of some questions: slope and offset of each, shape (2, questions)."""

    lines: "NDArray[np.float64]"

    def chances(self, margins: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return chances, 0..1, of margins; both (n, questions)."""
        import numpy as np

        exponent = margins * self.lines[0] + self.lines[1]
        return np.asarray(1 / (1 + np.exp(-np.clip(exponent, -50, 50))), np.float64)


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch and a shift of margins for each question, shape (questions,)."""

    stretch: "NDArray[np.float64]"
    shift: "NDArray[np.float64]"

    def of(self, margins: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return levelled margins, shape (n, questions)."""
        return margins * self.stretch + self.shift


def level(margins: "NDArray[np.float64]", usual: "NDArray[np.float64]") -> Level:
    """Return what gives margins the mean and the spread of the usual ones, question by question.

    Both are (n, questions), of texts alike in what they are about: what was learned in one
    language says the same of another, only more faintly.
    """
    import numpy as np

    stretch = usual.std(axis=0) / np.maximum(margins.std(axis=0), 1e-9)
    # A handful of texts tells little of their spread.
    stretch = np.clip(stretch, 0.5, 2.0) if len(margins) > 1 else np.ones(margins.shape[1])
    return Level(stretch, usual.mean(axis=0) - margins.mean(axis=0) * stretch)


def fit(unseen: "NDArray[np.float64]", questions: Sequence[Question]) -> Scale:
    """Fit a scale on margins (examples, questions) that were given without having seen them.

    The first question is relevance; the others are asked of relevant examples only, because a
    topic's chance is that among the texts that are about any. How many examples somebody wrote
    says nothing of how frequent a topic is: relevant and other examples weigh the same in all,
    and so do the examples of each topic.
    """
    import numpy as np

    relevance, topics = questions[0], questions[1:]
    asked = relevance.answered
    lines = [_sigmoid(*_evenly(unseen[asked, 0], relevance.answers[asked], 0.5), START)]
    rows = [topic.answered & relevance.answers for topic in topics]
    answers = [topic.answers[own] for topic, own in zip(topics, rows, strict=True)]
    share = float(np.mean([own.mean() for own in answers if len(own)] or [0.5]))
    columns = [
        _evenly(unseen[own, place], answer, share)
        for place, (own, answer) in enumerate(zip(rows, answers, strict=True), 1)
    ]
    if topics:
        margins, targets, weights = (np.concatenate(parts) for parts in zip(*columns, strict=True))
        common = _sigmoid(margins, targets, weights, START)
        lines += [_sigmoid(*column, common) for column in columns]
    return Scale(np.asarray(lines).T)


def _evenly(
    margins: "NDArray[np.float64]", answers: "NDArray[np.bool_]", share: float
) -> "tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]":
    """Return margins, the chances they are to give, and weights that make yes `share` of all."""
    import numpy as np

    yes, no = int(answers.sum()), int((~answers).sum())
    targets = np.where(answers, (yes + 1) / (yes + 2), 1 / (no + 2))
    weights = np.where(answers, share / max(yes, 1), (1 - share) / max(no, 1)) * len(answers)
    return margins, targets, weights


def _sigmoid(
    margins: "NDArray[np.float64]",
    targets: "NDArray[np.float64]",
    weights: "NDArray[np.float64]",
    prior: tuple[float, float],
) -> tuple[float, float]:
    """Return the slope and offset that give the targets best and stay near `prior`."""
    import numpy as np
    from scipy.optimize import minimize

    def loss(line: "NDArray[np.float64]") -> "tuple[float, NDArray[np.float64]]":
        exponent = line[0] * margins + line[1]
        wrong = weights * (1 / (1 + np.exp(-np.clip(exponent, -50, 50))) - targets)
        away = line - np.asarray(prior)
        value = float((weights * (np.logaddexp(0, exponent) - targets * exponent)).sum())
        gradient = np.asarray([(wrong * margins).sum(), wrong.sum()])
        return value + STEADINESS / 2 * float(away @ away), gradient + STEADINESS * away

    found = minimize(loss, np.asarray(prior), jac=True, method="BFGS")
    return float(found.x[0]), float(found.x[1])

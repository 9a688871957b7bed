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


def fit(unseen: "NDArray[np.float64]", questions: Sequence[Question]) -> Scale:
    """Fit a scale on margins (examples, questions) that were given without having seen them.

    The first question is relevance; the others are asked of relevant examples only, because a
    topic's chance is that among the texts that are about any.
    """
    import numpy as np

    relevance, topics = questions[0], questions[1:]
    columns = [(unseen[relevance.answered, 0], relevance.answers[relevance.answered])]
    for place, topic in enumerate(topics, 1):
        rows = topic.answered & relevance.answers
        columns.append((unseen[rows, place], topic.answers[rows]))
    lines = [_sigmoid(*columns[0], START)]
    if topics:
        margins = np.concatenate([margins for margins, _ in columns[1:]])
        answers = np.concatenate([answers for _, answers in columns[1:]])
        common = _sigmoid(margins, answers, START)
        lines += [_sigmoid(*column, common) for column in columns[1:]]
    return Scale(np.asarray(lines).T)


def _sigmoid(
    margins: "NDArray[np.float64]", answers: "NDArray[np.bool_]", prior: tuple[float, float]
) -> tuple[float, float]:
    """Return the slope and offset that explain the answers best and stay near `prior`."""
    import numpy as np
    from scipy.optimize import minimize

    yes, no = int(answers.sum()), int((~answers).sum())
    targets = np.where(answers, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(line: "NDArray[np.float64]") -> "tuple[float, NDArray[np.float64]]":
        exponent = line[0] * margins + line[1]
        wrong = 1 / (1 + np.exp(-np.clip(exponent, -50, 50))) - targets
        away = line - np.asarray(prior)
        value = float((np.logaddexp(0, exponent) - targets * exponent).sum())
        gradient = np.asarray([(wrong * margins).sum(), wrong.sum()])
        return value + STEADINESS / 2 * float(away @ away), gradient + STEADINESS * away

    found = minimize(loss, np.asarray(prior), jac=True, method="BFGS")
    return float(found.x[0]), float(found.x[1])

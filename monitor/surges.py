"""Whether coverage of a topic surges: a day's count beside the topic's own past.

The expected count of a day is the topic's level, by the weeks before (recent ones weigh more),
times the usual share of its weekday. The level is made robust against earlier surges by weighting
their days down (Noufaily et al., "An improved algorithm for outbreak detection in multiple
surveillance systems", Statistics in Medicine 32, 2013, after Farrington et al., JRSS A 159,
1996, who take the same weekday of a number of weeks and a quasi-Poisson spread). A count is a
surge when it lies in the upper tail of the negative binomial distribution whose variance holds
both the spread of the counts and the uncertainty of the expectation.

What none of these know is that a day is small: `LEAST` and `FACTOR` keep what is rare from being
called a surge when it merely happens twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_WEEKS, LEAST_WEEKS = 8, 4
LEAST = 6
"""A day with fewer stories or items is no surge, however quiet the topic was."""
FACTOR = 1.5
TAIL = 0.001
"""How seldom a day of an ordinary topic may reach the threshold by chance."""
_HALF_LIFE_WEEKS = 4.0
_PRIOR = 20.0
"""A weekday's share is drawn towards the others' as by this many items."""
_UNUSUAL = 2.58
"""Residuals above this many standard deviations are weighted down, as Noufaily et al. do."""
_ROUNDS = 4
_LEAST_DAYS = 21


@dataclass(frozen=True, slots=True)
class DayJudged:
    """A day's count beside what was expected; `probability` is that of so many or more.

    `surges` tells the verdict, `reason` why it is none.
    """

    count: int
    expected: float
    probability: float
    surges: bool
    reason: str = ""


def judge_day(past: Sequence[int | None], count: int, *, tail: float = TAIL) -> DayJudged:
    """Judge the count of the day that follows the days of `past`.

    Args:
        past: the counts of the days right before, oldest first; None where nothing could be
            gathered on a day. Only the last eight whole weeks are looked at; with fewer than
            four, or with too many gaps, there is too little history to judge by.
        count: the count of the day that is judged.
        tail: how likely, at most, an ordinary day is to reach a count that is called a surge.
    """
    import numpy as np

    weeks = min(MOST_WEEKS, len(past) // 7)
    counts = np.array([np.nan if one is None else one for one in past[-7 * weeks :]], dtype=float)
    known = np.isfinite(counts)
    if weeks < LEAST_WEEKS or known.sum() < _LEAST_DAYS:
        reason = f"too little history: {int(known.sum())} days"
        return DayJudged(count, 0.0, 1.0, False, reason)
    table = counts.reshape(weeks, 7) if weeks else counts
    expected, variance = _expectation(table)
    probability = _upper_tail(count, expected, variance)
    if count < LEAST:
        reason = f"{count} is fewer than {LEAST}"
    elif probability >= tail:
        reason = f"{count} is not unusual where {expected:.1f} are expected"
    elif count < FACTOR * expected:
        reason = f"{count} is not {FACTOR} times the expected {expected:.1f}"
    else:
        return DayJudged(count, expected, probability, True)
    return DayJudged(count, expected, probability, False, reason)


def few(count: int) -> DayJudged:
    """The verdict on a day of fewer than `LEAST`, whatever its past."""
    return DayJudged(count, 0.0, 1.0, False, f"{count} is fewer than {LEAST}")


def _expectation(table: "Floats") -> tuple[float, float]:
    """The expected count of the next day and the variance of a new count around it.

    `table` has a row a week, oldest first; its first column holds the weekday that is judged.
    """
    import numpy as np

    known = np.isfinite(table)
    counts = np.where(known, table, 0.0)
    ages = np.arange(len(table), 0, -1)[:, None]
    recency = np.where(known, 0.5 ** (ages / _HALF_LIFE_WEEKS), 0.0)
    ordinary = np.ones_like(counts)
    fitted, spread = counts, 1.0
    for _ in range(_ROUNDS):
        weights = recency * ordinary
        level = max((weights * counts).sum() / weights.sum(), 0.5 / known.sum())
        of_day = (weights * counts).sum(axis=0) + _PRIOR * level / max(level, 1.0)
        share = of_day / (level * weights.sum(axis=0) + _PRIOR * level / max(level, 1.0))
        fitted = np.broadcast_to(level * share, counts.shape)
        pearson = np.where(known, (counts - fitted) ** 2 / fitted, 0.0)
        freedom = max((weights > 0).sum() - 7.0, 7.0)
        spread = max(1.0, float((ordinary * pearson).sum() / freedom))
        residuals = (counts - fitted) / np.sqrt(spread * fitted)
        ordinary = np.where(residuals > _UNUSUAL, (_UNUSUAL / residuals.clip(_UNUSUAL)) ** 2, 1.0)
    expected = float(fitted[0, 0])
    weights = recency * ordinary
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    of_level = spread * expected / effective
    return expected, spread * expected + of_level * 2.0


def _upper_tail(count: int, mean: float, variance: float) -> float:
    """The probability of `count` or more under a negative binomial distribution."""
    from scipy.stats import nbinom, poisson

    if variance <= mean * 1.001:
        return float(poisson.sf(count - 1, mean))
    size = mean**2 / (variance - mean)
    found = float(nbinom.sf(count - 1, size, size / (size + mean)))
    return found if isfinite(found) else 1.0

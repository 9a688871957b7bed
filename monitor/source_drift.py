"""Whether the pages of a source differ lately from its own normal: tests on plain figures.

A sign is something a page shows or does not show. Its share among the last pages is held against
that of the weeks before by Fisher's exact test (R. A. Fisher, "On the interpretation of
chi-squared from contingency tables", J. Royal Statistical Society 85, 1922), lengths by the
rank-sum test (H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is
stochastically larger than the other", Annals of Mathematical Statistics 18, 1947), which no single
long page can move. Both take pages for independent, which those of one morning are not: so the
difference must also be large, and larger than among any run of as many pages before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

WINDOWS = (5, 10, 25)
"""How many of the last pages are judged: a few that are all wrong, or many of which most are."""
LEAST_NORMAL, LEAST_BAD = 30, 5
"""With fewer normal pages, or fewer that show a sign, there is no evidence."""
MARGIN, BEYOND = 0.4, 0.2
"""By how much a share must exceed the normal one, and the highest of any run of pages before."""
CHANCE, LENGTH_CHANCE = 1e-4, 1e-3
COLLAPSED, SWOLLEN = 0.4, 3.0
"""Medians of lengths that count as changed, in normal ones."""
BEYOND_RUNS = 0.75
_CLOSE = 0.2


@dataclass(frozen=True, slots=True)
class Shift:
    """A sign that is too frequent.

    Attributes:
        start: the place of the first page that it is thought to have begun with.
        bad, pages: how many of the pages from there on show it.
        normal_bad, normal_pages: the same of the normal ones.
        chance: the probability of such a difference where there is none.
    """

    start: int
    bad: int
    pages: int
    normal_bad: int
    normal_pages: int
    chance: float


@dataclass(frozen=True, slots=True)
class LengthShift:
    """A median of lengths that collapsed or swelled, beside the normal one, in characters."""

    start: int
    median: float
    normal: float
    pages: int
    chance: float


def shift_of(normal: Sequence[bool], recent: Sequence[bool]) -> Shift | None:
    """How the recent pages differ from the normal ones, oldest first; None where they do not.

    Where the last of them are as they ought to be, whatever it was is over.
    """
    if len(normal) < LEAST_NORMAL:
        return None
    share = sum(normal) / len(normal)
    for size in WINDOWS:
        last = recent[-size:]
        if len(last) < min(size, WINDOWS[0]):
            return None
        bad = sum(last)
        least = max(share + MARGIN, highest_share(normal, len(last)) + BEYOND)
        if bad < LEAST_BAD or bad < least * len(last):
            continue
        chance = fisher(bad, len(last), sum(normal), len(normal))
        if chance < CHANCE and not is_normal_again(normal, recent):
            start = start_of(recent)
            if sum(recent[start:]) < LEAST_BAD:
                # Every other page shows it, so that it prevails nowhere.
                start = start_of(recent, against=0.5)
            since = recent[start:]
            return Shift(start, sum(since), len(since), sum(normal), len(normal), chance)
    return None


def is_normal_again(normal: Sequence[bool], recent: Sequence[bool]) -> bool:
    """Whether a sign that was too frequent is no more so among at least five recent pages."""
    last = recent[-WINDOWS[1] :]
    if len(last) < WINDOWS[0]:
        return False
    share = sum(normal) / len(normal) if normal else 0.0
    usual = max(share + _CLOSE, highest_share(normal, len(last)))
    return sum(last) <= usual * len(last)


def length_shift(normal: Sequence[int], recent: Sequence[int]) -> LengthShift | None:
    """How the lengths of recent texts differ from normal ones; None where they do not."""
    if len(normal) < LEAST_NORMAL:
        return None
    usual = median(normal)
    for size in WINDOWS:
        last = recent[-size:]
        if len(last) < WINDOWS[0]:
            return None
        now = median(last)
        runs = medians(normal, len(last))
        shrunk = now <= COLLAPSED * usual and now <= BEYOND_RUNS * min(runs)
        swollen = now >= SWOLLEN * usual and BEYOND_RUNS * now >= max(runs)
        if not (shrunk or swollen):
            continue
        chance = rank_sum(normal, last, smaller=shrunk)
        if chance < LENGTH_CHANCE:
            edge = (now + usual) / 2
            odd = [one < edge if shrunk else one > edge for one in recent]
            return LengthShift(start_of(odd), now, usual, len(last), chance)
    return None


def is_long_again(normal: Sequence[int], recent: Sequence[int], told: float) -> bool:
    """Whether the median of recent texts has left the side on which it was `told` to be."""
    last = recent[-WINDOWS[1] :]
    if len(last) < WINDOWS[0] or not normal:
        return False
    usual, now = median(normal), median(last)
    edge = (told + usual) / 2
    return now >= edge if told < usual else now <= edge


def highest_share(signs: Sequence[bool], size: int) -> float:
    """The highest share of a sign among any `size` pages in a row; 0 for fewer pages."""
    sums = [0, *accumulate(signs)]
    return max((sums[end] - sums[end - size] for end in range(size, len(sums))), default=0) / size


def medians(lengths: Sequence[int], size: int) -> list[float]:
    """The medians of all runs of `size` pages."""
    return [median(lengths[start : start + size]) for start in range(len(lengths) - size + 1)]


def start_of(signs: Sequence[bool], *, against: float = 2.0) -> int:
    """Where a sign began to prevail: the start of the end that holds most of it over the rest.

    A page without it weighs so much `against` one with it. The maximum of the cumulated sum from
    behind (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954).
    """
    sums = list(accumulate(1 if one else -against for one in reversed(signs)))
    return sums[::-1].index(max(sums)) if sums else 0


def fisher(bad: int, pages: int, normal_bad: int, normal_pages: int) -> float:
    """The one-sided probability of Fisher's exact test that `bad` of `pages` is no more."""
    from scipy.stats import hypergeom

    # At least `bad` among `pages` drawn from all of them.
    return float(hypergeom.sf(bad - 1, pages + normal_pages, bad + normal_bad, pages))


def rank_sum(normal: Sequence[int], recent: Sequence[int], *, smaller: bool) -> float:
    """The one-sided probability of the rank-sum test that recent lengths are no smaller (or
    no larger)."""
    from scipy.stats import mannwhitneyu

    side = "less" if smaller else "greater"
    return float(mannwhitneyu(recent, normal, alternative=side, method="asymptotic").pvalue)

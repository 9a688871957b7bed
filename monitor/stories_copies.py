"""Whether one article is a copy or a light rewrite of another, by their words alone."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.stories_series import is_next_of_series
from monitor.stories_wording import LEAST, Wording

WITHIN = timedelta(days=30)
FRESH = timedelta(hours=48)
"""What is told later is a copy only when nearly all of it is: series repeat their phrases."""

SAME = 0.45
NEARLY_ALL = 0.7
NEARLY_ALL_LATER = 0.85
"""A month on the same sentences tell that the draft was adopted."""
SAME_ROUND_UP = 0.85
CONTAINED = 0.8
HALF = 0.4
PART = 0.15
SHORT = 30
TITLES_ALIKE = 0.5
FIGURES_ALIKE = 0.7
FEWEST_FIGURES = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two wordings are, all 0..1.

    Attributes:
        same: shared sequences among all of both.
        contained: shared sequences among those of the shorter.
        size: the shorter's length as a share of the longer's.
        titles: shared words among all of both headlines.
    """

    same: float
    contained: float
    size: float
    titles: float


def likeness(one: Wording, other: Wording) -> Likeness:
    """How alike two wordings are."""
    short, long = sorted((one.sequences, other.sequences), key=len)
    if not short:
        return Likeness(0.0, 0.0, 0.0, 0.0)
    shared = len(short & long)
    titles = len(one.title & other.title) / max(len(one.title | other.title), 1)
    return Likeness(
        shared / (len(short) + len(long) - shared),
        shared / len(short),
        len(short) / len(long),
        titles,
    )


def copied(
    one: Wording, other: Wording, apart: timedelta, *, round_up: bool = False
) -> tuple[float, str] | None:
    """The score, 0..1, and the reason that one is a copy of the other; None when it is not.

    Args:
        one, other: the two, in any order.
        apart: the time between the two tellings.
        round_up: one of them holds several unrelated items: it has copies of itself alone.
    """
    found = likeness(one, other)
    fewest = min(len(one.sequences), len(other.sequences))
    if abs(apart) > WITHIN or fewest < LEAST or _figures_differ(one, other):
        return None
    if round_up:
        is_copy = found.same >= SAME_ROUND_UP and found.titles >= TITLES_ALIKE
    elif abs(apart) > FRESH:
        is_copy = found.same >= NEARLY_ALL_LATER
    elif fewest < SHORT:
        is_copy = found.same >= NEARLY_ALL
    else:
        is_copy = found.same >= SAME or (
            found.contained >= CONTAINED
            and (found.size >= HALF or (found.size >= PART and found.titles >= TITLES_ALIKE))
        )
    if not is_copy or is_next_of_series(one, other, apart, found.same):
        return None
    if found.same >= SAME:
        return found.same, f"{found.same:.0%} of their wording is the same"
    return found.contained, f"{found.contained:.0%} of the shorter one stands in the longer one"


def holds(one: Wording, other: Wording) -> bool:
    """Whether most of `other` stands in `one`, which says much besides."""
    found = likeness(one, other)
    is_longer = len(one.sequences) > len(other.sequences)
    return is_longer and found.contained >= NEARLY_ALL and found.same < NEARLY_ALL


def _figures_differ(one: Wording, other: Wording) -> bool:
    """Whether the figures differ: today's gold price is not a copy of yesterday's."""
    few, many = sorted((one.figures, other.figures), key=len)
    if len(few) < FEWEST_FIGURES:
        return False
    return len(few & many) / len(few) < FIGURES_ALIKE

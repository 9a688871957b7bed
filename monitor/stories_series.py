"""What tells the next part of a series, or a form filled in anew, from a copy.

Horoscopes, bulletins, price lists and court news repeat their sentences with another day, number
or person. A feed gives little more than such sentences, so that few words must decide.
"""

import re
from datetime import timedelta

from monitor.stories_dates import dates_of
from monitor.stories_names import are_one, longest, names_of
from monitor.stories_wording import Wording, words_of

SAME_DAY = timedelta(hours=20)
TITLES_ALIKE = 0.3
BRIEF = 60
"""A text of fewer sequences is a summary, or as good as one."""
_PART = re.compile(
    r"\b(?P<word>phần|kỳ|bài|tập|số|part|episode|chapter|vol|no)\W{1,2}(?P<number>\d{1,4}|[IVX]{1,5})\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([^:|]{8,60}):\s*(.+)")
LABEL_WORDS = 3
NEARLY_SAME = 0.9
_NUMBERED = re.compile(r"(?P<word>\w+)\W{1,2}(?P<number>\d{1,4})\b")


def is_next_of_series(one: Wording, other: Wording, apart: timedelta, same: float) -> bool:
    """Whether two texts that share their words speak of two days, parts or people.

    Args:
        one, other: the two, in any order.
        apart: the time between the two tellings.
        same: the share of their wording that is the same, 0..1.
    """
    if _differ(dates_of(one.opening), dates_of(other.opening)):
        return True
    if _numbers_differ(_PART, one.headline, other.headline):
        return True
    if min(len(one.sequences), len(other.sequences)) >= BRIEF:
        return False
    if abs(apart) > SAME_DAY:
        titles = len(one.title & other.title) / max(len(one.title | other.title), 1)
        if titles < TITLES_ALIKE or _numbers_differ(_NUMBERED, one.headline, other.headline):
            return True
    if same < NEARLY_SAME and _under_one_label(one.headline, other.headline):
        return True
    return _people_differ(one.opening, other.opening)


def _differ(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _numbers_differ(pattern: re.Pattern[str], one: str, other: str) -> bool:
    """Whether the same word bears another number in each of two headlines."""
    first, second = (
        {match["word"].casefold(): match["number"].casefold() for match in pattern.finditer(title)}
        for title in (one, other)
    )
    return any(first[word] != second[word] for word in first.keys() & second.keys())


def _under_one_label(one: str, other: str) -> bool:
    """Whether two headlines give different things below the same heading ("Xem nhanh 12h: …").

    A name before a colon is no heading, but somebody who is quoted.
    """
    first, second = _LABEL.match(one), _LABEL.match(other)
    if first is None or second is None or first[1].casefold() != second[1].casefold():
        return False
    words = first[1].split()
    if len(words) < LABEL_WORDS or 2 * sum(word[0].isupper() for word in words) > len(words):
        return False
    left, right = set(words_of(first[2])), set(words_of(second[2]))
    return len(left & right) < TITLES_ALIKE * len(left | right)


def _people_differ(one: str, other: str) -> bool:
    """Whether each names somebody, in two words or more, whom the other does not."""
    first, second = (
        longest(frozenset(name for name in names_of(text) if " " in name)) for text in (one, other)
    )
    return _lacks(first, second) and _lacks(second, first)


def _lacks(names: frozenset[str], of: frozenset[str]) -> bool:
    return any(not any(are_one(mine, own) for mine in names) for own in of)

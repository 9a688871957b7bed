"""Whether the difference of two wordings may only be one of reading, not of what was written.

Letters read from pictures are taken for others that look alike; a heading misread ties its
article to the one before; a page that was not read looks like a repeal.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"[^\W_]+")
_ALIKE = str.maketrans(
    {
        "1": "l", "i": "l", "j": "l", "0": "o", "5": "s",
        "h": "ll", "m": "rn", "w": "vv", "d": "cl", "đ": "cl",
    }
)  # fmt: skip
_FEWEST_WORDS = 4
_LONG_PASSAGE = 20
_MOSTLY = 0.6
_SPECK = 2
_LETTERS_A_MISTAKE = 5
_LONGEST = 400


@dataclass(frozen=True)
class Reading:
    """A whole text as the other's passages are looked for in it: misread letters aside."""

    text: str

    @cached_property
    def runs(self) -> dict[int, frozenset[tuple[str, ...]]]:
        """Its runs of three and of five words, by their length."""
        words = folded(self.text)
        return {size: frozenset(_runs(words, size)) for size in (3, 5)}

    def holds(self, passage: str) -> bool:
        """Whether most of a passage of some length stands in this text, wherever it may be.

        Laws repeat phrases: a long passage is looked for by longer runs of words.
        """
        words = folded(passage)
        if len(words) < _FEWEST_WORDS:
            return False
        size = 3 if len(words) < _LONG_PASSAGE else 5
        runs = _runs(words, size)
        return sum(run in self.runs[size] for run in runs) >= _MOSTLY * len(runs)


def folded(text: str) -> list[str]:
    """Give the words of a text without diacritics, letters that look alike as one."""
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return _WORD.findall(plain.translate(_ALIKE))


def is_misreading(lost: str, gained: str) -> bool:
    """Whether letters misread explain that one wording stands in the place of another.

    At most one letter in five may differ, or one where there are fewer, once diacritics, white
    space and punctuation are left aside, and so of the digits among them; nothing but a speck may
    have come or gone.
    """
    if not _alike(_digits(lost), _digits(gained)):
        return False
    before, after = "".join(folded(lost)), "".join(folded(gained))
    if not before or not after:
        return len(before) + len(after) <= _SPECK
    return _alike(before, after)


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def _alike(before: str, after: str) -> bool:
    longer = max(len(before), len(after))
    allowed = max(1, longer // _LETTERS_A_MISTAKE)
    if abs(len(before) - len(after)) > allowed or longer > _LONGEST:
        return before == after
    return _distance(before, after) <= allowed


def _runs(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def _distance(left: str, right: str) -> int:
    """Count the letters to insert, delete and replace (Levenshtein)."""
    row = list(range(len(right) + 1))
    for number, letter in enumerate(left, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(right, 1):
            cost = before + (letter != other)
            before, row[at] = row[at], min(cost, row[at] + 1, row[at - 1] + 1)
    return row[-1]

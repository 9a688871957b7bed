"""Which terms of a word list stand in a text, in time linear in the text.

Words are matched whole and one after another, whatever stands between them; no pattern here can
run away on hostile input.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

# The transformer does not see what stands behind either.
MOST_CHARACTERS = 6_000
STEM = "*"
# A longer run of letters is no word, and is taken in pieces.
_WORD = re.compile(r"[^\W_]{1,40}")


def words_of(text: str) -> list[str]:
    """Return a text's words (Vietnamese: syllables) in order, NFC and in lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).lower())


def features_of(words: Sequence[str]) -> set[str]:
    """Return the different words of a text and its pairs of neighbours ("an ninh")."""
    return {*words, *map(" ".join, pairwise(words))}


class Terms:
    """Lists of terms, each list of a kind. A term is a word or several; `*` ends a stem."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._kinds = frozenset(lists)
        self._starting: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind, terms in lists.items():
            for term in terms:
                first, *rest = unicodedata.normalize("NFC", term).lower().split()
                self._starting.setdefault(first, []).append((tuple(rest), kind))
        self._stems = tuple(first for first in self._starting if first.endswith(STEM))
        # A stream repeats its words; the bound keeps a flood of invented ones from filling memory.
        self._terms_at = lru_cache(maxsize=50_000)(self._look_up)

    def kinds_in(self, words: Sequence[str]) -> set[str]:
        """Return the kinds of which a term stands in a text, given as its words."""
        found: set[str] = set()
        for place, terms in enumerate(map(self._terms_at, words)):
            for rest, kind in terms:
                if kind not in found and _follows(rest, words, place + 1):
                    found.add(kind)
                    if found == self._kinds:
                        return found
        return found

    def remembered(self) -> int:
        """Return how many words of the texts read so far are kept at hand."""
        return self._terms_at.cache_info().currsize

    def _look_up(self, word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
        starts = [stem for stem in self._stems if _is(word, stem)]
        return tuple(term for start in (word, *starts) for term in self._starting.get(start, ()))


def _follows(rest: Sequence[str], words: Sequence[str], place: int) -> bool:
    for term in rest:
        if place == len(words) or not _is(words[place], term):
            return False
        place += 1
    return True


def _is(word: str, term: str) -> bool:
    return word == term or (term[-1] == STEM and word.startswith(term[:-1]))

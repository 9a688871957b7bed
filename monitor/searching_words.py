"""Saved searches by words: whether a text holds what a query wants, and where."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from config_queries import Phrase, Query

WORDS_AROUND = 25
"""How many words of the text are shown before and after what was found."""
LONGEST = 64
"""Of longer words only the beginning is compared."""

_WORD = re.compile(r"\w+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared: without any marks, and with them wherever the tone stands."""

    bare: str
    marked: str


def find(query: Query, texts: Sequence[str]) -> str | None:
    """The passage around the first find, where the texts together hold what the query wants.

    A word typed without marks finds the word with any marks (`dinh danh` finds `định danh`); a
    word typed with marks finds only those, in the old and the new way of placing tones (`hoà`,
    `hòa`). Case plays no part. A phrase lies within one of the texts. Takes time linear in the
    length of the texts.
    """
    cut = [_Text(text) for text in texts]
    if any(_places(phrase, cut) is not None for phrase in query.unwanted):
        return None
    first: tuple[_Text, int] | None = None
    for alternatives in query.wanted:
        found = _first(alternatives, cut)
        if found is None:
            return None
        first = first or found
    return first[0].around(first[1]) if first else None


class _Text:
    """A text, and where in it each of its words stands."""

    def __init__(self, text: str) -> None:
        self._text = unicodedata.normalize("NFC", text)
        self._spans = [found.span() for found in _WORD.finditer(self._text)]
        self._words = [self._text[start : min(end, start + LONGEST)] for start, end in self._spans]
        self._at: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._at.setdefault(_folded(word).bare, []).append(place)

    def place(self, phrase: Phrase) -> int | None:
        """The number of the word where a phrase begins first; None where it is not there."""
        wanted = [word[:LONGEST] for word in phrase.words]
        for start in self._at.get(_folded(wanted[0]).bare, []):
            there = self._words[start : start + len(wanted)]
            if len(there) == len(wanted) and all(map(_agrees, wanted, there)):
                return start
        return None

    def around(self, place: int) -> str:
        """The words around a place."""
        start = self._spans[max(0, place - WORDS_AROUND)][0]
        end = self._spans[min(len(self._spans) - 1, place + WORDS_AROUND)][1]
        return " ".join(self._text[start:end].split())


def _first(alternatives: Iterable[Phrase], texts: Sequence[_Text]) -> tuple[_Text, int] | None:
    found = (_places(phrase, texts) for phrase in alternatives)
    return next((one for one in found if one is not None), None)


def _places(phrase: Phrase, texts: Sequence[_Text]) -> tuple[_Text, int] | None:
    for text in texts:
        place = text.place(phrase)
        if place is not None:
            return text, place
    return None


def _agrees(typed: str, word: str) -> bool:
    wanted, found = _folded(typed), _folded(word)
    return wanted.bare == found.bare and wanted.marked in (wanted.bare, found.marked)


@lru_cache(maxsize=100_000)
def _folded(word: str) -> _Word:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    letters = "".join(char for char in decomposed if char not in _TONES)
    tones = "".join(sorted(char for char in decomposed if char in _TONES))
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return _Word(bare.replace("đ", "d"), letters + tones)

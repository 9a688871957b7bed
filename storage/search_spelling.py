"""Marks given back to a question that was typed without any.

Words find `dinh danh` in “định danh” all the same; a model of meaning does not, since to it the
bare syllables are other words. How they are spelled is learned from the texts of the archive
themselves: those that have the question's words side by side say which marks belong there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from storage.index_words import bare, exact
from storage.search_terms import Terms, has_marks

if TYPE_CHECKING:
    import tantivy

READ_TEXTS = 40
"""Texts that are asked how the words are spelled: those that have most of the rarest pairs."""

_WORD = re.compile(r"[^\W_]+")
TRUSTED = 4
"""How much more a text counts with each pair that it has."""

Texts = Callable[[Sequence[int]], Sequence[Sequence[str]]]
"""Gives the parts (title, summary, opening) of the newest texts of items by their numbers."""


def spelled(words: str, snapshot: "tantivy.Searcher", terms: Terms, texts: Texts) -> str:
    """The words with the marks that they have in the archive; as typed where it cannot tell.

    Words that were typed with marks are the reader's own spelling, and English has none: a text
    is only changed where all of it is bare, and a word only where texts have it marked that have
    two neighbours of the question side by side: best itself beside its own.
    """
    asked = exact(words)
    if len(asked) < 2 or has_marks(words):
        return words
    found = snapshot.search(terms.word_pairs(words, len(words)), limit=READ_TEXTS, count=False)
    items = snapshot.fast_field_values("item", [address for _, address in found.hits])
    votes = _votes(asked, texts([int(item or 0) for item in items]))
    said = [_chosen(word, votes[place]) for place, word in enumerate(asked)]
    if said == asked:
        return words
    typed = _WORD.findall(words)
    if len(typed) == len(said):
        said = [
            own if new == old else new for own, new, old in zip(typed, said, asked, strict=True)
        ]
    return " ".join(said)


def _votes(asked: Sequence[str], texts: Sequence[Sequence[str]]) -> dict[int, Counter[str]]:
    """Of each place of the question, how much speaks for each spelling of its word.

    A text counts the more, the more of the question's pairs it has: beside “tiếng”, `dinh danh` is
    “đình danh”, however many texts have “định danh”.
    """
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    alone: dict[str, list[int]] = defaultdict(list)
    for place, two in enumerate(pairwise(asked)):
        places[two].append(place)
    for place, word in enumerate(asked):
        alone[word].append(place)
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for parts in texts:
        seen: set[tuple[int, str]] = set()
        singly: set[tuple[int, str]] = set()
        had: set[int] = set()
        for part in parts:
            written = exact(part)
            plain = [bare(word) for word in written]
            for at, two in enumerate(pairwise(plain)):
                for place in places.get(two, ()):
                    had.add(place)
                    seen |= {(place, written[at]), (place + 1, written[at + 1])}
            for word, one in zip(written, plain, strict=True):
                singly |= {(place, word) for place in alone.get(one, ())}
        for place, word in singly if had else ():
            votes[place][word] += 1
        for place, word in seen:
            votes[place][word] += TRUSTED ** len(had)
    return votes


def _chosen(word: str, votes: Counter[str]) -> str:
    """The spelling that most speaks for; of equals the one that was typed."""
    return max(votes, key=lambda one: (votes[one], one == word, one), default=word)

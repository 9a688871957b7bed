"""The words of a saved search: "phrases", -not, OR; read, not yet searched for."""

import re
import unicodedata
from dataclasses import dataclass

_PART = re.compile(r'(-?)"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side, as they were typed; a single word is a phrase of one."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a text must hold: of each of `wanted` one alternative, and none of `unwanted`."""

    wanted: tuple[tuple[Phrase, ...], ...]
    unwanted: tuple[Phrase, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, as they were typed."""
    return tuple(_WORD.findall(text))


def parse_query(text: str) -> Query:
    """Read a query: all words, "phrases side by side", -not, `OR` between two that do equally.

    `OR` joins its neighbours alone: `ferry bridge OR tunnel` wants a ferry, and a bridge or a
    tunnel. A word with other signs in it, such as `e-commerce`, is a phrase.

    Raises ValueError when the query wants nothing, a phrase is not closed, or OR stands alone.
    """
    text = unicodedata.normalize("NFC", text)
    if text.count('"') % 2:
        raise ValueError('a " that closes each phrase')
    wanted: list[list[Phrase]] = []
    unwanted: list[Phrase] = []
    is_alternative = False
    for found in _PART.finditer(text):
        minus, quoted, bare = found.groups()
        if bare == "OR":
            if is_alternative or not wanted:
                raise ValueError("a word before and after each OR")
            is_alternative = True
            continue
        is_unwanted = bool(minus) or (bare is not None and bare.startswith("-"))
        phrase = Phrase(words_of(quoted if quoted is not None else bare))
        if not phrase.words:
            continue
        if is_unwanted and is_alternative:
            raise ValueError("OR between words that are wanted, not before -")
        if is_unwanted:
            unwanted.append(phrase)
        elif is_alternative:
            wanted[-1].append(phrase)
        else:
            wanted.append([phrase])
        is_alternative = False
    if is_alternative:
        raise ValueError("a word before and after each OR")
    if not wanted:
        raise ValueError("at least one word that is wanted")
    return Query(tuple(map(tuple, wanted)), tuple(unwanted))

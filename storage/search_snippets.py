"""The piece of a text that shows why it was found, with what was found marked."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from storage.index_words import folded, is_number, new_tones, number_key
from storage.query_language import Parsed
from storage.search_terms import has_marks

WINDOW = 240
"""Characters of a snippet, about three lines."""
READ = 200_000
"""How far into a text a snippet is looked for."""

Piece = tuple[str, bool]

_WORD = re.compile(r"[^\W_]+")


def marked(texts: Sequence[str], parsed: Parsed) -> tuple[Piece, ...]:
    """The window of these texts (the summary, the body) that holds most of what was asked.

    Gives pieces which together are the window, each with whether it was asked for. Takes time
    linear in the length of the texts.
    """
    text = " ".join(" ".join(text[:READ].split()) for text in texts if text.strip())
    text = unicodedata.normalize("NFC", text)
    spans = _spans(text, parsed)
    start = _best_start(spans)
    start, end = _at_words(text, start)
    pieces: list[Piece] = [("… ", False)] if start else []
    at = start
    for first, last, _ in spans:
        if first < at or last > end:
            continue
        if first > at:
            pieces.append((text[at:first], False))
        pieces.append((text[first:last], True))
        at = last
    if at < end:
        pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return tuple(pieces)


def _spans(text: str, parsed: Parsed) -> list[tuple[int, int, str]]:
    """Where in a text what was asked stands, and which word of the question it is."""
    pattern = _pattern(parsed)
    if pattern is None:
        return []
    wanted = _wanted(parsed)
    lowered = text.lower()
    plain = (lowered if len(lowered) == len(text) else text).translate(folding())
    return [
        (found.start(), found.end(), found[0])
        for found in pattern.finditer(plain)
        if _agrees(text[found.start() : found.end()], wanted.get(_key(found[0]), ""))
    ]


@lru_cache(maxsize=64)
def _pattern(parsed: Parsed) -> re.Pattern[str] | None:
    wanted = _wanted(parsed)
    if not wanted:
        return None
    alternatives = "|".join(sorted(map(_spelled, wanted), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])")


@lru_cache(maxsize=64)
def _wanted(parsed: Parsed) -> dict[str, str]:
    """By its folded words, what is to be marked, with the marks that it must have if any."""
    wanted: dict[str, str] = {}
    for group in parsed.wanted:
        for term in group:
            if term.field and term.field not in ("title", "decree"):
                continue
            if is_number(term.text):
                wanted[number_key(term.text)] = ""
            elif words := folded(term.text):
                strict = term.quoted and has_marks(term.text)
                wanted[" ".join(words)] = term.text if strict else ""
    return wanted


def _spelled(words: str) -> str:
    """A pattern of folded words with any signs between them; a number's key stands as it is."""
    return r"[\W_]+".join(re.escape(word) for word in words.split(" "))


def _key(found: str) -> str:
    return found if "/" in found else " ".join(_WORD.findall(found))


def _agrees(found: str, typed: str) -> bool:
    if not typed:
        return True
    return _WORD.findall(new_tones(found).casefold()) == _WORD.findall(new_tones(typed).casefold())


def _best_start(spans: Sequence[tuple[int, int, str]]) -> int:
    """Where a window begins that holds most different words, then most of them, the earliest."""
    best, best_start = (0, 0), 0
    last = 0
    for first, (start, _, _) in enumerate(spans):
        last = max(last, first)
        while last < len(spans) and spans[last][1] <= start + WINDOW:
            last += 1
        inside = spans[first : min(last, first + WINDOW)]
        value = (len({word for _, _, word in inside}), len(inside))
        if value > best:
            best, best_start = value, start
    return best_start


def _at_words(text: str, found: int) -> tuple[int, int]:
    """A window around a place that begins and ends between words."""
    start = max(0, found - WINDOW // 4)
    if start + WINDOW > len(text):
        start = max(0, len(text) - WINDOW)
    end = min(len(text), start + WINDOW)
    if start:
        space = text.find(" ", start, found)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", start + WINDOW // 2, end)
        end = space if space >= 0 else end
    return start, end


@cache
def folding() -> dict[int, str]:
    """For each letter with marks the one without, a character for a character."""
    found: dict[int, str] = {ord("đ"): "d", ord("Đ"): "d"}
    for code in _with_marks():
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            found[code] = base.casefold()
    return found


def _with_marks() -> Iterable[int]:
    return (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))

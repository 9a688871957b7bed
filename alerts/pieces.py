"""Word differences: pieces that are equal, removed or added, found, shortened and cut.

The `=` and `+` pieces joined give the new text, `=` and `-` give the old one.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

from alerts.wording import cut

Piece = tuple[Literal["=", "-", "+"], str]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 3000
"""difflib takes quadratic time: longer passages are shown as replaced whole."""
_NEAR_WORD = 30


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that turn `old` into `new`, by words."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    head = same_at_start(before, after)
    tail = same_at_start(before[head:][::-1], after[head:][::-1])
    middle = _middle(before[head : len(before) - tail], after[head : len(after) - tail])
    start, end = "".join(before[:head]), "".join(before[len(before) - tail :])
    return joined([("=", start), *middle, ("=", end)])


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same pieces without empty ones, neighbours of one kind made one."""
    merged: list[Piece] = []
    for mark, text in pieces:
        if not text:
            continue
        if merged and merged[-1][0] == mark:
            merged[-1] = (mark, merged[-1][1] + text)
        else:
            merged.append((mark, text))
    return tuple(merged)


def shortened(pieces: Sequence[Piece], around: int = 80) -> tuple[Piece, ...]:
    """The pieces with long equal stretches cut to about `around` characters beside a change."""
    last = len(pieces) - 1
    return tuple(
        (mark, _gap(text, around, position > 0, position < last) if mark == "=" else text)
        for position, (mark, text) in enumerate(pieces)
    )


def fitted(pieces: Sequence[Piece], limit: int) -> tuple[Piece, ...]:
    """As many pieces as fit into `limit` characters, the last one cut with a mark."""
    room = limit
    kept: list[Piece] = []
    for mark, text in pieces:
        if room <= 1:
            break
        kept.append((mark, cut(text, room)))
        room -= len(kept[-1][1])
    return tuple(kept)


def same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many leading elements are the same."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _middle(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """Pieces of two stretches that begin and end differently.

    A space between two changed words belongs to the change, so that a changed phrase reads
    as one.
    """
    if max(len(before), len(after)) > _MOST_WORDS:
        return [("-", "".join(before)), ("+", "".join(after))]
    pieces: list[Piece] = []
    removed = added = ""
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[i:j]), "".join(after[k:m])
        if tag != "equal" or old.isspace():
            removed, added = removed + old, added + new
            continue
        pieces += [("-", removed), ("+", added), ("=", old)]
        removed = added = ""
    return [*pieces, ("-", removed), ("+", added)]


def _gap(text: str, around: int, follows: bool, precedes: bool) -> str:
    """`text` without its middle; only the sides that touch a change are kept."""
    head = text[: _word_end(text, around)] if follows else ""
    tail = text[_word_start(text, len(text) - around) :] if precedes else ""
    if len(head) + len(tail) + 3 >= len(text):
        return text
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"


def _word_end(text: str, at: int) -> int:
    space = text.find(" ", at, at + _NEAR_WORD)
    return space if space >= 0 else at


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", max(0, at - _NEAR_WORD), max(0, at))
    return space + 1 if space >= 0 else max(0, at)

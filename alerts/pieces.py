"""Word differences: pieces that are equal, removed or added, found, shortened and cut.

The `=` and `+` pieces joined give the new text, `=` and `-` give the old one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

from alerts.wording import cut

Piece = tuple[Literal["=", "-", "+"], str]
Span = tuple[int, int]
Stretch = tuple[bool, Span, Span]
"""Whether two stretches are equal, and where they lie in the old and the new sequence."""

_TOKENS = re.compile(r"(\w+|[^\w\s])(\s*)")
_MOST_PAIRS = 50_000
_NEAR_WORD = 30


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that turn `old` into `new`, by words; white space belongs to the word before."""
    before, after = _tokens(old), _tokens(new)
    pieces: list[Piece] = []
    for equal, (i, j), (k, m) in stretches([w for w, _ in before], [w for w, _ in after]):
        if not equal:
            pieces += _replaced(_text(before[i:j]), _text(after[k:m]))
            continue
        for (word, space), (_, other) in zip(before[i:j], after[k:m], strict=True):
            pieces.append(("=", word))
            pieces += [("=", space)] if space == other else [("-", space), ("+", other)]
    return joined(pieces)


def stretches(before: Sequence[str], after: Sequence[str]) -> list[Stretch]:
    """How two sequences correspond, as stretches that are equal or replaced.

    difflib's time grows with the pairs of equal elements; where a hostile text holds too many
    in its changed middle, that middle is given as replaced whole.
    """
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    old_end, new_end = len(before) - tail, len(after) - tail
    middle = _middle(before[head:old_end], after[head:new_end])
    found = [(True, (0, head), (0, head))]
    found += [
        (equal, (i + head, j + head), (k + head, m + head)) for equal, (i, j), (k, m) in middle
    ]
    return [*found, (True, (old_end, len(before)), (new_end, len(after)))]


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


def _middle(before: Sequence[str], after: Sequence[str]) -> list[Stretch]:
    counts = Counter(after)
    if sum(counts[element] for element in before) > _MOST_PAIRS:
        return [(False, (0, len(before)), (0, len(after)))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(tag == "equal", (i, j), (k, m)) for tag, i, j, k, m in matcher.get_opcodes()]


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many leading elements are the same."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and signs, each with the white space after it."""
    lead = text[: len(text) - len(text.lstrip())]
    found = [(word, space) for word, space in _TOKENS.findall(text)]
    return [("", lead), *found] if lead else found


def _text(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in tokens)


def _replaced(old: str, new: str) -> list[Piece]:
    """Both texts, with the white space that both end in taken out of the change."""
    old_bare, new_bare = old.rstrip(), new.rstrip()
    space = old[len(old_bare) :]
    if old_bare and new_bare and space and space == new[len(new_bare) :]:
        return [("-", old_bare), ("+", new_bare), ("=", space)]
    return [("-", old), ("+", new)]


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

"""The exact pieces that two texts share, lost and gained."""

import re
from collections.abc import Sequence
from typing import Literal

from monitor.legal.model import Piece

_UNIT = (
    r"(?:ngày\s+làm\s+việc|ngày|giờ|phút|giây|tuần|tháng|năm|đồng|lần|tuổi|người|lượt"
    r"|working\s+days?|days?|hours?|minutes?|weeks?|months?|years?|%)"
)
_TOKEN = re.compile(
    r"(?:(?:điểm|khoản|điều|article|paragraph|point|clause)\s+)?"
    r"\d+(?:[.,/]\d+)*[a-zđ]?(?![^\W_])"
    rf"(?:\s*\([^()\s]+(?:\s[^()\s]+){{0,5}}\))?(?:\s*(?:nghìn|triệu|tỷ))?(?:\s*{_UNIT}(?!\w))?"
    r"|(?:điểm|point)\s+\(?[a-zđ]\)?(?![^\W_])"
    r"|\w+|[^\w\s]",
    re.IGNORECASE,
)
_LONGEST = 20_000
_FLEETING = 2


def tokens(text: str) -> list[tuple[str, str]]:
    """Cut a text into tokens, each with the white space before it: (space, token).

    A token is a syllable, a number with its unit, a reference's label or a punctuation mark.
    White space at the end comes as a last token that is empty. Joined they give the text.
    """
    found, at = [], 0
    for match in _TOKEN.finditer(text):
        found.append((text[at : match.start()], match.group()))
        at = match.end()
    if at < len(text):
        found.append((text[at:], ""))
    return found


def common_subsequence(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Give the positions of a longest common subsequence of two token lists, in order.

    Bit-parallel (Hyyrö 2004): one row of bits for each token of `new`.
    """
    places: dict[str, int] = {}
    for at, token in enumerate(old):
        places[token] = places.get(token, 0) | (1 << at)
    full = (1 << len(old)) - 1
    row, rows = full, []
    for token in new:
        hit = row & places.get(token, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    pairs = []
    left, right = len(old), len(new)
    while left and right:
        if rows[right - 1] >> (left - 1) & 1:
            left -= 1
        elif right > 1 and not rows[right - 2] >> (left - 1) & 1:
            right -= 1
        else:
            left, right = left - 1, right - 1
            pairs.append((left, right))
    pairs.reverse()
    return pairs


def matched(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Give the positions that two token lists share, ends first, then by subsequence.

    Beyond 20,000 tokens the middle is compared by the runs of its ends only, so that time and
    memory stay bounded.
    """
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    middle: list[tuple[int, int]] = []
    if max(len(middle_old), len(middle_new)) <= _LONGEST:
        middle = common_subsequence(middle_old, middle_new)
    return (
        [(at, at) for at in range(head)]
        + [(head + left, head + right) for left, right in middle]
        + [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    )


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Give what two texts share ("="), what only the old ("-") and only the new ("+") one has.

    Putting the "=" and "-" pieces together gives `old`, "=" and "+" give `new`, exactly. Swapped
    texts give the same pieces with "-" and "+" swapped. A lone shared word between two edits is
    told as edited, which reads better.
    """
    if old == new or not old or not new:
        sign: Literal["=", "-", "+"] = "=" if old == new else "-" if old else "+"
        return ((sign, old or new),) if old or new else ()
    turned = (len(old), old) > (len(new), new)
    first, second = (tokens(new), tokens(old)) if turned else (tokens(old), tokens(new))
    pairs = matched([t for _, t in first], [t for _, t in second])
    runs = _runs(first, second, pairs)
    if turned:
        runs = [(same, gained, lost) for same, lost, gained in runs]
    found: list[Piece] = []
    for same, lost, gained in _calmed(runs):
        if lost:
            found.append(("-", lost))
        if gained:
            found.append(("+", gained))
        if same:
            found.append(("=", same))
    return tuple(found)


def _runs(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]],
    pairs: Sequence[tuple[int, int]],
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Give (shared, lost, gained) runs; the lost and gained text stands before the shared one."""
    runs: list[tuple[list[str], str, str]] = []
    left = right = 0
    for at_old, at_new in [*pairs, (len(old), len(new))]:
        lost = "".join(s + t for s, t in old[left:at_old])
        gained = "".join(s + t for s, t in new[right:at_new])
        shared = ""
        if at_old < len(old) and at_new < len(new):
            space_old, token = old[at_old]
            space_new, _ = new[at_new]
            if space_old == space_new:
                shared = space_old + token
            else:
                lost, gained, shared = lost + space_old, gained + space_new, token
        space = _shared_space(lost, gained)
        if not runs and (space or not (lost or gained)):
            runs.append(([], "", ""))
        if space:
            lost, gained = lost[len(space) :], gained[len(space) :]
            runs[-1][0].append(space)
        if lost or gained:
            runs.append(([shared], lost, gained))
        else:
            runs[-1][0].append(shared)
        left, right = at_old + 1, at_new + 1
    return [("".join(shared_parts), lost, gained) for shared_parts, lost, gained in runs]


def _shared_space(lost: str, gained: str) -> str:
    """Give the white space that both begin with."""
    size = 0
    while (
        size < min(len(lost), len(gained)) and lost[size] == gained[size] and lost[size].isspace()
    ):
        size += 1
    return lost[:size]


def _calmed(runs: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Join edits that only one or two short shared words keep apart."""
    calm: list[tuple[str, str, str]] = []
    for shared, lost, gained in runs:
        if calm and (lost or gained):
            kept, lost_before, gained_before = calm[-1]
            fleeting = (lost_before or gained_before) and len(kept.split()) <= _FLEETING
            edited = len((lost_before + lost).split()) + len((gained_before + gained).split())
            if fleeting and "\n" not in kept and edited >= 3 * len(kept.split()):
                calm[-1] = (shared, lost_before + kept + lost, gained_before + kept + gained)
                continue
        calm.append((shared, lost, gained))
    return calm

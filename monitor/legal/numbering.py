"""Numbers of provisions: reading them, ordering them, and finding the run that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Key = tuple[int, int]

POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The letters of Vietnamese points in their order (no f, j, w, z)."""

_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})\Z")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ORDINALS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_NUMBER = re.compile(r"0*(\d{1,6})([a-zđ]{0,2})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may open a provision: its place, its number's key, how likely it does."""

    index: int
    key: Key
    weight: float


def roman(text: str) -> int:
    """Give the value of a Roman numeral in either case, 0 if it is none."""
    upper = text.upper()
    if not upper or not _ROMAN.match(upper):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in upper]
    total = 0
    for here, following in zip(values, [*values[1:], 0], strict=True):
        total += -here if here < following else here
    return total


def letter_rank(letters: str) -> int:
    """Give the place of a point's letter, 1 for "a"; f, j, w and z stand between the others.

    Double letters ("aa") follow the single ones. 0 where it is no letter.
    """
    low = letters.lower()
    if len(low) == 2 and low[0] == low[1]:
        inner = letter_rank(low[0])
        return 100 + inner if inner else 0
    if len(low) != 1:
        return 0
    return _LETTER_RANKS.get(low, 0)


# Ranks leave room for the letters that Vietnamese skips, so that English lists order too.
_LETTER_RANKS = {letter: rank for rank, letter in enumerate("abcdđefghijklmnopqrstuvwxyz", 1)}
_SKIPPABLE = {letter_rank(letter) for letter in "đfjwz"}


def number_key(num: str) -> Key | None:
    """Give the sort key of "12", "12a", "IV", "nhất" or "one"; None where it is no number."""
    match = _NUMBER.match(num)
    if match:
        suffix = match[2].lower()
        rank = letter_rank(suffix) if suffix else 0
        return (int(match[1]), rank) if rank or not suffix else None
    words = num.lower().split()
    if words and words[-1] in _ORDINALS:
        value = _ORDINALS[words[-1]]
        return (10 + value if len(words) > 1 and words[-2] == "mười" else value, 0)
    value = roman(num)
    return (value, 0) if value else None


def letter_key(num: str) -> Key | None:
    """Give the sort key of a point's letter; None where it is none."""
    rank = letter_rank(num)
    return (rank, 0) if rank else None


def follows(before: Key, after: Key, letters: bool = False) -> bool:
    """Tell whether `after` is the next number after `before`: 5 → 6, 5 → 5a, 5a → 5b, 5b → 6."""
    if letters:
        return after[0] > before[0] and all(
            rank in _SKIPPABLE for rank in range(before[0] + 1, after[0])
        )
    if after[0] == before[0]:
        return follows((before[1], 0), (after[1], 0), letters=True)
    return after[0] == before[0] + 1 and after[1] <= 1


def best_run(
    candidates: Sequence[Candidate],
    *,
    letters: bool = False,
    from_one: bool = True,
    gap_loss: float = 1.5,
) -> list[int]:
    """Choose the candidates that make the best rising run; give their positions in the list.

    Every candidate counts its weight; one that is exactly next after its predecessor gains,
    one that leaves a gap loses `gap_loss`, so that a lone reference at a line's beginning does not
    break the true run. With `from_one` a run gains by beginning at the first number.
    Time is O(n log n) in the number of candidates.
    """
    if not candidates:
        return []
    ranks = {key: rank for rank, key in enumerate(sorted({c.key for c in candidates}), 1)}
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(ranks) + 1)
    best_with_key: dict[Key, tuple[float, int]] = {}
    totals: list[float] = []
    previous: list[int] = []
    for place, candidate in enumerate(candidates):
        rank = ranks[candidate.key]
        total, before = _start_score(candidate.key, from_one, gap_loss), -1
        gap_total, gap_before = _prefix_best(tree, rank - 1)
        if gap_before >= 0 and gap_total - gap_loss > total:
            total, before = gap_total - gap_loss, gap_before
        for key in _predecessors(candidate.key, letters):
            known = best_with_key.get(key)
            if known is not None and known[0] + _RUN_GAIN > total:
                total, before = known[0] + _RUN_GAIN, known[1]
        total += candidate.weight
        totals.append(total)
        previous.append(before)
        if candidate.key not in best_with_key or best_with_key[candidate.key][0] < total:
            best_with_key[candidate.key] = (total, place)
        _raise_prefix(tree, rank, total, place)
    place = max(range(len(totals)), key=totals.__getitem__)
    if totals[place] <= 0:
        return []
    run: list[int] = []
    while place >= 0:
        run.append(place)
        place = previous[place]
    run.reverse()
    return run


_RUN_GAIN = 2.0


def _start_score(key: Key, from_one: bool, gap_loss: float) -> float:
    if not from_one:
        return 0.0
    return _RUN_GAIN if key[0] == 1 and key[1] <= 1 else -gap_loss


def _predecessors(key: Key, letters: bool) -> list[Key]:
    number, suffix = key
    if letters:
        ranks = [number - 1]
        while ranks[-1] in _SKIPPABLE:
            ranks.append(ranks[-1] - 1)
        return [(rank, 0) for rank in ranks if rank > 0]
    if suffix:
        return [(number, before) for before, _ in _predecessors((suffix, 0), letters=True)] + [
            (number, 0)
        ] * (suffix == 1)
    return [(number - 1, rank) for rank in range(28)]


def _prefix_best(tree: list[tuple[float, int]], rank: int) -> tuple[float, int]:
    best = (0.0, -1)
    while rank > 0:
        if tree[rank][1] >= 0 and (best[1] < 0 or tree[rank][0] > best[0]):
            best = tree[rank]
        rank -= rank & -rank
    return best


def _raise_prefix(tree: list[tuple[float, int]], rank: int, total: float, place: int) -> None:
    while rank < len(tree):
        if tree[rank][1] < 0 or tree[rank][0] < total:
            tree[rank] = (total, place)
        rank += rank & -rank

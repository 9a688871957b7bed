"""What stands where in two wordings of one provision: marks paired in their order."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.legal.canon import WORD, one_tone_placement
from monitor.legal.inline import matched

T = TypeVar("T")
_NEAR = 8
_MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class Mark(Generic[T]):
    """Something found in a text at some characters."""

    start: int
    end: int
    what: T


@dataclass(frozen=True, slots=True)
class Wording:
    """Two texts' words and which of them are shared, for telling what stands where."""

    old_starts: tuple[int, ...]
    new_starts: tuple[int, ...]
    shared_old: tuple[int, ...]
    shared_new: tuple[int, ...]

    def distance(self, old: Mark[T], new: Mark[T]) -> int:
        """Count the shared words that lie between the places of two marks."""
        before = self._shared_before(old, self.old_starts, self.shared_old)
        after = self._shared_before(new, self.new_starts, self.shared_new)
        return abs(before - after)

    @staticmethod
    def _shared_before(mark: Mark[T], starts: Sequence[int], shared: Sequence[int]) -> int:
        return bisect_left(shared, bisect_left(starts, mark.start))


def compare_wording(old: str, new: str) -> Wording:
    """Find the words that two texts share in order."""
    left, right = list(WORD.finditer(old.lower())), list(WORD.finditer(new.lower()))
    pairs = matched(
        [one_tone_placement(m.group()) for m in left],
        [one_tone_placement(m.group()) for m in right],
    )
    return Wording(
        tuple(m.start() for m in left),
        tuple(m.start() for m in right),
        tuple(o for o, _ in pairs),
        tuple(n for _, n in pairs),
    )


def pair_marks(
    wording: Wording,
    olds: Sequence[Mark[T]],
    news: Sequence[Mark[T]],
    alike: Callable[[T, T], float],
    least: float,
) -> list[tuple[Mark[T] | None, Mark[T] | None]]:
    """Pair the marks of two texts in order, so that swapped figures show.

    `alike` gives how well two marks fit by themselves, negative where they never pair; standing
    in the same place adds up to 2. Pairs below `least` are not made. Gives pairs and, with None,
    what stands alone, in order.
    """
    if not olds or not news or len(olds) * len(news) > _MOST_PAIRS:
        return _by_position(olds, news)
    rows, columns = len(olds), len(news)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    gains = [[0.0] * columns for _ in range(rows)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            fit = alike(olds[row].what, news[column].what)
            if fit >= 0:
                near = wording.distance(olds[row], news[column])
                gain = fit + 2 * max(0.0, 1 - near / _NEAR)
                gains[row][column] = gain if gain >= least else 0.0
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                best[row + 1][column + 1] + gains[row][column],
            )
    pairs: list[tuple[Mark[T] | None, Mark[T] | None]] = []
    row = column = 0
    while row < rows and column < columns:
        gain = gains[row][column]
        if gain and best[row][column] == best[row + 1][column + 1] + gain:
            pairs.append((olds[row], news[column]))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            pairs.append((olds[row], None))
            row += 1
        else:
            pairs.append((None, news[column]))
            column += 1
    pairs += [(mark, None) for mark in olds[row:]]
    pairs += [(None, mark) for mark in news[column:]]
    return pairs


def _by_position(
    olds: Sequence[Mark[T]], news: Sequence[Mark[T]]
) -> list[tuple[Mark[T] | None, Mark[T] | None]]:
    if not olds or not news:
        return [(mark, None) for mark in olds] + [(None, mark) for mark in news]
    shared = min(len(olds), len(news))
    pairs: list[tuple[Mark[T] | None, Mark[T] | None]] = list(zip(olds, news, strict=False))
    pairs += [(mark, None) for mark in olds[shared:]]
    pairs += [(None, mark) for mark in news[shared:]]
    return pairs

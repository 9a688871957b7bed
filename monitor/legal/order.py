"""What stayed in its order and what moved."""

from bisect import bisect_left
from collections.abc import Sequence


def heaviest_run(places: Sequence[int], weights: Sequence[float]) -> set[int]:
    """Give the positions of the increasing run of `places` with the greatest total weight.

    Places are distinct. With equal weights this is the longest increasing run; among runs of one
    length the heavier one wins. O(n log n).
    """
    if not places:
        return set()
    ranks = {place: rank for rank, place in enumerate(sorted(places))}
    size = len(places)
    best_at: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    totals = [0.0] * size
    before = [-1] * size
    for index, place in enumerate(places):
        rank = ranks[place]
        total, prior = _best_below(best_at, rank)
        totals[index], before[index] = total + weights[index], prior
        at = rank + 1
        while at <= size:
            if totals[index] > best_at[at][0]:
                best_at[at] = (totals[index], index)
            at += at & -at
    index = max(range(size), key=lambda i: totals[i])
    run = set()
    while index >= 0:
        run.add(index)
        index = before[index]
    return run


def _best_below(best_at: Sequence[tuple[float, int]], rank: int) -> tuple[float, int]:
    best = (0.0, -1)
    while rank:
        if best_at[rank][0] > best[0]:
            best = best_at[rank]
        rank -= rank & -rank
    return best


def between_anchors(anchors: Sequence[tuple[int, int]], row: int, column: int) -> bool:
    """Tell whether a pair fits in order among anchors (row, column) sorted by row."""
    at = bisect_left(anchors, (row, -1))
    low = anchors[at - 1][1] if at else -1
    high = anchors[at][1] if at < len(anchors) else float("inf")
    return low < column < high

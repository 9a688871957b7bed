"""The assignment with the greatest total weight between two sides of a sparse graph."""

import heapq
from collections.abc import Mapping


def best_assignment(weights: Mapping[int, Mapping[int, float]]) -> dict[int, int]:
    """Match rows to columns one to one so that the sum of the weights is greatest.

    `weights` gives for each row its possible columns with a positive weight; a row may stay
    alone, which weighs nothing. Shortest augmenting paths with potentials (Jonker and Volgenant
    1987) on the given edges only, so that a near-diagonal graph of 10,000 rows is quick.
    """
    column_of: dict[int, int] = {}
    row_of: dict[int, int] = {}
    row_price: dict[int, float] = {}
    column_price: dict[int, float] = {}
    for row in weights:
        row_price[row] = max(
            [w - column_price.get(c, 0.0) for c, w in weights[row].items()] + [0.0]
        )
        _augment(row, weights, column_of, row_of, row_price, column_price)
    return column_of


def _augment(
    start: int,
    weights: Mapping[int, Mapping[int, float]],
    column_of: dict[int, int],
    row_of: dict[int, int],
    row_price: dict[int, float],
    column_price: dict[int, float],
) -> None:
    """Find the cheapest path from an unmatched row to a free column or to a row left alone."""
    reached_rows = {start: 0.0}
    distance: dict[int, float] = {}
    came_from: dict[int, int] = {}
    settled: dict[int, float] = {}
    heap: list[tuple[float, int]] = []
    row, length = start, 0.0
    best_alone, alone_row = row_price[start], start
    free: int | None = None
    while True:
        for column, weight in weights[row].items():
            if column in settled:
                continue
            slack = length + row_price[row] + column_price.get(column, 0.0) - weight
            if slack < distance.get(column, best_alone):
                distance[column] = slack
                came_from[column] = row
                heapq.heappush(heap, (slack, column))
        while heap and (heap[0][1] in settled or heap[0][0] > distance[heap[0][1]]):
            heapq.heappop(heap)
        if not heap or heap[0][0] >= best_alone:
            length = best_alone
            break
        length, column = heapq.heappop(heap)
        if column not in row_of:
            free = column
            break
        settled[column] = length
        row = row_of[column]
        reached_rows[row] = length
        if length + row_price[row] < best_alone:
            best_alone, alone_row = length + row_price[row], row
    for row, at in reached_rows.items():
        row_price[row] -= max(0.0, length - at)
    for column, at in settled.items():
        column_price[column] = column_price.get(column, 0.0) + max(0.0, length - at)
    _flip(start, free, alone_row, came_from, column_of, row_of)


def _flip(
    start: int,
    free: int | None,
    alone_row: int,
    came_from: dict[int, int],
    column_of: dict[int, int],
    row_of: dict[int, int],
) -> None:
    if free is None:
        if alone_row == start:
            return
        free = column_of.pop(alone_row)
    column = free
    while True:
        row = came_from[column]
        before = column_of.get(row)
        column_of[row], row_of[column] = column, row
        if row == start or before is None:
            return
        column = before

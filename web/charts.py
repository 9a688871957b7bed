"""Small charts as shapes for inline SVG: stacked columns over time, and stacked bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 150
_LEFT, _RIGHT, _TOP, _FOOT = 34, 6, 8, 20
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a chart counts: its name for a reader, and numbers by series."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of its series together."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of a column: its series, its column's number, and where it lies."""

    series: str
    column: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to be drawn.

    Attributes:
        boxes: the pieces of the columns, those of nothing left out.
        hits: each column's whole height, to be pointed at.
        labels: the names below the columns: where, and what.
        ticks: the lines across: their height, and the number they stand for.
        series: the series that have anything, in the order in which they are stacked.
    """

    width: int
    height: int
    floor: float
    columns: tuple[Column, ...]
    series: tuple[str, ...]
    boxes: tuple[Box, ...]
    hits: tuple[Box, ...]
    labels: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, int], ...]

    @property
    def total(self) -> int:
        """Everything that is counted."""
        return sum(column.total for column in self.columns)


def columns_chart(
    columns: Sequence[Column], series: Sequence[str], *, width: int = WIDTH, height: int = HEIGHT
) -> Chart:
    """Stack the series in each column, the first one lowest; a tick stands at round numbers."""
    top = _round_up(max((column.total for column in columns), default=0))
    floor = float(height - _FOOT)
    step = (width - _LEFT - _RIGHT) / max(1, len(columns))
    gap = min(6.0, step * 0.25)
    boxes, hits, labels = [], [], []
    every = -(-len(columns) // _MOST_LABELS)
    for number, column in enumerate(columns):
        x, y = _LEFT + number * step, floor
        for name in series:
            tall = column.counts.get(name, 0) / top * (floor - _TOP)
            if tall:
                y -= tall
                boxes.append(_box(name, number, x + gap / 2, y, step - gap, tall))
        hits.append(_box("", number, x, _TOP, step, floor - _TOP))
        if (len(columns) - 1 - number) % every == 0:
            labels.append((round(x + step / 2, 1), column.name))
    present = tuple(name for name in series if any(one.counts.get(name) for one in columns))
    ticks = [(round(floor - share * (floor - _TOP), 1), round(share * top)) for share in (0.5, 1)]
    return Chart(
        width=width,
        height=height,
        floor=floor,
        columns=tuple(columns),
        series=present,
        boxes=tuple(boxes),
        hits=tuple(hits),
        labels=tuple(labels),
        ticks=tuple(tick for tick in ticks if top % 2 == 0 or tick[1] == top),
    )


def _box(series: str, column: int, x: float, y: float, width: float, height: float) -> Box:
    return Box(series, column, round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _round_up(most: int) -> int:
    """The next number of the form 1, 2, 4, 5, 6 or 8 with zeros; 1 for nothing."""
    size = 1
    while size * 10 <= most:
        size *= 10
    return next((step * size for step in (1, 2, 4, 5, 6, 8) if step * size >= most), 10 * size)

"""A search's answer arranged for its page: facets and days as links, filters to take off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alerts.names import Names
from storage.search_request import Interval, Results
from web.asking import Asked
from web.charts import Chart, Column, columns_chart
from web.moments import plain_day
from web.wording import Language

FACETS = {
    "topics": "topic",
    "sources": "source",
    "sides": "side",
    "kinds": "kind",
    "languages": "language",
    "instruments": "instrument",
}
"""The facets in their order on the page, and the parameter that each sets."""
SHOWN = 8
"""So many values of a facet stand on the page; the others are folded away."""
MOST_COLUMNS = 400


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many have it, where its link leads, and whether it is set."""

    value: str
    count: int | None
    link: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values; `folded` are those that are shown when asked for."""

    name: str
    shown: tuple[Value, ...]
    folded: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of the histogram: its days, and the search narrowed to them."""

    first: date
    last: date
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The histogram as shapes and bars, one bar a column; `wide` is the search of any day."""

    chart: Chart
    bars: tuple[Bar, ...]
    interval: Interval
    any_day: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set: the parameter, its value, and the search without it."""

    name: str
    value: str
    link: str


def facets_of(asked: Asked, results: Results) -> tuple[Facet, ...]:
    """The facets, those values first that are set."""
    found = []
    for facet, name in FACETS.items():
        counts = dict(results.facets.get(facet, ()))
        chosen: list[str] = getattr(asked, name)
        values = [
            Value(one, counts.get(one), asked.toggled(name, one), one in chosen)
            for one in dict.fromkeys([*(one for one in chosen if one), *counts])
        ]
        if values:
            end = max(SHOWN, sum(one.is_set for one in values))
            found.append(Facet(facet, tuple(values[:end]), tuple(values[end:])))
    return tuple(found)


def histogram_of(asked: Asked, results: Results, language: Language) -> Histogram | None:
    """The histogram, spans without any included; None where fewer than two spans have any."""
    spans = _filled(results.histogram, results.interval)
    if len(spans) < 2:
        return None
    bars = []
    for first, count in spans:
        last = _next(first, results.interval) - timedelta(days=1)
        link = asked.link(since=first.isoformat(), until=last.isoformat())
        bars.append(Bar(first, last, count, link))
    newest = bars[-1].last
    columns = [Column(plain_day(one.first, newest, language), {"found": one.count}) for one in bars]
    chart = columns_chart(columns, ("found",), height=120)
    return Histogram(chart, tuple(bars), results.interval, asked.link(since=None, until=None))


def chips_of(asked: Asked) -> tuple[Chip, ...]:
    """The filters that are set, each with the search without it."""
    found = [
        Chip(name, value, asked.toggled(name, value))
        for name in FACETS.values()
        for value in dict.fromkeys(getattr(asked, name))
        if value
    ]
    for name in ("since", "until"):
        day = getattr(asked, name)
        if day is not None:
            found.append(Chip(name, day.isoformat(), _without(asked, name)))
    for name in ("edited", "removed"):
        wanted = getattr(asked, name)
        if wanted is not None:
            found.append(Chip(name, "yes" if wanted else "no", _without(asked, name)))
    return tuple(found)


def _without(asked: Asked, name: str) -> str:
    changed: dict[str, Any] = {name: None}
    return asked.link(**changed)


def named(names: Names, facet: str, value: str) -> str:
    """What a reader calls a topic, a source or an instrument; other values have words."""
    if facet in ("topics", "topic"):
        return names.topic(value)
    if facet in ("sources", "source"):
        return names.source(value)
    return names.instrument(value) if facet in ("instruments", "instrument") else value


def _filled(spans: Sequence[tuple[date, int]], interval: Interval) -> list[tuple[date, int]]:
    if not spans:
        return []
    counts = dict(spans)
    found, day = [], min(counts)
    while day <= max(counts):
        found.append((day, counts.get(day, 0)))
        if len(found) > MOST_COLUMNS:
            return list(spans)
        day = _next(day, interval)
    return found


def _next(day: date, interval: Interval) -> date:
    """The first day of the next span."""
    if interval == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if interval == "week" else 1)

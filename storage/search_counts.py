"""How many of what was found have which value, and when they were seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from storage.search_request import Interval

if TYPE_CHECKING:
    import tantivy

FIELDS = {"topics": 60, "source": 500, "kind": 10, "language": 30, "instruments": 20}
"""What is counted, and how many values at most are told."""
MOST_DAYS = 93
MOST_WEEKS = 370
"""A longer span is told by weeks, a still longer one by months."""
DAY_S = 86_400
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
"""Days outside these are mistakes of a page; the histogram leaves them out."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Facets and histogram, as `storage.search_request.Results` has them."""

    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    histogram: tuple[tuple[date, int], ...]
    interval: Interval


def counted(
    snapshot: "tantivy.Searcher",
    query: "tantivy.Query",
    *,
    by: str,
    zone: tzinfo,
    side_of: Mapping[str, str],
    facets: bool,
    histogram: bool,
) -> Counts:
    """Count what a query finds. `by` is the field of dates, `side_of` the kind of each source."""
    asked: dict[str, Any] = {"total": {"value_count": {"field": "item"}}}
    if facets:
        asked |= {
            name: {"terms": {"field": name, "size": most, "segment_size": 2 * most}}
            for name, most in FIELDS.items()
        }
    if histogram:
        offset = zone.utcoffset(datetime.now(UTC)) or timedelta()
        asked["days"] = {
            "date_histogram": {
                "field": by,
                "fixed_interval": "1d",
                "offset": f"{-int(offset.total_seconds())}s",
                "min_doc_count": 1,
            }
        }
    found = snapshot.aggregate(query, asked)
    named: dict[str, tuple[tuple[str, int], ...]] = {}
    if facets:
        named = {name: _values(found[name]["buckets"]) for name in FIELDS}
        named["sources"] = named.pop("source")
        named["kinds"] = named.pop("kind")
        named["languages"] = named.pop("language")
        named["sides"] = _sides(named["sources"], side_of)
    days = _days(found["days"]["buckets"], zone) if histogram else []
    spans, interval = _spans(days)
    return Counts(int(found["total"]["value"]), named, spans, interval)


def count_of(snapshot: "tantivy.Searcher", query: "tantivy.Query") -> int:
    """How many items a query finds."""
    found = snapshot.aggregate(query, {"total": {"value_count": {"field": "item"}}})
    return int(found["total"]["value"])


def _values(buckets: Any) -> tuple[tuple[str, int], ...]:
    pairs = ((str(one["key"]), int(one["doc_count"])) for one in buckets if one["key"])
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _sides(
    sources: tuple[tuple[str, int], ...], side_of: Mapping[str, str]
) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for source, number in sources:
        if source in side_of:
            counts[side_of[source]] += number
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _days(buckets: Any, zone: tzinfo) -> list[tuple[date, int]]:
    """The counted days: each bucket begins at a midnight of the reader's zone."""
    found = []
    for one in buckets:
        # Noon of the bucket's day, so that a change of the clocks moves it to no other.
        noon = datetime.fromtimestamp(float(one["key"]) / 1000 + DAY_S / 2, UTC)
        day = noon.astimezone(zone).date()
        if one["doc_count"] and EARLIEST <= day <= LATEST:
            found.append((day, int(one["doc_count"])))
    return found


def _spans(days: list[tuple[date, int]]) -> tuple[tuple[tuple[date, int], ...], Interval]:
    """Days put together so that there are few enough to be drawn."""
    if not days:
        return (), "day"
    span = (max(day for day, _ in days) - min(day for day, _ in days)).days
    interval: Interval = "day" if span <= MOST_DAYS else "week" if span <= MOST_WEEKS else "month"
    counts: Counter[date] = Counter()
    for day, number in days:
        counts[_first(day, interval)] += number
    return tuple(sorted(counts.items())), interval


def _first(day: date, interval: Interval) -> date:
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == "month" else day

"""How many of what was found have which value, and when they were seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np

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
    asked: dict[str, Any] = {}
    if not facets:
        asked = {"total": {"value_count": {"field": "item"}}}
    else:
        asked = {
            name: {"terms": {"field": name, "size": most, "segment_size": 2 * most}}
            for name, most in FIELDS.items()
        }
    offset = int((zone.utcoffset(datetime.now(UTC)) or timedelta()).total_seconds())
    if histogram:
        asked["days"] = {
            "date_histogram": {
                "field": by,
                "fixed_interval": "1d",
                "offset": f"{-offset}s",
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
    spans, interval = _spans(found["days"]["buckets"] if histogram else [], offset)
    # Every item is of one kind, so that nothing else needs to be counted.
    total = sum(number for _, number in named["kinds"]) if facets else found["total"]["value"]
    return Counts(int(total), named, spans, interval)


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


def _spans(buckets: Any, offset: int) -> tuple[tuple[tuple[date, int], ...], Interval]:
    """The counted days, put together so that there are few enough to be drawn.

    Each bucket begins at a midnight of the reader's zone as its clocks are now, `offset` seconds
    before UTC; its noon is on the same day also where they were changed.
    """
    noons = np.asarray([one["key"] for one in buckets]) // 1000 + DAY_S // 2 + offset
    days = (noons // DAY_S).astype("datetime64[D]")
    numbers = np.asarray([one["doc_count"] for one in buckets], np.int64)
    likely = (numbers > 0) & (days >= np.datetime64(EARLIEST)) & (days <= np.datetime64(LATEST))
    days, numbers = days[likely], numbers[likely]
    if not len(days):
        return (), "day"
    span = int((days.max() - days.min()).astype(int))
    interval: Interval = "day" if span <= MOST_DAYS else "week" if span <= MOST_WEEKS else "month"
    if interval == "week":
        # The first day of all counted ones, 1970-01-01, was a Thursday.
        days = days - (days.astype(int) + 3) % 7
    elif interval == "month":
        days = days.astype("datetime64[M]").astype("datetime64[D]")
    firsts, places = np.unique(days, return_inverse=True)
    sums = np.bincount(places, numbers).astype(int)
    return tuple(zip(firsts.tolist(), sums.tolist(), strict=True)), interval

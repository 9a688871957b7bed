"""Which topics' coverage surged on a day, counted from the archive."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from monitor.surges import LEAST, LEAST_WEEKS, MOST_WEEKS, DayJudged, few, judge_day
from storage.archive import Transaction
from storage.coverage import Telling, anything_seen, first_arrivals, tellings

_MOST_EXAMPLES = 5
_SHARE = 0.8
"""A baseline stands for the day when the sources known throughout told this share of it."""
_SETTLING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TopicJudged:
    """A topic's day: the verdict, by how many weeks and sources, and some of its articles.

    `left_out` are sources that told of the topic but are too new to be compared.
    """

    topic: str
    judged: DayJudged
    weeks: int
    outlets: int
    left_out: tuple[str, ...]
    items: tuple[int, ...]


def judge_topics(
    tx: Transaction, topics: Sequence[str], day: date, zone: tzinfo
) -> list[TopicJudged]:
    """Judge a day, in the reader's zone, for each topic beside the topic's past.

    A story is counted once a day, however many outlets tell it; an article of no story counts
    by itself. Only sources that were there throughout the past are counted, so that a source
    added lately is no surge; and a day on which nothing at all was seen is a gap, no quiet day.
    """
    start = _midnight(day - timedelta(days=7 * MOST_WEEKS), zone)
    end = _midnight(day + timedelta(days=1), zone)
    firsts = first_arrivals(tx, start - _SETTLING)
    known = {
        weeks: {s for s, at in firsts.items() if at < end - timedelta(days=7 * weeks - 7)}
        for weeks in range(LEAST_WEEKS, MOST_WEEKS + 1)
    }
    if not known[LEAST_WEEKS]:
        return [TopicJudged(topic, judge_day([], 0), 0, 0, (), ()) for topic in topics]
    told = [one for one in tellings(tx, start) if one.at < end]

    @cache
    def seen_on(at: date) -> bool:
        return anything_seen(tx, _midnight(at, zone), _midnight(at + timedelta(days=1), zone))

    return [
        _judge(topic, [one for one in told if one.topic == topic], seen_on, known, day, zone)
        for topic in topics
    ]


def _judge(
    topic: str,
    told: Sequence[Telling],
    seen_on: Callable[[date], bool],
    known: dict[int, set[str]],
    day: date,
    zone: tzinfo,
) -> TopicJudged:
    today = [one for one in told if one.at.astimezone(zone).date() == day]
    weeks = _weeks(today, known)
    kept = [one for one in told if one.source in known[weeks]]
    counts = _a_day(kept, zone)
    days = [day - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    # The past need not be looked at where the day is too small to be a surge in any case.
    is_small = counts[day] < LEAST
    past = [] if is_small else [counts[at] if seen_on(at) else None for at in days]
    judged = few(counts[day]) if is_small else judge_day(past, counts[day])
    there = [one for one in today if one.source in known[weeks]]
    return TopicJudged(
        topic=topic,
        judged=judged,
        weeks=weeks,
        outlets=len({one.source for one in there}),
        left_out=tuple(sorted({one.source for one in today} - known[weeks])),
        items=tuple(one.item for one in _one_a_story(there))[:_MOST_EXAMPLES],
    )


def _weeks(today: Sequence[Telling], known: dict[int, set[str]]) -> int:
    """The longest past whose sources told most of the day."""
    for weeks in range(MOST_WEEKS, LEAST_WEEKS, -1):
        there = sum(one.source in known[weeks] for one in today)
        if known[weeks] and there >= _SHARE * len(today):
            return weeks
    return LEAST_WEEKS


def _a_day(told: Sequence[Telling], zone: tzinfo) -> Counter[date]:
    by_day = {(one.at.astimezone(zone).date(), _story(one)) for one in told}
    return Counter(day for day, _ in by_day)


def _one_a_story(told: Sequence[Telling]) -> list[Telling]:
    first: dict[tuple[str, int], Telling] = {}
    for one in sorted(told, key=lambda one: (one.at, one.item)):
        first.setdefault(_story(one), one)
    return list(first.values())


def _story(one: Telling) -> tuple[str, int]:
    return ("item", one.item) if one.story is None else ("story", one.story)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)

"""Days in the reader's zone as spans of time, and the columns of charts made of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from alerts.digest_parts import GROUPS
from config import Config
from web.charts import Column
from web.moments import plain_day
from web.wording import Language

WEEKS = 26
"""For how many weeks the coverage of an instrument is shown."""
SIDES: tuple[str, ...] = (*GROUPS, "other")
"""The kinds of sources as they are stacked; other is one that the configuration does not know."""


def began(day: date, zone: tzinfo) -> datetime:
    """The moment (UTC) at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def days_up_to(last: date, count: int) -> list[date]:
    """The `count` days that end with `last`, oldest first."""
    return [last - timedelta(days=n) for n in reversed(range(count))]


def spans(days: Sequence[date], zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """When each day begins and ends."""
    return [(began(day, zone), began(day + timedelta(days=1), zone)) for day in days]


def sides_of(config: Config) -> Mapping[str, str]:
    """The kind of each source, by its id."""
    return {one.id: one.kind for one in config.sources}


def by_day(
    seen: Iterable[tuple[datetime, str]], days: Sequence[date], zone: tzinfo, language: Language
) -> list[Column]:
    """A column for each day, of moments with their series."""
    counted: dict[date, Counter[str]] = {day: Counter() for day in days}
    for at, series in seen:
        day = at.astimezone(zone).date()
        if day in counted:
            counted[day][series] += 1
    return [Column(plain_day(day, days[-1], language), counted[day]) for day in days]


def by_week(
    seen: Iterable[tuple[datetime, str]], last: date, weeks: int, zone: tzinfo, language: Language
) -> list[Column]:
    """A column for each of the `weeks` weeks that end with that of `last`, named by its Monday."""
    counted = counted_by_week(seen, last, weeks, zone)
    return [Column(plain_day(day, last, language), counts) for day, counts in counted.items()]


def counted_by_week(
    seen: Iterable[tuple[datetime, str]], last: date, weeks: int, zone: tzinfo
) -> dict[date, Counter[str]]:
    """How often each series occurs in the `weeks` weeks that end with that of `last`, by the
    week's Monday, the oldest first."""
    monday = last - timedelta(days=last.weekday())
    mondays = [monday - timedelta(weeks=n) for n in reversed(range(weeks))]
    counted: dict[date, Counter[str]] = {day: Counter() for day in mondays}
    for at, series in seen:
        day = at.astimezone(zone).date()
        week = day - timedelta(days=day.weekday())
        if week in counted:
            counted[week][series] += 1
    return counted

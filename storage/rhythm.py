"""The rhythm of a source: how many items it yields in each hour of the week."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

_DAY_PRIOR, _HOUR_PRIOR = 0.5, 0.25

IsHoliday = Callable[[date], bool]


def never_a_holiday(_day: date) -> bool:
    """The calendar of a source that knows no holidays."""
    return False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many items a source yields: `a_day` on average, and the shares of weekdays and hours.

    The shares of the weekdays are around 1; those of the hours sum to 1.
    """

    a_day: float
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]

    def rate(self, at: datetime) -> float:
        """Items expected in the hour that begins at `at`, a moment in the reader's zone."""
        return self.a_day * self.weekdays[at.weekday()] * self.hours[at.hour]


def rhythm_of(
    arrivals: Sequence[datetime], zone: tzinfo, is_holiday: IsHoliday = never_a_holiday
) -> Rhythm:
    """The rhythm of a source by its arrivals; holidays, and what came on them, do not count."""
    local = [at.astimezone(zone) for at in arrivals]
    local = [at for at in local if not is_holiday(at.date())]
    if not local:
        return Rhythm(0.0, (1.0,) * 7, (1 / 24,) * 24)
    first, last = local[0].date(), local[-1].date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if not is_holiday(day)]
    a_day = len(local) / len(working)
    weekdays = []
    for weekday in range(7):
        there = sum(day.weekday() == weekday for day in working)
        came = sum(at.weekday() == weekday for at in local)
        weekdays.append((came + _DAY_PRIOR) / (there * a_day + _DAY_PRIOR))
    hours = [sum(at.hour == hour for at in local) + _HOUR_PRIOR for hour in range(24)]
    return Rhythm(a_day, tuple(weekdays), tuple(one / sum(hours) for one in hours))

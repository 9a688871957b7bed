"""The day on which a term ends that a law states in days, weeks, months, quarters or years."""

import calendar
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
UNITS = frozenset({*_MONTHS, *_DAYS, "working_day"})
_LONGEST_YEARS = 100


def end_of_term(start: date, number: float, unit: str) -> date | None:
    """The last day of a term of `number` `unit`s that is counted from the day `start`.

    The first day is not counted, and a term in months or years ends on the corresponding day,
    or on the last of a month that has none (Vietnam's Civil Code 2015, articles 147 and 148).
    A term that ends on a day off runs on to the next working day there; the plain day is
    given, the earlier of the two. Working days leave out weekends and public holidays.

    None for a unit that is not in `UNITS`, a number that is not whole, or more than a century.
    """
    if unit not in UNITS or number != int(number) or not number > 0:
        return None
    count = int(number)
    if count > {"year": 1, "quarter": 4, "month": 12}.get(unit, 366) * _LONGEST_YEARS:
        return None
    if unit == "working_day":
        return _working_days_after(start, count)
    if unit in _DAYS:
        return start + timedelta(days=count * _DAYS[unit])
    months = start.month - 1 + count * _MONTHS[unit]
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def is_day_off(day: date) -> bool:
    """Whether a day is a weekend or a public holiday in Vietnam (Tết and days in lieu too)."""
    return day.weekday() >= 5 or is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Vietnam, as the `holidays` package knows them."""
    return day in _holidays(day.year)


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("VN", years=[year]))


def _working_days_after(start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= not is_day_off(day)
    return day

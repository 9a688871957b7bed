"""The seven days that pass in the newsroom: Monday 2 June 2031 to Sunday 8 June 2031, UTC+7."""

from datetime import UTC, date, datetime, time, timedelta, timezone

FIRST_DATE = date(2031, 6, 2)
LAST_DAY = 7
ZONE = timezone(timedelta(hours=7), "GMT+7")


def days() -> range:
    """The numbers of the days, 1 to 7."""
    return range(1, LAST_DAY + 1)


def checked_day(day: int) -> int:
    """`day` itself; raises ValueError unless it is one of the seven."""
    if day not in days():
        raise ValueError(f"there is no day {day}: the newsroom has days 1 to {LAST_DAY}")
    return day


def date_of(day: int) -> date:
    """The calendar date of a day (1 to 7) as printed in the newsroom's own time zone."""
    return FIRST_DATE + timedelta(days=checked_day(day) - 1)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of a day, given on the newsroom's clock (UTC+7), as an aware datetime in UTC."""
    local = datetime.combine(date_of(day), time(hour, minute, second), ZONE)
    return local.astimezone(UTC)

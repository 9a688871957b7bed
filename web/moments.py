"""Times for a reader, in both languages: short, exact, and how long ago."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from web.wording import Language

MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
}


def exact(at: datetime, zone: tzinfo) -> str:
    """The whole moment with its zone: `2031-06-04 09:30:05 +07`."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def short(at: datetime, zone: tzinfo, now: datetime, language: Language) -> str:
    """The time alone on the day it is, else the day with it, and the year where it is another."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{plain_day(local.date(), today, language)}, {local:%H:%M}"


def plain_day(on: date, today: date, language: Language) -> str:
    """`4 Jun` or `4/6`, with the year where it is not this one."""
    if language == "vi":
        return f"{on.day}/{on.month}" + ("" if on.year == today.year else f"/{on.year}")
    year = "" if on.year == today.year else f" {on.year}"
    return f"{on.day} {MONTHS[on.month - 1]}{year}"


def day_in_words(on: date, today: date, language: Language) -> str:
    """A day with its weekday: `Wed 4 Jun`, `Thứ Tư 4/6`."""
    return f"{WEEKDAYS[language][on.weekday()]} {plain_day(on, today, language)}"


def ago(
    at: datetime,
    zone: tzinfo,
    now: datetime,
    language: Language,
    count: Callable[[str, int], str],
) -> str:
    """How long ago a moment is: minutes, hours, then days, and its day after a month."""
    seconds = (now - at).total_seconds()
    if seconds < 0:
        return short(at, zone, now, language)
    for key, size, below in (("minutes", 60, 5400), ("hours", 3600, 129_600)):
        if seconds < below:
            return count(f"ago.{key}", max(1, round(seconds / size)))
    days = round(seconds / 86400)
    return count("ago.days", days) if days <= 31 else short(at, zone, now, language)

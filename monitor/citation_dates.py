"""Calendar dates as legal citations give them, with or without a year."""

import re
from datetime import date

from monitor.instruments import YEAR

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
ENGLISH_DATE = rf"(?:{_MONTH}\s{_DAY}|{_DAY}\s(?:of\s)?{_MONTH})(?!\d)(?:,?\s{YEAR}(?!\d))?"
VIETNAMESE_DATE = (
    rf"(?:\d{{1,2}}\s?[-/.]\s?\d{{1,2}}(?:\s?[-/.]\s?{YEAR})?(?![-/.]?\d)"
    rf"|\d{{1,2}}\stháng\s\d{{1,2}}(?:(?:\snăm\s|[-/.])\s?{YEAR})?)"
)


def read(text: str, published: date | None) -> tuple[int, int, int | None] | None:
    """Read a date that `ENGLISH_DATE` or `VIETNAMESE_DATE` matched as (day, month, year).

    A date without a year is the last such day on or before `published`; the year stays None
    where nothing was published. Returns None for a day that no calendar has.
    """
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    named = re.search(r"[a-z]{3}", re.sub(r"\d+(?:st|nd|rd|th)|\bof\b|tháng|năm", "", text.lower()))
    if named and named[0] in MONTHS:
        numbers.insert(1, MONTHS.index(named[0]) + 1)
    day, month, year = (*numbers, None)[:3]
    if day is None or month is None:
        return None
    if year is None and published is not None:
        year = published.year
        if (month, day) > (published.month, published.day):
            year -= 1
    return (day, month, year) if _exists(day, month, year) else None


def _exists(day: int, month: int, year: int | None) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def iso(day: tuple[int, int, int | None]) -> str | None:
    """Return a (day, month, year) as an ISO date, or None without a year."""
    return f"{day[2]:04}-{day[1]:02}-{day[0]:02}" if day[2] else None

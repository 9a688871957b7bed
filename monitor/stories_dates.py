"""The days that a text names, as the press writes them in both languages."""

import re

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_CUE = r"\b(?:ngày|sáng|trưa|chiều|tối|đêm|hôm nay|hôm qua|mai|nay|on)\W{1,3}"
_DATE = re.compile(
    rf"{_CUE}(?P<day>\d{{1,2}})\s?[./-]\s?(?P<month>\d{{1,2}})(?!\d|[.,]\d{{3}})"
    r"|(?P<day2>\d{1,2})[./-](?P<month2>\d{1,2})[./-]20\d\d"
    r"|(?P<day3>\d{1,2})\s+tháng\s+(?P<month3>\d{1,2})"
    r"|\((?P<day6>\d{1,2})[./-](?P<month6>\d{1,2})\)"
    rf"|(?P<day4>\d{{1,2}})\s+(?P<month4>{'|'.join(_MONTHS)})\b"
    rf"|\b(?P<month5>{'|'.join(_MONTHS)})\s+(?P<day5>\d{{1,2}})\b",
    re.IGNORECASE,
)
"""A day of a month: two numbers alone are one only where a word or a year says so."""
_CLOCK = re.compile(
    r"\b(?:lúc|vào|at)\s\d{1,2}\s?(?:giờ|h|:)(?:\s?\d{2})?\b"
    r"|\b\d{1,2}\s?(?:giờ|h)(?:\s?\d{2}\b|\s(?=ngày|hôm|sáng|trưa|chiều|tối|đêm|mai))"
    r"|\b\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)


def without_dates(text: str) -> str:
    """A text without its days and times of day: "in 24 giờ" is a span, and stays."""
    return _DATE.sub(" ", _CLOCK.sub(" ", text))


def dates_of(text: str) -> frozenset[tuple[int, int]]:
    """The days of the year, as (month, day), that a text names as such."""
    found = set()
    for match in _DATE.finditer(text):
        said = {name.rstrip("23456"): value for name, value in match.groupdict().items() if value}
        month = said["month"].casefold()
        number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
        if 1 <= number <= 12 and 1 <= int(said["day"]) <= 31:
            found.add((number, int(said["day"])))
    return frozenset(found)

"""Dates stated in a legal text."""

import re
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        start=1,
    )
}
_VI = re.compile(
    r"(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:tháng\s+|[/.-])\s*(?P<m>\d{1,2})\s*(?:năm\s+|[/.-])\s*"
    r"(?P<y>\d{4})(?!\d)"
    r"|ngày\s+(?P<yd>\d{1,2})\s*(?:tháng\s+|[/-])\s*(?P<ym>\d{1,2})(?!\d)"
    r"(?P<yearly>\s+(?:hàng|hằng|mỗi)\s+năm)?"
    r"|tháng\s+(?P<mm>\d{1,2})\s+năm\s+(?P<my>\d{4})(?!\d)"
    r"|(?<!\w)năm\s+(?P<only>[12]\d{3})(?!\d)",
    re.IGNORECASE,
)
_EN = re.compile(
    rf"(?P<d>\d{{1,2}})\s+(?P<m>{'|'.join(_MONTHS)})\s+(?P<y>\d{{4}})(?!\d)"
    rf"|(?P<um>{'|'.join(_MONTHS)})\s+(?P<ud>\d{{1,2}}),?\s+(?P<uy>\d{{4}})(?!\d)"
    rf"|(?P<yd>\d{{1,2}})\s+(?P<ym>{'|'.join(_MONTHS)})(?!\w)(?P<yearly>\s+(?:each|every)\s+year)?"
    r"|(?<!\d)(?P<iy>[12]\d{3})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date in a text: ISO form, with parts that the text leaves open left out.

    "2024-12-25"; "2025-06" (month of a year); "2018" (a year); "--11-25" (a day of every year).
    """

    start: int
    end: int
    iso: str
    yearly: bool = False


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text.lower()]


def _read(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    day = found["d"] or found.get("ud") or found.get("id")
    if day:
        month = _month(found["m"] or found.get("um") or found.get("im") or "0")
        year = found["y"] or found.get("uy") or found.get("iy")
        iso, days = f"{year}-{month:02}-{int(day):02}", int(day)
    elif found["yd"]:
        month, days = _month(found["ym"]), int(found["yd"])
        iso = f"--{month:02}-{days:02}"
    elif found.get("mm"):
        month, days = int(found["mm"]), 1
        iso = f"{found['my']}-{month:02}"
    else:
        return found.get("only")
    return iso if 1 <= month <= 12 and 1 <= days <= 31 else None


def find_dates(text: str, language: str) -> list[StatedDate]:
    """Find the dates of a text in order; `language` is "vi" or "en"."""
    found = []
    for match in (_VI if language == "vi" else _EN).finditer(text):
        iso = _read(match)
        if iso:
            yearly = bool(match["yearly"])
            found.append(StatedDate(match.start(), match.end(), iso, yearly))
    return found

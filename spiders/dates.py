"""Vietnamese and English dates as the press, the feeds and the portals write them.

Forms: `Thứ tư, 22/10/2025, 19:25 (GMT+7)`, `Chủ Nhật, 04/08/2024 - 07:54`, `9.11.2024`,
`9-11-2024`, `ngày 9 tháng 11 năm 2024`, `2024-08-04T07:54:29.000 +07:00`, RFC 822 with its
usual damage (`GMT+7`, two-digit years, no zone), `Nov 9, 2024, 7:05 p.m. EST`, seconds or
milliseconds since 1970, `yyyymmddHHMMSS`. A date that the text does not give whole is None:
a month alone, or `2 giờ trước`, is not a date.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from spiders.addresses import split

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST = 300
EARLIEST, LATEST = 1900, 2100

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
ZONE_HOURS = {
    "z": 0.0,
    "ut": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "bst": 1.0,
    "cet": 1.0,
    "cest": 2.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "et": -5.0,
    "ict": 7.0,
    "sgt": 8.0,
    "hkt": 8.0,
    "jst": 9.0,
    "ist": 5.5,
    "aest": 10.0,
    "aedt": 11.0,
}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_WHOLE_ISO = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)", re.A
)
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_WORDS = re.compile(r"(?<!\d)(\d{1,2})\s*tháng\s*(\d{1,2})\s*(?:,|năm|-|/)?\s*(\d{4})(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s\-./]+(?:of\s+)?({_MONTH})\.?,?[\s\-./]+(\d{{4}}|\d{{2}})(?!\d)",
    re.I,
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.I)
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?:\s?[:hg]\s?(\d{2})(?!\d)(?::(\d{2})(?:[.,](\d{1,9}))?)?|(?=\s?[ap]\.?m\b))"
    r"(?:\s?(am|pm|a\.m\.|p\.m\.|sa|ch|sáng|chiều|tối)(?!\w))?",
    re.I,
)
_OFFSET = re.compile(r"(?:(?:gmt|utc)\s*)?([+\-−])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)", re.I)
_ZONE_NAME = re.compile(
    r"(?<![a-z])(" + "|".join(sorted(ZONE_HOURS, key=len, reverse=True)) + r")(?![a-z])", re.I
)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(\d{0,3}))?")


def parse_datetime(
    text: str, *, zone: tzinfo | None = HCM, dayfirst: bool = True
) -> datetime | None:
    """Give the moment that `text` names, as aware UTC, or None when it names none.

    `zone` is assumed where the text names no zone of its own; with zone None such a text
    gives None. A date without a time is midnight in that zone. `dayfirst` reads 9/11/2024
    as 9 November; a day above 12 decides by itself.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    if not text:
        return None
    if _WHOLE_ISO.fullmatch(text):
        return _from_iso(text)
    if _DIGITS.fullmatch(text):
        return _from_digits(text, zone)
    found = _find_date(text, dayfirst=dayfirst)
    if found is None:
        return None
    day, rest = found
    clock, offset = _find_clock(rest)
    own_zone = offset if offset is not None else zone
    if own_zone is None:
        return None
    return _utc(day, clock, own_zone)


def parse_date(text: str, *, dayfirst: bool = True) -> date | None:
    """Give the calendar day that `text` names, unmoved by any zone, or None."""
    text = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    found = _find_date(text, dayfirst=dayfirst)
    return found[0] if found else None


def date_from_url(url: str, *, zone: tzinfo = HCM) -> datetime | None:
    """Give the moment an address carries, as aware UTC, or None.

    Read are the article ids of the IMS family (`-20250307091503123.htm`, and
    `-185250307091503123.htm` with the site's three digits first), and whole dates in the
    path (`/2024/05/16/`, `-2024-03-07/`), which give midnight in `zone`.
    """
    path = split(url).path[-500:]
    for pattern in (
        r"-(20\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d{0,3}\.\w+$",
        r"-\d{3}(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d{0,3}\.\w+$",
    ):
        if match := re.search(pattern, path):
            year, month, day, hour, minute, second = (int(part) for part in match.groups())
            year += 0 if year > 99 else 2000
            made = _date(year, month, day)
            if made and (moment := _utc(made, (hour, minute, second, 0), zone)):
                return moment
    for pattern in (
        r"/(20\d{2})/(\d{1,2})/(\d{1,2})(?=/|$)",
        r"[-/](20\d{2})-(\d{2})-(\d{2})(?=/|\.|-|$)",
        r"/(20\d{2})(\d{2})(\d{2})(?=/)",
    ):
        if match := re.search(pattern, path):
            made = _date(*(int(part) for part in match.groups()))
            if made:
                return _utc(made, (0, 0, 0, 0), zone)
    return None


def _from_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_digits(text: str, zone: tzinfo | None) -> datetime | None:
    whole = text.split(".")[0]
    if len(whole) in (10, 13) and not (len(whole) == 10 and whole[0] == "0"):
        seconds = int(whole) / (1000 if len(whole) == 13 else 1)
        moment = datetime.fromtimestamp(seconds, UTC) if seconds < 4_102_444_800 else None
        return moment if moment and moment.year >= 1990 else None
    match = _STAMP.fullmatch(whole) if len(whole) in (8, 14, 15, 16, 17) else None
    if match is None or zone is None:
        return None
    year, month, day, *clock = (int(part or 0) for part in match.groups())
    made = _date(year, month, day)
    return _utc(made, (clock[0], clock[1], clock[2], 0), zone) if made else None


def _find_date(text: str, *, dayfirst: bool) -> tuple[date, str] | None:
    """Give the first whole date and the text without it (where the clock is to be found)."""
    for pattern, order in (
        (_ISO, "ymd"),
        (_WORDS, "dmy"),
        (_NUMERIC, "d-m-y"),
        (_DAY_MONTH, "dMy"),
        (_MONTH_DAY, "Mdy"),
    ):
        for match in pattern.finditer(text):
            made = _ordered(match, order, dayfirst=dayfirst)
            if made:
                return made, f"{text[: match.start()]} | {text[match.end() :]}"
    return None


def _ordered(match: re.Match[str], order: str, *, dayfirst: bool) -> date | None:
    parts = match.groups()
    if order == "ymd":
        return _date(int(parts[0]), int(parts[1]), int(parts[2]))
    if order == "dmy":
        return _date(int(parts[2]), int(parts[1]), int(parts[0]))
    if order == "dMy":
        year = int(parts[2])
        # RFC 2822, 4.3: two-digit years up to 49 are of this century.
        year += 0 if year > 99 else (2000 if year < 50 else 1900)
        return _date(year, MONTHS[parts[1].lower()], int(parts[0]))
    if order == "Mdy":
        return _date(int(parts[2]), MONTHS[parts[0].lower()], int(parts[1]))
    first, second, year = int(parts[0]), int(parts[2]), int(parts[3])
    if not dayfirst:
        first, second = second, first
    return _date(year, second, first) or _date(year, first, second)


def _find_clock(rest: str) -> tuple[tuple[int, int, int, int], tzinfo | None]:
    match = _CLOCK.search(rest)
    if match is None:
        return (0, 0, 0, 0), _offset(rest.replace("|", " "))
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    micro = int((match[4] or "0")[:6].ljust(6, "0"))
    half = (match[5] or "").lower().replace(".", "")
    if half in ("pm", "ch", "chiều", "tối") and hour < 12:
        hour += 12
    elif half in ("am", "sa", "sáng") and hour == 12:
        hour = 0
    after = rest[match.end() :].split("|")[0]
    offset = _offset(after)
    # "GMT+7, 9/11/2024" and "9/11/2024 19:25 | GMT+7": the zone may stand beyond the date.
    return (hour, minute, second, micro), offset or _offset_named(rest)


def _offset(text: str) -> tzinfo | None:
    text = text.strip(" ,;-–|()\t\n") if not re.match(r"\s*[+\-−]\s?\d", text) else text
    match = _OFFSET.search(text)
    if match and int(match[2]) <= 14 and (match.start() == 0 or "gmt" in text.lower()):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    named = _ZONE_NAME.search(text)
    if named:
        return timezone(timedelta(hours=ZONE_HOURS[named[1].lower()]))
    return None


def _offset_named(text: str) -> tzinfo | None:
    match = re.search(r"(?:gmt|utc)\s*[+\-−]\s?\d{1,2}(?::?\d{2})?", text, re.I)
    return _offset(match[0]) if match else None


def _date(year: int, month: int, day: int) -> date | None:
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _utc(day: date, clock: tuple[int, int, int, int], zone: tzinfo) -> datetime | None:
    hour, minute, second, micro = clock
    try:
        local = datetime(
            day.year, day.month, day.day, hour, minute, min(second, 59), micro, tzinfo=zone
        )
    except ValueError:
        return None
    return local.astimezone(UTC)

"""How the invented outlets and the portal print a moment in time."""

from datetime import datetime
from email.utils import format_datetime

from newsroom.calendar import ZONE

WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")


def iso(moment: datetime) -> str:
    """ISO 8601 with a colon in the offset: 2031-06-02T08:15:00+07:00."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def iso_compact(moment: datetime) -> str:
    """ISO 8601 without a colon in the offset: 2031-06-02T08:15:00+0700."""
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M:%S%z}"


def rfc822(moment: datetime) -> str:
    """As feeds should print it: Mon, 02 Jun 2031 08:15:00 +0700."""
    return format_datetime(moment.astimezone(ZONE))


def unreadable(moment: datetime) -> str:
    """As some feeds do print it, which feedparser cannot read: … 08:15:00 GMT+7."""
    return rfc822(moment).replace("+0700", "GMT+7")


def slashes(moment: datetime) -> str:
    """02/06/2031 08:15 GMT+7."""
    return f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M} GMT+7"


def vietnamese(moment: datetime) -> str:
    """Thứ hai, 02/06/2031, 08:15 (GMT+7); a Sunday is "Chủ nhật"."""
    local = moment.astimezone(ZONE)
    day = "Chủ nhật" if local.weekday() == 6 else f"Thứ {WEEKDAYS[local.weekday()]}"
    return f"{day}, {local:%d/%m/%Y, %H:%M} (GMT+7)"


def short(moment: datetime) -> str:
    """3-6-2031, without a time of day."""
    local = moment.astimezone(ZONE)
    return f"{local.day}-{local.month}-{local.year}"


def english(moment: datetime) -> str:
    """June 2, 2031, 08:15."""
    local = moment.astimezone(ZONE)
    return f"{local:%B} {local.day}, {local.year}, {local:%H:%M}"

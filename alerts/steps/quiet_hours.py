"""Nobody is woken by what can wait: until the quiet hours end, in the reader's own zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.past import Past
from alerts.pipeline import Decision, Hold, Pass
from alerts.verdicts import RaisedAlert
from config import Rule
from config_rules import span_of


class QuietHours:
    """Holds what is not critical; all that one night held is told as one message."""

    name = "quiet hours"

    def __init__(self, hours: str, zone: ZoneInfo) -> None:
        self._hours = hours
        self._zone = zone

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """Hold an alert that is raised within the quiet hours of its rule."""
        hours = self._hours if rule.quiet is None else rule.quiet
        end = quiet_until(hours, now, self._zone)
        if end is None:
            return Pass("no quiet hour" if hours else "no quiet hours are set")
        if raised.severity == "critical":
            return Pass("critical: told in quiet hours too")
        said = f"quiet hours {hours} until {end.astimezone(self._zone):%H:%M}"
        return Hold(end, said, f"quiet:{end.isoformat()}")


def quiet_until(hours: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that hold at `now` end, in UTC; None outside of them.

    The hours are of the wall clock: where it is set forward or back in the night, the night is
    an hour shorter or longer.
    """
    span = span_of(hours)
    if span is None:
        return None
    first, last = span
    here = now.astimezone(zone)
    for day in (here.date() - timedelta(days=1), here.date()):
        end_day = day + timedelta(days=1) if last <= first else day
        begins, ends = _moment(day, first, zone), _moment(end_day, last, zone)
        if begins <= now < ends:
            return ends
    return None


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)

"""Quiet hours: held until they end, by the wall clock of the reader."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from routing import alert, rule

from alerts.pipeline import Hold, Pass
from alerts.steps.quiet_hours import QuietHours, quiet_until

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
ANY = None
"""Quiet hours ask nothing of the past."""


def here(text, zone=HANOI, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22:00-07:00", "2031-06-03T22:00", "2031-06-04T07:00"),
        ("22:00-07:00", "2031-06-04T06:59:59", "2031-06-04T07:00"),
        ("22:00-07:00", "2031-06-04T07:00", None),
        ("22:00-07:00", "2031-06-04T12:00", None),
        ("22:00-07:00", "2031-06-04T21:59:59", None),
        ("12:00-13:30", "2031-06-04T12:30", "2031-06-04T13:30"),
        ("12:00-13:30", "2031-06-04T13:30", None),
        ("00:00-06:00", "2031-06-04T00:00", "2031-06-04T06:00"),
        ("18:00-00:00", "2031-06-04T23:59", "2031-06-05T00:00"),
        ("", "2031-06-04T03:00", None),
    ],
)
def test_hours_over_midnight_and_within_a_day(hours, now, until):
    found = quiet_until(hours, here(now).astimezone(UTC), HANOI)
    assert found == (here(until) if until else None)


@pytest.mark.parametrize(
    ("night", "length"), [("2031-03-29", 8), ("2031-10-25", 10), ("2031-06-03", 9)]
)
def test_a_night_in_which_the_clock_is_changed_is_shorter_or_longer(night, length):
    begins = here(f"{night}T22:00", BERLIN).astimezone(UTC)
    ends = quiet_until("22:00-07:00", begins, BERLIN)
    assert ends - begins == timedelta(hours=length)
    assert ends.astimezone(BERLIN).hour == 7


def test_hours_that_end_where_the_clock_jumps_end_all_the_same():
    at = here("2031-03-30T01:30", BERLIN).astimezone(UTC)
    assert quiet_until("23:00-02:30", at, BERLIN) == datetime(2031, 3, 30, 1, 30, tzinfo=UTC)


@given(
    now=st.datetimes(datetime(2031, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),
    first=st.integers(0, 1439),
    length=st.integers(1, 1439),
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Asia/Tehran"]),
)
def test_what_is_held_is_held_to_a_moment_at_which_it_is_quiet_no_more(now, first, length, zone):
    hours = "-".join(f"{at // 60 % 24:02}:{at % 60:02}" for at in (first, first + length))
    end = quiet_until(hours, now, ZoneInfo(zone))
    if end is not None:
        assert now < end <= now + timedelta(hours=25)
        assert quiet_until(hours, end, ZoneInfo(zone)) is None


def test_an_alert_in_quiet_hours_waits_with_the_others_of_the_night():
    step = QuietHours("22:00-07:00", HANOI)
    one, other = (
        step.decide(alert(), rule(id=name), here(f"2031-06-0{day}").astimezone(UTC), ANY)
        for name, day in (("a", "3T23:00"), ("b", "4T04:00"))
    )
    assert isinstance(one, Hold)
    assert one.until == here("2031-06-04T07:00")
    assert one.reason == "quiet hours 22:00-07:00 until 07:00"
    assert (one.until, one.group_key) == (other.until, other.group_key)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"severity": "critical"}, "critical: told in quiet hours too"),
        ({"quiet": ""}, "no quiet hours are set"),
        ({"quiet": "09:00-10:00"}, "no quiet hour"),
    ],
)
def test_what_is_critical_or_whose_rule_has_other_hours_is_told(said, reason):
    step = QuietHours("22:00-07:00", HANOI)
    night = here("2031-06-03T23:00").astimezone(UTC)
    raised = alert(severity=said.pop("severity", "major"))
    assert step.decide(raised, rule(**said), night, ANY) == Pass(reason)

"""Which silences are too long, by a source's own habits, and what its troubles mean."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.silent_sources import judge_silence, meaning_of
from monitor.terms import is_holiday

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2031, 2, 3, tzinfo=ZONE)
WEEK = timedelta(days=7)


def daily(days, hours=range(6, 23), start=START, skip=()):
    """A busy outlet: an item an hour by day, none by night, and none on the days to `skip`."""
    return [
        (start + timedelta(days=day, hours=hour)).astimezone(UTC)
        for day in range(days)
        if (start + timedelta(days=day)).date() not in skip
        for hour in hours
    ]


def weekly(number):
    """A magazine: one issue on Thursdays at nine."""
    return [(START + timedelta(days=3, hours=9) + n * WEEK).astimezone(UTC) for n in range(number)]


def judge(arrivals, after, **options):
    return judge_silence(arrivals, arrivals[-1] + after, ZONE, default=timedelta(days=7), **options)


def test_a_busy_outlet_that_says_nothing_for_a_day_is_silent():
    silence = judge(daily(60), timedelta(days=1, hours=6))
    assert silence is not None
    assert silence.missed > silence.usual


def test_a_night_is_no_silence():
    assert judge(daily(60), timedelta(hours=12)) is None


def test_a_weekly_is_silent_after_weeks_and_not_after_days():
    issues = weekly(12)
    assert judge(issues, timedelta(days=8)) is None
    assert judge(issues, timedelta(days=24)) is not None


def test_an_outlet_that_rests_on_sundays_may_rest_on_sunday():
    sundays = {(START + timedelta(days=n)).date() for n in range(90) if n % 7 == 6}
    to_saturday = daily(62, skip=sundays)
    assert to_saturday[-1].astimezone(ZONE).weekday() == 5
    assert judge(to_saturday, timedelta(hours=34)) is None


def test_tet_is_no_silence_for_those_who_keep_it():
    before_tet = daily(60, start=datetime(2030, 11, 22, tzinfo=ZONE))
    assert before_tet[-1].astimezone(ZONE).date() == date(2031, 1, 20)
    week = timedelta(days=7, hours=12)
    assert judge(before_tet, week, is_holiday=is_holiday) is None
    assert judge(before_tet, week) is not None


def test_when_all_fall_quiet_none_fell_silent():
    mine, others = daily(60), [daily(60), daily(60)]
    lively = [[*one, *daily(3, start=START + timedelta(days=60))] for one in others]
    silence = timedelta(days=2)
    assert judge(mine, silence, peers=lambda: others) is None
    assert judge(mine, silence, peers=lambda: lively) is not None


def test_an_outage_of_the_past_does_not_excuse_the_next():
    arrivals = [*daily(30), *daily(30, start=START + timedelta(days=40))]
    assert judge(arrivals, timedelta(days=2)) is not None


def test_a_source_of_little_history_has_the_configured_time():
    few = daily(1, hours=range(8, 11))
    assert judge(few, timedelta(days=6)) is None
    silence = judge(few, timedelta(days=7))
    assert silence is not None and silence.limit == timedelta(days=7)


@pytest.mark.parametrize(
    ("kind", "message", "meaning"),
    [
        ("http-error", "https://a.example/1: the server answered 403", "blocked"),
        ("http-error", "https://a.example/1: the server answered 429", "blocked"),
        ("http-error", "https://a.example/404: the server answered 503", "unreachable"),
        ("http-error", "https://a.example/403: the server answered 404", "broken"),
        ("needs-javascript", "", "blocked"),
        ("no-text", "", "broken"),
        ("empty-page", "", "broken"),
        ("dns", "", "unreachable"),
        ("timeout", "", "unreachable"),
        ("out-of-time", "", ""),
    ],
)
def test_troubles_say_whether_a_source_is_blocked_broken_or_unreachable(kind, message, meaning):
    assert meaning_of(kind, message) == meaning

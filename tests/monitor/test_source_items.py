"""Far fewer items than on the same days of the weeks before."""

from datetime import UTC, date, datetime, timedelta

from monitor.source_items import counted

DAY = timedelta(days=1)
END = datetime(2031, 6, 30, 12, tzinfo=UTC)


def days(a_day, weekend=None, lately=None, weeks=8):
    """When items came: so many a day, at week-ends fewer, and on the last two days others."""
    came = []
    for back in range(weeks * 7, 0, -1):
        day = END - back * DAY
        number = a_day if weekend is None or day.weekday() < 5 else weekend
        if lately is not None and back <= 2:
            number = lately
        came += [day + (n + 0.5) * DAY / number for n in range(number)]
    return came


def count(came, end=END, is_holiday=lambda _: False):
    return counted(came, end, UTC, is_holiday)


def test_a_source_that_yields_a_fifth_of_what_is_usual_yields_few():
    found = count(days(20, lately=4))
    assert (found.now, found.is_few, found.is_enough) == (8, True, False)
    assert set(found.before) == {40}


def test_a_week_end_is_held_against_week_ends():
    sunday_night = END - DAY
    assert sunday_night.weekday() == 6
    assert not count(days(20, weekend=3), sunday_night).is_few


def test_a_source_of_few_items_may_have_none_for_two_days():
    assert not count(days(2, lately=0)).is_few


def test_half_as_many_are_not_few_and_most_of_them_are_enough():
    assert not count(days(20, lately=10)).is_few
    assert count(days(20, lately=16)).is_enough


def test_days_with_a_holiday_and_a_short_history_are_not_judged():
    assert count(days(20, lately=0), is_holiday=lambda day: day == date(2031, 6, 29)) is None
    assert count(days(20, lately=0, weeks=4)) is None

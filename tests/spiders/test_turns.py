"""When a source has its turn: more often where more is published, never sooner than it wants."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from archives import seen
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Loopback, configured, source

from spiders.due import is_due
from spiders.rounds import crawl_round
from spiders.turns import LATEST, SOONEST, Wishes, fresh_for, habit, next_turn
from storage.archive import Archive

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
USUAL = timedelta(minutes=15)
NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)
"""A Monday, noon in Hanoi."""
POLITE = Wishes(delay=2.0)


def every(gap: timedelta, days: int = 21, hours: range = range(24)) -> list[datetime]:
    """Items that came so far apart in these hours of the reader's day, up to `NOON`."""
    times = [NOON - n * gap for n in range(int(timedelta(days=days) / gap))]
    return [at for at in times if at.astimezone(HANOI).hour in hours]


def interval(came: Sequence[datetime], at: datetime = NOON, wishes: Wishes = POLITE) -> timedelta:
    rhythm = habit(came, at, HANOI)
    return next_turn(at, rhythm, wishes, usual=USUAL, zone=HANOI) - at


def test_a_source_without_a_history_is_asked_at_the_usual_interval() -> None:
    assert interval([]) == USUAL
    assert interval(every(timedelta(minutes=5), days=1)) == USUAL


def test_a_source_is_asked_by_the_square_root_of_how_often_it_publishes() -> None:
    def at_random(gap: timedelta) -> list[datetime]:
        chance = random.Random(7)
        span = timedelta(days=28)
        return [NOON - chance.random() * span for _ in range(int(span / gap))]

    def average(gap: timedelta) -> timedelta:
        came = at_random(gap)
        hours = [NOON + timedelta(hours=n) for n in range(0, 72, 4)]
        return sum((interval(came, at) for at in hours), timedelta()) / len(hours)

    busy, even, quiet = (average(gap) for gap in (USUAL / 4, USUAL, USUAL * 16))
    assert busy / USUAL == pytest.approx(1 / 2, rel=0.25)
    assert even / USUAL == pytest.approx(1, rel=0.25)
    assert quiet / USUAL == pytest.approx(4, rel=0.25)


def test_a_source_that_sleeps_at_night_is_asked_less_at_night() -> None:
    came = every(timedelta(minutes=6), hours=range(6, 22))
    assert interval(came, NOON + timedelta(hours=14)) > 3 * interval(came, NOON)


def test_the_first_items_of_the_morning_are_not_slept_through() -> None:
    came = every(timedelta(minutes=6), hours=range(6, 22))
    before_six = datetime(2031, 6, 2, 22, 50, tzinfo=UTC)
    assert interval(came, before_six) < timedelta(minutes=25)


def test_a_cache_header_puts_the_turn_off() -> None:
    came = every(timedelta(minutes=2))
    assert interval(came, wishes=Wishes(2.0, fresh_for=1200)) == timedelta(minutes=20)


def test_a_cache_header_of_a_year_does_not_make_a_source_be_forgotten() -> None:
    assert interval([], wishes=Wishes(2.0, fresh_for=31_536_000)) == USUAL * LATEST


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    until = NOON + timedelta(hours=20)
    assert interval([], wishes=Wishes(2.0, alone_until=until)) == timedelta(hours=20)


def test_a_long_crawl_delay_makes_turns_rarer() -> None:
    came = every(timedelta(minutes=2))
    assert interval(came, wishes=Wishes(delay=60.0, addresses=3)) == timedelta(minutes=30)


@given(
    ages=st.lists(st.floats(0, 60 * 24 * 28), max_size=60),
    delay=st.floats(0.1, 300),
    fresh=st.floats(0, 1e8),
    jitter=st.floats(0, 1),
)
def test_a_turn_is_never_sooner_than_is_polite_and_never_later_than_is_useful(
    ages: list[float], delay: float, fresh: float, jitter: float
) -> None:
    came = [NOON - timedelta(minutes=age) for age in ages]
    wishes = Wishes(delay, addresses=2, fresh_for=fresh)
    rhythm = habit(came, NOON, HANOI)
    gap = next_turn(NOON, rhythm, wishes, usual=USUAL, zone=HANOI, jitter=jitter) - NOON
    assert gap >= USUAL * SOONEST * 0.9
    assert gap >= timedelta(seconds=delay * 2)
    assert gap <= max(USUAL * LATEST, timedelta(seconds=20 * delay))


@pytest.mark.parametrize(
    ("cache_control", "expires", "age", "seconds"),
    [
        ("public, max-age=300", "", "", 300),
        ("Max-Age=300", "", "100", 200),
        ("max-age=300, no-cache", "", "", 0),
        ("no-store", "Mon, 02 Jun 2031 06:00:00 GMT", "", 0),
        ("", "Mon, 02 Jun 2031 06:00:00 GMT", "", 3600),
        ("", "0", "", 0),
        ("", "Mon, 02 Jun 2031 04:00:00 GMT", "", 0),
        ("max-age=99999999999999999999", "", "", 0),
        ("max-age=🙂", "", "x", 0),
    ],
)
def test_how_long_an_answer_is_good(
    cache_control: str, expires: str, age: str, seconds: float
) -> None:
    assert fresh_for(cache_control, expires, age, NOON) == seconds


def test_what_a_server_says_of_its_feed_counts_after_a_real_round(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", [])
        feed = server.pages["/thu.rss"]
        assert isinstance(feed, Answer)
        feed.headers["Cache-Control"] = "max-age=3000"
        config = configured([server], [source(server)])
        crawl_round(config, archive, now=NOON)
        declared = config.sources[0]
        assert not is_due(config, archive, declared, NOON + timedelta(minutes=49))
        assert is_due(config, archive, declared, NOON + timedelta(minutes=51))


def test_a_fixed_interval_stays_fixed(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", [])
        config = configured([server], [source(server) | {"every": "1h"}])
        with archive.transaction() as tx:
            for came in every(timedelta(minutes=5), days=5):
                tx.items.observe(seen(f"https://press.example/{came:%d%H%M}", source_id="thu"))
        crawl_round(config, archive, now=NOON)
        declared = config.sources[0]
        assert not is_due(config, archive, declared, NOON + timedelta(minutes=59))
        assert is_due(config, archive, declared, NOON + timedelta(minutes=60))


def test_a_clock_that_was_ahead_does_not_silence_a_source(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", [])
        config = configured([server], [source(server)])
        crawl_round(config, archive, now=NOON + timedelta(days=300))
        assert is_due(config, archive, config.sources[0], NOON)

"""When pages are looked at again, and which are due first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery import is_settled
from spiders.revisit import AGES, next_look, next_try
from storage.archive import Archive
from storage.sources import Found

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
OLDEST = NOW - timedelta(days=30)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_the_next_look_lies_ahead_and_the_last_is_the_last(age: timedelta) -> None:
    again = next_look(NOW, NOW + age)
    assert (again is None) == (age >= AGES[-1])
    assert again is None or again > NOW + age


def test_a_page_is_looked_at_ever_more_rarely() -> None:
    looks, at = [], NOW
    while (again := next_look(NOW, at)) is not None:
        looks.append(again - at)
        at = again
    assert len(looks) == len(AGES)
    assert looks == sorted(looks)


@given(st.integers(1, 100), st.integers(1, 100))
def test_what_failed_more_often_waits_longer(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert NOW < next_try(fewer, NOW) <= next_try(more, NOW)


def test_new_pages_come_first_newest_first_and_known_ones_are_not_starved(
    archive: Archive,
) -> None:
    found = [Found(f"http://x.example/{n}", "p", NOW - timedelta(hours=n + 1)) for n in range(20)]
    with archive.transaction() as tx:
        assert tx.sources.discovered("x", "feed", found, NOW) == 20
        known = tx.sources.remember("http://x.example/known", "x")
        known.checked_at, known.next_check_at = NOW - timedelta(days=9), NOW - timedelta(days=8)
    with archive.reading() as tx:
        due = [page.url for page in tx.sources.due("x", NOW, 10)]
        assert tx.sources.due_count("x", NOW) == 21
    assert due == [*(f"http://x.example/{n}" for n in range(9)), "http://x.example/known"]


def test_no_page_waits_for_a_time_that_only_a_wrong_clock_knew(archive: Archive) -> None:
    later = NOW + timedelta(days=400)
    with archive.transaction() as tx:
        tx.sources.discovered("x", "feed", [Found("http://x.example/new", "p")], later)
        read = tx.sources.remember("http://x.example/read", "x")
        read.checked_at, read.next_check_at = later, later + timedelta(days=1)
        feed = tx.sources.remember("http://x.example/feed", "x")
        feed.checked_at = later
        tx.sources.discovered("x", "feed", [Found("http://x.example/new", "p")], NOW)
    with archive.reading() as tx:
        due = [page.url for page in tx.sources.due("x", NOW)]
        assert tx.sources.due_count("x", NOW) == 2
    assert due == ["http://x.example/new", "http://x.example/read"]


def test_a_page_is_due_again_when_the_same_feed_says_something_else(archive: Archive) -> None:
    url = "http://x.example/1"

    def due_after(feed: str, fingerprint: str) -> bool:
        with archive.transaction() as tx:
            tx.sources.discovered("x", feed, [Found(url, fingerprint)], NOW)
            page = tx.sources.remember(url, "x")
            due, page.next_check_at = page.next_check_at, None
            return due is not None

    assert due_after("home", "aaaa")
    assert not due_after("home", "aaaa")
    assert not due_after("section", "bbbb")
    assert not due_after("home", "aaaa")
    assert due_after("home", "cccc")
    assert not due_after("section", "bbbb")
    assert due_after("section", "dddd")


def test_a_sitemap_named_after_a_month_long_past_is_settled() -> None:
    assert is_settled("https://x.example/sitemaps/sitemaps-2031-3-1-15.xml", OLDEST)
    assert is_settled("https://x.example/sitemap-article-01-2031-02.xml", OLDEST)
    assert not is_settled("https://x.example/sitemaps/news-2031-6.xml", OLDEST)
    assert not is_settled("https://x.example/sitemaps/news-2031-05.xml", OLDEST)
    assert not is_settled("https://x.example/sitemaps/politics.xml", OLDEST)

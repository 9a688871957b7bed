"""How often a host is asked, what its robots.txt says, and whom we never ask."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Asked, Loopback, article, configured, send, source

from spiders.pacing import retry_after
from spiders.private_addresses import is_allowed, is_public
from spiders.reports import SourceReport
from spiders.rounds import crawl_round
from spiders.validators import conditional_headers, validator
from storage.archive import Archive
from storage.models import Page

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)


def crawled(
    server: Loopback, archive: Archive, now: datetime = NOW, **politeness: object
) -> SourceReport:
    config = configured([server], [source(server)], **politeness)
    return crawl_round(config, archive, now=now, all_sources=True).sources[0]


def gaps(asked: list[Asked]) -> list[float]:
    return [later.started - earlier.started for earlier, later in pairwise(asked)]


def test_the_crawl_delay_of_robots_txt_is_kept(archive: Archive) -> None:
    with Loopback() as server:
        server.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.3\n")
        server.feed("/thu.rss", ["/a", "/b"])
        server.article("/a")
        server.article("/b")
        report = crawled(server, archive)
        assert report.new == 2
        assert len(server.asked) == 4
        assert min(gaps(server.asked)) > 0.3


def test_our_own_delay_is_kept_where_robots_txt_names_none(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", ["/a"])
        server.article("/a")
        crawled(server, archive, delay="0.3s")
        assert min(gaps(server.asked)) > 0.3


def test_a_busy_server_is_asked_again_only_after_its_retry_after(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", ["/a"])
        answers = [Answer(status=429, headers={"Retry-After": "1"})]
        good = Answer(article("Lần sau thì được"))
        server.pages["/a"] = lambda handler: send(handler, answers.pop() if answers else good)
        report = crawled(server, archive, retries=1)
        assert report.new == 1
        first, second = (asked for asked in server.asked if asked.path == "/a")
        assert second.started - first.started > 1


def test_a_host_that_refuses_page_after_page_is_left_alone_and_no_other_is(
    archive: Archive,
) -> None:
    with Loopback() as server, Loopback() as other:
        server.feed("/thu.rss", [f"/{n}" for n in range(6)] + [f"{other.url}/b"])
        for n in range(6):
            server.pages[f"/{n}"] = Answer(status=403)
        other.article("/b")
        config = configured([server, other], [source(server)])
        crawl_round(config, archive, now=NOW)
        refused = [one for one in server.asked if one.path != "/thu.rss"]
        assert len(refused) == 1 + 3
        assert server.asked[-1].path != "/thu.rss"
        server.asked.clear()
        crawl_round(config, archive, now=NOW + timedelta(minutes=30), all_sources=True)
        assert server.asked == []


def test_a_page_that_alone_is_refused_keeps_no_other_from_its_turn(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", ["/a", "/b", "/c"])
        server.pages["/b"] = Answer(status=403)
        server.article("/a")
        server.article("/c")
        report = crawled(server, archive)
        assert {"/a", "/b", "/c"} <= set(server.paths())
        assert [error["kind"] for error in report.errors] == ["http-error"]


def test_a_long_pause_ends_the_visit_and_outlasts_the_round(archive: Archive) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", ["/a", "/b"])
        server.pages["/a"] = server.pages["/b"] = Answer(
            status=503, headers={"Retry-After": "7200"}
        )
        report = crawled(server, archive, retries=2)
        assert [error["kind"] for error in report.errors] == ["host-paused"]
        assert any("left for the next round" in note for note in report.notes)
        assert len(server.asked) == 3
        server.asked.clear()
        crawled(server, archive, NOW + timedelta(hours=1))
        assert server.asked == []
        server.article("/a")
        server.article("/b")
        report = crawled(server, archive, NOW + timedelta(hours=3))
        assert report.new == 2
        with archive.reading() as tx:
            assert [(one.url, one.kind, one.message) for one in tx.sources.troubles()] == []


def test_nothing_is_asked_of_a_host_whose_robots_txt_fails(archive: Archive) -> None:
    with Loopback() as server:
        server.pages["/robots.txt"] = Answer(status=500)
        server.feed("/thu.rss", ["/a"])
        report = crawled(server, archive)
        assert [error["kind"] for error in report.errors] == ["robots-unreachable"]
        assert set(server.paths()) == {"/robots.txt"}


def test_a_robots_txt_read_lately_stands_in_for_one_that_fails(archive: Archive) -> None:
    with Loopback() as server:
        server.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed\n")
        server.feed("/thu.rss", ["/a"])
        server.article("/a")
        crawled(server, archive)
        server.pages["/robots.txt"] = Answer(status=500)
        server.feed("/thu.rss", ["/b", "/closed"])
        server.article("/b")
        report = crawled(server, archive, NOW + timedelta(hours=3))
        assert report.new == 1 + 1
        assert [error["kind"] for error in report.errors] == ["robots-forbidden"]
        assert "/closed" not in server.paths()
        crawled(server, archive, NOW + timedelta(days=2))
        assert server.paths()[-1] == "/robots.txt"


def test_rules_for_us_by_name_go_before_those_for_all(archive: Archive) -> None:
    with Loopback() as server:
        server.pages["/robots.txt"] = Answer(
            b"User-agent: *\nDisallow:\n\nUser-agent: DecreeWatch\nDisallow: /a\n"
        )
        server.feed("/thu.rss", ["/a", "/b"])
        server.article("/b")
        crawled(server, archive)
        assert "/a" not in server.paths() and "/b" in server.paths()


def test_more_pages_than_a_round_may_ask_are_left_for_the_next(archive: Archive) -> None:
    with Loopback() as server:
        paths = [f"/bai-{number}" for number in range(8)]
        server.feed("/thu.rss", paths, ETag='"same"')
        for path in paths:
            server.article(path, f"Bài {path}")
        first = crawled(server, archive, max_pages=5)
        assert first.new == 5
        assert first.notes == ("3 more pages are due; they are taken next round",)
        server.pages["/thu.rss"] = Answer(status=304)
        second = crawled(server, archive, max_pages=5)
        assert (second.new, second.notes) == (3, ())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "not an address", "",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.162.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_carried_in_ipv6_is_as_public_as_itself(number: int) -> None:
    address = IPv4Address(number)
    mapped = IPv6Address(0xFFFF00000000 | number)
    translated = IPv6Address(int(ip_address("64:ff9b::")) | number)
    assert is_public(str(mapped)) == is_public(str(translated)) == is_public(str(address))


def test_a_private_host_is_allowed_only_with_its_port() -> None:
    assert is_allowed("127.0.0.1", 8421, ["127.0.0.1:8421"])
    assert not is_allowed("127.0.0.1", 22, ["127.0.0.1:8421"])
    assert not is_allowed("127.0.0.2", 8421, ["127.0.0.1:8421"])
    assert is_allowed("Intranet", 443, ["intranet"])
    assert not is_allowed("intranet", 8080, ["intranet"])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Mon, 02 Jun 2031 12:05:00 GMT", 300.0),
        ("Mon, 02 Jun 2031 11:00:00 GMT", 0.0),
        ("999999999999", 86400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_is_ever_endless_or_an_error(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= 86400


def test_validators_are_sent_back_as_they_came() -> None:
    modified = "Mon, 02 Jun 2031 05:00:00 GMT"
    page = Page(url="http://x.example/", etag='W/"a1"', last_modified=modified)
    assert conditional_headers(page) == {
        "If-None-Match": 'W/"a1"',
        "If-Modified-Since": modified,
    }
    assert conditional_headers(None) == {}


@given(st.text())
def test_a_validator_that_could_break_a_header_is_not_remembered(value: str) -> None:
    kept = validator(value)
    assert kept.isascii() and len(kept) <= 1000
    assert "\n" not in kept and "\r" not in kept

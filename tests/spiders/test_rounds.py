"""A round goes on whatever one source does, and loses nothing when it is cut short."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from loopback import Answer, Loopback, article, configured, send, source
from newsrooms import newsroom_config
from warcio.archiveiterator import ArchiveIterator

from config import Config
from newsroom.calendar import at
from newsroom.server import Newsroom
from spiders.checking import check_source
from spiders.child import end_round
from spiders.reports import Progress
from spiders.rounds import crawl_round
from spiders.visit import Visit
from storage.archive import Archive
from storage.engine import ArchiveBusy
from storage.verification import verify

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)


def process_of(source_id: str) -> int:
    found = [
        one.pid for one in multiprocessing.active_children() if one.name == f"crawl {source_id}"
    ]
    assert found and found[0] is not None
    return found[0]


def signalled_at(source_id: str, part: str, number: int) -> Callable[[Progress], None]:
    """Send a signal to a source's process, once, when it asks for an address with `part`."""
    sent: list[int] = []

    def on_progress(progress: Progress) -> None:
        if progress.source == source_id and part in progress.url and not sent:
            sent.append(number)
            os.kill(process_of(source_id), number)

    return on_progress


def with_articles(server: Loopback, source_id: str, number: int = 3) -> None:
    server.feed(f"/{source_id}.rss", [f"/{source_id}/{n}" for n in range(number)])
    for n in range(number):
        server.article(f"/{source_id}/{n}", f"Bài số {n} của {source_id}")


@pytest.mark.parametrize(
    ("number", "kind"), [(signal.SIGKILL, "crawl-crashed"), (signal.SIGSTOP, "crawl-timeout")]
)
def test_a_source_that_crashes_or_hangs_stops_no_other(
    archive: Archive, number: int, kind: str
) -> None:
    with Loopback() as one, Loopback() as other:
        with_articles(one, "xau")
        with_articles(other, "tot")
        config = configured([one, other], [source(one, "xau"), source(other, "tot")], round_limit=6)
        report = crawl_round(
            config, archive, now=NOW, on_progress=signalled_at("xau", "/xau/", number)
        )
        bad, good = report.sources
        assert (good.new, good.errors) == (3, ())
        assert [error["kind"] for error in bad.errors] == [kind]
        with archive.reading() as tx:
            troubles = [(row.source_id, row.kind) for row in tx.sources.troubles()]
            state = tx.sources.get("xau")
            failing = [event.subject for event in tx.events.since(None, ["source.failing"])]
        assert troubles == [("xau", kind)]
        assert state is not None and state.failures == 1
        assert failing == ["source:xau"]

        later = crawl_round(config, archive, now=NOW + timedelta(hours=1)).sources[0]
        assert later.errors == ()
        with archive.reading() as tx:
            assert tx.sources.troubles() == []
            assert tx.items.counts()["articles"] == 6


def test_a_page_that_kills_its_reader_does_not_keep_the_others_from_being_read(
    archive: Archive,
) -> None:
    with Loopback() as server:
        with_articles(server, "thu")
        config = configured([server], [source(server)])
        killing = signalled_at("thu", "/thu/1", signal.SIGKILL)
        crawl_round(config, archive, now=NOW, on_progress=killing)
        seen: list[str] = []
        minute = NOW + timedelta(minutes=1)
        crawl_round(
            config,
            archive,
            now=minute,
            all_sources=True,
            on_progress=lambda progress: seen.append(progress.url),
        )
        assert f"{server.url}/thu/1" not in seen
        with archive.reading() as tx:
            assert tx.items.counts()["articles"] == 2


@pytest.mark.slow
def test_a_crawl_that_was_killed_and_run_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    undisturbed = Archive.open(tmp_path / "undisturbed")
    disturbed = Archive.open(tmp_path / "disturbed")
    with Newsroom(day=4) as room:
        config = newsroom_config(room.url)
        crawl_round(config, undisturbed, now=at(4, 21))
        for source_id, part in (("tinsang", ".htm"), ("congthu", ".docx"), ("farwire", "/2031/")):
            killing = signalled_at(source_id, part, signal.SIGKILL)
            crawl_round(config, disturbed, [source_id], now=at(4, 21), on_progress=killing)
            assert warcs_readable(disturbed)
        crawl_round(config, disturbed, now=at(4, 21), all_sources=True)
        # The page that was being asked when the process died is left alone for a while.
        crawl_round(config, disturbed, now=at(4, 22), all_sources=True)
    assert contents(disturbed) == contents(undisturbed)
    assert verify(disturbed).to_json()["bad"] == []
    assert warcs_readable(disturbed)
    undisturbed.close()
    disturbed.close()


def contents(archive: Archive) -> dict[str, Any]:
    with archive.reading() as tx:
        return {
            "items": {
                (item.url, item.kind, revision.number, revision.content_sha256, revision.cause)
                for item, revision in tx.items.every()
            },
            "captures": {(one.url, one.payload_sha256) for one in tx.captures.every()},
            "events": sorted(
                (event.kind, event.data["url"])
                for event in tx.events.since(None, ["item.appeared", "item.revised"])
            ),
            "troubles": [row.kind for row in tx.sources.troubles()],
        }


def warcs_readable(archive: Archive) -> int:
    read = 0
    for path in archive.captures_root.rglob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                record.content_stream().read()
                read += 1
    return read


def test_a_round_that_is_told_to_stop_ends_soon_and_is_taken_up_later(archive: Archive) -> None:
    stop = threading.Event()
    with Loopback() as server:
        with_articles(server, "thu")

        def held_up(handler: BaseHTTPRequestHandler) -> None:
            stop.set()
            time.sleep(10)

        server.pages["/thu/1"] = held_up
        config = configured([server], [source(server)], timeout="30s")
        started = time.monotonic()
        report = crawl_round(config, archive, now=NOW, stop=stop)
        assert time.monotonic() - started < 30
        assert report.sources[0].errors == ()
        server.article("/thu/1")
        crawl_round(config, archive, now=NOW, all_sources=True)
        with archive.reading() as tx:
            assert tx.items.counts()["articles"] == 3


def test_sources_of_one_host_take_turns_and_sources_of_two_do_not_wait(archive: Archive) -> None:
    met = threading.Barrier(2, timeout=20)

    def waits_for_the_other(handler: BaseHTTPRequestHandler) -> None:
        met.wait()
        send(handler, Answer(article("Hai máy chủ cùng được đọc một lúc")))

    with Loopback() as one, Loopback() as other:
        for server, source_id in ((one, "a"), (other, "b"), (one, "c"), (one, "d")):
            with_articles(server, source_id)
        one.pages["/a/0"] = other.pages["/b/0"] = waits_for_the_other
        sources = [source(one, "a"), source(other, "b"), source(one, "c"), source(one, "d")]
        config = configured([one, other], sources, parallel=4, timeout="30s")
        report = crawl_round(config, archive, now=NOW)
        assert [each.new for each in report.sources] == [3, 3, 3, 3]
        assert one.most_at_once == 1


def test_an_archive_that_takes_no_more_is_no_failure_of_the_source(archive: Archive) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 1)
        config = configured([server], [source(server)])
        visit = Visit(config.sources[0], config.politeness, archive, clock=lambda: NOW)
        visit.unstorable = ArchiveBusy("locked by another program")
        end_round(visit)
        with archive.reading() as tx:
            row = tx.sources.get("thu")
            assert row is not None
            assert (row.last_attempt, row.last_success, row.failures) == (NOW, None, 0)
            assert tx.events.after(0) == []


def test_a_removal_is_told_though_the_clock_was_ahead_when_the_page_was_missed_first(
    archive: Archive,
) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 1)
        config = configured([server], [source(server)])
        for days in (0, 30, 2, 3):
            crawl_round(config, archive, now=NOW + timedelta(days=days), all_sources=True)
            server.pages["/thu/0"] = Answer(status=410)
    with archive.reading() as tx:
        assert len(tx.events.after(0, ("item.removed",))) == 1


def test_a_source_is_crawled_when_its_turn_has_come(archive: Archive) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 1)
        config = configured([server], [source(server, every="1h")])

        def crawled(minutes: int, *, all_sources: bool = False) -> int:
            now = NOW + timedelta(minutes=minutes)
            return len(crawl_round(config, archive, now=now, all_sources=all_sources).sources)

        assert [crawled(0), crawled(59), crawled(59, all_sources=True), crawled(118)] == [
            1,
            0,
            1,
            0,
        ]
        assert crawled(119) == 1
        assert [crawled(60 * 24 * 400), crawled(180), crawled(181)] == [1, 1, 0]


def test_a_slow_source_stops_in_time_by_itself_and_says_what_is_left(archive: Archive) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 8)
        config = configured([server], [source(server)], delay="1s", round_limit="9s")
        report = crawl_round(config, archive, now=NOW).sources[0]
        assert report.errors == ()
        assert 0 < report.new < 8
        assert "pages are left for the next round" in report.notes[0]


def test_a_source_whose_every_address_fails_is_failing_and_one_broken_feed_is_not(
    archive: Archive,
) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 1)
        feeds = [f"{server.url}/thu.rss", f"{server.url}/gone.rss"]
        config = configured([server], [source(server, feeds=feeds)])
        crawl_round(config, archive, now=NOW)
        with archive.reading() as tx:
            state = tx.sources.get("thu")
            assert state is not None and state.failures == 0
            assert [row.url for row in tx.sources.troubles()] == [feeds[1]]
        server.pages["/thu.rss"] = Answer(b"<rss><channel></channel></rss>")
        crawl_round(config, archive, now=NOW, all_sources=True)
        with archive.reading() as tx:
            state = tx.sources.get("thu")
        assert state is not None and state.failures == 1
        assert "nothing was listed" in state.reasons[0]


def test_a_check_shows_what_would_be_stored_and_stores_nothing(archive: Archive) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 6)
        server.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.05\nDisallow: /x")
        config = configured([server], [source(server, certainty="reported")])
        found = check_source(config, "thu", now=NOW)
        assert (found["status"], found["reasons"]) == ("working", [])
        assert len(found["sample"]) == 3
        assert found["sample"][0]["title"].startswith("Bài số")
        assert found["addresses"] == [
            {
                "url": f"{server.url}/thu.rss",
                "certainty": "reported",
                "answer": "read",
                "robots": "robots.txt allows it, 0.05 s between requests",
            }
        ]
        taken = {became for became, _ in found["sample"][0]["page"]}
        assert {"title", "body"} <= taken
        server.pages["/thu.rss"] = Answer(status=404)
        found = check_source(config, "thu", now=NOW)
        assert found["status"] == "failing" and "404" in found["reasons"][0]
    with archive.reading() as tx:
        assert tx.events.last() == 0


def test_a_family_that_does_not_exist_is_named_with_those_that_do(archive: Archive) -> None:
    with Loopback() as server:
        with_articles(server, "thu", 1)
        found = check_source(configured([server], [source(server, family="imss")]), "thu", now=NOW)
    assert found["status"] == "failing"
    assert found["sample"], "its articles are read all the same"
    assert "family 'imss' is not known; there are: " in found["reasons"][0]
    assert "ims," in found["reasons"][0]


def test_crawls_end_with_the_program_that_started_them(tmp_path: Path) -> None:
    with Loopback() as server:
        asked = threading.Event()

        def held_up(handler: BaseHTTPRequestHandler) -> None:
            asked.set()
            ended.wait(20)

        ended = threading.Event()
        server.feed("/thu.rss", ["/a", "/b"])
        server.pages["/a"] = server.pages["/b"] = held_up
        config = configured([server], [source(server)], timeout="60s")
        program = multiprocessing.get_context("spawn").Process(
            target=crawl_forever, args=(config, tmp_path)
        )
        program.start()
        assert asked.wait(60)
        assert program.pid is not None
        os.kill(program.pid, signal.SIGKILL)
        program.join()
        # Its crawl holds the WARC file locked for as long as it lives.
        archive = Archive.open(tmp_path)
        deadline = time.monotonic() + 20
        while holds_a_lock(archive) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not holds_a_lock(archive)
        ended.set()
        archive.close()


def crawl_forever(config: Config, folder: Path) -> None:
    crawl_round(config, Archive.open(folder), now=NOW)


def holds_a_lock(archive: Archive) -> bool:
    with archive.capture_writer("thu", NOW) as writer:
        return not writer.path.endswith("-0001.warc.gz")

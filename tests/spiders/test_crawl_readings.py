"""A change of our reading is never taken for an edit of theirs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from loopback import Answer, Loopback, article, configured, source

from spiders.extract import VERSION
from spiders.rounds import crawl_round
from storage.archive import Archive
from storage.captures import Place
from storage.observations import Observation, content_sha256

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)


def serve(server: Loopback, text: str, etag: str) -> None:
    server.pages["/bai"] = Answer(
        article("Giá vé tàu", text), headers={"Content-Type": "text/html", "ETag": etag}
    )


def crawl(server: Loopback, archive: Archive, day: int) -> list[str]:
    """Crawl on a later day, and give the causes of the revisions that came of it."""
    with archive.reading() as tx:
        last = tx.events.last()
    config = configured([server], [source(server)])
    crawl_round(config, archive, now=NOW + timedelta(days=day), all_sources=True)
    with archive.reading() as tx:
        return [event.data.get("cause", "first") for event in tx.events.after(last)]


def read_by_an_older_version(archive: Archive, url: str, text: str | None) -> None:
    """Make the newest revision one that an older extractor made, with another text if given."""
    with archive.transaction() as tx:
        item = tx.items.by_url(url)
        assert item is not None
        revision = tx.items.latest(item)
        assert revision is not None
        revision.extractor_version = VERSION - 1
        if text is not None:
            revision.text = text
            revision.content_sha256 = content_sha256(
                revision.title, revision.summary, text, revision.fields
            )


@pytest.fixture
def server() -> Loopback:
    return Loopback()


def test_a_better_extractor_is_no_edit(archive: Archive, server: Loopback) -> None:
    with server:
        server.feed("/thu.rss", ["/bai"])
        serve(server, "Vé tăng từ tháng Bảy.", '"1"')
        assert crawl(server, archive, 0) == ["first"]
        read_by_an_older_version(archive, f"{server.url}/bai", "Quảng cáo\nVé tăng.")
        assert crawl(server, archive, 1) == ["reextraction"]
        assert crawl(server, archive, 2) == []


def test_an_edit_is_an_edit_though_the_extractor_changed_as_well(
    archive: Archive, server: Loopback
) -> None:
    with server:
        server.feed("/thu.rss", ["/bai"])
        serve(server, "Vé tăng từ tháng Bảy.", '"1"')
        crawl(server, archive, 0)
        read_by_an_older_version(archive, f"{server.url}/bai", "Quảng cáo\nVé tăng.")
        serve(server, "Vé tăng từ tháng Tám.", '"2"')
        assert crawl(server, archive, 1) == ["reextraction", "edit"]


def test_an_edit_is_an_edit_when_both_extractors_read_alike(
    archive: Archive, server: Loopback
) -> None:
    with server:
        server.feed("/thu.rss", ["/bai"])
        serve(server, "Vé tăng từ tháng Bảy.", '"1"')
        crawl(server, archive, 0)
        read_by_an_older_version(archive, f"{server.url}/bai", None)
        serve(server, "Vé tăng từ tháng Tám.", '"2"')
        assert crawl(server, archive, 1) == ["edit"]


def test_what_a_feed_said_is_completed_by_the_page(archive: Archive, server: Loopback) -> None:
    with server:
        server.feed("/thu.rss", ["/bai"])
        server.pages["/bai"] = Answer(b"no", status=403)
        assert crawl(server, archive, 0) == ["first"]
        serve(server, "Vé tăng từ tháng Bảy.", '"1"')
        assert crawl(server, archive, 1) == ["completion"]


def test_a_reading_that_equals_the_stored_one_renews_its_reader_in_place(
    archive: Archive,
) -> None:
    seen = Observation(
        url="http://x.example/1",
        source_id="x",
        kind="article",
        seen_at=NOW,
        title="Giá vé tàu",
        text="Vé tăng.",
        extractor="reader",
        extractor_version=1,
        notes=("undated", "date-from-feed"),
    )
    with archive.transaction() as tx:
        capture = tx.captures.keep_resource(
            seen.url, "x", NOW, "text/html", "0" * 64, 0, place_nowhere()
        )
        seen = replace(seen, capture_id=capture.id)
        first = tx.items.observe(seen)
        again = tx.items.observe(
            replace(seen, extractor_version=2, notes=("selector-missed:title",))
        )
        revision = tx.items.revision(first.revision_id)
        assert (again.result, again.revision_id) == ("unchanged", first.revision_id)
        assert revision is not None and revision.extractor_version == 2
        assert revision.notes == ["selector-missed:title", "date-from-feed"]


def place_nowhere() -> Place:
    return Place("2031/x.warc.gz", 0, 0)

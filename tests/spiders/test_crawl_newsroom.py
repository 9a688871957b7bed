"""Seven days in the invented newsroom, crawled in the evening of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from newsrooms import newsroom_config
from warcio.archiveiterator import ArchiveIterator

from newsroom.calendar import at, days
from newsroom.server import Newsroom, Served
from spiders.reports import RoundReport
from spiders.rounds import crawl_round
from storage.archive import Archive
from storage.models import Event
from storage.verification import verify


@dataclass(slots=True)
class Week:
    archive: Archive
    url: str
    reports: dict[int, RoundReport] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=dict)
    asked: dict[int, list[Served]] = field(default_factory=dict)
    again: list[Served] = field(default_factory=list)
    before_again: dict[str, int] = field(default_factory=dict)
    after_again: dict[str, int] = field(default_factory=dict)

    def happened(self, day: int, kind: str, **said: str) -> list[Event]:
        found = [event for event in self.events[day] if event.kind == kind]
        return [event for event in found if event.data.items() >= said.items()]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    archive = Archive.open(tmp_path_factory.mktemp("week"))
    with Newsroom(day=1) as room:
        config = newsroom_config(room.url)
        week = Week(archive, room.url)
        for day in days():
            room.day = day
            room.log.clear()
            with archive.reading() as tx:
                last = tx.events.last()
            evening = at(day, 21)
            week.reports[day] = crawl_round(config, archive, now=evening, all_sources=True)
            week.asked[day] = list(room.log)
            with archive.reading() as tx:
                week.events[day] = tx.events.after(last)
            if day == 2:
                week.before_again = counts(archive)
                room.log.clear()
                later = evening + timedelta(hours=2)
                crawl_round(config, archive, now=later, all_sources=True)
                week.again = list(room.log)
                week.after_again = counts(archive)
        yield week
    archive.close()


def counts(archive: Archive) -> dict[str, int]:
    with archive.reading() as tx:
        found = tx.items.counts() | tx.captures.counts() | tx.sources.counts()
        return found | {"events": tx.events.last()}


def report(week: Week, day: int, source: str) -> dict[str, Any]:
    found = week.reports[day].to_json()["sources"]
    return next(one for one in found if one["id"] == source)


def test_everything_that_is_published_is_gathered(week: Week) -> None:
    from newsroom.press import articles

    with week.archive.reading() as tx:
        stored = tx.items.counts()
    assert stored["articles"] == len(articles())
    assert stored["documents"] == 4


def test_an_unchanged_newsroom_costs_only_304s_and_changes_nothing(week: Week) -> None:
    assert {served.status for served in week.again} == {304}
    assert any("/tinsang/" in served.path and served.path.endswith(".htm") for served in week.again)
    assert week.after_again == week.before_again


def test_a_silent_edit_becomes_a_revision_and_the_first_text_is_kept(week: Week) -> None:
    edits = [
        event for event in week.happened(3, "item.revised") if event.data["source"] == "tinsang"
    ]
    assert [event.data["cause"] for event in edits] == ["edit"]
    with week.archive.reading() as tx:
        first, second = tx.items.revisions(edits[0].data["item"])
    assert "30 triệu đồng" in first.text and "50 triệu đồng" in second.text
    assert first.capture_id != second.capture_id


def test_a_removed_article_is_said_once_and_only_after_a_second_look(week: Week) -> None:
    removals = [(day, event) for day in days() for event in week.happened(day, "item.removed")]
    assert [day for day, _ in removals] == [5]
    assert removals[0][1].data["source"] == "nhipdo"
    assert removals[0][1].data["missing_since"] == at(4, 21).isoformat()


def test_a_broken_feed_is_a_trouble_of_its_source_alone(week: Week) -> None:
    errors = report(week, 5, "nhipdo")["errors"]
    assert [error["kind"] for error in errors] == ["bad-feed"]
    assert [event.subject for event in week.happened(5, "source.failing")] == ["source:nhipdo"]
    for other in ("tinsang", "mekongherald", "farwire", "songviet"):
        assert report(week, 5, other)["new"]
        assert report(week, 5, other)["errors"] == []


def test_when_the_feed_is_whole_again_nothing_was_missed(week: Week) -> None:
    assert [event.subject for event in week.happened(6, "source.recovered")] == ["source:nhipdo"]
    with week.archive.reading() as tx:
        assert tx.sources.troubles() == []
        assert [trouble.kind for trouble in tx.sources.troubles(ended=True)] == ["bad-feed"]


def test_a_change_beside_the_article_is_no_revision(week: Week) -> None:
    changed = [
        served
        for served in week.asked[5]
        if served.status == 200 and "chua-xac-thuc" in served.path
    ]
    assert len(changed) == 1
    assert report(week, 5, "tinsang")["revised"] == 0


def test_the_second_draft_is_read_from_its_attachment(week: Week) -> None:
    revised = [
        event for event in week.happened(3, "item.revised") if event.data["kind"] == "document"
    ]
    assert [event.data["cause"] for event in revised] == ["edit"]
    with week.archive.reading() as tx:
        first, second = tx.items.revisions(revised[0].data["item"])
        held = tx.captures.by_digest(second.fields["attachments"][0]["sha256"])
    assert (first.fields["text_from"], second.fields["text_from"]) == ("html", "docx")
    assert (second.fields["stage"], second.fields["consultation_until"]) == ("draft", "2031-06-05")
    assert "Điều 1." in second.text
    assert held is not None and held.url.endswith(".docx")


def test_the_enacted_decree_comes_with_its_fields_and_files(week: Week) -> None:
    appeared = [
        event for event in week.happened(6, "item.appeared") if event.data["kind"] == "document"
    ]
    with week.archive.reading() as tx:
        decree = tx.items.revision(appeared[0].data["revision"])
    assert decree is not None
    assert decree.fields["number"] == "901/2031/NĐ-CP"
    assert decree.fields["stage"] == "enacted"
    assert decree.fields["effective_on"] == "2031-08-01"
    assert ["replaces", "77/2024/NĐ-CP"] in decree.fields["relations"]
    assert len(decree.fields["attachments"]) == 2
    assert all(len(one["sha256"]) == 64 for one in decree.fields["attachments"])


def test_what_robots_txt_forbids_is_never_asked(week: Week) -> None:
    from newsroom.outlets import OUTLETS
    from newsroom.portal import CLOSED

    closed = {CLOSED, *(outlet.closed for outlet in OUTLETS)}
    assert not closed & {served.path for day in days() for served in week.asked[day]}


def test_we_say_who_we_are(week: Week) -> None:
    names = {served.user_agent for day in days() for served in week.asked[day]}
    assert len(names) == 1
    assert names.pop().startswith("DecreeWatch/")


def test_robots_txt_is_asked_once_for_all_sources_of_a_host(week: Week) -> None:
    assert [served.path for served in week.asked[1]].count("/robots.txt") == 1


def test_every_capture_is_whole_and_any_warc_tool_reads_them(week: Week) -> None:
    assert verify(week.archive).to_json()["bad"] == []
    kinds = set()
    for path in week.archive.captures_root.rglob("*.warc.gz"):
        kinds |= record_kinds(path)
    assert kinds == {"warcinfo", "request", "response"}


def test_captures_hold_what_the_server_sent_before_it_was_unpacked(week: Week) -> None:
    with week.archive.reading() as tx:
        capture = next(one for one in tx.captures.every() if one.url.endswith("/home.rss"))
    path = week.archive.captures_root / capture.warc_path
    with path.open("rb") as stream:
        stream.seek(capture.warc_offset)
        record = next(iter(ArchiveIterator(stream)))
        assert record.http_headers.get_header("Content-Encoding") == "gzip"
        assert record.raw_stream.read(2) == b"\x1f\x8b"
    assert week.archive.read_capture(capture.id).body.startswith(b"<?xml")


def record_kinds(path: Path) -> set[str]:
    with path.open("rb") as stream:
        return {record.rec_type for record in ArchiveIterator(stream)}

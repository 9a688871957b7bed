"""What a digest tells of a day, and of days of other lengths."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from newsdesk import Newsdesk, change, configuration

from alerts.charts import drawn, in_words
from alerts.digest import began, gather
from alerts.digest_page import html_of, json_of
from alerts.digest_text import escaped, markdown_of, text_of
from alerts.digest_wording import EMPTY, gist_of
from config import Config
from storage.archive import Archive
from storage.deadlines import FoundDeadline
from storage.models_telling import Story, StoryItem
from storage.statuses import FoundStatus

DAY = date(2031, 6, 3)
NEXT = datetime(2031, 6, 4, 1, tzinfo=UTC)
PRESS = (("tin-moi", "state"), ("song-xanh", "state"), ("harbour", "international"))


def settings(zone="Asia/Ho_Chi_Minh", **sections) -> Config:
    said = configuration().model_dump(mode="json")
    harbour = dict(said["sources"][0], id="harbour", name="Harbour Post", language="en")
    said["sources"] = [*said["sources"], harbour]
    for source, (name, kind) in zip(said["sources"], PRESS, strict=True):
        assert source["id"] == name
        source["kind"] = kind
    return Config.model_validate(said | {"timezone": zone} | sections)


@pytest.fixture
def desk(places):
    archive = places.open()
    yield Newsdesk(archive, datetime(2031, 6, 3, 1, tzinfo=UTC))
    archive.close()


def told(desk, at, *topics, url, source="tin-moi", title="Tin về nền tảng", **said):
    """An article on these topics is first seen at a moment."""
    desk.now = at - timedelta(hours=1)
    seen = desk.page(f"Bài ở {url}", url=url, title=title, source_id=source, **said)
    desk.tagged(seen, *topics)
    return seen


def joined(archive, *items):
    """The items are one story."""
    with archive.transaction() as tx:
        at = tx.items.get(items[0].item_id).first_seen
        story = Story(made_at=at, last_at=at, title="Một chuyện", language="vi")
        tx.session.add(story)
        tx.session.flush()
        tx.session.add_all(
            StoryItem(
                item_id=one.item_id, story_id=story.id, revision_id=one.revision_id, how="copy",
                score=1.0, reason="", joined_at=at, told_at=at, minhash=b"",
            )
            for one in items
        )  # fmt: skip
        return story.id


def renderings(digest):
    chart = drawn(digest.days, digest.weeks_before)
    return {
        "markdown": markdown_of(digest, chart.text),
        "text": text_of(digest, chart.text),
        "html": html_of(digest, chart).text,
        "mail": html_of(digest, chart, is_mail=True).text,
    }


def noon(day=3, hour=5):
    return datetime(2031, 6, day, hour, tzinfo=UTC)


def test_a_story_is_one_line_with_state_and_international_outlets_apart(desk):
    first = told(desk, noon(hour=2), "minors", url="https://tin-moi.example.org/1", title="Phí mới")
    abroad = told(
        desk, noon(hour=4), "minors", "telecom", url="https://harbour.example.org/1",
        source="harbour", title="New fee",
    )  # fmt: skip
    joined(desk.archive, first, abroad)
    told(desk, noon(hour=3), "minors", url="https://song-xanh.example.org/2", source="song-xanh")
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    (topic,) = digest.topics
    assert (topic.id, topic.name) == ("minors", "Minors online")
    assert [len(line.items) for line in topic.stories] == [2, 1]
    line = topic.stories[0]
    assert line.also == ("Telecoms",)
    said = renderings(digest)["markdown"]
    assert "Phí mới](https://tin-moi.example.org/1) — State media: Tin Mới; " in said
    assert "International: Harbour Post (first Tin Mới, 09:00; also Telecoms)" in said
    assert said.count("\n- [") == 2


def test_a_story_known_from_the_day_before_says_who_was_first_then(desk):
    first = told(desk, noon(2), "minors", url="https://harbour.example.org/1", source="harbour")
    later = told(desk, noon(3), "minors", url="https://tin-moi.example.org/1")
    joined(desk.archive, first, later)
    (line,) = gather(desk.archive, settings(), DAY, now=NEXT).topics[0].stories
    assert (line.first_by, line.is_new, len(line.tellings)) == ("Harbour Post", False, 1)
    said = renderings(gather(desk.archive, settings(), DAY, now=NEXT))["text"]
    assert "first Harbour Post, 2031-06-02 12:00, known before" in said


def test_what_has_no_topic_and_what_was_old_when_seen_is_not_listed(desk):
    desk.now = noon(hour=1)
    desk.page("Một bài", url="https://tin-moi.example.org/none")
    long_ago = noon() - timedelta(days=40)
    told(desk, noon(), "minors", url="https://tin-moi.example.org/old", published_at=long_ago)
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert (digest.topics, digest.old) == ((), 1)
    assert "1 article on a topic, already a week old or older" in renderings(digest)["text"]


def test_changes_stand_most_severe_first_with_their_counts(desk):
    old = desk.page("Cũ", url="https://portal.example.org/1", kind="document", title="Dự thảo 1")
    new = desk.page("Mới", url="https://portal.example.org/2", kind="document", title="Dự thảo 2")
    last = desk.page("Hết", url="https://portal.example.org/3", kind="document", title="Dự thảo 3")
    desk.compared(old, new, "draft", change("minor"), change("minor", "probable"))
    desk.compared(new, last, "enacted", change("major"), change("critical", summary="24 hours"))
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert [one.counts for one in digest.changes] == [{"critical": 1, "major": 1}, {"minor": 1}]
    said = renderings(digest)["markdown"]
    head = "- **[Platform decree](https://portal.example.org/3)**, enacted: 1 critical and 1 major"
    assert head in said
    assert "  - critical, Điều 5 khoản 2 → Điều 7 khoản 2: 24 hours" in said
    assert "1 minor change; 1 probable to review" in said


def test_the_status_of_instruments_and_the_dates_ahead_are_told(desk):
    seen = desk.page("Luật", url="https://portal.example.org/1", kind="document")
    with desk.archive.transaction() as tx:
        tx.statuses.add(
            FoundStatus("platforms", "issued", DAY, "", "text", seen.item_id, seen.revision_id,
                        "Nghị định được ban hành"),
            desk.now,
        )  # fmt: skip
        days = [
            FoundDeadline("platforms", "effective", date(2031, 6, 10), "từ ngày 10", "art_9",
                          "certain"),
            FoundDeadline("platforms", "compliance", date(2031, 9, 10), "90 ngày", "art_8",
                          "probable"),
        ]  # fmt: skip
        tx.deadlines.settle(seen.item_id, seen.revision_id, days, desk.now)
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert [(one.on.isoformat(), one.left) for one in digest.deadlines] == [("2031-06-10", 7)]
    farther = gather(desk.archive, settings(digest={"days": 120}), DAY, now=NEXT)
    assert len(farther.deadlines) == 2
    said = renderings(digest)["text"]
    assert "- Platform decree: issued since 3 June 2031" in said
    assert "10 June 2031 (in 7 days): Takes effect, Platform decree" in said


def test_edits_and_removals_on_a_topic_are_told_and_no_others(desk):
    seen = told(desk, noon(2), "minors", url="https://tin-moi.example.org/1", title="Một")
    gone = told(desk, noon(2), "minors", url="https://tin-moi.example.org/2", title="Hai")
    desk.now = noon(hour=1)
    edited = desk.page("Sửa", url="https://tin-moi.example.org/1", title="Một, đã sửa")
    assert edited.item_id == seen.item_id
    desk.page("Khác", url="https://tin-moi.example.org/3")
    desk.page("Khác hơn", url="https://tin-moi.example.org/3")
    with desk.archive.transaction() as tx:
        assert tx.items.missing("https://tin-moi.example.org/2", noon(hour=1), noon(hour=6), 410)
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert gone
    assert [(one.how, one.title) for one in digest.touched] == [
        ("removed", "Hai"), ("edited", "Một, đã sửa")
    ]  # fmt: skip
    counted = {one.label: (one.now, one.before) for one in digest.numbers}
    assert counted["pages edited or removed"] == (2, 0)


def test_sources_that_are_not_well_are_named_with_the_reason(desk):
    with desk.archive.transaction() as tx:
        tx.sources.round_ended("tin-moi", noon(), reasons=[], items=3)
        tx.sources.round_ended("song-xanh", noon(), reasons=["HTTP 503"], items=0)
        tx.sources.round_ended("harbour", noon(), reasons=[], items=0)
        tx.events.append("source.silent", "source:harbour", noon(), {"reasons": ["no item"]})
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert [one.status for one in digest.sources] == ["ok", "failing", "silent"]
    said = renderings(digest)["text"]
    assert "1 of 3 are well" in said
    assert "Sóng Xanh failing: HTTP 503" in said
    assert "Harbour Post silent, last read 2031-06-03 12:00: no item" in said


def test_numbers_stand_beside_those_of_the_same_weekday_before(desk):
    told(desk, noon() - timedelta(days=7), "minors", url="https://tin-moi.example.org/before")
    for number in range(3):
        told(desk, noon(), "minors", url=f"https://tin-moi.example.org/{number}")
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert [(n.label, n.now, n.before) for n in digest.numbers][:2] == [
        ("articles on a topic", 3, 1), ("stories", 3, 1)
    ]  # fmt: skip
    assert [(one.day.day, one.now, one.before) for one in digest.days[-2:]] == [
        (2, 0, 0), (3, 3, 1)
    ]  # fmt: skip
    assert len(digest.days) == 7
    assert "Tue 3 June 3 (1)" in in_words(digest.days, digest.weeks_before)


def test_an_empty_day_says_so_in_every_rendering(desk):
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    assert digest.is_empty
    assert all(EMPTY in said for said in renderings(digest).values())
    assert gist_of(digest).startswith(EMPTY)
    assert json_of(digest)["is_empty"] is True


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2031, 3, 30), 23), (date(2031, 10, 26), 25), (date(2031, 6, 3), 24)]
)
def test_a_day_is_as_long_as_the_readers_clock_makes_it(desk, day, hours):
    config = settings("Europe/Berlin")
    begin, end = began(day, config.zone), began(day + timedelta(days=1), config.zone)
    assert end - begin == timedelta(hours=hours)
    minute = timedelta(minutes=1)
    for name, at in (("a", begin - minute), ("b", begin), ("c", end - minute), ("d", end)):
        told(desk, at, "minors", url=f"https://tin-moi.example.org/{name}")
    digest = gather(desk.archive, config, day, now=end)
    lines = digest.topics[0].stories
    assert {line.url[-1] for line in lines} == {"b", "c"}
    assert [one.now for one in digest.days[-2:]] == [1, 2]
    assert digest.is_over


def test_a_range_holds_all_its_days_and_is_measured_by_as_many_weeks(desk):
    for day in (1, 2, 3):
        told(desk, noon(day), "minors", url=f"https://tin-moi.example.org/{day}")
    two = gather(desk.archive, settings(), date(2031, 6, 2), DAY, now=NEXT)
    assert (two.day, len(two.topics[0].stories)) == ("2031-06-02..2031-06-03", 2)
    long = gather(desk.archive, settings(), date(2031, 5, 25), DAY, now=NEXT)
    assert (long.weeks_before, len(long.days)) == (2, 14)
    assert "Beside 2 weeks before" in renderings(long)["markdown"]
    with pytest.raises(ValueError, match="before"):
        gather(desk.archive, settings(), DAY, date(2031, 6, 2), now=NEXT)


def test_a_day_that_goes_on_says_so(desk):
    digest = gather(desk.archive, settings(), DAY, now=noon())
    assert not digest.is_over
    assert "Digest of Tuesday 3 June 2031, so far" in renderings(digest)["html"]


HOSTILE = '<script>alert(1)</script> **x** [a](javascript:b) \x1b[2J\u202e |`_ & "quoted"'


def test_hostile_titles_and_addresses_are_harmless_in_every_rendering(desk):
    url = "https://tin-moi.example.org/a)b_c*d?x=1&copy;=2"
    told(desk, noon(), "minors", url=url, title=HOSTILE)
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    said = renderings(digest)
    for one in said.values():
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", one)
    page = BeautifulSoup(said["html"], "lxml")
    assert page.script is None
    assert any("<script>alert(1)" in link.get_text() for link in page.find_all("a"))
    shown = BeautifulSoup(MarkdownIt("commonmark").render(said["markdown"]), "lxml")
    assert shown.script is None
    (link,) = shown.find_all("a")
    assert link.get_text().startswith("<script>alert(1)</script> **x** [a](javascript:b)")
    assert link["href"].startswith("https://tin-moi.example.org/a%29b")


def test_escaped_text_is_read_back_as_it_was():
    for text in ("1. not a list", "- nor this", "# nor *this*", "a_b <b> &amp; ~~c~~ | d", "+ x"):
        html = MarkdownIt("commonmark").enable("strikethrough").render(escaped(text))
        assert BeautifulSoup(html, "lxml").p.get_text() == text


def test_the_chart_is_drawn_inside_a_page_and_named_in_a_mail(desk):
    told(desk, noon(), "minors", url="https://tin-moi.example.org/1")
    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    chart = drawn(digest.days, digest.weeks_before)
    assert chart.png.startswith(b"\x89PNG\r\n")
    said = renderings(digest)
    figure = BeautifulSoup(said["html"], "lxml").figure
    assert figure.svg is not None
    assert figure["aria-label"] == chart.text
    assert BeautifulSoup(said["mail"], "lxml").img["src"] == "cid:chart"
    assert "<svg" not in said["mail"]


def test_the_document_has_the_keys_that_were_promised(desk):
    told(desk, noon(), "minors", url="https://tin-moi.example.org/1")
    said = json.loads(json.dumps(json_of(gather(desk.archive, settings(), DAY, now=NEXT))))
    assert said["day"] == "2031-06-03"
    assert {"day", "topics", "changes", "deadlines", "sources"} <= set(said)
    (topic,) = said["topics"]
    assert (topic["topic"], topic["stories"][0]["outlets"]) == ("minors", {"state": ["tin-moi"]})


def test_a_team_may_lay_the_page_out_in_its_own_way(desk, tmp_path: Path):
    from alerts.rendering import templates_in

    digest = gather(desk.archive, settings(), DAY, now=NEXT)
    chart = drawn(digest.days, digest.weeks_before)
    (tmp_path / "digest.html.j2").write_text("<p>Ours: {{ digest.day }}</p>", encoding="utf-8")
    assert html_of(digest, chart, templates_in(tmp_path)).text == "<p>Ours: 2031-06-03</p>"
    (tmp_path / "digest.html.j2").write_text("{% broken", encoding="utf-8")
    said = html_of(digest, chart, templates_in(tmp_path))
    assert "broken" in said.problem
    assert EMPTY in said.text


def test_an_archive_of_an_import_tells_no_old_stories(places, tmp_path):
    from storage.importing import import_file

    archive: Archive = places.open("imported")
    lines = tmp_path / "old.jsonl"
    line = {"url": "https://tin-moi.example.org/1", "title": "Cũ", "source": "tin-moi"}
    lines.write_text(json.dumps(line | {"seen_at": noon().isoformat()}), encoding="utf-8")
    import_file(archive, lines, noon())
    assert gather(archive, settings(), DAY, now=NEXT).is_empty
    archive.close()

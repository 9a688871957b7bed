"""An item's page: its texts and what they changed, its captures, its topics."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archives import NOON
from bs4 import BeautifulSoup
from desk import HOSTILE_TITLE, NEW, PAGE, TITLE, Desk, send
from warcio.archiveiterator import ArchiveIterator

from storage.captures import Stored
from web.stored_page import harmless, rendering


def shown(desk: Desk, path: str) -> BeautifulSoup:
    answer = desk.browser().get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def page_of(desk: Desk, name: str) -> BeautifulSoup:
    return shown(desk, f"/items/{desk.items[name]}")


def test_the_text_is_as_it_was_read_and_leads_to_what_it_names(desk: Desk) -> None:
    page = page_of(desk, "live")
    text = page.select_one("div.read")
    assert page.h1 is not None and page.h1.text == TITLE and page.h1["lang"] == "vi"
    assert text is not None and text.get_text(strip=False).strip() == NEW
    assert [a["href"] for a in text.select("a")] == ["/instruments/147/2024/N%C4%90-CP"]


def test_every_revision_shows_which_words_it_changed(desk: Desk) -> None:
    steps = page_of(desk, "live").select("#revisions li")
    for unseen in steps[0].select(".unseen"):
        unseen.extract()
    assert len(steps) == 2
    assert [one.text for one in steps[0].select("del")] == ["60"]
    assert [one.text for one in steps[0].select("ins")] == ["30"]
    assert "edited" in steps[0].text and "first text" in steps[1].text


def test_what_a_portal_says_otherwise_than_before_is_shown_by_its_field(desk: Desk) -> None:
    newest = page_of(desk, "law").select("#revisions li")[0]
    for unseen in newest.select(".unseen"):
        unseen.extract()
    assert "status" in newest.text
    assert [one.text for one in newest.select("del, ins")] == ["Còn hiệu lực", "Hết hiệu lực"]


def test_how_a_document_was_read_and_where_its_page_disagrees_is_said_above_it(desk: Desk) -> None:
    page = shown(desk, f"/items/{desk.items['law']}/revisions/{desk.revisions('law')[0]}")
    said = [one.get_text(" ", strip=True) for one in page.select(".note.bad")]
    assert any("read from pictures (OCR)" in one for one in said)
    assert any("not read: 1 of 3 (2)" in one for one in said)
    assert any("document 21/2031/QĐ-BPC" in one for one in said)
    assert not page_of(desk, "english").select(".note.bad")


def test_that_a_page_was_edited_or_is_gone_is_said_plainly(desk: Desk) -> None:
    assert "edited once" in page_of(desk, "live").select("header.head")[0].text
    gone = page_of(desk, "gone")
    assert "The page is gone" in gone.text and gone.select(".badge.removed")
    assert not page_of(desk, "english").select(".badge.removed, .badge.edited")


def test_an_older_text_can_be_read_and_says_that_it_is_old(desk: Desk) -> None:
    old, new = desk.revisions("live")
    page = shown(desk, f"/items/{desk.items['live']}/revisions/{old}")
    assert "60 ngày" in page.select("div.read")[0].text
    assert "This is an older text" in page.text
    newest = shown(desk, f"/items/{desk.items['live']}/revisions/{new}")
    assert "This is an older text" not in newest.text


def test_others_that_tell_the_same_are_listed(desk: Desk) -> None:
    page = page_of(desk, "copy")
    story = page.find(id="story-h")
    assert story is not None
    links = [a["href"] for a in story.find_parent("section").select("li a")]
    assert f"/items/{desk.items['told']}" in links


def test_a_reader_says_right_wrong_and_also_and_the_tags_follow(desk: Desk) -> None:
    browser, item = desk.browser(), desk.items["english"]
    place, form = f"/items/{item}", f"/items/{item}/labels"
    assert "Sellers on livestreams" in page_of(desk, "english").select("blockquote")[0].text
    assert send(browser, form, place, verdict="right", topic="livestream").status_code == 303
    assert send(browser, form, place, verdict="also", topic="minors").status_code == 303
    assert desk.topics("english") == {"livestream", "minors"}
    assert send(browser, form, place, verdict="wrong", topic="livestream").status_code == 303
    assert desk.topics("english") == {"minors"}
    assert send(browser, form, place, verdict="wrong").status_code == 303
    assert desk.topics("english") == set()
    assert ("local", "item.labelled", f"item:{item}") in desk.changes()
    assert "4 words of readers" in page_of(desk, "english").text


def test_a_topic_that_nobody_declared_cannot_be_said(desk: Desk) -> None:
    item = desk.items["live"]
    answer = send(
        desk.browser(), f"/items/{item}/labels", f"/items/{item}", verdict="also", topic="weather"
    )
    assert answer.status_code == 422
    assert desk.topics("live") == {"livestream"}


def test_the_capture_has_headers_hash_and_time(desk: Desk) -> None:
    item, number = desk.items["live"], desk.captures["first"]
    page = shown(desk, f"/items/{item}/captures/{number}")
    assert hashlib.sha256(PAGE.encode()).hexdigest() in page.text
    assert "The stored bytes have this hash" in page.text
    assert "text/html; charset=utf-8" in page.select("dl.headers")[0].text
    frame = page.select("iframe")[0]
    assert frame.has_attr("sandbox") and not frame["sandbox"]
    assert frame["src"] == f"/items/{item}/captures/{number}/view"


def test_a_capture_is_downloaded_as_a_warc_file_that_others_can_read(desk: Desk) -> None:
    item, number = desk.items["live"], desk.captures["first"]
    answer = desk.browser().get(f"/items/{item}/captures/{number}/raw.warc")
    assert "attachment" in answer.headers["content-disposition"]
    records = list(read_warc(answer.content))
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request"]
    assert records[1][1:] == ("https://press.example/live", PAGE.encode())


def test_the_warc_file_of_a_repeat_holds_the_bytes_it_refers_to(desk: Desk) -> None:
    item, number = desk.items["live"], desk.captures["again"]
    answer = desk.browser().get(f"/items/{item}/captures/{number}/raw.warc")
    records = list(read_warc(answer.content))
    assert [kind for kind, _, _ in records] == [
        "warcinfo", "response", "request", "revisit", "request",
    ]  # fmt: skip
    assert records[1][2] == PAGE.encode()


def read_warc(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    for record in ArchiveIterator(io.BytesIO(content), verify_http=False):
        body = record.content_stream().read()
        yield record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", body


def test_a_stored_page_is_shown_where_it_can_neither_run_nor_fetch(desk: Desk) -> None:
    item, number = desk.items["hostile"], desk.captures["hostile"]
    answer = desk.browser().get(f"/items/{item}/captures/{number}/view")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert not {"'unsafe-inline'", "'self';", "http:", "https:", "*"} & set(policy.split())
    page = BeautifulSoup(answer.text, "lxml")
    assert "Bến phà mở lại" in page.text
    assert "evil.example" not in answer.text and "alert" not in answer.text
    active = "script, iframe, object, embed, form, input, svg, math, link, base, video, template"
    assert page.select(active) == []
    kept = {name for one in page.find_all(True) for name in one.attrs}
    assert not {name for name in kept if name.startswith("on") or name in ("href", "src")}


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00\x01\x02",
        b"<" * 9_000,
        b"<div>" * 50_000,
        b"<p>" * 120_000,
        b"<!--",
        b"\xff\xfe<",
    ],
    ids=["empty", "binary", "open", "deep", "many", "comment", "torn"],
)
def test_any_bytes_become_a_page(page: bytes) -> None:
    assert harmless(page).startswith("<!doctype html>")


def test_what_is_no_page_is_said_to_be_none(desk: Desk) -> None:
    item, number = desk.items["law"], desk.captures["pdf"]
    browser = desk.browser()
    assert "is no page" in browser.get(f"/items/{item}/captures/{number}/view").text
    body = browser.get(f"/items/{item}/captures/{number}/body")
    assert body.content == b"%PDF-1.4 tep gia"
    assert body.headers["content-type"] == "application/octet-stream"
    assert body.headers["content-disposition"].startswith("attachment")


def test_a_stored_text_is_shown_as_a_text() -> None:
    headers = (("Content-Type", "text/plain; charset=nonsense"),)
    page = rendering(Stored("https://a.example/", 200, headers, "<b>bến\x1b[2J</b>".encode()))
    assert "&lt;b&gt;bến�[2J&lt;/b&gt;" in page


def test_a_capture_that_was_let_go_is_gone_but_its_facts_stand(
    tmp_path: Path, sqlite_file: Path
) -> None:
    (tmp_path / "archive.db").write_bytes(sqlite_file.read_bytes())
    desk = Desk(tmp_path)
    number = desk.captures["pdf"]
    with desk.archive.transaction() as tx:
        row = tx.captures.get(number)
        assert row is not None
        row.dropped_at = NOON + timedelta(days=5)
    place = f"/items/{desk.items['law']}/captures/{number}"
    browser = desk.browser()
    assert browser.get(f"{place}/raw.warc").status_code == 410
    assert browser.get(f"{place}/view").status_code == 410
    page = browser.get(place)
    assert page.status_code == 200 and "let go" in page.text
    desk.close()


@pytest.mark.parametrize("tail", ["", "/revisions/1", "/captures/1", "/captures/1/raw.warc"])
@pytest.mark.parametrize("number", ["999", "9223372036854775807", "9223372036854775808", "0", "x"])
def test_what_is_not_there_is_said_not_to_be(desk: Desk, number: str, tail: str) -> None:
    assert desk.browser().get(f"/items/{number}{tail}").status_code in (404, 422)


def test_another_items_revision_or_capture_is_not_this_ones(desk: Desk) -> None:
    browser, item = desk.browser(), desk.items["english"]
    first = desk.revisions("live")[0]
    assert browser.get(f"/items/{item}/revisions/{first}").status_code == 404
    assert browser.get(f"/items/{item}/captures/{desk.captures['first']}").status_code == 404


@pytest.mark.parametrize("tail", ["", "/captures/hostile"])
def test_a_hostile_article_is_shown_and_does_nothing(desk: Desk, tail: str) -> None:
    number = str(desk.captures["hostile"])
    path = f"/items/{desk.items['hostile']}{tail.replace('hostile', number)}"
    answer = desk.browser().get(path)
    page = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 200
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", answer.text) is None
    assert [s.get("src", "")[:8] for s in page.select("script")] == ["/static/"]
    assert not [n for one in page.find_all(True) for n in one.attrs if n.startswith("on")]
    assert not page.select("main img, main svg[onload]")
    assert tail or "{{ 7 * 7 }}" in page.text


def test_a_title_of_ten_thousand_characters_stays_in_its_place(desk: Desk) -> None:
    page = page_of(desk, "hostile")
    assert page.title is not None and len(page.title.text) < 200
    assert page.h1 is not None and "long" in page.h1["class"]
    assert len(HOSTILE_TITLE) > 10_000 and len(page.h1.text) > 10_000


def test_the_page_speaks_vietnamese_when_asked(desk: Desk) -> None:
    page = shown(desk, f"/items/{desk.items['live']}?lang=vi")
    assert page.html is not None and page.html["lang"] == "vi"
    assert "đã sửa 1 lần" in page.text

"""What an analyst does in the archive, in a real browser: search, read, compare, and act."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from played_week import PASSWORD, Week
from watched_page import Reading

pytestmark = pytest.mark.slow
Read = Callable[..., Reading]


def search(one: Reading, query: str) -> None:
    one.page.locator("#find").fill(query)
    one.page.locator("#find").press("Enter")
    one.page.wait_for_url("**/search?*")


def test_words_without_diacritics_find_those_with_them(reading: Read) -> None:
    one = reading()
    one.open("/")
    search(one, "xac thuc")
    marked = one.page.locator("ol.hits mark").all_inner_texts()
    assert "xác thực" in " ".join(marked).lower()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("prosecution of a social media account owner", "Khởi tố chủ tài khoản"),
        ("người dùng mạng xã hội phải xác thực số điện thoại", "Draft decree would tie every"),
    ],
    ids=["English", "Vietnamese"],
)
def test_a_question_in_one_language_finds_coverage_in_the_other(
    reading: Read, question: str, found: str
) -> None:
    one = reading()
    one.open("/")
    search(one, question)
    assert found in " ".join(one.page.locator("ol.hits .title a").all_inner_texts())


def test_a_number_in_any_form_finds_the_instrument_first(reading: Read) -> None:
    one = reading()
    one.open("/")
    search(one, "nghi dinh 901/2031")
    one.page.locator(".found-law h2 a").click()
    one.page.wait_for_url("**/instruments/platform-decree")


def test_from_a_hit_to_what_was_edited_and_to_the_bytes_that_were_read(
    week: Week, reading: Read
) -> None:
    one = reading()
    one.open("/search?q=phat+tung+tin+vo+dap&mode=words&edited=1")
    one.page.locator("ol.hits .title a").first.click()
    assert one.page.url.endswith(week.pages["item"])
    changed = one.page.locator("#revisions")
    assert changed.locator("del").count() and changed.locator("ins").count()
    one.page.get_by_role("link", name="Look at the capture").click()
    frame = one.page.frame_locator("iframe.stored")
    assert "vỡ đập" in frame.locator("body").inner_text()
    with one.page.expect_download() as downloaded:
        one.page.get_by_role("link", name="WARC").click()
    assert downloaded.value.path().read_bytes()


def test_two_versions_of_a_decree_are_compared_in_place(reading: Read) -> None:
    one = reading()
    one.open("/instruments/platform-decree")
    one.page.get_by_label(re.compile("draft 1 as the old", re.I)).check()
    one.page.get_by_role("button", name="Compare").click()
    one.page.locator("article.change").first.wait_for()
    everything = one.page.locator("article.change:visible").count()
    one.page.locator("#filters").get_by_label("critical").uncheck()
    assert 0 < one.page.locator("article.change:visible").count() < everything
    assert {"48 giờ", "24 giờ"} <= set(one.page.locator("del, ins").all_inner_texts())


def test_topics_are_said_to_be_right_wrong_and_missing(reading: Read) -> None:
    one = reading()
    one.open("/search?topic=livestream")
    one.page.locator("ol.hits .title a").first.click()
    topics = one.page.locator("#topics")
    topics.get_by_role("button", name="Right").first.click()
    assert topics.locator("[aria-pressed=true]").count()
    topics.locator("#also").select_option("minors")
    topics.locator("button[value=also]").click()
    assert topics.get_by_role("heading", name="Children online").count()
    topics.get_by_role("button", name=re.compile("Wrong Children online")).click()
    assert not topics.get_by_role("heading", name="Children online").count()
    topics.locator("summary").click()
    assert topics.locator("details li").count() == 3


def test_an_alert_is_acknowledged_and_so_are_several(reading: Read) -> None:
    one = reading()
    one.open("/alerts?state=open")
    one.page.locator("ul.ticked .title a").first.click()
    one.page.get_by_role("button", name="Acknowledge").click()
    assert "acknowledged" in one.page.locator("header.head").inner_text().lower()
    one.open("/alerts?state=open")
    left = one.page.locator("ul.ticked > li").count()
    for box in one.page.locator("ul.ticked input").all()[:2]:
        box.check()
    one.page.get_by_role("button", name=re.compile("Acknowledge")).click()
    assert one.page.locator("ul.ticked > li").count() == left - 2


def test_a_search_is_saved_and_found_again(reading: Read) -> None:
    one = reading()
    one.open("/search?q=xac+thuc&kind=article")
    one.page.locator("#name").fill("Định danh người dùng")
    one.page.get_by_role("button", name="Save").click()
    one.page.get_by_role("link", name="Định danh người dùng").click()
    one.page.wait_for_url("**/search?q=xac+thuc&kind=article")
    one.open("/saved")
    one.page.get_by_role("button", name=re.compile("Định danh người dùng")).click()
    assert not one.page.get_by_role("link", name="Định danh người dùng").count()


def test_what_was_found_is_exported(reading: Read) -> None:
    one = reading()
    one.open("/search?q=xac+thuc")
    found = int(re.findall(r"\d+", one.page.locator("#found-h").inner_text())[0])
    rows = list(csv.DictReader(_downloaded(one, "CSV").read_text("utf-8-sig").splitlines()))
    lines = [json.loads(line) for line in _downloaded(one, "JSON").read_text("utf-8").splitlines()]
    assert len(rows) == len(lines) >= found > 0
    assert {row["url"] for row in rows} == {line["url"] for line in lines}


def _downloaded(one: Reading, name: str) -> Path:
    with one.page.expect_download() as downloaded:
        one.page.get_by_role("link", name=re.compile(name)).click()
    return downloaded.value.path()


def test_days_are_chosen_in_the_chart_by_mouse(reading: Read) -> None:
    one = reading()
    one.open("/search")
    columns = one.page.locator("[data-days] [data-first]")
    first, last = columns.first.bounding_box(), columns.last.bounding_box()
    assert first and last
    one.page.mouse.move(first["x"] + first["width"] / 2, first["y"] + 20)
    one.page.mouse.down()
    one.page.mouse.move(last["x"] + last["width"] / 2, last["y"] + 20, steps=4)
    one.page.mouse.up()
    one.page.wait_for_url("**since=2031-06-*until=2031-06-*")


def test_with_a_login_each_may_do_what_their_role_lets_them(guarded: str, reading: Read) -> None:
    one = reading(guarded)
    one.open("/alerts")
    assert "/login" in one.page.url
    assert one.barriers() == []
    for password in ("not the password", PASSWORD):
        one.page.locator("#name").fill("lan")
        one.page.locator("#password").fill(password)
        one.page.get_by_role("button", name="Log in").click()
    one.page.wait_for_url("**/alerts")
    assert one.page.get_by_role("button", name=re.compile("Acknowledge")).count()
    one.page.get_by_role("link", name="lan").click()
    assert one.barriers() == []
    one.page.get_by_role("button", name="Log out", exact=True).click()
    one.open("/alerts")
    assert "/login" in one.page.url
    reader = reading(guarded)
    reader.open("/login?next=/alerts")
    reader.page.locator("#name").fill("minh")
    reader.page.locator("#password").fill(PASSWORD)
    reader.page.locator("#password").press("Enter")
    reader.page.wait_for_url("**/alerts")
    assert not reader.page.get_by_role("button", name=re.compile("Acknowledge")).count()

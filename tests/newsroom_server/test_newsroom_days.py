import difflib
import re

import feedparser
import pytest
from asking import ask
from lxml import etree, html

from newsroom import portal, truth
from newsroom.calendar import days
from newsroom.outlets import BY_ID, OUTLETS, path_of
from newsroom.press import articles, served
from newsroom.script import happenings
from newsroom.server import Newsroom

PATHS = truth.path_by_key()


def on_day(newsroom: Newsroom, day: int, path: str) -> str:
    newsroom.day = day
    return ask(newsroom.url, path).text


@pytest.mark.parametrize("day", days())
def test_each_outlet_can_be_discovered_to_hold_exactly_its_articles(
    newsroom: Newsroom, day: int
) -> None:
    newsroom.day = day
    for outlet in OUTLETS:
        if outlet.id == "nhipdo" and day == 5:
            continue
        expected = {newsroom.url + path_of(article) for article in served(day, outlet.id)}
        text = ask(newsroom.url, outlet.discovery).body
        if outlet.id == "songviet":
            links = html.fromstring(text).xpath("//a[@class='tieu-de']/@href")
            found = {newsroom.url + link for link in links}
        elif outlet.id == "mekongherald":
            (below,) = etree.fromstring(text).xpath("//*[local-name()='loc']/text()")
            listed = etree.fromstring(ask(newsroom.url, below.removeprefix(newsroom.url)).body)
            found = set(listed.xpath("//*[local-name()='loc']/text()"))
        else:
            etree.fromstring(text)
            found = {entry.link for entry in feedparser.parse(text).entries}
        assert found == expected, outlet.id


def test_tin_sang_prints_readable_dates_and_nhip_do_does_not(newsroom: Newsroom) -> None:
    readable = feedparser.parse(ask(newsroom.url, "/tinsang/rss/home.rss").body).entries
    unreadable = feedparser.parse(ask(newsroom.url, "/nhipdo/rss/home.rss").body).entries
    assert all(entry.published_parsed for entry in readable)
    assert all(entry.published and entry.published_parsed is None for entry in unreadable)


def test_the_silent_edit_changes_two_figures_and_nothing_else(newsroom: Newsroom) -> None:
    path = PATHS[truth.EDITED]
    before, after = on_day(newsroom, 2, path), on_day(newsroom, 3, path)
    assert "30 triệu đồng" in before
    assert "30 triệu đồng" not in after
    restored = after.replace("50 triệu đồng", "30 triệu đồng").replace(
        "chậm nhất 24 giờ", "chậm nhất 48 giờ"
    )
    assert restored == before
    assert "dateModified" not in after
    assert on_day(newsroom, 4, path) == after


def test_the_removed_article_is_gone_from_page_and_feed_for_good(newsroom: Newsroom) -> None:
    path = PATHS[truth.REMOVED]
    for day in days():
        newsroom.day = day
        there = 2 <= day < 4
        assert ask(newsroom.url, path).status == (200 if there else 404)
        assert (path in ask(newsroom.url, "/nhipdo/rss/home.rss").text) == there


def test_the_broken_feed_is_no_xml_on_day_5_and_whole_again_on_day_6(newsroom: Newsroom) -> None:
    newsroom.day = 5
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(ask(newsroom.url, "/nhipdo/rss/home.rss").body)
    newsroom.day = 6
    mended = ask(newsroom.url, "/nhipdo/rss/home.rss").text
    missed = [a for a in articles() if a.outlet == "nhipdo" and a.day == 5]
    assert len(missed) == 2
    assert all(path_of(article) in mended for article in missed)


def test_only_the_related_links_of_one_page_change_on_day_5(newsroom: Newsroom) -> None:
    path = PATHS[truth.RELATED_CHANGED]
    before, after = on_day(newsroom, 4, path), on_day(newsroom, 5, path)
    assert before != after
    for page in (before, after):
        assert "box-related" in page

    def without_related(page: str) -> str:
        tree = html.fromstring(page)
        for box in tree.xpath(
            "//*[contains(@class,'box-related') or contains(@class,'link-inline-content')"
            " or contains(@type,'Related')]"
        ):
            box.drop_tree()
        return " ".join(tree.text_content().split())

    assert without_related(before) == without_related(after)


def test_no_other_article_page_ever_changes(newsroom: Newsroom) -> None:
    scripted = {truth.EDITED, truth.RELATED_CHANGED}
    for article in articles():
        if article.key in scripted:
            continue
        last = (article.removed_on or 8) - 1
        pages = {on_day(newsroom, day, path_of(article)) for day in range(article.day, last + 1)}
        assert len(pages) == 1, article.key


def test_the_wire_story_is_printed_almost_word_for_word_and_translated(
    newsroom: Newsroom,
) -> None:
    by_key = {article.key: article for article in articles()}
    wire, copy = by_key[truth.WIRE_STORY], by_key[truth.NEAR_COPY]
    alike = difflib.SequenceMatcher(None, wire.text.split(), copy.text.split(), autojunk=False)
    assert 0.85 < alike.ratio() < 1
    assert wire.published < copy.published
    assert "Farwire" in by_key[truth.TRANSLATION].text
    assert by_key[truth.TRANSLATION].copy_of == copy.copy_of == truth.WIRE_STORY
    assert copy.title in on_day(newsroom, 4, path_of(copy))


def test_the_draft_becomes_a_second_draft_at_the_same_address(newsroom: Newsroom) -> None:
    first = on_day(newsroom, 1, portal.DRAFT_PATH)
    second = on_day(newsroom, 3, portal.DRAFT_PATH)
    assert "Dự thảo lần 1" in first
    assert 'toanvancontent"' in first
    assert "du-thao-lan-1-4107.docx" in first
    assert "Dự thảo lần 2" in second
    assert 'id="toanvancontent"' not in second
    assert "du-thao-lan-2-4107.docx" in second
    assert ask(newsroom.url, "/congthu/tep/du-thao-lan-1-4107.docx").status == 404


def test_the_enacted_decree_appears_on_day_6_with_its_relations(newsroom: Newsroom) -> None:
    newsroom.day = 5
    assert ask(newsroom.url, portal.ENACTED_PATH).status == 404
    page = html.fromstring(on_day(newsroom, 6, portal.ENACTED_PATH))
    cells = {
        label.text_content(): label.getnext().text_content()
        for label in page.xpath("//td[@class='nhan']")
    }
    assert cells["Số hiệu"] == "901/2031/NĐ-CP"
    assert cells["Ngày có hiệu lực"] == "01/08/2031"
    assert page.xpath("//div[@class='quan-he']/a/@href") == [
        portal.OLDER_PATH,
        portal.DRAFT_PATH,
    ]
    forms = {str(link).rsplit(".", 1)[1] for link in page.xpath("//div[@id='tep']//a/@href")}
    assert forms == {"docx", "pdf"}
    assert portal.ENACTED_PATH in ask(newsroom.url, "/congthu/van-ban?page=1").text
    assert "Sắp hết hiệu lực" in on_day(newsroom, 6, portal.OLDER_PATH)
    assert "Còn hiệu lực" in on_day(newsroom, 5, portal.OLDER_PATH)


@pytest.mark.parametrize("day", days())
def test_the_index_tells_a_person_what_happens(newsroom: Newsroom, day: int) -> None:
    page = html.fromstring(on_day(newsroom, day, "/")).text_content()
    for line in happenings(day):
        assert line in page


def test_sundays_and_weekdays_are_named_right_on_song_viet(newsroom: Newsroom) -> None:
    listing = on_day(newsroom, 7, BY_ID["songviet"].discovery)
    assert "Thứ hai, 02/06/2031, 20:00 (GMT+7)" in listing
    assert "Chủ nhật, 08/06/2031, 16:15 (GMT+7)" in listing
    assert "4-6-2031" in listing


def test_the_undated_article_carries_no_date_at_all(newsroom: Newsroom) -> None:
    page = on_day(newsroom, 2, PATHS[truth.UNDATED])
    assert not re.search(r"\d{1,2}[-/]\d{1,2}[-/]\d{4}|2031", page)

"""The page of a comparison: complete, safe, self-contained, usable without its script."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from invented_comparison import CHANGES, INVENTED
from lxml.html import document_fromstring

from monitor.legal import compare, parse
from web.comparison import render


@pytest.fixture(scope="module")
def page():
    return BeautifulSoup(render(INVENTED), "html.parser")


def words(node):
    return " ".join(node.get_text().split())


def test_both_texts_stand_side_by_side_with_their_differences_marked(page):
    card = page.find(id="c1")
    old, new = card.select_one(".sides .old .law"), card.select_one(".sides .new .law")
    assert (old.get_text(), new.get_text()) == ("Trong 48 giờ.", "Trong 24 giờ.")
    assert [one.get_text() for one in card.find_all("del")] == ["48"]
    assert [one.get_text() for one in card.find_all("ins")] == ["24"]


@given(st.lists(st.tuples(st.sampled_from("=-+"), st.text("aế <&>\n", min_size=1)), max_size=6))
def test_the_marked_pieces_give_both_texts_exactly(pieces):
    old = "".join(text for mark, text in pieces if mark != "+")
    new = "".join(text for mark, text in pieces if mark != "-")
    change = replace(CHANGES[0], old_text=old, new_text=new, inline=tuple(pieces))
    # Not Beautiful Soup: it makes a run of blanks one.
    shown = document_fromstring(render(replace(INVENTED, changes=(change,), links=())))
    for side, text in (("old", old), ("new", new)):
        laws = shown.find_class("sides")[0].find_class(side)[0].find_class("law")
        assert "".join(law.text_content() for law in laws) == text


def test_a_reader_is_told_what_where_and_why(page):
    said = words(page.find(id="c1"))
    assert "Deadline 48 hours → 24 hours" in said
    assert "Thời hạn 48 giờ → 24 giờ" in said
    assert "Điều 6 khoản 1 from Điều 4 khoản 1" in said
    assert "deadline: 48 giờ → 24 giờ, kể từ khi nhận được yêu cầu" in said
    assert "Why critical: a deadline was shortened" in said


def test_the_summary_counts_certain_and_probable_changes_apart(page):
    rows = [words(row) for row in page.select("#summary tbody tr")]
    assert rows == ["critical10", "major11", "minor10", "editorial00"]
    assert "4 changes" in words(page.find(id="summary"))
    assert "probable" in words(page.find(id="c2").find("h4"))
    assert "old text: a number is missing" in words(page.find(id="summary"))


def test_the_gravest_certain_changes_come_first_and_lead_to_their_places(page):
    links = [link["href"] for link in page.select("ol.first a")]
    assert links == ["#c1", "#c3", "#c4"]


def test_changes_stand_in_the_order_of_the_new_text_with_removals_where_they_were(page):
    order = [card["id"] for card in page.select("article.change")]
    assert order == ["c1", "c3", "c2", "c4"]
    headings = [words(one) for one in page.select("section.group > h3")]
    assert headings[0].endswith("(trước là Điều 4)")
    assert headings[-1] == "Điều 5. Thả mèo (old text only)"


def test_a_renumbered_article_is_joined_to_where_it_went(page):
    link = page.find(id="c1").select_one(".from a")
    row = page.find(id=link["href"][1:]).find_parent("tr")
    assert words(row).startswith("Điều 4 Hạ đèn Điều 6")
    assert page.find(id=row.find_all("a")[-1]["href"][1:])["class"] == ["group"]


def test_every_link_leads_somewhere_and_no_anchor_stands_twice(page):
    anchors = [one["id"] for one in page.find_all(id=True)]
    assert len(anchors) == len(set(anchors))
    for link in page.find_all("a"):
        assert link["href"].startswith("#")
        assert link["href"][1:] in anchors


def test_labels_refer_to_what_is_there(page):
    anchors = {one["id"] for one in page.find_all(id=True)}
    assert {
        one["aria-labelledby"] for one in page.find_all(attrs={"aria-labelledby": True})
    } <= anchors


def test_nothing_of_a_text_becomes_markup_or_changes_direction(page):
    assert len(page.find_all("script")) == 1
    assert "alert(" not in page.find("script").get_text()
    html = render(INVENTED)
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "&lt;script&gt;" in html


def test_the_page_asks_for_nothing_and_lets_only_its_own_script_run(page):
    policy = page.find("meta", attrs={"http-equiv": True})["content"]
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        digest = hashlib.sha256(page.find(tag).string.encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    html = render(INVENTED)
    assert not re.search(r"\b(src|srcset|action)=|url\(|@import|https?:", html)
    assert not page.find_all(style=True)
    assert not [name for tag in page.find_all() for name in tag.attrs if name.startswith("on")]


def test_without_its_script_all_is_readable_and_only_the_filters_are_missing(page):
    assert [one.name for one in page.find_all(hidden=True)] == ["form"]
    assert len(page.select("article.change")) == len(CHANGES)


def test_the_filters_offer_just_what_there_is(page):
    offered = [box["value"] for box in page.select("#filters input")]
    assert offered == [
        "critical", "major", "minor", "modified", "added", "removed", "certain", "probable",
    ]  # fmt: skip
    assert all(box.find_parent("label") for box in page.select("#filters input"))


def test_a_very_long_text_is_shown_in_part_and_can_be_opened_whole(page):
    card = page.find(id="c4")
    assert card.select_one("details.whole .law.old").get_text() == "mèo " * 2000
    assert card.select_one("details.whole").get("open") is None


def test_two_texts_that_say_the_same_make_a_page_that_says_so():
    same = replace(INVENTED, changes=(), links=(), warnings=())
    page = BeautifulSoup(render(same), "html.parser")
    assert "No change that a reader must know of was found." in words(page)
    assert page.find(id="filters") is None


def test_a_real_comparison_of_parsed_texts_becomes_a_page():
    lead = "CHÍNH PHỦ LAM GIANG\nSố: {}/2031/NĐ-LG\nNGHỊ ĐỊNH\nVề vườn đèn\n"
    old = parse(lead.format(12) + "Điều 1. Hạ đèn\n1. Chủ vườn phải hạ đèn trong 48 giờ.\n")
    new = parse(lead.format(13) + "Điều 1. Hạ đèn\n1. Chủ vườn phải hạ đèn trong 24 giờ.\n")
    page = BeautifulSoup(render(compare(old, new)), "html.parser")
    (card,) = page.select("article.change")
    assert "Điều 1 khoản 1" in words(card)
    assert {"48", "24"} <= {
        word for one in card.find_all(["del", "ins"]) for word in words(one).split()
    }


def test_the_real_decrees_become_a_page_in_which_every_link_leads_somewhere(corpus):
    folder = corpus / "legal" / "vn-internet"
    old = parse((folder / "72-2013-nd-cp.phapdien.txt").read_text("utf-8"))
    new = parse((folder / "147-2024-nd-cp.txt").read_text("utf-8"))
    comparison = compare(old, new)
    html = render(comparison)
    anchors = re.findall(r'\bid="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)
    assert html.count('<article class="change ') == len(comparison.changes)

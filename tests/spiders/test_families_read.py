"""Each CMS family's pages give exactly what a reader sees as the article."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from expected_pages import address, expected, page, pages

from spiders.extract import extract
from spiders.families import candidates, family_names, press_families
from spiders.items import Article

SUFFIX = ".expected.json"
CUT = ("Dòng này không thuộc bài viết", "This line is no part of the story")


def shown(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "byline": list(article.byline),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "modified_at": article.modified_at.isoformat() if article.modified_at else None,
        "language": article.language,
        "method": article.method,
    }


@pytest.mark.parametrize("name", pages(SUFFIX))
def test_a_page_of_a_family_is_read_as_a_reader_sees_it(name: str) -> None:
    article = extract(page(name), address(name, SUFFIX))

    found = shown(article)
    assert found == expected(name, SUFFIX, found)
    assert article.notes == ()


@pytest.mark.parametrize("name", pages(SUFFIX))
def test_what_surrounds_a_story_is_cut(name: str) -> None:
    article = extract(page(name), address(name, SUFFIX))

    assert not any(line in article.text for line in CUT)


@pytest.mark.parametrize("name", pages(SUFFIX))
def test_a_page_is_recognised_at_an_address_nobody_declared(name: str) -> None:
    known = extract(page(name), address(name, SUFFIX))

    elsewhere = extract(page(name), "https://mirror.example/copy.html")

    assert elsewhere.text == known.text
    assert elsewhere.method == known.method


def test_every_family_version_has_a_page_of_its_own() -> None:
    unread = {(one.name, one.version) for one in press_families()}
    for name in pages(SUFFIX):
        source, url = page(name).decode(), address(name, SUFFIX)
        unread -= {(one.name, one.version) for one in candidates(source, url, None)}

    assert not unread


def test_an_older_layout_is_still_read_when_the_family_has_a_newer_version() -> None:
    article = extract(page("dantri-2018"), "https://dantri.com.vn/a.htm", family="dantri")

    assert article.method == "selectors:dantri"
    assert article.published_at == datetime.fromisoformat("2018-05-02T01:54:00+00:00")


def test_a_page_that_fits_two_layouts_is_read_by_the_one_in_use_when_it_was_fetched() -> None:
    older = page("dantri-2022").decode()
    both = older.replace(
        "</body>",
        '<article data-slot="container"><h1>Bài của giao diện mới</h1>'
        '<div id="desktop-in-article" data-slot="content">'
        f"<p>{'Câu hư cấu của giao diện mới. ' * 9}</p></div></article></body>",
    ).encode()
    url = "https://dantri.com.vn/a.htm"

    then = extract(both, url, fetched_at=datetime(2024, 5, 1, tzinfo=UTC))
    now = extract(both, url, fetched_at=datetime(2031, 5, 1, tzinfo=UTC))

    assert then.text == extract(page("dantri-2022"), url).text
    assert now.text.startswith("Câu hư cấu của giao diện mới.")


def test_every_version_of_a_family_says_since_when_and_the_newest_stands_first() -> None:
    dated: dict[str, list[date]] = {}
    for one in press_families():
        if one.since is not None:
            dated.setdefault(one.name, []).append(one.since)

    assert len(dated) >= 12
    assert all(since == sorted(since, reverse=True) for since in dated.values())


def test_a_declared_family_whose_selectors_no_longer_match_is_noted() -> None:
    paragraphs = "".join(
        f"<p>Câu thứ {n} của một bài viết hư cấu dài vừa đủ để đọc.</p>" for n in range(9)
    )
    body = f"<html><body><h1>Bài hư cấu</h1><main>{paragraphs}</main></body></html>"

    article = extract(body.encode(), "https://vnexpress.net/a-4999999.html", family="vnexpress")

    assert article.method == "trafilatura"
    assert "selectors-missed:vnexpress" in article.notes
    assert "fallback:trafilatura" in article.notes


@pytest.mark.parametrize(
    ("field", "renamed", "note"),
    [
        ("title", {"detail-title article-title": "x", 'data-role="title"': ""}, "title, h1"),
        ("title", {"<h1": "<b", "</h1>": "</b>"}, "title, metadata"),
        ("byline", {"detail-author-bot": "author"}, "byline, class"),
        (
            "published_at",
            {"detail-time": "x-time", "publishdate": "x"},
            "published, beside the title",
        ),
    ],
    ids=["title-h1", "title-metadata", "byline", "published"],
)
def test_a_field_that_something_else_gives_is_noted_where_the_familys_selectors_miss_it(
    field: str, renamed: dict[str, str], note: str
) -> None:
    source, url = page("ims").decode(), address("ims", SUFFIX)
    for old, new in renamed.items():
        source = source.replace(old, new)

    article = extract(source.encode(), url, family="ims")

    assert article.notes == (f"selector-missed:{note} instead",)
    assert getattr(article, field)


def test_what_no_selector_and_nothing_else_gives_is_no_miss_of_a_selector() -> None:
    source = page("ims").decode().replace("detail-author-bot", "x").replace("detail-sapo", "x")

    article = extract(source.replace('"sapo"', '"x"').encode(), address("ims", SUFFIX))

    assert (article.byline, article.summary, article.notes) == ((), "", ())


def test_family_names_hold_press_and_portals() -> None:
    assert {"ims", "zce", "vnexpress", "arc", "thuvienphapluat", "vbpl"} <= family_names()

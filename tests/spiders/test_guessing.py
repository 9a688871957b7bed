"""What a page, its links and its lists tell of a source that nobody declared."""

import re
import tomllib

import pytest

from spiders.entries import make_entry
from spiders.given_lists import given_list
from spiders.guessing import (
    documents_listed,
    feeds_named,
    kind_of,
    name_of,
    shape_of,
    sitemaps_named,
)
from spiders.new_source import as_toml, pattern_of
from spiders.pages import parse_html
from spiders.probing import NoSource
from spiders.site_scope import Scope, id_of, scope_of

HOME = "https://www.bao-thu.com.vn/"


@pytest.mark.parametrize(
    ("listed", "place", "taken"),
    [
        (["/nhipdo/a", "/nhipdo/b"], "/nhipdo/rss/home.rss", True),
        (["/tinsang/a", "/tinsang/b"], "/sitemap.xml", False),
        (["/tinsang/a", "/tinsang/b", "/nhipdo/c"], "/nhipdo/rss/home.rss", True),
        (["/linked", "/b"], "/all.rss", True),
        ([], "/nhipdo/rss/home.rss", False),
    ],
)
def test_a_list_is_taken_that_lists_what_lies_below_the_path_or_is_linked_to(
    listed: list[str], place: str, taken: bool
) -> None:
    front = parse_html("<a href=/linked>Một tiêu đề đủ dài để đếm</a>", f"{HOME}nhipdo/")
    entries = [make_entry(f"https://bao-thu.com.vn{one}", "") for one in listed]

    assert scope_of(front, f"{HOME}nhipdo/").lists(entries, HOME + place[1:]) is taken


@pytest.mark.parametrize(
    ("place", "addresses", "found", "not_found"),
    [
        ("", ["2031/06/02/a/", "2031/06/03/b/"], "2031/07/01/c/", "chuyen-muc/"),
        ("nhipdo/", ["nhipdo/a-post12.html"], "nhipdo/b-post13.html", "tinsang/c-post14.html"),
        ("", ["van-ban/a", "van-ban/b"], "van-ban/c", "tin/d"),
        ("thoi-su.htm", ["a-post12.html", "b-post13.html"], "c-post14.html", "thoi-su.htm"),
    ],
)
def test_the_pattern_has_what_the_articles_have_in_common(
    place: str, addresses: list[str], found: str, not_found: str
) -> None:
    pattern = pattern_of(Scope(HOME + place), [HOME + one for one in addresses], 0.8)

    assert re.search(pattern, HOME + found)
    assert not re.search(pattern, HOME + not_found)


def test_a_feed_or_sitemap_can_be_given_in_place_of_a_front_page() -> None:
    rss = f"""<rss><channel><title>Thời sự - Báo Thử</title><link>{HOME}thoi-su.htm</link>
    <item><link>{HOME}a-post1.html</link></item></channel></rss>""".encode()
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Thử</title>
    <entry><link href="{HOME}b-post2.html"/></entry></feed>""".encode()
    sitemap = f"<urlset><url><loc>{HOME}en/c-post3.html</loc></url></urlset>".encode()

    given = [
        given_list(rss, f"{HOME}rss/thoi-su.rss"),
        given_list(atom, f"{HOME}en/feed/"),
        given_list(sitemap, f"{HOME}en/sitemaps/news.xml"),
    ]

    assert [(one.kind, one.homepage, one.name) for one in given if one] == [
        ("feeds", f"{HOME}thoi-su.htm", "Thời sự - Báo Thử"),
        ("feeds", f"{HOME}en/", "Thử"),
        ("sitemaps", f"{HOME}en/", ""),
    ]
    assert given_list(b"<html><body><a href=/x>x</a></body></html>", HOME) is None
    with pytest.raises(NoSource, match="lists nothing"):
        given_list(b"<rss><channel><title>x</title></channel></rss>", f"{HOME}x.rss")


def test_the_feeds_a_page_names_go_before_those_it_links_to() -> None:
    named = "<head><link rel=alternate type=application/rss+xml href=/a.xml></head>"
    linked = "<body><a href=/b.rss>RSS</a><a href=/feed/>Feed</a><a href=/tin.htm>x</a></body>"

    assert feeds_named(parse_html(named + linked, HOME), HOME) == (f"{HOME}a.xml",)
    assert feeds_named(parse_html(linked, HOME), HOME) == (f"{HOME}b.rss", f"{HOME}feed/")


def test_a_sitemap_of_news_goes_before_others_and_strangers_are_left_out() -> None:
    robots = b"Sitemap: https://x.example/n-news.xml\nsitemap: /all.xml\nSitemap: /news.xml\n"

    assert sitemaps_named(robots, HOME) == (f"{HOME}news.xml", f"{HOME}all.xml")
    assert (
        sitemaps_named(b"Sitemap: /en/all.xml\n" + robots, f"{HOME}en/")[0] == f"{HOME}en/all.xml"
    )
    assert sitemaps_named(robots[:60], HOME) == (f"{HOME}all.xml",)
    assert sitemaps_named(b"\xff\x00", HOME) == ()


@pytest.mark.parametrize(
    ("addresses", "shape"),
    [
        (["/a-post12.html", "/b-post13.vnp"], r"-post(?P<id>\d+)\.\w+$"),
        (["/a-20310307091503123.htm"] * 9 + ["/video"], r"-(?P<id>\d{15,18})\.html?$"),
        (["/2031/06/02/a", "/2031/06/03/b"], r"/\d{4}/\d{2}/\d{2}/"),
        (["/a", "/b"], ""),
        ([], ""),
    ],
)
def test_the_shape_of_articles_is_what_most_of_them_have(addresses: list[str], shape: str) -> None:
    assert shape_of(addresses) == shape


@pytest.mark.parametrize(
    ("url", "id", "kind"),
    [
        ("https://www.bao-thu.com.vn/", "bao-thu", "state"),
        ("https://en.baothu.vn/", "en-baothu", "state"),
        ("https://vanban.bothu.gov.vn/x.aspx?page=1", "vanban-bothu-x", "official"),
        ("https://thu.example/index.html", "thu", "independent"),
        ("http://127.0.0.1:8421/nhipdo/rss/home.rss", "127-0-0-1-nhipdo", "independent"),
    ],
)
def test_id_and_kind_come_from_host_and_path(url: str, id: str, kind: str) -> None:
    assert (id_of(url), kind_of(url)) == (id, kind)
    assert id_of(url, taken=[id, f"{id}-2"]) == f"{id}-3"


def test_a_front_page_that_mentions_a_decree_is_no_list_of_documents() -> None:
    page = "<body><a href=/a-123456.html>Nghị định 1/2031/NĐ-CP có gì mới</a></body>"

    assert documents_listed(parse_html(page, HOME), HOME) == ()


def test_a_hostile_name_stays_a_name() -> None:
    title = parse_html("<title>x | Báo \x7f\"\nid = 'y'\\</title>", HOME)

    declared = {"id": "thu", "name": name_of(title, HOME)}

    assert tomllib.loads(as_toml(declared)) == {"sources": [declared]}

"""Feeds, sitemaps and listings give entries; what is none gives one typed error."""

import gzip
from datetime import UTC, datetime

import pytest

from spiders.feeds import FEED_LIMIT, read_feed, read_listing, read_sitemap
from spiders.problems import BadFeed, NeedsJavascript

URL = "https://bao-thu.example.vn/rss/home.rss"
ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
NESTED = (
    '<!DOCTYPE r [<!ENTITY b0 "xxxxxxxxxx">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 8))
    + "]>"
)


def rss(items: str, head: str = "", language: str = "vi") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel>'
        f"<title>Báo thử</title><language>{language}</language>{items}</channel></rss>"
    ).encode()


def item(
    link: str = "https://bao-thu.example.vn/a.html", title: str = "Bến", more: str = ""
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def published(text: str, link: str = "https://bao-thu.example.vn/a.html") -> datetime | None:
    (entry,) = read_feed(rss(item(link, more=f"<pubDate>{text}</pubDate>")), URL)
    return entry.published_at


def test_an_rss_feed_gives_its_entries_in_order() -> None:
    entries = read_feed(
        rss(
            item(
                "/a.html",
                "Bến mới",
                "<description><![CDATA[<a href='/a'><img src='x'/></a>"
                "Tóm tắt &amp; thêm]]></description><pubDate>Fri, 07 Mar 2031 09:15:03 +0700"
                "</pubDate>",
            )
            + item("https://khac.example.vn/b.html", "Bến cũ")
        ),
        URL,
    )

    assert [entry.url for entry in entries] == [
        "https://bao-thu.example.vn/a.html",
        "https://khac.example.vn/b.html",
    ]
    assert entries[0].title == "Bến mới"
    assert entries[0].summary == "Tóm tắt & thêm"
    assert entries[0].published_at == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert entries[1].published_at is None
    assert entries[1].updated_at is None


def test_an_atom_feed_gives_published_and_updated_times() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Farwire</title><entry><title>A'
        '</title><link href="https://f.example/a"/><id>urn:1</id><published>2031-03-07T02:15:03Z'
        "</published><updated>2031-03-08T00:00:00Z</updated><summary>B</summary></entry></feed>"
    )

    (entry,) = read_feed(body.encode(), "https://f.example/feed")

    assert entry.url == "https://f.example/a"
    assert entry.published_at == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert entry.updated_at == datetime(2031, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A &amp;amp; B", "A & B"),
        ("<![CDATA[A &amp; B]]>", "A & B"),
        ("A &amp; B", "A & B"),
        ("&amp;quot;Bến&amp;quot;", '"Bến"'),
        ("&amp;lt;i&amp;gt; là thẻ", "<i> là thẻ"),
        ("Be\u0302\u0301n", "Bến"),
    ],
)
def test_titles_are_unescaped_once_and_composed(written: str, read: str) -> None:
    (entry,) = read_feed(rss(item(title=written)), URL)

    assert entry.title == read


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 07 Mar 2031 09:15:03 GMT+7",
        "Fri, 07 Mar 2031 09:15:03 +0700",
        "Fri, 07 Mar 31 09:15:03 +0700",
        "3/7/2031 9:15:03 AM",
        "2031-03-07 09:15:03",
        "20310307091503",
        "07/03/2031 09:15:03",
    ],
)
def test_dates_that_are_no_rfc_822_are_read(text: str) -> None:
    assert published(text) == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)


def test_the_address_settles_whether_the_month_stands_first() -> None:
    link = "https://bao-thu.example.vn/ben-20310307091503123.htm"

    assert published("3/7/2031 09:15:03", link) == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert published("7/3/2031 09:15:03", link) == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)


def test_an_unreadable_date_falls_back_to_the_address_and_then_to_none() -> None:
    link = "https://bao-thu.example.vn/ben-20310307091503123.htm"

    assert published("sáng nay", link) == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert published("sáng nay") is None


def test_a_changed_title_or_summary_changes_the_fingerprint_and_a_new_stamp_does_not() -> None:
    def print_of(title: str, stamp: str) -> str:
        return read_feed(rss(item(title=title, more=f"<pubDate>{stamp}</pubDate>")), URL)[
            0
        ].fingerprint

    first = print_of("60 nước ký", "Fri, 07 Mar 2031 09:15:03 +0700")

    assert print_of("64 nước ký", "Fri, 07 Mar 2031 09:15:03 +0700") != first
    assert print_of("60 nước ký", "Sat, 08 Mar 2031 09:15:03 +0700") == first


def test_an_address_listed_twice_is_one_entry() -> None:
    entries = read_feed(rss(item(title="Một") + item(title="Hai")), URL)

    assert [entry.title for entry in entries] == ["Một"]


def test_a_feed_without_entries_is_empty() -> None:
    assert read_feed(rss(""), URL) == []


@pytest.mark.parametrize(
    "body",
    [
        rss(item(title="&x;"), ENTITY),
        rss(item(title="&x;"), ENTITY).decode().replace("utf-8", "utf-16").encode("utf-16"),
        rss(item(title="&b7;"), NESTED),
        b"<rss><channel>" + b"<a>" * 1_000_000,
        b"<rss>" + b"a" * 50_000_000,
        gzip.compress(b"<rss>" + b" " * (FEED_LIMIT + 1), mtime=0),
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"/etc/hostname",
        b"http://127.0.0.1:9/feed",
        b"<!doctype html><html><body><h1>Not found</h1></body></html>",
        b"<opml><body/></opml>",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_hostile_and_foreign_bodies_are_refused_with_one_line(body: bytes) -> None:
    with pytest.raises(BadFeed) as caught:
        read_feed(body, URL)

    assert URL in str(caught.value)
    assert "\n" not in str(caught.value)
    assert BadFeed.kind == "bad-feed"


def test_an_external_entity_is_never_in_what_could_be_read() -> None:
    with pytest.raises(BadFeed) as caught:
        read_feed(rss(item(title="&x;"), ENTITY), URL)

    assert caught.value.entries == ()


@pytest.mark.parametrize("written", ["Hai &nbsp;&copy;", "Hai & Ba"])
def test_a_damaged_feed_is_an_error_that_carries_what_could_be_read(written: str) -> None:
    body = rss(item("/a.html", "Một") + item("/b.html", written))

    with pytest.raises(BadFeed, match="not well-formed") as caught:
        read_feed(body, URL)

    first, second = caught.value.entries
    assert first.title == "Một"
    assert second.title.startswith("Hai")


def test_a_cut_feed_carries_the_entries_that_are_whole() -> None:
    body = rss(item("/a.html", "Một") + item("/b.html", "Hai"))

    with pytest.raises(BadFeed, match="not well-formed") as caught:
        read_feed(body[: body.index(b"/b.h") + 4], URL)

    assert [entry.title for entry in caught.value.entries] == ["Một"]


def test_a_document_type_is_not_fetched_and_does_no_harm() -> None:
    body = rss(item(), '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">')

    assert [entry.title for entry in read_feed(body, URL)] == ["Bến"]


def test_a_feed_behind_a_cookie_challenge_says_so() -> None:
    body = (
        b'<html><body><script>document.cookie="D1N=1; path=/";window.location.reload(true);'
        b"</script></body></html>"
    )

    with pytest.raises(NeedsJavascript):
        read_feed(body, URL)


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://b.example.vn/a.html</loc><lastmod>2031-03-08T00:00:00+07:00</lastmod>
<news:news><news:publication><news:name>Báo</news:name></news:publication>
<news:publication_date>2031-03-07T09:15:03+07:00</news:publication_date>
<news:title>Bến &amp; đò</news:title></news:news>
<image:image><image:loc>https://b.example.vn/a.jpg</image:loc><image:title>Ảnh</image:title>
</image:image></url>
<url><loc>https://b.example.vn/b-20310307091503123.htm</loc></url>
</urlset>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_news_sitemap_gives_titles_and_dates(pack: object) -> None:
    assert callable(pack)

    sitemap = read_sitemap(pack(SITEMAP.encode()), "https://b.example.vn/sitemap.xml.gz")

    first, second = sitemap.entries
    assert first.url == "https://b.example.vn/a.html"
    assert first.title == "Bến & đò"
    assert first.published_at == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert first.updated_at == datetime(2031, 3, 7, 17, tzinfo=UTC)
    assert second.published_at == datetime(2031, 3, 7, 2, 15, 3, tzinfo=UTC)
    assert sitemap.children == ()


def test_a_sitemap_index_gives_the_sitemaps_below_it() -> None:
    body = (
        b"<sitemapindex><sitemap><loc>https://b.example.vn/1.xml</loc></sitemap>"
        b"<sitemap><loc>/2.xml</loc></sitemap><sitemap><loc>file:///etc/x</loc></sitemap>"
        b"</sitemapindex>"
    )

    sitemap = read_sitemap(body, "https://b.example.vn/sitemap.xml")

    assert sitemap.entries == ()
    assert sitemap.children == ("https://b.example.vn/1.xml", "https://b.example.vn/2.xml")


def test_a_truncated_sitemap_carries_what_could_be_read() -> None:
    with pytest.raises(BadFeed) as caught:
        read_sitemap(SITEMAP.encode()[:-30], "https://b.example.vn/sitemap.xml")

    assert caught.value.entries[0].url == "https://b.example.vn/a.html"


LISTING = """<html lang="vi"><body><nav><a href="/gioi-thieu.html">Giới thiệu về tòa soạn</a></nav>
<div class="tin"><a href="/doc/a-101.html"><img src="a.jpg"></a>
<h3><a href="/doc/a-101.html">Bến thuyền mới mở ở Gió Chướng</a></h3>
<span class="ngay">Thứ Ba, 04/03/2031, 07:15</span></div>
<div class="tin"><h3><a href="/doc/b-102.html#binh-luan">Chợ nổi dời giờ họp</a></h3>
<span class="ngay">03/03/2031</span></div>
<table><tr><td><a href="/doc/c-103.html">Nghị định hư cấu</a></td><td>02/03/2031</td></tr></table>
<a href="https://khac.example/doc/d-104.html">Một bài ở trang khác hẳn</a>
<a href="javascript:void(0)">Mở rộng danh sách bài</a></body></html>"""


def test_a_listing_gives_the_links_that_match_with_the_dates_beside_them() -> None:
    entries = read_listing(
        LISTING.encode(), "https://b.example.vn/tin.html", link_pattern=r"b\.example\.vn/doc/.+\d"
    )

    assert [(entry.url.rsplit("/", 1)[1], entry.title) for entry in entries] == [
        ("a-101.html", "Bến thuyền mới mở ở Gió Chướng"),
        ("b-102.html", "Chợ nổi dời giờ họp"),
        ("c-103.html", "Nghị định hư cấu"),
    ]
    assert [entry.published_at for entry in entries] == [
        datetime(2031, 3, 4, 0, 15, tzinfo=UTC),
        datetime(2031, 3, 2, 17, tzinfo=UTC),
        datetime(2031, 3, 1, 17, tzinfo=UTC),
    ]


def test_a_listing_without_pattern_gives_long_titles_of_its_own_host() -> None:
    titles = [
        entry.title for entry in read_listing(LISTING.encode(), "https://b.example.vn/tin.html")
    ]

    assert "Một bài ở trang khác hẳn" not in titles
    assert "Mở rộng danh sách bài" not in titles
    assert "Chợ nổi dời giờ họp" in titles

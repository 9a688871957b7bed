"""A page whose address got other words stays one item; another page never joins it."""

import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from loopback import Answer, Loopback, article, configured, source

from config import catalogue
from spiders.portal_families import declared_portal_family, document_address
from spiders.rounds import crawl_round
from spiders.same_page import identity_of
from storage.addresses import canonical_url
from storage.archive import Archive

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
OLD, NEW = "/tieu-de-cu-4812345.html", "/tieu-de-moi-han-4812345.html"
PATTERN = r"/[\w-]+-(?P<id>\d{6,8})\.html"
PORTAL = "https://thuvienphapluat.vn/van-ban"
LUATVIETNAM = "https://luatvietnam.vn"


@pytest.mark.parametrize(
    ("id", "one", "other", "same"),
    [
        ("thuvienphapluat", f"{PORTAL}/CNTT/Luat-thu-990001.aspx",
         f"{PORTAL}/Van-hoa/Luat-thu-ten-moi-990001.aspx", True),
        ("thuvienphapluat", f"{PORTAL}/CNTT/Luat-thu-990001.aspx",
         f"{PORTAL}/CNTT/Luat-thu-990002.aspx", False),
        ("thuvienphapluat", f"{PORTAL}/CNTT/Luat-thu-990001.aspx",
         f"{PORTAL}/CNTT/Luat-thu-990001.aspx?tab=7", False),
        ("thuvienphapluat", f"{PORTAL}/CNTT/Luat-thu-990001.aspx",
         f"{PORTAL}/EN/CNTT/Law-990001/tieng-anh.aspx", False),
        ("luatvietnam", f"{LUATVIETNAM}/co-cau/nghi-dinh-thu-990001-d1.html",
         f"{LUATVIETNAM}/thuong-mai/nghi-dinh-khac-990001-d1.html", True),
        ("luatvietnam", f"{LUATVIETNAM}/co-cau/nghi-dinh-thu-990001-d1.html",
         f"{LUATVIETNAM}/co-cau/decree-990001-doc1.html", False),
        ("chinhphu-drafts", "https://chinhphu.vn/du-thao-vbqppl/nghi-dinh-2031-7001",
         "https://chinhphu.vn/du-thao-vbqppl/nghi-dinh-ve-viec-thu-7001", True),
        ("chinhphu-drafts", "https://chinhphu.vn/du-thao-vbqppl/luat-2031-sua-doi",
         "https://chinhphu.vn/du-thao-vbqppl/nghi-dinh-2031-sua-doi", False),
        ("congbao", "https://congbao.chinhphu.vn/van-ban/nghi-dinh-so-1-2031-nd-cp-40001.htm",
         "https://congbao.chinhphu.vn/van-ban/nghi-dinh-so-1-2031-nd-cp-40001/7.htm", False),
        ("chinhphu-documents", "https://vanban.chinhphu.vn/?pageid=1&docid=990001&classid=1",
         "https://vanban.chinhphu.vn/?docid=990001&classid=1&pageid=1", True),
        ("vnexpress", f"https://vnexpress.net{OLD}", f"https://vnexpress.net{NEW}", True),
        ("vnexpress", f"https://vnexpress.net{OLD}", f"https://e.vnexpress.net{NEW}", False),
        ("vietnamplus", "https://www.vietnamplus.vn/tin-thu-post990001.vnp",
         "https://www.vietnamplus.vn/tin-khac/990001.vnp", False),
    ],
)  # fmt: skip
def test_pages_are_one_by_their_id_host_and_query(
    id: str, one: str, other: str, same: bool
) -> None:
    entry = catalogue("sources")[id]
    pattern = re.compile(entry.get("document_pattern") or entry["article_pattern"])
    family = declared_portal_family(entry.get("family", ""), entry["homepage"])
    kept = [canonical_url(document_address(family, url)) for url in (one, other)]
    keys = [identity_of(pattern, url) or url for url in kept]

    assert (keys[0] == keys[1]) is same


def leads_to(place: str) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(301)
        handler.send_header("Location", place)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def crawled(server: Loopback, archive: Archive, hours: int, **keys: Any) -> list[tuple[str, int]]:
    """The path of each item, and how many versions of it there are, after a round."""
    config = configured([server], [source(server, **keys)])
    now = NOW + timedelta(hours=hours)
    crawl_round(config, archive, now=now, all_sources=True)
    with archive.reading() as tx:
        return [
            (item.url.removeprefix(server.url), len(tx.items.revisions(item.id)))
            for item, _ in tx.items.every()
        ]


def test_an_article_that_got_a_new_headline_is_one_item_at_its_first_address(
    archive: Archive,
) -> None:
    with Loopback() as server:
        server.feed("/thu.rss", [OLD])
        server.article(OLD, "Tiêu đề cũ của một bài báo bịa", "Một câu bịa ra để thử.")
        assert crawled(server, archive, 0, article_pattern=PATTERN) == [(OLD, 1)]

        server.feed("/thu.rss", [NEW])
        server.article(NEW, "Tiêu đề mới hẳn của bài báo bịa", "Một câu bịa ra để thử.")
        server.pages[OLD] = leads_to(NEW)
        assert crawled(server, archive, 1, article_pattern=PATTERN) == [(OLD, 2)]

        server.pages[OLD] = Answer(status=404)
        server.feed("/thu.rss", [OLD.replace("cu", "khac")])
        server.article(OLD.replace("cu", "khac"), "Tiêu đề khác nữa của bài báo bịa")
        assert crawled(server, archive, 2, article_pattern=PATTERN) == [(OLD, 2)]
        assert crawled(server, archive, 3, article_pattern=PATTERN) == [
            (OLD, 2),
            (OLD.replace("cu", "khac"), 1),
        ]


def test_a_document_whose_title_changed_is_one_item(archive: Archive) -> None:
    def shown(path: str, title: str) -> None:
        table = "<table><tr><td>Số hiệu</td><td>12/2031/NĐ-CP</td></tr></table>"
        text = "<div id=toanvancontent>Điều 1. Một điều bịa ra cho đủ dài để thử.</div>"
        link = f"<a href='{path}'>{title}</a><a href='{path}?tab=7'>Bản tiếng Anh</a>"
        server.pages["/vb"] = Answer(f"<html><body>{link}</body></html>".encode())
        for one in (path, f"{path}?tab=7"):
            server.pages[one] = Answer(f"<html><h1>{title}</h1>{table}{text}</html>".encode())

    with Loopback() as server:
        keys: dict[str, Any] = {"feeds": [], "portal": True, "listings": [f"{server.url}/vb"]}
        keys["document_pattern"] = r"/vb/[\w/-]+-(?P<id>\d+)\.aspx"
        shown("/vb/CNTT/Nghi-dinh-cu-990001.aspx", "Nghị định về việc thử")
        first = crawled(server, archive, 0, **keys)
        shown("/vb/Van-hoa/Nghi-dinh-moi-990001.aspx", "Nghị định về việc thử (đổi tên)")
        server.pages["/vb/CNTT/Nghi-dinh-cu-990001.aspx"] = server.pages[
            "/vb/Van-hoa/Nghi-dinh-moi-990001.aspx"
        ]
        server.pages["/vb/CNTT/Nghi-dinh-cu-990001.aspx?tab=7"] = Answer(article("x"))
        second = crawled(server, archive, 24, **keys)
    document = "/vb/CNTT/Nghi-dinh-cu-990001.aspx"
    assert sorted(first) == [(document, 1), (f"{document}?tab=7", 1)]
    assert dict(second)[document] == 2
    assert len(second) == 2

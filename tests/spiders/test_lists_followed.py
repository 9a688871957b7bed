"""A portal's lists are followed page by page, politely, and taken up again where they were left."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl

from loopback import Answer, Loopback, configured, send, source

from spiders.reports import SourceReport
from spiders.rounds import crawl_round
from storage.archive import Archive

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
API = "/api/qtdc/public/doc"


def document(number: str) -> Answer:
    body = f"""<html><body><h1>Nghị định {number}</h1>
    <table><tr><td>Số hiệu</td><td>{number}</td></tr>
    <tr><td>Cơ quan ban hành</td><td>Bộ Thông tin và Truyền thông</td></tr></table>
    <div id="toanvancontent"><p>Điều 1. Một điều bịa ra của văn bản {number} để thử cho đủ dài.</p>
    <p>1. Khoản này không có thật ngoài bài thử này.</p></div></body></html>"""
    return Answer(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def listing(server: Loopback, page: int, documents: list[str], pages: int) -> None:
    rows = "".join(f"<p><a href='/vb/{one}.html'>Nghị định {one}</a></p>" for one in documents)
    links = "".join(f"<a href='/vb?page={n}'>{n}</a>" for n in range(1, pages + 1))
    server.pages[f"/vb?page={page}"] = Answer(f"<html><body>{rows}{links}</body></html>".encode())
    for one in documents:
        server.pages[f"/vb/{one}.html"] = document(f"{one.replace('-', '/')}/NĐ-CP")


def crawled(server: Loopback, archive: Archive, day: int, **keys: Any) -> SourceReport:
    server.asked.clear()
    declared = source(server, "cong", feeds=[], portal=True, **keys)
    config = configured([server], [declared])
    now = NOW + timedelta(days=day)
    return crawl_round(config, archive, now=now, all_sources=True).sources[0]


def test_a_list_is_followed_once_then_only_as_far_as_it_holds_something_new(
    archive: Archive,
) -> None:
    with Loopback() as server:
        keys: dict[str, Any] = {
            "listings": [f"{server.url}/vb?page=1"],
            "document_pattern": r"/vb/.+\.html",
        }
        listing(server, 1, ["147-2024", "12-2031"], 3)
        listing(server, 2, ["147-2026", "11-2031"], 3)
        server.pages["/vb?page=3"] = Answer(status=500)
        first = crawled(server, archive, 0, **keys)
        assert first.new == 4
        assert [error["kind"] for error in first.errors] == ["http-error"]

        listing(server, 3, ["10-2031"], 3)
        assert crawled(server, archive, 1, **keys).new == 1
        assert "/vb?page=3" in server.paths()

        assert crawled(server, archive, 2, **keys).new == 0
        assert [one for one in server.paths() if "page=" in one] == ["/vb?page=1"]
    with archive.reading() as tx:
        found = {revision.fields["number"]: revision for _, revision in tx.items.every()}
    assert {"147/2024/NĐ-CP", "147/2026/NĐ-CP"} <= set(found)
    assert {one.fields["issuer_id"] for one in found.values()} == {"bo-khoa-hoc-cong-nghe"}


def test_no_more_pages_are_asked_than_the_declaration_allows(archive: Archive) -> None:
    with Loopback() as server:
        for page in range(1, 5):
            listing(server, page, [f"{page}-2031"], 4)
        report = crawled(
            server, archive, 0, listings=[f"{server.url}/vb?page=1"],
            document_pattern=r"/vb/.+\.html", list_pages=2,
        )  # fmt: skip
    assert report.new == 2


def test_a_list_that_a_script_pages_is_followed_by_its_form(archive: Archive) -> None:
    def page(number: int) -> Answer:
        following = f"javascript:__doPostBack('grid','Page${number + 1}')"
        link = f'<a href="{following}">{number + 1}</a>' if number < 3 else ""
        return Answer(
            f"<html><body><form><input type=hidden name=__VIEWSTATE value=s{number}>"
            f"<a href='/vb/{number}-2031.html'>Nghị định số {number}</a>{link}</form>".encode()
        )

    def grid(handler: BaseHTTPRequestHandler) -> None:
        posted = dict(parse_qsl(server.asked[-1].posted.decode()))
        number = int(posted.get("__EVENTARGUMENT", "Page$1").partition("$")[2])
        assert posted.get("__VIEWSTATE", "s0") == f"s{number - 1}"
        send(handler, page(number))

    with Loopback() as server:
        server.pages["/he-thong?classid=1"] = grid
        for number in (1, 2, 3):
            server.pages[f"/vb/{number}-2031.html"] = document(f"{number}/2031/NĐ-CP")
        report = crawled(
            server, archive, 0, listings=[f"{server.url}/he-thong?classid=1"],
            document_pattern=r"/vb/.+\.html",
        )  # fmt: skip
    assert report.errors == ()
    assert report.new == 3


def test_the_gateways_list_is_posted_for_and_its_documents_are_read(archive: Archive) -> None:
    asked: list[dict[str, Any]] = []
    status = "Còn hiệu lực"

    def all_documents(handler: BaseHTTPRequestHandler) -> None:
        posted = json.loads(server.asked[-1].posted)
        asked.append(posted)
        page = posted["pageNumber"]
        item = {
            "id": page,
            "docNum": f"{page}/2031/NĐ-CP",
            "title": f"Nghị định số {page}",
            "effStatus": {"name": status},
        }
        data = {"total": 2, "items": [item] if page <= 2 else []}
        send(handler, Answer(json.dumps({"success": True, "data": data}).encode()))

    with Loopback() as server:
        server.pages[f"{API}/all"] = all_documents
        for page in (1, 2):
            content = f"<p>Điều 1. {'Một điều bịa ra để thử. ' * 6}</p>"
            data = {
                "id": page,
                "docNum": f"{page}/2031/NĐ-CP",
                "title": f"Nghị định số {page}",
                "documentContent": {"content": content},
            }
            server.pages[f"{API}/{page}"] = Answer(json.dumps({"data": data}).encode())
        keys: dict[str, Any] = {
            "family": "vbpl-gateway",
            "listings": [f"{server.url}{API}/all?pageNumber=1&pageSize=50"],
        }
        report = crawled(server, archive, 0, **keys)
        assert report.errors == ()
        assert report.new == 2
        assert [one["pageNumber"] for one in asked] == [1, 2, 3]

        assert crawled(server, archive, 0, **keys).items == 0
        status = "Hết hiệu lực"
        crawled(server, archive, 0, **keys)
        assert [one for one in server.paths() if one != "/robots.txt"] == [
            f"{API}/all",
            f"{API}/1",
        ]
    assert all(one["pageSize"] == 50 for one in asked)
    with archive.reading() as tx:
        texts = [revision.text for _, revision in tx.items.every()]
    assert all(text.startswith("Điều 1. Một điều bịa ra") for text in texts)

"""A source that declares a browser has its pages rendered, and nothing private is reached."""

import asyncio
import importlib.util
import shutil
from collections.abc import Coroutine
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from loopback import Answer, Loopback, article, configured, send, source

from spiders import browser_extra
from spiders.browser_proxy import GuardedProxy
from spiders.rounds import crawl_round
from storage.archive import Archive

STORY = "Đoạn văn bịa ra này chỉ có sau khi kịch bản của trang chạy. " * 6
SHELL = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Bài</title></head>
<body><div id="root"></div><script>fetch("/text.json").then(a => a.json()).then(text => {
document.getElementById("root").innerHTML =
"<article><h1>Một bài cần kịch bản</h1><p>" + text + "</p></article>" });
fetch("SECRET").catch(() => 0)</script></body></html>"""

needs_browser = pytest.mark.skipif(
    importlib.util.find_spec("scrapy_playwright") is None or shutil.which("chromium") is None,
    reason="scrapy-playwright or Chromium is not installed",
)


def asked_through(proxy: GuardedProxy, request: str) -> str:
    async def ask() -> str:
        address = await proxy.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.split(":")[-1]))
        writer.write(request.encode())
        said = await asyncio.wait_for(reader.read(-1), 10)
        writer.close()
        proxy.close()
        return said.decode()

    made: Coroutine[Any, Any, str] = ask()
    return asyncio.run(made)


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT {} HTTP/1.1",
        "GET http://{}/ HTTP/1.1",
        "CONNECT localhost:{port} HTTP/1.1",
        "GET http://[::ffff:127.0.0.1]:{port}/ HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
    ],
)
def test_a_browser_reaches_no_private_address(request_line: str) -> None:
    with Loopback() as inside:
        line = request_line.format(inside.host, port=inside.host.split(":")[1])
        said = asked_through(GuardedProxy(()), f"{line}\r\nHost: a.example\r\n\r\n")

    assert said.startswith("HTTP/1.1 403")
    assert not inside.asked


def test_a_browser_reaches_an_address_that_is_allowed() -> None:
    with Loopback() as inside:
        inside.pages["/a?b=1"] = Answer(b"hello")
        said = asked_through(
            GuardedProxy([inside.host]),
            f"GET http://{inside.host}/a?b=1 HTTP/1.1\r\nHost: {inside.host}\r\n\r\n"
            f"GET http://{inside.host}/second HTTP/1.1\r\nHost: {inside.host}\r\n\r\n",
        )

    assert said.endswith("hello")
    assert inside.paths() == ["/a?b=1"]


def test_a_source_that_needs_a_browser_says_so_where_there_is_none(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_extra, "find_spec", lambda name: None)

    assert "pip install 'decreewatch[browser]'" in browser_extra.browser_missing()
    assert "\n" not in browser_extra.browser_missing()


def crawled(archive: Archive, server: Loopback, **keys: Any) -> list[str]:
    server.pages["/a.html"] = Answer(
        SHELL.replace("SECRET", "http://127.0.0.1:9/").encode(),
        headers={"Content-Type": "text/html"},
    )
    server.pages["/text.json"] = Answer(
        f'"{STORY}"'.encode(), headers={"Content-Type": "application/json"}
    )
    server.feed("/thu.rss", ["/a.html"])
    config = configured([server], [source(server, **keys)], timeout="20s")
    report = crawl_round(config, archive, all_sources=True).to_json()
    with archive.reading() as tx:
        texts = [revision.text for _, revision in tx.items.every()]
    return [*texts, *(error["kind"] for error in report["sources"][0]["errors"])]


@pytest.mark.slow
@needs_browser
def test_a_page_whose_text_comes_with_its_scripts_is_rendered(archive: Archive) -> None:
    with Loopback() as server:
        found = crawled(archive, server, browser=True)

    assert any(STORY.strip() in text for text in found), found
    assert "/text.json" in server.paths()


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("allowed", [False, True], ids=["private", "allowed"])
def test_a_rendered_pages_scripts_reach_only_what_is_allowed(
    archive: Archive, allowed: bool
) -> None:
    with Loopback() as inside, Loopback() as server:
        script = f'<script>fetch("{inside.url}/x", {{mode: "no-cors"}})</script>'
        body = f"<html><body><article><h1>Bài</h1><p>{STORY}</p></article>{script}</body></html>"
        server.pages["/b.html"] = Answer(
            body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}
        )
        server.feed("/thu.rss", ["/b.html"])
        known = [server, inside] if allowed else [server]
        config = configured(known, [source(server, browser=True)], timeout="20s")
        crawl_round(config, archive, all_sources=True)

    assert "/b.html" in server.paths()
    assert inside.paths() == (["/x"] if allowed else [])


@pytest.mark.slow
@needs_browser
def test_a_cookie_challenge_is_passed_as_any_reader_passes_it(archive: Archive) -> None:
    story = article("Bài sau cửa", STORY)
    challenge = b"<html><body><script>document.cookie='D1N=abc; path=/';location.reload()</script>"

    def guarded(handler: BaseHTTPRequestHandler) -> None:
        known = "D1N=abc" in (handler.headers.get("Cookie") or "")
        kind = {"Content-Type": "text/html; charset=utf-8"}
        send(handler, Answer(story if known else challenge, headers=kind))

    with Loopback() as server:
        server.pages["/c.html"] = guarded
        server.feed("/thu.rss", ["/c.html"])
        config = configured([server], [source(server, browser=True)], timeout="20s")
        report = crawl_round(config, archive, all_sources=True).to_json()["sources"][0]

    assert (report["new"], report["errors"]) == (1, [])
    with archive.reading() as tx:
        [(_, revision)] = tx.items.every()
    assert STORY.strip() in revision.text


@pytest.mark.slow
@needs_browser
def test_a_page_at_a_private_address_is_no_page_for_the_browser_either(archive: Archive) -> None:
    with Loopback() as inside, Loopback() as server:
        inside.article("/secret.html")
        server.feed("/thu.rss", [f"{inside.url}/secret.html"])
        config = configured([server], [source(server, browser=True)], timeout="20s")
        report = crawl_round(config, archive, all_sources=True).to_json()["sources"][0]

    assert [error["kind"] for error in report["errors"]] == ["private-address"]
    assert "/secret.html" not in inside.paths()


def test_a_page_that_needs_scripts_is_named_without_a_browser(archive: Archive) -> None:
    with Loopback() as server:
        found = crawled(archive, server)

    assert "needs-javascript" in found
    assert "/text.json" not in server.paths()

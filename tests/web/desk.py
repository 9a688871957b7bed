"""An archive with a little of everything, and the pages and the API over it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archives import NOON, capture, exchange, observe, seen
from fastapi.testclient import TestClient
from raised_alerts import raise_alerts
from told_stories import FERRY, FINE, article, told

from config import Config
from storage.archive import Archive
from storage.findings import FoundTag
from storage.index import keep_up
from storage.search import Surroundings, open_searcher
from web.app import create_app

HERE = "http://127.0.0.1:8420"
NOW = NOON + timedelta(days=6)
TITLE = "Định danh người phát trực tiếp từ tháng bảy"
OLD = "Người phát trực tiếp phải định danh trong 60 ngày theo Nghị định 147/2024/NĐ-CP."
NEW = "Người phát trực tiếp phải định danh trong 30 ngày theo Nghị định 147/2024/NĐ-CP."
PAGE = f"<html><body><h1>{TITLE}</h1><p>{OLD}</p></body></html>"
FORMULA = '=HYPERLINK("https://evil.example","Bến phà")'
HOSTILE_TITLE = "<script>alert(1)</script>\x1b[2J\u202e\x9b31m" + "Phà" * 3_400
HOSTILE_TEXT = (
    "<img src=x onerror=alert(2)> \"'><svg onload=alert(3)> \u2066đảo\u2069 {{ 7 * 7 }} "
    "\x1b]0;title\x07 ]]> &lt;b&gt; javascript:alert(4)"
)
HOSTILE_PAGE = """<!doctype html><html lang="vi"><head><base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=//evil.example/">
<link rel="stylesheet" href="//evil.example/a.css">
<style>@import "//evil.example/b.css"; p { background: url(//evil.example/c) }</style>
<script src="//evil.example/d.js"></script></head>
<body onload="alert(1)" background="//evil.example/e"><p style="background:url(//evil.example/f)"
onclick="alert(2)">Bến phà mở lại</p><a href="javascript:alert(3)" ping="//evil.example/g">lối</a>
<img src="//evil.example/h" srcset="//evil.example/i 2x"><iframe src="//evil.example/j"></iframe>
<svg onload="alert(4)"><script>alert(5)</script></svg><object data="//evil.example/k"></object>
<form action="//evil.example/l"><input autofocus onfocus="alert(6)"></form>
<math><mi xlink:href="javascript:alert(7)">x</mi></math><video poster="//evil.example/m"></video>
<noscript><p title="</noscript><img src=x onerror=alert(8)>"></noscript>
<template><script>alert(9)</script></template></body></html>"""
SOURCES = [
    {
        "id": name,
        "name": name.title(),
        "kind": kind,
        "language": language,
        "homepage": f"https://{name}.example/",
        "feeds": [f"https://{name}.example/rss"],
    }
    for name, kind, language in (
        ("press", "state", "vi"),
        ("baomoi", "independent", "vi"),
        ("farwire", "international", "en"),
    )
]
TOPICS = [
    {
        "id": name,
        "name": said,
        "description": {"en": said, "vi": said},
    }
    for name, said in (("livestream", "Livestreaming"), ("minors", "Children online"))
]


class Desk:
    """The archive, the application over it, and the numbers of what it holds by name."""

    def __init__(self, folder: Path, url: str | None = None, **web: Any) -> None:
        self.archive = Archive.open(folder, url)
        self.config = Config.model_validate(
            {
                "politeness": {"contact": "desk@example.org"},
                "storage": {"path": folder},
                "sources": SOURCES,
                "topics": TOPICS,
                "web": web,
            }
        )
        self.items: dict[str, int] = {}
        self.captures: dict[str, int] = {}
        self._fill()
        keep_up(self.archive, NOW)
        sides = {one.id: one.kind for one in self.config.sources}
        around = Surroundings(sides=sides, zone=self.config.zone)
        self.searcher = open_searcher(self.archive, None, around)
        self.app = create_app(self.config, self.archive, self.searcher, now=lambda: NOW)

    def browser(self, **headers: str) -> TestClient:
        """A browser at this machine, which follows no redirection by itself."""
        return TestClient(self.app, base_url=HERE, headers=headers, follow_redirects=False)

    def close(self) -> None:
        """Let go of the archive and its index."""
        self.searcher.close()
        self.archive.close()

    def _fill(self) -> None:
        archive = self.archive
        html = (("Content-Type", "text/html; charset=utf-8"),)
        first, again, hostile, pdf = capture(
            archive,
            exchange(PAGE.encode(), url="https://press.example/live"),
            exchange(PAGE.encode(), url="https://press.example/live", hour=30),
            exchange(HOSTILE_PAGE.encode(), url="https://press.example/hostile", headers=html),
            exchange(
                b"%PDF-1.4 tep gia",
                url="https://press.example/tep.pdf",
                headers=(("Content-Type", "application/pdf"),),
            ),
        )
        self.captures = {"first": first, "again": again, "hostile": hostile, "pdf": pdf}
        looks = {
            "live": seen("https://press.example/live", title=TITLE, text=OLD, capture_id=first),
            "hostile": seen(
                "https://press.example/hostile",
                1,
                title=HOSTILE_TITLE,
                summary=HOSTILE_TEXT,
                text=HOSTILE_TEXT,
                capture_id=hostile,
            ),
            "formula": seen("https://press.example/f", 2, title=FORMULA, text=FERRY),
            "told": article("press", "Phạt mạng xã hội LinhChi", FINE, 3),
            "copy": article("baomoi", "LinhChi bị phạt 85 triệu đồng", FINE, 5),
            "english": seen(
                "https://farwire.example/x",
                48,
                title="Livestream sellers must verify their identity",
                text="Sellers on livestreams have thirty days to verify who they are.",
                language="en",
                source_id="farwire",
            ),
            "gone": seen("https://press.example/gone", 4, title="Bài sẽ bị gỡ", text="Đã bị gỡ."),
            "law": seen(
                "https://press.example/law",
                6,
                kind="document",
                title="Quy chế bến phà",
                text="Điều 1. Phạm vi\nQuy chế này áp dụng cho bến phà.",
                fields={"status": "Còn hiệu lực", "number": "12/2031/QĐ-BPC"},
                notes=(
                    "ocr:tesseract vie, pages 1 of 3",
                    "pages-without-text:1 of 3 (2)",
                    "number-disagrees:page 12/2031/QĐ-BPC, document 21/2031/QĐ-BPC",
                ),
                capture_id=pdf,
            ),
        }
        for name, look in looks.items():
            self.items[name] = observe(archive, look)[0].item_id
        observe(
            archive,
            seen("https://press.example/live", 30, title=TITLE, text=NEW, capture_id=again),
            seen(
                "https://press.example/law",
                30,
                kind="document",
                title="Quy chế bến phà",
                text="Điều 1. Phạm vi\nQuy chế này áp dụng cho bến phà.",
                fields={"status": "Hết hiệu lực", "number": "12/2031/QĐ-BPC"},
                capture_id=pdf,
            ),
        )
        told(archive)
        with archive.transaction() as tx:
            at = NOON + timedelta(days=3)
            assert tx.items.missing("https://press.example/gone", NOON, at, 410)
            for name in ("live", "english", "hostile"):
                item = tx.items.get(self.items[name])
                assert item is not None
                latest = tx.items.latest(item)
                assert latest is not None
                passage = HOSTILE_TEXT if name == "hostile" else latest.text
                tag = FoundTag("livestream", 0.91, 0.5, passage, HOSTILE_TEXT)
                tx.findings.tag(latest.id, [tag], "test")
        raise_alerts(archive, f"item:{self.items['live']}", at=NOON)

    def revisions(self, name: str) -> list[int]:
        """The numbers of an item's revisions, oldest first."""
        with self.archive.reading() as tx:
            return [one.id for one in tx.items.revisions(self.items[name])]

    def topics(self, name: str) -> set[str]:
        """The topics of an item's newest text."""
        with self.archive.reading() as tx:
            item = tx.items.get(self.items[name])
            latest = tx.items.latest(item) if item else None
            return {tag.topic for tag in tx.findings.tags(latest.id)} if latest else set()

    def changes(self) -> list[tuple[str, str, str]]:
        """Who did what to what, newest first."""
        with self.archive.reading() as tx:
            return [(one.by, one.action, one.subject) for one in tx.audit.recent()]


def send(browser: TestClient, path: str, page: str, **fields: Any) -> Any:
    """Send a form with the token that a page gave."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', browser.get(page).text)
    assert found is not None
    return browser.post(path, data={"csrf_token": found[1], **fields})


def tell(browser: TestClient, method: str, path: str, body: Any = None) -> Any:
    """Send a request of a script of ours to the API."""
    page = browser.get("/search").text
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found is not None
    headers = {"X-CSRF-Token": found[1], "Origin": HERE}
    return browser.request(method, f"/api/v1{path}", json=body, headers=headers)


def moment(text: str) -> datetime:
    """A time of an answer."""
    return datetime.fromisoformat(text).astimezone(UTC)

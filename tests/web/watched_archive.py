"""A small archive in which an invented decree is drafted and enacted, and its pages."""

import re
from datetime import timedelta
from typing import Any

from archives import NOON, seen
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from alerts.stage import RulesStage
from config import Config
from monitor.citing import CitationsStage
from monitor.comparing import CompareStage
from monitor.deadlines import DeadlinesStage
from monitor.lineage import LineageStage
from monitor.stages import run_stages
from monitor.status import StatusesStage
from monitor.stories import StoriesStage
from storage.archive import Archive
from storage.findings import FoundTag
from storage.observations import Observation
from web.app import create_app

NUMBER = "901/2031/NĐ-CP"
PORTAL = "https://cong.example"
NOW = NOON + timedelta(hours=30)
CONFIG = Config.model_validate(
    {
        "politeness": {"contact": "desk@example.org"},
        "sources": [
            {
                "id": name,
                "name": said,
                "kind": kind,
                "language": language,
                "homepage": f"https://{name}.example/",
                "feeds": [f"https://{name}.example/rss"],
            }
            for name, said, kind, language in (
                ("press", "Tin Mới", "state", "vi"),
                ("wire", "Far Wire", "international", "en"),
                ("cong", "Cổng Văn bản", "official", "vi"),
                ("asleep", "Sóng Ngủ", "state", "vi"),
            )
        ],
        "topics": [
            {
                "id": "minors",
                "name": "Children online",
                "description": {"en": "Children online", "vi": "Trẻ em"},
            }
        ],
        "instruments": [
            {
                "id": "lanterns",
                "name": "Decree on lanterns",
                "number": NUMBER,
                "drafts": [f"{PORTAL}/du-thao/"],
            }
        ],
        "channels": [{"id": "desk", "kind": "console"}],
        "rules": [
            {"id": "drafts", "on": "draft-revised", "channels": ["desk"], "severity": "major"},
            {"id": "enacted", "on": "enacted", "channels": ["desk"], "severity": "critical"},
            {"id": "broken", "on": "source-failing", "channels": ["desk"], "severity": "minor"},
        ],
    }
)
ARTICLES = (
    "Phạm vi điều chỉnh\nNghị định này quy định việc thả đèn lồng trên sông.",
    "Hạ đèn vi phạm\n"
    "1. Chủ bến phải hạ đèn vi phạm chậm nhất là 48 giờ kể từ khi nhận được yêu cầu.\n"
    "2. Bến có từ 1.000 (một nghìn) đèn trở lên phải có ít nhất 03 người trực đêm.",
    "Xử phạt\nPhạt tiền từ 10.000.000 đồng đến 20.000.000 đồng đối với hành vi thả đèn quá giờ.",
    "Hiệu lực thi hành\nNghị định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2031.",
)


def decree(hours: int = 48, number: str = "") -> str:
    """The decree's text: a draft without a number, taking down within so many hours."""
    head = f"CHÍNH PHỦ\nSố: {number}\n" if number else "CHÍNH PHỦ\nDỰ THẢO\n"
    body = "\n".join(f"Điều {n}. {article}" for n, article in enumerate(ARTICLES, 1))
    return f"{head}NGHỊ ĐỊNH\nQuy định về thả đèn lồng\n{body}\n".replace("48 giờ", f"{hours} giờ")


def document(url: str, text: str, hour: float, **fields: Any) -> Observation:
    """A document that the portal shows, `hour` hours after noon."""
    return seen(
        url, hour, kind="document", source_id="cong", title="Nghị định về thả đèn lồng", text=text,
        fields=fields,
    )  # fmt: skip


def fill(archive: Archive) -> None:
    """Two drafts, the enactment, articles about it, an edit, and a source that fails."""
    looks = [
        document(f"{PORTAL}/du-thao/1", decree(48), 0, stage="draft"),
        document(f"{PORTAL}/du-thao/1", decree(36), 8, stage="draft"),
        document(f"{PORTAL}/van-ban/2", decree(24, NUMBER), 20, number=NUMBER, stage="enacted",
                 issued_on="2031-06-02"),
        seen("https://press.example/den", 21, title="Nghị định 901/2031/NĐ-CP siết thả đèn lồng",
             text="Theo Nghị định 901/2031/NĐ-CP, đèn vi phạm phải hạ trong 24 giờ."),
        seen("https://wire.example/lanterns", 22, source_id="wire", language="en",
             title="Decree tightens lantern rules", text="Decree 901/2031/NĐ-CP is out."),
        seen("https://press.example/pha", 23, title="Bến phà <b>mở</b> lại", text="Phà chạy lại."),
        seen("https://press.example/pha", 26, title="Bến phà <b>mở</b> lại", text="Phà nghỉ tiếp."),
    ]  # fmt: skip
    for look in looks:
        with archive.transaction() as tx:
            found = tx.items.observe(look)
            if look.kind == "article":
                tag = FoundTag("minors", 0.9, 0.5, "một đoạn văn")
                tx.findings.tag(found.revision_id, [tag], "test")
    with archive.transaction() as tx:
        for source in ("press", "cong"):
            tx.sources.round_ended(source, NOW - timedelta(hours=1), reasons=(), items=1)
        tx.sources.round_ended("wire", NOW, reasons=["wire.example does not answer"], items=0)
        tx.sources.trouble("wire", "https://wire.example/rss", "timeout", "no answer in 30 s", NOW)
    stages = [
        CitationsStage(CONFIG.instruments),
        StoriesStage(),
        LineageStage(CONFIG.instruments),
        CompareStage(),
        DeadlinesStage(CONFIG.instruments),
        StatusesStage(CONFIG.instruments, CONFIG.sources, CONFIG.zone),
        RulesStage(CONFIG, now=lambda: NOW),
    ]
    for report in run_stages(archive, stages, NOW):
        assert not report.failed, report


def browser(archive: Archive, **headers: str) -> TestClient:
    """A browser at the pages of an archive, on this machine and without a login."""
    searcher: Any = None
    app = create_app(CONFIG, archive, searcher, now=lambda: NOW)
    return TestClient(
        app, base_url="http://127.0.0.1:8420", headers=headers, client=("127.0.0.1", 5000)
    )


class Browser:
    """Reads pages as their text and their parts."""

    def __init__(self, archive: Archive, language: str = "en") -> None:
        self.client = browser(archive, **{"accept-language": language})

    def page(self, path: str, status: int = 200) -> BeautifulSoup:
        """A page as its parts."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return BeautifulSoup(answer.text, "html.parser")

    def words(self, path: str) -> str:
        """What a page says, on one line."""
        return " ".join(self.page(path).main.get_text(" ").split())

    def send(self, page: str, path: str, status: int = 303, **fields: Any) -> None:
        """Send a form of a page, with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        assert token is not None
        answer = self.client.post(
            path, data={"csrf_token": token[1], **fields}, follow_redirects=False
        )
        assert answer.status_code == status, answer.text[:2000]

"""Documents with their files, as a portal changes them."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Answer, Loopback, configured, source
from scanned_file import scan

from spiders.crashes import store_crash
from spiders.failures import CrawlCrashed
from spiders.ocr import ocr_program
from spiders.rounds import crawl_round
from storage.archive import Archive
from storage.models import Revision

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
PAGE = "/van-ban/nghi-dinh-12.html"
FILE = "/tep/nghi-dinh-12.docx"
TEXT = [f"Điều {n}. Một điều bịa ra để thử\n1. Khoản này không có thật." for n in range(1, 6)]


def word_file(first: str) -> bytes:
    from docx import Document

    document = Document()
    for line in "\n".join([first, *TEXT]).split("\n"):
        document.add_paragraph(line)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


class Portal:
    """A portal with one list and one document, which has a text only in its file."""

    def __init__(self, server: Loopback, archive: Archive) -> None:
        self.server = server
        self.archive = archive
        self.days = 0
        server.pages["/van-ban"] = Answer(
            f"<html><body><a href='{PAGE}'>Nghị định 12/2031/NĐ-CP về việc thử</a></body>".encode(),
            headers={"ETag": '"list"'},
        )
        self.show("Còn hiệu lực")
        self.attach(word_file("NGHỊ ĐỊNH"))

    def show(self, status: str, text: str = "", files: tuple[str, ...] = (FILE,)) -> None:
        links = "".join(f"<li><a href='{one}'>{one.rpartition('/')[2]}</a></li>" for one in files)
        self.server.pages[PAGE] = Answer(
            f"""<html><body><h1>Nghị định 12/2031/NĐ-CP về việc thử</h1>
            <table><tr><td>Số hiệu</td><td>12/2031/NĐ-CP</td></tr>
            <tr><td>Ngày ban hành</td><td>01/06/2031</td></tr>
            <tr><td>Tình trạng hiệu lực</td><td>{status}</td></tr></table>
            <div id="toanvancontent">{text}</div><ul class="tep">{links}</ul>
            </body></html>""".encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    def attach(self, body: bytes, status: int = 200) -> None:
        self.server.pages[FILE] = Answer(body, status=status)

    def crawl(self, **documents: Any) -> dict[str, Any]:
        self.server.asked.clear()
        self.days += 1
        declared = source(
            self.server, "cong", feeds=[], listings=[f"{self.server.url}/van-ban"],
            portal=True, document_pattern="/van-ban/.+",
        )  # fmt: skip
        config = configured([self.server], [declared], documents)
        now = NOW + timedelta(days=self.days)
        report = crawl_round(config, self.archive, now=now, all_sources=True)
        only: dict[str, Any] = report.to_json()["sources"][0]
        return only

    def revisions(self) -> list[Revision]:
        with self.archive.reading() as tx:
            item = tx.items.by_url(self.server.url + PAGE)
            return tx.items.revisions(item.id) if item is not None else []

    def troubles(self) -> dict[str, int]:
        """The kinds of problems that last, and how often each was met."""
        with self.archive.reading() as tx:
            return {one.kind: one.count for one in tx.sources.troubles()}


@pytest.fixture
def portal(archive: Archive) -> Portal:
    return Portal(Loopback(), archive)


def test_a_document_has_its_fields_and_the_text_of_its_file(portal: Portal) -> None:
    with portal.server:
        assert portal.crawl()["new"] == 1
        (revision,) = portal.revisions()
    assert revision.text.startswith("NGHỊ ĐỊNH\nĐiều 1.")
    assert revision.fields["text_from"] == "docx"
    assert revision.fields["number"] == "12/2031/NĐ-CP"
    assert revision.fields["issued_on"] == "2031-06-01"
    assert revision.published_at == datetime(2031, 6, 1, tzinfo=UTC)
    file = revision.fields["attachments"][0]
    with portal.archive.reading() as tx:
        held = tx.captures.by_digest(file["sha256"])
    assert held is not None and held.url == portal.server.url + FILE


@pytest.mark.parametrize("validators", [{}, {"ETag": '"page"'}])
def test_a_file_that_changes_behind_an_unchanged_page_is_a_revision(
    portal: Portal, validators: dict[str, str]
) -> None:
    with portal.server:
        portal.server.pages[PAGE].headers.update(validators)
        portal.crawl()
        portal.attach(word_file("NGHỊ ĐỊNH (bản thay)"))
        assert portal.crawl()["revised"] == 1
        first, second = portal.revisions()
    assert (first.cause, second.cause) == ("first", "edit")
    assert second.text.startswith("NGHỊ ĐỊNH (bản thay)")
    assert second.capture_id is not None
    assert portal.archive.read_capture(second.capture_id).body == portal.server.pages[PAGE].body


def test_a_status_that_changes_is_a_revision_with_the_same_text(portal: Portal) -> None:
    with portal.server:
        portal.crawl()
        portal.show("Hết hiệu lực")
        assert portal.crawl()["revised"] == 1
        first, second = portal.revisions()
    assert first.text == second.text
    assert (first.fields["status"], second.fields["status"]) == ("Còn hiệu lực", "Hết hiệu lực")


def test_the_text_on_the_page_goes_before_that_of_a_file(portal: Portal) -> None:
    with portal.server:
        shown = "".join(f"<p>{line}</p>" for line in "\n".join(TEXT).split("\n"))
        portal.show("Còn hiệu lực", text=f"<p>NGHỊ ĐỊNH TRÊN TRANG</p>{shown}")
        portal.crawl()
        (revision,) = portal.revisions()
    assert revision.fields["text_from"] == "html"
    assert revision.text.startswith("NGHỊ ĐỊNH TRÊN TRANG")


def test_a_text_is_not_lost_because_its_file_cannot_be_had(portal: Portal) -> None:
    with portal.server:
        file = word_file("NGHỊ ĐỊNH")
        portal.attach(file)
        portal.crawl()
        portal.show("Hết hiệu lực")
        portal.attach(b"", status=500)
        report = portal.crawl()
        assert len(portal.revisions()) == 2
        assert portal.revisions()[1].text == portal.revisions()[0].text
        assert [error["kind"] for error in report["errors"]] == ["http-error"]
        portal.attach(file)
        assert portal.crawl()["errors"] == []
    with portal.archive.reading() as tx:
        assert tx.sources.troubles() == []
        assert len(portal.revisions()) == 2


def test_a_renamed_archive_is_a_trouble_and_the_version_before_is_kept(portal: Portal) -> None:
    with portal.server:
        portal.crawl()
        portal.attach(b"PK\x03\x04 this is no document")
        report = portal.crawl()
        assert len(portal.revisions()) == 1
    assert {"bad-docx", "no-text"} <= {error["kind"] for error in report["errors"]}


def test_a_document_without_any_text_is_known_by_its_fields_and_said(portal: Portal) -> None:
    with portal.server:
        portal.show("Còn hiệu lực", files=())
        report = portal.crawl()
        (revision,) = portal.revisions()
    assert (revision.text, revision.notes[-1]) == ("", "no-text")
    assert [error["kind"] for error in report["errors"]] == ["no-text"]
    assert portal.troubles() == {"no-text": 1}


def test_what_cannot_be_read_is_shown_until_it_can(portal: Portal) -> None:
    with portal.server:
        portal.attach(b"PK\x03\x04 this is no document")
        portal.crawl()
        assert portal.crawl()["unchanged"] == 1
        assert portal.troubles() == {"bad-docx": 1, "no-text": 1}
        portal.attach(word_file("NGHỊ ĐỊNH"))
        portal.crawl()
    assert portal.troubles() == {}


@pytest.mark.slow
@pytest.mark.skipif(ocr_program() is None, reason="tesseract with Vietnamese is not installed")
def test_a_scan_is_read_as_soon_as_pictures_may_be_and_its_first_text_is_news(
    portal: Portal,
) -> None:
    with portal.server:
        portal.attach(scan(("Điều 1. Phạm vi", "1. Khoản bịa ra.")))
        portal.crawl(ocr=False)
        assert portal.crawl(ocr=False)["unchanged"] == 1
        assert portal.troubles() == {"pdf-without-text": 1, "no-text": 1}
        assert portal.crawl(ocr=True)["revised"] == 1
        assert portal.troubles() == {}
        assert portal.crawl(ocr=False)["unchanged"] == 1
    *_, revision = portal.revisions()
    assert (revision.cause, revision.fields["text_from"]) == ("completion", "pdf-ocr")


def test_a_document_that_kills_its_reader_waits_for_its_turn(portal: Portal) -> None:
    with portal.server:
        portal.crawl()
        with portal.archive.reading() as tx:
            known = tx.sources.page(portal.server.url + PAGE)
        assert known is not None
        at = NOW + timedelta(days=portal.days)
        problem = CrawlCrashed(f"{known.url}: the crawl's process died (signal 11)")
        store_crash(portal.archive, "cong", known.url, problem, at)
        portal.days -= 1
        assert PAGE in portal.server.paths()
        portal.crawl()
        assert PAGE not in portal.server.paths()
        assert portal.crawl()["unchanged"] == 1


def test_a_file_that_names_another_number_than_the_page_is_stored_and_said(portal: Portal) -> None:
    portal.attach(word_file("Số: 21/2031/NĐ-CP"))

    with portal.server:
        portal.crawl()

    [revision] = portal.revisions()
    assert revision.fields["number"] == "12/2031/NĐ-CP"
    assert revision.fields["own_number"] == "21/2031/NĐ-CP"
    said = "number-disagrees:page 12/2031/NĐ-CP, document 21/2031/NĐ-CP"
    assert said in revision.notes

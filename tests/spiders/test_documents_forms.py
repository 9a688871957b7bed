"""The text of a document comes from the best form there is, and is held against its page."""

import io
import shutil
from datetime import date
from typing import Any

import pytest
from old_word_file import doc
from scanned_file import scan

from spiders.documents import read_document
from spiders.forms import best_text
from spiders.items import Attachment, PortalDocument
from spiders.ocr import ocr_program
from spiders.old_word import old_word_readers
from spiders.own_claims import OwnClaims, disagreements, own_claims
from spiders.problems import OldWord, PdfWithoutText

HEAD = ("CHÍNH PHỦ", "Số: 12/2031/NĐ-CP", "Gió Chướng, ngày 01 tháng 6 năm 2031", "NGHỊ ĐỊNH")
LAW = (*HEAD, "Điều 1. Phạm vi", *(f"{n}. Khoản bịa ra để thử số {n}." for n in range(1, 9)))
WORD = "https://cong.example.vn/tep/toan-van.docx"
OLD = "https://cong.example.vn/tep/toan-van.doc"
SCAN = "https://cong.example.vn/tep/toan-van.pdf"
REPORT = "https://cong.example.vn/tep/to-trinh.docx"
TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "doc": "application/msword", "pdf": "application/pdf"}  # fmt: skip

needs_antiword = pytest.mark.skipif(
    shutil.which("antiword") is None, reason="antiword is not installed"
)
needs_office = pytest.mark.skipif(
    "libreoffice" not in old_word_readers(), reason="LibreOffice is not installed"
)
needs_ocr = pytest.mark.skipif(
    ocr_program() is None, reason="tesseract with Vietnamese data is not installed"
)


def document(text: str = "", files: tuple[str, ...] = (), **fields: Any) -> PortalDocument:
    known: dict[str, Any] = {
        "url": "https://cong.example.vn/van-ban/12", "title": "Nghị định thử",
        "number": "12/2031/NĐ-CP", "type": "Nghị định", "issuer": "Chính phủ", "signer": "",
        "issued_on": date(2031, 6, 1), "effective_on": None, "status": "", "stage": "enacted",
        "consultation_until": None, "fields": {}, "relations": (), "text": text,
        "attachments": tuple(
            Attachment(one, one.rpartition("/")[2], TYPES[one.rpartition(".")[2]]) for one in files
        ),
    }  # fmt: skip
    return PortalDocument(**(known | fields))


def word(lines: tuple[str, ...]) -> bytes:
    from docx import Document

    made, out = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(out)
    return out.getvalue()


def given(files: dict[str, bytes]) -> Any:
    return lambda one: (files[one.url], "") if one.url in files else None


def test_the_page_goes_before_word_and_word_before_a_pdf() -> None:
    whole = "\n".join(LAW)
    files = {WORD: word(LAW), SCAN: scan(LAW[:2])}

    on_page, _ = best_text(document(whole, (SCAN, WORD)), given(files))
    in_word, _ = best_text(document("", (SCAN, WORD)), given(files))

    assert on_page is not None and (on_page.method, on_page.text) == ("html", whole)
    assert in_word is not None and (in_word.method, in_word.text) == ("docx", whole)


def test_a_page_that_shows_an_excerpt_gives_way_to_the_whole_text() -> None:
    excerpt = "\n".join(LAW[:5])

    text, _ = best_text(document(excerpt, (WORD,)), given({WORD: word(LAW * 2)}))
    same, _ = best_text(document(excerpt, (REPORT,)), given({REPORT: word(LAW * 9)}))

    assert text is not None and text.method == "docx"
    assert any(note.startswith("page-text-partial:") for note in text.notes)
    assert same is not None and (same.method, same.notes) == ("html", ())


def test_a_text_taken_from_what_only_comes_with_it_is_noted() -> None:
    text, _ = best_text(document("", (REPORT,)), given({REPORT: word(LAW)}))

    assert text is not None and text.notes == ("text-of-accompanying-file",)


@pytest.fixture
def only_antiword(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without LibreOffice, which is asked first and takes a second."""
    monkeypatch.setattr("spiders.old_word._office", lambda: None)


@needs_antiword
def test_an_old_word_document_is_read_with_every_vietnamese_letter(only_antiword: None) -> None:
    text = read_document(doc("\n".join(LAW) + "\n"), "application/msword", OLD)

    assert text.text == "\n".join(LAW)
    assert (text.method, text.notes) == ("doc", ("read-by:antiword",))


def test_an_old_word_document_without_a_program_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(OldWord, match="install antiword or LibreOffice"):
        read_document(doc("Điều 1. Phạm vi\n"), "application/msword", OLD)
    with pytest.raises(OldWord, match="install LibreOffice"):
        read_document(b"{\\rtf1 abc}", "application/rtf", OLD)


@needs_antiword
@pytest.mark.parametrize("cut", [600, 1_500, 4_000, 9_000])
def test_a_torn_old_word_document_ends_with_one_clear_line(cut: int, only_antiword: None) -> None:
    body = doc("\n".join(LAW) + "\n")

    with pytest.raises(OldWord) as caught:
        read_document(body[:cut].replace(b"\x16\x00", b"\xff\xff"), "application/msword", OLD)

    assert "\n" not in str(caught.value)


@needs_ocr
def test_a_scanned_pdf_is_read_from_its_pictures_and_marked() -> None:
    text, problems = best_text(document("", (SCAN,)), given({SCAN: scan(LAW[:6])}), ocr_seconds=60)

    assert text is not None and text.method == "pdf-ocr"
    assert "ocr:tesseract vie" in text.notes
    assert "Phạm vi" in text.text
    assert not problems


def among_text(picture: bytes, text: tuple[str, ...] = LAW) -> bytes:
    """Give a PDF of four pages, the second and third of which are pictures, with a stamp."""
    import pypdf
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    written, stamp, out = io.BytesIO(), io.BytesIO(), io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    SimpleDocTemplate(written).build([Paragraph(f"Act {n}. {'x' * 30}", style) for n in range(9)])
    canvas = Canvas(stamp)
    canvas.drawString(9, 9, "Signed by: the invented ferry office, on 1 June 2031")
    canvas.save()
    made = pypdf.PdfWriter()
    scanned = pypdf.PdfReader(io.BytesIO(picture)).pages[0]
    typed = pypdf.PdfReader(written).pages[0]
    for page in (typed, scanned, scanned, typed):
        made.add_page(page)
    made.pages[1].merge_page(pypdf.PdfReader(stamp).pages[0])
    made.write(out)
    return out.getvalue()


def test_pages_that_are_pictures_are_named_where_they_are_not_read() -> None:
    files = given({SCAN: among_text(scan(LAW[4:5]))})

    text, [(attachment, problem)] = best_text(document("", (SCAN,)), files)

    assert text is not None and text.text.count("Act 0.") == 2
    assert text.notes == ("pages-without-text:2 of 4 (2-3)",)
    assert (attachment.url, problem.kind) == (SCAN, "pages-without-text")


@needs_ocr
def test_pages_that_are_pictures_are_read_in_their_places_and_marked() -> None:
    files = given({SCAN: among_text(scan(LAW[4:5]))})

    text, problems = best_text(document("", (SCAN,)), files, ocr_seconds=60)

    assert text is not None and not problems
    read = [line for line in text.text.split("\n") if not line.startswith("Act ")]
    assert [line[:4] for line in read] == ["Điều", "Sign", "Điều", "Sign"]
    place = text.text.index("Điều 1. Phạm vi")
    assert (text.text[:place].count("Act 8."), text.text[place:].count("Act 0.")) == (1, 1)
    assert text.notes == ("ocr:tesseract vie, pages 2-3 of 4",)


@needs_ocr
def test_a_blank_page_is_none_that_is_missing_and_those_beyond_the_most_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pypdf

    made, out = pypdf.PdfWriter(), io.BytesIO()
    picture = pypdf.PdfReader(io.BytesIO(scan(LAW[4:5]))).pages[0]
    made.add_page(picture)
    made.add_blank_page(595, 842)
    made.add_page(picture)
    made.write(out)
    monkeypatch.setattr("spiders.ocr.MOST_PAGES", 2)

    text = read_document(out.getvalue(), "application/pdf", SCAN, ocr_seconds=60)

    assert text.text == "Điều 1. Phạm vi"
    assert text.notes == ("ocr:tesseract vie", "pages-without-text:1 of 3 (3)")


def test_a_scanned_pdf_is_named_where_pictures_are_not_to_be_read() -> None:
    text, [(attachment, problem)] = best_text(document("", (SCAN,)), given({SCAN: scan(LAW[:1])}))

    assert text is None
    assert attachment.url == SCAN
    assert isinstance(problem, PdfWithoutText)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("\n".join(LAW), OwnClaims("12/2031/NĐ-CP", date(2031, 6, 1))),
        (
            "QUỐC HỘI | CỘNG HÒA\nLuật số: 9/2031/QH17 | Gió Chướng, ngày 2 tháng 7 năm 2031\nLUẬT",
            OwnClaims("9/2031/QH17", date(2031, 7, 2)),
        ),
        (
            "Số: 12/2031/TT-BTT Gió Chướng, ngày 09 tháng 11 năm 2031",
            OwnClaims("12/2031/TT-BTT", date(2031, 11, 9)),
        ),
        ("Số: /2031/NĐ-CP\nGió Chướng, ngày    tháng    năm 2031\nDỰ THẢO", OwnClaims()),
        ("(Kèm theo Công văn số: 7/BC-UB ngày 1 tháng 1 năm 2030)\nĐiều 1. A", OwnClaims()),
        ("Điều 1. Sửa đổi\nSố: 3/2020/NĐ-CP\nngày 1 tháng 2 năm 2020", OwnClaims()),
    ],
    ids=["decree", "law-in-a-table", "one-line", "blank-draft", "letter", "below-the-head"],
)
def test_a_document_names_its_own_number_and_day_at_its_head(text: str, claims: OwnClaims) -> None:
    assert own_claims(text) == claims


def test_a_page_that_names_another_number_or_day_than_its_document_is_noted() -> None:
    own = own_claims("\n".join(LAW))
    other = document(number="21/2031/NĐ-CP", issued_on=date(2031, 6, 10))

    assert disagreements(document(), own) == ()
    guessed = disagreements(other, own, guessed=True)
    assert [one.endswith(" (read from pictures)") for one in guessed] == [True, True]
    assert disagreements(document(number="012/2031/ND-CP"), own) == ()
    assert disagreements(document(number="", issued_on=None), own) == ()
    assert disagreements(other, own) == (
        "number-disagrees:page 21/2031/NĐ-CP, document 12/2031/NĐ-CP",
        "issued-on-disagrees:page 2031-06-10, document 2031-06-01",
    )


def test_a_ruled_table_in_a_pdf_is_a_line_a_row_however_its_cells_are_broken() -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    style = getSampleStyleSheet()["Normal"]
    rows = [
        ["Act", "Fine"],
        ["Leaving the invented ferry unlit after six in the evening", "From 2 to 3 coins"],
        ["Mooring across the lane", "5 coins and the rope is taken away for a month"],
    ]
    cells = [[Paragraph(text, style) for text in row] for row in rows]
    table = Table(cells, colWidths=[120, 90], style=[("GRID", (0, 0), (-1, -1), 1, (0, 0, 0))])
    out = io.BytesIO()
    before, after = (Paragraph(text, style) for text in ("Article 4. Fines", "Article 5. Entry"))
    SimpleDocTemplate(out).build([before, table, after])

    text = read_document(out.getvalue(), "application/pdf", SCAN).text

    assert text.split("\n") == [
        "Article 4. Fines",
        *(" | ".join(row) for row in rows),
        "Article 5. Entry",
    ]

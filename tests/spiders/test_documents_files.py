"""Word, PDF and plain text give the whole legal text; broken files give typed errors."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spiders.documents import DOCX, PDF, read_document, sniff
from spiders.problems import (
    BadDocx,
    BadPdf,
    EmptyPage,
    NoText,
    PdfPassword,
    PdfWithoutText,
    TooLarge,
    UnknownDocument,
)
from spiders.word_numbering import written
from storage.problems import Problem

URL = "https://cong.example.vn/tep/quy-che"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINES = (
    "Điều 1. Phạm vi điều chỉnh",
    "Quy chế hư cấu này áp dụng cho bến thuyền ở thị trấn Gió Chướng.",
    "Điều 2. Trách nhiệm",
    "1. Chủ bến phải thắp đèn trước 18 giờ.",
    "a) Đèn xanh ở mạn phải;",
    "đ) Đèn đỏ ở mạn trái, sáng ít nhất 12 giờ.",
)


def word(build: Callable[[Any], None]) -> bytes:
    from docx import Document

    document = Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_lines(document: Any) -> None:
    for line in LINES:
        document.add_paragraph(line)


def repacked(body: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(pages: list[tuple[str, ...]], **options: Any) -> bytes:
    import font_source_serif_pro
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    face = Path(font_source_serif_pro.font_directory) / "SourceSerifPro-Regular.ttf"
    pdfmetrics.registerFont(TTFont("Serif", face))
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    for lines in pages:
        canvas.setFont("Serif", 11)
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 18 * number, line)
        if not lines:
            canvas.rect(60, 60, 300, 300, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_word_document_gives_its_lines() -> None:
    document = read_document(word(with_lines), DOCX, URL)

    assert document.text == "\n".join(LINES)
    assert (document.method, document.media_type, document.notes) == ("docx", DOCX, ())


def test_numbers_that_word_counts_are_in_the_text() -> None:
    def build(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.clear()
        numbering.append(_parsed(ABSTRACT))
        for one in (NUM_1, NUM_2):
            numbering.append(_parsed(one))
        for text, list_id, level in (
            ("Phạm vi", 1, 0),
            ("Quy chế này áp dụng cho bến.", 1, 1),
            ("Đèn xanh;", 1, 2),
            ("Đèn đỏ.", 1, 2),
            ("Quy chế này không áp dụng cho đò.", 1, 1),
            ("Hiệu lực", 1, 0),
            ("Có hiệu lực ngay.", 1, 1),
            ("Phụ lục bắt đầu lại", 2, 0),
        ):
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            numbered = properties.get_or_add_numPr()
            numbered.get_or_add_ilvl().val = level
            numbered.get_or_add_numId().val = list_id

    document = read_document(word(build), DOCX, URL)

    assert document.text.split("\n") == [
        "Điều 1. Phạm vi",
        "1. Quy chế này áp dụng cho bến.",
        "a) Đèn xanh;",
        "b) Đèn đỏ.",
        "2. Quy chế này không áp dụng cho đò.",
        "Điều 2. Hiệu lực",
        "1. Có hiệu lực ngay.",
        "Điều 1. Phụ lục bắt đầu lại",
    ]
    assert "numbering:automatic" in document.notes


def _level(depth: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


ABSTRACT = (
    f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="7">'
    + _level(0, "decimal", "Điều %1.")
    + _level(1, "decimal", "%2.")
    + _level(2, "lowerLetter", "%3)")
    + "</w:abstractNum>"
)
NUM_1 = f'<w:num xmlns:w="{W}" w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
NUM_2 = (
    f'<w:num xmlns:w="{W}" w:numId="2"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def _parsed(xml: str) -> Any:
    from docx.oxml.parser import parse_xml

    return parse_xml(xml)


def in_a_list(document: Any) -> None:
    for text in ("Một", "Hai"):
        document.add_paragraph(text, style="List Number")


def test_numbers_given_by_a_style_are_in_the_text() -> None:
    document = read_document(
        word(in_a_list),
        DOCX,
        URL,
    )

    assert document.text == "1. Một\n2. Hai"


@pytest.mark.parametrize(
    ("count", "form", "said"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (28, "lowerLetter", "bb"),
        (2, "upperLetter", "B"),
        (14, "upperRoman", "XIV"),
        (9, "lowerRoman", "ix"),
        (3, "chicken", "3"),
    ],
)
def test_word_writes_its_numbers_in_many_ways(count: int, form: str, said: str) -> None:
    assert written(count, form) == said


def test_tracked_insertions_are_text_and_deletions_are_not() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("Nộp trong ")._p
        for name, tag, text in (("del", "delText", "48"), ("ins", "t", "24")):
            paragraph.append(
                _parsed(
                    f'<w:{name} xmlns:w="{W}" w:id="1" w:author="x"><w:r><w:{tag}>{text}</w:{tag}>'
                    f"</w:r></w:{name}>"
                )
            )
        paragraph.append(_parsed(f'<w:r xmlns:w="{W}"><w:t xml:space="preserve"> giờ</w:t></w:r>'))

    document = read_document(word(build), DOCX, URL)

    assert document.text == "Nộp trong 24 giờ"
    assert document.notes == ("tracked-changes",)


def test_a_table_is_a_line_a_row_and_a_letterhead_a_line_a_paragraph() -> None:
    def build(document: Any) -> None:
        head = document.add_table(1, 2)
        head.cell(0, 0).text = "CHÍNH PHỦ\n-------"
        head.cell(0, 1).text = "CỘNG HÒA"
        head.cell(0, 1).add_paragraph("Độc lập")
        grid = document.add_table(2, 3)
        for place, text in enumerate(("Bến", "Giá", "Giờ", "Một", "3.000", "18")):
            grid.cell(place // 3, place % 3).text = text

    lines = read_document(word(build), DOCX, URL).text.split("\n")

    assert lines == ["CHÍNH PHỦ", "CỘNG HÒA", "Độc lập", "Bến | Giá | Giờ", "Một | 3.000 | 18"]


def test_text_in_content_controls_is_read() -> None:
    def build(document: Any) -> None:
        document.element.body.insert(
            0,
            _parsed(
                f'<w:sdt xmlns:w="{W}"><w:sdtContent><w:p><w:r><w:t>Điều 1. Bến</w:t></w:r></w:p>'
                "</w:sdtContent></w:sdt>"
            ),
        )

    assert read_document(word(build), DOCX, URL).text == "Điều 1. Bến"


def test_a_pdf_gives_its_lines_with_every_vietnamese_letter() -> None:
    document = read_document(pdf([LINES]), PDF, URL)

    assert document.text == "\n".join(LINES)
    assert document.method == "pdf"


def test_page_numbers_and_running_headers_are_cut_and_repeated_law_is_not() -> None:
    bodies = [
        tuple(f"{n}{k}. Chủ bến phải thắp đèn trước 18 giờ." for k in range(8)) for n in range(4)
    ]
    pages = [
        (f"{n + 17} CÔNG BÁO/Số 101 + 102/Ngày 4-3-2031", *lines, str(n + 1))
        for n, lines in enumerate(bodies)
    ]

    document = read_document(pdf(pages), PDF, URL)

    assert document.text.split("\n") == [line for lines in bodies for line in lines]
    assert document.notes == ("running-header-cut",)


def test_forms_that_head_their_pages_are_law_and_kept() -> None:
    pages = [(f"Mẫu số {n:02d}", *(f"{n}{k}. Họ và tên" for k in range(9))) for n in range(1, 6)]

    text = read_document(pdf(pages), PDF, URL).text

    assert all(f"Mẫu số {n:02d}" in text for n in range(1, 6))


def test_short_pages_that_say_the_same_are_kept() -> None:
    pages: list[tuple[str, ...]] = [("Mẫu đơn số", "Họ và tên người nộp:")] * 4

    assert read_document(pdf(pages), PDF, URL).text.count("Họ và tên") == 4


def test_a_blank_page_is_nothing_that_is_missing() -> None:
    document = read_document(pdf([LINES, (), LINES]), PDF, URL)

    assert document.notes == ()


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    body = pdf([LINES], encrypt=StandardEncryption("", "chủ", canModify=0))

    assert read_document(body, PDF, URL).text == "\n".join(LINES)


def secret_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return pdf([LINES], encrypt=StandardEncryption("mật khẩu", "chủ"))


def renamed_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("anh.txt", "không phải văn bản")
    return out.getvalue()


def bomb() -> bytes:
    return repacked(
        word(with_lines), lambda name, old: b" " * 60_000_000 if "document.xml" in name else old
    )


def with_entity(encoding: str) -> Callable[[], bytes]:
    def change(name: str, old: bytes) -> bytes:
        if name != "word/document.xml":
            return old
        text = old.decode().split("?>", 1)[1]
        declared = f'<?xml version="1.0" encoding="{encoding}"?>'
        kind = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        return (declared + kind + text).encode(encoding)

    return lambda: repacked(word(with_lines), change)


def pdf_bomb(layers: int) -> Callable[[], bytes]:
    def make() -> bytes:
        packer = zlib.compressobj(1)
        packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(210)) + packer.flush()
        for _ in range(layers - 1):
            packed = zlib.compress(packed, 1)
        head = b"%%PDF-1.7\n1 0 obj <</Filter /FlateDecode /Length %d>>\nstream\n" % len(packed)
        return head + packed + b"\nendstream endobj"

    return make


@pytest.mark.parametrize(
    ("make", "media_type", "name", "problem"),
    [
        (lambda: b"", PDF, ".pdf", EmptyPage),
        (lambda: b" \n", "", ".docx", EmptyPage),
        (lambda: b"%PDF-1.7\n" + b"broken" * 900, PDF, ".pdf", BadPdf),
        (lambda: pdf([LINES])[:900], PDF, ".pdf", BadPdf),
        (lambda: pdf([(), ()]), PDF, ".pdf", PdfWithoutText),
        (secret_pdf, PDF, ".pdf", PdfPassword),
        (pdf_bomb(1), PDF, ".pdf", TooLarge),
        (pdf_bomb(2), PDF, ".pdf", TooLarge),
        (renamed_zip, DOCX, ".docx", BadDocx),
        (renamed_zip, "application/zip", ".zip", UnknownDocument),
        (lambda: word(with_lines)[:-300], DOCX, ".docx", BadDocx),
        (lambda: "Điều 1. Không phải Word".encode(), DOCX, ".docx", BadDocx),
        (bomb, DOCX, ".docx", BadDocx),
        (with_entity("utf-8"), DOCX, ".docx", BadDocx),
        (with_entity("utf-16"), DOCX, ".docx", BadDocx),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "", ".xls", UnknownDocument),
        (lambda: word(lambda document: None), DOCX, ".docx", NoText),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_line(
    make: Callable[[], bytes], media_type: str, name: str, problem: type[Problem]
) -> None:
    with pytest.raises(problem) as caught:
        read_document(make(), media_type, URL + name)

    line = str(caught.value)
    assert URL + name in line
    assert "\n" not in line


def test_a_file_over_the_limit_is_refused_before_it_is_opened() -> None:
    with pytest.raises(TooLarge):
        read_document(b"%PDF-1.7" + b" " * 100, PDF, URL, limit=50)


def test_the_bytes_decide_and_a_lying_name_is_noted() -> None:
    document = read_document(word(with_lines), PDF, URL + ".pdf")

    assert document.method == "docx"
    assert document.notes == (f"media-type:said {PDF}, is {DOCX}",)
    assert read_document(word(with_lines), "application/octet-stream", URL).notes == ()


def test_plain_text_and_html_are_read_as_lines() -> None:
    plain = read_document(("\n\n".join(LINES)).encode(), "text/plain", URL + ".txt")
    page = "<html><body><nav>Trang chủ</nav><main>" + "".join(f"<p>{x}</p>" for x in LINES)
    html = read_document(f"{page}</main></body></html>".encode(), "text/html", URL)

    assert plain.text == html.text == "\n".join(LINES)
    assert (plain.method, html.method) == ("plain", "html")


def test_letterhead_and_table_are_the_same_lines_from_a_page_and_from_word() -> None:
    head = (("CHÍNH PHỦ", "CỘNG HÒA BỊA RA"), ("Số: 12/2031/NĐ-CP", "Gió Chướng, ngày 1 tháng 6"))
    fines = (("TT", "Hành vi", "Mức phạt"), ("1", "Không thắp đèn", "2 xu"), ("2", "Neo", "5 xu"))

    def both(document: Any) -> None:
        for rows in (head, fines):
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, said in zip(table.add_row().cells, row, strict=True):
                    cell.text = said

    tables = (
        "".join(f"<tr>{''.join(f'<td>{said}</td>' for said in row)}</tr>" for row in rows)
        for rows in (head, fines)
    )
    page = "".join(f"<table>{rows}</table>" for rows in tables)
    html = read_document(f"<html><body>{page}</body></html>".encode(), "text/html", URL)

    assert html.text == read_document(word(both), DOCX, URL).text
    assert html.text.split("\n") == [
        *(said for row in head for said in row),
        *(" | ".join(row) for row in fines),
    ]


def test_the_kind_of_a_file_is_seen_in_its_bytes() -> None:
    assert sniff(b"\n\n%PDF-1.4") == PDF
    assert sniff(word(with_lines)) == DOCX
    assert sniff(b"<!DOCTYPE html><html>") == "text/html"
    assert sniff(b"<html>", PDF) == "text/html"
    assert sniff("Điều 1.".encode()) == "text/plain"

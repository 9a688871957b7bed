"""The instruments as DOCX and PDF files; the same text always gives the same bytes."""

import io
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

from newsroom.instruments import LegalText, is_article, is_centred

WRITTEN = datetime(2031, 6, 2)
ZIP_DATE = (2031, 6, 2, 0, 0, 0)


@cache
def docx_bytes(text: LegalText) -> bytes:
    """A word file of the text: letterhead and foot as tables, a paragraph a line."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    properties = document.core_properties
    properties.created = properties.modified = WRITTEN
    properties.author = properties.last_modified_by = "Cổng Văn bản (hư cấu)"
    properties.title = text.name

    def table(cells: tuple[tuple[str, ...], ...]) -> None:
        grid = document.add_table(rows=len(cells) // 2, cols=2)
        for place, lines in enumerate(cells):
            cell = grid.cell(place // 2, place % 2)
            cell.text = lines[0]
            for line in lines[1:]:
                cell.add_paragraph(line)

    def paragraphs(lines: tuple[str, ...], *, new_page: bool = False) -> None:
        for place, line in enumerate(lines):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.page_break_before = new_page and place == 0
            run = paragraph.add_run(line)
            run.bold = is_centred(line) or is_article(line)
            if is_centred(line):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    table(text.letterhead)
    paragraphs(text.body)
    table(text.foot)
    paragraphs(text.appendix, new_page=True)
    packed = io.BytesIO()
    document.save(packed)
    return _with_fixed_dates(packed.getvalue())


def _with_fixed_dates(packed: bytes) -> bytes:
    """The same zip archive with every member dated alike, so that its hash is stable."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return out.getvalue()


@cache
def pdf_bytes(text: LegalText) -> bytes:
    """A PDF of the text on A4 with a page number at the head of every page but the first.

    The type is Source Serif (SIL Open Font License 1.1), which has every Vietnamese letter.
    """
    from importlib import import_module
    from xml.sax.saxutils import escape

    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    faces = Path(import_module("font_source_serif_pro").font_directory)
    pdfmetrics.registerFont(TTFont("Serif", faces / "SourceSerifPro-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Serif-Bold", faces / "SourceSerifPro-Bold.ttf"))
    plain = ParagraphStyle("plain", fontName="Serif", fontSize=12, leading=16, spaceAfter=6)
    heading = ParagraphStyle("heading", plain, fontName="Serif-Bold")
    centred = ParagraphStyle("centred", heading, alignment=TA_CENTER)

    def style(line: str) -> ParagraphStyle:
        if is_centred(line):
            return centred
        return heading if is_article(line) else plain

    def number(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont("Serif", 10)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 40, str(template.page))

    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, title=text.name, author="Cổng Văn bản (hư cấu)", invariant=1
    )
    cut = len(text.lines) - len(text.appendix)
    flow: list[Paragraph | PageBreak] = [Paragraph(escape(x), style(x)) for x in text.lines[:cut]]
    if text.appendix:
        flow.append(PageBreak())
        flow.extend(Paragraph(escape(x), style(x)) for x in text.appendix)
    template.build(flow, onLaterPages=number)
    return out.getvalue()

"""Documents set in Vietnamese typefaces of before Unicode."""

import io
from typing import Any

import pytest

from spiders.documents import read_document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
URL = "https://cong.example.vn/tep/nghi-dinh"
OLD_LETTERS = {
    "TCVN3": (
        "NghÞ ®Þnh cña ChÝnh phñ. §iÒu 1. Ng\u00ad\u00eai ®\u00ad\u00eec cÊp phÐp ph¶i nép phÝ"
    ),
    "VNI": "Nghò ñònh cuûa Chính phuû. Ñieàu 1. Ngöôøi ñöôïc caáp pheùp phaûi noäp phí",
}
MEANT = "Nghị định của Chính phủ. Điều 1. Người được cấp phép phải nộp phí"


@pytest.mark.parametrize(("letters", "face"), [("TCVN3", ".VnTime"), ("VNI", "VNI-Times")])
def test_letters_of_a_typeface_before_unicode_are_read_as_they_are_meant(
    letters: str, face: str
) -> None:
    said = OLD_LETTERS[letters]

    def typed(document: Any) -> None:
        # A letter and its mark may stand in two runs, and a style may name the typeface.
        for part in (said[:18], said[18:]):
            paragraph = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
            paragraph.add_run(part).font.name = face
        document.styles["Heading 1"].font.name = f"{face}H" if letters == "TCVN3" else face
        document.add_heading(said, 1)
        document.add_paragraph("Chữ của Unicode và ® được giữ nguyên").runs[0].font.name = face

    heading = MEANT.upper() if letters == "TCVN3" else MEANT
    from docx import Document

    made, out = Document(), io.BytesIO()
    typed(made)
    made.save(out)
    document = read_document(out.getvalue(), DOCX, URL)
    plain = read_document(said.encode(), "text/plain; charset=utf-8", URL)

    assert document.text.split("\n") == [MEANT, heading, "Chữ của Unicode và ® được giữ nguyên"]
    assert plain.text == MEANT
    assert document.notes == plain.notes == (f"legacy-font:{letters}",)


def test_letters_that_were_lost_on_the_way_are_said_and_not_guessed() -> None:
    said = OLD_LETTERS["TCVN3"].replace("\u00ad", "")
    text = read_document(said.encode(), "text/plain; charset=utf-8", URL)

    assert text.text == said
    assert text.notes == ("legacy-font:TCVN3, letters lost",)

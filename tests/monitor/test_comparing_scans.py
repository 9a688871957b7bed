"""What is found in a text that was not read for certain says so, and is certain only where no
mistake of reading explains it."""

import textwrap
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_file import scan

from alerts.changes import certain
from config import Instrument
from monitor.comparing import CompareStage
from monitor.deadlines import DeadlinesStage
from monitor.lineage import LineageStage
from monitor.misread import is_misreading
from monitor.stages import run_stages
from spiders.documents import read_document
from spiders.ocr import ocr_program
from storage.archive import Archive
from storage.doubts import OCR_MARK
from storage.observations import Observation
from web.legal_texts import LegalTexts

NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)
NEW, OLD = "901/2031/NĐ-CP", "77/2024/NĐ-CP"
WATCHED = Instrument(id="ferries", name="Ferries", number=NEW, replaces=(OLD,))
SCOPE = "Điều 1. Phạm vi điều chỉnh\nNghị định này quy định về phà và bến phà ở vùng bịa ra."
REPORT = "Điều 2. Thời hạn báo cáo\nChủ phà phải báo cáo sự cố chậm nhất 48 giờ kể từ khi xảy ra."
LIGHTS = "Điều 3. Đèn trên phà\nChủ phà phải thắp đèn ở hai đầu phà trước khi trời tối hẳn."
LAW = f"{SCOPE}\n{REPORT}\n{LIGHTS}\n"
PICTURES = ("ocr:tesseract vie",)
LACKING = ("pages-without-text:2 of 9 (4-5)",)


def seen(number: str, text: str, notes: Sequence[str] = (), **fields: Any) -> Observation:
    return Observation(
        url=f"https://portal.example/doc/{number}",
        source_id="portal",
        kind="document",
        seen_at=NOON + timedelta(hours=1 if number == NEW else 0),
        title=f"Nghị định {number}",
        text=text,
        language="vi",
        extractor="test",
        extractor_version=1,
        fields={"number": number, "stage": "enacted"} | fields,
        notes=tuple(notes),
    )


def compared(folder: Path, text: str, notes: Sequence[str] = ()) -> dict[str, Any]:
    """What the stage stores of the law beside a later text of it; the page says the same."""
    archive = Archive.open(folder)
    for one in (seen(OLD, LAW), seen(NEW, text, notes)):
        with archive.transaction() as tx:
            tx.items.observe(one)
    run_stages(archive, [LineageStage([WATCHED]), CompareStage()], NOON)
    with archive.reading() as tx:
        [found] = tx.findings.comparisons("ferries")
    shown = LegalTexts.empty().comparison(archive, found.old_revision_id, found.new_revision_id)
    archive.close()
    result = found.result
    assert list(shown.warnings) == result["warnings"]
    said = [(one.summary, one.confidence) for one in shown.changes]
    assert said == [(one["summary"], one["confidence"]) for one in result["changes"]]
    return result


@pytest.mark.parametrize("notes", [(), PICTURES], ids=["text", "pictures"])
def test_a_change_found_in_a_scanned_text_is_marked_and_warned_of(
    tmp_path: Path, notes: tuple[str, ...]
) -> None:
    result = compared(tmp_path, LAW.replace("48 giờ", "24 giờ"), notes)

    [change] = certain(result)
    assert change["severity"] == "critical"
    assert change["summary"].endswith(OCR_MARK) == bool(notes)
    assert any("OCR" in one for one in result["warnings"]) == bool(notes)


@pytest.mark.parametrize(
    "misread",
    [
        ("48 giờ", "43 giờ"),
        ("sự cố", "sư cổ"),
        ("Điều 3.", "Diéu ö."),
        ("Chủ phà phải", "Chủ phà phái"),
        ("hai đầu", "lIai đầu"),
    ],
    ids=["a-digit", "diacritics", "a-heading", "a-letter", "two-for-one"],
)
def test_what_a_misread_letter_explains_is_listed_and_never_told(
    tmp_path: Path, misread: tuple[str, str]
) -> None:
    result = compared(tmp_path, LAW.replace(*misread), PICTURES)

    assert result["changes"]
    assert certain(result) == []
    assert any("to be reviewed" in one for one in result["warnings"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LAW + "Điều 4. Vé\nNgười bán vé phải đóng dấu từng chiếc vé bằng mực tím.\n", "added"),
        (LAW.replace(f"{REPORT}\n", ""), "removed"),
        (LAW.replace("phải thắp", "không phải thắp"), "modified"),
    ],
    ids=["added", "removed", "a-word"],
)
def test_what_no_misread_letter_explains_is_told_from_pictures_too(
    tmp_path: Path, text: str, kind: str
) -> None:
    found = certain(compared(tmp_path, text, PICTURES))

    assert kind in [one["kind"] for one in found]
    assert all(one["summary"].endswith(OCR_MARK) for one in found)


def test_what_stands_on_a_page_that_was_not_read_is_not_told_as_repealed(tmp_path: Path) -> None:
    result = compared(tmp_path, f"{SCOPE.replace('bến phà', 'bến đò')}\n{LIGHTS}\n", LACKING)

    assert [one["kind"] for one in certain(result)] == ["modified"]
    assert "removed" in [one["kind"] for one in result["changes"]]
    assert any("2 of 9 (4-5)" in one for one in result["warnings"])


@pytest.mark.slow
@pytest.mark.skipif(ocr_program() is None, reason="tesseract with Vietnamese is not installed")
def test_a_law_beside_a_picture_of_it_has_no_certain_change_and_a_new_article_is_one(
    tmp_path: Path,
) -> None:
    new = "Điều 4. Vé qua phà\nNgười bán vé phải đóng dấu từng chiếc vé bằng mực tím.\n"

    def pictured(text: str) -> tuple[str, tuple[str, ...]]:
        lines = [part for line in text.split("\n") for part in textwrap.wrap(line, 60)]
        read = read_document(scan(tuple(lines)), "application/pdf", "luat.pdf", ocr_seconds=60)
        return read.text, read.notes

    assert certain(compared(tmp_path / "same", *pictured(LAW))) == []
    [change] = certain(compared(tmp_path / "new", *pictured(LAW + new)))
    assert (change["kind"], change["new"][0]) == ("added", "art_4")


@pytest.mark.parametrize("on_page", ["2031-08-01", None], ids=["page-says-so", "text-alone"])
def test_a_day_read_from_pictures_is_certain_only_where_the_page_names_it(
    tmp_path: Path, on_page: str | None
) -> None:
    effect = "Điều 4. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 8 năm 2031."
    archive = Archive.open(tmp_path)
    with archive.transaction() as tx:
        tx.items.observe(seen(NEW, f"{LAW}{effect}", PICTURES, effective_on=on_page))
    run_stages(archive, [DeadlinesStage([WATCHED])], NOON)
    with archive.reading() as tx:
        days = tx.deadlines.of("ferries")
    archive.close()

    sure = "certain" if on_page else "probable"
    assert {(row.on_date, row.confidence) for row in days} == {(date(2031, 8, 1), sure)}
    assert [row.text.endswith(OCR_MARK) for row in days if row.place.startswith("art")] == [True]


@given(st.text(alphabet="aăâbcdđeêghikoôơuưxyạảãáà 0123456789", min_size=1, max_size=60))
def test_a_text_without_its_diacritics_is_a_misreading_of_it(text: str) -> None:
    plain = unicodedata.normalize("NFD", text).replace("đ", "d")
    bare = "".join(one for one in plain if not unicodedata.combining(one))

    assert is_misreading(text, bare) and is_misreading(bare, text)

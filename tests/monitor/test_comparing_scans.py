"""What is found in a text that was read from pictures says so, wherever it is shown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Instrument
from monitor.comparing import OCR_MARK, CompareStage
from monitor.lineage import LineageStage
from monitor.stages import run_stages
from storage.archive import Archive
from storage.observations import Observation

NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)
NEW, OLD = "901/2031/NĐ-CP", "77/2024/NĐ-CP"
WATCHED = Instrument(id="ferries", name="Ferries", number=NEW, replaces=(OLD,))
TEXT = (
    "Điều 1. Phạm vi điều chỉnh\nNghị định này quy định về phà.\n"
    "Điều 2. Thời hạn báo cáo\nChủ phà phải báo cáo sự cố chậm nhất {} giờ.\n"
)


@pytest.mark.parametrize("notes", [(), ("ocr:tesseract vie+eng",)], ids=["text", "pictures"])
def test_a_change_found_in_a_scanned_text_is_marked(tmp_path: Path, notes: tuple[str, ...]) -> None:
    archive = Archive.open(tmp_path)
    for number, hours, said in ((OLD, 48, ()), (NEW, 24, notes)):
        seen = Observation(
            url=f"https://portal.example/doc/{hours}",
            source_id="portal",
            kind="document",
            seen_at=NOON + timedelta(hours=1 if number == NEW else 0),
            title=f"Nghị định {number}",
            text=TEXT.format(hours),
            language="vi",
            extractor="test",
            extractor_version=1,
            fields={"number": number},
            notes=said,
        )
        with archive.transaction() as tx:
            tx.items.observe(seen)

    run_stages(archive, [LineageStage([WATCHED]), CompareStage()], NOON)

    with archive.reading() as tx:
        [compared] = tx.findings.comparisons("ferries")
    assert compared.result["changes"]
    marked = [one["summary"].endswith(OCR_MARK) for one in compared.result["changes"]]
    assert marked == [bool(notes)] * len(marked)
    assert any("OCR" in one for one in compared.result["warnings"]) == bool(notes)
    archive.close()

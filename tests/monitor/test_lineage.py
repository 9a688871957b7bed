"""Which documents are texts of a watched instrument, and which are not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Instrument
from monitor.comparing import CompareStage
from monitor.lineage import LineageStage, belonging
from monitor.stages import run_stages
from storage.archive import Archive
from storage.observations import Observation

NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)
WATCHED = Instrument(
    id="ferries",
    name="Decree on ferries",
    drafts=("https://portal.example/drafts/ferries",),
    number="901/2031/NĐ-CP",
    replaces=("77/2024/NĐ-CP",),
    keywords=("phà", "bến"),
)
OTHER = "https://portal.example/doc/1"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path)


def decree(hours: int) -> str:
    return (
        "Điều 1. Phạm vi điều chỉnh\nNghị định này quy định về phà.\n"
        f"Điều 2. Thời hạn báo cáo\nChủ phà phải báo cáo sự cố chậm nhất {hours} giờ.\n"
        "Điều 3. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày 01 tháng 7 năm 2031.\n"
    )


def publish(
    archive: Archive,
    url: str,
    text: str,
    hour: int,
    title: str = "Nghị định về phà và bến",
    **fields: object,
) -> None:
    seen = Observation(
        url=url,
        source_id="portal",
        kind="document",
        seen_at=NOON + timedelta(hours=hour),
        title=title,
        text=text,
        language="vi",
        extractor="test",
        extractor_version=1,
        fields=dict(fields),
    )
    with archive.transaction() as tx:
        tx.items.observe(seen)


def understand(archive: Archive) -> None:
    for report in run_stages(archive, [LineageStage([WATCHED]), CompareStage()], NOON):
        assert not report.problem and not report.failed


def events(archive: Archive, kind: str) -> list[dict[str, object]]:
    with archive.reading() as tx:
        return [event.data for event in tx.events.after(0, [kind])]


@pytest.mark.parametrize(
    ("url", "title", "fields", "stage"),
    [
        ("https://portal.example/drafts/ferries-2.html", "Dự thảo", {}, "draft"),
        (OTHER, "Nghị định", {"number": "901/2031/ND-CP", "stage": "enacted"}, "enacted"),
        (OTHER, "Nghị định", {"number": "77/2024/NĐ-CP"}, "base"),
        (OTHER, "Dự thảo Nghị định về PHÀ và bến", {"stage": "draft"}, "draft"),
        (
            OTHER,
            "Nghị định về phà, bến",
            {"stage": "enacted", "relations": [["replaces", "77/2024/NĐ-CP"]]},
            "enacted",
        ),
    ],
)
def test_a_text_of_the_watched_instrument_is_known(
    url: str, title: str, fields: dict[str, object], stage: str
) -> None:
    found = belonging(WATCHED, url, title, fields)
    assert found is not None
    assert found.stage == stage
    assert found.reason


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Nghị định về bến xe", {"stage": "draft"}),
        ("Nghị định về phà và bến", {"stage": "enacted"}),
        ("Nghị định về phà và bến", {"number": "901/2032/NĐ-CP", "stage": "enacted"}),
        ("Nghị định khác", {"relations": [["replaces", "77/2024/NĐ-CP"]]}),
    ],
)
def test_what_only_resembles_the_watched_instrument_is_left_out(
    title: str, fields: dict[str, object]
) -> None:
    assert belonging(WATCHED, OTHER, title, fields) is None


def test_drafts_and_enactment_are_compared_in_their_order(archive: Archive) -> None:
    draft = "https://portal.example/drafts/ferries.html"
    publish(archive, "https://portal.example/doc/77", decree(72), 0, number="77/2024/NĐ-CP")
    publish(archive, draft, decree(48), 1)
    publish(archive, draft, decree(36), 2)
    publish(archive, "https://portal.example/doc/901", decree(24), 3, number="901/2031/NĐ-CP")
    understand(archive)
    versions = events(archive, "instrument.version")
    assert [(v["stage"], v["ordinal"]) for v in versions] == [
        ("base", 1), ("draft", 1), ("draft", 2), ("enacted", 1),
    ]  # fmt: skip
    compared = events(archive, "instrument.compared")
    assert [(c["stage"], c["against"]) for c in compared] == [
        ("draft", "base"), ("draft", "draft"), ("draft", "base"),
        ("enacted", "draft"), ("enacted", "base"),
    ]  # fmt: skip
    with archive.reading() as tx:
        last = tx.findings.comparisons("ferries")[-2].result
    assert "36" in last["changes"][0]["old_text"]
    assert "24" in last["changes"][0]["new_text"]


def test_running_the_stages_again_from_the_beginning_says_nothing_twice(archive: Archive) -> None:
    publish(archive, "https://portal.example/drafts/ferries.html", decree(48), 1)
    publish(archive, "https://portal.example/drafts/ferries.html", decree(24), 2)
    understand(archive)
    before = len(events(archive, "instrument.version")), len(events(archive, "instrument.compared"))
    with archive.transaction() as tx:
        tx.events.move("lineage", 0, NOON)
        tx.events.move("compare", 0, NOON)
    understand(archive)
    after = len(events(archive, "instrument.version")), len(events(archive, "instrument.compared"))
    assert before == after == (2, 1)


def test_a_changed_status_with_the_same_text_is_no_new_version(archive: Archive) -> None:
    url = "https://portal.example/doc/901"
    publish(archive, url, decree(24), 1, number="901/2031/NĐ-CP", status="Chưa có hiệu lực")
    publish(archive, url, decree(24), 2, number="901/2031/NĐ-CP", status="Còn hiệu lực")
    understand(archive)
    assert len(events(archive, "instrument.version")) == 1


def test_a_text_that_cannot_be_compared_is_kept_as_a_failure_and_blocks_nothing(
    archive: Archive,
) -> None:
    draft = "https://portal.example/drafts/ferries.html"
    english = "Article 1. Scope\nThis decree is about ferries and their berths.\n" * 5
    publish(archive, draft, decree(48), 1)
    publish(archive, draft, english, 2)
    publish(archive, "https://portal.example/doc/901", decree(24), 3, number="901/2031/NĐ-CP")
    reports = run_stages(archive, [LineageStage([WATCHED]), CompareStage()], NOON)
    assert reports[1].failed >= 1
    with archive.reading() as tx:
        assert tx.events.failures("compare")


def test_a_text_without_articles_is_a_stored_failure_and_no_list_of_repeals(
    archive: Archive,
) -> None:
    draft = "https://portal.example/drafts/ferries.html"
    publish(archive, draft, decree(48), 1)
    publish(archive, draft, "Toàn văn dự thảo xem tại tệp đính kèm.", 2)
    run_stages(archive, [LineageStage([WATCHED]), CompareStage()], NOON)
    assert events(archive, "instrument.compared") == []
    with archive.reading() as tx:
        [failure] = tx.events.failures("compare")
    assert failure.kind == "no-articles"
    assert "attachments" in failure.message

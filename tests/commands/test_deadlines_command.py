"""`decreewatch deadlines`: what a person asks it, and gets."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from decreewatch import main
from storage.archive import Archive
from storage.deadlines import FoundDeadline
from storage.observations import Observation

CONFIG = """
[politeness]
contact = "desk@example.org"

[storage]
path = "archive"

[[sources]]
id = "vnexpress"

[[instruments]]
id = "ferries"
name = "Decree on ferries"
number = "901/2031/NĐ-CP"
"""
TODAY = datetime.now(UTC)
WORDS = "Nghị định này có hiệu lực thi hành từ ngày ấy."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    archive = Archive.open(tmp_path / "archive")
    with archive.transaction() as tx:
        seen = tx.items.observe(
            Observation(
                url="https://portal.example/901",
                source_id="portal",
                kind="document",
                seen_at=TODAY,
                title="Nghị định về phà",
                extractor="test",
                extractor_version=1,
            )
        )
        days = [
            FoundDeadline(
                instrument, "effective", (TODAY + timedelta(days=days)).date(), WORDS, "art_2", sure
            )
            for instrument, days, sure in (
                ("ferries", 10, "certain"),
                ("12/2031/NĐ-CP", 40, "probable"),
                ("ferries", -100, "certain"),
            )
        ]
        tx.deadlines.settle(seen.item_id, seen.revision_id, days, TODAY)
    archive.close()
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int]]:
    assert main(["deadlines", "--json", *arguments]) == 0
    return [(one["instrument_id"], one["left"]) for one in json.loads(capsys.readouterr().out)]


def test_it_lists_what_is_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys)
    assert [name for name, _ in found] == ["ferries", "12/2031/NĐ-CP"]
    assert [name for name, _ in listed(capsys, "--days", "15")] == ["ferries"]


@pytest.mark.parametrize("name", ["ferries", "901/2031/nđ-cp"])
def test_it_lists_all_days_of_one_instrument_by_id_or_number(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    found = listed(capsys, "--instrument", name)
    assert len(found) == 2
    assert found[0][1] < 0 < found[1][1]


def test_it_prints_the_words_that_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines"]) == 0
    said = capsys.readouterr().out
    assert "Takes effect: Decree on ferries (901/2031/NĐ-CP)" in said
    assert "Điều 2" in said and WORDS in said
    assert "probable" in said


def test_it_writes_a_calendar_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", "--ics", "dates.ics", "--instrument", "901/2031/NĐ-CP"]) == 0
    assert "1 entries in dates.ics" in capsys.readouterr().err
    made = icalendar.Calendar.from_ical((folder / "dates.ics").read_bytes())
    assert [str(e["summary"]) for e in made.walk("VEVENT")] == ["Takes effect: Decree on ferries"]


def test_a_wrong_number_of_days_is_a_wrong_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["deadlines", "--days", "-3"])
    assert ended.value.code == 2
    assert "number of days" in capsys.readouterr().err

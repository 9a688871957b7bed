"""The command line as its user meets it: exact JSON, one clear line for a mistake."""

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from written_config import written

from decreewatch import main

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "run", "crawl", "sources", "extract", "classify", "cite", "parse", "compare", "events",
    "alerts", "status", "verify", "import", "export", "rerun", "demo",
    "label", "reclassify", "train", "heads", "digest", "deadlines", "stories", "rules",
    "backup", "restore", "serve", "search", "index", "searches",
)  # fmt: skip
ARTICLES = [
    {
        "url": "https://tinmoi.example/a-1.html",
        "title": "Bến phà mở cửa",
        "summary": "Phà chạy lại từ thứ Hai.",
        "text": "Bến phà mở cửa trở lại.",
        "published_at": "2031-06-02T08:00:00+07:00",
        "seen_at": "2031-06-02T08:05:00+07:00",
        "source": "tin-moi",
        "language": "vi",
    },
    {"url": "https://tinmoi.example/a-2.html", "title": "=SUM(1)", "source": "tin-moi"},
]
DECREE = (
    "CHÍNH PHỦ\nSố: 901/2031/NĐ-CP\nNGHỊ ĐỊNH\nVề bến phà\n"
    "Điều 1. Phạm vi điều chỉnh\nNghị định này quy định về bến phà.\n"
    "Điều 2. Báo cáo sự cố\n1. Chủ bến phải báo cáo chậm nhất {hours} giờ.\n"
    "2. Báo cáo gồm:\na) Thời điểm xảy ra;\nb) Thiệt hại.\n"
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture
def filled(config: Path, tmp_path: Path) -> Path:
    lines = tmp_path / "articles.jsonl"
    lines.write_text("\n".join(json.dumps(one) for one in ARTICLES), encoding="utf-8")
    assert main(["--config", str(config), "import", str(lines)]) == 0
    return config


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "decreewatch.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def said_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def test_help_lists_the_commands_that_work_and_loads_nothing_heavy() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for command in COMMANDS:
        assert f"\n    {command} " in shown.stdout
    listing = "import sys, decreewatch; decreewatch.build_parser(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    for heavy in ("torch", "sentence_transformers", "scrapy", "numpy", "sqlalchemy", "pydantic"):
        assert heavy not in loaded


def test_wrong_arguments_and_a_wrong_configuration_end_with_two(tmp_path: Path) -> None:
    assert run("fly").returncode == 2
    wrong = tmp_path / "config.toml"
    wrong.write_text("colour = 1", encoding="utf-8")
    refused = run("status", "--config", str(wrong))
    assert refused.returncode == 2
    assert "colour: no such key" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_configuration_says_what_to_do(tmp_path: Path) -> None:
    refused = run("--config", str(tmp_path / "none.toml"), "status")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "no such file" in refused.stderr


def test_an_import_twice_changes_nothing(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = said_json(
        capsys, "--config", str(filled), "--json", "import", str(tmp_path / "articles.jsonl")
    )
    assert said == {"read": 2, "new": 0, "revised": 0, "unchanged": 2, "errors": []}


def test_status_counts_what_is_held(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = said_json(capsys, "status", "--config", str(filled), "--json")
    assert said["counts"]["articles"] == 2
    assert said["counts"]["events"] == 2
    assert said["troubles"] == []


def test_status_of_an_empty_archive_is_all_zeros(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = said_json(capsys, "status", "--config", str(config), "--json")
    assert said["counts"]["events"] == 0
    assert main(["status", "--config", str(config)]) == 0


def test_status_says_whether_pictures_and_old_word_files_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(tmp_path, "[documents]\nocr = false\n")
    assert main(["status", "--config", str(config)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert any(line[1:3] == ["scanned", "pages"] and "off" in line for line in lines)
    assert any(line[1:3] == ["old", "word"] for line in lines)


def test_events_are_json_lines_in_their_order(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["events", "--config", str(filled), "--kind", "item.appeared"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["seq"] for event in events] == [1, 2]
    assert set(events[0]) == {"seq", "kind", "at", "subject", "data"}


def test_an_export_is_what_import_reads(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["export", "--config", str(filled), "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["title"] == ARTICLES[0]["title"]
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other")
    said = said_json(capsys, "import", str(out), "--config", str(other), "--json")
    assert said["new"] == 2
    assert said["errors"] == []


def test_a_csv_export_holds_no_formula(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert main(["export", "--format", "csv", "--config", str(filled), "-o", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert rows[1]["title"] == "'=SUM(1)"


def test_a_warc_export_is_gzipped_records(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.warc.gz"
    assert main(["export", "--format", "warc", "--config", str(filled), "-o", str(out)]) == 0
    assert gzip.decompress(out.read_bytes()).startswith(b"WARC/1.1")


def test_verify_finds_a_sound_archive_sound(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = said_json(capsys, "verify", "--config", str(filled), "--json")
    assert said["bad"] == []
    assert said["captures"] == 1


def test_a_damaged_capture_is_named_and_ends_with_one(filled: Path, tmp_path: Path) -> None:
    warc = next((tmp_path / "archive" / "captures").rglob("*.warc.gz"))
    body = bytearray(warc.read_bytes())
    body[len(body) // 2] ^= 0xFF
    warc.write_bytes(bytes(body))
    found = run("verify", "--config", str(filled), "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["bad"]
    assert "Restore" in found.stderr


def test_sources_list_says_who_was_never_asked(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_json(capsys, "sources", "list", "--config", str(config), "--json") == [
        {
            "id": "tin-moi",
            "kind": "state",
            "language": "vi",
            "last_success": None,
            "last_item": None,
            "status": "never asked",
            "reasons": [],
            "certainty": "",
            "yields": None,
            "notes": "",
        }
    ]


def test_a_source_that_is_not_declared_is_named_with_those_that_are(config: Path) -> None:
    refused = run("crawl", "tin-cu", "--config", str(config))
    assert refused.returncode == 2
    assert "tin-cu" in refused.stderr and "tin-moi" in refused.stderr


def test_a_stage_that_never_read_cannot_read_again(filled: Path) -> None:
    refused = run("rerun", "compere", "--config", str(filled))
    assert refused.returncode == 1
    assert "compere" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_alerts_of_an_empty_archive_are_an_empty_list(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_json(capsys, "alerts", "list", "--config", str(config), "--json") == []


def test_an_alert_that_does_not_exist_cannot_be_acknowledged(config: Path) -> None:
    refused = run("alerts", "ack", "7", "--config", str(config))
    assert refused.returncode == 1
    assert "there is no alert 7" in refused.stderr


def test_a_test_message_reaches_the_console(config: Path) -> None:
    told = run("alerts", "test", "terminal", "--config", str(config))
    assert told.returncode == 0
    assert "test" in told.stdout.lower()
    assert run("alerts", "test", "pigeon", "--config", str(config)).returncode == 2


def test_extract_gives_the_article_of_a_saved_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Bến phà mở cửa</title></head><body><article><h1>Bến phà mở cửa</h1>"
        + "<p>Bến phà Cồn Én mở cửa trở lại sau hai tuần sửa chữa, chủ bến cho biết.</p>" * 5
        + "</article></body></html>",
        encoding="utf-8",
    )
    said = said_json(capsys, "extract", str(page), "--url", "https://x.example/a", "--json")
    assert list(said) == [
        "url", "title", "summary", "text", "byline", "published_at", "modified_at", "language",
        "method",
    ]  # fmt: skip
    assert said["title"] == "Bến phà mở cửa"
    assert said["language"] == "vi"
    assert said["published_at"] is None


@pytest.mark.parametrize("command", ["parse", "cite"])
def test_a_file_that_is_not_there_is_one_clear_line(command: str, tmp_path: Path) -> None:
    refused = run(command, str(tmp_path / "none.txt"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "none.txt" in refused.stderr


def test_cite_gives_offsets_into_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Theo Điều 23 Nghị định 147/2024/NĐ-CP, nền tảng phải gỡ bỏ nội dung."
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    [found] = said_json(capsys, "cite", str(path), "--json")
    assert list(found) == [
        "text", "start", "end", "instrument", "type", "number", "year", "provision", "date",
    ]  # fmt: skip
    assert text[found["start"] : found["end"]] == found["text"]
    assert (found["instrument"], found["type"], found["year"]) == (
        "147/2024/NĐ-CP", "decree", 2024,
    )  # fmt: skip
    assert found["provision"] == "art_23"


def test_parse_gives_the_tree_of_provisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "decree.txt"
    path.write_text(DECREE.format(hours=24), encoding="utf-8")
    said = said_json(capsys, "parse", str(path), "--json")
    assert list(said) == [
        "title", "number", "type", "issuer", "date", "language", "warnings", "provisions",
    ]  # fmt: skip
    assert said["number"] == "901/2031/NĐ-CP"
    second = said["provisions"][1]
    assert list(second) == ["eid", "kind", "num", "heading", "text", "start", "end", "children"]
    assert [child["eid"] for child in second["children"]] == ["art_2__para_1", "art_2__para_2"]


def test_compare_says_what_changed_on_the_terminal_as_json_and_as_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(DECREE.format(hours=48), encoding="utf-8")
    new.write_text(DECREE.format(hours=24), encoding="utf-8")
    page, akn = tmp_path / "c.html", tmp_path / "new.xml"
    said = said_json(
        capsys, "compare", str(old), str(new), "--json", "--html", str(page), "--akn", str(akn)
    )
    [change] = said["changes"]
    assert change["new"] == ["art_2__para_1"]
    [value] = change["values"]
    assert (value["old"]["value"], value["new"]["value"]) == (48, 24)
    assert "48 giờ" in page.read_text(encoding="utf-8")
    assert "akomaNtoso" in akn.read_text(encoding="utf-8")
    assert main(["compare", str(old), str(new)]) == 0
    assert "48" in capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_crash(filled: Path) -> None:
    command = f"{sys.executable} {ROOT / 'decreewatch.py'} events --config {filled} | true"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr

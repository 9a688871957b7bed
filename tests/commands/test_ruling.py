"""Rules from the command line: listed, and tried on the archive."""

import json
from pathlib import Path
from typing import Any

import pytest
from written_config import written

from decreewatch import main

RULES = """
[[rules]]
id = "ferries"
on = "search"
query = 'ben pha -"giá vé"'
channels = ["terminal"]
enabled = false

[[rules]]
id = "gone"
on = "removed"
channels = ["terminal"]
quiet = "22:00-07:00"
group = { by = "source", repeat = "4h" }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = written(tmp_path, RULES)
    lines = tmp_path / "old.jsonl"
    articles = [
        {"url": "https://tinmoi.example/1", "title": "Bến phà mở lại", "source": "tin-moi"},
        {"url": "https://tinmoi.example/2", "title": "Bến phà tăng giá vé", "source": "tin-moi"},
        {"url": "https://tinmoi.example/3", "title": "Giá vàng tăng", "source": "tin-moi"},
    ]
    lines.write_text("\n".join(json.dumps(one) for one in articles), encoding="utf-8")
    assert main(["--config", str(path), "import", str(lines)]) == 0
    return path


def said(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> Any:
    capsys.readouterr()
    assert main(["--config", str(config), "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_rules_are_listed_with_all_that_they_say(config: Path, capsys) -> None:
    ferries, gone, delivery = said(capsys, config, "rules", "list")
    assert (delivery["on"], delivery["channels"]) == ("delivery", ["terminal"])
    assert (ferries["id"], ferries["enabled"], ferries["query"]) == (
        "ferries", False, 'ben pha -"giá vé"',
    )  # fmt: skip
    assert gone["group"]["repeat"] == 14400
    assert main(["--config", str(config), "rules", "list"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "ferries" in shown and "enabled" in shown


def test_a_search_is_tried_on_an_old_collection_before_it_is_switched_on(
    config: Path, capsys
) -> None:
    live = said(capsys, config, "rules", "try", "ferries")
    assert (live["rule"], live["enabled"], live["days"], live["raised"]) == (
        "ferries", False, 100, 0,
    )  # fmt: skip
    found = said(capsys, config, "rules", "try", "ferries", "--days", "7", "--imported")
    assert (found["days"], found["raised"], found["told"], found["messages"]) == (7, 1, 1, 1)
    assert found["alerts"][0]["title"] == "Found by ferries: Bến phà mở lại"
    assert len(found["weeks"]) == 1
    assert said(capsys, config, "alerts", "list") == []


def test_a_trial_is_told_in_words(config: Path, capsys) -> None:
    assert main(["--config", str(config), "rules", "try", "ferries", "--imported"]) == 0
    shown = capsys.readouterr().out
    assert "ferries would have raised 1 alert in the last 100 days, on 1 event:" in shown
    assert "1 told in 1 message a channel" in shown
    assert "Bến phà mở lại" in shown


def test_a_rule_that_is_not_declared_is_named_with_those_that_are(config: Path, capsys) -> None:
    assert main(["--config", str(config), "rules", "try", "rain"]) == 2
    assert "no rule 'rain' is declared; there are: ferries, gone" in capsys.readouterr().err

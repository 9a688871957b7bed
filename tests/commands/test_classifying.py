"""`label` and `reclassify` as their user meets them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from decreewatch import main
from storage.archive import Archive
from storage.findings import FoundTag
from storage.observations import Observation

MORNING = datetime(2031, 6, 2, 1, tzinfo=UTC)
CONFIG = """
[storage]
path = "{folder}/archive"
models = "{folder}/models"

[embedding]
model = "{folder}/no-such-model"

[politeness]
contact = "desk@example.org"

[[sources]]
id = "tin-moi"
name = "Tin Mới"
kind = "state"
language = "vi"
homepage = "https://tinmoi.example/"
feeds = ["https://tinmoi.example/rss"]

[[topics]]
id = "minors"
name = "Minors online"
description = {{en = "Rules on children online", vi = "Quy định về trẻ em trên mạng"}}

[[topics]]
id = "telecom"
name = "Telecoms"
description = {{en = "Rules on telecoms", vi = "Quy định về viễn thông"}}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two articles, one tagged; the log-in of the person is Lan."""
    monkeypatch.setenv("LOGNAME", "lan")
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    archive = Archive.open(tmp_path / "archive")
    with archive.transaction() as tx:
        for n in (1, 2):
            tx.items.observe(
                Observation(
                    url=f"https://tinmoi.example/a-{n}.html",
                    source_id="tin-moi",
                    kind="article",
                    seen_at=MORNING + timedelta(hours=n),
                    title=f"Tin số {n}",
                    text="Trẻ em dưới 16 tuổi.",
                    language="vi",
                    extractor="test",
                    extractor_version=1,
                )
            )
        tx.findings.tag(1, [FoundTag("minors", 0.81, 0.5, "Trẻ em.", "Trẻ em trên mạng")], "old")
        tx.readings.note([1], tx.readings.classifier("old"))
    archive.close()
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def topics(shown: dict[str, Any]) -> set[str]:
    return {tag["topic"] for tag in shown["tags"]}


def test_an_item_is_shown_with_its_tags_and_what_earned_them(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(capsys, "label", "1", "--config", config)
    assert shown["url"] == "https://tinmoi.example/a-1.html"
    assert shown["tags"] == [
        {
            "topic": "minors",
            "score": 0.81,
            "threshold": 0.5,
            "passage": "Trẻ em.",
            "nearest": "Trẻ em trên mạng",
            "model": "old",
        }
    ]
    assert shown["labels"] == []
    assert main(["label", "1", "--config", config]) == 0
    assert "0.81" in capsys.readouterr().out


def test_an_address_names_an_item_however_it_was_linked_to(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://TINMOI.example/a-2.html?utm_source=mail#top"
    shown = said(capsys, "label", address, "--config", config)
    assert (shown["item"], shown["classified"]) == (2, False)
    assert main(["label", address, "--config", config]) == 0
    assert "not classified yet" in capsys.readouterr().out


def test_words_are_kept_with_who_said_them_and_act_at_once(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(
        capsys, "label", "1", "--wrong", "minors", "--also", "telecom", "--note", "a cable",
        "--config", config,
    )  # fmt: skip
    assert topics(shown) == {"telecom"}
    assert [
        (one["verdict"], one["topic"], one["by"], one["note"], one["passage"])
        for one in shown["labels"]
    ] == [
        ("wrong", "minors", "lan", "a cable", "Trẻ em."),
        ("also", "telecom", "lan", "a cable", ""),
    ]
    shown = said(capsys, "label", "1", "--off-topic", "--by", "Minh", "--config", config)
    assert topics(shown) == set()
    assert shown["labels"][-1]["by"] == "Minh"
    listed = said(capsys, "label", "--list", "--config", config)
    assert [one["verdict"] for one in listed] == ["wrong", "also", "wrong"]
    assert {one["url"] for one in listed} == {"https://tinmoi.example/a-1.html"}
    assert main(["label", "1", "--config", config]) == 0
    assert "off-topic" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["77"], "no item 77"),
        (["9" * 30], "no item 999"),
        (["https://tinmoi.example/none", "--right", "minors"], "no item https"),
        (["1", "--right", "cables"], "'cables' is declared; config.toml has: minors, telecom"),
        (["--from", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_what_is_not_there_is_one_clear_line_and_ends_with_one(
    config: str, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    capsys.readouterr()
    assert main(["label", *arguments, "--config", config]) == 1
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert said(capsys, "label", "--list", "--config", config) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["1", "--list"],
        ["1", "--from", "f.jsonl"],
        ["--list", "--right", "minors"],
        ["1", "--off-topic", "--right", "minors"],
        ["1", "--wrong", "minors", "--also", "minors"],
        ["1", "--note", "lost"],
    ],
)
def test_arguments_that_contradict_each_other_end_with_two(
    config: str, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["label", *arguments, "--config", config])
    assert ended.value.code == 2
    assert said(capsys, "label", "--list", "--config", config) == []


def test_a_file_says_of_each_item_exactly_what_it_is_about(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"url": "https://tinmoi.example/a-1.html", "topics": []},
        {"url": "https://tinmoi.example/none.html", "topics": ["minors"]},
        {"url": "https://tinmoi.example/a-2.html", "topics": ["telecom", "minors"]},
        {"url": "https://tinmoi.example/a-2.html", "topics": ["cables"]},
        {"url": "https://tinmoi.example/a-2.html"},
    ]
    path.write_text("\n".join([*map(json.dumps, rows), "", "{nonsense"]), encoding="utf-8")
    capsys.readouterr()
    assert main(["label", "--from", str(path), "--config", config, "--json"]) == 1
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert (report["read"], report["labelled"], report["unchanged"]) == (6, 2, 0)
    assert [one["line"] for one in report["errors"]] == [2, 4, 5, 7]
    assert f"{path}:2: no item https://tinmoi.example/none.html" in told.err
    assert topics(said(capsys, "label", "1", "--config", config)) == set()
    assert topics(said(capsys, "label", "2", "--config", config)) == {"telecom", "minors"}
    labels = len(said(capsys, "label", "--list", "--config", config))
    main(["label", "--from", str(path), "--config", config])
    assert len(said(capsys, "label", "--list", "--config", config)) == labels


def test_reclassify_without_a_model_says_what_to_do_and_changes_nothing(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["reclassify", "--config", config]) == 1
    assert "no-such-model" in capsys.readouterr().err
    assert topics(said(capsys, "label", "1", "--config", config)) == {"minors"}


def test_status_tells_what_is_out_of_date_and_what_there_is_to_learn_from(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "label", "1", "--right", "minors", "--config", config)
    found = said(capsys, "status", "--config", config)["classifier"]
    assert found == {
        "version": "old", "head": 0, "labels": 1, "read_by_others": 0, "tagged_by_others": 0,
        "vectors": {},
    }  # fmt: skip
    archive = Archive.open(tmp_path / "archive")
    with archive.transaction() as tx:
        tx.heads.use(tx.heads.add(MORNING, "m@1", {"kind": "svm"}, 1, {}).number, MORNING)
        tx.vectors.put(1, "m@1", 1, (0,), b"\x00\x3c", 1)
    archive.close()
    found = said(capsys, "status", "--config", config)["classifier"]
    assert (found["head"], found["read_by_others"], found["tagged_by_others"]) == (1, 1, 1)
    assert found["vectors"] == {"m@1": 1}
    assert main(["status", "--config", config]) == 0
    assert "`decreewatch reclassify`" in " ".join(capsys.readouterr().out.split())

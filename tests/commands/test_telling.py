"""What `decreewatch stories` shows, and how it undoes a wrong join."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from told_stories import FERRY, FINE, appear, article, told

from commands.session import now
from decreewatch import main
from storage.archive import Archive


@pytest.fixture
def desk(tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose archive holds a story of two outlets, told an hour ago, and another one."""
    config = '[storage]\npath = "archive"\n[politeness]\ncontact = "desk@example.org"\n'
    config += '[[sources]]\nid = "vnexpress"\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    archive = Archive.open(tmp_path / "archive")
    at = now() - timedelta(hours=1)
    looks = (
        article("bến", "Mạng LinhChi bị phạt", FINE),
        article("đò", "Vì sao LinhChi phải nộp tiền?", FINE),
        article("phà", "Phà mở lại", FERRY),
    )
    for look in looks:
        appear(archive, replace(look, seen_at=at, published_at=at))
    told(archive)
    archive.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[tuple[int, str]]]:
    capsys.readouterr()
    assert main(["stories", *arguments, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    return [[(item["item"], item["how"]) for item in row["items"]] for row in rows]


def test_a_story_is_listed_with_its_outlets_and_how_each_joined(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stories"]) == 0
    said = capsys.readouterr().out
    assert "story 1  Mạng LinhChi bị phạt  (2 articles, 2 outlets)" in said
    assert "item 2  đò  Vì sao LinhChi phải nộp tiền?" in said
    assert "copy: 100% of their wording is the same" in said
    assert "Phà" not in said
    assert listed(capsys, "--days", "1") == [[(1, "first"), (2, "copy")]]


def test_a_wrong_join_is_undone_and_made_again(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stories", "split", "2", "--by", "lan"]) == 0
    assert listed(capsys) == []
    assert main(["stories"]) == 0
    assert "no story of the last 7 days" in capsys.readouterr().err
    assert main(["stories", "join", "2", "1", "--by", "lan"]) == 0
    assert listed(capsys) == [[(1, "first"), (2, "person")]]


def test_what_cannot_be_moved_is_named_in_one_line(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stories", "split", "3"]) == 1
    assert "the only one of story" in capsys.readouterr().err
    assert main(["stories", "join", "3", "99"]) == 1
    assert "there is no story 99" in capsys.readouterr().err

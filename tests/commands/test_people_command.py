"""Who may see the pages, as whoever runs the archive says it at the terminal."""

import io
import json
from pathlib import Path

import pytest

from decreewatch import main
from storage import credentials
from storage.archive import Archive

CONFIG = """
[storage]
path = "archive"

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
id = "livestream"
"""
PASSWORD = "bến phà mở lại sáng nay"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(credentials, "hasher", lambda: quick)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.db").write_bytes(sqlite_file.read_bytes())
    return tmp_path


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def changes(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    return [(one["by"], one["action"], one["subject"]) for one in said(capsys, "audit")]


def test_people_are_let_in_given_roles_and_let_go(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, PASSWORD + "\n")
    assert main(["users", "add", "Lan", "--role", "analyst", "--by", "root"]) == 0
    assert main(["users", "add", "mai", "--no-password", "--by", "root"]) == 0
    assert main(["users", "role", "lan", "admin", "--by", "root"]) == 0
    capsys.readouterr()
    found = said(capsys, "users", "list")
    assert [(one["name"], one["role"], one["password"]) for one in found] == [
        ("lan", "admin", True),
        ("mai", "reader", False),
    ]
    assert main(["users", "remove", "mai", "--by", "lan"]) == 0
    assert "may come in no more" in capsys.readouterr().out
    assert changes(capsys) == [
        ("lan", "person.removed", "person:mai"),
        ("root", "person.role-changed", "person:lan"),
        ("root", "person.added", "person:mai"),
        ("root", "person.added", "person:lan"),
    ]


def test_a_password_is_read_from_standard_input_and_shown_nowhere(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, PASSWORD + "\n")
    main(["users", "add", "lan", "--json"])
    type_in(monkeypatch, "một mật khẩu khác hẳn\r\n")
    main(["users", "password", "lan"])
    shown = capsys.readouterr()
    assert PASSWORD not in shown.out + shown.err and "argon2" not in shown.out + shown.err
    archive = Archive.open(desk / "archive")
    with archive.reading() as tx:
        kept = tx.people.known("lan").password_hash
    archive.close()
    assert credentials.matches(kept, "một mật khẩu khác hẳn")


@pytest.mark.parametrize(
    ("typed", "words", "says"),
    [
        ("short\n", ["users", "add", "lan"], "at least 12"),
        ("", ["users", "add", "lan"], "no password came"),
        (PASSWORD, ["users", "add", "no name"], "is no name"),
        ("", ["users", "role", "nobody", "admin"], "nobody is called"),
        ("", ["users", "remove", "nobody"], "nobody is called"),
        ("", ["tokens", "add", "x", "--for", "nobody"], "nobody is called"),
        ("", ["tokens", "add", "x", "--days", "9999"], "up to 366 days"),
        ("", ["tokens", "revoke", "7"], "no token 7"),
    ],
)
def test_a_mistake_is_named_in_one_line_and_changes_nothing(
    typed: str,
    words: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(monkeypatch, typed)
    assert main(words) == 1
    err = capsys.readouterr().err
    assert says in err and err.count("\n") == 1
    assert said(capsys, "users", "list") == [] and said(capsys, "audit") == []


def test_two_different_passwords_at_the_terminal_change_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    typed = iter([PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert main(["users", "add", "lan"]) == 1
    assert "two different" in capsys.readouterr().err
    assert main(["users", "add", "lan"]) == 0


def test_a_token_is_shown_once_on_standard_output_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tokens", "add", "news desk", "--scope", "read", "--scope", "label"]) == 0
    token = capsys.readouterr().out.strip()
    assert token.startswith("dw_") and len(token) == 46
    (listed,) = said(capsys, "tokens", "list")
    assert listed["scopes"] == ["read", "label"] and token not in json.dumps(listed)
    assert main(["tokens", "revoke", "1"]) == 0
    capsys.readouterr()
    assert said(capsys, "tokens", "list") == []
    assert [one["holds"] for one in said(capsys, "tokens", "list", "--all")] == [False]


def test_what_is_changed_at_the_terminal_is_in_the_log_of_changes(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from raised_alerts import raise_alerts

    archive = Archive.open(desk / "archive")
    raise_alerts(archive, "a", "b")
    archive.close()
    main(["alerts", "ack", "1", "--by", "lan"])
    main(["alerts", "ack", "1", "--by", "mai"])
    main(["alerts", "resolve", "2"])
    main(["alerts", "silence", "--topic", "livestream", "--for", "1d", "--by", "lan"])
    main(["alerts", "unsilence", "1", "--by", "mai"])
    capsys.readouterr()
    found = changes(capsys)
    assert [one for one in found if one[1] != "alert.resolved"] == [
        ("mai", "silence.ended", "silence:1"),
        ("lan", "silence.begun", "silence:1"),
        ("lan", "alert.acknowledged", "alert:1"),
    ]
    assert [one[1:] for one in found if one[1] == "alert.resolved"] == [
        ("alert.resolved", "alert:2")
    ]
    (begun,) = said(capsys, "audit", "--action", "silence.begun")
    assert begun["detail"]["topic"] == "livestream"


def test_a_log_of_changes_that_was_tampered_with_is_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    for label in ("one", "two"):
        main(["tokens", "add", label])
    assert main(["audit", "--check"]) == 0
    with sqlite3.connect(desk / "archive" / "archive.db") as database:
        database.execute("UPDATE audit SET \"by\" = 'somebody else' WHERE id = 1")
    capsys.readouterr()
    assert main(["audit", "--check"]) == 1
    assert "entry 1" in capsys.readouterr().err

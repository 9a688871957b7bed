"""What a user sees when something is wrong: one clear line, the exit status, never a traceback."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = """
[storage]
path = "{folder}/archive"

[politeness]
contact = "desk@example.org"
delay = "0.01s"
timeout = "{timeout}"
retries = 0
allow_private = ["{host}"]

[[sources]]
id = "ben-pha"
name = "Bến Phà"
kind = "state"
language = "vi"
homepage = "http://{host}/"
feeds = ["http://{host}/rss"]
"""
SLACK = """
[[channels]]
id = "team"
kind = "slack"
channel = "#ferries"
"""


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, str(ROOT / "decreewatch.py"), *map(str, arguments)]


def run(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    hidden = ("DECREEWATCH_SLACK_TOKEN", "DECREEWATCH_DATABASE_URL", "DECREEWATCH_CONFIG")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=kept | environment,
    )


def one_line(ended: "subprocess.CompletedProcess[str]") -> str:
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.startswith("decreewatch: ")
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stdout == ""
    return ended.stderr


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


@pytest.fixture
def config(tmp_path: Path, closed_port: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path, host=closed_port, timeout="2s"), "utf-8")
    return path


@pytest.fixture
def silent_host() -> Iterator[socket.socket]:
    """A host that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as host:
        host.settimeout(60)
        yield host


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_database_that_is_none_is_named_with_what_to_do(config: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.db").write_text("no database, but a long poem " * 20)
    said = one_line(run("status", "--config", config))
    assert "archive.db" in said
    assert "Restore it from a backup" in said


def test_an_archive_that_is_a_file_is_named_with_what_to_do(config: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file")
    said = one_line(run("status", "--config", config))
    assert str(tmp_path / "archive") in said
    assert "Check" in said


def test_a_database_of_a_kind_we_do_not_know_is_refused_without_its_password(config: Path) -> None:
    url = "mysql://desk:secret@127.0.0.1/decrees"
    said = one_line(run("status", "--config", config, DECREEWATCH_DATABASE_URL=url))
    assert "mysql is not supported" in said
    assert "postgresql+psycopg://" in said
    assert "secret" not in said


@pytest.mark.parametrize("name", ["none.jsonl", "folder"])
def test_an_import_of_what_is_no_file_says_that_nothing_was_taken(
    config: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    said = one_line(run("import", tmp_path / name, "--config", config))
    assert name in said
    assert "Nothing was taken" in said


def test_an_import_of_bytes_names_each_line_and_prints_only_json(
    config: Path, tmp_path: Path
) -> None:
    bytes_ = tmp_path / "noise.jsonl"
    bytes_.write_bytes(b"\xff\xfe\x00\x81\n\x9f\x92")
    ended = run("import", bytes_, "--config", config, "--json")
    assert ended.returncode == 1
    assert len(json.loads(ended.stdout)["errors"]) == 2
    assert [line.split(":")[1] for line in ended.stderr.splitlines()] == ["1", "2"]


def test_an_export_to_a_folder_that_is_not_there_says_so(config: Path, tmp_path: Path) -> None:
    said = one_line(run("export", "--config", config, "-o", tmp_path / "none" / "all.jsonl"))
    assert "all.jsonl" in said
    assert "Check that its folder is there" in said


def test_a_source_that_does_not_answer_is_named_and_ends_with_one(
    config: Path, closed_port: str
) -> None:
    crawled = run("crawl", "--config", config, "--json")
    assert crawled.returncode == 1
    [source] = json.loads(crawled.stdout)["sources"]
    assert source["errors"]
    assert closed_port in crawled.stderr
    assert "Traceback" not in crawled.stderr
    again = run("crawl", "--config", config)
    assert again.returncode == 0
    assert "no source has its turn yet" in again.stderr


def test_a_check_of_a_source_that_does_not_answer_ends_with_one(config: Path) -> None:
    checked = run("sources", "check", "--config", config, "--json")
    assert checked.returncode == 1
    [source] = json.loads(checked.stdout)
    assert source["status"] == "failing"
    assert "refused" in source["reasons"][0]


def test_a_channel_without_its_token_stops_the_daemon_with_the_variables_name(
    config: Path,
) -> None:
    config.write_text(config.read_text("utf-8") + SLACK, "utf-8")
    first = run("run", "--once", "--config", config)
    assert "DECREEWATCH_SLACK_TOKEN" in one_line(first)


def test_a_round_can_be_run_again_at_once(config: Path) -> None:
    for _ in range(2):
        ended = run("run", "--once", "--config", config)
        assert ended.returncode == 0, ended.stderr
        assert "ben-pha: 1 requests" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("moment", ["while its process loads", "while it waits for an answer"])
def test_ctrl_c_ends_a_crawl_in_one_line(
    tmp_path: Path, silent_host: socket.socket, moment: str
) -> None:
    host = f"127.0.0.1:{silent_host.getsockname()[1]}"
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path, host=host, timeout="60s"), "utf-8")
    crawling = subprocess.Popen(
        command("crawl", "--config", path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if moment == "while its process loads":
        while crawling.poll() is None and not children_of(crawling.pid):
            time.sleep(0.01)
    else:
        silent_host.accept()
    os.killpg(crawling.pid, signal.SIGINT)
    out, err = crawling.communicate(timeout=60)
    assert crawling.returncode == 1
    assert out == ""
    assert err == "interrupted; what was stored stays stored\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("events", "--since", "yesterday"), "expected a day or time such as"),
        (("alerts", "ack", "first"), "expected a number such as"),
        (("export", "--format", "xml"), "invalid choice"),
    ],
)
def test_arguments_that_mean_nothing_end_with_two(
    config: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = run(*arguments, "--config", config)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_demo_does_not_write_over_somebody_elses_configuration(config: Path) -> None:
    before = config.read_bytes()
    said = one_line(run("demo", "--folder", config.parent))
    assert "not a demo's" in said
    assert config.read_bytes() == before


def test_a_demo_in_place_of_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    assert "is a file" in one_line(run("demo", "--folder", tmp_path / "file"))


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / ".demo.lock"):
        assert "in use" in one_line(run("demo", "--folder", tmp_path))


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "title": ' + "[" * 100_000,
        '{"id": 1, "title": "", "text": ["a"]}',
        '{"title": ""}',
    ],
    ids=["nested too deeply", "a list for a text", "no id"],
)
def test_a_line_that_cannot_be_classified_is_named(config: Path, tmp_path: Path, line: str) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f'{{"id": 0, "title": "Bến phà", "text": ""}}\n{line}\n', encoding="utf-8")
    assert "lines.jsonl:2" in one_line(run("classify", lines, "--config", config))

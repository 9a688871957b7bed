"""`decreewatch serve`: where it listens, what it refuses, by which clock it shows an archive."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from archives import observe, seen

import decreewatch
from commands.serving import CannotServe, clock_of, listening
from storage.archive import Archive

ROOT = Path(__file__).parents[2]
CONFIG = """\
[storage]
path = "{path}"
[politeness]
contact = "desk@example.org"
[[sources]]
id = "tin-moi"
name = "Tin Mới"
kind = "state"
language = "vi"
homepage = "https://tinmoi.example/"
feeds = ["https://tinmoi.example/rss"]
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(path=tmp_path / "var"), encoding="utf-8")
    return path


def test_it_serves_pages_until_it_is_told_to_end(config):
    command = [sys.executable, str(ROOT / "decreewatch.py"), "serve", "--config", str(config)]
    serving = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert serving.stderr is not None
        said = serving.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address is not None, said
        with urlopen(address[0], timeout=60) as answer:
            assert b"decreewatch run" in answer.read()
    finally:
        serving.send_signal(signal.SIGINT)
        assert serving.wait(timeout=30) == 0


def test_a_port_in_use_is_told_in_one_line():
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"port {port}.*--listen HOST:PORT"):
            listening("127.0.0.1", port)


def test_an_address_that_others_reach_needs_a_login(config, capsys):
    assert decreewatch.main(["serve", "--config", str(config), "--listen", "0.0.0.0:0"]) == 2
    assert "[web] auth" in capsys.readouterr().err


def test_an_archive_of_a_time_to_come_is_shown_as_of_its_last_event(tmp_path):
    ahead = Archive.open(tmp_path / "ahead")
    observe(ahead, seen())
    now = clock_of(ahead)()
    with ahead.reading() as tx:
        assert now - tx.events.get(tx.events.last()).at < timedelta(minutes=1)
    ahead.close()
    empty = Archive.open(tmp_path / "empty")
    assert abs(clock_of(empty)() - datetime.now(UTC)) < timedelta(minutes=1)
    empty.close()

"""The daemon: it tells what happens, stops cleanly, and a kill loses and repeats nothing."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemons import daemon, quick_config, wait_for

from newsroom.server import Newsroom
from storage.archive import Archive

SOON = 120


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        yield served


@pytest.fixture
def config_path(tmp_path: Path, newsroom: Newsroom) -> Path:
    return quick_config(tmp_path, newsroom.url)


def events(folder: Path) -> int:
    if not (folder / "archive" / "archive.db").exists():
        return 0
    archive = Archive.open(folder / "archive")
    with archive.reading() as tx:
        last = tx.events.last()
    archive.close()
    return last


def test_it_gathers_and_ends_within_ten_seconds_of_sigterm(
    config_path: Path, tmp_path: Path
) -> None:
    with daemon(config_path) as running:
        wait_for(lambda: events(tmp_path) > 3)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0


def test_a_second_daemon_refuses_and_says_who_holds_the_archive(
    config_path: Path, tmp_path: Path
) -> None:
    with daemon(config_path) as first:
        wait_for(lambda: events(tmp_path) > 0)
        with daemon(config_path) as second:
            _, said = second.communicate(timeout=30)
        assert second.returncode == 1
        assert f"process {first.pid}" in said
        assert said.count("\n") == 1
        assert first.poll() is None


def settled(config_path: Path, folder: Path) -> dict[str, object]:
    """Run rounds until nothing new comes, and say what the archive then holds."""
    with daemon(config_path, "--once") as once:
        _, said = once.communicate(timeout=SOON)
        assert once.returncode == 0, said
    archive = Archive.open(folder / "archive")
    with archive.reading() as tx:
        items = sorted((i.url, r.number, r.content_sha256) for i, r in list(tx.items.every()))
        told = sorted((a.rule, a.title) for a in tx.outbox.alerts())
        kinds = sorted((e.kind, e.subject) for e in tx.events.after(0))
    archive.close()
    return {"items": items, "alerts": told, "events": kinds}


@pytest.mark.slow
def test_killed_at_any_moment_it_ends_as_if_undisturbed(
    newsroom: Newsroom, config_path: Path, tmp_path: Path
) -> None:
    undisturbed_folder = tmp_path / "calm"
    undisturbed_folder.mkdir()
    text = config_path.read_text(encoding="utf-8")
    calm = undisturbed_folder / "config.toml"
    calm.write_text(
        text.replace(str(tmp_path / "archive"), str(undisturbed_folder / "archive")),
        encoding="utf-8",
    )
    expected = settled(calm, undisturbed_folder)
    for moment in (1.5, 2.5, 3.5):
        with daemon(config_path) as running:
            time.sleep(moment)
            os.kill(running.pid, signal.SIGKILL)
    assert settled(config_path, tmp_path) == expected

"""One daemon to an archive."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from archives import Places

from storage.engine import ArchiveUnreachable
from storage.lease import ArchiveHeld, held

DAEMON = """
import sys, time
from pathlib import Path
from storage.archive import Archive
from storage.lease import held
with held(Archive.open(Path(sys.argv[1]), sys.argv[2] or None)):
    print("ready", flush=True)
    time.sleep(60)
"""


def daemon(places: Places, root: Path) -> "subprocess.Popen[str]":
    """Another process that holds the archive at `root`."""
    process = subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(root), places.url("archive") or ""],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_second_daemon_is_told_who_holds_the_archive(places: Places) -> None:
    archive = places.open()
    first = daemon(places, archive.root)
    told = f"held by process {first.pid} on .* since"
    with pytest.raises(ArchiveHeld, match=told) as refused, held(archive):
        pass
    assert "\n" not in str(refused.value)
    first.kill()
    first.wait()
    archive.close()


def test_a_killed_daemon_holds_nothing(places: Places) -> None:
    archive = places.open()
    first = daemon(places, archive.root)
    first.kill()
    first.wait()
    with held(archive):
        assert str(os.getpid()) in (archive.root / "daemon.lock").read_text()
    archive.close()


def test_daemons_with_one_database_and_two_folders_are_two_too_many(places: Places) -> None:
    if places.server is None:
        pytest.skip("an SQLite database lies in its folder")
    archive = places.open()
    first = daemon(places, places.root("elsewhere"))
    told = f"held by decreewatch process {first.pid}"
    with pytest.raises(ArchiveHeld, match=told), held(archive):
        pass
    first.kill()
    first.wait()
    archive.close()


def test_an_archive_is_free_again_after_its_daemon_ended(places: Places) -> None:
    archive = places.open()
    for _ in range(3):
        with held(archive):
            pass
    with pytest.raises(RuntimeError), held(archive):
        raise RuntimeError("the daemon fell")
    with held(archive):
        pass
    archive.close()


def test_a_lock_that_cannot_be_written_is_said_in_one_line(places: Places) -> None:
    archive = places.open()
    (archive.root / "daemon.lock").mkdir()
    with pytest.raises(ArchiveUnreachable, match=r"daemon\.lock cannot be used"), held(archive):
        pass
    archive.close()

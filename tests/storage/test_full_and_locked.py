"""A full disk, a locked database, a killed writer: said plainly, and nothing is harmed."""

import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from archives import NOON, Places, Server, capture, everything, exchange, observe, seen
from sqlalchemy import text

from storage.archive import Archive, Transaction
from storage.capture_files import opened
from storage.captures import CaptureWriter
from storage.engine import ArchiveBusy, ArchiveFull
from storage.log import Outcome, advance
from storage.models import Event

PREAMBLE = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from archives import NOON, exchange, seen
from storage.archive import Archive
archive = Archive.open(Path(sys.argv[1]), sys.argv[2] or None)
"""


def other_program(places: Places, script: str) -> "subprocess.Popen[str]":
    """Another process on the archive that has done its work once it says a line."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PREAMBLE + textwrap.dedent(script),
            str(places.root("archive")),
            places.url("archive") or "",
            str(Path(__file__).parents[1]),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk to fill cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all room on the disk but `leave` bytes."""
    blob = folder / "blob"
    with blob.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            stream.truncate(max(0, stream.tell() - leave))
    return blob


def test_a_locked_database_is_said_in_one_line_and_nothing_is_harmed(places: Places) -> None:
    archive = places.open(busy_timeout_s=0.2)
    observe(archive, seen())
    before = everything(archive)
    holder = other_program(
        places,
        """
        with archive.transaction() as tx:
            tx.items.observe(seen("https://press.example/theirs"))
            print("ready", flush=True)
            time.sleep(60)
        """,
    )
    with pytest.raises(ArchiveBusy, match="locked by another program") as refused:
        observe(archive, seen(hour=1, text="Khác."))
    assert "\n" not in str(refused.value)
    assert everything(archive) == before
    holder.kill()
    holder.wait()
    assert everything(archive) == before
    assert observe(archive, seen(hour=1, text="Khác."))[0].result == "revised"
    archive.close()


def test_readers_do_not_wait_for_a_writer(places: Places) -> None:
    archive = places.open(busy_timeout_s=0.2)
    observe(archive, seen())
    with archive.transaction() as tx:
        tx.items.observe(seen("https://press.example/b"))
        assert [row[0] for row in everything(archive)] == [1, 1, 1]
    archive.close()


def test_a_writer_waits_for_its_turn(places: Places) -> None:
    archive = places.open()
    holder = other_program(
        places,
        """
        with archive.transaction() as tx:
            tx.items.observe(seen())
            print("ready", flush=True)
            time.sleep(0.3)
        """,
    )
    assert observe(archive, seen())[0].result == "unchanged"
    assert holder.wait(60) == 0
    archive.close()


def test_a_full_disk_under_the_captures_leaves_the_file_as_it_was(tiny_disk: Path) -> None:
    with opened(tiny_disk, "press", NOON, lambda path: (tiny_disk / path).stat().st_size) as writer:
        writer.append(exchange(b"first"))
        (path,) = tiny_disk.rglob("*.gz")
        before = path.read_bytes()
        blob = fill(tiny_disk)
        with pytest.raises(ArchiveFull, match="Free some space") as refused:
            writer.append(exchange(NOISE))
        assert "\n" not in str(refused.value)
        assert path.read_bytes() == before
        blob.unlink()
        place = writer.append(exchange(b"later"))
    assert place.offset == len(before)


def test_a_full_disk_under_the_database_leaves_every_row(tiny_disk: Path) -> None:
    archive = Archive.open(tiny_disk / "archive")
    observe(archive, seen())
    before = everything(archive)
    blob = fill(tiny_disk)
    with pytest.raises(ArchiveFull, match="Free some space") as refused:
        observe(archive, seen("https://press.example/b", text="dài " * 100_000))
    assert "\n" not in str(refused.value)
    blob.unlink()
    assert everything(archive) == before
    assert observe(archive, seen("https://press.example/b"))[0].result == "new"
    archive.close()


def test_a_full_disk_stops_a_stage_and_leaves_its_cursor(tiny_disk: Path) -> None:
    class Stage:
        name = "stage"
        kinds: tuple[str, ...] = ("item.appeared",)
        batch = 9

        def examine(self, events: Sequence[Event], archive: Archive) -> list[Outcome]:
            return [write for _ in events]

    def write(tx: Transaction) -> None:
        tx.events.append("found", "x" * 300_000, NOON)

    archive = Archive.open(tiny_disk / "archive")
    observe(archive, seen(), seen("https://press.example/b"))
    before = everything(archive)
    blob = fill(tiny_disk)
    with pytest.raises(ArchiveFull):
        advance(archive, Stage(), NOON)
    blob.unlink()
    assert everything(archive) == before
    with archive.reading() as tx:
        assert (tx.events.cursor("stage"), tx.events.failures()) == (0, [])
    archive.close()


def test_an_archive_cannot_be_made_on_a_full_disk(tiny_disk: Path) -> None:
    fill(tiny_disk)
    with pytest.raises(ArchiveFull) as refused:
        Archive.open(tiny_disk / "archive")
    assert "\n" not in str(refused.value)


def test_no_archive_is_harmed_when_the_disk_fills_at_any_moment(tiny_disk: Path) -> None:
    archive = Archive.open(tiny_disk / "archive")
    kept = capture(archive, exchange(b"first"))
    for leave in (0, 4096, 8192, 16384, 65536):
        blob = fill(tiny_disk, leave)
        for n in range(8):
            try:
                kept += capture(archive, exchange(NOISE[n:30_000], hour=n), exchange(b"%d" % n))
                observe(archive, seen(f"https://press.example/{leave}/{n}", text="dài " * 3000))
            except ArchiveFull:
                break
        else:
            pytest.fail("the disk did not fill")
        blob.unlink()
        bodies = {archive.read_capture(number).body[:5] for number in kept}
        assert b"first" in bodies
        with archive.reading() as tx:
            assert tx.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    archive.close()


def test_a_database_server_without_room_is_said_in_one_line(
    postgresql: Server, tmp_path: Path
) -> None:
    with Places(tmp_path, postgresql) as places:
        archive = places.open()
        full = "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
        refused = pytest.raises(ArchiveFull, match=r"cannot grow \(no room\)")
        with refused, archive.transaction() as tx:
            tx.session.execute(text(full))
        archive.close()


def test_a_file_size_limit_is_said_like_a_full_disk(tmp_path: Path) -> None:
    """Runs everywhere: a limit of the process stands for the end of the disk."""
    with opened(tmp_path, "press", NOON, lambda path: (tmp_path / path).stat().st_size) as writer:
        writer.append(exchange(b"first"))
        (path,) = tmp_path.rglob("*.gz")
        before = path.read_bytes()
        refused = append_with_limit(writer, len(before) + 5000)
        assert isinstance(refused, ArchiveFull)
        assert path.read_bytes() == before
        writer.append(exchange(NOISE))
    assert path.read_bytes().startswith(before)


def append_with_limit(writer: CaptureWriter, limit: int) -> Exception | None:
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        writer.append(exchange(NOISE))
    except ArchiveFull as error:
        return error
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    return None


def test_a_crawl_killed_while_it_writes_leaves_a_whole_archive(places: Places) -> None:
    archive = places.open()
    kept = capture(archive, exchange(b"first"))
    crawl = other_program(
        places,
        """
        with archive.capture_writer("press", NOON) as writer:
            print("ready", flush=True)
            for n in range(1_000_000):
                answer = exchange(os.urandom(200_000), f"https://press.example/{n}")
                with archive.transaction() as tx:
                    number = tx.captures.keep(writer, answer, "press", "text/html").id
                    tx.items.observe(seen(answer.url, capture_id=number))
        """,
    )
    while archive_size(archive) < 2_000_000:
        assert crawl.poll() is None
    crawl.kill()
    crawl.wait()
    kept += capture(archive, exchange(b"after"))
    with archive.reading() as tx:
        numbers = [row.id for row in tx.captures.every()]
        captured = [revision.capture_id for revision in tx.items.every_revision()]
    assert numbers[1:-1] == captured
    for number in numbers:
        archive.read_capture(number)
    (path,) = archive.captures_root.rglob("*.gz")
    with archive.reading() as tx:
        assert tx.captures.committed_end(str(path.relative_to(archive.captures_root))) == (
            path.stat().st_size
        )
    archive.close()


def archive_size(archive: Archive) -> int:
    return sum(path.stat().st_size for path in archive.captures_root.rglob("*.gz"))


NOISE = bytes((n * n * 7919 >> 5) & 0xFF for n in range(2_000_000))

"""The real program as a process on a machine of its own: with a clock that jumps and a disk that
fills, killed at any moment, and asked which phase of its round it was in when it died."""

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
CLOCK = Path(__file__).parent / "faults_clock"
START, CRAWL, STAGES, DELIVERY, DAEMON = "start", "crawl", "stages", "delivery", "daemon"
MARKS = (
    (" INFO gathering ", CRAWL),
    (" INFO understanding ", STAGES),
    (" INFO telling ", DELIVERY),
)
"""What the program logs when a phase of its round begins."""
LONGEST_S = 240.0
"""No round of these days takes longer; one that does hangs."""
DISK_MB = 400
LOCKED_S = 34.0
"""Longer than a writer waits for its turn."""


class Hangs(Exception):
    """The program did not end."""


@dataclass(slots=True)
class Running:
    """A started program: what it said, and in which phase it is."""

    process: "subprocess.Popen[str]"
    phase: str = START
    began: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _reader: threading.Thread | None = None

    def listen(self) -> None:
        """Begin to read what it says, so that its phase is known at every moment."""
        self._reader = threading.Thread(target=self._read, name="program", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip())
            for mark, phase in MARKS:
                if mark in line:
                    self.phase, self.began[phase] = phase, time.monotonic()

    def wait(self, moment: Callable[[], bool], limit_s: float = LONGEST_S) -> bool:
        """Wait for a moment; False when the program ended before it. Raises Hangs."""
        until = time.monotonic() + limit_s
        while self.process.poll() is None:
            if moment():
                return True
            if time.monotonic() > until:
                self.kill(everything=True)
                raise Hangs("\n".join(self.said))
            time.sleep(0.002)
        return False

    def kill(self, *, everything: bool) -> None:
        """SIGKILL the program, or `everything` that it started too."""
        if everything:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()

    def ended(self) -> int:
        """Wait for its end and give the exit status. Raises Hangs."""
        self.wait(lambda: False)
        status = self.process.wait()
        if self._reader is not None:
            self._reader.join(10)
        return status

    def lasted(self, phase: str) -> float | None:
        """How many seconds a phase took that came to its end; None where it did not."""
        order = [CRAWL, STAGES, DELIVERY]
        following = order[order.index(phase) + 1 :]
        end = next((self.began[one] for one in following if one in self.began), None)
        return end - self.began[phase] if end is not None and phase in self.began else None


class Machine:
    """A folder with the program's configuration and archive, and the clock it goes by.

    `secrets` are variables of its environment.
    """

    def __init__(self, folder: Path, secrets: dict[str, str]) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.archive = folder / "disk" / "archive"
        self._clock = folder / "clock"
        self._environ = {
            **os.environ,
            **secrets,
            "FAULTS_CLOCK": str(self._clock),
            "PYTHONPATH": os.pathsep.join([str(CLOCK), str(ROOT)]),
            "PYTHONTZPATH": os.pathsep.join([str(folder / "zones"), *_zone_folders()]),
        }
        self.mounted = False

    def set_clock(self, at: datetime) -> None:
        """Let the machine's clock show `at` from now on, and go on from there."""
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(repr(at.timestamp() - time.time()), encoding="ascii")
        fresh.replace(self._clock)

    @contextmanager
    def running(self, *arguments: str, file_limit: int | None = None) -> Iterator[Running]:
        """Start a command; at the end, nothing that it started is left.

        `file_limit` is the size in bytes beyond which no file of it may grow.
        """
        limit = None
        if file_limit is not None:
            limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (file_limit, file_limit))
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "decreewatch.py"), *arguments, "--config", self.config],
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=limit,
        )
        running = Running(process)
        running.listen()
        try:
            yield running
        finally:
            self._wait_for_orphans(process)

    def _wait_for_orphans(self, process: "subprocess.Popen[str]") -> None:
        """What a killed program started ends by itself; what does not is killed."""
        if process.poll() is None:
            process.kill()
        process.wait()
        until = time.monotonic() + 5
        while _group_lives(process.pid) and time.monotonic() < until:
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    @contextmanager
    def disk(self) -> Iterator[None]:
        """A file system of its own below the archive; `mounted` says whether there can be one."""
        place = self.archive.parent
        place.mkdir(parents=True, exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
        self.mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
        try:
            yield
        finally:
            if self.mounted:
                subprocess.run(["umount", "--lazy", str(place)], check=True)

    @contextmanager
    def disk_full(self, leave: int) -> Iterator[None]:
        """Leave so many bytes on the mounted disk, on which a program may be writing."""
        blob = self.archive.parent / "blob"
        try:
            with blob.open("wb") as stream:
                while (wanted := _free(self.archive.parent) - leave) > 0:
                    with contextlib.suppress(OSError):
                        os.posix_fallocate(stream.fileno(), stream.seek(0, os.SEEK_END), wanted)
            yield
        finally:
            blob.unlink()

    @contextmanager
    def database_locked(self) -> Iterator[None]:
        """Hold the database's write lock, from another process than the program's."""
        connection = sqlite3.connect(self.archive / "archive.db", timeout=60, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.rollback()
            connection.close()


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_bsize


def _group_lives(group: int) -> bool:
    """Whether a process of the group runs; one that is dead may linger until it is noticed."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = path.read_text(errors="replace").rpartition(") ")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                return True
    return False


def _zone_folders() -> tuple[str, ...]:
    import zoneinfo

    return tuple(zoneinfo.TZPATH)

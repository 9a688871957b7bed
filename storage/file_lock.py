"""A locked file that says who holds it."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.engine import refused_by_system


class FileHeld(Exception):
    """Another process holds the file; `holder` says which and since when."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def this_process() -> str:
    """How this process names itself to those that have to wait for it."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return f"process {os.getpid()} on {socket.gethostname()} since {since}"


@contextmanager
def file_held(path: Path) -> Iterator[None]:
    """Hold the file at `path` for this process; the system lets go of it however that ends.

    Raises FileHeld when another does; ArchiveFull or ArchiveUnreachable when it cannot be
    written.
    """
    try:
        stream = path.open("a+b", buffering=0)
    except OSError as error:
        raise refused_by_system(error, path) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read().decode(errors="replace").strip() or "another process"
            raise FileHeld(holder) from error
        try:
            stream.truncate(0)
            stream.write(f"{this_process()}\n".encode())
        except OSError as error:
            raise refused_by_system(error, path) from error
        try:
            yield
        finally:
            stream.truncate(0)

"""Which WARC file a crawl appends to: opened, locked, and whole whatever happened before."""

import fcntl
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.captures import CaptureWriter
from storage.engine import ArchiveFull, refused_by_system

MAX_FILE_BYTES = 512 * 1024 * 1024
"""A WARC file is followed by the next one beyond this size."""


@contextmanager
def opened(
    root: Path,
    source_id: str,
    at: datetime,
    committed_end: Callable[[str], int],
    *,
    max_bytes: int = MAX_FILE_BYTES,
) -> Iterator[CaptureWriter]:
    """Open the source's WARC file of this month for appending, locked for this process.

    `committed_end` tells how far the archive knows a file; what lies beyond was written by a
    crawl that died before it could be recorded, and is cut off so that the file stays whole.
    A file that another process holds, or that has grown to `max_bytes`, is passed over.
    """
    if not re.fullmatch(r"[\w.-]{1,100}", source_id):
        raise ValueError(f"a file cannot be named after the source {source_id!r}")
    month = at.astimezone(UTC)
    folder = root / f"{month:%Y}"
    names = (folder / f"{source_id}-{month:%Y%m}-{n:04d}.warc.gz" for n in range(1, 10_000))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path, stream = _appendable(root, source_id, names, committed_end, max_bytes)
    except OSError as error:
        raise refused_by_system(error, folder) from error
    with stream:
        yield CaptureWriter(root, path, stream)


def _appendable(
    root: Path,
    source_id: str,
    paths: Iterable[Path],
    committed_end: Callable[[str], int],
    max_bytes: int,
) -> tuple[Path, io.FileIO]:
    """The first file that nobody holds and that has room: made whole, opened and locked."""
    for path in paths:
        if not path.exists():
            _mend_others(root, source_id, committed_end)
        stream = _locked(path)
        if stream is None:
            continue
        _cut(stream, committed_end(path.relative_to(root).as_posix()))
        if stream.tell() < max_bytes:
            return path, stream
        stream.close()
    raise ArchiveFull(f"{root} holds too many files of the source {source_id} for one month")


def _locked(path: Path) -> io.FileIO | None:
    """The file, made when there is none, at its end and locked; None when another has it."""
    new = not path.exists()
    stream = path.open("ab", buffering=0)
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    if new:
        # Only with its folder's entry on the disk too does a new file survive a power cut.
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    stream.seek(0, os.SEEK_END)
    return stream


def _cut(stream: io.FileIO, end: int) -> None:
    """Shorten a file to the `end` of what is recorded; the rest was left by a crawl that died."""
    if end < stream.tell():
        stream.truncate(end)
        stream.seek(end)


def _mend_others(root: Path, source_id: str, committed_end: Callable[[str], int]) -> None:
    """Cut torn tails off the source's older files, which nobody would open again."""
    for path in root.glob(f"*/{source_id}-[0-9][0-9][0-9][0-9][0-9][0-9]-*.warc.gz"):
        stream = _locked(path)
        if stream is not None:
            with stream:
                _cut(stream, committed_end(path.relative_to(root).as_posix()))

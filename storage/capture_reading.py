"""Captures read back from their WARC files, and checked on the way."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storage.captures import CaptureDamaged, Headers, Place, Stored

MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
"""A payload that is or unpacks to more than this is not read back: a bomb or a mistake."""
MAX_HEAD_BYTES = 1024 * 1024
CHUNK = 64 * 1024


def read(
    root: Path,
    place: Place,
    *,
    payload_at: Place | None = None,
    sha256: str = "",
    max_bytes: int = MAX_PAYLOAD_BYTES,
) -> Stored:
    """Read a capture back.

    `payload_at` is where the payload lies when `place` holds only a revisit of it; `sha256`
    is the hash the payload must have, where it is known.

    Raises CaptureDamaged when a file is missing, torn or does not hold it, or when the
    payload is or unpacks to more than `max_bytes`.
    """
    where = f"{root / place.path} at byte {place.offset}"
    with _record(root, place) as record:
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        status, headers = _head(record, where)
        payload = record.raw_stream.read(max_bytes + 1) if payload_at in (None, place) else b""
    if payload_at is not None and payload_at != place:
        with _record(root, payload_at) as record:
            _head(record, where)
            payload = record.raw_stream.read(max_bytes + 1)
    if len(payload) <= max_bytes:
        if sha256 and hashlib.sha256(payload).hexdigest() != sha256:
            raise CaptureDamaged(
                f"{where}: its payload does not have the hash it was stored with. {RESTORE}"
            )
        payload = _decoded(payload, headers, max_bytes)
    if len(payload) > max_bytes:
        raise CaptureDamaged(f"{where}: unpacks to more than {max_bytes} bytes; not read.")
    return Stored(url, status, headers, payload)


def read_payload_sha256(root: Path, place: Place) -> str:
    """The hash of the payload at `place` as it lies in its file, for checking it.

    Raises CaptureDamaged when a file is missing, or any byte of the capture was altered.
    """
    digest = hashlib.sha256()
    with _record(root, place) as record:
        _head(record, f"{root / place.path} at byte {place.offset}")
        while chunk := record.raw_stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


RESTORE = "Restore the file from a backup."


@contextmanager
def _record(root: Path, place: Place) -> Iterator[Any]:
    """The first record at `place`, its block unread, once its bytes were found whole."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    where = f"{root / place.path} at byte {place.offset}"
    try:
        with (root / place.path).open("rb") as stream:
            _check_members(stream, place)
            stream.seek(place.offset)
            record = next(ArchiveIterator(stream, no_record_parse=True), None)
            if record is None:
                raise CaptureDamaged(f"{where}: no record there. {RESTORE}")
            yield record
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise CaptureDamaged(f"{where}: {reason}. {RESTORE}") from error


def _check_members(stream: io.BufferedReader, place: Place) -> None:
    """Unpack the compressed members at `place` and compare their checksums.

    warcio passes over errors inside a member: it would give a shorter text, not an error.
    """
    stream.seek(place.offset)
    left = place.length
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while left > 0:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise EOFError("the file ends before the capture does")
        left -= len(chunk)
        member.decompress(chunk)
        while member.eof and member.unused_data:
            rest = member.unused_data
            member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            member.decompress(rest)
    if not member.eof:
        raise EOFError("the capture's last record is torn")


def _head(record: Any, where: str) -> tuple[int, Headers]:
    """Status and headers of an HTTP message, read off the record; 0 and none for a file."""
    if record.rec_type not in ("response", "revisit"):
        return 0, ()
    lines: list[str] = []
    size = 0
    while True:
        raw: bytes = record.raw_stream.readline(MAX_HEAD_BYTES)
        size += len(raw)
        line = raw.decode("latin-1").rstrip("\r\n")
        if not line:
            break
        if size > MAX_HEAD_BYTES:
            raise CaptureDamaged(f"{where}: its headers do not end. {RESTORE}")
        lines.append(line)
    code = lines[0].split(" ")[1] if lines and " " in lines[0] else ""
    if not code.isdecimal():
        raise CaptureDamaged(f"{where}: no status line. {RESTORE}")
    pairs = (line.partition(":") for line in lines[1:])
    return int(code), tuple((name, value.strip()) for name, _, value in pairs)


def _decoded(payload: bytes, headers: Headers, max_bytes: int) -> bytes:
    """The payload with its content encodings undone, at most `max_bytes` + 1 of it.

    Where a server lied about the encoding, or named one that is not known, it stays as it is.
    """
    from warcio.bufferedreaders import BufferedReader

    said = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    for name in reversed(said.lower().split(",")):
        encoding = name.strip().removeprefix("x-")
        if encoding in ("gzip", "deflate", "br") and encoding in BufferedReader.DECOMPRESSORS:
            reader = BufferedReader(
                io.BytesIO(payload), decomp_type=encoding, read_all_members=encoding == "gzip"
            )
            payload = reader.read(max_bytes + 1)
    return payload

"""Captures: what a server sent, byte for byte, in WARC files any WARC tool can read.

See ISO 28500 and https://iipc.github.io/warc-specifications/. A file belongs to one source
and one month; a crawl holds it open and locked, appends, and gives each record's place back.
"""

import errno
import fcntl
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ClassVar
from urllib.parse import urlsplit

from storage.engine import ArchiveFull
from storage.problems import Problem

MAX_FILE_BYTES = 512 * 1024 * 1024
"""A WARC file is followed by the next one beyond this size."""
MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
"""A payload that unpacks to more than this is not read back: it is a bomb or a mistake."""

Headers = Sequence[tuple[str, str]]


class CaptureDamaged(Problem):
    """A stored capture cannot be read back as it was written."""

    kind: ClassVar[str] = "capture-damaged"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `payload` is the body as sent, content encoding and all."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    payload: bytes
    method: str = "GET"
    request_headers: Headers = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture lies: a file below the captures folder, and its bytes there."""

    path: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A capture read back; `body` is the payload with its content encoding undone."""

    url: str
    status: int
    headers: Headers
    body: bytes


def sha256(payload: bytes) -> str:
    """The hash by which a payload is known."""
    return hashlib.sha256(payload).hexdigest()


class CaptureWriter:
    """Appends to one WARC file, which it holds locked; see `opened`."""

    def __init__(self, root: Path, path: Path, stream: IO[bytes]) -> None:
        from warcio.warcwriter import WARCWriter

        self.path = path.relative_to(root).as_posix()
        self._stream = stream
        self._warc = WARCWriter(stream, gzip=True, warc_version="1.1")
        if stream.tell() == 0:
            self._append([self._info(path.name)])

    @property
    def size(self) -> int:
        """Bytes in the file so far."""
        return self._stream.tell()

    def append(self, exchange: Exchange, *, first: tuple[str, datetime] | None = None) -> Place:
        """Write a response and its request, and give back where.

        `first` names the address and time of an earlier capture with the same payload: then
        a revisit record that points to it is written in place of the payload.

        Raises ArchiveFull when the disk is full; the file is then as it was before.
        """
        response = self._response(exchange, first)
        request = self._request(exchange, response)
        return self._append([response, request])

    def append_resource(self, url: str, at: datetime, media_type: str, body: IO[bytes]) -> Place:
        """Write a file that no server sent, such as an imported collection."""
        record = self._warc.create_warc_record(
            url,
            "resource",
            payload=body,
            warc_content_type=media_type,
            warc_headers_dict={"WARC-Date": warc_date(at)},
        )
        return self._append([record])

    def _append(self, records: Sequence[Any]) -> Place:
        start = self._stream.tell()
        try:
            for record in records:
                self._warc.write_record(record)
            self._stream.flush()
            os.fdatasync(self._stream.fileno())
        except OSError as error:
            self._stream.truncate(start)
            self._stream.seek(start)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise ArchiveFull(
                    f"{self.path} cannot grow ({error.strerror}); nothing already stored is "
                    "harmed. Free some space and try again."
                ) from error
            raise
        return Place(self.path, start, self._stream.tell() - start)

    def _info(self, name: str) -> Any:
        return self._warc.create_warcinfo_record(
            name, {"software": "decreewatch", "format": "WARC File Format 1.1"}
        )

    def _response(self, exchange: Exchange, first: tuple[str, datetime] | None) -> Any:
        from warcio.statusandheaders import StatusAndHeaders

        line = f"{exchange.status} {exchange.reason}".rstrip()
        # The payload is kept after transfer coding was undone, so the header must not claim it.
        kept = [pair for pair in exchange.headers if pair[0].lower() != "transfer-encoding"]
        http = StatusAndHeaders(line, kept, protocol="HTTP/1.1")
        said = {"WARC-Date": warc_date(exchange.fetched_at)}
        digest = f"sha256:{sha256(exchange.payload)}"
        if first is None:
            said["WARC-Payload-Digest"] = digest
            return self._warc.create_warc_record(
                exchange.url,
                "response",
                payload=io.BytesIO(exchange.payload),
                length=len(exchange.payload),
                http_headers=http,
                warc_headers_dict=said,
            )
        return self._warc.create_revisit_record(
            exchange.url,
            digest,
            first[0],
            warc_date(first[1]),
            http_headers=http,
            warc_headers_dict=said,
        )

    def _request(self, exchange: Exchange, response: Any) -> Any:
        from warcio.statusandheaders import StatusAndHeaders

        parts = urlsplit(exchange.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        http = StatusAndHeaders(
            f"{exchange.method} {target} HTTP/1.1",
            [("Host", parts.netloc), *exchange.request_headers],
            is_http_request=True,
        )
        return self._warc.create_warc_record(
            exchange.url,
            "request",
            http_headers=http,
            warc_headers_dict={
                "WARC-Date": warc_date(exchange.fetched_at),
                "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
            },
        )


def warc_date(at: datetime) -> str:
    """A time as WARC writes it: UTC, ISO 8601, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
    folder = root / f"{at:%Y}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100_000):
        path = folder / f"{source_id}-{at:%Y%m}-{number:04d}.warc.gz"
        if path.exists() and path.stat().st_size >= max_bytes:
            continue
        with path.open("ab") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end = committed_end(path.relative_to(root).as_posix())
            if end < stream.tell():
                stream.truncate(end)
                stream.seek(end)
            yield CaptureWriter(root, path, stream)
            return


def read(root: Path, place: Place, *, max_bytes: int = MAX_PAYLOAD_BYTES) -> Stored:
    """Read a capture back.

    Raises CaptureDamaged when the file is missing, torn or does not hold it, or when the
    payload unpacks to more than `max_bytes`.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    where = f"{root / place.path} at byte {place.offset}"
    try:
        with (root / place.path).open("rb") as stream:
            stream.seek(place.offset)
            record = next(ArchiveIterator(stream), None)
            if record is None:
                raise CaptureDamaged(f"{where}: no record there. Restore the file from a backup.")
            body = record.content_stream().read(max_bytes + 1)
            http = record.http_headers
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
    except (OSError, ArchiveLoadFailed, EOFError) as error:
        raise CaptureDamaged(f"{where}: {error}. Restore the file from a backup.") from error
    if len(body) > max_bytes:
        raise CaptureDamaged(f"{where}: unpacks to more than {max_bytes} bytes; not read.")
    if http is None:
        return Stored(url, 0, (), body)
    return Stored(url, int(http.get_statuscode() or 0), tuple(http.headers), body)


def read_payload_sha256(root: Path, place: Place) -> str:
    """The hash of a stored payload as it lies in its file, for checking it.

    Raises CaptureDamaged like `read`.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    where = f"{root / place.path} at byte {place.offset}"
    digest = hashlib.sha256()
    try:
        with (root / place.path).open("rb") as stream:
            stream.seek(place.offset)
            record = next(ArchiveIterator(stream), None)
            if record is None:
                raise CaptureDamaged(f"{where}: no record there. Restore the file from a backup.")
            while chunk := record.raw_stream.read(1 << 20):
                digest.update(chunk)
    except (OSError, ArchiveLoadFailed, EOFError) as error:
        raise CaptureDamaged(f"{where}: {error}. Restore the file from a backup.") from error
    return digest.hexdigest()

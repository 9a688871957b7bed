"""Captures: what a server sent, byte for byte, in WARC files any WARC tool can read.

See ISO 28500 and https://iipc.github.io/warc-specifications/. A file belongs to one source
and one month; a crawl holds it open and locked, appends, and gives each record's place back.
"""

import hashlib
import io
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ClassVar
from urllib.parse import urlsplit

from storage.engine import refused_by_system
from storage.problems import Problem

GZIP_LEVEL = 6
MAX_FILE_BYTES = 512 * 1024 * 1024
"""A WARC file is followed by the next one beyond this size."""
Headers = Sequence[tuple[str, str]]


class CaptureDamaged(Problem):
    """A stored capture cannot be read back as it was written."""

    kind: ClassVar[str] = "capture-damaged"


class CaptureDropped(Problem):
    """A capture whose bytes were let go."""

    kind: ClassVar[str] = "capture-dropped"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `payload` is the body as sent, content encoding and all.

    Header names and values are the sent bytes read as Latin-1, as HTTP libraries give them.
    """

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


def warcinfo(name: str) -> bytes:
    """The record with which a WARC file called `name` begins, as a gzip member of its own."""
    from warcio.warcwriter import BufferWARCWriter

    writer = BufferWARCWriter(gzip=True, warc_version="1.1")
    writer.write_record(
        writer.create_warcinfo_record(
            name, {"software": "decreewatch", "format": "WARC File Format 1.1"}
        )
    )
    return bytes(writer.get_contents())


def sha256(payload: bytes) -> str:
    """The hash by which a payload is known."""
    return hashlib.sha256(payload).hexdigest()


class CaptureWriter:
    """Appends to one WARC file; see `storage.capture_files.opened`."""

    def __init__(self, root: Path, path: Path, stream: io.FileIO) -> None:
        from warcio.warcwriter import WARCWriter

        self.path = path.relative_to(root).as_posix()
        self._stream = stream
        self._members = _Members(stream)
        self._warc = WARCWriter(self._members, gzip=False, warc_version="1.1")
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
        """Write a file that no server sent, such as an imported collection.

        Raises ArchiveFull like `append`.
        """
        record = self._warc.create_warc_record(
            _one_line(url),
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
                self._members.begin()
                self._warc.write_record(record)
            os.fdatasync(self._stream.fileno())
        except BaseException as error:
            self._stream.truncate(start)
            self._stream.seek(start)
            if isinstance(error, OSError):
                raise refused_by_system(error, self.path) from error
            raise
        return Place(self.path, start, self._stream.tell() - start)

    def _info(self, name: str) -> Any:
        return self._warc.create_warcinfo_record(
            name, {"software": "decreewatch", "format": "WARC File Format 1.1"}
        )

    def _response(self, exchange: Exchange, first: tuple[str, datetime] | None) -> Any:
        # The payload is kept after transfer coding was undone, so the header must not claim it.
        kept = [pair for pair in exchange.headers if pair[0].lower() != "transfer-encoding"]
        http = _Head(f"HTTP/1.1 {exchange.status} {exchange.reason}", kept)
        said = {"WARC-Date": warc_date(exchange.fetched_at)}
        digest = f"sha256:{sha256(exchange.payload)}"
        if first is None:
            said["WARC-Payload-Digest"] = digest
            return self._warc.create_warc_record(
                _one_line(exchange.url),
                "response",
                payload=io.BytesIO(exchange.payload),
                length=len(exchange.payload),
                http_headers=http,
                warc_headers_dict=said,
            )
        return self._warc.create_revisit_record(
            _one_line(exchange.url),
            digest,
            _one_line(first[0]),
            warc_date(first[1]),
            http_headers=http,
            warc_headers_dict=said,
        )

    def _request(self, exchange: Exchange, response: Any) -> Any:
        parts = urlsplit(_one_line(exchange.url))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = [pair for pair in exchange.request_headers if pair[0].lower() != "host"]
        http = _Head(f"{exchange.method} {target} HTTP/1.1", [("Host", parts.netloc), *sent])
        return self._warc.create_warc_record(
            _one_line(exchange.url),
            "request",
            http_headers=http,
            warc_headers_dict={
                "WARC-Date": warc_date(exchange.fetched_at),
                "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
            },
        )


class _Members:
    """A file of gzip members, one a record, that takes every byte or fails.

    A bare file may take only a part of what is written; a buffered one could not throw away
    what a failed write left in it. warcio's own gzip is of the slowest level, which takes
    half as long again as this one for a hundredth of the size.
    """

    def __init__(self, stream: io.FileIO) -> None:
        self._stream = stream
        self.begin()

    def begin(self) -> None:
        """Begin a new member, whatever became of the last."""
        self._gzip = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)

    def write(self, chunk: bytes) -> None:
        self._write(self._gzip.compress(chunk))

    def flush(self) -> None:
        """End the member: warcio flushes after each record."""
        self._write(self._gzip.flush())

    def _write(self, packed: bytes) -> None:
        left = memoryview(packed)
        while left:
            left = left[self._stream.write(left) :]


class _Head:
    """The first line and headers of a message, as warcio asks for them.

    warcio's own class rewrites header values that are not ASCII; these stay as they were sent.
    A line break inside a value would begin a header that nobody sent.
    """

    def __init__(self, first: str, headers: Headers) -> None:
        lines = [first.rstrip(), *(f"{name.strip()}: {value}" for name, value in headers)]
        self.headers_buff = b"".join(_wire(line) + b"\r\n" for line in lines) + b"\r\n"

    def compute_headers_buffer(self, header_filter: object) -> None:
        """Nothing remains to be computed."""


def _wire(line: str) -> bytes:
    line = re.sub(r"[\r\n\0]+", " ", line)
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def _one_line(url: str) -> str:
    return re.sub(r"[\x00-\x20\x7f]", lambda found: f"%{ord(found[0]):02X}", url)


def warc_date(at: datetime) -> str:
    """A time as WARC writes it: UTC, ISO 8601, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""One capture as a WARC file of its own, byte for byte as its records lie in the archive."""

import io
from collections.abc import Iterator
from pathlib import Path

from storage.archive import Archive, place_of
from storage.captures import CaptureDamaged, CaptureDropped, Place, warcinfo

CHUNK = 256 * 1024
RESTORE = "Restore the file from a backup."


def warc_of(archive: Archive, capture_id: int, name: str) -> Iterator[bytes]:
    """A WARC file called `name`: its own warcinfo record, then the capture's response and request.

    A capture whose payload was held already is a revisit record; the records that it refers to
    stand before it, so that the file needs no other. The file is looked at before the first byte
    is given.

    Raises KeyError when there is no such capture, CaptureDropped when its bytes were let go, and
    CaptureDamaged when its file is missing or too short.
    """
    with archive.reading() as tx:
        capture = tx.captures.get(capture_id)
        if capture is None:
            raise KeyError(f"no capture {capture_id}")
        holder = tx.captures.holder(capture)
    rows = [capture] if holder.id == capture.id else [holder, capture]
    for row in rows:
        if row.dropped_at is not None:
            raise CaptureDropped(
                f"capture {capture_id} of {capture.url} was let go on "
                f"{row.dropped_at:%Y-%m-%d} by the retention; its text and hash are kept"
            )
    places = [place_of(row) for row in rows]
    for place in places:
        _check(archive.captures_root, place)
    return _bytes(archive.captures_root, places, warcinfo(name))


def _check(root: Path, place: Place) -> None:
    path = root / place.path
    try:
        size = path.stat().st_size
    except OSError as error:
        raise CaptureDamaged(f"{path}: {error.strerror}. {RESTORE}") from error
    if size < place.offset + place.length:
        raise CaptureDamaged(f"{path} ends before the capture does. {RESTORE}")


def _bytes(root: Path, places: list[Place], head: bytes) -> Iterator[bytes]:
    yield head
    for place in places:
        with (root / place.path).open("rb") as stream:
            stream.seek(place.offset, io.SEEK_SET)
            left = place.length
            while left > 0 and (chunk := stream.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

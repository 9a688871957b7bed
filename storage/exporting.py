"""The archive for other programs: JSONL that `import` reads, CSV, or the WARC records."""

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.archive import Archive, Transaction
from storage.models import Item, Revision

COLUMNS = (
    "url", "title", "summary", "text", "published_at", "seen_at", "source", "language", "topics",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items to export; empty means all. Times bound when an item was first seen."""

    source: str = ""
    topic: str = ""
    since: datetime | None = None
    until: datetime | None = None


def export_jsonl(archive: Archive, selection: Selection, out: IO[str]) -> int:
    """Write one JSON object a line, in the form that `import` reads; returns how many."""
    written = 0
    for row in _rows(archive, selection):
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        written += 1
    return written


def export_csv(archive: Archive, selection: Selection, out: IO[str]) -> int:
    """Write a table with a heading row; returns how many items it holds.

    A cell that a spreadsheet would take for a formula gets a leading apostrophe, see
    https://owasp.org/www-community/attacks/CSV_Injection.
    """
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    written = 0
    for row in _rows(archive, selection):
        table.writerow(
            {
                key: _cell(" ".join(value) if isinstance(value, list) else value)
                for key, value in row.items()
                if key in COLUMNS
            }
        )
        written += 1
    return written


def export_warc(archive: Archive, selection: Selection, out: IO[bytes]) -> int:
    """Write the WARC records of the captures, as they lie in the archive; returns how many.

    `selection` is applied to the captures' source and time; topics do not apply.
    """
    written = 0
    with archive.reading() as tx:
        for capture in tx.captures.every():
            if selection.source and capture.source_id != selection.source:
                continue
            if not _within(capture.fetched_at, selection):
                continue
            with (archive.captures_root / capture.warc_path).open("rb") as warc:
                warc.seek(capture.warc_offset)
                _copy(warc, out, capture.warc_length)
            written += 1
    return written


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears at `path` only once it is completely written."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _rows(archive: Archive, selection: Selection) -> Iterator[dict[str, Any]]:
    with archive.reading() as tx:
        for item, revision in tx.items.every(source=selection.source):
            if not _within(item.first_seen, selection):
                continue
            topics = [tag.topic for tag in tx.findings.tags(revision.id)]
            if selection.topic and selection.topic not in topics:
                continue
            for older in _history(tx, item, revision):
                yield _row(item, older, topics if older is revision else [])


def _history(tx: Transaction, item: Item, newest: Revision) -> list[Revision]:
    """An item's revisions from the oldest on, so that an import rebuilds its history."""
    if item.latest == 1:
        return [newest]
    others = [r for r in tx.items.revisions(item.id) if r.id != newest.id]
    return sorted([*others, newest], key=lambda r: (r.seen_at, r.number))


def _row(item: Item, revision: Revision, topics: list[str]) -> dict[str, Any]:
    published = revision.published_at or item.published_at
    return {
        "url": item.url,
        "title": revision.title,
        "summary": revision.summary,
        "text": revision.text,
        "published_at": published.isoformat() if published else None,
        "seen_at": revision.seen_at.isoformat(),
        "source": item.source_id,
        "language": revision.language,
        "topics": topics,
    }


def _within(at: datetime, selection: Selection) -> bool:
    after = selection.since is None or at >= selection.since
    return after and (selection.until is None or at < selection.until)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _copy(source: IO[bytes], out: IO[bytes], length: int) -> None:
    while length > 0:
        chunk = source.read(min(length, 1 << 20))
        if not chunk:
            return
        out.write(chunk)
        length -= len(chunk)

"""The archive for other programs: JSONL that `import` reads, CSV, or the WARC records."""

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.archive import Archive, Transaction
from storage.captures import CaptureDamaged
from storage.engine import refused_by_system
from storage.export_cells import COLUMNS, cells_of
from storage.json_text import json_line
from storage.models import Item, Revision


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
        out.write(json_line(row) + "\n")
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
        table.writerow(cells_of(row))
        written += 1
    return written


def rows_of(tx: Transaction, item_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows of these items in the form that `import` reads: each item's texts, oldest first."""
    for item_id in item_ids:
        item = tx.items.get(item_id)
        latest = tx.items.latest(item) if item is not None else None
        if item is not None and latest is not None:
            topics = [tag.topic for tag in tx.findings.tags(latest.id)]
            history = _history(tx, item)
            yield from _rows_of_item(item, latest, history, topics, _named(tx, latest))


def export_warc(archive: Archive, selection: Selection, out: IO[bytes]) -> int:
    """Write the WARC records of the captures, as they lie in the archive; returns how many.

    `selection` is applied to the captures' source and time; topics do not apply.

    Raises CaptureDamaged when a file is missing or ends too early.
    """
    written = 0
    with archive.reading() as tx:
        for capture in tx.captures.every():
            if selection.source and capture.source_id != selection.source:
                continue
            if not _within(capture.fetched_at, selection):
                continue
            path = archive.captures_root / capture.warc_path
            try:
                warc = path.open("rb")
            except OSError as error:
                raise CaptureDamaged(
                    f"{path}: {error.strerror}. Restore the file from a backup."
                ) from error
            with warc:
                warc.seek(capture.warc_offset)
                if not _copied(warc, out, capture.warc_length):
                    raise CaptureDamaged(
                        f"{path} ends before capture {capture.id} does. "
                        "Restore the file from a backup."
                    )
            written += 1
    return written


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears at `path` only once it is completely written.

    Raises ArchiveFull or ArchiveUnreachable when it cannot be; what was at `path` stays.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise refused_by_system(error, path) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise refused_by_system(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def _rows(archive: Archive, selection: Selection) -> Iterator[dict[str, Any]]:
    with archive.reading() as tx:
        several = tx.items.with_history()
        for item, revision in tx.items.every(source=selection.source):
            if not _within(item.first_seen, selection):
                continue
            topics = [tag.topic for tag in tx.findings.tags(revision.id)]
            if selection.topic and selection.topic not in topics:
                continue
            history = _history(tx, item) if item.id in several else [revision]
            named = _named(tx, revision)
            yield from _rows_of_item(item, revision, history, topics, named)


def _named(tx: Transaction, revision: Revision) -> list[str]:
    """The instruments that a text names, each once, in their order."""
    found = tx.findings.citations(revision.id)
    return list(dict.fromkeys(one.instrument for one in found if one.instrument))


def _rows_of_item(
    item: Item,
    latest: Revision,
    history: Sequence[Revision],
    topics: list[str],
    named: list[str],
) -> Iterator[dict[str, Any]]:
    found = {"topics": topics, "instruments": named}
    for older in history:
        yield _row(item, older) | (found if older is latest else {})
    if history[-1] is not latest:
        # An older text, learned of later, was seen between two looks at the newest one.
        yield _row(item, latest) | found | {"seen_at": item.last_seen.isoformat()}


def _history(tx: Transaction, item: Item) -> list[Revision]:
    """An item's revisions from the oldest on, so that an import rebuilds its history."""
    return sorted(tx.items.revisions(item.id), key=lambda r: (r.seen_at, r.number))


def _row(item: Item, revision: Revision) -> dict[str, Any]:
    return {
        "url": item.url,
        "title": revision.title,
        "summary": revision.summary,
        "text": revision.text,
        "published_at": _iso(revision.published_at),
        "seen_at": revision.seen_at.isoformat(),
        "source": item.source_id,
        "language": revision.language,
        "topics": [],
        "kind": item.kind,
        "byline": revision.byline,
        "modified_at": _iso(revision.modified_at),
        "instruments": [],
        "fields": revision.fields,
        "notes": revision.notes,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _within(at: datetime, selection: Selection) -> bool:
    after = selection.since is None or at >= selection.since
    return after and (selection.until is None or at < selection.until)


def _copied(source: IO[bytes], out: IO[bytes], length: int) -> bool:
    while length > 0:
        chunk = source.read(min(length, 1 << 20))
        if not chunk:
            return False
        out.write(chunk)
        length -= len(chunk)
    return True

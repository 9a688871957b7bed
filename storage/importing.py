"""An existing collection into the archive: JSON Lines in, items and revisions out."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import insert, select

from storage.addresses import canonical_url
from storage.archive import Archive, Transaction
from storage.items import Observation, content_sha256, nfc
from storage.models import Event, Item, Revision
from storage.problems import Problem

BATCH = 1000
MAX_LINE_BYTES = 32 * 1024 * 1024
MAX_ERRORS = 100
"""Faulty lines that are named one by one; more are only counted."""
EXTRACTOR, VERSION = "import", 1


class ImportUnreadable(Problem):
    """The file to import cannot be read."""

    kind: ClassVar[str] = "import-unreadable"


@dataclass(slots=True)
class ImportReport:
    """What an import did, as it goes on."""

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    faulty: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Count a line that could not be taken."""
        self.faulty += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append({"line": line, "message": message})

    def to_json(self) -> dict[str, Any]:
        """The report in its public form."""
        errors = list(self.errors)
        if self.faulty > len(errors):
            errors.append({"line": None, "message": f"{self.faulty - len(errors)} more faults"})
        return {
            "read": self.read,
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "errors": errors,
        }


def import_file(
    archive: Archive,
    path: Path,
    now: datetime,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import a JSONL file, plain or gzipped; what is held already is left as it is.

    Each line holds `url` and `title` and may hold `summary`, `text`, `published_at`,
    `seen_at`, `source` and `language`. The file itself becomes a capture. It is taken in
    batches, each in one transaction: an interrupted import is resumed by running it again.
    `on_progress` is told bytes read and bytes in all.

    Raises ImportUnreadable when the file cannot be read at all.
    """
    report = ImportReport()
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            capture_id = _capture(archive, path, raw, size, now)
            raw.seek(0)
            for batch in _batches(raw, report, now, capture_id):
                with archive.transaction() as tx:
                    _store(tx, batch, report)
                if on_progress is not None:
                    on_progress(raw.tell(), size)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise ImportUnreadable(
            f"{path}: {error}. {report.read} lines were taken before; mend the file and run "
            "the import again."
        ) from error
    return report


def _capture(archive: Archive, path: Path, raw: BufferedReader, size: int, now: datetime) -> int:
    digest = hashlib.file_digest(raw, "sha256").hexdigest()
    with archive.reading() as tx:
        known = tx.captures.by_digest(digest)
    if known is not None:
        return known.id
    raw.seek(0)
    media_type = "application/gzip" if path.suffix == ".gz" else "application/jsonl"
    url = f"urn:sha256:{digest}"
    with archive.capture_writer("import", now) as writer:
        place = writer.append_resource(url, now, media_type, raw)
        with archive.transaction() as tx:
            kept = tx.captures.keep_resource(url, "import", now, media_type, digest, size, place)
            return kept.id


def _batches(
    raw: BufferedReader, report: ImportReport, now: datetime, capture_id: int
) -> Iterator[list[Observation]]:
    """Observations in groups in which no address occurs twice, in the order of the file."""
    magic = raw.read(2)
    raw.seek(0)
    lines: BufferedIOBase = gzip.GzipFile(fileobj=raw) if magic == b"\x1f\x8b" else raw
    batch: list[Observation] = []
    urls: set[str] = set()
    number = 0
    while line := lines.readline(MAX_LINE_BYTES):
        number += 1
        if not line.strip():
            continue
        report.read += 1
        try:
            seen = _observation(line, now, capture_id)
        except (ValueError, TypeError) as error:
            report.fault(number, str(error))
            continue
        if seen.url in urls or len(batch) >= BATCH:
            yield batch
            batch, urls = [], set()
        batch.append(seen)
        urls.add(seen.url)
    if batch:
        yield batch


def _observation(line: bytes, now: datetime, capture_id: int) -> Observation:
    if len(line) >= MAX_LINE_BYTES:
        raise ValueError(f"a line of more than {MAX_LINE_BYTES} bytes")
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("expected a JSON object")
    for key in ("url", "title"):
        if not isinstance(said.get(key), str) or not said[key].strip():
            raise ValueError(f"{key}: expected a text")
    if not said["url"].startswith(("http://", "https://")):
        raise ValueError("url: expected an address that begins with http:// or https://")
    seen_at = _time(said, "seen_at") or now
    return Observation(
        url=canonical_url(said["url"]),
        source_id=_text(said, "source")[:100] or "import",
        kind="article",
        seen_at=seen_at,
        title=nfc(said["title"]),
        summary=nfc(_text(said, "summary")),
        text=nfc(_text(said, "text")),
        published_at=_time(said, "published_at"),
        language=_text(said, "language")[:10],
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        method="import",
        capture_id=capture_id,
        backfill=True,
    )


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected a text")
    return value


def _time(said: dict[str, Any], key: str) -> datetime | None:
    value = _text(said, key)
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{key}: expected an ISO 8601 time; found {value[:40]!r}") from error
    if at.tzinfo is None:
        raise ValueError(f"{key}: expected a time with its zone, such as +07:00; found {value!r}")
    return at


def _store(tx: Transaction, batch: list[Observation], report: ImportReport) -> None:
    """Store a batch: new items in bulk, the few that are known and differ one by one."""
    digests = {seen.url: content_sha256(seen.title, seen.summary, seen.text, {}) for seen in batch}
    held = dict(
        tx.session.execute(
            select(Item.url, Revision.content_sha256)
            .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
            .where(Item.url.in_(digests))
        )
        .tuples()
        .all()
    )
    fresh = [seen for seen in batch if seen.url not in held]
    for seen in batch:
        if seen.url not in held:
            continue
        if held[seen.url] == digests[seen.url]:
            report.unchanged += 1
            continue
        if tx.items.observe(seen).result == "unchanged":
            report.unchanged += 1
        else:
            report.revised += 1
    if fresh:
        _insert(tx, fresh, digests)
        report.new += len(fresh)


def _insert(tx: Transaction, fresh: list[Observation], digests: dict[str, str]) -> None:
    items = tx.session.scalars(
        insert(Item).returning(Item.id, sort_by_parameter_order=True),
        [
            {
                "url": seen.url,
                "source_id": seen.source_id,
                "kind": seen.kind,
                "first_seen": seen.seen_at,
                "last_seen": seen.seen_at,
                "published_at": seen.published_at,
                "language": seen.language,
                "latest": 1,
            }
            for seen in fresh
        ],
    ).all()
    revisions = tx.session.scalars(
        insert(Revision).returning(Revision.id, sort_by_parameter_order=True),
        [
            {
                "item_id": item_id,
                "number": 1,
                "cause": "first",
                "capture_id": seen.capture_id,
                "extractor": seen.extractor,
                "extractor_version": seen.extractor_version,
                "method": seen.method,
                "seen_at": seen.seen_at,
                "title": seen.title,
                "summary": seen.summary,
                "text": seen.text,
                "published_at": seen.published_at,
                "language": seen.language,
                "content_sha256": digests[seen.url],
            }
            for item_id, seen in zip(items, fresh, strict=True)
        ],
    ).all()
    tx.session.execute(
        insert(Event),
        [
            {
                "kind": "item.appeared",
                "at": seen.seen_at,
                "subject": f"item:{item_id}",
                "data": {
                    "item": item_id,
                    "revision": revision_id,
                    "source": seen.source_id,
                    "kind": seen.kind,
                    "url": seen.url,
                    "title": seen.title,
                    "backfill": True,
                },
            }
            for item_id, revision_id, seen in zip(items, revisions, fresh, strict=True)
        ],
    )

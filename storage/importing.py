"""An existing collection into the archive: JSON Lines in, items and revisions out."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, ClassVar

from storage.archive import Archive
from storage.import_lines import EXTRACTOR as EXTRACTOR
from storage.import_lines import MAX_LINE_BYTES, observation
from storage.import_rows import store
from storage.models import Capture
from storage.observations import Observation
from storage.problems import Problem

BATCH = 1000
MAX_ERRORS = 100
"""Faulty lines that are named one by one; more are only counted."""


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

    Each line holds `url` and `title` and may hold what else `observation` reads; one without
    `seen_at` was seen when its file was first imported. The file itself becomes a capture. It is
    taken in batches, each in one transaction: an interrupted import is resumed by running it
    again. `on_progress` is told bytes read and bytes in all.

    Raises ImportUnreadable when the file cannot be read at all, or only in part: what came
    before the fault is then stored.
    """
    report = ImportReport()
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            capture = _capture(archive, path, raw, size, now)
            raw.seek(0)
            for batch in _batches(_lines(raw), report, capture):
                with archive.transaction() as tx:
                    counted = store(tx, batch)
                report.new += counted.new
                report.revised += counted.revised
                report.unchanged += counted.unchanged
                if on_progress is not None:
                    on_progress(raw.tell(), size)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        taken = f"{report.read} lines were taken before" if report.read else "Nothing was taken"
        raise ImportUnreadable(
            f"{path}: {reason}. {taken}; mend the file and run the import again."
        ) from error
    return report


def _capture(
    archive: Archive, path: Path, raw: BufferedReader, size: int, now: datetime
) -> Capture:
    digest = hashlib.file_digest(raw, "sha256").hexdigest()
    with archive.reading() as tx:
        known = tx.captures.by_digest(digest)
    if known is not None:
        return known
    raw.seek(0)
    media_type = "application/gzip" if path.suffix == ".gz" else "application/jsonl"
    url = f"urn:sha256:{digest}"
    with archive.capture_writer("import", now) as writer:
        place = writer.append_resource(url, now, media_type, raw)
        with archive.transaction() as tx:
            return tx.captures.keep_resource(url, "import", now, media_type, digest, size, place)


def _lines(raw: BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a plain or gzipped file; of one that is too long, only its beginning."""
    magic = raw.read(2)
    raw.seek(0)
    source: BufferedIOBase = gzip.GzipFile(fileobj=raw) if magic == b"\x1f\x8b" else raw
    number = 0
    while line := source.readline(MAX_LINE_BYTES):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := source.readline(MAX_LINE_BYTES)):
            pass
        yield number, line


def _batches(
    lines: Iterator[tuple[int, bytes]], report: ImportReport, capture: Capture
) -> Iterator[list[Observation]]:
    """Observations in groups of at most BATCH, in the order of the file.

    When the file cannot be read further, the lines before are handed out first.
    """
    batch: list[Observation] = []
    broken: Exception | None = None
    while True:
        try:
            number, line = next(lines)
        except StopIteration:
            break
        except (OSError, EOFError, zlib.error) as error:
            broken = error
            break
        if not line.strip():
            continue
        report.read += 1
        try:
            batch.append(observation(line, capture))
        except ValueError as error:
            report.fault(number, str(error))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
    if broken is not None:
        raise broken

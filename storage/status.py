"""How the archive is: counts, sizes, how far each reader is behind, what went wrong last."""

from collections.abc import Sequence
from typing import Any

from storage.archive import Archive, Transaction
from storage.index_checking import standing_of
from storage.log import Reader

LAST = 10
"""How many troubles and failures are shown."""


def status(archive: Archive, readers: Sequence[Reader]) -> dict[str, Any]:
    """Everything a person asks first, as one JSON-ready object.

    `readers` are the stages whose lag is told: how many events they have yet to read.
    """
    with archive.reading() as tx:
        last = tx.events.last()
        failures = tx.events.failures()
        return {
            "path": str(archive.root),
            "database": archive.engine.url.render_as_string(hide_password=True),
            "counts": tx.items.counts()
            | tx.captures.counts()
            | tx.sources.counts()
            | tx.outbox.counts()
            | {"events": last, "failures": len(failures)},
            "bytes": _sizes(archive),
            "index": standing_of(archive),
            "topics": tx.findings.topics(),
            "classifier": _classifier(tx),
            "cursors": {
                reader.name: {
                    "seq": tx.events.cursor(reader.name),
                    "behind": tx.events.waiting_for(reader),
                }
                for reader in readers
            },
            "troubles": [
                {
                    "source": trouble.source_id,
                    "url": trouble.url,
                    "kind": trouble.kind,
                    "message": trouble.message,
                    "count": trouble.count,
                    "first_at": trouble.first_at.isoformat(),
                    "last_at": trouble.last_at.isoformat(),
                }
                for trouble in tx.sources.troubles()[:LAST]
            ],
            "failures": [
                {
                    "reader": failure.reader,
                    "seq": failure.seq,
                    "kind": failure.kind,
                    "message": failure.message,
                    "attempts": failure.attempts,
                    "at": failure.at.isoformat(),
                }
                for failure in failures[-LAST:]
            ],
        }


def _classifier(tx: Transaction) -> dict[str, Any]:
    """The classifier that read last, what others have read, and what it learns from."""
    present, active = tx.readings.present(), tx.heads.active()
    head = active.number if active is not None else 0
    # With another head in use, whatever was read was read by another classifier.
    version = present.version if present is not None and present.head == head else ""
    return {
        "version": present.version if present is not None else None,
        "head": head,
        "labels": tx.labels.count(),
        "read_by_others": tx.readings.stale_count(version),
        "tagged_by_others": tx.readings.stale_count(version, tagged=True),
        "vectors": tx.vectors.counts(),
    }


def _sizes(archive: Archive) -> dict[str, int]:
    """Bytes on disk of the embedded database and of the captures."""
    database = sum(path.stat().st_size for path in archive.root.glob("archive.db*"))
    warc = sum(path.stat().st_size for path in archive.captures_root.rglob("*.warc.gz"))
    return {"database": database, "captures": warc}

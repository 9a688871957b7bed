"""Letting old captures go, by age and by size, but never the evidence of what was told.

A capture is protected when an alert, a version of an instrument, a deadline, a status or a
person's label rests on it, when it is a legal document's, or when another capture that is kept
shares its payload. The texts, hashes and times of what goes are kept for good: only the bytes go.

WARC files are never changed in place. What is kept of a file is written to a new one; then, in
one transaction, the rows learn their new places; then the old file is removed. A kill in between
leaves a file that no row names, and the next run removes it.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from storage.archive import Archive
from storage.engine import refused_by_system
from storage.housekeeping import forget_old_bands, undisturbed
from storage.models import Capture, Item, Revision
from storage.models_law import InstrumentVersion
from storage.models_telling import Alert, Deadline, InstrumentStatus
from storage.models_topics import Label

YOUNGEST = timedelta(days=35)
"""Files of the last weeks may be open for appending: none of their captures goes."""
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """How many captures went, and how many bytes of WARC files with them."""

    captures: int = 0
    bytes: int = 0


def retain(
    archive: Archive,
    now: datetime,
    *,
    older_than: timedelta | None = None,
    most_bytes: int | None = None,
) -> RetentionReport:
    """Let captures go that are older than `older_than`, and then the oldest ones for as long as
    the WARC files hold more than `most_bytes`. What old stories are found by goes in any case.

    Raises HousekeepingBusy, ArchiveFull, or the archive's own errors.
    """
    forget_old_bands(archive, now)
    if older_than is None and most_bytes is None:
        return RetentionReport()
    with undisturbed(archive):
        _remove_unnamed(archive, now)
        going = _going(archive, now, older_than, most_bytes)
        report = RetentionReport()
        for path, ids in going.items():
            freed = _let_go(archive, path, ids, now)
            report = RetentionReport(report.captures + len(ids), report.bytes + freed)
    return report


def _going(
    archive: Archive, now: datetime, older_than: timedelta | None, most_bytes: int | None
) -> dict[str, set[int]]:
    """The captures that go, by WARC file."""
    going: dict[str, set[int]] = defaultdict(set)
    with archive.reading() as tx:
        protected = _protected(tx.session)
        size = sum(path.stat().st_size for path in archive.captures_root.rglob("*.warc.gz"))
        for row in tx.session.execute(_by_age(now - YOUNGEST)):
            too_old = older_than is not None and row.fetched_at < now - older_than
            too_much = most_bytes is not None and size > most_bytes
            if not too_old and not too_much:
                break
            if row.id not in protected:
                going[row.warc_path].add(row.id)
                size -= row.warc_length
    return going


def _by_age(before: datetime) -> Select[int, datetime, str, int]:
    query = select(Capture.id, Capture.fetched_at, Capture.warc_path, Capture.warc_length)
    held = query.where(Capture.dropped_at.is_(None), Capture.fetched_at < before)
    return held.order_by(Capture.fetched_at, Capture.id)


def _protected(session: Session) -> set[int]:
    revisions = set(
        session.scalars(
            union(
                select(InstrumentVersion.revision_id),
                select(Deadline.revision_id),
                select(InstrumentStatus.revision_id),
                select(Label.revision_id),
                select(Revision.id).join(Item).where(Item.kind == "document"),
            )
        )
    )
    captures: set[int] = set()
    for body in session.scalars(select(Alert.body)):
        ids = body.get("ids", {})
        revisions |= {ids[name] for name in ("revision", "previous") if name in ids}
        captures |= {ids["capture"]} if "capture" in ids else set()
    rows = session.execute(
        select(Revision.id, Revision.capture_id).where(Revision.capture_id.is_not(None))
    )
    captures |= {row.capture_id for row in rows if row.id in revisions}
    shared = session.execute(
        select(Capture.id, Capture.revisit_of).where(Capture.revisit_of.is_not(None))
    )
    # A payload goes only once nothing that is kept points to it; later runs see to the rest.
    return captures | {row.revisit_of for row in shared}


def _let_go(archive: Archive, path: str, ids: Collection[int], now: datetime) -> int:
    """Write what stays of a WARC file to a new one and forget the rest; gives bytes freed."""
    old = archive.captures_root / path
    with archive.reading() as tx:
        query = select(Capture).where(Capture.warc_path == path).order_by(Capture.warc_offset)
        staying = [row for row in tx.session.scalars(query) if row.id not in ids]
    new = _kept_beside(old)
    try:
        places = _copy_records(old, new, staying) if staying else {}
        with archive.transaction() as tx:
            if _shared_meanwhile(tx.session, ids):
                new.unlink(missing_ok=True)
                return 0
            for row in tx.session.scalars(select(Capture).where(Capture.warc_path == path)):
                if row.id in ids:
                    row.dropped_at, row.warc_path, row.warc_offset, row.warc_length = now, "", 0, 0
                else:
                    row.warc_path = new.relative_to(archive.captures_root).as_posix()
                    row.warc_offset = places[row.id]
        freed = old.stat().st_size - (new.stat().st_size if staying else 0)
        old.unlink()
    except OSError as error:
        raise refused_by_system(error, old) from error
    return freed


def _shared_meanwhile(session: Session, ids: Collection[int]) -> bool:
    """Whether a crawl has met one of these payloads again since it was decided that it goes."""
    shared = session.scalars(select(Capture.revisit_of).where(Capture.revisit_of.is_not(None)))
    return not set(ids).isdisjoint(shared)


def _kept_beside(path: Path) -> Path:
    """A name that no crawl appends to: `vnexpress-203106-0001.k2.warc.gz`."""
    stem, _, rest = path.name.removesuffix(".warc.gz").partition(".k")
    return path.with_name(f"{stem}.k{int(rest or 0) + 1}.warc.gz")


def _copy_records(old: Path, new: Path, staying: Sequence[Capture]) -> dict[int, int]:
    """Copy the file's head and the records of some captures; gives their new offsets."""
    places: dict[int, int] = {}
    with old.open("rb") as source, new.open("wb") as target:
        first = min(row.warc_offset for row in staying)
        for block in _blocks(source, 0, min(first, _head_length(old))):
            target.write(block)
        for row in staying:
            places[row.id] = target.tell()
            for block in _blocks(source, row.warc_offset, row.warc_length):
                target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return places


def _head_length(path: Path) -> int:
    """The length of the first record, which says what the file is."""
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        record = next(records, None)
        if record is None or record.rec_type != "warcinfo":
            return 0
        record.content_stream().read()
        if next(records, None) is None:
            return path.stat().st_size
        return int(records.get_record_offset())


def _blocks(source: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    source.seek(start)
    while length and (block := source.read(min(CHUNK, length))):
        length -= len(block)
        yield block


def _remove_unnamed(archive: Archive, now: datetime) -> None:
    """Remove what an earlier run that was killed left: files that no capture names."""
    with archive.reading() as tx:
        named = set(tx.session.scalars(select(Capture.warc_path).distinct()))
    for path in archive.captures_root.rglob("*.warc.gz"):
        is_old = now.timestamp() - path.stat().st_mtime > YOUNGEST.total_seconds()
        is_ours = ".k" in path.name
        if path.relative_to(archive.captures_root).as_posix() not in named and (is_ours or is_old):
            path.unlink()

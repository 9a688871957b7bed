"""The one door of the archive: a database and a folder of WARC files behind transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.audit import Audit
from storage.capture_files import opened
from storage.capture_reading import read
from storage.capture_rows import Captures
from storage.captures import CaptureDropped, CaptureWriter, Place, Stored
from storage.deadlines import Deadlines
from storage.engine import (
    BUSY_TIMEOUT_S,
    connect,
    refused_by_system,
    said_plainly,
    session,
    sqlite_url,
)
from storage.findings import Findings
from storage.heads import Heads
from storage.items import Items
from storage.labels import Labels
from storage.log import Events
from storage.logins import Logins
from storage.models import Capture
from storage.outbox import Outbox
from storage.people import People
from storage.readings import Readings
from storage.schema import prepare
from storage.searches import Searches
from storage.silences import Silences
from storage.sources import Sources
from storage.statuses import Statuses
from storage.stories import Stories
from storage.threads import Threads
from storage.tokens import Tokens
from storage.vectors import Vectors

VACUUM_PAGES = 2_500
"""Fewer empty pages of a database (about 10 MB) are not worth writing it anew."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What can be read and written at once; all of it is kept, or nothing."""

    session: Session
    events: Events
    items: Items
    captures: Captures
    sources: Sources
    findings: Findings
    outbox: Outbox
    labels: Labels
    vectors: Vectors
    heads: Heads
    readings: Readings
    stories: Stories
    deadlines: Deadlines
    statuses: Statuses
    silences: Silences
    threads: Threads
    people: People
    logins: Logins
    tokens: Tokens
    audit: Audit
    searches: Searches

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that is undone alone when it fails."""
        with self.session.begin_nested():
            yield


class Archive:
    """Everything that was gathered and found. Open it with `Archive.open`."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine = engine
        self.root = root

    @classmethod
    def open(
        cls, root: Path, url: str | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> "Archive":
        """Open the archive below the folder `root`, made when there is none.

        `url` names the database when it is not the SQLite file in that folder. Tables of an
        older version are migrated. A writer waits `busy_timeout_s` seconds for its turn.

        Raises ArchiveUnreachable, ArchiveBusy, ArchiveFull, or SchemaTooNew.
        """
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refused_by_system(error, root) from error
        engine = connect(url or sqlite_url(root / "archive.db"), busy_timeout_s=busy_timeout_s)
        try:
            prepare(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, root)

    @property
    def captures_root(self) -> Path:
        """The folder of the WARC files."""
        return self.root / "captures"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes; writers take turns."""
        with session(self.engine, writes=True) as opened:
            yield _desks(opened)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads, and holds up nobody."""
        with session(self.engine, writes=False) as opened:
            yield _desks(opened)

    @contextmanager
    def capture_writer(self, source_id: str, at: datetime) -> Iterator[CaptureWriter]:
        """The WARC file to append a crawl of `source_id` to, locked for this process.

        Record what was appended (`tx.captures.keep`) and commit it before leaving: what the
        database does not know when the file is opened next is cut off as a dead crawl's.

        Raises ArchiveFull or ArchiveUnreachable when the file cannot be opened.
        """
        with opened(self.captures_root, source_id, at, self._committed_end) as writer:
            yield writer

    def read_capture(self, capture_id: int) -> Stored:
        """Read a capture back: its own status and headers, and the payload it shares with others.

        Raises CaptureDamaged, CaptureDropped when its bytes were let go, or KeyError when there
        is no such capture.
        """
        with self.reading() as tx:
            capture = tx.captures.get(capture_id)
            if capture is None:
                raise KeyError(f"no capture {capture_id}")
            holder = tx.captures.holder(capture)
        for row in (capture, holder):
            if row.dropped_at is not None:
                raise CaptureDropped(
                    f"capture {capture_id} of {capture.url} was let go on "
                    f"{row.dropped_at:%Y-%m-%d} by the retention; its text and hash are kept"
                )
        return read(
            self.captures_root,
            place_of(capture),
            payload_at=place_of(holder),
            sha256=capture.payload_sha256,
        )

    def tidy(self) -> None:
        """Housekeeping: fold the write-ahead log in, refresh the query planner's figures, and
        give back the room of a database of which a quarter stands empty."""
        if self.engine.dialect.name != "sqlite":
            return
        try:
            with self.engine.execution_options(writes=True).connect() as connection:
                connection.exec_driver_sql("PRAGMA optimize")
                connection.commit()
                driver: Any = connection.connection.driver_connection
                (pages,), (free,) = (
                    driver.execute(f"PRAGMA {name}").fetchone()
                    for name in ("page_count", "freelist_count")
                )
                if free > max(pages // 4, VACUUM_PAGES):
                    driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:
            raise said_plainly(error, self.engine) from error

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _committed_end(self, path: str) -> int:
        with self.reading() as tx:
            return tx.captures.committed_end(path)


def place_of(capture: Capture) -> Place:
    """Where a capture's own record lies."""
    return Place(capture.warc_path, capture.warc_offset, capture.warc_length)


def _desks(opened: Session) -> Transaction:
    events = Events(opened)
    return Transaction(
        session=opened,
        events=events,
        items=Items(opened, events),
        captures=Captures(opened),
        sources=Sources(opened, events),
        findings=Findings(opened),
        outbox=Outbox(opened),
        labels=Labels(opened),
        vectors=Vectors(opened),
        heads=Heads(opened),
        readings=Readings(opened),
        stories=Stories(opened),
        deadlines=Deadlines(opened),
        statuses=Statuses(opened),
        silences=Silences(opened),
        threads=Threads(opened),
        people=People(opened),
        logins=Logins(opened),
        tokens=Tokens(opened),
        audit=Audit(opened),
        searches=Searches(opened),
    )

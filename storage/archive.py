"""The one door of the archive: a database and a folder of WARC files behind transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import captures as warc
from storage.capture_rows import Captures
from storage.engine import connect, session, sqlite_url
from storage.findings import Findings
from storage.items import Items
from storage.log import Events
from storage.models import Capture
from storage.outbox import Outbox
from storage.schema import prepare
from storage.sources import Sources


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
    def open(cls, root: Path, url: str | None = None) -> "Archive":
        """Open the archive below the folder `root`, made when there is none.

        `url` names the database when it is not the SQLite file in that folder. Tables of an
        older version are migrated.

        Raises ArchiveUnreachable, ArchiveBusy, ArchiveFull, or SchemaTooNew.
        """
        root.mkdir(parents=True, exist_ok=True)
        engine = connect(url or sqlite_url(root / "archive.db"))
        prepare(engine)
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
    def capture_writer(self, source_id: str, at: datetime) -> Iterator[warc.CaptureWriter]:
        """The WARC file to append a crawl of `source_id` to, locked for this process."""
        with warc.opened(self.captures_root, source_id, at, self._committed_end) as writer:
            yield writer

    def read_capture(self, capture_id: int) -> warc.Stored:
        """Read a capture back, through to the one that holds its payload.

        Raises CaptureDamaged, or KeyError when there is no such capture.
        """
        with self.reading() as tx:
            capture = tx.captures.get(capture_id)
            if capture is None:
                raise KeyError(f"no capture {capture_id}")
            holder = tx.captures.holder(capture)
        return warc.read(self.captures_root, place_of(holder))

    def tidy(self) -> None:
        """Housekeeping: fold the write-ahead log in and refresh the query planner's figures."""
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _committed_end(self, path: str) -> int:
        with self.reading() as tx:
            return tx.captures.committed_end(path)


def place_of(capture: Capture) -> warc.Place:
    """Where a capture's own record lies."""
    return warc.Place(capture.warc_path, capture.warc_offset, capture.warc_length)


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
    )

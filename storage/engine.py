"""Connections: SQLite set up for one writer and many readers, or PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from storage.problems import Problem

BUSY_TIMEOUT_S = 30
WRITER_LOCK = 0x6465637265
"""Number of the advisory lock that makes writers on PostgreSQL take turns."""


class ArchiveBusy(Problem):
    """Another program holds the database for longer than we are willing to wait."""

    kind: ClassVar[str] = "archive-busy"


class ArchiveFull(Problem):
    """There is no room left on the disk."""

    kind: ClassVar[str] = "disk-full"


class ArchiveUnreachable(Problem):
    """The database cannot be opened or does not answer."""

    kind: ClassVar[str] = "archive-unreachable"


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite database in the file `path`."""
    return f"sqlite:///{path}"


def connect(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return an engine for `url`; nothing is opened yet.

    SQLite runs in WAL mode with foreign keys on. A transaction that will write takes the
    write lock when it begins (`BEGIN IMMEDIATE`): one that upgraded later could be refused
    half-way, see https://www.sqlite.org/lang_transaction.html.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": busy_timeout_s})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {int(busy_timeout_s * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


@contextmanager
def session(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    Writers take turns on both databases, so that events are numbered in the order in which
    they are committed: a reader that has seen number n has seen all before it.

    Raises ArchiveBusy, ArchiveFull or ArchiveUnreachable in place of the driver's errors.
    """
    bound = engine.execution_options(writes=True) if writes else engine
    try:
        with Session(bound, expire_on_commit=False) as opened, opened.begin():
            if writes and engine.dialect.name == "postgresql":
                opened.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": WRITER_LOCK})
            yield opened
    except OperationalError as error:
        raise said_plainly(error, engine) from error


def said_plainly(error: DBAPIError, engine: Engine) -> Problem:
    """Turn a driver's error into one that tells the user what to do."""
    where = engine.url.render_as_string(hide_password=True)
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    if "locked" in said or "busy" in said:
        return ArchiveBusy(
            f"{where} is locked by another program; nothing was written. "
            "Find who holds it (lsof, fuser) and try again."
        )
    if "full" in said or "No space left" in said or "disk I/O error" in said:
        return ArchiveFull(
            f"{where} cannot grow ({said}); nothing already stored is harmed. "
            "Free some space and try again."
        )
    return ArchiveUnreachable(f"{where} cannot be used: {said}")

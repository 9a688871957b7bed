"""Connections: SQLite set up for one writer and many readers, or PostgreSQL by URL."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.orm import Session

from storage.problems import Problem

BUSY_TIMEOUT_S = 30
WRITER_LOCK = 0x6465637265
"""Number of the advisory lock that makes writers on PostgreSQL take turns."""

BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03")
FULL = ("SQLITE_FULL", "53100")
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
"""How SQLite (https://www.sqlite.org/rescode.html) and PostgreSQL (errcodes-appendix in its
manual) name these errors; extended codes begin with the name of the plain one."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ArchiveBusy(Problem):
    """Another program holds the database for longer than we are willing to wait."""

    kind: ClassVar[str] = "archive-busy"


class ArchiveFull(Problem):
    """There is no room left on the disk."""

    kind: ClassVar[str] = "disk-full"


class ArchiveUnreachable(Problem):
    """The database cannot be opened or does not answer."""

    kind: ClassVar[str] = "archive-unreachable"


UNSTORABLE = (ArchiveBusy, ArchiveFull, ArchiveUnreachable)
"""What hinders everything in the archive alike, and is over as soon as its cause is."""


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite database in the file `path`, whatever characters its name has."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def connect(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """Return an engine for `url`; nothing is opened yet.

    SQLite runs in WAL mode with foreign keys on. A transaction that will write takes the
    write lock when it begins (`BEGIN IMMEDIATE`): one that upgraded later could be refused
    half-way, see https://www.sqlite.org/lang_transaction.html. Every other transaction can
    only read. `busy_timeout_s` is how many seconds a writer waits for its turn.

    Raises ArchiveUnreachable when the URL is not one or its driver is not installed.
    """
    try:
        backend = make_url(url).get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise ArgumentError(f"{backend} is not supported")
        engine = create_engine(url, pool_pre_ping=backend != "sqlite")
    except (ArgumentError, ValueError) as error:
        raise ArchiveUnreachable(
            f"the database's URL is not understood ({_first_line(error)}). "
            "Expected postgresql+psycopg://user:password@host/database."
        ) from error
    except ImportError as error:
        raise ArchiveUnreachable(
            f"the database's driver is not installed ({error}). "
            "Install it: pip install 'decreewatch[postgres]'."
        ) from error
    milliseconds = max(1, int(busy_timeout_s * 1000))
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine, milliseconds)
    elif engine.dialect.name == "postgresql":
        _set_up_postgresql(engine, milliseconds)
    return engine


@contextmanager
def session(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    Writers take turns on both databases, so that events are numbered in the order in which
    they are committed: a reader that has seen number n has seen all before it. A transaction
    that only reads sees the archive as it was at one moment.

    Raises ArchiveBusy, ArchiveFull or ArchiveUnreachable in place of the driver's errors.
    """
    postgresql = engine.dialect.name == "postgresql"
    options: dict[str, Any] = {"writes": writes}
    if postgresql and not writes:
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    bound = engine.execution_options(**options)
    try:
        with Session(bound, expire_on_commit=False) as opened, opened.begin():
            if writes and postgresql:
                opened.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": WRITER_LOCK})
            yield opened
    except DBAPIError as error:
        if concerns_what_was_written(error):
            raise
        raise said_plainly(error, engine) from error


def concerns_what_was_written(error: DBAPIError) -> bool:
    """Whether the database refused a value, as opposed to being full, locked or gone."""
    refused = isinstance(error, IntegrityError | DataError | ProgrammingError | NotSupportedError)
    return refused or _code(error).startswith("54")


def said_plainly(error: DBAPIError, engine: Engine) -> Problem:
    """Turn a driver's error into one that tells the user what to do."""
    where = engine.url.render_as_string(hide_password=True)
    said = _first_line(error.orig or error)
    code = _code(error)
    if code.startswith(BUSY):
        return ArchiveBusy(
            f"{where} is locked by another program; nothing was written. "
            "Find who holds it (lsof, fuser, pg_stat_activity) and try again."
        )
    if code.startswith(FULL):
        return ArchiveFull(
            f"{where} cannot grow ({said}); nothing already stored is harmed. "
            "Free some space and try again."
        )
    if code.startswith("SQLITE_IOERR"):
        return ArchiveFull(
            f"{where} cannot be read or written ({said}): the disk is full or failing. "
            "Free some space, or check the disk."
        )
    if code.startswith(DAMAGED):
        return ArchiveUnreachable(
            f"{where} cannot be used: {said}. Restore it from a backup, or name another folder "
            "under [storage] path."
        )
    if engine.dialect.name == "sqlite":
        return ArchiveUnreachable(
            f"{where} cannot be used: {said}. Check that you may write to it and to its folder."
        )
    return ArchiveUnreachable(
        f"{where} cannot be used: {said}. Check the database's URL, and that its server runs."
    )


def refused_by_system(error: OSError, path: Path | str) -> Problem:
    """Turn the operating system's error about a file into one that says what to do."""
    reason = error.strerror or str(error)
    if error.errno in NO_ROOM:
        return ArchiveFull(
            f"{path} cannot grow ({reason}); nothing already stored is harmed. "
            "Free some space and try again."
        )
    return ArchiveUnreachable(
        f"{path} cannot be used: {reason}. Check that its folder is there and that you may "
        "write to it."
    )


def _set_up_sqlite(engine: Engine, milliseconds: int) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {milliseconds}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql(f"BEGIN {'IMMEDIATE' if writes else 'DEFERRED'}")


def _set_up_postgresql(engine: Engine, milliseconds: int) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # Times near the year 9999 cannot be read back in a zone east of Greenwich.
        for setting in (f"lock_timeout = {milliseconds}", "timezone = 'UTC'"):
            connection.execute(f"SET {setting}")
        connection.commit()


def _code(error: DBAPIError) -> str:
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return str(name or "")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

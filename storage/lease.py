"""One daemon to an archive: the second is told who holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.archive import Archive
from storage.engine import said_plainly
from storage.file_lock import FileHeld, file_held, this_process
from storage.problems import Problem

DAEMON_LOCK = 0x6461656D6F6E


class ArchiveHeld(Problem):
    """Another daemon works on this archive."""

    kind: ClassVar[str] = "archive-held"


@contextmanager
def held(archive: Archive) -> Iterator[None]:
    """Hold the archive for this process; the system lets go of it however the process ends.

    On one machine by a locked file, on PostgreSQL also by an advisory lock of a connection
    that stays open.

    Raises ArchiveHeld, naming the process that holds it and since when; ArchiveFull or
    ArchiveUnreachable when the lock cannot be written.
    """
    with _held_file(archive.root), _held_database(archive.engine):
        yield


@contextmanager
def _held_file(root: Path) -> Iterator[None]:
    try:
        with file_held(root / "daemon.lock"):
            yield
    except FileHeld as error:
        raise ArchiveHeld(
            f"{root} is held by {error.holder}. Stop it first, or name another folder "
            "under [storage] path."
        ) from error


@contextmanager
def _held_database(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "postgresql":
        yield
        return
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Out of the pool: the lock and the name end with the connection, not with a checkout.
        connection.detach()
    except DBAPIError as error:
        raise said_plainly(error, engine) from error
    with connection:
        named = {"n": f"decreewatch {this_process()}"[:63]}
        connection.execute(text("SELECT set_config('application_name', :n, false)"), named)
        got = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": DAEMON_LOCK})
        if not got.scalar():
            raise ArchiveHeld(
                f"{engine.url.render_as_string(hide_password=True)} is held by "
                f"{_holder(connection)}. Stop it first."
            )
        yield


def _holder(connection: Connection) -> str:
    found = connection.execute(
        text(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() "
            "AND (l.classid::bigint << 32) + l.objid::bigint = :n"
        ),
        {"n": DAEMON_LOCK},
    ).scalar()
    return str(found or "another process")

"""One daemon to an archive: the second is told who holds it."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import Connection, text

from storage.archive import Archive
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

    Raises ArchiveHeld, naming the process that holds it and since when.
    """
    path = archive.root / "daemon.lock"
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            raise ArchiveHeld(
                f"{archive.root} is held by {holder}. Stop it first, or name another folder "
                "under [storage] path."
            ) from error
        stream.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        stream.write(f"process {os.getpid()} on {socket.gethostname()} since {since}\n")
        stream.flush()
        with _held_in_database(archive):
            yield
        stream.truncate(0)


@contextmanager
def _held_in_database(archive: Archive) -> Iterator[None]:
    if archive.engine.dialect.name != "postgresql":
        yield
        return
    name = f"decreewatch daemon, process {os.getpid()} on {socket.gethostname()}"
    connection = archive.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        connection.execute(text("SELECT set_config('application_name', :n, false)"), {"n": name})
        got = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": DAEMON_LOCK})
        if not got.scalar():
            raise ArchiveHeld(
                f"{archive.engine.url.render_as_string(hide_password=True)} is held by "
                f"{_holder(connection)}. Stop it first."
            )
        yield


def _holder(connection: Connection) -> str:
    found = connection.execute(
        text(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.granted "
            "AND (l.classid::bigint << 32) + l.objid::bigint = :n"
        ),
        {"n": DAEMON_LOCK},
    ).scalar()
    return str(found or "another process")

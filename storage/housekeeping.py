"""What moves files of the archive about takes turns: a backup, and letting old captures go."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from storage.archive import Archive
from storage.problems import Problem

WAIT_S = 60.0


class HousekeepingBusy(Problem):
    """Another process is moving files of this archive about."""

    kind: ClassVar[str] = "housekeeping-busy"


@contextmanager
def undisturbed(archive: Archive, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the archive's files against other housekeeping.

    Raises HousekeepingBusy when another process does not end its own within `wait_s` seconds.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(archive.root / "housekeeping.lock", timeout=wait_s):
            yield
    except Timeout as error:
        raise HousekeepingBusy(
            f"{archive.root}: a backup or the retention of another process is under way; "
            "try again when it has ended"
        ) from error

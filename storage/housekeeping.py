"""What keeps the archive small and whole.

What moves its files about takes turns: a backup, and letting old captures go. What of the stories
serves only to find copies among the newest articles goes when they are no longer new.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from storage.archive import Archive
from storage.problems import Problem
from storage.stories import BANDS_KEPT

WAIT_S = 60.0
UNDER_WAY = 1_000
"""So many unread events are an old collection that is being read: its copies are old as well."""


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


def forget_old_bands(archive: Archive, now: datetime) -> int:
    """Let go of what old articles are found by when copies of them appear; gives how many rows.

    Nothing is joined to an article that old. While the stage of the stories has much to read,
    nothing goes.
    """
    with archive.transaction() as tx:
        if tx.events.last() - tx.events.cursor("stories") > UNDER_WAY:
            return 0
        return tx.stories.forget_bands(now - BANDS_KEPT)

"""What wakes the daemon's jobs before their turn: new events, and messages that may go."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

from commands.session import now
from storage.problems import Problem

if TYPE_CHECKING:
    from monitor.schedule import Timetable
    from storage.archive import Archive, Transaction

log = logging.getLogger("decreewatch")

LOOK_S = 0.25
"""How often it is looked for what there is to do: two small queries."""
UNDERSTAND, DELIVER = "understand", "deliver"
"""The names of the jobs that are woken."""


@contextmanager
def woken(archive: "Archive", timetable: "Timetable") -> Iterator[None]:
    """Wake jobs while the block runs, in a thread: a database that hangs must not hold up a stop.

    Without it the jobs keep to their turns; nothing is lost, only later.
    """
    stop = Signal()

    def look() -> None:
        seen = 0
        try:
            while not stop.wait(LOOK_S):
                seen = wake(archive, timetable, seen, now())
        except Exception:
            log.exception("jobs are not woken any more; each runs when its turn comes")

    thread = Thread(target=look, name="waking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(4 * LOOK_S)


def wake(archive: "Archive", timetable: "Timetable", seen: int, at: datetime) -> int:
    """Let the jobs run that have something to do at this moment.

    `seen` is what the call before gave, 0 at first. Who wrote the events plays no part: a crawl,
    the stages themselves, or another program.
    """
    try:
        with archive.reading() as tx:
            last, is_due = tx.events.last(), _may_go(tx, at)
    except Problem:
        # The jobs come upon the same in their turn, and say so.
        return seen
    if last != seen:
        timetable.wake(UNDERSTAND)
    if is_due:
        timetable.wake(DELIVER)
    return last


def _may_go(tx: "Transaction", at: datetime) -> bool:
    """Whether a message is due on a channel in no trouble.

    Where a message failed, or is being sent, the channel keeps to the turns of its job, so that
    it is not knocked at without end.
    """
    if not tx.outbox.due(at, 1):
        return False
    tried = {row.channel for row in tx.outbox.unfinished() if row.attempts}
    return bool(tx.outbox.due(at, 1, without=tried))

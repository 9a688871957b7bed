"""The running daemon's health, served where [daemon] listen says."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commands.session import now

if TYPE_CHECKING:
    from commands.rounds import Rounds
    from monitor.schedule import Record, Timetable
    from web.health import Health, JobHealth

LATE_TURNS = 3
"""A job that has missed so many turns is late."""


@dataclass(slots=True)
class Watched:
    """What is being asked after; `rounds` are other ones after the configuration is reloaded."""

    rounds: "Rounds"
    timetable: "Timetable"
    since: float


@contextmanager
def served_health(rounds: "Rounds", timetable: "Timetable") -> Iterator[Watched]:
    """Answer /healthz and /metrics while the daemon runs, where it is configured.

    Raises CannotListen.
    """
    watched = Watched(rounds, timetable, time.monotonic())
    listen = rounds.config.daemon.listen
    if not listen:
        yield watched
        return
    from web.health import serve

    server = serve(listen, lambda: health_of(watched))
    try:
        yield watched
    finally:
        server.shutdown()
        server.server_close()


def health_of(watched: Watched) -> "Health":
    """The health at this moment; an archive that cannot be read is a complaint, not an error."""
    from storage.health import pulse
    from storage.problems import Problem
    from web.health import Health

    moment = now()
    rounds = watched.rounds
    try:
        taken, problem = pulse(rounds.archive, [*rounds.readers, rounds.alerts], moment), ""
    except Problem as error:
        taken, problem = None, str(error)
    jobs = tuple(_job(name, one, moment) for name, one in watched.timetable.records().items())
    return Health(jobs, taken, problem, time.monotonic() - watched.since)


def _job(name: str, record: "Record", moment: datetime) -> "JobHealth":
    from web.health import JobHealth

    age = (moment - record.succeeded_at).total_seconds() if record.succeeded_at else None
    late_after = LATE_TURNS * record.every + record.limit
    return JobHealth(name, age, late_after, record.seconds, record.error)

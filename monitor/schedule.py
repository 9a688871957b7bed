"""What runs when: the daemon's jobs on APScheduler."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event as Signal

log = logging.getLogger("decreewatch.schedule")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds. `run` must end soon after `stop` is set."""

    name: str
    every: float
    run: Callable[[], None]


GRACE_S = 7.0
"""How long the jobs at hand are waited for once the daemon is told to stop."""


def run_jobs(jobs: Sequence[Job], stop: Signal, *, grace: float = GRACE_S) -> list[str]:
    """Run the jobs on schedule, each first at once, until `stop` is set.

    A job never overlaps itself, and runs that were missed while it was busy or the machine
    slept are made up for by one. A job that fails is logged and runs again when its turn
    comes.

    Returns the names of the jobs that were still running `grace` seconds after `stop`: what
    they have not committed is not lost but done again, so they may be abandoned.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    running: set[str] = set()
    for job in jobs:
        scheduler.add_job(
            _guarded(job, running),
            "interval",
            seconds=job.every,
            id=job.name,
            next_run_time=datetime.now(UTC),
            jitter=min(job.every * 0.05, 60),
        )
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=False)
    until = time.monotonic() + grace
    while running and time.monotonic() < until:
        time.sleep(0.05)
    return sorted(running)


def _guarded(job: Job, running: set[str]) -> Callable[[], None]:
    def run() -> None:
        running.add(job.name)
        try:
            job.run()
        except Exception:
            log.exception("job %s failed; it runs again in %.0f s", job.name, job.every)
        finally:
            running.discard(job.name)

    return run

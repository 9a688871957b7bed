"""What runs when: the daemon's jobs on APScheduler."""

import logging
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


def run_jobs(jobs: Sequence[Job], stop: Signal) -> None:
    """Run the jobs on schedule, each first at once, until `stop` is set.

    A job never overlaps itself, and runs that were missed while it was busy or the machine
    slept are made up for by one. A job that fails is logged and runs again when its turn
    comes. Returns when the jobs at hand have ended.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _guarded(job),
            "interval",
            seconds=job.every,
            id=job.name,
            next_run_time=datetime.now(UTC),
            jitter=min(job.every * 0.05, 60),
        )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def _guarded(job: Job) -> Callable[[], None]:
    def run() -> None:
        try:
            job.run()
        except Exception:
            log.exception("job %s failed; it runs again in %.0f s", job.name, job.every)

    return run

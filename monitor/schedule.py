"""What runs when: the daemon's jobs on APScheduler."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event as Signal
from threading import Lock, Timer

log = logging.getLogger("decreewatch.schedule")

GRACE_S = 7.0
"""How long the jobs at hand are waited for once the daemon is told to stop."""
STEP_S = 30.0
"""By how much the clock may drift from the time that has passed before it counts as set anew."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds.

    `run` is given a signal and must end soon after it is set: when the daemon stops, or when
    the run has taken `limit` seconds.
    """

    name: str
    every: float
    run: Callable[[Signal], None]
    limit: float = 3600.0


@dataclass(frozen=True, slots=True)
class Record:
    """How a job fares: when it began last, went well last and failed last; whether it runs."""

    every: float
    limit: float
    running: bool = False
    began_at: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""
    seconds: float = 0.0


class Timetable:
    """Runs jobs on schedule, each first at once, and sooner when woken.

    A job never overlaps itself, and runs that were missed while it was busy or the machine slept
    are made up for by one. A job that fails is logged and runs again when its turn comes; one that
    takes too long is told to stop, which is an error too. When the clock is set, everything runs
    at once and goes on from there.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
            # A job never overlaps itself, since `_begin` sees to that. A second instance is allowed
            # all the same, or one that is woken just as it ends would be dropped.
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )
        self._lock = Lock()
        self._records: dict[str, Record] = {}
        self._running: dict[str, Signal] = {}
        self._woken: set[str] = set()
        self._clock = _offset()
        self.replace(jobs)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def replace(self, jobs: Sequence[Job]) -> None:
        """Take these jobs in place of those before; a run at hand goes on to its end."""
        for name in set(self._records) - {job.name for job in jobs}:
            self._scheduler.remove_job(name)
            del self._records[name]
        for job in jobs:
            self._records[job.name] = replace(
                self._records.get(job.name, Record(job.every, job.limit)),
                every=job.every,
                limit=job.limit,
            )
            self._scheduler.add_job(
                self._guarded(job),
                "interval",
                seconds=job.every,
                id=job.name,
                next_run_time=datetime.now(UTC),
                jitter=min(job.every * 0.05, 60),
                replace_existing=True,
            )

    def wake(self, name: str) -> None:
        """Let a job run now, before its turn; if it runs, it runs once more when that is over."""
        with self._lock:
            if name in self._running:
                self._woken.add(name)
                return
        self._run_now(name)

    def records(self) -> dict[str, Record]:
        """How each job fares, by name."""
        with self._lock:
            return dict(self._records)

    def tick(self) -> bool:
        """Look at the clock; when it was set, let every job run now. To be called every few
        seconds; returns whether it was set."""
        offset = _offset()
        if abs((offset - self._clock).total_seconds()) < STEP_S:
            return False
        log.warning("the clock was set by %s; every job runs now", offset - self._clock)
        self._clock = offset
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
        return True

    def stop(self, grace: float = GRACE_S) -> list[str]:
        """End the schedule, and wait `grace` seconds for the runs at hand.

        Returns the names of those that still run: what they have not committed is not lost but
        done again, so they may be abandoned.
        """
        with self._lock:
            self._woken.clear()
            for signal in self._running.values():
                signal.set()
        self._scheduler.shutdown(wait=False)
        until = time.monotonic() + grace
        while self._running and time.monotonic() < until:
            time.sleep(0.05)
        return sorted(self._running)

    def _guarded(self, job: Job) -> Callable[[], None]:
        def run() -> None:
            stop = self._begin(job)
            if stop is None:
                return
            overdue = Timer(job.limit, stop.set)
            overdue.daemon = True
            overdue.start()
            began, error = time.monotonic(), ""
            try:
                job.run(stop)
                if stop.is_set() and time.monotonic() - began >= job.limit:
                    error = f"it was stopped after {job.limit:.0f} s, which is its limit"
                    log.error("job %s: %s", job.name, error)
            except Exception as failure:
                error = f"{type(failure).__name__}: {failure}"
                log.exception("job %s failed; it runs again in %.0f s", job.name, job.every)
            finally:
                overdue.cancel()
                self._end(job, time.monotonic() - began, error)

        return run

    def _begin(self, job: Job) -> Signal | None:
        """Note that a job runs; None when an earlier run of it is not over yet."""
        with self._lock:
            if job.name in self._running:
                return None
            self._running[job.name] = stop = Signal()
            record = self._records.get(job.name, Record(job.every, job.limit))
            self._records[job.name] = replace(record, running=True, began_at=datetime.now(UTC))
        return stop

    def _end(self, job: Job, seconds: float, error: str) -> None:
        now = datetime.now(UTC)
        with self._lock:
            del self._running[job.name]
            is_woken = job.name in self._woken
            self._woken.discard(job.name)
            if job.name not in self._records:
                return
            record = replace(self._records[job.name], running=False, seconds=seconds)
            if error:
                self._records[job.name] = replace(record, failed_at=now, error=error)
            else:
                self._records[job.name] = replace(record, succeeded_at=now, error="")
        if is_woken:
            self._run_now(job.name)

    def _run_now(self, name: str) -> None:
        from apscheduler.jobstores.base import JobLookupError

        # A job that was taken off the schedule, or a schedule that has ended, runs nothing.
        with suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))


def run_jobs(jobs: Sequence[Job], stop: Signal, *, grace: float = GRACE_S) -> list[str]:
    """Run jobs on schedule until `stop` is set; returns what `Timetable.stop` does."""
    timetable = Timetable(jobs)
    timetable.start()
    while not stop.wait(1.0):
        timetable.tick()
    return timetable.stop(grace)


def _offset() -> datetime:
    """What the wall clock says the machine's steady clock began at."""
    return datetime.now(UTC) - timedelta(seconds=time.monotonic())

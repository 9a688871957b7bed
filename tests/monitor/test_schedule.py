"""Jobs on schedule: they run at once, never overlap, survive their failures, and stop."""

import threading
import time

import pytest

from monitor.schedule import Job, run_jobs


def run_until(jobs: list[Job], enough: threading.Event) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run_jobs, args=(jobs, stop))
    thread.start()
    try:
        assert enough.wait(20)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_each_job_runs_at_once_and_then_again() -> None:
    enough = threading.Event()
    ran: list[str] = []

    def work(_stop: threading.Event) -> None:
        ran.append("work")
        if len(ran) >= 3:
            enough.set()

    run_until([Job("work", 0.05, work)], enough)
    assert len(ran) >= 3


def test_a_slow_job_never_overlaps_itself() -> None:
    enough = threading.Event()
    running = threading.Semaphore(1)
    overlaps: list[int] = []
    runs: list[int] = []

    def slow(_stop: threading.Event) -> None:
        if not running.acquire(blocking=False):
            overlaps.append(1)
            return
        time.sleep(0.2)
        running.release()
        runs.append(1)
        if len(runs) >= 3:
            enough.set()

    run_until([Job("slow", 0.02, slow)], enough)
    assert not overlaps


def test_a_failing_job_is_logged_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    enough = threading.Event()
    runs: list[int] = []

    def work(_stop: threading.Event) -> None:
        runs.append(1)
        if len(runs) >= 2:
            enough.set()
        raise RuntimeError("the ink has run out")

    run_until([Job("work", 0.05, work)], enough)
    assert "job work failed" in caplog.text
    assert "the ink has run out" in caplog.text


def test_stopping_waits_for_the_job_at_hand() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(_stop: threading.Event) -> None:
        begun.set()
        time.sleep(0.5)
        ended.set()

    run_until([Job("work", 60, work)], begun)
    assert ended.is_set()


def test_a_job_that_does_not_end_is_named_and_left_behind() -> None:
    begun, stop, release = threading.Event(), threading.Event(), threading.Event()

    def stuck(_stop: threading.Event) -> None:
        begun.set()
        release.wait(30)

    left: list[list[str]] = []
    thread = threading.Thread(
        target=lambda: left.append(run_jobs([Job("stuck", 60, stuck)], stop, grace=0.2))
    )
    thread.start()
    assert begun.wait(20)
    stop.set()
    thread.join(20)
    release.set()
    assert left == [["stuck"]]

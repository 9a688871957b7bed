"""Jobs on schedule: they run at once, never overlap, survive their failures, and stop."""

import threading
import time

import pytest

from monitor.schedule import Job, Timetable, run_jobs


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


def test_a_job_that_is_woken_does_not_wait_for_its_turn() -> None:
    ran = threading.Semaphore(0)
    timetable = Timetable([Job("work", 3600, lambda _stop: ran.release())])
    timetable.start()
    try:
        for _ in range(3):
            assert ran.acquire(timeout=20)
            timetable.wake("work")
        assert ran.acquire(timeout=20)
    finally:
        timetable.stop()


def test_a_job_woken_while_it_runs_runs_once_more_afterwards() -> None:
    begun, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def work(_stop: threading.Event) -> None:
        begun.release()
        go_on.acquire(timeout=20)

    timetable = Timetable([Job("work", 3600, work)])
    timetable.start()
    try:
        assert begun.acquire(timeout=20)
        timetable.wake("work")
        timetable.wake("work")
        assert not begun.acquire(timeout=0.3), "it overlapped itself"
        go_on.release()
        assert begun.acquire(timeout=20)
        go_on.release()
        assert not begun.acquire(timeout=0.3), "it ran twice for two wishes made during one run"
    finally:
        go_on.release()
        timetable.stop()


def test_waking_a_schedule_that_has_ended_does_nothing() -> None:
    timetable = Timetable([Job("work", 3600, lambda _stop: None)])
    timetable.start()
    timetable.stop()
    timetable.wake("work")
    timetable.wake("never heard of")

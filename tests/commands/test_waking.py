"""What a daemon does at once: it understands what was stored and sends what may go."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from raised_alerts import NOW, raise_alerts

from commands.waking import DELIVER, UNDERSTAND, wake, woken
from monitor.schedule import Job, Timetable
from storage.archive import Archive

HOUR = 3600.0


@pytest.fixture
def archive(tmp_path: Path, sqlite_file: Path) -> Iterator[Archive]:
    (tmp_path / "archive.db").write_bytes(sqlite_file.read_bytes())
    opened = Archive.open(tmp_path)
    yield opened
    opened.close()


class Counted:
    """The two jobs of a daemon whose turns come once an hour, after their first runs."""

    def __init__(self) -> None:
        self.runs = {name: threading.Semaphore(0) for name in (UNDERSTAND, DELIVER)}
        jobs = [
            Job(name, HOUR, lambda _stop, ran=ran: ran.release()) for name, ran in self.runs.items()
        ]
        self.timetable = Timetable(jobs)

    def __enter__(self) -> "Counted":
        self.timetable.start()
        for ran in self.runs.values():
            assert ran.acquire(timeout=20)
        return self

    def __exit__(self, *_: object) -> None:
        self.timetable.stop()

    def ran(self, name: str, *, within: float = 20) -> bool:
        return self.runs[name].acquire(timeout=within)


def appear(archive: Archive) -> None:
    with archive.transaction() as tx:
        tx.events.append("item.appeared", "item:1", NOW)


def fail_first(archive: Archive, *, again_in: timedelta) -> None:
    with archive.transaction() as tx:
        [(delivery, _), *_] = tx.outbox.due(NOW)
        claimed = tx.outbox.claim(delivery.id, NOW, timedelta(minutes=3))
        assert claimed is not None
        tx.outbox.failed(claimed, "no answer", NOW + again_in)


def test_the_stages_run_when_something_was_stored_and_then_rest(archive: Archive) -> None:
    with Counted() as daemon:
        appear(archive)
        seen = wake(archive, daemon.timetable, 0, NOW)
        assert daemon.ran(UNDERSTAND)
        wake(archive, daemon.timetable, seen, NOW)
        assert not daemon.ran(UNDERSTAND, within=0.2)
        appear(archive)
        wake(archive, daemon.timetable, seen, NOW)
        assert daemon.ran(UNDERSTAND)
        assert not daemon.ran(DELIVER, within=0)


def test_while_a_daemon_runs_its_stages_run_without_being_asked(archive: Archive) -> None:
    with Counted() as daemon, woken(archive, daemon.timetable):
        appear(archive)
        assert daemon.ran(UNDERSTAND)
        raise_alerts(archive, "item:1")
        assert daemon.ran(DELIVER)


def test_a_message_goes_when_it_is_due_and_not_before(archive: Archive) -> None:
    raise_alerts(archive, "item:1", at=NOW + timedelta(minutes=1))
    with Counted() as daemon:
        wake(archive, daemon.timetable, 0, NOW)
        assert not daemon.ran(DELIVER, within=0.2)
        wake(archive, daemon.timetable, 0, NOW + timedelta(minutes=1))
        assert daemon.ran(DELIVER)


def test_a_channel_in_trouble_keeps_to_its_turns_and_holds_up_no_other(archive: Archive) -> None:
    raise_alerts(archive, "item:1", "item:2")
    fail_first(archive, again_in=timedelta(minutes=1))
    with Counted() as daemon:
        wake(archive, daemon.timetable, 0, NOW)
        assert not daemon.ran(DELIVER, within=0.2)
        raise_alerts(archive, "item:3", channels=("mail",))
        wake(archive, daemon.timetable, 0, NOW)
        assert daemon.ran(DELIVER)


def test_an_archive_that_cannot_be_read_wakes_nobody(archive: Archive) -> None:
    archive.close()
    database = Path(str(archive.engine.url.database))
    database.write_bytes(b"no database at all" * 100)
    with Counted() as daemon:
        assert wake(archive, daemon.timetable, 7, NOW) == 7
        assert not daemon.ran(UNDERSTAND, within=0.1)

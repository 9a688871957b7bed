"""Readers of the log: nothing lost, nothing said twice, whatever stops them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from archives import FEW, NOON, Places, observe, seen
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from storage.archive import Archive, Transaction
from storage.engine import ArchiveBusy
from storage.log import Outcome, Progress, advance, rewind
from storage.models import Event
from storage.problems import Problem


@dataclass
class Stage:
    """A reader that finds something in every event it reads, and says it under a key."""

    name: str = "stage"
    kinds: tuple[str, ...] = ("item.appeared",)
    batch: int = 3
    before: Callable[[Sequence[Event]], None] = lambda events: None
    outcome: Callable[[Event], Outcome] | None = None
    examined: list[int] = field(default_factory=list)

    def examine(self, events: Sequence[Event], archive: Archive) -> list[Outcome]:
        self.examined += [event.seq for event in events]
        self.before(events)
        return [self.outcome(event) if self.outcome else found(event) for event in events]


def found(event: Event) -> Outcome:
    def write(tx: Transaction) -> None:
        tx.events.append("found", event.subject, event.at, key=f"found:{event.seq}")

    return write


def fill(archive: Archive, number: int) -> None:
    with archive.transaction() as tx:
        for n in range(number):
            tx.items.observe(seen(f"https://press.example/{n}"))


def findings(archive: Archive) -> list[str | None]:
    with archive.reading() as tx:
        return [event.key for event in tx.events.after(0, ("found",))]


def test_a_reader_goes_no_further_than_those_whose_findings_it_builds_on(
    archive: Archive,
) -> None:
    ahead, stage = Stage("ahead", batch=2), Stage()
    fill(archive, 5)
    assert advance(archive, stage, NOON, behind=[ahead]).read == 0
    advance(archive, ahead, NOON)
    assert advance(archive, stage, NOON, behind=[ahead]).read == 2
    with archive.transaction() as tx:
        tx.events.append("delivery.failing", "channel:slack", NOON)
    fill(archive, 6)
    while advance(archive, ahead, NOON).read:
        pass
    while advance(archive, stage, NOON, behind=[ahead]).read:
        pass
    assert stage.examined == ahead.examined
    assert len(stage.examined) == 6


def test_nobody_waits_for_a_reader_that_reads_the_log_again(archive: Archive) -> None:
    ahead, stage = Stage("ahead"), Stage()
    fill(archive, 3)
    for reader in (ahead, stage):
        advance(archive, reader, NOON)
    rewind(archive, "ahead", 0, NOON)
    fill(archive, 5)
    assert advance(archive, stage, NOON, behind=[ahead]).read == 2


def cursor(archive: Archive) -> int:
    with archive.reading() as tx:
        return tx.events.cursor("stage")


def catch_up(archive: Archive, stage: Stage) -> list[Progress]:
    steps = []
    while (progress := advance(archive, stage, NOON)).read:
        steps.append(progress)
    return steps


def test_a_reader_takes_batches_until_it_has_caught_up(archive: Archive) -> None:
    fill(archive, 7)
    steps = catch_up(archive, Stage())
    assert [step.read for step in steps] == [3, 3, 1]
    assert findings(archive) == [f"found:{seq}" for seq in range(1, 8)]
    with archive.reading() as tx:
        assert cursor(archive) == tx.events.last()


def test_a_reader_never_reads_what_it_did_not_ask_for(archive: Archive) -> None:
    observe(archive, seen(), seen(hour=1, text="Khác."), seen("https://press.example/b", 2))
    stage = Stage(kinds=("item.revised",))
    catch_up(archive, stage)
    assert stage.examined == [2]
    assert advance(archive, stage, NOON).read == 0


def test_an_event_that_fails_is_kept_and_does_not_hold_up_the_rest(archive: Archive) -> None:
    class NoTopic(Problem):
        kind = "no-topic"

    def half(tx: Transaction) -> None:
        tx.events.append("found", "half", NOON, key="half")
        raise ValueError("broken\nhalf-way")

    fill(archive, 4)
    bad: dict[int, Outcome] = {2: NoTopic("nothing to say"), 3: half}
    progress = advance(archive, Stage(batch=9, outcome=lambda e: bad.get(e.seq, found(e))), NOON)
    assert (progress.read, progress.failed) == (4, 2)
    assert findings(archive) == ["found:1", "found:4"]
    with archive.reading() as tx:
        kept = [(f.seq, f.kind, f.message, f.attempts) for f in tx.events.failures("stage")]
    assert kept == [
        (2, "no-topic", "nothing to say", 1),
        (3, "ValueError", "broken half-way", 1),
    ]


def test_a_value_that_the_database_refuses_fails_its_event_only(archive: Archive) -> None:
    def twice(tx: Transaction) -> None:
        tx.session.execute(text("INSERT INTO cursors VALUES ('same', 1, '2031-06-02')"))
        tx.session.execute(text("INSERT INTO cursors VALUES ('same', 1, '2031-06-02')"))

    fill(archive, 3)
    advance(archive, Stage(outcome=lambda e: twice if e.seq == 2 else found(e)), NOON)
    assert findings(archive) == ["found:1", "found:3"]
    with archive.reading() as tx:
        assert [f.kind for f in tx.events.failures()] == ["IntegrityError"]


def test_a_failure_is_counted_again_and_forgotten_once_the_event_was_dealt_with(
    archive: Archive,
) -> None:
    fill(archive, 1)
    for _ in range(2):
        advance(archive, Stage(outcome=lambda e: ValueError("no")), NOON)
        rewind(archive, "stage", 0, NOON)
    with archive.reading() as tx:
        assert [f.attempts for f in tx.events.failures()] == [2]
    advance(archive, Stage(), NOON)
    with archive.reading() as tx:
        assert tx.events.failures() == []


def test_a_busy_archive_is_no_failure_of_an_event(archive: Archive) -> None:
    def busy(tx: Transaction) -> None:
        raise ArchiveBusy("held")

    fill(archive, 2)
    outcomes: list[Outcome] = [busy, ArchiveBusy("held")]
    while outcomes:
        stage = Stage(outcome=lambda e: outcomes[-1] if e.seq == 2 else found(e))
        with pytest.raises(ArchiveBusy):
            advance(archive, stage, NOON)
        outcomes.pop()
    assert (cursor(archive), findings(archive)) == (0, [])
    with archive.reading() as tx:
        assert tx.events.failures() == []


@pytest.mark.parametrize("moment", ["examining", "writing"])
def test_a_kill_loses_nothing_and_repeats_nothing(archive: Archive, moment: str) -> None:
    class Killed(BaseException):
        pass

    def die(_: object) -> None:
        raise Killed

    fill(archive, 5)
    stage = Stage(batch=2)
    advance(archive, stage, NOON)
    if moment == "examining":
        killed = Stage(batch=2, before=die)
    else:
        killed = Stage(batch=2, outcome=lambda e: die if e.seq == 4 else found(e))
    with pytest.raises(Killed):
        advance(archive, killed, NOON)
    assert findings(archive) == ["found:1", "found:2"]
    catch_up(archive, stage)
    assert findings(archive) == [f"found:{seq}" for seq in range(1, 6)]


def test_a_rewound_reader_reads_again_and_says_nothing_twice(archive: Archive) -> None:
    fill(archive, 5)
    stage = Stage()
    catch_up(archive, stage)
    rewind(archive, "stage", 2, NOON)
    catch_up(archive, stage)
    assert stage.examined == [1, 2, 3, 4, 5, 3, 4, 5]
    assert findings(archive) == [f"found:{seq}" for seq in range(1, 6)]


def test_of_two_that_advance_one_reader_at_once_one_writes(places: Places) -> None:
    """Each finding is unkeyed here, so that a batch written twice would show."""
    first, second = places.open(), places.open()
    fill(first, 12)
    meeting = threading.Barrier(2)

    def meet(_: Sequence[Event]) -> None:
        meeting.wait(20)

    def unkeyed(event: Event) -> Outcome:
        def write(tx: Transaction) -> None:
            tx.events.append("found", event.subject, NOON)

        return write

    def work(archive: Archive) -> None:
        advance(archive, Stage(batch=4, before=meet, outcome=unkeyed), NOON)

    threads = [threading.Thread(target=work, args=(one,)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(findings(first)) == 4
    assert cursor(first) == 4
    first.close()
    second.close()


def test_a_reader_skips_no_event_of_writers_that_write_at_once(places: Places) -> None:
    archive = places.open()
    done = threading.Event()
    read: list[str] = []

    def write(writer: int) -> None:
        mine = places.open()
        for n in range(15):
            with mine.transaction() as tx:
                for part in range(3):
                    tx.events.append("said", f"{writer}/{n}/{part}", NOON)
        mine.close()

    class Listener(Stage):
        def examine(self, events: Sequence[Event], archive: Archive) -> list[Outcome]:
            read.extend(event.subject for event in events)
            return [None] * len(events)

    def listen() -> None:
        mine = places.open()
        listener = Listener(kinds=("said",), batch=5)
        while not done.is_set() or advance(mine, listener, NOON).read:
            advance(mine, listener, NOON)
        mine.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    listening = threading.Thread(target=listen)
    for thread in (listening, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    listening.join(60)
    assert sorted(read) == sorted(
        f"{w}/{n}/{p}" for w in range(4) for n in range(15) for p in range(3)
    )
    archive.close()


def test_an_event_with_a_key_is_appended_once(archive: Archive) -> None:
    for _ in range(2):
        with archive.transaction() as tx:
            tx.events.append("found", "item:1", NOON, key="one")
    assert findings(archive) == ["one"]


def test_events_are_found_by_time_kind_and_subject(archive: Archive) -> None:
    with archive.transaction() as tx:
        for hour, kind, subject in ((0, "a", "x"), (1, "b", "x"), (2, "a", "y")):
            tx.events.append(kind, subject, NOON + timedelta(hours=hour))
    with archive.reading() as tx:
        assert [e.seq for e in tx.events.since(NOON + timedelta(hours=1))] == [2, 3]
        assert [e.seq for e in tx.events.since(None, ("a",))] == [1, 3]
        assert [e.seq for e in tx.events.about("x", ("b",))] == [2]


@FEW
@given(st.lists(st.sampled_from(["fill", "advance", "fail", "kill", "rewind"]), max_size=12))
def test_whatever_happened_before_a_reader_ends_with_every_finding_once(
    archive: Archive, steps: list[str]
) -> None:
    with archive.transaction() as tx:
        tx.session.execute(text("DELETE FROM failures"))
        tx.session.execute(text("DELETE FROM cursors"))
        tx.session.execute(text("DELETE FROM events"))
    for number, step in enumerate(steps):
        if step == "fill":
            with archive.transaction() as tx:
                for n in range(3):
                    tx.events.append("item.appeared", f"{number}/{n}", NOON)
        elif step == "kill":
            with pytest.raises(MemoryError), archive.transaction() as tx:
                tx.events.append("item.appeared", "never", NOON)
                raise MemoryError
        elif step == "rewind":
            rewind(archive, "stage", 0, NOON)
        else:
            failing = Stage(batch=2, outcome=lambda e: ValueError("no"))
            advance(archive, Stage(batch=2) if step == "advance" else failing, NOON)
    rewind(archive, "stage", 0, NOON)
    catch_up(archive, Stage(batch=2))
    with archive.reading() as tx:
        expected = [f"found:{event.seq}" for event in tx.events.after(0, ("item.appeared",))]
        assert tx.events.failures() == []
    assert sorted(map(str, findings(archive))) == sorted(expected)

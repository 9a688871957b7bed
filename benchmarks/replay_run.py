"""The week replayed: a clock that runs fast, a thread that stores, a loop that does the rest."""

import threading
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.memory import memory
from benchmarks.replay_items import FeedItem, observe
from commands.rounds import Rounds
from monitor.stages import run_stages

WATCH_EVERY = timedelta(minutes=5)
ROUND_EVERY = timedelta(minutes=15)
SAMPLE_S = 2.0
DRAINED_S = 600.0


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that showed `start` at `began` (steady seconds) and runs `speed` times as fast."""

    start: datetime
    began: float
    speed: float

    def now(self) -> datetime:
        """The replayed moment."""
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    def sleep_until(self, moment: datetime) -> None:
        """Return when the clock shows `moment`."""
        left = (moment - self.now()).total_seconds() / self.speed
        if left > 0:
            time.sleep(left)


@dataclass(frozen=True, slots=True)
class Sample:
    """How things stood: MB of memory, events that each stage had yet to read, messages due,
    items whose time had come and that were not stored."""

    at: datetime
    memory: float
    peak: float
    waiting: dict[str, int]
    due: int
    unstored: int


@dataclass(slots=True)
class Run:
    """What a replay did: `seconds` from its first moment until all was told, `late` of them after
    the week's end; `busy` are the seconds of each part."""

    samples: list[Sample] = field(default_factory=list)
    busy: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seconds: float = 0.0
    late: float = 0.0
    loops: int = 0
    problems: list[str] = field(default_factory=list)


def prepare(rounds: Rounds, past: Sequence[FeedItem], now: datetime) -> None:
    """Store and understand what came before the week; nobody is told of it."""
    archive = rounds.archive
    for start in range(0, len(past), 1000):
        with archive.transaction() as tx:
            for item in past[start : start + 1000]:
                observe(tx, item)
    for report in run_stages(archive, rounds.readers, now):
        if report.problem:
            raise SystemExit(f"{report.name}: {report.problem}")
    with archive.transaction() as tx:
        tx.events.move(rounds.alerts.name, tx.events.last(), now)


class Replay:
    """One week on its way through an archive."""

    def __init__(
        self, rounds: Rounds, week: Sequence[FeedItem], start: datetime, end: datetime, speed: float
    ) -> None:
        self.run = Run()
        self._rounds = rounds
        self._week = week
        self._end = end
        self._whole_s = (end - start).total_seconds() / speed
        self._clock = Clock(start, time.monotonic(), speed)
        self._stored = 0
        self._is_stored, self._is_over = threading.Event(), threading.Event()

    def play(self) -> Run:
        """Let the week pass, and do meanwhile all that the daemon would do."""
        threads = [threading.Thread(target=one, daemon=True) for one in (self._store, self._sample)]
        for thread in threads:
            thread.start()
        watched = self._clock.now() - WATCH_EVERY
        while self.run.seconds < self._whole_s + DRAINED_S:
            # Asked before the stages look: what was stored until then, they will have seen.
            is_stored = self._is_stored.is_set()
            now = self._clock.now()
            read = self._understand(now)
            if now - watched >= WATCH_EVERY:
                watched = now
                with self._timed("watch"):
                    self._rounds.watch(now, threading.Event())
            with self._timed("deliver"):
                told = self._rounds.tell(now, threading.Event())
            self.run.problems += told.problems
            self.run.loops += 1
            self.run.seconds = time.monotonic() - self._clock.began
            if is_stored and not read:
                break
            if not read:
                time.sleep(0.01)
        else:
            self.run.problems.append("the stages did not catch up")
        self._is_over.set()
        for thread in threads:
            thread.join()
        self.run.late = self.run.seconds - self._whole_s
        return self.run

    def _understand(self, now: datetime) -> int:
        read = 0
        for reader in (*self._rounds.readers, self._rounds.alerts.at(now)):
            with self._timed(reader.name):
                [report] = run_stages(self._rounds.archive, [reader], now)
            read += report.read
            if report.problem or report.failed:
                self.run.problems.append(f"{report.name}: {report.failed} failed {report.problem}")
        return read

    def _store(self) -> None:
        """Store each item when its time comes, and close a round of each source now and then."""
        sources = {item.source for item in self._week}
        came: Counter[str] = Counter()
        round_at = self._clock.start + ROUND_EVERY
        for item in self._week:
            while item.at >= round_at:
                self._clock.sleep_until(round_at)
                self._end_round(sources, came, round_at)
                round_at += ROUND_EVERY
            self._clock.sleep_until(item.at)
            with self._timed("store"), self._rounds.archive.transaction() as tx:
                observe(tx, item)
            came[item.source] += 1
            self._stored += 1
        self._clock.sleep_until(self._end)
        self._is_stored.set()

    def _end_round(self, sources: set[str], came: Counter[str], at: datetime) -> None:
        with self._rounds.archive.transaction() as tx:
            for source in sources:
                tx.sources.round_ended(source, at, reasons=(), items=came[source])
        came.clear()

    def _sample(self) -> None:
        rounds = self._rounds
        times = [item.at for item in self._week]
        while True:
            now = self._clock.now()
            with rounds.archive.reading() as tx:
                waiting = {
                    one.name: tx.events.waiting_for(one) for one in (*rounds.readers, rounds.alerts)
                }
                due = sum(row.state != "waiting" for row in tx.outbox.unfinished())
            unstored = bisect_right(times, now) - self._stored
            self.run.samples.append(
                Sample(now, memory("VmRSS"), memory("VmHWM"), waiting, due, unstored)
            )
            if self._is_over.wait(SAMPLE_S):
                return

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.run.busy[part] += time.monotonic() - began

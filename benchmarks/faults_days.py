"""The newsroom's days as the program lives through them: undisturbed, or with every kind of fault.

A round begins at 9 and at 21 o'clock of each day. Undisturbed, the program runs once. Disturbed, it
runs again and again, five minutes later by its own clock each time, dies or is hindered, and at
last runs until nothing is left to be done, as a machine does that restarts what died. The closing
round is on the morning after the last day, when quiet hours are over and the last digest is due.
"""

import logging
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.faults_moments import JUMPS, Measured, in_daemon, measured, passes, reached
from benchmarks.faults_plan import Plan
from benchmarks.faults_program import (
    CRAWL,
    DAEMON,
    DELIVERY,
    LOCKED_S,
    STAGES,
    START,
    Machine,
    Running,
)
from benchmarks.faults_slack import ILL, WELL, Slack
from newsroom.calendar import at
from newsroom.server import Newsroom
from storage.archive import Archive

Round = tuple[int, int]
"""A day and an hour."""

log = logging.getLogger("faults")

STEP = timedelta(minutes=5)
SOON = timedelta(minutes=16)
"""Longer than a message that failed waits before it is tried again."""
MOST_TRIES = 32
"""So many runs fit between a round's hour and midnight."""
KILLS = (CRAWL, DAEMON, STAGES, DELIVERY)
"""In the order in which each meets work: what was gathered is understood, then told."""
FULL, FILE_LIMIT, LOCKED = "disk full", "file size limit", "database locked"
FORWARD, BACK, OFF, DST = "clock forward", "clock back", "day off", "DST change"


@dataclass(slots=True)
class Played:
    """What was done: kills by phase, and how many of them had work at hand; other faults by kind;
    the numbers of the runs that did not end well; what each round took that was not disturbed."""

    kills: Counter[str] = field(default_factory=Counter)
    at_work: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: set[int] = field(default_factory=set)
    runs: int = 0
    said: list[str] = field(default_factory=list)
    took: dict[Round, Measured] = field(default_factory=dict)


def play(
    machine: Machine,
    newsroom: Newsroom,
    slack: Slack,
    plan: Plan,
    like: Mapping[Round, Measured] | None = None,
) -> Played:
    """Live through the days of a plan; `like` says what its rounds took without faults.

    Raises AssertionError where the program does not come to rest, or ends in a traceback.
    """
    return _Play(machine, newsroom, slack, plan, like or {}).play()


class _Play:
    def __init__(
        self,
        machine: Machine,
        newsroom: Newsroom,
        slack: Slack,
        plan: Plan,
        like: Mapping[Round, Measured],
    ) -> None:
        self._machine, self._newsroom, self._slack, self._plan = machine, newsroom, slack, plan
        self._like = like
        self._rng = random.Random(plan.seed)
        self._done = Played()

    def play(self) -> Played:
        rounds = [(day, hour) for day in self._plan.days for hour in self._plan.hours]
        rounds = [one for one in rounds if one[0] not in self._plan.off]
        wishes = self._spread(rounds)
        left: list[str] = []
        for one in rounds:
            self._newsroom.day = one[0]
            kills = [wish for wish in wishes[one] if wish in KILLS]
            others = [wish for wish in wishes[one] if wish not in KILLS]
            left = self._live(
                one, _in_order([*kills, *left], others, self._rng), last=one == rounds[-1]
            )
        self._done.faults |= {OFF: len(self._plan.off), DST: 2}
        if not self._plan.is_brief:
            self._settle(at(self._plan.days[-1], 23, 59) + timedelta(hours=9), last=True)
        return self._done

    def _spread(self, rounds: Sequence[Round]) -> dict[Round, list[str]]:
        """Which faults fall into which round: kills of delivery where there is much to tell."""
        plan, rng = self._plan, self._rng
        names = list(plan.shares)
        kills = rng.choices(names, weights=list(plan.shares.values()), k=plan.kills)
        wishes: dict[Round, list[str]] = {one: [] for one in rounds}
        told = [self._like.get(one, Measured()).taken for one in rounds]
        for number, kill in enumerate(kills):
            place = rounds[number % len(rounds)]
            if kill == DELIVERY and any(told):
                place = rng.choices(rounds, weights=told)[0]
            wishes[place].append(kill)
        for kind, count in ((FULL, plan.full), (LOCKED, plan.locked), (BACK, plan.jumps)):
            for number in range(count):
                # Not before there is an archive; nor so late that what waits for the hour that the
                # wrong clock showed cannot be told any more.
                place = rng.choice(rounds[1:-2] or rounds)
                wishes[place].append(FORWARD if kind == BACK and number % 2 else kind)
        wishes[rounds[0]] += plan.in_order
        return wishes

    def _live(self, one: Round, wishes: Sequence[str], *, last: bool) -> list[str]:
        """One round with its faults; gives the kills that found nothing to interrupt.

        In the `last` round these are kills of a crawl, which is always there.
        """
        now, missed, left = at(*one), list[str](), list(wishes)
        self._slack.weights = ILL if self._plan.kills else WELL
        for _ in range(MOST_TRIES):
            if not left:
                break
            wish = left.pop(0)
            if not self._hinder(wish, one, now):
                log.info("no moment of %s was met", wish)
                (left if last else missed).append(CRAWL if last else wish)
            now += STEP
        requests, taken = len(self._newsroom.log), len(self._slack.taken)
        first = self._settle(now)
        self._done.took[one] = measured(
            first, len(self._newsroom.log) - requests, len(self._slack.taken) - taken
        )
        return missed + [wish for wish in left if wish in KILLS]

    def _hinder(self, wish: str, one: Round, now: datetime) -> bool:
        if wish == FULL:
            return self._with_full_disk(now)
        if wish == LOCKED:
            return self._with_locked_database(now)
        if wish in (FORWARD, BACK):
            return self._with_wrong_clock(now, wish)
        return self._killed(wish, one, now)

    def _killed(self, wish: str, one: Round, now: datetime) -> bool:
        def show(ahead: timedelta) -> None:
            self._machine.set_clock(now + ahead)
            self._done.faults[FORWARD if ahead > timedelta() else BACK] += 1

        everything = self._rng.random() < 0.3
        like = self._like.get(one, Measured())
        arguments = ("run",) if wish == DAEMON else ("run", "--once")
        with self._run(now, *arguments) as running:
            if wish == DAEMON:
                there = in_daemon(running, self._rng, show)
            else:
                there = reached(wish, running, self._rng, self._newsroom, self._slack, like)
            phase = DAEMON if wish == DAEMON else running.phase
            if there:
                running.kill(everything=everything)
        if running.process.returncode != -signal.SIGKILL:
            return False
        self._done.broken.add(self._slack.run)
        self._done.kills[phase] += 1
        self._done.at_work[phase] += self._has_work(phase)
        return True

    def _with_full_disk(self, now: datetime) -> bool:
        leave = self._rng.choice((0, 4096, 40_000))
        if self._machine.mounted:
            with self._run(now, "run", "--once") as running:
                phase = self._rng.choice((CRAWL, STAGES, DELIVERY))
                running.wait(lambda: phase in running.began)
                with self._machine.disk_full(leave):
                    status = running.ended()
            kind = FULL
        else:
            limit = (self._machine.archive / "archive.db").stat().st_size + leave
            with self._run(now, "run", "--once", file_limit=limit) as running:
                status = running.ended()
            kind = FILE_LIMIT
        self._hindered(kind, status, running)
        return True

    def _with_locked_database(self, now: datetime) -> bool:
        with self._run(now, "run", "--once") as running:
            phase = self._rng.choice((CRAWL, STAGES, DELIVERY))
            running.wait(lambda: phase in running.began)
            with self._machine.database_locked():
                passes(running, LOCKED_S)
            status = running.ended()
        self._hindered(LOCKED, status, running)
        return True

    def _hindered(self, kind: str, status: int, running: Running) -> None:
        self._done.faults[kind] += 1
        self._done.broken.add(self._slack.run)
        last = "; ".join(running.said[-3:])
        self._done.said.append(f"{kind}: exit {status} in {running.phase}: {last}")
        log.info("%s", self._done.said[-1])
        if any(line.startswith("Traceback") for line in running.said):
            raise AssertionError(f"{kind}: a traceback instead of a line:\n" + _end(running))

    def _with_wrong_clock(self, now: datetime, wish: str) -> bool:
        ways = [one for one in JUMPS if (one > timedelta()) == (wish == FORWARD)]
        with self._run(now + self._rng.choice(ways), "run", "--once") as running:
            running.ended()
        self._done.faults[wish] += 1
        return True

    def _settle(self, now: datetime, *, last: bool = False) -> Running:
        """Run until a round ends well and nothing is left to be told soon; `last`: at all.

        Gives the first of these runs.
        """
        first = None
        for _ in range(MOST_TRIES):
            with self._run(now, "run", "--once") as running:
                status = running.ended()
            first = first or running
            if status == 0 and not self._left(now, at_all=last):
                return first
            self._slack.weights = WELL
            now += STEP
        raise AssertionError("the program does not come to rest:\n" + _end(running))

    def _left(self, now: datetime, *, at_all: bool) -> bool:
        archive = Archive.open(self._machine.archive)
        with archive.reading() as tx:
            left = tx.outbox.unfinished() if at_all else tx.outbox.due(now + SOON)
        archive.close()
        return bool(left)

    def _has_work(self, phase: str) -> bool:
        """Whether what was killed had more to do: it always has while it crawls."""
        if phase in (CRAWL, START):
            return phase == CRAWL
        archive = Archive.open(self._machine.archive)
        with archive.reading() as tx:
            last = tx.events.last()
            cursors = tx.events.cursors()
            waiting = bool(tx.outbox.unfinished())
        archive.close()
        behind = len(cursors) < 7 or any(seq < last for seq in cursors.values())
        return waiting if phase == DELIVERY else behind or waiting

    @contextmanager
    def _run(
        self, now: datetime, *arguments: str, file_limit: int | None = None
    ) -> Iterator[Running]:
        self._slack.run += 1
        self._done.runs += 1
        self._machine.set_clock(now)
        began = time.monotonic()
        with self._machine.running(*arguments, file_limit=file_limit) as running:
            yield running
        log.info(
            "run %d at %s: ended in %s after %.1f s with %s; Slack took %d",
            self._slack.run,
            now.isoformat(),
            running.phase,
            time.monotonic() - began,
            running.process.returncode,
            len(self._slack.taken),
        )


def _in_order(kills: Sequence[str], others: Sequence[str], rng: random.Random) -> list[str]:
    """Kills in the order in which each meets work, the other faults anywhere between them."""
    mixed = sorted(kills, key=KILLS.index)
    for other in others:
        mixed.insert(rng.randint(0, len(mixed)), other)
    return mixed


def _end(running: Running) -> str:
    return "\n".join(running.said[-12:])

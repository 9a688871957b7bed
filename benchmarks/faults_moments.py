"""The moment at which the program is killed: waited for while it runs, drawn at random."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.faults_program import CRAWL, DELIVERY, STAGES, Running
from benchmarks.faults_slack import Slack
from newsroom.server import Newsroom

JUMPS = (timedelta(hours=-26), timedelta(hours=-3), timedelta(hours=5), timedelta(hours=26))
"""By how much the clock is wrong when it is."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What an undisturbed round took: requests, seconds of each phase, messages told."""

    requests: int = 10
    seconds: tuple[tuple[str, float], ...] = ()
    taken: int = 1


def reached(
    wish: str,
    running: Running,
    rng: random.Random,
    newsroom: Newsroom,
    slack: Slack,
    like: Measured,
) -> bool:
    """Wait for a moment within a phase; False when the program ended before it.

    A crawl is killed at a random time, or just after a random request; delivery at a random time,
    or around the taking of a message: before Slack says so, or just after.
    """
    by_count = rng.random() < (0.7 if wish == DELIVERY else 0.5)
    if wish == DELIVERY and by_count:
        return _taken(running, rng, slack, like)
    if not running.wait(lambda: wish in running.began):
        return False
    if wish == CRAWL and by_count:
        wanted = len(newsroom.log) + rng.randint(1, max(1, like.requests * 2 // 3))
        asked = running.wait(lambda: len(newsroom.log) >= wanted)
        return asked and passes(running, rng.uniform(0, 0.08))
    longest = dict(like.seconds).get(wish, {CRAWL: 3.0, STAGES: 1.0}.get(wish, 0.3))
    return passes(running, rng.random() * longest * LIKELY)


def in_daemon(running: Running, rng: random.Random, show: Callable[[timedelta], None]) -> bool:
    """Wait for a few seconds of the daemon, in which its clock may jump and jump back.

    `show` makes the clock wrong by so much.
    """
    if rng.random() < 0.7:
        for ahead in (rng.choice(JUMPS), timedelta()):
            if not passes(running, rng.uniform(1.5, 4)):
                return False
            show(ahead)
    return passes(running, rng.uniform(1, 6))


def passes(running: Running, seconds: float) -> bool:
    """Let so many seconds pass; False when the program ends before."""
    until = time.monotonic() + seconds
    return running.wait(lambda: time.monotonic() >= until)


def _taken(running: Running, rng: random.Random, slack: Slack, like: Measured) -> bool:
    number = rng.randint(1, max(1, min(3, like.taken)))
    last = "silent" if rng.random() < 0.5 else "ok"
    wanted = len(slack.taken) + number
    slack.next = ["ok"] * (number - 1) + [last]
    taken = running.wait(lambda: len(slack.taken) >= wanted)
    slack.next = []
    time.sleep(rng.uniform(0, 0.01))
    return taken


LIKELY = 0.8
"""How much of a phase is left on average when kills before have had some of it done."""


def measured(running: Running, requests: int, taken: int) -> Measured:
    """What an undisturbed round took."""
    lasted = {phase: running.lasted(phase) for phase in (CRAWL, STAGES)}
    seconds = tuple((phase, s) for phase, s in lasted.items() if s is not None)
    return Measured(requests, seconds, taken)

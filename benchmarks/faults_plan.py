"""What is done to the program while the newsroom's days pass."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.faults_program import CRAWL, DAEMON, DELIVERY, STAGES

HOURS = (9, 21)
SHARES = {CRAWL: 0.35, STAGES: 0.3, DELIVERY: 0.25, DAEMON: 0.1}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to the program: so many kills, spread over the days, and other faults.

    `days` are those that the newsroom lives through, with a round at each of `hours`, and `off`
    those of them on which the machine is off. `full` and `locked` are how often the disk fills and
    the database is locked, `jumps` how often the clock jumps; `in_order` are the phases of further
    kills in the first round. `topics` is whether texts are classified, which takes the model,
    `sources` are those to be read (none: all). `is_brief` leaves out what only time brings to an
    end: quiet hours, groups, the digest, and so the closing round.
    """

    days: Sequence[int]
    seed: int
    kills: int = 0
    full: int = 0
    locked: int = 0
    jumps: int = 0
    off: Sequence[int] = ()
    topics: bool = True
    shares: dict[str, float] = field(default_factory=lambda: dict(SHARES))
    is_brief: bool = False
    hours: Sequence[int] = HOURS
    in_order: Sequence[str] = ()
    sources: Sequence[str] = ()

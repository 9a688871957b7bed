"""Does anything get lost, doubled or half-written when everything goes wrong?

    python -m benchmarks.faults [--kills 200] [--seed 1] [--days 1-7] [--no-topics] [--keep FOLDER]

Plays the newsroom's seven days through the real program twice: undisturbed, and with SIGKILL at
random moments of crawl, stages and delivery and in the daemon, where all happen at once; a Slack
that answers at random 200, 429 with Retry-After, 500, garbage, a cut connection, or nothing after
it took the message; a clock that jumps a day forward and back, a summer time that begins and ends,
a day on which the machine is off; a full disk, and a database locked for longer than a writer
waits. A kill falls into the phase that the program had said to be in; in three of ten the processes
that it had started are killed with it, in the others they must notice by themselves.

At the end both runs' archives are compared (`benchmarks.faults_content` says how), and what arrived
at Slack with what should have (`benchmarks.faults_told`). With --off none the machine is on every
day in both; a day off is one in both, since what a page said only on that day nobody could gather.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.faults_config import settle_in
from benchmarks.faults_content import content_of, differences
from benchmarks.faults_days import Played, play
from benchmarks.faults_plan import Plan
from benchmarks.faults_program import CRAWL, DAEMON, DELIVERY, STAGES, START
from benchmarks.faults_slack import Slack
from benchmarks.faults_told import Told, told
from newsroom.server import Newsroom
from storage.archive import Archive
from storage.verification import verify

MODELS = Path(os.environ.get("DECREEWATCH_MODELS", Path(__file__).parents[1] / "var" / "models"))
PHASES = (CRAWL, STAGES, DELIVERY, DAEMON, START)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a disturbed run, beside an undisturbed one.

    `differs` holds, for captures, revisions, events, their order and alerts, what is missing and
    what is too much; `slack` how often the stand-in answered in each way that is no 200;
    `complaints` what it refused; `damaged` the captures that cannot be read back.
    """

    played: Played
    told: Told
    differs: dict[str, list[str]]
    slack: Counter[str]
    complaints: tuple[str, ...]
    damaged: tuple[str, ...]
    edits: int
    files: tuple[int, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, doubled, disordered or different."""
        wrong = (self.told.lost, self.told.unasked, self.told.unexcused, self.told.disorder)
        return not any((*wrong, *self.differs.values(), self.complaints, self.damaged))


def measure(folder: Path, plan: Plan, models: Path = MODELS) -> Outcome:
    """Live through a plan, and through the same days without faults, below an empty folder."""
    with Newsroom(day=plan.days[0]) as newsroom, ExitStack() as disks:
        done: list[Played] = []
        machines, slacks = [], []
        calm = replace(plan, kills=0, in_order=(), full=0, locked=0, jumps=0)
        for name, one in (("calm", calm), ("tried", plan)):
            with Slack(plan.seed) as slack:
                machine = settle_in(folder / name, newsroom.url, slack.url, models, one)
                disks.enter_context(machine.disk())
                like = done[0].took if done else None
                done.append(play(machine, newsroom, slack, one, like))
            machines.append(machine)
            slacks.append(slack)
        return _judged(machines[0].archive, machines[1].archive, slacks[1], done[1])


def _judged(calm_root: Path, tried_root: Path, slack: Slack, played: Played) -> Outcome:
    with closing(Archive.open(calm_root)) as calm, closing(Archive.open(tried_root)) as tried:
        return Outcome(
            played=played,
            told=told(calm, tried, slack.taken, played.broken),
            differs=differences(content_of(calm), content_of(tried)),
            slack=slack.faults,
            complaints=tuple(slack.complaints),
            damaged=tuple(_damaged(tried)),
            edits=len(slack.edits),
            files=(len(set(slack.files)), len(slack.files)),
        )


def _damaged(archive: Archive) -> list[str]:
    return [str(one) for one in verify(archive).bad]


def show(outcome: Outcome, out: Console) -> None:
    """Print the tables and, where something is wrong, what."""
    drawn = Table(title="Killed", title_justify="left")
    for column in ("phase", "kills", "of them with work at hand"):
        drawn.add_column(column, justify="left" if column == "phase" else "right")
    for phase in PHASES:
        kills, at_work = outcome.played.kills[phase], outcome.played.at_work[phase]
        if kills:
            drawn.add_row(phase, str(kills), str(at_work))
    drawn.add_row("all", str(outcome.played.kills.total()), str(outcome.played.at_work.total()))
    out.print(drawn)
    faults = Table(title="Other faults", title_justify="left")
    faults.add_column("kind")
    faults.add_column("times", justify="right")
    for kind, count in (*sorted(outcome.played.faults.items()), *sorted(outcome.slack.items())):
        faults.add_row(kind if kind in outcome.played.faults else f"Slack: {kind}", str(count))
    out.print(faults)
    _show_told(outcome, out)
    for line in _wrongs(outcome):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_told(outcome: Outcome, out: Console) -> None:
    one = outcome.told
    drawn = Table(title="At the end", title_justify="left")
    drawn.add_column("question")
    drawn.add_column("answer", justify="right")
    for question, answer in (
        ("runs of the program", outcome.played.runs),
        ("alerts expected", one.expected),
        ("alerts arrived", one.arrived),
        ("lost", len(one.lost)),
        ("that nobody expected", len(one.unasked)),
        ("messages (parts with a key)", one.messages),
        ("came again, excused: Slack took it and did not say so", one.excused_unsaid),
        ("came again, excused: killed before it was written down", one.excused_killed),
        ("came again, unexcused", len(one.unexcused)),
        ("out of order or thread", len(one.disorder) + len(outcome.complaints)),
        ("messages edited", outcome.edits),
        ("files attached, with repeats", f"{outcome.files[0]}, {outcome.files[1]}"),
        ("damaged captures", len(outcome.damaged)),
        *((f"{part} equal", "no" if wrong else "yes") for part, wrong in outcome.differs.items()),
    ):
        drawn.add_row(question, str(answer))
    out.print(drawn)


def _wrongs(outcome: Outcome) -> list[str]:
    """Everything that is wrong, a line each."""
    one = outcome.told
    named = {
        "lost": one.lost, "not expected": one.unasked, "again": one.unexcused,
        "disorder": one.disorder, "complaint": outcome.complaints, "damaged": outcome.damaged,
        **outcome.differs,
    }  # fmt: skip
    return [f"{what}: {line[:400]}" for what, lines in named.items() for line in lines]


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(description="Nothing lost, nothing doubled, whatever happens.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", default="1-7", help="such as 1-3")
    parser.add_argument("--off", default="4", help="the day on which the machine is off, or none")
    parser.add_argument("--no-topics", action="store_true", help="without classifying, much faster")
    parser.add_argument("--keep", type=Path, help="an empty folder to leave the runs' traces in")
    parser.add_argument("--verbose", action="store_true", help="a line for each run")
    options = parser.parse_args(arguments)
    if options.verbose:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    first, _, last = options.days.partition("-")
    plan = Plan(
        days=range(int(first), int(last or first) + 1),
        seed=options.seed,
        kills=options.kills,
        full=max(1, options.kills // 50),
        locked=max(1, options.kills // 50),
        jumps=max(2, options.kills // 25),
        off=() if options.off == "none" else (int(options.off),),
        topics=not options.no_topics,
    )
    started = time.monotonic()
    with TemporaryDirectory(prefix="decreewatch-faults-") as folder:
        outcome = measure(options.keep or Path(folder) / "runs", plan)
    out = Console()
    show(outcome, out)
    out.print(f"{(time.monotonic() - started) / 60:.1f} minutes, seed {options.seed}")
    for line in outcome.played.said:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0 if outcome.is_sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

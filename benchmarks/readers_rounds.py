"""Fills an archive from the invented newsroom while others read it: a process of its own.

Started as `python -m benchmarks.readers_rounds FOLDER MODELS`. It plays two days, says where the
configuration is, and after a line on its input plays on, round after round, until the next line.
"""

import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from commands.rounds import Rounds, assemble
from commands.seven_days import ROUNDS_AT, write_config
from config import load
from newsroom.calendar import at, days
from newsroom.server import Newsroom
from storage.archive import Archive

BEFORE = 2
"""Days that are over when the readers come."""


def main(arguments: Sequence[str]) -> int:
    """Play the days."""
    folder, models = map(Path, arguments)
    stop = threading.Event()
    with Newsroom() as newsroom:
        path = write_config(folder, models, newsroom.url)
        with closing(Archive.open(folder / "archive")) as archive:
            rounds = assemble(load(path), archive)
            for newsroom.day in range(1, BEFORE + 1):
                _round(rounds, newsroom.day, 12, stop)
            print(path, flush=True)
            sys.stdin.readline()
            threading.Thread(
                target=lambda: sys.stdin.readline() and stop.set(), daemon=True
            ).start()
            played, before = 0, _events(archive)
            while not stop.is_set():
                turn = played // len(ROUNDS_AT) + BEFORE + 1
                newsroom.day = min(turn, max(days()))
                _round(rounds, newsroom.day, ROUNDS_AT[played % 2], stop, later=played)
                played += 1
            print(f"{played} rounds, {_events(archive) - before} events", flush=True)
    return 0


def _wait(stop: threading.Event) -> None:
    sys.stdin.readline()
    stop.set()


def _round(rounds: Rounds, day: int, hour: int, stop: threading.Event, *, later: int = 0) -> None:
    now = at(day, hour) + timedelta(minutes=later)
    rounds.gather(stop, all_sources=True, now=now)
    for report in rounds.understand(now, stop):
        if report.problem:
            print(f"{report.name}: {report.problem}", file=sys.stderr)
    rounds.watch(now, stop)
    rounds.index(now, stop)
    rounds.embed(now, stop)


def _events(archive: Archive) -> int:
    with archive.reading() as tx:
        return tx.events.last()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

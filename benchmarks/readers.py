"""Whether readers are served without errors, and how quickly, while the archive is being filled.

Fifty readers ask one real `decreewatch serve` for pages, searches, feeds and the API, each again
after a pause of one to three seconds: for a while with nothing else running, then while a process
of its own crawls the invented newsroom and lets every stage, the rules and the index catch up.
"""

import argparse
import http.client
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.memory import memory
from benchmarks.readers_asked import Asked, pages_of

ROOT = Path(__file__).parents[1]
PAUSE_S = (1.0, 3.0)
TIMEOUT_S = 60


@dataclass(slots=True)
class Answers:
    """Seconds that answers took, by the kind of page, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """The times of all pages."""
        return [one for times in self.took.values() for one in times]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both parts and print them; 1 where any answer was an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--quiet-seconds", type=float, default=20)
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="decreewatch-bench-") as folder,
        _process("benchmarks.readers_rounds", folder, str(options.models)) as filling,
    ):
        config = _line(filling).strip()
        with _process("decreewatch", "serve", "--config", config, "--listen", "127.0.0.1:0",
                      told=subprocess.PIPE) as server:  # fmt: skip
            assert server.stderr is not None
            port = int(re.findall(r":(\d+)/", server.stderr.readline())[0])
            said: list[str] = []
            threading.Thread(target=lambda: said.extend(server.stderr), daemon=True).start()
            pages = pages_of(config)
            _ask(port, pages, options.readers, 3)
            quiet = _ask(port, pages, options.readers, options.quiet_seconds)
            assert filling.stdin is not None
            filling.stdin.write("go\n")
            filling.stdin.flush()
            busy = _ask(port, pages, options.readers, options.seconds)
            peak = memory("VmHWM", server.pid)
            filling.stdin.write("stop\n")
            filling.stdin.flush()
            filled = _line(filling).strip()
    _print({"alone": quiet, "while it is filled": busy}, options.readers, filled, peak, said)
    return 1 if quiet.wrong or busy.wrong or said else 0


@contextmanager
def _process(
    module: str, *arguments: str, told: int | None = None
) -> "Iterator[subprocess.Popen[str]]":
    started = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGINT)
        started.wait(timeout=60)


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said:
        sys.exit("the process that fills the archive ended early; it says why above")
    return said


def _ask(port: int, pages: Sequence[Asked], readers: int, seconds: float) -> Answers:
    """Let so many readers ask for so long."""
    answers, until = Answers(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=_read, args=(port, pages, Random(seed), until, answers))
        for seed in range(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _read(port: int, pages: Sequence[Asked], random: Random, until: float, to: Answers) -> None:
    time.sleep(random.uniform(0, PAUSE_S[1]))
    weights = [one.weight for one in pages]
    while time.monotonic() < until:
        (asked,) = random.choices(pages, weights)
        path = random.choice(asked.paths)
        began = time.perf_counter()
        try:
            status = _fetched(port, path)
        except OSError as error:
            to.wrong.append(f"{path}: {type(error).__name__} {error}")
        else:
            to.took[asked.kind].append(time.perf_counter() - began)
            if status >= 400:
                to.wrong.append(f"{path}: {status}")
        time.sleep(random.uniform(*PAUSE_S))


def _fetched(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _print(
    parts: dict[str, Answers], readers: int, filled: str, peak: float, said: list[str]
) -> None:
    out = Console()
    for name, answers in parts.items():
        table = Table(title=f"{readers} readers, {name}")
        for column in ("page", "answers", "median ms", "95 % ms", "99 % ms", "longest ms"):
            table.add_column(column, justify="left" if column == "page" else "right")
        for kind, times in sorted(answers.took.items()):
            table.add_row(kind, *_figures(times))
        table.add_section()
        table.add_row("all", *_figures(answers.all))
        out.print(table)
        errors = len(answers.wrong)
        out.print(f"errors: {errors} of {len(answers.all) + errors}", *answers.wrong[:5], sep="\n")
    out.print(f"meanwhile: {filled}; the server's largest memory: {peak:.0f} MB")
    if said:
        out.print("the server said:", *said[:20])


def _figures(times: list[float]) -> list[str]:
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    shown = (cuts[49], cuts[94], cuts[98], max(times))
    return [f"{len(times):,}", *(f"{one * 1000:,.0f}" for one in shown)]


if __name__ == "__main__":
    sys.exit(main())

"""How long after a page changed does Slack have the alert?

    python -m benchmarks.latency [--changes 200] [--every 2] [--models var/models]

A site on loopback (see `latency_site`) changes a page every two seconds, whether or not the change
before has arrived: articles are edited, and every third time a draft has a new version. The daemon
runs as a process of its own, with the shipped topics, rules and intervals (only crawls come more
often), its model loaded by the first pages, and posts to a Slack on loopback.

The clock starts when the server hands out the first answer that holds the change, so neither the
polling interval nor the politeness between two requests counts; a second row counts from the feed
or list that names the page, which the same visit asked for before. It stops when Slack has
answered. Times are read from outside, a hundred times a second: when an event could be read in the
database, when each stage's cursor had passed it, when the request reached Slack.

A rule may hold its alert for others of a group, which is a chosen delay. So it is measured without
groups, and then with groups that wait for 5 s in place of the shipped minutes: there the clock
starts when that wait ends.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.latency_site import DRAFTS, FEED, PORTAL, Site
from benchmarks.latency_told import RULES, Told, drawn, late, told_changes
from benchmarks.latency_watch import Watch
from benchmarks.shipped import ROOT, grouped, rewritten
from benchmarks.slack import Slack
from config import load
from newsroom.server import Newsroom
from storage.archive import Archive

AIM_S = {"median": 2.0, "95 %": 5.0}
GROUP_WAIT = "5s"
CRAWL_S = 2
SETTLING_S = 300.0
LAST_S = 90.0
OURS = {"[storage]", "[politeness]", "[schedule]", "[[sources]]", "[[instruments]]",
        "[[channels]]"}  # fmt: skip


def main() -> int:
    """Measure without groups and with them, and print both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.latency", description=__doc__)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two changes")
    models = os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models")
    parser.add_argument("--models", type=Path, default=Path(models))
    args = parser.parse_args()
    console = Console(width=120)
    begun = os.getloadavg()[0]
    names, told = measured(args.changes, args.every, args.models, None)
    console.print(drawn(names, told, args.changes))
    waited = max(args.changes // 4, 1)
    _, held = measured(waited, args.every, args.models, GROUP_WAIT)
    after = [one.confirmed - one.due for one in held]
    console.print(
        f"groups that wait for {GROUP_WAIT}: {len(held)} of {waited} changes arrived, median "
        f"{statistics.median(after):.2f} s after the wait, 95 % within {late(after):.2f} s"
    )
    whole = [one.confirmed - one.answered for one in told]
    figures = {"median": statistics.median(whole), "95 %": late(whole)}
    met = len(told) == args.changes and all(figures[name] < aim for name, aim in AIM_S.items())
    aims = ", ".join(f"{name} {figures[name]:.2f} s (aim {aim:g})" for name, aim in AIM_S.items())
    console.print(f"{'met' if met else 'MISSED'}: {aims}")
    console.print(
        f"{os.cpu_count()} cores; others kept {begun:.1f} of them busy before, and "
        f"{os.getloadavg()[0]:.1f} run now"
    )
    return 0 if met else 1


def measured(
    changes: int, every: float, models: Path, wait: str | None
) -> tuple[list[str], list[Told]]:
    """Return the stages' names in their order, and what became of each change that arrived.

    `changes` pages change, one each `every` seconds; groups wait for `wait` (None: no groups).
    """
    from monitor.stages import stages

    sites: list[Site] = []

    def opened(url: str) -> Site:
        sites.append(Site(url))
        return sites[0]

    with (
        tempfile.TemporaryDirectory(prefix="decreewatch-latency-") as folder,
        Newsroom(site=opened) as server,
        Slack() as slack,
    ):
        path = _configured(Path(folder), server.url, slack.url, models, wait)
        config = load(path)
        names = [reader.name for reader in stages(config)]
        with (
            closing(Archive.open(config.storage.path)) as archive,
            _daemon(path),
            Watch(archive) as watch,
        ):
            before = _settled(archive, len(sites[0].versions))
            made = []
            for number in range(changes):
                made.append(sites[0].change("draft" if number % 3 == 2 else "article"))
                time.sleep(every)
            _wait_for(archive, before, changes)
            return names, told_changes(made, sites[0], watch, slack, archive, names)


def _configured(folder: Path, url: str, slack: str, models: Path, wait: str | None) -> Path:
    host = url.removeprefix("http://")
    drafts = "".join(
        f'[[instruments]]\nid = "draft-{n}"\nname = "Decree {n}"\n'
        f'drafts = ["{url}{PORTAL}draft-{n}.html"]\n'
        for n in range(1, DRAFTS + 1)
    )
    ours = f"""
[storage]
path = {json.dumps(str(folder / "archive"))}
models = {json.dumps(str(models))}
[politeness]
contact = "benchmark"
delay = "0.01s"
allow_private = ["{host}"]
[schedule]
crawl = "{CRAWL_S}s"
[[sources]]
id = "press"
name = "Press"
kind = "state"
language = "vi"
homepage = "{url}/"
feeds = ["{url}{FEED}"]
[[sources]]
id = "portal"
name = "Portal"
kind = "official"
language = "vi"
homepage = "{url}/"
portal = true
listings = ["{url}{PORTAL}"]
document_pattern = "/portal/draft-.+"
[[channels]]
id = "slack"
kind = "slack"
channel = "#benchmark"
base_url = "{slack}"
{drafts}"""
    path = folder / "config.toml"
    path.write_text(grouped(rewritten(OURS, ours, "slack"), wait), encoding="utf-8")
    return path


@contextmanager
def _daemon(path: Path) -> Iterator[None]:
    log = path.with_name("daemon.log")
    command = [sys.executable, str(ROOT / "decreewatch.py"), "run", "--config", str(path)]
    with log.open("w", encoding="utf-8") as said:
        running = subprocess.Popen(
            command,
            env=os.environ | {"DECREEWATCH_SLACK_TOKEN": "xoxb-invented"},
            stdout=said,
            stderr=said,
        )
        try:
            yield
            if running.poll() is not None:
                sys.exit(f"the daemon ended:\n{log.read_text(encoding='utf-8')[-2000:]}")
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def _settled(archive: Archive, pages: int) -> int:
    """Wait until the first versions of all `pages` are stored, understood and told.

    Returns how many alerts of the rules looked at there were.
    """
    until = time.monotonic() + SETTLING_S
    calm = 0
    while calm < 5:
        if time.monotonic() > until:
            sys.exit("the first versions of the pages were not told in time")
        time.sleep(1)
        with archive.reading() as tx:
            counts, cursors, last = tx.items.counts(), tx.events.cursors(), tx.events.last()
            there = counts.get("articles", 0) + counts.get("documents", 0)
            busy = any(row.state != "waiting" for row in tx.outbox.unfinished())
        is_calm = there >= pages and set(cursors.values()) == {last} and not busy
        calm = calm + 1 if is_calm else 0
    with archive.reading() as tx:
        return sum(len(tx.outbox.keys_of(rule)) for rule in RULES)


def _wait_for(archive: Archive, before: int, changes: int) -> None:
    """Wait until as many changes were told as were made, or nothing more is to be expected."""
    until = time.monotonic() + LAST_S
    while time.monotonic() < until:
        with archive.reading() as tx:
            told = sum(len(tx.outbox.keys_of(rule)) for rule in RULES)
            if told - before >= changes and not tx.outbox.unfinished():
                return
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())

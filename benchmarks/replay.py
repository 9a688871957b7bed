"""A week of real feeds, a thousand times as fast: what is told, does it keep up, does it grow?

    python -m benchmarks.replay [--feed ../shared/corpus/news/feed_items.tsv.gz] [--speed 1000]
        [--weeks 9] [--quiet 22:00-07:00] [--folder DIR] [--titles 10]

The corpus' busiest week that has enough of a past is stored item by item at the moments when its
feeds were fetched, by a clock that runs `speed` times as fast. Meanwhile everything that the daemon
does is done by the same clock, with the shipped configuration: the stages, what time brings about,
the rules with their groups (and quiet hours, where given), and the messages to a Slack on loopback.
The weeks before are stored and understood first, so that surges have a past, instruments are
known, and stories go on; of them nobody is told.

"Keeps up": at no moment of the second half did more than ten seconds' worth of events wait for a
stage, and all was told within ten seconds of the week's end. "Flat": at the end the memory is no
more than 5 % above what it was after a quarter. The items are titles and summaries; nothing of
them was ever edited, and no legal portal is among the sources.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.memory import forget_peak
from benchmarks.replay_items import HANOI, WEEK, FeedItem, busiest_week, feed_items
from benchmarks.replay_run import Replay, Run, prepare
from benchmarks.shipped import ROOT, rewritten
from benchmarks.slack import Slack
from commands.rounds import Rounds, assemble
from config import load
from storage.archive import Archive

FEED = ROOT.parent / "shared" / "corpus" / "news" / "feed_items.tsv.gz"
BEHIND_S = 10.0
GROWTH = 1.05
MOMENTS = 8


def main() -> int:
    """Replay the week and print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.replay", description=__doc__)
    parser.add_argument("--feed", type=Path, default=FEED)
    parser.add_argument("--speed", type=float, default=1000.0)
    parser.add_argument("--weeks", type=int, default=9, help="weeks of the past")
    parser.add_argument("--quiet", default="", help='quiet hours, such as "22:00-07:00"')
    parser.add_argument("--folder", type=Path, help="keep the archive here (else: nowhere)")
    parser.add_argument("--titles", type=int, default=0, help="alerts of each rule to name")
    models = os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models")
    parser.add_argument("--models", type=Path, default=Path(models))
    args = parser.parse_args()
    console = Console(width=150)
    if not args.feed.is_file():
        console.print(f"not measured: there are no real feed items at {args.feed}")
        return 0
    past = timedelta(days=7 * args.weeks)
    items = feed_items(args.feed)
    start = busiest_week(items, past)
    before = [one for one in items if start - past <= one.at < start]
    week = [one for one in items if start <= one.at < start + WEEK]
    del items
    os.environ.setdefault("DECREEWATCH_SLACK_TOKEN", "xoxb-invented")
    with tempfile.TemporaryDirectory(prefix="decreewatch-replay-") as spare, Slack() as slack:
        folder = args.folder or Path(spare)
        path = _configured(folder, slack.url, args.models, args.quiet)
        config = load(path)
        with closing(Archive.open(config.storage.path)) as archive:
            rounds = assemble(config, archive)
            began = time.monotonic()
            prepare(rounds, before, start)
            spent = time.monotonic() - began
            console.print(
                f"the past: {len(before):,} items of {args.weeks} weeks stored and understood in "
                f"{spent:.0f} s, {len(before) / max(spent, 1e-9):,.0f} items/s"
            )
            is_reset = forget_peak()
            run = Replay(rounds, week, start, start + WEEK, args.speed).play()
            console.print(_over_time(run, is_reset))
            console.print(_busy(run))
            console.print(_told(rounds, start, slack))
            if args.titles:
                _name(rounds, start, args.titles, console)
    return _judge(run, week, args.speed, console)


def _configured(folder: Path, slack: str, models: Path, quiet: str) -> Path:
    ours = f"""
[storage]
path = {json.dumps(str(folder / "archive"))}
models = {json.dumps(str(models))}
[quiet]
hours = "{quiet}"
[[channels]]
id = "slack"
kind = "slack"
channel = "#benchmark"
base_url = "{slack}"
"""
    path = folder / "config.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(rewritten({"[storage]", "[[channels]]"}, ours, "slack"), encoding="utf-8")
    return path


def _over_time(run: Run, is_reset: bool) -> Table:
    peak = "peak" if is_reset else "peak (with the past's)"
    table = Table(title="Over time: memory, and what waited", title_justify="left")
    names = list(run.samples[0].waiting)
    for column in ("the week's", "MB", peak, "unstored", *names, "due"):
        table.add_column(column, justify="right" if column != "the week's" else "left")
    last = len(run.samples) - 1
    for place in sorted({round(last * n / MOMENTS) for n in range(MOMENTS + 1)}):
        one = run.samples[place]
        waiting = [str(one.waiting[name]) for name in names]
        at = f"{one.at.astimezone(HANOI):%a %H:%M}"
        table.add_row(
            at, f"{one.memory:.0f}", f"{one.peak:.0f}", str(one.unstored), *waiting, str(one.due)
        )
    most = [max(sample.waiting[name] for sample in run.samples) for name in names]
    table.add_section()
    table.add_row(
        "at most",
        f"{max(one.memory for one in run.samples):.0f}",
        f"{run.samples[-1].peak:.0f}",
        str(max(one.unstored for one in run.samples)),
        *map(str, most),
        str(max(one.due for one in run.samples)),
    )
    return table


def _busy(run: Run) -> Table:
    table = Table(
        title=f"Where the {run.seconds:.0f} s went ({run.loops:,} rounds)", title_justify="left"
    )
    for column in ("", "seconds", "share"):
        table.add_column(column, justify="right" if column else "left")
    for part, seconds in sorted(run.busy.items(), key=lambda one: -one[1]):
        table.add_row(part, f"{seconds:.1f}", f"{seconds / run.seconds:.1%}")
    return table


def _told(rounds: Rounds, start: datetime, slack: Slack) -> Table:
    days = [(start + timedelta(days=n)).astimezone(HANOI).date() for n in range(8)]
    with rounds.archive.reading() as tx:
        alerts = tx.outbox.since(start)
        rows = tx.outbox.deliveries_of([alert.id for alert in alerts])
    messages: Counter[str] = Counter()
    for alert in alerts:
        leads = (row for row in rows[alert.id] if row.state == "sent")
        messages[alert.rule] += sum(row.batch in (None, row.id) for row in leads)
    table = Table(
        title=f"Alerts by rule; Slack took {slack.posted} messages and {slack.edited} edits",
        title_justify="left",
    )
    for column in (
        "rule",
        *(f"{day:%a %-d}" for day in days),
        "a day",
        "not told",
        "messages a day",
    ):
        table.add_column(column, justify="right" if column != "rule" else "left")
    for rule in sorted({alert.rule for alert in alerts}):
        own = [alert for alert in alerts if alert.rule == rule]
        by_day = Counter(alert.raised_at.astimezone(HANOI).date() for alert in own)
        stopped = Counter(alert.state for alert in own if alert.state not in ("open", "resolved"))
        said = ", ".join(f"{count} {state}" for state, count in stopped.items())
        table.add_row(
            rule,
            *(str(by_day[day]) for day in days),
            f"{len(own) / 7:.1f}",
            said,
            f"{messages[rule] / 7:.1f}",
        )
    return table


def _name(rounds: Rounds, start: datetime, titles: int, console: Console) -> None:
    with rounds.archive.reading() as tx:
        alerts = tx.outbox.since(start)
    for rule in sorted({alert.rule for alert in alerts}):
        own = [alert for alert in alerts if alert.rule == rule]
        for alert in own[:: max(1, len(own) // titles)][:titles]:
            console.print(f"{rule}: {alert.state}: {alert.title}", markup=False, soft_wrap=True)


def _judge(run: Run, week: list[FeedItem], speed: float, console: Console) -> int:
    half = run.samples[len(run.samples) // 2 :]
    rate = len(week) / (WEEK.total_seconds() / speed)
    behind = max(max([one.unstored, *one.waiting.values()]) for one in half) / rate
    keeps_up = behind <= BEHIND_S and run.late <= BEHIND_S and not run.problems
    quarter = len(run.samples) // 4
    early = statistics.mean(one.memory for one in run.samples[quarter : quarter + 5])
    late = statistics.mean(one.memory for one in run.samples[-5:])
    is_flat = late <= early * GROWTH
    spent = sum(seconds for part, seconds in run.busy.items() if part != "store")
    console.print(
        f"{'met' if keeps_up else 'MISSED'}: keeps up with {len(week):,} items at {speed:g} times "
        f"({rate:.1f} items/s); at most {behind:.1f} s behind in the second half, "
        f"{max(run.late, 0.0):.1f} s late at the end, busy for {spent / run.seconds:.0%}"
    )
    console.print(
        f"{'met' if is_flat else 'MISSED'}: memory {early:.0f} MB after a quarter, {late:.0f} MB "
        f"at the end ({late / early - 1:+.1%})"
    )
    for problem, count in Counter(run.problems).most_common(5):
        console.print(f"problem ({count} times): {problem}", markup=False)
    console.print(f"{os.cpu_count()} cores, of which {os.getloadavg()[0]:.1f} are asked for now")
    return 0 if keeps_up and is_flat else 1


if __name__ == "__main__":
    sys.exit(main())

"""Which silences of real sources would have been told, and how late?

    python -m benchmarks.silence [--corpus ../shared/corpus] [--every 3]

Replays a year of the corpus' feed items, source by source, and judges every few hours whether the
source has fallen silent, by nothing but what had come until then. Beside it stands a fixed limit of
a day, and one of three days. Tết and a dozen other holidays lie in the year; whether a silence was
an outage can be told by the length of the gap beside the others of its source.
"""

import argparse
import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from monitor.silent_sources import LOOKBACK, judge_silence
from monitor.terms import is_holiday

ROOT = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WARM_UP = timedelta(days=30)
DEFAULT = timedelta(days=7)

Arrivals = Sequence[datetime]


def read(path: Path) -> dict[str, list[datetime]]:
    """When each source's items were first fetched, each address once, oldest first."""
    found: dict[str, dict[str, datetime]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            at, source, _, url = line.split("\t")[:4]
            when = datetime.fromisoformat(at).replace(tzinfo=UTC)
            known = found.setdefault(source, {})
            known[url] = min(when, known.get(url, when))
    return {source: sorted(urls.values()) for source, urls in found.items()}


def told(arrivals: Arrivals, every: timedelta, judge: Callable[[datetime], bool]) -> list[str]:
    """The silences that a judge tells: since when, and after how many hours."""
    found, last_told = [], None
    at, end = arrivals[0] + WARM_UP, arrivals[-1]
    while at < end:
        since = arrivals[bisect_right(arrivals, at) - 1]
        if since != last_told and judge(at):
            last_told = since
            hours = (at - since) / timedelta(hours=1)
            found.append(f"{since.astimezone(ZONE):%Y-%m-%d} after {hours:.0f} h")
        at += every
    return found


def ours(source: str, all_arrivals: Mapping[str, Arrivals]) -> Callable[[datetime], bool]:
    """The judgement of `monitor.silent_sources` on one source, with the others as peers."""

    def until(name: str, at: datetime) -> Arrivals:
        times = all_arrivals[name]
        return times[bisect_left(times, at - LOOKBACK) : bisect_right(times, at)]

    def judge(at: datetime) -> bool:
        silence = judge_silence(
            until(source, at),
            at,
            ZONE,
            default=DEFAULT,
            peers=lambda: [until(name, at) for name in all_arrivals if name != source],
            is_holiday=is_holiday,
        )
        return silence is not None

    return judge


def limit(arrivals: Arrivals, longest: timedelta) -> Callable[[datetime], bool]:
    """A fixed limit for every source."""
    return lambda at: at - arrivals[bisect_right(arrivals, at) - 1] >= longest


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.silence", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--every", type=float, default=3, help="hours between two judgements")
    args = parser.parse_args()
    every = timedelta(hours=args.every)
    found = read(args.corpus / "news" / "feed_items.tsv.gz")
    table = Table(title="Silences told in a year of real feeds", title_justify="left")
    for column in ("source", "items", "longest gaps, hours", "ours", "a day", "three days"):
        table.add_column(column)
    for source, arrivals in sorted(found.items(), key=lambda one: -len(one[1])):
        gaps = sorted((two - one) / timedelta(hours=1) for one, two in pairwise(arrivals))
        longest = ", ".join(f"{gap:.0f}" for gap in gaps[: -4 - 1 : -1])
        alarms = "\n".join(told(arrivals, every, ours(source, found))) or "none"
        fixed = [len(told(arrivals, every, limit(arrivals, timedelta(days=n)))) for n in (1, 3)]
        table.add_row(source, str(len(arrivals)), longest, alarms, *map(str, fixed))
    Console(width=130).print(table)


if __name__ == "__main__":
    main()

"""When is an article seen? A source's turns by how often it publishes, beside fixed polling.

`python -m benchmarks.polling --feed FILE` plays weeks of real feed items against the feeds they
came from; without a file it makes up a week of forty outlets, large and small, that publish at
random in their hours. When an item was published lies evenly between two fetches of its feed:
the first that held it, and the one before. Both ways ask the same number of times.
"""

import argparse
import csv
import gzip
import hashlib
import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from spiders.turns import LOOKBACK, Wishes, habit, next_turn
from storage.rhythm import Rhythm

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = timedelta(days=7)
USUAL = timedelta(minutes=15)
POLITE = Wishes(delay=2.0)
LONGEST_GAP = timedelta(hours=1)
"""An item is not taken to be published earlier than this before it was fetched."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a way of asking came to: `requests` of feeds, how many found nothing new, delays."""

    requests: int
    idle: int
    delays: tuple[float, ...]

    def row(self, name: str, weeks: int) -> list[str]:
        """The figures of a table's row; delays in seconds."""
        ranked = sorted(self.delays)
        return [
            name,
            f"{self.requests / weeks / 7:,.0f}",
            f"{self.idle / self.requests:.0%}",
            f"{median(ranked):,.0f}",
            f"{mean(ranked):,.0f}",
            f"{ranked[int(len(ranked) * 0.95)]:,.0f}",
        ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feed", type=Path, help="feed items as TSV: first_fetched, source, link")
    parser.add_argument("--weeks", type=int, default=8, help="spread over the time there is")
    args = parser.parse_args()
    outlets = _published(args.feed) if args.feed else _made_up(random.Random(1))
    first = max(times[0] for times in outlets.values()) + LOOKBACK
    last = min(times[-1] for times in outlets.values()) - WEEK
    weeks = args.weeks if args.feed else 1
    starts = [first + (last - first) * n / max(1, weeks - 1) for n in range(weeks)]
    ours, fixed = _played(outlets, starts)
    items = len(ours.delays)
    what = args.feed.name if args.feed else "made up"
    table = Table(title=f"{len(outlets)} feeds ({what}), {weeks} weeks, {items:,} items; seconds")
    for column in ("asked", "requests a day", "nothing new (304)", "median", "mean", "95 %"):
        table.add_column(column, justify="left" if column == "asked" else "right")
    table.add_row(*fixed.row("at a fixed interval", weeks))
    table.add_row(*ours.row("by how often it publishes", weeks))
    console = Console(width=120)
    console.print(table)
    ratio = median(ours.delays) / median(fixed.delays)
    console.print(f"{'met' if ratio <= 0.5 else 'missed'}: median {ratio:.2f} of it (aim .50)")


def _played(
    outlets: dict[str, list[datetime]], starts: Sequence[datetime]
) -> tuple[Outcome, Outcome]:
    chance = random.Random(2)
    ours, fixed = Outcome(0, 0, ()), Outcome(0, 0, ())
    for start in starts:
        turns = {name: _turns(times, start, chance) for name, times in outlets.items()}
        gap = WEEK * len(outlets) / sum(len(asked) for asked in turns.values())
        for name, times in outlets.items():
            first = start + gap * chance.random()
            steady = [first + gap * n for n in range(int(WEEK / gap) + 1)]
            ours = _with(ours, times, turns[name], start)
            fixed = _with(fixed, times, steady, start)
    return ours, fixed


def _turns(times: list[datetime], start: datetime, chance: random.Random) -> list[datetime]:
    """When the feed of an outlet is asked in a week, knowing what was seen until then."""
    asked, rhythms = [start], dict[date, Rhythm | None]()
    while asked[-1] < start + WEEK:
        now = asked[-1]
        today = now.astimezone(ZONE).date()
        if today not in rhythms:
            known = times[bisect_left(times, now - LOOKBACK) : bisect_right(times, now)]
            rhythms[today] = habit(known, now, ZONE)
        jitter = chance.random()
        turn = next_turn(now, rhythms[today], POLITE, usual=USUAL, zone=ZONE, jitter=jitter)
        asked.append(turn)
    return asked


def _with(
    so_far: Outcome, times: list[datetime], asked: Sequence[datetime], start: datetime
) -> Outcome:
    came = times[bisect_left(times, start) : bisect_left(times, start + WEEK)]
    delays = []
    for at in came:
        next_asked = bisect_left(asked, at)
        if next_asked < len(asked):
            delays.append((asked[next_asked] - at).total_seconds())
    idle = sum(bisect_right(times, two) == bisect_right(times, one) for one, two in pairwise(asked))
    return Outcome(so_far.requests + len(asked), so_far.idle + idle, (*so_far.delays, *delays))


def _published(path: Path) -> dict[str, list[datetime]]:
    fetched: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            at = datetime.fromisoformat(row["first_fetched"]).replace(tzinfo=ZONE).astimezone(UTC)
            fetched[row["source"]].append((at, row["link"]))
    published = {}
    for source, rows in fetched.items():
        times = sorted({at for at, _ in rows})
        before = dict(zip(times[1:], times[:-1], strict=True))
        published[source] = sorted(
            at - _share(link) * min(at - before.get(at, at - LONGEST_GAP), LONGEST_GAP)
            for at, link in rows
        )
    return published


def _share(link: str) -> float:
    return int.from_bytes(hashlib.sha256(link.encode()).digest()[:6]) / 2**48


def _made_up(chance: random.Random) -> dict[str, list[datetime]]:
    """Five weeks of outlets from one item in two days to three hundred a day."""
    start = datetime(2031, 6, 1, 17, tzinfo=UTC)
    outlets = {}
    for number in range(40):
        a_day = 0.5 * 600 ** (number / 39)
        times = []
        for _ in range(int(a_day * 35)):
            # Most of a day's items come between six in the morning and ten at night.
            hour = chance.uniform(6, 22) if chance.random() < 0.93 else chance.uniform(0, 24)
            times.append(start + timedelta(days=chance.randrange(35), hours=hour))
        outlets[f"outlet-{number}"] = sorted(times)
    return outlets


if __name__ == "__main__":
    main()

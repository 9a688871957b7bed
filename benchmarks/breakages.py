"""How soon is each way found in which a source can break, and what is told without cause?

    python -m benchmarks.breakages [--days 30] [--every 3] [KIND…]

An invented outlet with four healthy weeks behind it breaks in one way after the other. Its server
on loopback answers as such a server would; it is crawled in rounds of an hour for a day, and
judged after each. Beside it healthy outlets, as different as outlets are, live thirty days:
their pages are read by the same extractor, but not asked for.
"""

import argparse
import tempfile
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.breakages_days import healthy
from benchmarks.breakages_newsroom import KINDS, all_broken


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.breakages", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of: {', '.join(KINDS)}")
    parser.add_argument("--days", type=int, default=30, help="healthy days; 0 for none")
    parser.add_argument("--every", type=float, default=3, help="hours between two judgements")
    parser.add_argument("--round", type=float, default=1, help="hours between two rounds")
    args = parser.parse_args()
    hours = [args.round * number for number in range(1, int(24 / args.round) + 1)]
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as folder:
        table = Table(title="Breakages of one outlet", title_justify="left")
        for column in ("breakage", "hours until found", "found by", "words said"):
            table.add_column(column)
        for one in all_broken(Path(folder), args.kinds or KINDS, hours):
            late = "not in a day" if one.hours is None else f"{one.hours:g}"
            table.add_row(one.kind, late, one.by, one.words)
        console.print(table)
        if args.days:
            articles, false = healthy(Path(folder), args.days, timedelta(hours=args.every))
            console.print(
                f"{args.days} healthy days: {articles} articles, {len(false)} false alarms"
            )
            for alarm in false:
                where = f"{alarm.at:%Y-%m-%d %H:%M} {alarm.source}"
                console.print(f"  {where}: {alarm.kind} {alarm.sort} {alarm.words}")


if __name__ == "__main__":
    main()

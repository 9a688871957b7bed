"""How many surges of coverage are found, and how many are raised where there is none?

    python -m benchmarks.surges [--corpus ../shared/corpus] [--years 6]

Generated: days of a topic with a weekly rhythm and a slow drift, at several levels and spreads
(the variance as a multiple of the mean), with a surge of two, three or five times the ordinary
count injected on single days. Then the real stream: the corpus' feed items, told apart into
topics by a few words each, where nobody has said which days were surges; the alarms a year are
counted, and the days are named so that a reader can look them up.

Beside `monitor.surges` stand two rules of thumb, given the same least count.
"""

import argparse
import gzip
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from monitor.surges import LEAST, judge_day

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
HISTORY = 56
LEVELS = (0.5, 2.0, 10.0, 40.0)
SPREADS = (1.0, 2.0, 4.0)
SURGES = (2.0, 3.0, 5.0)
WEEK = (1.15, 1.15, 1.1, 1.1, 1.1, 0.8, 0.6)
WORDS = {
    "identity-verification": r"xác thực|định danh|sinh trắc",
    "livestream": r"livestream|phát trực tiếp",
    "personal-data": r"dữ liệu cá nhân",
    "cybersecurity-law": r"an ninh mạng",
    "telecom": r"viễn thông|nhà mạng|thuê bao",
    "online-games": r"trò chơi (?:điện tử|trực tuyến)|game online",
    "fake-news": r"tin giả|sai sự thật|deepfake",
    "police (large)": r"công an|khởi tố",
    "floods (bursts)": r"bão số|lũ|ngập",
    "football (rhythm)": r"đội tuyển|V-League|U2[0-9]",
}

Rule = Callable[[Sequence[int], int], bool]


def ours(past: Sequence[int], count: int) -> bool:
    """The verdict of `monitor.surges`."""
    return judge_day(past, count).surges


def three_sigma(past: Sequence[int], count: int) -> bool:
    """More than the mean of 28 days and three standard deviations."""
    last = np.array(past[-28:])
    return count >= LEAST and count > last.mean() + 3 * last.std()


def twice_the_week(past: Sequence[int], count: int) -> bool:
    """More than twice the mean of the last seven days."""
    return count >= LEAST and count > 2 * float(np.mean(past[-7:]))


RULES: dict[str, Rule] = {
    "ours": ours,
    "3 sigma of 28 days": three_sigma,
    "twice the week's mean": twice_the_week,
}


def generated(level: float, spread: float, days: int, chance: np.random.Generator) -> list[int]:
    """Counts of a topic's days: a week's rhythm, a drift of ±30 % over half a year, a spread."""
    means = [
        level * WEEK[day % 7] * (1 + 0.3 * np.sin(2 * np.pi * day / 180)) for day in range(days)
    ]
    if spread <= 1.0:
        return [int(n) for n in chance.poisson(means)]
    sizes = [mean / (spread - 1.0) for mean in means]
    return [
        int(chance.negative_binomial(size, size / (size + mean)))
        for size, mean in zip(sizes, means, strict=True)
    ]


def generated_table(years: int) -> Table:
    """False alarms a year, and the share of injected surges found, for each rule."""
    table = Table(title=f"Generated topics, {years} years each", title_justify="left")
    for column in ("level", "spread", "rule", "false a year", *(f"found ×{s:g}" for s in SURGES)):
        table.add_column(column, justify="right" if column != "rule" else "left")
    for level in LEVELS:
        for spread in SPREADS:
            chance = np.random.default_rng([SEED, int(level * 10), int(spread)])
            counts = generated(level, spread, HISTORY + years * 365, chance)
            places = range(HISTORY, len(counts))
            drawn = chance.choice(np.array(places), size=min(300, len(places)), replace=False)
            for name, rule in RULES.items():
                false = sum(rule(counts[at - HISTORY : at], counts[at]) for at in places)
                found = [
                    sum(_is_found(rule, counts, int(at), level, times) for at in drawn) / len(drawn)
                    for times in SURGES
                ]
                row = [f"{level:g}", f"{spread:g}", name, f"{false / years:.2f}"]
                table.add_row(*row, *(f"{share:.0%}" for share in found))
            table.add_section()
    return table


def _is_found(rule: Rule, counts: Sequence[int], at: int, level: float, times: float) -> bool:
    """Whether a surge on the day `at` is found: what makes it so comes on top of the ordinary."""
    extra = max(round((times - 1) * level * WEEK[at % 7]), 1)
    return rule(counts[at - HISTORY : at], counts[at] + extra)


def real_table(corpus: Path) -> Table:
    """Alarms a year on the feed items of the corpus, and the first days that ours names."""
    days, counts = _real_counts(corpus / "news" / "feed_items.tsv.gz")
    years = (len(days) - HISTORY) / 365
    table = Table(title=f"Real feed items, {len(days)} days", title_justify="left")
    for column in ("words", "a day", *(f"{name}, a year" for name in RULES), "days by ours"):
        table.add_column(column)
    for topic in WORDS:
        series = [counts[topic][day] for day in days]
        alarms = {
            name: [
                days[at]
                for at in range(HISTORY, len(days))
                if rule(series[at - HISTORY : at], series[at])
            ]
            for name, rule in RULES.items()
        }
        named = ", ".join(f"{day} ({counts[topic][day]})" for day in alarms["ours"][:5])
        rates = [f"{len(alarms[name]) / years:.1f}" for name in RULES]
        table.add_row(topic, f"{np.mean(series):.1f}", *rates, named)
    return table


def _real_counts(path: Path) -> tuple[list[str], dict[str, Counter[str]]]:
    patterns = {topic: re.compile(words, re.IGNORECASE) for topic, words in WORDS.items()}
    counts: dict[str, Counter[str]] = {topic: Counter() for topic in WORDS}
    seen: set[str] = set()
    first, last = "9", "0"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            at, _, _, url, *words = line.rstrip("\n").split("\t")
            if url in seen:
                continue
            seen.add(url)
            day = at[:10]
            first, last = min(first, day), max(last, day)
            text = " ".join(words)
            for topic, pattern in patterns.items():
                counts[topic][day] += pattern.search(text) is not None
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    whole = range((end - start).days)
    return [(start + timedelta(days=n)).isoformat() for n in whole], counts


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.surges", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--years", type=int, default=6)
    args = parser.parse_args()
    console = Console(width=150)
    console.print(generated_table(args.years))
    if args.corpus.is_dir():
        console.print(real_table(args.corpus))
    else:
        console.print(f"no real stream: {args.corpus} is not there")


if __name__ == "__main__":
    main()

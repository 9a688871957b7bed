"""What a way to tag articles costs: measured in a process of its own, without remembered vectors.

    python -m benchmarks.topic_costs SYSTEM MODELS VECTORS [CORPUS]

It learns from the configuration alone, then tags a stream of feed items (of the corpus, evenly
spaced; without it the short invented ones), whole invented articles at once, and one by one. One
thread computes. Prints one line of JSON.
"""

import csv
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STREAM = 150
ARTICLES = 8
ALONE = 5


@dataclass(frozen=True, slots=True)
class Costs:
    """Items a second of a stream and of whole articles, ms for one article alone, MB at most."""

    stream: float
    articles: float
    alone_ms: float
    peak_mb: float


def measured(name: str, models: Path, vectors: Path, corpus: Path | None) -> Costs:
    from benchmarks.memory import memory
    from benchmarks.topic_sets import declared_topics, invented
    from benchmarks.topic_systems import SYSTEMS, Setting
    from monitor.topics import TaggedText

    setting = Setting(tuple(declared_topics()), models, vectors)
    system = SYSTEMS[name]
    tag = system.learn(setting, [], "")
    if system.model:
        setting.model(system.model).forget()
    short = [row.item for row in invented("test_short")]
    stream = _of_feeds(corpus) if corpus else [(one.title, one.summary) for one in short]
    feed = [TaggedText(title, summary, "", "") for title, summary in stream]
    whole = [row.item for row in invented("test_long")]
    tag(short[:2])

    def rate(items: Sequence[TaggedText]) -> float:
        start = time.perf_counter()
        tag(items)
        return len(items) / (time.perf_counter() - start)

    spread = whole[:: max(1, len(whole) // ARTICLES)][:ARTICLES]
    feed_rate, article_rate = rate(feed), rate(spread)
    alone = statistics.median(1000 / rate([item]) for item in spread[:ALONE])
    return Costs(feed_rate, article_rate, alone, memory("VmHWM"))


def _of_feeds(corpus: Path) -> list[tuple[str, str]]:
    """Return evenly spaced items of the feeds, without keeping the others."""
    path = corpus / "news" / "feed_items.tsv.gz"
    with gzip.open(path, "rb") as stream:
        count = sum(1 for _ in stream) - 1
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        step = max(1, count // STREAM)
        found = [(row["title"], row["summary"]) for n, row in enumerate(rows) if n % step == 0]
    return found[:STREAM]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    system, models, vectors, *corpus = sys.argv[1:]
    costs = measured(system, Path(models), Path(vectors), Path(corpus[0]) if corpus else None)
    print(json.dumps(asdict(costs)))

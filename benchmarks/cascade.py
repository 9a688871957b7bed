"""What does the first tier save, and what does it lose?

    python -m benchmarks.cascade [--all] [--corpus ../shared/corpus]

Reads every tenth item of the corpus' feeds, or all (`--all`), with the transformer alone (timed on
a random sample), with static embeddings of the same model alone, with the gate of words alone, with
both, and as a cascade. What the transformer would tag is known of a sample: the items that hold a
word of the gate's list are drawn densely, the others thinly, and each counts by how it was drawn.
Then: the loss on labelled articles by how many passages are read, and how long one new article
takes with the model loaded. Nothing that is timed is remembered from an earlier run; the stream is
timed in the processor's seconds on one thread, which other work on the machine changes less.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.cascade_stream import feed_items, stream_table
from benchmarks.memory import memory as process_memory
from benchmarks.topic_sets import Labelled, declared_topics, full_articles, invented, labelled_items
from benchmarks.topic_vectors import Remembering, open_model
from config import Topic
from monitor import e5_preparation, gate, passages, topic_examples
from monitor.gate import WordGate
from monitor.passages import Passage
from monitor.topics import TaggedText, TopicTagger

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 9
ARTICLE_WORDS = 1_100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--vectors", type=Path, default=ROOT / ".benchmarks")
    parser.add_argument("--all", action="store_true", help="read every item, not every tenth")
    args = parser.parse_args()
    console = Console()
    topics = declared_topics()
    memory = open_model("e5", args.models, args.vectors)
    words = gate.fit(topics)
    console.print(
        f"{memory.name} in {memory.embedder.precision}; {words.version}; {os.cpu_count()} cores, "
        "one thread"
    )
    if args.corpus.is_dir():
        items = feed_items(args.corpus, 1 if args.all else 10)
        folder, _ = e5_preparation.prepared(args.models)
        console.print(stream_table(items, topics, words, memory, folder))
    else:
        console.print(f"{args.corpus} is absent: no stream is measured")
    corpus = args.corpus if args.corpus.is_dir() else None
    console.print(passages_table(topics, memory, corpus))
    console.print(latency_table(topics, words, memory))
    peak = process_memory("VmHWM")
    console.print(f"peak memory of all of this together: {peak:,.0f} MB")


def passages_table(topics: Sequence[Topic], memory: Remembering, corpus: Path | None) -> Table:
    """F1 of relevance by how many passages of an article the transformer reads."""
    sets = {name: invented(name) for name in ("test_short", "test_long")}
    if corpus:
        sets["feed items"] = labelled_items(corpus)
        sets["whole articles"] = [
            row for row in full_articles(corpus) if row.kind in ("on", "near")
        ]
    shown = Table(title="relevance F1 (words read of an article) by what the transformer reads")
    shown.add_column("")
    for name, rows in sets.items():
        shown.add_column(f"{name} ({len(rows)})", justify="right")
    choices: list[tuple[str, WordGate | None]] = [("all, no gate", None)]
    choices += [
        (f"{most} passage{'s' * (most > 1)}", gate.fit(topics, most=most)) for most in (1, 2, 3, 6)
    ]
    for name, first in choices:
        tagger = TopicTagger(memory, topics, gate=first)
        cells = [_relevance(tagger, rows) for rows in sets.values()]
        shown.add_row(name, *(f"{f1:.3f} ({count:.0f})" for f1, count in cells))
    return shown


def _relevance(tagger: TopicTagger, rows: Sequence[Labelled]) -> tuple[float, float]:
    readings = tagger.read([row.item for row in rows])
    hits = sum(row.relevant and bool(one.tags) for row, one in zip(rows, readings, strict=True))
    said = sum(bool(one.tags) for one in readings)
    true = sum(row.relevant for row in rows)
    read = [
        sum(len(_cut(row.item)[place].in_context().split()) for place in one.vectors.passages)
        for row, one in zip(rows, readings, strict=True)
        if one.vectors
    ]
    return 2 * hits / max(said + true, 1), statistics.mean(read or [0])


def latency_table(topics: Sequence[Topic], words: WordGate, memory: Remembering) -> Table:
    tagger = TopicTagger(memory.embedder, topics, gate=words)
    alone = TopicTagger(memory.embedder, topics)
    title = "Mạng xã hội phải xác thực tài khoản người dùng bằng số điện thoại"
    summary = "Nghị định cho các nền tảng chín mươi ngày; ai chưa xác thực sẽ không được đăng bài."
    articles = {
        "off-topic headline": TaggedText("Tuyển nữ thắng trận thứ hai liên tiếp", "", "", "vi"),
        "on-topic headline": TaggedText(title, summary, "", "vi"),
        "on-topic article": TaggedText(title, summary, _body(topics), "vi"),
    }
    shown = Table(
        title=f"ms for one new article, model loaded: waited (computed); median of {REPEATS}"
    )
    for heading in ("", "words", "cascade", "transformer alone"):
        shown.add_column(heading, justify="right" if heading else "left")
    for name, item in articles.items():
        count = len(f"{item.title} {item.summary} {item.text}".split())
        shown.add_row(name, str(count), *(_latency(one, item) for one in (tagger, alone)))
    return shown


def _latency(tagger: TopicTagger, item: TaggedText) -> str:
    """Return what a reader waits, and what of it the processor computes for this process."""
    tagger.read([item])
    waited, computed = [], []
    for _ in range(REPEATS):
        start, start_computing = time.perf_counter(), time.process_time()
        tagger.read([item])
        waited.append(1_000 * (time.perf_counter() - start))
        computed.append(1_000 * (time.process_time() - start_computing))
    return f"{statistics.median(waited):,.1f} ({statistics.median(computed):,.1f})"


def _body(topics: Sequence[Topic]) -> str:
    """Return a body of the shipped Vietnamese sentences, on-topic and off-topic by turns."""
    examples = [one for one in topic_examples.gathered(topics, []) if one.language == "vi"]
    on = [one.text for one in examples if one.relevant]
    off = [one.text for one in examples if not one.relevant]
    words: list[str] = []
    for first, second in zip(on, off, strict=False):
        words += f"{first.rstrip('.')}. {second.rstrip('.')}.".split()
    return " ".join(words[:ARTICLE_WORDS])


def _cut(item: TaggedText) -> list[Passage]:
    return passages.of(item.title, item.summary, item.text)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()

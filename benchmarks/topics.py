"""How well are articles tagged with topics? Ours beside the simple ways to do it.

    python benchmarks/topics.py [--corpus ../shared/corpus]

Sets: the labelled feed items and the seeds of the corpus where it is present, and the articles of
the invented newsroom. Ours and "nearest description" never see a label; the learned baselines are
cross-validated over five consecutive spans of time. "hard" counts off-topic items taken for
on-topic among the near misses and the rules of other countries.
"""

import argparse
import csv
import resource
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from config import Topic
from monitor.embedding import Embedder, load
from monitor.topics import TaggedText, TopicTagger

ROOT = Path(__file__).resolve().parents[1]
LABELS = {"telecom_sim": "telecom", "arrests_speech": "speech-prosecution", "games": "online-games"}
HARD = ("near:", "off_foreign")
FOLDS = 5

Topics = frozenset[str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with the topics that a reader gives it; none means off-topic."""

    item: TaggedText
    topics: Topics
    relevant: bool
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    precision: float
    recall: float
    f1: float
    hard: int
    macro: float
    per_second: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    args = parser.parse_args()
    console = Console()
    topics = declared_topics()
    embedder = load("builtin", args.models)
    tagger = TopicTagger(embedder, topics)
    console.print(f"{embedder.name} {embedder.version}, {tagger.version}")

    systems: dict[str, Callable[[Sequence[Labelled]], list[Topics]]] = {
        "ours, no labels": lambda rows: ours(tagger, rows),
        "nearest description": lambda rows: nearest(embedder, topics, rows),
        "e5 + logistic regression": lambda rows: learned_e5(embedder, topics, rows),
        "TF-IDF + logistic regression": lambda rows: learned_words(topics, rows),
    }
    sets = {"newsroom": newsroom_articles()}
    if args.corpus.is_dir():
        sets["labelled feed items"] = labelled_items(args.corpus / "news" / "labelled_items.tsv")
    else:
        console.print(f"{args.corpus} is absent: only the newsroom is measured")
    for name, rows in sets.items():
        console.print(table(name, rows, systems, [topic.id for topic in topics]))
    if args.corpus.is_dir():
        show_seeds(console, tagger, args.corpus / "seeds")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"peak memory of all systems together: {peak:,.0f} MB")


def declared_topics() -> list[Topic]:
    text = (ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8")
    return [Topic.model_validate(topic) for topic in tomllib.loads(text)["topics"]]


def labelled_items(path: Path) -> list[Labelled]:
    """Read the feed items with their labels, oldest first; borderline ones are left out."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream, delimiter="\t"), key=lambda row: row["date"])
    found = []
    for row in rows:
        kind, _, names = row["label"].partition(";")[0].partition(":")
        if kind == "border":
            continue
        relevant = kind == "on"
        topics = (LABELS.get(name, name.replace("_", "-")) for name in names.split(","))
        found.append(
            Labelled(
                TaggedText(row["title"], row["summary"], "", "vi"),
                frozenset(topics) if relevant else frozenset(),
                relevant,
                row["label"].startswith(HARD),
            )
        )
    return found


def newsroom_articles() -> list[Labelled]:
    from newsroom import press, truth

    expected, traps = truth.expected_topics(), truth.traps()
    return [
        Labelled(
            TaggedText(article.title, article.sapo, article.text, ""),
            frozenset(expected.get(article.key, ())),
            article.key in expected,
            article.key in traps,
        )
        for article in press.articles()
    ]


def ours(tagger: TopicTagger, rows: Sequence[Labelled]) -> list[Topics]:
    tagged = tagger.tag([row.item for row in rows])
    return [frozenset(tag.topic for tag in tags) for tags in tagged]


def nearest(embedder: Embedder, topics: Sequence[Topic], rows: Sequence[Labelled]) -> list[Topics]:
    """The nearest description, if its raw cosine reaches the threshold best in the other folds."""
    texts = [text for topic in topics for text in (topic.description.vi, topic.description.en)]
    cosines = embedder.encode([flat(row.item) for row in rows]) @ embedder.encode(texts).T
    by_topic = cosines.reshape(len(rows), len(topics), 2).max(axis=2)
    best, strength = by_topic.argmax(axis=1), by_topic.max(axis=1)
    relevant = np.array([row.relevant for row in rows])
    found: list[Topics] = [frozenset()] * len(rows)
    for train, test in spans(len(rows)):
        grid = np.quantile(strength[train], np.linspace(0.02, 0.98, 49))
        threshold = max(grid, key=lambda t: score(relevant[train], strength[train] >= t)[2])
        for index in test:
            if strength[index] >= threshold:
                found[index] = frozenset({topics[best[index]].id})
    return found


def learned_e5(
    embedder: Embedder, topics: Sequence[Topic], rows: Sequence[Labelled]
) -> list[Topics]:
    vectors = embedder.encode([flat(row.item) for row in rows])
    return cross_validated(
        vectors, topics, rows, lambda: LogisticRegression(C=10, class_weight="balanced")
    )


def learned_words(topics: Sequence[Topic], rows: Sequence[Labelled]) -> list[Topics]:
    texts = np.array([flat(row.item) for row in rows], dtype=object)
    return cross_validated(
        texts,
        topics,
        rows,
        lambda: make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LogisticRegression(C=10, class_weight="balanced"),
        ),
    )


def cross_validated(
    features: np.ndarray,
    topics: Sequence[Topic],
    rows: Sequence[Labelled],
    model: Callable[[], LogisticRegression],
) -> list[Topics]:
    """One classifier for relevance, one a topic; a relevant item gets its best topic at least."""
    relevant = np.array([row.relevant for row in rows])
    found: list[Topics] = [frozenset()] * len(rows)
    for train, test in spans(len(rows)):
        if len(set(relevant[train])) < 2:
            continue
        is_relevant = model().fit(features[train], relevant[train]).predict(features[test])
        chances = np.zeros((len(test), len(topics)))
        for column, topic in enumerate(topics):
            target = np.array([topic.id in rows[index].topics for index in train])
            if target.any():
                chances[:, column] = (
                    model().fit(features[train], target).predict_proba(features[test])[:, 1]
                )
        for index, yes, chance in zip(test, is_relevant, chances, strict=True):
            if yes:
                named = {topics[int(c)].id for c in np.flatnonzero(chance >= 0.5)}
                found[index] = frozenset(named or {topics[int(chance.argmax())].id})
    return found


def spans(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Training and test indices of consecutive spans."""
    parts = np.array_split(np.arange(count), FOLDS)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), part) for i, part in enumerate(parts)]


def flat(item: TaggedText) -> str:
    return f"{item.title}. {item.summary} {item.text[:2_000]}"


def score(truth: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and F1 of two boolean arrays."""
    hits = float((truth & found).sum())
    precision = hits / max(found.sum(), 1)
    recall = hits / max(truth.sum(), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def figures(
    rows: Sequence[Labelled], found: Sequence[Topics], ids: Sequence[str], seconds: float
) -> Figures:
    relevant = np.array([row.relevant for row in rows])
    tagged = np.array([bool(topics) for topics in found])
    by_topic = [
        score(
            np.array([name in row.topics for row in rows]),
            np.array([name in topics for topics in found]),
        )[2]
        for name in ids
        if any(name in row.topics for row in rows)
    ]
    hard = sum(row.hard and bool(topics) for row, topics in zip(rows, found, strict=True))
    return Figures(
        *score(relevant, tagged), hard, float(np.mean(by_topic)), len(rows) / max(seconds, 1e-9)
    )


def table(
    name: str,
    rows: Sequence[Labelled],
    systems: dict[str, Callable[[Sequence[Labelled]], list[Topics]]],
    ids: Sequence[str],
) -> Table:
    relevant, hard = sum(row.relevant for row in rows), sum(row.hard for row in rows)
    shown = Table(title=f"{name}: {len(rows)} articles, {relevant} on-topic, {hard} hard")
    for heading in ("system", "precision", "recall", "F1", "hard", "macro-F1", "articles/s"):
        shown.add_column(heading, justify="left" if heading == "system" else "right")
    for system, run in systems.items():
        start = time.perf_counter()
        found = run(rows)
        got = figures(rows, found, ids, time.perf_counter() - start)
        shown.add_row(
            system,
            *(f"{value:.3f}" for value in (got.precision, got.recall, got.f1)),
            f"{got.hard}/{hard}",
            f"{got.macro:.3f}",
            f"{got.per_second:.1f}",
        )
    return shown


def show_seeds(console: Console, tagger: TopicTagger, folder: Path) -> None:
    paths = sorted(folder.glob("*.txt"))
    items = [TaggedText("", "", path.read_text(encoding="utf-8"), "en") for path in paths]
    for path, tags in zip(paths, tagger.tag(items), strict=True):
        console.print(f"{path.stem}: " + ", ".join(f"{t.topic} {t.score:.2f}" for t in tags))


if __name__ == "__main__":
    main()

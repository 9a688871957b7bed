"""How good the tags have to be at the least, on sets that nothing is learned from."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.topics import TaggedText, TopicTagger

ROOT = Path(__file__).resolve().parents[2]
ITEMS = ROOT / "benchmarks" / "topic_items"
Row = tuple[TaggedText, frozenset[str]]


def invented(name: str) -> list[Row]:
    lines = (ITEMS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (
            TaggedText(row["title"], row["summary"], row["text"], row["language"]),
            frozenset(row["topics"]),
        )
        for row in map(json.loads, lines)
    ]


def relevance(pairs: Iterable[tuple[bool, bool]]) -> tuple[float, float]:
    """Precision and recall of (is it relevant, was it found)."""
    counted = list(pairs)
    hits = sum(true and found for true, found in counted)
    return hits / sum(found for _, found in counted), hits / sum(true for true, _ in counted)


def test_short_items_are_told_apart(tagger: TopicTagger) -> None:
    rows = invented("test_short")
    tagged = tagger.tag([item for item, _ in rows])
    precision, recall = relevance(
        (bool(topics), bool(tags)) for (_, topics), tags in zip(rows, tagged, strict=True)
    )
    assert precision >= 0.88
    assert recall >= 0.85
    best = [tags[0].topic in topics for (_, topics), tags in zip(rows, tagged, strict=True) if tags]
    assert sum(best) >= 0.8 * len(best)


def test_the_newsrooms_headlines_are_told_apart(tagger: TopicTagger) -> None:
    from newsroom import press, truth

    expected = truth.expected_topics()
    articles = press.articles()
    tagged = tagger.tag([TaggedText(a.title, a.sapo, "", "") for a in articles])
    precision, recall = relevance(
        (article.key in expected, bool(tags))
        for article, tags in zip(articles, tagged, strict=True)
    )
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.slow
def test_whole_articles_are_told_apart(tagger: TopicTagger) -> None:
    rows = invented("test_long")
    tagged = tagger.tag([item for item, _ in rows])
    precision, recall = relevance(
        (bool(topics), bool(tags)) for (_, topics), tags in zip(rows, tagged, strict=True)
    )
    assert precision >= 0.9
    assert recall >= 0.83


@pytest.mark.slow
def test_labelled_feed_items_are_told_apart(tagger: TopicTagger, corpus: Path) -> None:
    with (corpus / "news" / "labelled_items.tsv").open(encoding="utf-8", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream, delimiter="\t")
            if not row["label"].startswith("border:")
        ]
    tagged = tagger.tag([TaggedText(row["title"], row["summary"], "", "vi") for row in rows])
    precision, recall = relevance(
        (row["label"].startswith("on:"), bool(tags)) for row, tags in zip(rows, tagged, strict=True)
    )
    assert precision >= 0.9
    assert recall >= 0.93

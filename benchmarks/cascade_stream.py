"""What each first tier does with a stream of feed items that the transformer would tag."""

import csv
import gzip
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.static_tier import distilled
from benchmarks.topic_vectors import Remembering
from config import Topic
from monitor import passages
from monitor.gate import WordGate
from monitor.gate_terms import words_of
from monitor.topics import TaggedText, TopicTagger

TIMED = 400
DENSE, THIN = 1_200, 500
SEED = 11


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item of which it is known whether the transformer tags it; it stands for `weight`."""

    place: int
    weight: float
    tagged: bool


@dataclass(frozen=True, slots=True)
class Tier:
    """What a first tier did: the places that it lets through, and the seconds that it took."""

    name: str
    passed: frozenset[int]
    seconds: float


def feed_items(corpus: Path, step: int) -> list[TaggedText]:
    path = corpus / "news" / "feed_items.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            TaggedText(row["title"] or "", row["summary"] or "", "", "vi")
            for number, row in enumerate(rows)
            if number % step == 0
        ]


def stream_table(
    items: Sequence[TaggedText],
    topics: Sequence[Topic],
    words: WordGate,
    memory: Remembering,
    folder: Path,
) -> Table:
    timed = random.Random(SEED).sample(items, min(TIMED, len(items)))
    alone = TopicTagger(memory.embedder, topics)
    alone.read(timed[:1])
    spent = _seconds(lambda: alone.read(timed[::2]))
    tiers = first_tiers(items, topics, words, memory, folder)
    cascade = TopicTagger(memory.embedder, topics, gate=words)
    tiers.append(
        _tier(
            "cascade: list and model, then transformer",
            lambda: [bool(reading.vectors) for reading in cascade.read(items)],
        )
    )
    # A half before and a half after: the machine may be busier at one time than at the other.
    rate = len(timed) / (spent + _seconds(lambda: alone.read(timed[1::2])))
    drawn = draw(items, words, TopicTagger(memory, topics))
    positives = sum(one.weight for one in drawn if one.tagged)
    shown = Table(
        title=f"{len(items):,} feed items; the transformer alone timed on {len(timed)} of them; "
        f"it would tag about {positives:,.0f} ({len(drawn):,} read to tell)"
    )
    for heading in ("", "items/s", "let through", "of its tags lost", "times the transformer"):
        shown.add_column(heading, justify="right" if heading else "left")
    shown.add_row("transformer alone", f"{rate:,.1f}", "100%", "0%", "1")
    for tier in tiers:
        lost = sum(one.weight for one in drawn if one.tagged and one.place not in tier.passed)
        speed = len(items) / tier.seconds
        shown.add_row(
            tier.name,
            f"{speed:,.0f}",
            f"{len(tier.passed) / len(items):.2%}",
            f"{lost / max(positives, 1e-9):.1%}",
            f"{speed / rate:,.1f}",
        )
    return shown


def first_tiers(
    items: Sequence[TaggedText],
    topics: Sequence[Topic],
    words: WordGate,
    memory: Remembering,
    folder: Path,
) -> list[Tier]:
    heads = [_head(item) for item in items]
    static = distilled(memory, folder, topics, heads)
    scores = np.zeros(len(items))

    def score() -> list[bool]:
        scores[:] = static.scores(heads)
        return [bool(one) for one in scores >= 0]

    def listed() -> list[bool]:
        kinds = [words.terms.kinds_in(words_of(head)) for head in heads]
        return ["certain" in one or {"subject", "act"} <= one for one in kinds]

    model = words.sieves[0].model
    if model is None:
        raise SystemExit("the shipped topics have too few texts for a gate")
    tiers = [
        _tier("static embeddings alone", score),
        _tier("list of words alone", listed),
        _tier("model of words alone", lambda: [model.score(words_of(head)) >= 0 for head in heads]),
        _tier("list and model: the gate", lambda: _let_through(words, items)),
    ]
    both = tiers[-1]
    least = np.sort(scores)[-len(both.passed)] if both.passed else math.inf
    as_many = frozenset(np.flatnonzero(scores >= least).tolist())
    tiers.insert(1, Tier("static embeddings, as many as the gate", as_many, tiers[0].seconds))
    still = both.passed & tiers[0].passed
    tiers.append(Tier("the gate, then static embeddings", still, both.seconds))
    return tiers


def _tier(name: str, read: Callable[[], Sequence[bool]]) -> Tier:
    start = time.process_time()
    found = read()
    seconds = time.process_time() - start
    return Tier(name, frozenset(place for place, one in enumerate(found) if one), seconds)


def _let_through(words: WordGate, items: Sequence[TaggedText]) -> list[bool]:
    return [
        bool(places)
        for places in words.choose([passages.of(item.title, item.summary, "") for item in items])
    ]


def draw(items: Sequence[TaggedText], words: WordGate, tagger: TopicTagger) -> list[Drawn]:
    """Return what the transformer alone says of a sample of the items."""
    listed = [
        bool(words.terms.kinds_in(words_of(_head(item))) & {"certain", "subject"}) for item in items
    ]
    chance = random.Random(SEED)
    drawn: list[tuple[int, float]] = []
    for kind, most in ((True, DENSE), (False, THIN)):
        places = [place for place, one in enumerate(listed) if one is kind]
        count = min(most, len(places))
        drawn += [(place, len(places) / count) for place in chance.sample(places, count)]
    tags = tagger.tag([items[place] for place, _ in drawn])
    return [
        Drawn(place, weight, bool(one)) for (place, weight), one in zip(drawn, tags, strict=True)
    ]


def _head(item: TaggedText) -> str:
    return f"{item.title}. {item.summary}"


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start

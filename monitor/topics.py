"""Which topics of Vietnam's internet regulation an article is about.

No labelled article is needed: a head is fitted on the topics' descriptions and examples of the
configuration against a shipped background of off-topic sentences, among them the rules of other
countries, business stories and bare mentions of a platform. What is not about Vietnam is held back
by typed signals, and the best passages of an article count, so that a clause in a long report or an
item in a round-up is found.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar, Protocol

from monitor import passages, signals, topic_head
from monitor.passages import Passage
from monitor.prototypes import vectors_of
from monitor.topic_head import Example
from storage.problems import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder

# Raised whenever the same model and the same topics would give other scores.
METHOD = 2
ITEMS_AT_ONCE = 32
# How far the scores of a passage count that speaks of other countries only.
ABROAD = 0.2


class TopicUnclear(Problem):
    """A topic of the configuration says nothing that could be recognised."""

    kind: ClassVar[str] = "topic-unclear"


class Described(Protocol):
    """A description in both languages."""

    @property
    def en(self) -> str:
        """The description in English."""

    @property
    def vi(self) -> str:
        """The description in Vietnamese."""


class Topic(Protocol):
    """A topic as config.toml declares it."""

    @property
    def id(self) -> str:
        """The name by which tags and rules refer to it."""

    @property
    def description(self) -> Described:
        """What it is about; either language may be empty."""

    @property
    def examples(self) -> Sequence[str]:
        """Headlines and sentences about it."""

    @property
    def threshold(self) -> float:
        """The score from which an article carries it, 0..1."""


@dataclass(frozen=True, slots=True)
class TaggedText:
    """An article to be tagged; any part but one may be empty. `language` may be "" (unknown)."""

    title: str
    summary: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic with its score (0..1), its threshold, and the passage that speaks for it most."""

    topic: str
    score: float
    threshold: float
    passage: str


@dataclass(frozen=True, slots=True)
class _Scored:
    """One article's n passages with their topic scores, of shape (n, topics)."""

    passages: Sequence[Passage]
    scores: "NDArray[np.float64]"


class TopicTagger:
    """Tags articles with the topics that they are about.

    Attributes:
        version: names model, topics and method; equal versions give equal tags.
    """

    def __init__(self, embedder: "Embedder", topics: Sequence[Topic]) -> None:
        """Fit the head; the vectors of the examples are kept beside the model.

        Raises:
            TopicUnclear: a topic has neither a description nor an example.
        """
        self._embedder = embedder
        self._topics = tuple(topics)
        examples = [*_examples(self._topics), *_background()]
        self.version = _version(embedder, self._topics, examples)
        self._head = topic_head.fit(
            examples,
            vectors_of(embedder, [example.text for example in examples]),
            [signals.read(example.text, example.language) for example in examples],
            [topic.id for topic in self._topics],
        )

    def tag(self, items: Sequence[TaggedText]) -> list[list[Tag]]:
        """Return each article's tags at or above their thresholds, best first; [] is off-topic."""
        tagged = []
        for scored in self._score(items):
            tags = self._tags(scored)
            tagged.append([tag for tag in tags if tag.score >= tag.threshold])
        return tagged

    def _score(self, items: Sequence[TaggedText]) -> Iterator[_Scored]:
        for start in range(0, len(items), ITEMS_AT_ONCE):
            yield from self._score_batch(items[start : start + ITEMS_AT_ONCE])

    def _score_batch(self, items: Sequence[TaggedText]) -> Iterator[_Scored]:
        """Encode the passages of several articles together: batches then hold equal lengths."""
        cut = [passages.of(item.title, item.summary, item.text) for item in items]
        vectors = self._embedder.encode([one.in_context() for parts in cut for one in parts])
        start = 0
        for item, parts in zip(items, cut, strict=True):
            own = vectors[start : start + len(parts)]
            start += len(parts)
            yield self._scored(item, parts, own)

    def _scored(
        self, item: TaggedText, parts: Sequence[Passage], vectors: "NDArray[np.float32]"
    ) -> _Scored:
        import numpy as np

        language = signals.language_of(parts[0].text, item.language)
        found = [signals.read(one.in_context(), language, one.about) for one in parts]
        scores = self._head.scores(vectors, found, [language] * len(parts))
        names_vietnam = signals.names_vietnam(item.text)
        at_home = [
            (one.is_body and names_vietnam)
            or signals.is_home(f"{one.about} {one.in_context()}", language)
            for one in parts
        ]
        scores *= np.where(at_home, 1, ABROAD)[:, None]
        return _Scored(parts, scores)

    def _tags(self, scored: _Scored) -> list[Tag]:
        import numpy as np

        ranked = np.sort(scored.scores, axis=0)[::-1]
        # A passage of the body may be a slip; a topic that a body is about shows in a few.
        combined = (ranked[0] + ranked[:3].mean(axis=0)) / 2
        heads = [
            row for row, one in zip(scored.scores, scored.passages, strict=True) if not one.is_body
        ]
        combined = np.max([combined, *heads], axis=0)
        best = scored.scores.argmax(axis=0) if len(self._topics) else []
        tags = [
            Tag(topic.id, round(float(score), 4), topic.threshold, scored.passages[int(at)].text)
            for topic, score, at in zip(self._topics, combined, best, strict=True)
        ]
        return sorted(tags, key=lambda tag: (-tag.score, tag.topic))


def _examples(topics: Sequence[Topic]) -> list[Example]:
    """Return the texts of the topics, each with all topics that give it."""
    topics_of: dict[str, set[str]] = {}
    for topic in topics:
        texts = [topic.description.en, topic.description.vi, *topic.examples]
        given = [text.strip() for text in texts if text.strip()]
        if not given:
            raise TopicUnclear(
                f"topic {topic.id!r} has neither a description nor an example: "
                "say in config.toml what it is about"
            )
        for text in given:
            topics_of.setdefault(text, set()).add(topic.id)
    return [
        Example(text, signals.language_of(text, ""), frozenset(ids))
        for text, ids in topics_of.items()
    ]


def _background() -> list[Example]:
    text = files("monitor").joinpath("background.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return [Example(row[2], row[0], frozenset()) for row in rows]


def _version(embedder: "Embedder", topics: Sequence[Topic], examples: Sequence[Example]) -> str:
    facts = [
        METHOD,
        [(topic.id, topic.threshold) for topic in topics],
        [(one.text, one.language, sorted(one.topics)) for one in examples],
    ]
    digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
    return f"{embedder.name}@{embedder.version[:8]}/topics@{digest[:8]}"

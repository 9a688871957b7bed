"""Which topics of Vietnam's internet regulation an article is about.

No labelled article is needed: a head is fitted on the topics' descriptions and examples of the
configuration against a shipped background of off-topic sentences, among them the rules of other
countries, business stories and bare mentions of a platform. What is not about Vietnam is held back
by typed signals, and the best passages of an article count, so that a clause in a long report or an
item in a round-up is found.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor import evidence, passage_vectors, passages, signals, topic_examples, topic_head
from monitor.passage_vectors import PassageVectors
from monitor.passages import Passage
from monitor.prototypes import vectors_of
from monitor.topic_examples import Topic, TopicUnclear
from monitor.topic_head import Example, Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder
    from monitor.gate import Gate

__all__ = [
    "Example",
    "PassageVectors",
    "Reading",
    "Recipe",
    "Tag",
    "TaggedText",
    "Topic",
    "TopicTagger",
    "TopicUnclear",
]

# Raised whenever the same model and the same topics would give other scores.
METHOD = 7
RELEVANT = 0.5
IRRELEVANT = "nothing in it looks like a rule on the internet, or its enforcement"


@dataclass(frozen=True, slots=True)
class TaggedText:
    """An article to be tagged; any part but one may be empty. `language` may be "" (unknown)."""

    title: str
    summary: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic with its score.

    Attributes:
        topic: its id.
        score: 0..1.
        threshold: the score from which an article carries it.
        passage: the passage that speaks for it most.
        nearest: the text of the topic's example that is nearest to that passage.
    """

    topic: str
    score: float
    threshold: float
    passage: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in an article.

    Attributes:
        scored: every topic, best first; () where the gate rejected the article.
        relevance: the score of being about Vietnam's rules at all, 0..1.
        vectors: those of the passages that were scored; None where the gate rejected the article.
        rejected: why the gate rejected it, else "".
    """

    scored: tuple[Tag, ...]
    relevance: float
    vectors: PassageVectors | None
    rejected: str = ""

    @property
    def is_relevant(self) -> bool:
        """Whether it is about Vietnam's rules on the internet or their enforcement."""
        return self.relevance >= RELEVANT

    @property
    def tags(self) -> list[Tag]:
        """The topics at or above their thresholds, best first; none means off-topic."""
        return [tag for tag in self.scored if tag.score >= tag.threshold]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An article cut into passages, the places of those that are scored, and what is known."""

    item: TaggedText
    passages: Sequence[Passage]
    places: tuple[int, ...]
    known: PassageVectors | None


class TopicTagger:
    """Tags articles with the topics that they are about.

    Attributes:
        version: names model, topics, method, recipe, lessons and gate; equal versions give
            equal tags.
    """

    def __init__(
        self,
        embedder: "Embedder",
        topics: Sequence[Topic],
        *,
        lessons: Sequence[Example] = (),
        recipe: Recipe | None = None,
        gate: "Gate | None" = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Fit the head; the vectors of the examples are kept beside the model.

        Args:
            embedder: the model.
            topics: what is told apart.
            lessons: labelled texts, learned from besides the topics' own.
            recipe: how the head is fitted.
            gate: rejects articles before anything is encoded, taught by the lessons too; None lets
                all through.
            progress: told how many of how many texts not seen before are encoded.

        Raises:
            TopicUnclear: a topic has neither a description nor an example, or two say the same.
        """
        self._embedder = embedder
        self._topics = tuple(topics)
        self._gate = gate.taught(lessons) if gate else None
        recipe = recipe or Recipe()
        self._examples = topic_examples.gathered(self._topics, lessons)
        self._thresholds = [
            recipe.thresholds.get(topic.id, topic.threshold) for topic in self._topics
        ]
        self.version = self._version(recipe)
        self._head = topic_head.fit(
            self._examples,
            vectors_of(embedder, [example.text for example in self._examples], progress),
            [signals.read(example.text, example.language) for example in self._examples],
            [topic.id for topic in self._topics],
            recipe,
        )

    def tag(self, items: Sequence[TaggedText]) -> list[list[Tag]]:
        """Return each article's tags at or above their thresholds, best first; [] is off-topic."""
        return [reading.tags for reading in self.read(items)]

    def read(
        self,
        items: Sequence[TaggedText],
        known: Sequence[PassageVectors | None] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Reading]:
        """Return what is read in each article.

        Args:
            items: the articles.
            known: the vectors that an earlier reading of the same articles gave, by the same
                model; () or None where there are none. Used where they cover what is wanted.
            progress: told how many of how many passages are encoded.
        """
        wanted = self._wanted(items, known or [None] * len(items))
        texts = [
            one.passages[place].in_context()
            for one in wanted
            if one.known is None
            for place in one.places
        ]
        fresh = passage_vectors.encode(self._embedder, texts, progress)
        return [self._reading(one, fresh) for one in wanted]

    def _wanted(
        self, items: Sequence[TaggedText], known: Sequence[PassageVectors | None]
    ) -> list[_Wanted]:
        cut = [passages.of(item.title, item.summary, item.text) for item in items]
        if self._gate is None:
            chosen = [tuple(range(len(parts))) for parts in cut]
        else:
            chosen = [tuple(sorted(places)) for places in self._gate.choose(cut)]
        return [
            _Wanted(item, parts, places, old if old and old.covers(places) else None)
            for item, parts, places, old in zip(items, cut, chosen, known, strict=True)
        ]

    def _reading(self, one: _Wanted, fresh: "dict[str, NDArray[np.float16]]") -> Reading:
        import numpy as np

        if not one.places:
            return Reading((), 0.0, None, IRRELEVANT)
        vectors = one.known
        if vectors is None:
            texts = [one.passages[place].in_context() for place in one.places]
            vectors = PassageVectors(one.places, np.stack([fresh[text] for text in texts]))
        parts = [one.passages[place] for place in one.places]
        scores = self._scores(one, parts, vectors.of(one.places))
        tags = []
        for column, topic in enumerate(self._topics):
            best, score = evidence.strongest(scores.topics[:, column])
            nearest = self._examples[scores.nearest[best, column]].text
            threshold = self._thresholds[column]
            tags.append(Tag(topic.id, score, threshold, parts[best].text, nearest))
        ranked = sorted(tags, key=lambda tag: (-tag.score, tag.topic))
        return Reading(tuple(ranked), evidence.strongest(scores.relevance)[1], vectors)

    def _scores(
        self, one: _Wanted, parts: Sequence[Passage], vectors: "NDArray[np.float16]"
    ) -> topic_head.Scores:
        language = signals.language_of(one.passages[0].text, one.item.language)
        found = [signals.read(part.in_context(), language, part.about) for part in parts]
        scores = self._head.scores(vectors, found, [language] * len(parts))
        return evidence.weighed(scores, parts, one.item.text, language)

    def _version(self, recipe: Recipe) -> str:
        facts = [
            METHOD,
            passages.VERSION,
            [topic.id for topic in self._topics],
            self._thresholds,
            recipe.kind,
            [
                (
                    one.text,
                    one.language,
                    sorted(one.topics),
                    one.relevant,
                    sorted(one.silent),
                    one.weight,
                )
                for one in self._examples
            ],
            self._gate.version if self._gate else None,
        ]
        digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
        return f"{self._embedder.name}@{self._embedder.version}/topics@{digest[:8]}"

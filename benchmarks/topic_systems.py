"""The ways to tag articles that are compared: each learns from examples and tags texts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import numpy as np

from benchmarks import topic_learners
from benchmarks.topic_sets import Labelled, Topics
from benchmarks.topic_vectors import Remembering, open_model
from config import Topic
from monitor import e5_preparation, gate, passages, topic_examples
from monitor.gate import WordGate
from monitor.topic_head import Example, Recipe
from monitor.topics import TaggedText, TopicTagger

MOST_CHARACTERS = 2_000
"""Of an article's body for the systems that read it in one piece."""

Language = Literal["", "vi", "en"]
Model = Literal["e5", "minilm"]
Tagging = Callable[[Sequence[TaggedText]], list[Topics]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What systems are made from.

    Attributes:
        topics: what is told apart.
        models, vectors: the folders of prepared models, and of remembered vectors.
    """

    topics: tuple[Topic, ...]
    models: Path
    vectors: Path

    def model(self, name: Model) -> Remembering:
        return open_model(name, self.models, self.vectors)

    @property
    def ids(self) -> list[str]:
        return [topic.id for topic in self.topics]


@dataclass(frozen=True, slots=True)
class System:
    """A way to tag articles.

    Attributes:
        learn: from labelled articles and the configuration's examples of a language ("": of both)
            to what tags.
        model: the one that it encodes with.
        learns: whether labels make a difference.
        tells_topics: whether it says more than on-topic or off-topic.
        crosses: whether it can be taught in one language for the other; a gate of words can not.
        costed: whether its costs mean anything: what is distilled anew each time costs too much.
    """

    learn: Callable[[Setting, Sequence[Labelled], Language], Tagging]
    model: Model | None = None
    learns: bool = True
    tells_topics: bool = True
    crosses: bool = True
    costed: bool = True


def _tfidf(setting: Setting, lessons: Sequence[Labelled], language: Language) -> Tagging:
    texts, topics = _training(setting, lessons, language)
    words = topic_learners.words_of(texts)
    fitted = topic_learners.learn(words.transform(texts), topics, setting.ids)
    return lambda items: fitted.tag(words.transform([flat(item) for item in items]))


def _regression(
    model: Model, setting: Setting, lessons: Sequence[Labelled], language: Language
) -> Tagging:
    embedder = setting.model(model)
    texts, topics = _training(setting, lessons, language)
    fitted = topic_learners.learn(embedder.encode(texts), topics, setting.ids)
    return lambda items: fitted.tag(embedder.encode([flat(item) for item in items]))


def _nearest(setting: Setting, lessons: Sequence[Labelled], language: Language) -> Tagging:
    """The nearest description, where its raw cosine reaches what is best on the examples."""
    embedder = setting.model("e5")
    named = [
        (topic.id, text.strip())
        for topic in setting.topics
        for one, text in (("vi", topic.description.vi), ("en", topic.description.en))
        if text.strip() and language in ("", one)
    ]
    described = embedder.encode([text for _, text in named])
    known = {text for _, text in named}
    pairs = zip(*_training(setting, lessons, language), strict=True)
    examples = [(text, topics) for text, topics in pairs if text not in known]
    strength = (embedder.encode([text for text, _ in examples]) @ described.T).max(axis=1)
    threshold = topic_learners.best_threshold(
        strength.astype(np.float64),
        np.array([bool(topics) for _, topics in examples]),
        np.quantile(strength, np.linspace(0.02, 0.98, 97)),
    )

    def tag(items: Sequence[TaggedText]) -> list[Topics]:
        cosines = embedder.encode([flat(item) for item in items]) @ described.T
        return [
            frozenset({named[int(row.argmax())][0]}) if row.max() >= threshold else frozenset()
            for row in cosines
        ]

    return tag


def _static(setting: Setting, *_: object) -> Tagging:
    """Static embeddings alone, as a first tier: distilled anew from the words of what is read."""
    from benchmarks.static_tier import distilled

    def tag(items: Sequence[TaggedText]) -> list[Topics]:
        cut = [passages.of(one.title, one.summary, one.text) for one in items]
        texts = sorted({part.in_context() for parts in cut for part in parts})
        folder, _ = e5_preparation.prepared(setting.models)
        tier = distilled(setting.model("e5"), folder, setting.topics, texts)
        score = dict(zip(texts, tier.scores(texts), strict=True))
        best = (max(score[part.in_context()] for part in parts) for parts in cut)
        return [frozenset({"any"}) if value >= 0 else frozenset() for value in best]

    return tag


def _first_tier(setting: Setting, lessons: Sequence[Labelled], language: Language) -> Tagging:
    """The gate alone: what it lets through counts as relevant, of no certain topic."""
    _, _, tier = _ours(setting, lessons, language)

    def tag(items: Sequence[TaggedText]) -> list[Topics]:
        chosen = tier.choose([passages.of(one.title, one.summary, one.text) for one in items])
        return [frozenset({"any"}) if places else frozenset() for places in chosen]

    return tag


def _transformer(
    gated: bool, setting: Setting, lessons: Sequence[Labelled], language: Language
) -> Tagging:
    examples, recipe, tier = _ours(setting, lessons, language)
    with only_examples_in(language, setting.ids):
        tagger = TopicTagger(
            setting.model("e5"),
            setting.topics,
            lessons=examples,
            recipe=recipe,
            gate=tier if gated else None,
        )

    def tag(items: Sequence[TaggedText]) -> list[Topics]:
        return [frozenset(one.topic for one in tags) for tags in tagger.tag(items)]

    return tag


def _ours(
    setting: Setting, lessons: Sequence[Labelled], language: Language
) -> tuple[Sequence[Example], Recipe, WordGate]:
    """Return what ours is made of, taught by labels as `decreewatch train` does it.

    The gate learns no labels there either, so that stored vectors stay of use to a new head.
    """
    from benchmarks.topic_lessons import taught

    examples, recipe = taught(setting, tuple(lessons), language) if lessons else ([], Recipe())
    with only_examples_in(language, setting.ids):
        return examples, recipe, gate.fit(setting.topics)


SYSTEMS: Mapping[str, System] = {
    "TF-IDF + logistic regression": System(_tfidf),
    "nearest description (e5)": System(_nearest, "e5", learns=False),
    "English MiniLM + logistic regression": System(partial(_regression, "minilm"), "minilm"),
    "e5 + logistic regression": System(partial(_regression, "e5"), "e5"),
    "static embeddings alone": System(
        _static, "e5", learns=False, tells_topics=False, crosses=False, costed=False
    ),
    "ours, the first tier alone": System(_first_tier, tells_topics=False, crosses=False),
    "ours, the transformer alone": System(partial(_transformer, False), "e5"),
    "ours, the cascade": System(partial(_transformer, True), "e5", crosses=False),
}


@contextmanager
def only_examples_in(language: Language, ids: Sequence[str]) -> Iterator[None]:
    """Let heads learn from the examples of one language.

    Those of the other stay as texts of which nothing is known but their language: its mean is
    taken from them, as it could be from any unlabelled texts.
    """
    gathered = topic_examples.gathered

    def of_one_language(topics: Sequence[Any], lessons: Sequence[Example]) -> list[Example]:
        examples = gathered(topics, lessons)
        every = frozenset(ids)
        return [
            one
            if language in ("", one.language)
            else replace(one, topics=frozenset(), relevant=None, silent=every)
            for one in examples
        ]

    with patch.object(topic_examples, "gathered", of_one_language):
        yield


def flat(item: TaggedText) -> str:
    """Return an article in one piece, its body cut."""
    head = ". ".join(part.strip().rstrip(".") for part in (item.title, item.summary) if part)
    return f"{head}. {item.text[:MOST_CHARACTERS]}" if item.text else head


def _training(
    setting: Setting, lessons: Sequence[Labelled], language: Language
) -> tuple[list[str], list[Topics]]:
    examples = [
        (one.text, one.topics)
        for one in topic_examples.gathered(setting.topics, [])
        if language in ("", one.language)
    ]
    known = frozenset(setting.ids)
    # A text about the rules watched, but about none of the topics declared, teaches neither.
    examples += [
        (flat(row.item), row.topics & known)
        for row in lessons
        if not row.relevant or row.topics & known
    ]
    return [text for text, _ in examples], [topics for _, topics in examples]

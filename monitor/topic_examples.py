"""What a topic is learned from: its descriptions and examples, a shipped background, and lessons.

The background is sentences about none of the topics, among them the rules of other countries,
business stories and bare mentions of a platform. The written items are headlines and paragraphs in
every manner of the press, each with its topics. Lessons are texts that a reader has labelled.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import ClassVar, Protocol

from monitor import signals
from monitor.topic_head import Example
from storage.problems import Problem

# A reader's word on the items of this archive against that of a shipped example: with all alike,
# a handful of labels would drown in a thousand examples.
LESSON_WEIGHT = 4.0


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


def gathered(topics: Sequence[Topic], lessons: Sequence[Example]) -> list[Example]:
    """Return all that a head for these topics is fitted on, each text once.

    Of a lesson's topics those count that are still declared. Where two speak of one text the later
    one has the word, as far as it says anything; lessons come last.

    Raises:
        TopicUnclear: a topic has neither a description nor an example, or two are the same.
    """
    declared = frozenset(topic.id for topic in topics)
    shipped = _of_topics(topics)
    known = [
        replace(
            one,
            topics=one.topics & declared,
            silent=one.silent & declared,
            weight=LESSON_WEIGHT,
        )
        for one in lessons
        if one.text.strip()
    ]
    last: dict[str, Example] = {}
    for one in (*_background(), *_written(declared), *shipped, *known):
        last[one.text] = _corrected(last[one.text], one) if one.text in last else one
    return list(last.values())


def _corrected(earlier: Example, later: Example) -> Example:
    """Return what is known of a text when `later` is said after `earlier`."""
    return Example(
        later.text,
        later.language,
        later.topics | (earlier.topics & later.silent),
        earlier.relevant if later.relevant is None else later.relevant,
        later.silent & earlier.silent,
        later.weight,
    )


def _of_topics(topics: Sequence[Topic]) -> list[Example]:
    """Return the texts of the topics, each with all topics that give it."""
    topics_of: dict[str, set[str]] = {}
    said: dict[frozenset[str], str] = {}
    for topic in topics:
        texts = [topic.description.en, topic.description.vi, *topic.examples]
        given = [text.strip() for text in texts if text.strip()]
        twin = said.setdefault(frozenset(given), topic.id)
        if given and twin != topic.id:
            raise TopicUnclear(
                f"topics {twin!r} and {topic.id!r} say the same: describe in config.toml how they "
                "differ, or drop one"
            )
        if not given:
            raise TopicUnclear(
                f"topic {topic.id!r} has neither a description nor an example: "
                "say in config.toml what it is about"
            )
        for text in given:
            topics_of.setdefault(text, set()).add(topic.id)
    return [
        Example(text, signals.language_of(text, ""), frozenset(ids), relevant=True)
        for text, ids in topics_of.items()
    ]


def _background() -> list[Example]:
    return [Example(row[2], row[0], frozenset(), relevant=False) for row in _rows("background.tsv")]


def _written(declared: frozenset[str]) -> list[Example]:
    """Return the items that say something of the declared topics; "-" stands for none of all."""
    found = []
    for language, names, text in _rows("written.tsv"):
        topics = frozenset(names.split(",")) - {"-"}
        if topics & declared or not topics:
            found.append(Example(text, language, topics & declared, relevant=bool(topics)))
    return found


def _rows(name: str) -> list[list[str]]:
    text = files("monitor").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]

"""What readers' labels say of a text, for a head to learn from and to be judged by.

A reader who names a right topic has said all that the text is about. One who only says that a
topic is wrong has spoken of that topic alone: the text may be about another, or about none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor import passages, signals
from monitor.rereading import body_of
from monitor.topic_head import Example

if TYPE_CHECKING:
    from monitor.topics import Topic
    from storage.labels import LabelledItem


@dataclass(frozen=True, slots=True)
class Truth:
    """What a text is about, as far as its labels say.

    Attributes:
        relevant: whether it is about any declared topic; None where the labels do not say.
        topics: the declared topics that it is about.
        silent: the declared topics of which the labels say nothing.
    """

    relevant: bool | None
    topics: frozenset[str]
    silent: frozenset[str] = frozenset()


def truth_of(labelled: "LabelledItem", declared: frozenset[str]) -> Truth:
    """Return what an item's labels say of the declared topics.

    Where the only right topics are no longer declared, the text is about none of the others, and
    whether it is still relevant is not known.
    """
    right = labelled.right & declared
    if right:
        return Truth(True, right)
    if labelled.off_topic:
        return Truth(False, frozenset())
    if labelled.right:
        return Truth(None, frozenset())
    return Truth(None, frozenset(), declared - labelled.wrong)


def lessons_of(labelled: Sequence["LabelledItem"], topics: Sequence["Topic"]) -> list[Example]:
    """Return the examples that labelled items give.

    What a text is not about, it is not about in its headline either, nor in the passages that
    were taken for evidence. What it is about need not show in the headline: where the evidence
    stood in the body, the headline alone is not taught. Evidence for one of several topics is
    taught as relevant only, since a passage seldom shows them all.
    """
    declared = frozenset(topic.id for topic in topics)
    return [example for item in labelled for example in lessons_of_item(item, declared)]


def lessons_of_item(item: "LabelledItem", declared: frozenset[str]) -> list[Example]:
    """Return the examples that one labelled item gives, in the order of its text."""
    truth = truth_of(item, declared)
    if truth.relevant is None and truth.silent == declared:
        return []
    parts = passages.of(item.title, item.summary, body_of(item.text, item.kind))
    head, *body = parts
    evidence = [part for part in body if part.text in item.passages]
    language = signals.language_of(head.text, item.language)
    taught = [] if truth.topics and evidence else [head]
    examples = [
        Example(part.in_context(), language, truth.topics, truth.relevant, truth.silent)
        for part in taught
    ]
    shown = truth if len(truth.topics) <= 1 else Truth(True, frozenset(), declared)
    examples += [
        Example(part.in_context(), language, shown.topics, shown.relevant, shown.silent)
        for part in evidence
    ]
    return [example for example in examples if example.text.strip()]

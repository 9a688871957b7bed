"""What a reader says of an item's topics on a page or through the API."""

from collections.abc import Sequence
from typing import ClassVar

from monitor.labelling import act
from monitor.labelling import label as keep
from storage.archive import Transaction
from storage.labels import Verdict
from storage.models import Item
from storage.models_topics import Label
from storage.problems import Problem
from web.room import Room

LONGEST_NOTE = 2_000


class LabelRefused(Problem):
    """A word on an item that cannot be kept."""

    kind: ClassVar[str] = "label-refused"


def say(
    room: Room,
    tx: Transaction,
    item: Item,
    words: Sequence[tuple[Verdict, str | None]],
    *,
    by: str,
    note: str = "",
) -> list[Label]:
    """Keep words on an item's newest text, let its tags show them, and note who said so.

    A "wrong" with no topic says that it is off-topic. Raises LabelRefused for a topic that is
    neither declared nor the item's, and for words that contradict each other.
    """
    _check(room, tx, item, words)
    at = room.now()
    kept = [keep(tx, item, verdict, topic, by=by, at=at, note=note) for verdict, topic in words]
    act(tx, item, at)
    for label in kept:
        detail = {"verdict": label.verdict, "topic": label.topic, "label": label.id}
        tx.audit.record(by, "item.labelled", f"item:{item.id}", at, detail)
    return kept


def _check(
    room: Room, tx: Transaction, item: Item, words: Sequence[tuple[Verdict, str | None]]
) -> None:
    latest = tx.items.latest(item)
    if latest is None:
        raise LabelRefused(f"item {item.id} has no text to speak of")
    declared = [topic.id for topic in room.config.topics]
    carried = {tag.topic for tag in tx.findings.tags(latest.id)}
    for verdict, topic in words:
        if topic is None and verdict != "wrong":
            raise LabelRefused(f"{verdict} needs a topic")
        if topic is not None and topic not in carried and topic not in declared:
            known = ", ".join(declared) or "none"
            raise LabelRefused(f"no topic {topic!r} is declared; there are: {known}")
    wrong = {topic for verdict, topic in words if verdict == "wrong"}
    right = {topic for verdict, topic in words if verdict != "wrong"}
    if wrong & right or (None in wrong and right):
        raise LabelRefused("a topic cannot be right and wrong at once")

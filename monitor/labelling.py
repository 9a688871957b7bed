"""What people said of an item's topics, held against what the classifier found."""

from collections.abc import Sequence
from datetime import datetime

from storage.archive import Transaction
from storage.findings import FoundTag
from storage.labels import Verdict, Words
from storage.models import Item, Revision
from storage.models_topics import Label, Tag

BY_LABEL = "label"
"""Stands for the classifier's version at a tag that a person put on."""


def label(
    tx: Transaction,
    item: Item,
    verdict: Verdict,
    topic: str | None,
    *,
    by: str,
    at: datetime,
    note: str = "",
) -> Label:
    """Keep a word on an item's newest text, with the passage that had earned the tag.

    The item's tags are left alone: `act` changes them, once all words are kept. A word that the
    item is off-topic goes with the passage of its best tag.
    """
    revision = _newest(tx, item)
    tags = [tag for tag in tx.findings.tags(revision.id) if tag.model != BY_LABEL]
    spoken_of = [tag for tag in tags if topic in (None, tag.topic)]
    return tx.labels.add(
        item.id,
        revision.id,
        verdict=verdict,
        topic=topic,
        passage=spoken_of[0].passage if spoken_of else "",
        by=by,
        at=at,
        note=note,
    )


def act(tx: Transaction, item: Item, at: datetime) -> bool:
    """Let what was said of an item show in the tags of its newest text at once.

    Gives whether its topics changed. The log says so too, as of a text that was read before.
    """
    revision = _newest(tx, item)
    words = tx.labels.words([item.id]).get(item.id, Words())
    before = tx.findings.tags(revision.id)
    tags = heeded([_found(tag) for tag in before], words, revision)
    if {tag.topic for tag in tags} == {tag.topic for tag in before}:
        return False
    tx.findings.tag(revision.id, tags, BY_LABEL)
    say_reread(tx, item, revision, tags, at)
    return True


def heeded(tags: Sequence[FoundTag], words: Words, revision: Revision) -> list[FoundTag]:
    """The tags of a text as people's words have them, best first.

    What they say is wrong comes off; what is right and was not found is put on with score 1.
    """
    kept = [
        tag
        for tag in tags
        if tag.topic in words.right or not (words.only or tag.topic in words.wrong)
    ]
    missing = words.right - {tag.topic for tag in kept}
    added = [FoundTag(topic, 1.0, 0.0, revision.title, model=BY_LABEL) for topic in sorted(missing)]
    return [*added, *kept]


def say_reread(
    tx: Transaction, item: Item, revision: Revision, tags: Sequence[FoundTag], at: datetime
) -> None:
    """Say in the log that an item's text which was read before now has these topics, or none.

    The text did not change, our reading of it did, so it is no news: no alert comes of it. Of a
    text that is not the newest any more nothing is said.
    """
    if item.latest != revision.number:
        return
    said = {
        "item": item.id,
        "revision": revision.id,
        "source": item.source_id,
        "kind": item.kind,
        "url": item.url,
        "title": revision.title,
        "language": revision.language,
        "topics": said_of(tags),
        "appeared": False,
        "cause": revision.cause,
        "rerun": True,
    }
    tx.events.append("item.tagged", f"item:{item.id}", at, said)


def said_of(tags: Sequence[FoundTag]) -> list[dict[str, str | float]]:
    """Topics as an event names them."""
    return [{"topic": tag.topic, "score": round(tag.score, 4)} for tag in tags]


def _newest(tx: Transaction, item: Item) -> Revision:
    revision = tx.items.latest(item)
    if revision is None:
        raise LookupError(f"item {item.id} has no revision {item.latest}")
    return revision


def _found(tag: Tag) -> FoundTag:
    return FoundTag(tag.topic, tag.score, tag.threshold, tag.passage, tag.nearest, tag.model)

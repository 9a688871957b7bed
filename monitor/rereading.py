"""Stored texts read by a classifier: with the vectors kept of them, and with people's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.classifier import InUse
from monitor.labelling import heeded
from storage.archive import Archive, Transaction
from storage.findings import FoundTag
from storage.labels import Words
from storage.models import Revision
from storage.vectors import StoredVectors

if TYPE_CHECKING:
    from monitor.topics import PassageVectors, Reading

DOCUMENT_CHARACTERS = 12_000
"""A decree says in its title, preamble and first articles what it is about."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """A revision to be read; `kind` is that of its item, article or document."""

    revision: Revision
    kind: str


@dataclass(frozen=True, slots=True)
class TextRead:
    """What a classifier made of a revision; `encoded` are new vectors to keep, or None."""

    revision: Revision
    reading: "Reading"
    encoded: "PassageVectors | None"


@dataclass(frozen=True, slots=True)
class Written:
    """What was stored of a reading.

    Attributes:
        tags: the topics, best first.
        first: no classifier had read this text before.
        changed: its topics are others than before.
    """

    tags: list[FoundTag]
    first: bool
    changed: bool


def read(classifier: InUse, texts: Sequence[StoredText], archive: Archive) -> list[TextRead]:
    """Read texts, encoding those alone of which no fitting vectors are kept. Writes nothing."""
    from monitor import passages
    from monitor.topics import TaggedText

    numbers = [text.revision.id for text in texts]
    with archive.reading() as tx:
        stored = tx.vectors.get(numbers, classifier.model, passages.VERSION)
    known = [_unpacked(stored.get(number)) for number in numbers]
    readings = classifier.tagger.read(
        [
            TaggedText(
                text.revision.title, text.revision.summary, _body(text), text.revision.language
            )
            for text in texts
        ],
        known,
    )
    return [
        TextRead(text.revision, reading, _new(reading.vectors, old))
        for text, reading, old in zip(texts, readings, known, strict=True)
    ]


def write(tx: Transaction, classifier: InUse, read: TextRead) -> Written:
    """Store what was read of one text: its tags, its vectors, and which classifier read it.

    What people said of the item counts over what the classifier found.
    """
    from monitor import passages

    revision = read.revision
    first = tx.readings.by(revision.id) is None
    before = {tag.topic for tag in tx.findings.tags(revision.id)}
    words = tx.labels.words([revision.item_id]).get(revision.item_id, Words())
    known = Words(words.right & classifier.topics, words.wrong, words.only)
    found = [
        FoundTag(tag.topic, tag.score, tag.threshold, tag.passage, tag.nearest)
        for tag in read.reading.tags
    ]
    tags = heeded(found, known, revision)
    if tags or before:
        tx.findings.tag(revision.id, tags, classifier.version)
    if read.encoded is not None:
        tx.vectors.put(
            revision.id,
            classifier.model,
            passages.VERSION,
            read.encoded.passages,
            read.encoded.vectors.tobytes(),
            read.encoded.vectors.shape[1],
        )
    tx.readings.note(revision.id, tx.readings.classifier(classifier.version, classifier.head))
    return Written(tags, first, before != {tag.topic for tag in tags})


def _body(text: StoredText) -> str:
    body = text.revision.text
    return body[:DOCUMENT_CHARACTERS] if text.kind == "document" else body


def _unpacked(stored: StoredVectors | None) -> "PassageVectors | None":
    if stored is None:
        return None
    import numpy as np

    from monitor.topics import PassageVectors

    rows = np.frombuffer(stored.vectors, np.float16).reshape(-1, stored.dimensions)
    return PassageVectors(stored.passages, rows)


def _new(given: "PassageVectors | None", known: "PassageVectors | None") -> "PassageVectors | None":
    """The vectors of a reading, where they are not those that it was handed."""
    if given is None or (known is not None and known.covers(given.passages)):
        return None
    return given

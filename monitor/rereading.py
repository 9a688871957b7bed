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
                text.revision.title,
                text.revision.summary,
                body_of(text.revision.text, text.kind),
                text.revision.language,
            )
            for text in texts
        ],
        known,
    )
    return [
        TextRead(text.revision, reading, _new(reading.vectors, old))
        for text, reading, old in zip(texts, readings, known, strict=True)
    ]


def write(tx: Transaction, classifier: InUse, read: Sequence[TextRead]) -> list[Written]:
    """Store what was read: the tags of each text, its vectors, and which classifier read it.

    What people said of an item counts over what the classifier found.
    """
    numbers = [one.revision.id for one in read]
    known, before = tx.readings.of(numbers), tx.findings.topics_of(numbers)
    words = tx.labels.words([one.revision.item_id for one in read])
    written = []
    for one in read:
        said = words.get(one.revision.item_id, Words())
        tags = _tags(classifier, one, said)
        had = before.get(one.revision.id, frozenset())
        if tags or had:
            tx.findings.tag(one.revision.id, tags, classifier.version)
        if one.encoded is not None:
            _keep_vectors(tx, classifier, one.revision, one.encoded)
        first = one.revision.id not in known
        written.append(Written(tags, first, had != {tag.topic for tag in tags}))
    tx.readings.note(numbers, tx.readings.classifier(classifier.version, classifier.head))
    return written


def _tags(classifier: InUse, read: TextRead, said: Words) -> list[FoundTag]:
    found = [
        FoundTag(tag.topic, tag.score, tag.threshold, tag.passage, tag.nearest)
        for tag in read.reading.tags
    ]
    declared = Words(said.right & classifier.topics, said.wrong, said.only)
    return heeded(found, declared, read.revision)


def _keep_vectors(
    tx: Transaction, classifier: InUse, revision: Revision, encoded: "PassageVectors"
) -> None:
    from monitor import passages

    tx.vectors.put(
        revision.id,
        classifier.model,
        passages.VERSION,
        encoded.passages,
        encoded.vectors.tobytes(),
        encoded.vectors.shape[1],
    )


def body_of(text: str, kind: str) -> str:
    """The part of an item's text that is read; `kind` is that of the item."""
    return text[:DOCUMENT_CHARACTERS] if kind == "document" else text


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

"""The archive read again by the classifier in use: a new head, other topics, another model.

Each batch is one transaction, and each text remembers which classifier read it. So a kill at any
moment loses no more than a batch, the next run goes on where this one was, and what other
processes read meanwhile is left alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor.classifier import Classifiers, InUse
from monitor.labelling import say_reread
from monitor.rereading import StoredText, read, write
from storage.archive import Archive
from storage.readings import Stale

BATCH = 32
"""Items in one transaction: long articles of a new model take a processor core a minute."""


@dataclass(slots=True)
class ReclassifyReport:
    """What came of it, as it goes on.

    Attributes:
        read: items read again.
        changed: items whose topics are others now.
        encoded: items that the transformer had to read.
        left: items that another classifier has read last, when it ended.
    """

    read: int = 0
    changed: int = 0
    encoded: int = 0
    left: int = 0

    def to_json(self) -> dict[str, int]:
        """The report in its public form."""
        return asdict(self)


def reclassify(
    archive: Archive,
    classifiers: Classifiers,
    clock: Callable[[], datetime],
    *,
    restart: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> ReclassifyReport:
    """Read the newest text of every item that the classifier in use has not read, newest first.

    What the topics stage has yet to read is left to it: it alone tells news. `restart` reads all
    again, the classifier's own readings too. `on_progress` is told how many of how many are done.
    When another head is put to use meanwhile, what is left is read with that one, and what was
    read before it again. At the end the vectors of other models are removed.

    Raises what loading the classifier raises, and the archive's own errors; what was written
    before stays.
    """
    report = ReclassifyReport()
    classifier = classifiers.of(archive)
    with archive.transaction() as tx:
        tx.readings.classifier(classifier.version, classifier.head)
        if restart:
            tx.readings.count_all_as_stale()
    left, before = _left(archive, classifier), None
    while batch := _next(archive, classifier, before):
        before = batch[-1].item.first_seen, batch[-1].item.id
        _take(archive, classifier, batch, clock(), report)
        if on_progress is not None:
            on_progress(report.read, max(left, report.read))
        if classifiers.of(archive) is not classifier:
            classifier = classifiers.of(archive)
            left, before = report.read + _left(archive, classifier), None
    _drop_other_vectors(archive, classifier)
    report.left = _left(archive, classifier)
    return report


def _left(archive: Archive, classifier: InUse) -> int:
    with archive.reading() as tx:
        return tx.readings.stale_count(classifier.version)


def _next(archive: Archive, classifier: InUse, before: tuple[datetime, int] | None) -> list[Stale]:
    with archive.reading() as tx:
        return tx.readings.stale(classifier.version, BATCH, before=before)


def _take(
    archive: Archive,
    classifier: InUse,
    batch: Sequence[Stale],
    now: datetime,
    report: ReclassifyReport,
) -> None:
    """Read a batch with no transaction open, then write it in one."""
    texts = [StoredText(stale.revision, stale.item.kind) for stale in batch]
    found = read(classifier, texts, archive)
    with archive.transaction() as tx:
        by = tx.readings.of([stale.revision.id for stale in batch])
        # What another process has read meanwhile is left as that one wrote it.
        ours = [
            (stale, text)
            for stale, text in zip(batch, found, strict=True)
            if by.get(stale.revision.id) == stale.classifier
        ]
        written = write(tx, classifier, [text for _, text in ours])
        for (stale, text), one in zip(ours, written, strict=True):
            item = tx.items.get(stale.item.id) if one.changed else None
            if item is not None:
                say_reread(tx, item, text.revision, one.tags, now)
    report.read += len(batch)
    report.changed += sum(one.changed for one in written)
    report.encoded += sum(text.encoded is not None for text in found)


def _drop_other_vectors(archive: Archive, classifier: InUse) -> None:
    """A few at a time, so that nobody waits long for their turn to write."""
    from monitor import passages

    dropped = 1
    while dropped:
        with archive.transaction() as tx:
            dropped = tx.vectors.drop_others(classifier.model, passages.VERSION)

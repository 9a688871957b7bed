"""The stage that tags each new text with the topics it is about."""

from collections.abc import Sequence
from functools import partial

from monitor.classifier import Classifiers, InUse
from monitor.labelling import said_of, say_reread
from monitor.rereading import StoredText, TextRead, read, write
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event


class TopicsStage:
    """Reads new and revised items, writes their topics and says which items have any.

    A text that was read before raises no alert, whatever is found in it now.
    """

    name = "topics"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(self, classifiers: Classifiers) -> None:
        self._classifiers = classifiers

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Tag the texts of a batch. Raises the model's problems when it cannot be loaded."""
        classifier = self._classifiers.of(archive)
        with archive.reading() as tx:
            revisions = [tx.items.revision(event.data["revision"]) for event in events]
        texts = [
            StoredText(revision, event.data["kind"])
            for revision, event in zip(revisions, events, strict=True)
            if revision is not None
        ]
        found = iter(read(classifier, texts, archive))
        return [
            LookupError(f"revision {event.data['revision']} is not there")
            if revision is None
            else partial(_write, event, classifier, next(found))
            for event, revision in zip(events, revisions, strict=True)
        ]


def _write(event: Event, classifier: InUse, found: TextRead, tx: Transaction) -> None:
    (written,) = write(tx, classifier, [found])
    if not written.first:
        item = tx.items.get(found.revision.item_id)
        if written.changed and item is not None:
            say_reread(tx, item, found.revision, written.tags, event.at)
        return
    if not written.tags:
        return
    said = {key: event.data[key] for key in ("item", "revision", "source", "kind", "url", "title")}
    said |= {
        "language": found.revision.language,
        "topics": said_of(written.tags),
        "appeared": event.kind == "item.appeared",
        "cause": found.revision.cause,
    }
    if event.data.get("backfill"):
        said["backfill"] = True
    key = f"tagged:{found.revision.id}:{classifier.version}"
    tx.events.append("item.tagged", event.subject, event.at, said, key=key)

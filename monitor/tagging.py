"""The stage that tags each new text with the topics it is about."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from storage.archive import Archive, Transaction
from storage.findings import FoundTag
from storage.log import Outcome
from storage.models import Event, Revision

if TYPE_CHECKING:
    from monitor.topics import TopicTagger

DOCUMENT_CHARACTERS = 12_000
"""A decree says in its title, preamble and first articles what it is about."""


class TopicsStage:
    """Reads new and revised items, writes their topics and says which items have any.

    `load_tagger` is called when the first text is to be tagged: it takes seconds.
    """

    name = "topics"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(self, load_tagger: Callable[[], "TopicTagger"]) -> None:
        self._load_tagger = load_tagger
        self._tagger: TopicTagger | None = None

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Tag the texts of a batch. Raises the model's problems when it cannot be loaded."""
        from monitor.topics import TaggedText

        self._tagger = self._tagger or self._load_tagger()
        with archive.reading() as tx:
            revisions = [tx.items.revision(event.data["revision"]) for event in events]
        texts = [
            TaggedText(r.title, r.summary, _body(r, event), r.language)
            for r, event in zip(revisions, events, strict=True)
            if r is not None
        ]
        found = iter(self._tagger.tag(texts))
        outcomes: list[Outcome] = []
        for event, revision in zip(events, revisions, strict=True):
            if revision is None:
                outcomes.append(LookupError(f"revision {event.data['revision']} is not there"))
                continue
            tags = [FoundTag(t.topic, t.score, t.threshold, t.passage) for t in next(found)]
            outcomes.append(partial(_write, event, revision, tags, self._tagger.version))
        return outcomes


def _body(revision: Revision, event: Event) -> str:
    return (
        revision.text[:DOCUMENT_CHARACTERS] if event.data["kind"] == "document" else revision.text
    )


def _write(
    event: Event, revision: Revision, tags: Sequence[FoundTag], model: str, tx: Transaction
) -> None:
    rerun = bool(tx.findings.tags(revision.id))
    tx.findings.tag(revision.id, tags, model)
    if not tags:
        return
    said = {key: event.data[key] for key in ("item", "revision", "source", "kind", "url", "title")}
    said |= {
        "language": revision.language,
        "topics": [{"topic": tag.topic, "score": round(tag.score, 4)} for tag in tags],
        "appeared": event.kind == "item.appeared",
        "cause": revision.cause,
    }
    if rerun:
        said["rerun"] = True
    if event.data.get("backfill"):
        said["backfill"] = True
    key = f"tagged:{revision.id}:{model}"
    tx.events.append("item.tagged", event.subject, event.at, said, key=key)

"""What the rules judge by: an event with everything the archive knows about it, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.archive import Transaction
from storage.models import Event, Item, Revision


@dataclass(frozen=True, slots=True)
class TextSeen:
    """A revision as the rules see it; `cause` and `notes` as in `storage.models.Revision`."""

    revision: int
    item: int
    number: int
    cause: str
    source: str
    kind: str
    url: str
    title: str
    summary: str
    text: str
    language: str
    first_seen: datetime
    seen_at: datetime
    published_at: datetime | None
    modified_at: datetime | None
    capture: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicFound:
    """A topic, its score, and the passage that earned it."""

    topic: str
    score: float
    passage: str


@dataclass(frozen=True, slots=True)
class ComparisonFound:
    """A stored comparison: `result` in the form of the `compare` command; `old_notes` are those of
    who read the earlier text."""

    id: int
    old_revision: int
    new_revision: int
    old_stage: str
    result: dict[str, Any]
    old_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """That a comparison with an earlier text at `stage` (draft, enacted, base) is stored."""

    id: int
    stage: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event and what belongs to it.

    `topics` are those of the text and, when it was edited, of the text before.
    `backfilled` tells that this revision came from an old collection, `old_item` that its
    item did. `comparisons` are those in which this text is the new one; `comparison` is
    the one that the event speaks of. `story` is the story that the item tells.
    """

    seq: int
    kind: str
    at: datetime
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
    text: TextSeen | None = None
    previous: TextSeen | None = None
    topics: tuple[TopicFound, ...] = ()
    cites: frozenset[str] = frozenset()
    backfilled: bool = False
    old_item: bool = False
    comparisons: tuple[ComparedWith, ...] = ()
    comparison: ComparisonFound | None = None
    story: int | None = None


def gather(tx: Transaction, event: Event) -> Evidence:
    """Read what the archive knows about `event`."""
    data = event.data
    comparison = _comparison(tx, data)
    revision_id = data.get("revision") or (comparison.new_revision if comparison else None)
    revision = tx.items.revision(revision_id) if revision_id else None
    item = tx.items.get(revision.item_id) if revision is not None else None
    if revision is None or item is None:
        return Evidence(event.seq, event.kind, event.at, event.subject, data, comparison=comparison)
    history = tx.events.about(f"item:{item.id}", ("item.appeared", "item.revised"))
    before = _previous(tx, revision, history)
    telling = tx.stories.of_item(item.id)
    imported = [one for one in history if one.data.get("backfill")]
    return Evidence(
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        subject=event.subject,
        data=data,
        text=_seen(item, revision),
        previous=_seen(item, before) if before is not None else None,
        topics=_topics(tx, [revision, before] if before is not None else [revision]),
        cites=frozenset(
            found.instrument for found in tx.findings.citations(revision.id) if found.instrument
        ),
        backfilled=bool(data.get("backfill"))
        or any(one.data["revision"] == revision.id for one in imported),
        old_item=any(one.kind == "item.appeared" for one in imported),
        comparisons=_comparisons_of(tx, data, revision.id),
        comparison=comparison,
        story=telling.story_id if telling else None,
    )


def _seen(item: Item, revision: Revision) -> TextSeen:
    return TextSeen(
        revision=revision.id,
        item=item.id,
        number=revision.number,
        cause=revision.cause,
        source=item.source_id,
        kind=item.kind,
        url=item.url,
        title=revision.title,
        summary=revision.summary,
        text=revision.text,
        language=revision.language,
        first_seen=item.first_seen,
        seen_at=revision.seen_at,
        published_at=revision.published_at,
        modified_at=revision.modified_at,
        capture=revision.capture_id,
        notes=tuple(revision.notes),
    )


def _previous(tx: Transaction, revision: Revision, history: Sequence[Event]) -> Revision | None:
    """The revision that was current before; a late import may have a higher number."""
    for event in history:
        if event.data.get("revision") == revision.id and "previous" in event.data:
            return tx.items.revision(event.data["previous"])
    return None


def _topics(tx: Transaction, revisions: Sequence[Revision]) -> tuple[TopicFound, ...]:
    best: dict[str, TopicFound] = {}
    for revision in revisions:
        for tag in tx.findings.tags(revision.id):
            known = best.get(tag.topic)
            if known is None or tag.score > known.score:
                best[tag.topic] = TopicFound(tag.topic, tag.score, tag.passage)
    return tuple(sorted(best.values(), key=lambda found: -found.score))


def _comparison(tx: Transaction, data: dict[str, Any]) -> ComparisonFound | None:
    number = data.get("comparison")
    row = tx.findings.comparison(number) if number else None
    if row is None:
        return None
    old = tx.items.revision(row.old_revision_id)
    return ComparisonFound(
        id=row.id,
        old_revision=row.old_revision_id,
        new_revision=row.new_revision_id,
        old_stage=_stages(tx, row.instrument).get(row.old_revision_id, ""),
        result=row.result,
        old_notes=tuple(old.notes) if old is not None else (),
    )


def _comparisons_of(
    tx: Transaction, data: dict[str, Any], revision_id: int
) -> tuple[ComparedWith, ...]:
    instrument = data.get("instrument")
    if not instrument:
        return ()
    stages = _stages(tx, instrument)
    return tuple(
        ComparedWith(one.id, stages.get(one.old_revision_id, ""))
        for one in tx.findings.comparisons(instrument)
        if one.new_revision_id == revision_id
    )


def _stages(tx: Transaction, instrument: str) -> dict[int, str]:
    return {one.revision_id: one.stage for one in tx.findings.versions(instrument)}

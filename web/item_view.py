"""All that is known of one item, as its page and the API show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.changes import edit_changes
from alerts.names import Names
from storage.archive import Transaction
from storage.labels import Words
from storage.models import Capture, Item, Revision
from storage.models_law import Citation
from storage.models_topics import Label, Tag
from storage.page_reading import ToldBy, told_by
from web.item_text import CitedText, cited

MOST_DIFFERENCES = 30
"""Of so many of the newest revisions the differences are worked out."""
MOST_TELLINGS = 50
SILENT = ("first", "late", "reextraction")


@dataclass(frozen=True, slots=True)
class Step:
    """A revision and what it changed of the one seen before it.

    `changes` are as in `alerts.changes.edit_changes`, none for the first; None where there are
    too many revisions to work all of them out.
    """

    revision: Revision
    before: Revision | None
    changes: Sequence[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Story:
    """The story that an item tells: how it came to it, and who else tells it, earliest first."""

    id: int
    title: str
    how: str
    reason: str
    others: tuple[ToldBy, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with the revision that is shown of it.

    `named` counts how often the text names each instrument. `edits` is how often what the page
    says was changed after it was first seen.
    """

    item: Item
    shown: Revision
    is_latest: bool
    text: CitedText
    citations: tuple[Citation, ...]
    named: Mapping[str, int]
    steps: tuple[Step, ...]
    edits: int
    tags: tuple[Tag, ...]
    read: bool
    labels: tuple[Label, ...]
    words: Words
    captures: Mapping[int, Capture]
    story: Story | None


def view_of(
    tx: Transaction,
    names: Names,
    item: Item,
    *,
    revision_id: int | None = None,
    differences: bool = True,
) -> ItemView | None:
    """Read an item; None when it has no revision `revision_id` (its newest where that is None)."""
    revisions = in_order(tx.items.revisions(item.id))
    latest = next((one for one in revisions if one.number == item.latest), None)
    wanted = latest
    if revision_id is not None:
        wanted = next((one for one in revisions if one.id == revision_id), None)
    if wanted is None:
        return None
    citations = tx.findings.citations(wanted.id)
    named: dict[str, int] = {}
    for citation in citations:
        if citation.instrument:
            known = names.numbers.get(citation.instrument, citation.instrument)
            named[known] = named.get(known, 0) + 1
    numbers = {one.capture_id for one in revisions if one.capture_id is not None}
    return ItemView(
        item=item,
        shown=wanted,
        is_latest=wanted is latest,
        text=cited(wanted, citations, names.numbers),
        citations=tuple(citations),
        named=named,
        steps=steps_of(revisions, differences=differences),
        edits=sum(one.cause not in SILENT for one in revisions),
        tags=tuple(tx.findings.tags(wanted.id)),
        read=bool(tx.readings.of([wanted.id])),
        labels=tuple(tx.labels.of(item.id)),
        words=tx.labels.words([item.id]).get(item.id, Words()),
        captures=_captures(tx, numbers),
        story=story_of(tx, item),
    )


def in_order(revisions: Sequence[Revision]) -> list[Revision]:
    """Revisions in the order in which their texts were seen: one learned of late comes early."""
    return sorted(revisions, key=lambda one: (one.seen_at, one.number))


def steps_of(revisions: Sequence[Revision], *, differences: bool = True) -> tuple[Step, ...]:
    """Revisions, given in order, newest first, each beside the one before it."""
    first = len(revisions) - MOST_DIFFERENCES if differences else len(revisions)
    steps = []
    for place, revision in enumerate(revisions):
        before = revisions[place - 1] if place else None
        changes: Sequence[dict[str, Any]] | None = None if place < first else ()
        if before is not None and place >= first:
            changes = [*field_changes(before, revision), *edit_changes(before, revision)]
        steps.append(Step(revision, before, changes))
    return tuple(reversed(steps))


def field_changes(old: Revision, new: Revision) -> list[dict[str, Any]]:
    """What a portal says of a document otherwise than before, in the form of `edit_changes`."""
    found = []
    for name in dict.fromkeys([*old.fields, *new.fields]):
        before, after = (in_words(one.fields.get(name)) for one in (old, new))
        if before != after:
            inline = [[mark, text] for mark, text in (("-", before), ("+", after)) if text]
            kind = "modified" if before and after else "removed" if before else "added"
            found.append(
                {
                    "where": f"field:{name}",
                    "kind": kind,
                    "old_text": before,
                    "new_text": after,
                    "inline": inline,
                    "cut": False,
                }
            )
    return found


def in_words(value: object) -> str:
    """What stands in a portal's field, as a text: one thing a line."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(one)}" for name, one in value.items() if one)
    if isinstance(value, list):
        pairs = all(isinstance(one, str) for one in value) and len(value) == 2
        return (": " if pairs else "\n").join(in_words(one) for one in value)
    return str(value)


def story_of(tx: Transaction, item: Item) -> Story | None:
    """The story of an item and its other tellings; None when it is in none."""
    row = tx.stories.of_item(item.id)
    story = tx.stories.get(row.story_id) if row is not None else None
    if row is None or story is None:
        return None
    others = [one for one in told_by(tx, story.id) if one.item.id != item.id]
    shown = tuple(others[:MOST_TELLINGS])
    return Story(story.id, story.title, row.how, row.reason, shown, len(others) - len(shown))


def _captures(tx: Transaction, numbers: Collection[int]) -> dict[int, Capture]:
    found = {number: tx.captures.get(number) for number in sorted(numbers)}
    return {number: capture for number, capture in found.items() if capture is not None}

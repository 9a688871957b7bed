"""A portal document as the stages on deadlines and statuses read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.due_days import DueDay, due_days
from monitor.identities import Identities, Identity
from monitor.law_sentences import parsed
from storage.archive import Transaction
from storage.doubts import doubts_of
from storage.models import Event, Revision

if TYPE_CHECKING:
    from monitor.legal.model import LegalText

CONSOLIDATED = "VBHN"


@dataclass(frozen=True, slots=True)
class EffectDocument:
    """A revision with its parsed text, and what it is a text of (several where watched twice).

    `doubtful` where its words were read from pictures, or not all of them were read.
    """

    revision: int
    item: int
    source: str
    url: str
    title: str
    fields: dict[str, Any]
    law: "LegalText"
    doubtful: bool
    identities: tuple[Identity, ...]


def read_document(
    tx: Transaction, revision: Revision, identities: Identities
) -> EffectDocument | None:
    """A revision of a portal's document; None when it is of no instrument that we know.

    A consolidated text has no effect of its own, so it is none either.

    Raises `monitor.legal.LegalTextError` where the text cannot be parsed.
    """
    item = tx.items.get(revision.item_id)
    if item is None or item.kind != "document":
        return None
    law = parsed(revision.text)
    own = identities.of_document(item.url, revision.title, revision.fields, law.number)
    if not own or any(CONSOLIDATED in one.number for one in own):
        return None
    return EffectDocument(
        revision.id, item.id, item.source_id, item.url, revision.title, revision.fields, law,
        doubts_of(revision.notes).wording, tuple(own),
    )  # fmt: skip


def revisions_of(tx: Transaction, events: Sequence[Event]) -> list[Revision | None]:
    """The revision that each event speaks of; None where it is no document's.

    That a text belongs to a watched instrument may be found out when there is a later one: then
    the later one has been read, and the earlier must not take its place.
    """
    return [_revision_of(tx, event) for event in events]


def _revision_of(tx: Transaction, event: Event) -> Revision | None:
    if event.data.get("kind", "document") != "document":
        return None
    revision = tx.items.revision(event.data["revision"])
    if revision is None or event.kind != "instrument.version":
        return revision
    item = tx.items.get(revision.item_id)
    return revision if item is not None and item.latest == revision.number else None


def days_of(document: EffectDocument, own: Identity, overruled: date | None = None) -> list[DueDay]:
    """The days that a document states, counted from `overruled` where its effect is put off.

    A day read from pictures, or off a text that lacks pages, is certain only where the portal's
    own fields say the same.
    """
    days = due_days(document.law, document.fields, draft=own.draft, overruled=overruled)
    if not document.doubtful:
        return days
    return [
        one if _is_said_by_field(one, document.fields) else replace(one, confidence="probable")
        for one in days
    ]


def _is_said_by_field(day: DueDay, fields: Mapping[str, Any]) -> bool:
    names = {"effective": "effective_on", "consultation": "consultation_until"}
    said = fields.get(names.get(day.kind, ""))
    return day.place.startswith("field:") or said == day.on.isoformat()


def day_of_effect(days: Sequence[DueDay]) -> date | None:
    """The day on which the whole takes effect: the certain one, else the likeliest."""
    stated = sorted(
        (one for one in days if one.kind == "effective"), key=lambda d: d.confidence != "certain"
    )
    return stated[0].on if stated else None

"""A portal document as the stages on deadlines and statuses read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.due_days import DueDay, due_days
from monitor.identities import Identities, Identity
from monitor.law_sentences import parsed
from storage.archive import Transaction
from storage.doubts import OCR_MARK, doubts_of
from storage.models import Event, Revision

if TYPE_CHECKING:
    from monitor.legal.model import LegalText

CONSOLIDATED = "VBHN"


@dataclass(frozen=True, slots=True)
class EffectDocument:
    """A revision with its parsed text, and what it is a text of (several where watched twice).

    `doubtful` where its words were read from pictures, or not all of them were read; `mark`
    stands behind what is quoted of it then, "" where no letter was guessed.
    """

    revision: int
    item: int
    source: str
    url: str
    title: str
    fields: dict[str, Any]
    law: "LegalText"
    doubtful: bool
    mark: str
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
    law, doubts = parsed(revision.text), doubts_of(revision.notes)
    own = identities.of_document(item.url, revision.title, revision.fields, law.number)
    if not own or any(CONSOLIDATED in one.number for one in own):
        return None
    return EffectDocument(
        revision.id, item.id, item.source_id, item.url, revision.title, revision.fields, law,
        doubts.wording, f" {OCR_MARK}" if doubts.guessed else "", tuple(own),
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
    return [_weighed(one, document) for one in days]


def _weighed(day: DueDay, document: EffectDocument) -> DueDay:
    if day.place.startswith("field:"):
        return day
    names = {"effective": "effective_on", "consultation": "consultation_until"}
    said = document.fields.get(names.get(day.kind, ""))
    sure = day.confidence if said == day.on.isoformat() else "probable"
    return replace(day, text=f"{day.text}{document.mark}", confidence=sure)


def day_of_effect(days: Sequence[DueDay]) -> date | None:
    """The day on which the whole takes effect: the certain one, else the likeliest."""
    stated = sorted(
        (one for one in days if one.kind == "effective"), key=lambda d: d.confidence != "certain"
    )
    return stated[0].on if stated else None

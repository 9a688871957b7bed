"""The stage that finds the days on which something about an instrument falls due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from config import Instrument
from monitor.effect_document import EffectDocument, days_of, read_document, revisions_of
from monitor.fates import fates
from monitor.identities import Identities
from storage.archive import Archive, Transaction
from storage.deadlines import FoundDeadline, Move, settled
from storage.log import Outcome
from storage.models import Event, Revision
from storage.models_telling import Deadline

KINDS = ("effective", "effective-part", "expiry", "consultation", "compliance", "transition")
"""Kinds of deadlines, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """All that a document states, by the days of effect that others set for its instruments."""

    document: EffectDocument
    found: tuple[FoundDeadline, ...]
    set_by_others: dict[str, date]


class DeadlinesStage:
    """Reads documents that appeared or changed and keeps the days that they state.

    A day that a later text no longer states is gone, and one that moved is told of
    (`deadline.moved`), unless only our reading of the text changed. An enacted text takes the
    place of what its drafts planned, and a decree that puts another's effect off outranks it.
    """

    name = "deadlines"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised", "instrument.version")
    batch = 16

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._identities = Identities(instruments)

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Read the days off each document of a batch."""
        with archive.reading() as tx:
            revisions = revisions_of(tx, events)
            return [self._outcome(e, r, tx) for e, r in zip(events, revisions, strict=True)]

    def _outcome(self, event: Event, revision: Revision | None, tx: Transaction) -> Outcome:
        if revision is None:
            return None
        try:
            document = read_document(tx, revision, self._identities)
            if document is None:
                return None
            settlement = _settlement(document, _days_set_for(tx, document))
        except Exception as error:
            return error
        return partial(self._write, event, settlement)

    def _of_others(self, tx: Transaction, document: EffectDocument) -> list[Settlement]:
        """The documents of instruments whose effect this one puts off, counted anew."""
        settlements = []
        for instrument, until in self._put_off(document):
            for row in _first_of_each_item(tx.deadlines.of(instrument)):
                revision = tx.items.revision(row.revision_id)
                other = read_document(tx, revision, self._identities) if revision else None
                if other is not None and other.item != document.item:
                    settlements.append(_settlement(other, {instrument: until}))
        return settlements

    def _put_off(self, document: EffectDocument) -> list[tuple[str, date]]:
        return [
            (one.instrument, one.on_date)
            for one in _set_for_others(document, self._identities)
            if one.kind == "effective"
        ]

    def _write(self, event: Event, own: Settlement, tx: Transaction) -> None:
        document = own.document
        set_now = _days_set_for(tx, document)
        if set_now != own.set_by_others:
            # Another document of this batch has put the effect off meanwhile.
            own = _settlement(document, set_now)
        found = [one for one in own.found if not self._is_superseded(tx, document, one, event)]
        found += _set_for_others(document, self._identities)
        done = [tx.deadlines.settle(document.item, document.revision, found, event.at)]
        for one in self._of_others(tx, document):
            done.append(
                tx.deadlines.settle(one.document.item, one.document.revision, one.found, event.at)
            )
        across = settled([row for one in done for row in one.gone], [*done[0].new])
        self._withdraw_planned(tx, document, event)
        if event.data.get("cause") != "reextraction":
            moves = [move for one in (*done, across) for move in one.moves]
            self._tell(tx, event, document, moves)

    def _is_superseded(
        self, tx: Transaction, document: EffectDocument, one: FoundDeadline, event: Event
    ) -> bool:
        """Whether a draft's day is that of an instrument that was enacted meanwhile."""
        drafts = {own.instrument for own in document.identities if own.draft}
        return one.instrument in drafts and any(
            version.stage == "enacted" and version.at <= event.at
            for version in tx.findings.versions(one.instrument)
        )

    def _withdraw_planned(self, tx: Transaction, document: EffectDocument, event: Event) -> None:
        for own in document.identities:
            if own.draft:
                continue
            for row in tx.deadlines.of(own.instrument):
                is_planned = row.gone_at is None and row.item_id != document.item
                if is_planned and row.on_date >= event.at.date() and self._is_drafts(tx, row):
                    tx.deadlines.withdraw(row, event.at)

    def _is_drafts(self, tx: Transaction, row: Deadline) -> bool:
        revision = tx.items.revision(row.revision_id)
        item = tx.items.get(row.item_id)
        if revision is None or item is None:
            return False
        found = self._identities.of_document(item.url, revision.title, revision.fields, "")
        return any(one.draft and one.instrument == row.instrument for one in found)

    def _tell(
        self, tx: Transaction, event: Event, document: EffectDocument, moves: Sequence[Move]
    ) -> None:
        for instrument in sorted({move.now.instrument for move in moves}):
            moved = [one for one in moves if one.now.instrument == instrument]
            moved.sort(key=lambda one: (KINDS.index(one.now.kind), one.now.on_date))
            said: dict[str, Any] = {
                "instrument": instrument,
                "number": self._identities.number(instrument),
                "name": self._identities.name(instrument),
                "moves": [_told(one) for one in moved],
                "source": document.source,
                "url": document.url,
                "title": document.title,
                "evidence": {"item": document.item, "revision": document.revision},
            }
            if event.data.get("backfill"):
                said["backfill"] = True
            tx.events.append(
                "deadline.moved",
                f"instrument:{instrument}",
                event.at,
                said,
                key=f"deadline-moved:{instrument}:{document.revision}",
            )


def _days_set_for(tx: Transaction, document: EffectDocument) -> dict[str, date]:
    """The days of effect that other documents set for the instruments of this one."""
    found = {}
    for own in document.identities:
        row = tx.deadlines.overruled(own.instrument, "effective")
        if row is not None and row.item_id != document.item:
            found[own.instrument] = row.on_date
    return found


def _settlement(document: EffectDocument, set_by_others: dict[str, date]) -> Settlement:
    found = [
        FoundDeadline(own.instrument, one.kind, one.on, one.text, one.place, one.confidence)
        for own in document.identities
        for one in days_of(document, own, set_by_others.get(own.instrument))
    ]
    return Settlement(document, tuple(found), set_by_others)


def _set_for_others(document: EffectDocument, identities: Identities) -> list[FoundDeadline]:
    """The days to which an enacted text puts the effect of other instruments off."""
    own = document.identities[0]
    if own.draft:
        return []
    return [
        FoundDeadline(
            identities.of_number(fate.number),
            "effective-part" if fate.partly else "effective",
            fate.until,
            fate.text,
            fate.place,
            "probable" if document.doubtful else "certain",
            by_instrument=own.instrument,
        )
        for fate in fates(document.law, own.number, document.title)
        if fate.change == "postponed" and fate.until is not None
    ]


def _first_of_each_item(rows: Sequence[Deadline]) -> list[Deadline]:
    first: dict[int, Deadline] = {}
    for row in rows:
        if row.gone_at is None and not row.by_instrument:
            first.setdefault(row.item_id, row)
    return list(first.values())


def _told(move: Move) -> dict[str, Any]:
    return {
        "deadline": move.now.id,
        "kind": move.now.kind,
        "from": move.before.isoformat(),
        "to": move.now.on_date.isoformat(),
        "text": move.now.text,
        "place": move.now.place,
        "confidence": move.now.confidence,
        "by": move.now.by_instrument,
    }

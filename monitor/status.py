"""The stage that follows the status of instruments over time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo
from functools import partial
from typing import Any, Literal

from config import Instrument, SourceDeclaration
from monitor.effect_document import (
    EffectDocument,
    day_of_effect,
    days_of,
    read_document,
    revisions_of,
)
from monitor.identities import Identities
from monitor.standing import Statement, statements
from storage.archive import Archive, Transaction
from storage.log import Outcome
from storage.models import Event, Revision
from storage.models_telling import InstrumentStatus
from storage.statuses import CHANGED, ENDED, PAUSED, FoundStatus, stage_of_life

LATE = timedelta(days=30)
"""What took effect longer ago than this when it was learned of is no news."""
LONGEST_REASON = 1000

Verdict = Literal["new", "closer", "known", "belied"]
"""What a statement is beside what is known: it changes the status, says the same status closer
(by whom, since when), says nothing new, or is belied by a better source."""


class StatusesStage:
    """Reads documents that appeared or changed, and keeps what they say became of instruments.

    A change of status is an event, `instrument.status`; a statement that a better source
    belies is one too, `instrument.contradicted`, which names both. Better is the text of a law
    than a portal's field, and an official portal than another.
    """

    name = "statuses"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised", "instrument.version")
    batch = 16

    def __init__(
        self,
        instruments: Sequence[Instrument],
        sources: Sequence[SourceDeclaration],
        zone: tzinfo,
    ) -> None:
        """`sources` tell which portals are official; days are those of the reader's `zone`."""
        self._identities = Identities(instruments)
        self._official = frozenset(one.id for one in sources if one.kind == "official")
        self._zone = zone

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Read the statuses off each document of a batch."""
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
            stated = self._stated(tx, document, event.at.astimezone(self._zone).date())
        except Exception as error:
            return error
        return partial(self._write, event, document, stated)

    def _stated(self, tx: Transaction, document: EffectDocument, today: date) -> list[Statement]:
        found = []
        for own in document.identities:
            put_off = tx.deadlines.overruled(own.instrument, "effective")
            effective = put_off.on_date if put_off else day_of_effect(days_of(document, own))
            found += statements(
                document.law, document.title, document.fields, own, self._identities,
                effective=effective, today=today,
            )  # fmt: skip
        if document.mark:
            return [
                replace(one, reason=f"{one.reason}{document.mark}") if one.basis == "text" else one
                for one in found
            ]
        return found

    def _write(
        self,
        event: Event,
        document: EffectDocument,
        stated: Sequence[Statement],
        tx: Transaction,
    ) -> None:
        today = event.at.astimezone(self._zone).date()
        unknown = {one.instrument for one in stated if not tx.statuses.of(one.instrument)}
        for one in stated:
            rows = tx.statuses.of(one.instrument)
            official = document.source in self._official
            known_official = {row.id: self._is_official(tx, row) for row in rows}
            result = weigh(one, rows, document.item, today, official, known_official)
            if result == "belied":
                self._tell_belied(tx, event, document, one, stage_of_life(rows, today))
            if result in ("new", "closer"):
                before = stage_of_life(rows, today)
                since = _since(one, before, today)
                row = tx.statuses.add(_found(one, document, since), event.at)
                if result == "new":
                    said = told(self._identities, row, before) | _where(document)
                    is_page_new = not one.by and event.kind == "item.appeared"
                    said["first"] = is_page_new or one.instrument in unknown
                    said["late"] = _begun(one, document, today) < today - LATE
                    self._tell(tx, event, one, said)

    def _is_official(self, tx: Transaction, row: InstrumentStatus) -> bool:
        item = tx.items.get(row.item_id)
        return item is not None and item.source_id in self._official

    def _tell(self, tx: Transaction, event: Event, one: Statement, said: dict[str, Any]) -> None:
        if one.until is not None:
            said["until"] = one.until.isoformat()
        if event.data.get("backfill"):
            said["backfill"] = True
        if event.data.get("cause") == "reextraction":
            said["reread"] = True
        subject = f"instrument:{one.instrument}"
        key = f"status:{said['row']}"
        tx.events.append("instrument.status", subject, event.at, said, key=key)

    def _tell_belied(
        self,
        tx: Transaction,
        event: Event,
        document: EffectDocument,
        one: Statement,
        known: InstrumentStatus | None,
    ) -> None:
        if known is None:
            return
        said = {
            "instrument": one.instrument,
            "number": self._identities.number(one.instrument),
            "name": self._identities.name(one.instrument),
            "status": known.status,
            "reason": known.reason,
            "said": one.status,
            "said_reason": one.reason[:LONGEST_REASON],
            "known_by": {"item": known.item_id, "revision": known.revision_id},
        } | _where(document)
        key = f"contradicted:{one.instrument}:{one.status}:{document.item}:{known.id}"
        subject = f"instrument:{one.instrument}"
        tx.events.append("instrument.contradicted", subject, event.at, said, key=key)


def weigh(
    one: Statement,
    rows: Sequence[InstrumentStatus],
    item: int,
    today: date,
    official: bool,
    known_official: Mapping[int, bool],
) -> Verdict:
    """What a statement by `item` is beside the rows that are known of its instrument.

    `official` tells whether its portal is, `known_official` the same of each row, by id.
    """
    if one.status in CHANGED:
        same = [r for r in rows if r.status == one.status and one.by in ("", r.by_instrument)]
        return "known" if same else "new"
    stages = [row for row in rows if row.status not in CHANGED]
    if any((r.status, r.since, r.by_instrument) == (one.status, one.since, one.by) for r in stages):
        latest = stages[-1]
        returned = one.basis == "field" and latest.item_id == item and latest.status != one.status
        if not returned:
            return "known"
    current = stage_of_life(list(rows), today)
    group = _group(one.status)
    if group == "ended":
        ends = [row for row in stages if _group(row.status) == "ended"]
        if ends:
            return "closer" if _is_closer(one, ends) else "known"
        is_claim = one.basis == "field" and current is not None and current.basis == "field"
        if is_claim and _outranks(current, item, official, known_official):
            return "belied"
        return "new"
    if current is None:
        return "new" if group in ("draft", "issued", "in-force", "paused") else "known"
    known = _group(current.status)
    if known == group:
        return "closer" if one.since is not None and current.since is None else "known"
    if known == "ended":
        if current.item_id == item and current.basis == "field" and one.basis == "field":
            return "new"
        return "belied" if one.basis == "field" and group in ("in-force", "paused") else "known"
    if group == "paused":
        return "new"
    if known == "paused":
        return "new" if one.basis == "field" and current.item_id == item else "known"
    order = ("draft", "issued", "in-force")
    return "new" if order.index(group) > order.index(known) else "known"


def told(
    identities: Identities, row: InstrumentStatus, before: InstrumentStatus | None
) -> dict[str, Any]:
    """A change of status as its event tells it."""
    return {
        "row": row.id,
        "instrument": row.instrument,
        "number": identities.number(row.instrument),
        "name": identities.name(row.instrument),
        "status": row.status,
        "before": before.status if before is not None else "",
        "since": row.since.isoformat() if row.since else None,
        "by": row.by_instrument,
        "by_name": identities.called(row.by_instrument),
        "basis": row.basis,
        "reason": row.reason,
        "evidence": {"item": row.item_id, "revision": row.revision_id},
    }


def _is_closer(one: Statement, ends: Sequence[InstrumentStatus]) -> bool:
    """Whether a statement names by whom, or since when, an instrument ended, as none does yet.

    A day that the repealing text itself has moved counts too.
    """
    if one.by and not any(row.by_instrument for row in ends):
        return True
    by_same = [row for row in ends if row.by_instrument == one.by]
    return bool(by_same) and one.since is not None and one.since != by_same[-1].since


def _outranks(
    known: InstrumentStatus | None, item: int, official: bool, known_official: Mapping[int, bool]
) -> bool:
    if known is None or known.item_id == item:
        return False
    return known_official.get(known.id, False) and not official


def _group(status: str) -> str:
    if status in ENDED:
        return "ended"
    return "paused" if status in PAUSED else status


def _since(one: Statement, before: InstrumentStatus | None, today: date) -> date | None:
    """Since when a status holds: one that comes back does so today, not when it first did."""
    came_back = before is not None and before.status in (*ENDED, *PAUSED)
    return today if came_back and one.status == "in-force" else one.since


def _begun(one: Statement, document: EffectDocument, today: date) -> date:
    """When a status began, at the latest when the text that says so was issued."""
    if one.since is not None or not one.by:
        return one.since or today
    issued = document.law.date or str(document.fields.get("issued_on") or "")
    year = re.search(r"/(\d{4})/", document.identities[0].number)
    try:
        return date.fromisoformat(issued or (f"{year[1]}-12-31" if year else ""))
    except ValueError:
        return today


def _found(one: Statement, document: EffectDocument, since: date | None) -> FoundStatus:
    return FoundStatus(
        instrument=one.instrument,
        status=one.status,
        since=since,
        by_instrument=one.by,
        basis=one.basis,
        item_id=document.item,
        revision_id=document.revision,
        reason=one.reason[:LONGEST_REASON],
    )


def _where(document: EffectDocument) -> dict[str, Any]:
    return {"source": document.source, "url": document.url, "title": document.title}

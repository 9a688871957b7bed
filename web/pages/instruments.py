"""`/instruments`: the life of a legal instrument, its texts, what it says, who writes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from config import Instrument
from monitor.identities import Identities
from monitor.instruments import canonical
from storage.archive import Transaction
from storage.models import Event
from storage.models_law import InstrumentVersion
from storage.models_telling import InstrumentStatus
from storage.page_reading import TextHead, items_listed, most_named, namings, text_heads
from storage.statuses import stage_of_life
from web.charts import columns_chart
from web.days import SIDES, WEEKS, began, by_week, sides_of
from web.ids import Row
from web.legal_texts import NotReadable
from web.reader import reader_of
from web.rendering import page
from web.room import Room, room_of
from web.stated_values import TYPES, Statements
from web.timeline import drawn, steps

router = APIRouter(default_response_class=HTMLResponse)
LATELY = timedelta(days=30)
MOST_NAMED, LAST_ITEMS, MOST_VALUES = 20, 12, 50
_BEST = ("enacted", "draft", "base")
"""Whose text is read for figures, the first that is there."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched instrument in the list: how it stands, its texts, and its next day."""

    instrument: Instrument
    standing: InstrumentStatus | None
    stages: tuple[str, ...]
    next_day: date | None
    next_kind: str
    lately: int


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an instrument: `name` tells it from the others ("draft 2")."""

    row: InstrumentVersion
    head: TextHead
    ordinal: int


@router.get("/instruments")
def listed(request: Request, number: str = "") -> Response:
    """The watched instruments, and those that are named the most; `number` opens one."""
    room = room_of(request)
    if number.strip():
        return _sent_to(room, number)
    now = room.now()
    today = now.astimezone(room.config.zone).date()
    with room.archive.reading() as tx:
        watched = [_watched(tx, one, today, room) for one in room.config.instruments]
        named = most_named(tx, now - LATELY, MOST_NAMED)
    identities = Identities(room.config.instruments)
    return page(
        request,
        "instruments.html",
        watched=watched,
        named=[
            (known, identities.called(known), count)
            for known, count in ((identities.of_number(one), count) for one, count in named)
        ],
        days=LATELY.days,
    )


@router.get("/instruments/{instrument:path}/compare")
def compared(
    request: Request,
    instrument: str,
    old: Row | None = None,
    new: Row | None = None,
    comparison: Row | None = None,
) -> HTMLResponse:
    """Two texts of an instrument compared, in place."""
    room = room_of(request)
    _printable(instrument)
    with room.archive.reading() as tx:
        versions = _versions(tx, instrument)
        stored = tx.findings.comparison(comparison) if comparison is not None else None
    if stored is not None and stored.instrument == instrument:
        old, new = stored.old_revision_id, stored.new_revision_id
    by_revision = {one.row.revision_id: one for one in versions}
    if old not in by_revision or new not in by_revision:
        raise HTTPException(404)
    problem, found = "", None
    try:
        found = room.legal_texts.comparison_page(room.archive, old, new)
    except NotReadable as error:
        problem = str(error)
    return page(
        request,
        "instrument_compare.html",
        id=instrument,
        name=Identities(room.config.instruments).name(instrument),
        versions=versions,
        old=by_revision[old],
        new=by_revision[new],
        comparison=found,
        problem=problem,
    )


@router.get("/instruments/{instrument:path}")
def shown(
    request: Request,
    instrument: str,
    text: Row | None = None,
    value: Annotated[list[str] | None, Query()] = None,
    every: bool = False,
) -> Response:
    """One instrument, watched or only named: `text` is the revision that is read for figures,
    of the types `value`."""
    _printable(instrument)
    room, language = room_of(request), reader_of(request).language
    config, zone = room.config, room.config.zone
    identities = Identities(config.instruments)
    watched = next((one for one in config.instruments if one.id == instrument), None)
    if watched is None:
        number = canonical(instrument)
        known = identities.of_number(number) if number else instrument
        if known != instrument:
            return _moved(known)
    number = identities.number(instrument)
    today = room.now().astimezone(zone).date()
    since = began(today - timedelta(weeks=WEEKS), zone)
    ids = tuple(dict.fromkeys(one for one in (instrument, number) if one))
    with room.archive.reading() as tx:
        versions = _versions(tx, instrument)
        statuses, deadlines = tx.statuses.of(instrument), tx.deadlines.of(instrument)
        known_to_texts = any(tx.findings.knows(one) for one in ids)
        if watched is None and not (versions or statuses or deadlines or known_to_texts):
            raise HTTPException(404)
        did = tx.statuses.by(instrument)
        seen = namings(tx, ids, since)
        last = items_listed(tx, [one.item for one in seen[-LAST_ITEMS:]])
        events = tx.events.about(f"instrument:{instrument}", ("instrument.compared",))
        shown = [*(row.revision_id for row in statuses), *(row.revision_id for row in deadlines)]
        heads = text_heads(tx, [*shown, *(one.row.revision_id for one in versions)])
    sides = sides_of(config)
    life = steps([one.row for one in versions], heads, statuses, deadlines, today, zone)
    chosen = _chosen(versions, text)
    stated, problem = _stated(room, chosen)
    wanted = [one for one in TYPES if one in (value or ())]
    values = [one for one in stated.values if not wanted or one.type in wanted] if stated else []
    return page(
        request,
        "instrument.html",
        id=instrument,
        name=identities.name(instrument),
        number=number,
        watched=watched,
        standing=stage_of_life(statuses, today),
        steps=life,
        line=drawn(life, today),
        versions=versions[::-1],
        compared=_by_pair(events),
        did=did,
        chart=columns_chart(
            by_week(
                ((one.at, sides.get(one.source, "other")) for one in seen),
                today,
                WEEKS,
                zone,
                language,
            ),
            SIDES,
            width=1100,
        ),
        weeks=WEEKS,
        last=[last[one.item] for one in reversed(seen[-LAST_ITEMS:]) if one.item in last],
        chosen=chosen,
        stated=stated,
        problem=problem,
        values=values if every else values[:MOST_VALUES],
        more_values=0 if every else max(0, len(values) - MOST_VALUES),
        types=[one for one in TYPES if stated and any(v.type == one for v in stated.values)],
        wanted=wanted,
        identities=identities,
    )


def _printable(instrument: str) -> None:
    """Refuse what can be no name, and what PostgreSQL refuses in a text."""
    if not instrument.isprintable():
        raise HTTPException(404)


def _sent_to(room: Room, said: str) -> RedirectResponse:
    """Where an instrument is shown that somebody names by its number, in any of its forms."""
    number = canonical(said)
    known = Identities(room.config.instruments).of_number(number) if number else said.strip()
    return _moved(known)


def _moved(instrument: str) -> RedirectResponse:
    return RedirectResponse(f"/instruments/{quote(instrument)}", 303)


def _watched(tx: Transaction, one: Instrument, today: date, room: Room) -> Watched:
    versions = tx.findings.versions(one.id)
    due = [
        row
        for row in tx.deadlines.of(one.id)
        if row.gone_at is None and row.on_date >= today and row.confidence == "certain"
    ]
    ids = tuple(filter(None, (one.id, canonical(one.number))))
    return Watched(
        instrument=one,
        standing=tx.statuses.standing(one.id, today),
        stages=tuple(row.stage for row in versions),
        next_day=due[0].on_date if due else None,
        next_kind=due[0].kind if due else "",
        lately=len(namings(tx, ids, room.now() - LATELY)),
    )


def _versions(tx: Transaction, instrument: str) -> list[Version]:
    rows = tx.findings.versions(instrument)
    heads = text_heads(tx, [row.revision_id for row in rows])
    counted: dict[str, int] = {}
    found = []
    for row in rows:
        counted[row.stage] = counted.get(row.stage, 0) + 1
        found.append(Version(row, heads[row.revision_id], counted[row.stage]))
    return found


def _chosen(versions: Sequence[Version], asked: int | None) -> Version | None:
    """The text that is read for figures: the one asked for, else the last of the best stage."""
    for one in versions:
        if one.row.revision_id == asked:
            return one
    ranked = [one for stage in _BEST for one in reversed(versions) if one.row.stage == stage]
    return ranked[0] if ranked else None


def _stated(room: Room, chosen: Version | None) -> tuple[Statements | None, str]:
    """What a text says in figures, and what is wrong where it cannot be read."""
    if chosen is None:
        return None, ""
    head = chosen.head
    try:
        return room.legal_texts.statements(room.archive, head.id, head.sha256), ""
    except NotReadable as error:
        return None, str(error)


def _by_pair(events: Sequence[Event]) -> dict[tuple[int, int], tuple[dict[str, int], int]]:
    """How many certain changes of each severity each comparison found, and how many to review,
    by its two revisions."""
    return {
        (one.data["old_revision"], one.data["new_revision"]): (
            one.data.get("counts", {}),
            one.data.get("to_review", 0),
        )
        for one in events
        if "old_revision" in one.data and "new_revision" in one.data
    }

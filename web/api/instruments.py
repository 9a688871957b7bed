"""Instruments: their texts, what became of them, and any two texts compared."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request

from alerts.changes import certain, counted
from monitor.identities import Identities
from monitor.instruments import canonical
from monitor.legal.jsonform import comparison_as_json
from storage.archive import Transaction
from storage.page_reading import most_named, namings, text_heads
from web.api import models_law as said
from web.api.problems import described
from web.days import WEEKS, counted_by_week, sides_of
from web.ids import LARGEST, Name
from web.legal_texts import NoSuchText
from web.room import Room, room_of

router = APIRouter(tags=["instruments"], responses=described(400, 401, 403, 422, 503))
LATELY = timedelta(days=30)
COVERAGE = timedelta(days=366)
MOST_NAMED, MOST_NAMINGS = 20, 100
Row = Annotated[int, Query(ge=1, le=LARGEST)]


@router.get("/instruments", operation_id="instruments")
def instruments(request: Request) -> said.InstrumentList:
    """The watched instruments, and those that the most articles of the last 30 days name."""
    room = room_of(request)
    identities = Identities(room.config.instruments)
    today = _today(room)
    ids = [one.id for one in room.config.instruments]
    with room.archive.reading() as tx:
        named = [
            identities.of_number(one) for one, _ in most_named(tx, room.now() - LATELY, MOST_NAMED)
        ]
        found = [_summary(tx, room, one, today) for one in dict.fromkeys([*ids, *named])]
    return said.InstrumentList(items=found)


@router.get("/compare", operation_id="compare", responses=described(404))
def compare(request: Request, old: Row, new: Row) -> said.Comparison:
    """What changed between two revisions that are legal texts.

    Two texts that nobody compared before are compared now, which takes seconds for long laws; the
    last few are kept.
    """
    room = room_of(request)
    with room.archive.reading() as tx:
        stored = tx.findings.comparison_between(old, new)
        if stored is not None:
            return said.Comparison.model_validate(stored.result)
    result = comparison_as_json(room.legal_texts.comparison(room.archive, old, new))
    return said.Comparison.model_validate(result)


@router.get("/values", operation_id="values", responses=described(404))
def values(request: Request, revision: Row) -> said.Statements:
    """What the provisions of a revision that is a legal text say in figures."""
    room = room_of(request)
    with room.archive.reading() as tx:
        head = text_heads(tx, [revision]).get(revision)
    if head is None:
        raise NoSuchText(f"There is no revision {revision}.")
    return said.Statements.model_validate(
        room.legal_texts.statements(room.archive, revision, head.sha256)
    )


@router.get("/instruments/{instrument:path}", operation_id="instrument", responses=described(404))
def instrument(
    request: Request, instrument: Annotated[Name, Path(min_length=1, max_length=200)]
) -> said.Instrument:
    """An instrument by a watched one's id, or by its number such as 147/2024/NĐ-CP."""
    room = room_of(request)
    identities, sides = Identities(room.config.instruments), sides_of(room.config)
    number = canonical(instrument)
    known = identities.of_number(number) if number else instrument
    watched = known in room.names.instruments
    ids = tuple(dict.fromkeys(one for one in (known, identities.number(known)) if one))
    with room.archive.reading() as tx:
        versions = tx.findings.versions(known)
        statuses, days = tx.statuses.of(known), tx.deadlines.of(known)
        is_named = any(tx.findings.knows(one) for one in ids)
        if not (watched or versions or statuses or days or is_named):
            raise HTTPException(404, f"No text in the archive names {instrument}.")
        seen = namings(tx, ids, room.now() - COVERAGE)
        summary = _summary(tx, room, known, _today(room))
        comparisons = tx.findings.comparisons(known)
    return said.Instrument(
        **summary.model_dump(),
        versions=[
            said.Version(
                id=row.id, stage=row.stage, item=row.item_id, revision=row.revision_id,
                at=row.at, reason=row.reason,
            )
            for row in versions
        ],
        statuses=[
            said.Status(
                status=row.status, since=row.since, by_instrument=row.by_instrument,
                basis=row.basis, item=row.item_id, revision=row.revision_id,
                reason=row.reason, at=row.at,
            )
            for row in statuses
        ],
        deadlines=[
            said.Deadline(
                id=row.id, kind=row.kind, on_date=row.on_date, place=row.place, text=row.text,
                by_instrument=row.by_instrument, confidence=row.confidence, item=row.item_id,
                revision=row.revision_id, found_at=row.found_at, gone_at=row.gone_at,
            )
            for row in days
        ],
        comparisons=[
            said.ComparisonRef(
                id=row.id, old=row.old_revision_id, new=row.new_revision_id,
                made_at=row.made_at, counts=counted(certain(row.result)),
            )
            for row in comparisons
        ],
        named_in=[one.item for one in reversed(seen[-MOST_NAMINGS:])],
        coverage=[
            said.WeekOfCoverage(monday=monday, by_kind=dict(counts))
            for monday, counts in counted_by_week(
                ((one.at, sides.get(one.source, "other")) for one in seen),
                _today(room), WEEKS, room.config.zone,
            ).items()
        ],
    )  # fmt: skip


def _summary(tx: Transaction, room: Room, instrument: str, today: date) -> said.InstrumentSummary:
    identities = Identities(room.config.instruments)
    standing = tx.statuses.standing(instrument, today)
    return said.InstrumentSummary(
        id=instrument,
        number=identities.number(instrument),
        name=identities.name(instrument),
        watched=instrument in room.names.instruments,
        status=standing.status if standing else None,
    )


def _today(room: Room) -> date:
    return room.now().astimezone(room.config.zone).date()

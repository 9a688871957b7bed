"""Alerts: listed, explained, acknowledged, resolved; and silences."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field

from alerts import acts
from alerts.explanation import explained_alert
from alerts.listing import described as alerts_described
from monitor.identities import Identities
from monitor.instruments import canonical
from storage.models_telling import SilencedUntil
from web.access import Visitor, require
from web.api import models_told as said
from web.api.problems import described
from web.ids import LARGEST, Name, Number
from web.room import Room, room_of

router = APIRouter(tags=["alerts"], responses=described(400, 401, 403, 422, 503))
Analyst = Annotated[Visitor, Depends(require("analyst", "alerts"))]
State = Literal["open", "acknowledged", "resolved", "silenced", "inhibited", "duplicate"]
LONGEST_SILENCE_H = 10 * 366 * 24
LONGEST_NOTE = 1_000


class NewSilence(BaseModel):
    """What to be silent about (an alert must match all that is given), and for how long."""

    rule: str = Field("", max_length=100)
    topic: str = Field("", max_length=100)
    source: str = Field("", max_length=100)
    instrument: str = Field(
        "", max_length=100, description="A watched one's id, or a number in any form."
    )
    everything: bool = Field(False, description="Must be true where nothing else is given.")
    hours: float = Field(gt=0, le=LONGEST_SILENCE_H)
    note: str = Field("", max_length=LONGEST_NOTE)


@router.get("/alerts", operation_id="alerts")
def alerts(
    request: Request,
    state: Annotated[list[State], Query(max_length=6)] = [],  # noqa: B006 - FastAPI copies it
    severity: Annotated[list[Name], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    rule: Annotated[Name, Query(max_length=100)] = "",
    since: datetime | None = None,
    until: datetime | None = None,
    below: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> said.AlertPage:
    """Alerts, newest first, with what became of their messages."""
    with room_of(request).archive.reading() as tx:
        found = tx.outbox.alerts(
            states=state,
            severities=severity,
            rules=(rule,) if rule else (),
            since=_moment(since),
            until=_moment(until),
            below=below,
            limit=limit + 1,
        )
        shown = [said.listed(one) for one in alerts_described(tx, found[:limit])]
    return said.AlertPage(items=shown, next=shown[-1].id if len(found) > limit else None)


@router.get("/alerts/{alert_id}", operation_id="alert", responses=described(404))
def alert(request: Request, alert_id: Number) -> said.AlertExplained:
    """An alert: why it was raised, and by what evidence."""
    found = explained_alert(room_of(request).archive, alert_id)
    if found is None:
        raise HTTPException(404, f"There is no alert {alert_id}.")
    return said.AlertExplained.model_validate(found)


@router.post("/alerts/{alert_id}/ack", operation_id="acknowledge", responses=described(404))
def acknowledge(request: Request, alert_id: Number, who: Analyst) -> said.Alert:
    """Say that an alert was seen; one that is not open stays as it is."""
    return _act(room_of(request), alert_id, who, "acknowledge")


@router.post("/alerts/{alert_id}/resolve", operation_id="resolve", responses=described(404))
def resolve(request: Request, alert_id: Number, who: Analyst) -> said.Alert:
    """Say that what an alert tells of is over."""
    return _act(room_of(request), alert_id, who, "resolve")


@router.get("/silences", operation_id="silences")
def silences(
    request: Request, over: Annotated[bool, Query(description="Also those that are over.")] = False
) -> said.SilenceList:
    """The silences that hold, newest first."""
    room = room_of(request)
    now = room.now()
    with room.archive.reading() as tx:
        rows = tx.silences.all() if over else tx.silences.at(now)[::-1]
    return said.SilenceList(items=[_silence(row, now) for row in rows])


@router.post("/silences", operation_id="silence", status_code=201)
def silence(request: Request, who: Analyst, wanted: Annotated[NewSilence, Body()]) -> said.Silence:
    """Be told nothing of something for a while."""
    room = room_of(request)
    now = room.now()
    matchers = _matchers(room, wanted)
    until = now + timedelta(hours=wanted.hours)
    with room.archive.transaction() as tx:
        row = acts.begin_silence(tx, matchers, until=until, by=who.name, at=now, note=wanted.note)
        return _silence(row, now)


@router.delete("/silences/{silence_id}", operation_id="end_silence", responses=described(404))
def end_silence(request: Request, silence_id: Number, who: Analyst) -> said.Silence:
    """End a silence before its time."""
    room = room_of(request)
    now = room.now()
    with room.archive.transaction() as tx:
        row = acts.end_silence(tx, silence_id, by=who.name, at=now)
        if row is None:
            raise HTTPException(404, f"There is no silence {silence_id} that holds.")
        return _silence(row, now)


def _act(room: Room, alert_id: int, who: Visitor, act: acts.Act) -> said.Alert:
    with room.archive.transaction() as tx:
        alert = acts.act_on(tx, alert_id, act, by=who.name, at=room.now())
        if alert is None:
            raise HTTPException(404, f"There is no alert {alert_id}.")
        return said.listed(alerts_described(tx, [alert])[0])


def _matchers(room: Room, wanted: NewSilence) -> dict[str, str]:
    found = {name: getattr(wanted, name) for name in acts.MATCHERS}
    if wanted.everything == any(found.values()):
        raise HTTPException(
            422, "Say what to be silent about: rule, topic, source, instrument, or everything."
        )
    for name in ("rule", "topic", "source"):
        known = sorted(one.id for one in getattr(room.config, f"{name}s"))
        if found[name] and found[name] not in known:
            listed = ", ".join(known) or "none"
            raise HTTPException(422, f"No {name} {found[name]!r} is declared; there are: {listed}")
    said_of = found["instrument"]
    if said_of and said_of not in room.names.instruments:
        number = canonical(said_of)
        if number is None:
            raise HTTPException(
                422, f"{said_of!r} is neither a number such as 147/2024/NĐ-CP nor a watched one."
            )
        found["instrument"] = Identities(room.config.instruments).of_number(number)
    return found


def _silence(row: SilencedUntil, now: datetime) -> said.Silence:
    return said.Silence(
        id=row.id,
        rule=row.rule,
        topic=row.topic,
        source=row.source,
        instrument=row.instrument,
        until=row.until,
        by=row.by,
        note=row.note,
        made_at=row.made_at,
        ended_at=row.ended_at,
        holds=row.ended_at is None and row.until > now,
    )


def _moment(at: datetime | None) -> datetime | None:
    """A moment in UTC, within what a database can keep; one without a zone is in UTC."""
    if at is None:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)

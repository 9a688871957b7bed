"""What a person does to alerts: acknowledge, resolve, silence. Every act is in the audit log."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from alerts.acts import Act, act_on, begin_silence, end_silence
from storage.archive import Transaction
from web.access import Visitor, require
from web.addresses import within
from web.ids import Row
from web.pages.alerts import SPANS, may_be_silenced
from web.room import Room, room_of

router = APIRouter()
Analyst = Annotated[Visitor, Depends(require("analyst", "alerts"))]
MOST_AT_ONCE = 200
LONGEST_NOTE = 1000


@router.post("/alerts/acts")
def act_on_several(
    request: Request,
    who: Analyst,
    act: Annotated[Act, Form()],
    alert: Annotated[list[Row] | None, Form()] = None,
    back: Annotated[str, Form()] = "/alerts",
) -> RedirectResponse:
    """Acknowledge or resolve the alerts that are ticked: all of them, or none."""
    room = room_of(request)
    with room.archive.transaction() as tx:
        for number in dict.fromkeys((alert or ())[:MOST_AT_ONCE]):
            _act(tx, room, who, number, act)
    return RedirectResponse(within(back, "/alerts"), 303)


@router.post("/alerts/{alert_id}/{act}")
def act_on_one(request: Request, who: Analyst, alert_id: Row, act: Act) -> RedirectResponse:
    """Acknowledge or resolve one alert."""
    room = room_of(request)
    with room.archive.transaction() as tx:
        _act(tx, room, who, alert_id, act)
    return RedirectResponse(f"/alerts/{alert_id}", 303)


@router.post("/silences")
def silence(
    request: Request,
    who: Analyst,
    what: Annotated[str, Form()],
    span: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/alerts",
) -> RedirectResponse:
    """Be told nothing for a while of a rule, topic, source or instrument (`what` is such as
    `topic:minors`)."""
    room = room_of(request)
    matcher, _, value = what.partition(":")
    if span not in SPANS or not may_be_silenced(room, matcher, value):
        raise HTTPException(422)
    now = room.now()
    until = now + timedelta(hours=SPANS[span])
    with room.archive.transaction() as tx:
        note = note[:LONGEST_NOTE]
        begin_silence(tx, {matcher: value}, until=until, by=who.name, at=now, note=note)
    return RedirectResponse(within(back, "/alerts"), 303)


@router.post("/silences/{silence_id}/end")
def unsilence(request: Request, who: Analyst, silence_id: Row) -> RedirectResponse:
    """End a silence before its time."""
    room = room_of(request)
    with room.archive.transaction() as tx:
        if end_silence(tx, silence_id, by=who.name, at=room.now()) is None:
            raise HTTPException(404)
    return RedirectResponse("/alerts#silences", 303)


def _act(tx: Transaction, room: Room, who: Visitor, alert_id: int, act: Act) -> None:
    if act_on(tx, alert_id, act, by=who.name, at=room.now()) is None:
        raise HTTPException(404)

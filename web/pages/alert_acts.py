"""What a person does to alerts: acknowledge, resolve, silence. Every act is in the audit log."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from storage.archive import Transaction
from web.access import Visitor, require
from web.ids import Row
from web.pages.alerts import SPANS, may_be_silenced
from web.room import Room, room_of

router = APIRouter()
Analyst = Annotated[Visitor, Depends(require("analyst", "alerts"))]
MATCHERS = ("rule", "topic", "source", "instrument")
MOST_AT_ONCE = 200
LONGEST_NOTE = 1000


@router.post("/alerts/acts")
def act_on_several(
    request: Request,
    who: Analyst,
    act: Annotated[str, Form()],
    alert: Annotated[list[Row] | None, Form()] = None,
    back: Annotated[str, Form()] = "/alerts",
) -> RedirectResponse:
    """Acknowledge or resolve the alerts that are ticked: all of them, or none."""
    room = room_of(request)
    with room.archive.transaction() as tx:
        for number in dict.fromkeys((alert or ())[:MOST_AT_ONCE]):
            _act(tx, room, who, number, act)
    return RedirectResponse(local(back, "/alerts"), 303)


@router.post("/alerts/{alert_id}/{act}")
def act_on_one(request: Request, who: Analyst, alert_id: Row, act: str) -> RedirectResponse:
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
    wanted = {name: value if name == matcher else "" for name in MATCHERS}
    with room.archive.transaction() as tx:
        row = tx.silences.add(until=until, by=who.name, at=now, note=note[:LONGEST_NOTE], **wanted)
        detail = {matcher: value, "until": until.isoformat(), "note": row.note}
        tx.audit.record(who.name, "silence.begun", f"silence:{row.id}", now, detail)
    return RedirectResponse(local(back, "/alerts"), 303)


@router.post("/silences/{silence_id}/end")
def end_silence(request: Request, who: Analyst, silence_id: Row) -> RedirectResponse:
    """End a silence before its time."""
    room = room_of(request)
    now = room.now()
    with room.archive.transaction() as tx:
        if silence_id not in {row.id for row in tx.silences.at(now)}:
            raise HTTPException(404)
        tx.silences.end(silence_id, now)
        tx.audit.record(who.name, "silence.ended", f"silence:{silence_id}", now, {})
    return RedirectResponse("/alerts#silences", 303)


def local(address: str, otherwise: str) -> str:
    """An address that a form asks to go back to, where it is one of ours."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path and address.isprintable() else otherwise


def _act(tx: Transaction, room: Room, who: Visitor, alert_id: Row, act: str) -> None:
    now = room.now()
    before = tx.outbox.alert(alert_id)
    if before is None or act not in ("acknowledge", "resolve"):
        raise HTTPException(404)
    stood = before.state
    if act == "acknowledge":
        after = tx.outbox.acknowledge(alert_id, who.name, now)
    else:
        after = tx.outbox.resolve(alert_id, now)
    if after is not None and after.state != stood:
        done = {"acknowledge": "alert.acknowledged", "resolve": "alert.resolved"}[act]
        tx.audit.record(who.name, done, f"alert:{alert_id}", now, {"was": stood})

"""`/`: what happened since the reader last looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from storage.archive import Transaction
from storage.people import looked_before
from web.access import visitor
from web.reader import reader_of
from web.rendering import page
from web.room import Room, room_of
from web.today_view import gather, widest

router = APIRouter(default_response_class=HTMLResponse)
SPANS = {"24h": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30)}
LONGEST = timedelta(days=14)
"""Whoever looked longer ago is shown this much."""
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Since:
    """From when on the page tells, and why: look, first, clamped, or a span that was asked for."""

    at: datetime
    why: str


@router.get("/")
def show(request: Request, since: str = "") -> HTMLResponse:
    """The archive at a glance."""
    room, reader, who = room_of(request), reader_of(request), visitor(request)
    now = room.now()
    with room.archive.reading() as tx:
        look = tx.people.look(who.name)
        chosen = _since(tx, who.name, since, now)
        found = gather(tx, room, chosen.at, reader.language)
    response = page(
        request,
        "today.html",
        found=found,
        since_at=chosen,
        spans=SPANS,
        widest=widest(found.topics),
        topic_ids={one.name: one.id for one in room.config.topics},
    )
    if look is None or now - look.at > NOTED_EVERY:
        response.background = BackgroundTask(_note_look, room, who.name, now)
    return response


def _since(tx: Transaction, name: str, asked: str, now: datetime) -> Since:
    if asked in SPANS:
        return Since(now - SPANS[asked], asked)
    look = tx.people.look(name)
    before = looked_before(look, now) if look is not None else None
    if before is None:
        return Since(now - SPANS["24h"], "first")
    if now - before > LONGEST:
        return Since(now - LONGEST, "clamped")
    return Since(before, "look")


def _note_look(room: Room, name: str, at: datetime) -> None:
    """Keep that somebody looked; after the answer, since a writer may have to wait its turn."""
    with room.archive.transaction() as tx:
        tx.people.note_look(name, at)

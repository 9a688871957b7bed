"""What servers sent for an item: facts, headers, and the WARC file."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from storage import models as rows
from storage.captures import CaptureDamaged, CaptureDropped
from web.api import models as said
from web.api.items import item_of
from web.api.problems import described
from web.ids import Number
from web.pages.capture import WARC, capture_of, warc_response
from web.room import room_of

router = APIRouter(tags=["captures"], responses=described(400, 401, 403, 404, 422, 503))

FILE: dict[str, Any] = {
    "description": "A WARC file (ISO 28500), each record a gzip member",
    "content": {WARC: {"schema": {"type": "string", "format": "binary"}}},
}


@router.get("/items/{item_id}/captures", operation_id="captures")
def captures(request: Request, item_id: Number) -> list[said.CaptureSummary]:
    """The captures that an item's texts were read from, oldest first."""
    with room_of(request).archive.reading() as tx:
        item_of(tx, item_id)
        revisions = tx.items.revisions(item_id)
        numbers = sorted({one.capture_id for one in revisions if one.capture_id is not None})
        found = [tx.captures.get(number) for number in numbers]
    return [said.CaptureSummary(**_facts(item_id, one)) for one in found if one is not None]


@router.get("/items/{item_id}/captures/{capture_id}", operation_id="capture")
def capture(request: Request, item_id: Number, capture_id: Number) -> said.Capture:
    """A capture with the headers of the answer; its bytes are checked against their hash."""
    room = room_of(request)
    with room.archive.reading() as tx:
        _, found, _ = capture_of(tx, item_id, capture_id)
    headers: list[list[str]] = []
    problem = ""
    if found.status:
        try:
            headers = [list(pair) for pair in room.archive.read_capture(capture_id).headers]
        except (CaptureDropped, CaptureDamaged) as error:
            problem = str(error)
    return said.Capture(**_facts(item_id, found), headers=headers, problem=problem)


@router.get(
    "/items/{item_id}/captures/{capture_id}/warc",
    operation_id="warc",
    response_class=StreamingResponse,
    responses={200: FILE, **described(410, 500)},
)
def warc(request: Request, item_id: Number, capture_id: Number) -> StreamingResponse:
    """The capture's records as they lie in the archive, as a WARC file of their own."""
    return warc_response(room_of(request), item_id, capture_id)


def _facts(item_id: int, one: rows.Capture) -> dict[str, Any]:
    return {
        "id": one.id,
        "item": item_id,
        "url": one.url,
        "fetched_at": one.fetched_at,
        "status": one.status,
        "media_type": one.media_type,
        "payload_sha256": one.payload_sha256,
        "payload_length": one.payload_length,
        "revisit_of": one.revisit_of,
        "dropped_at": one.dropped_at,
        "warc": None if one.dropped_at else f"/api/v1/items/{item_id}/captures/{one.id}/warc",
    }

"""`/items/{id}/captures/{id}`: what the server sent, with its hash, to look at and to keep."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from storage.archive import Transaction
from storage.capture_download import warc_of
from storage.captures import CaptureDamaged, CaptureDropped, Stored
from storage.models import Capture, Item, Revision
from web.ids import Number
from web.rendering import page
from web.room import Room, room_of
from web.stored_page import HEADERS, content_type, rendering

router = APIRouter(default_response_class=HTMLResponse)
WARC = "application/warc"


def capture_of(tx: Transaction, item_id: int, capture_id: int) -> tuple[Item, Capture, Revision]:
    """An item, one of its captures, and the first revision that was read from it.

    Raises HTTPException 404 when the item has no such capture.
    """
    item, capture = tx.items.get(item_id), tx.captures.get(capture_id)
    if item is not None and capture is not None:
        for revision in tx.items.revisions(item_id):
            if revision.capture_id == capture_id:
                return item, capture, revision
    raise HTTPException(404, f"Item {item_id} has no capture {capture_id}.")


@router.get("/items/{item_id}/captures/{capture_id}")
def show(request: Request, item_id: Number, capture_id: Number) -> HTMLResponse:
    """A capture: address, time, status, headers, hash, and the page in a frame."""
    room = room_of(request)
    with room.archive.reading() as tx:
        item, capture, revision = capture_of(tx, item_id, capture_id)
        holder = tx.captures.holder(capture)
    stored, problem = _stored(room, capture)
    return page(
        request,
        "capture.html",
        item=item,
        capture=capture,
        holder=holder,
        revision=revision,
        stored=stored,
        problem=problem,
        media_type=content_type(stored)[0] if stored else capture.media_type,
    )


@router.get("/items/{item_id}/captures/{capture_id}/view")
def view(request: Request, item_id: Number, capture_id: Number) -> Response:
    """The page of a capture, sandboxed: no script runs and nothing is fetched."""
    stored = read(room_of(request), item_id, capture_id)
    return HTMLResponse(rendering(stored), headers=HEADERS)


@router.get("/items/{item_id}/captures/{capture_id}/body")
def body(request: Request, item_id: Number, capture_id: Number) -> Response:
    """What the server sent, to be saved as a file; a browser never shows it itself."""
    stored = read(room_of(request), item_id, capture_id)
    name = f"capture-{capture_id}.bin"
    return Response(stored.body, media_type="application/octet-stream", headers=_saved(name))


@router.get("/items/{item_id}/captures/{capture_id}/raw.warc")
def warc(request: Request, item_id: Number, capture_id: Number) -> Response:
    """The capture's records as a WARC file of their own."""
    return warc_response(room_of(request), item_id, capture_id)


def warc_response(room: Room, item_id: int, capture_id: int) -> StreamingResponse:
    """A capture as a WARC file to be saved. Raises HTTPException 404, 410 or 500."""
    with room.archive.reading() as tx:
        capture_of(tx, item_id, capture_id)
    name = f"decreewatch-capture-{capture_id}.warc.gz"
    try:
        chunks = warc_of(room.archive, capture_id, name)
    except CaptureDropped as error:
        raise HTTPException(410, str(error)) from error
    except CaptureDamaged as error:
        raise HTTPException(500, str(error)) from error
    return StreamingResponse(chunks, media_type=WARC, headers=_saved(name))


def read(room: Room, item_id: int, capture_id: int) -> Stored:
    """A capture of an item read back. Raises HTTPException 404, 410 or 500."""
    with room.archive.reading() as tx:
        _, capture, _ = capture_of(tx, item_id, capture_id)
    if not capture.status:
        raise HTTPException(404, "This item was imported; no server was asked for it.")
    try:
        return room.archive.read_capture(capture_id)
    except CaptureDropped as error:
        raise HTTPException(410, str(error)) from error
    except CaptureDamaged as error:
        raise HTTPException(500, str(error)) from error


def _stored(room: Room, capture: Capture) -> tuple[Stored | None, str]:
    """A capture read back, or why it cannot be."""
    if not capture.status:
        return None, ""
    try:
        return room.archive.read_capture(capture.id), ""
    except (CaptureDropped, CaptureDamaged) as error:
        return None, str(error)


def _saved(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}

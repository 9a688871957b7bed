"""`/items/{id}`: an item as it was read, its revisions, its topics, and who else tells it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from storage.doubts import doubts_of
from storage.problems import Problem
from storage.search_request import Hit
from web.access import Visitor, may, require, visitor
from web.ids import Number
from web.item_text import instrument_address, lines_of
from web.item_view import ItemView, in_words, view_of
from web.labelling import LONGEST_NOTE, LabelRefused, say
from web.rendering import page
from web.room import Room, room_of

router = APIRouter(default_response_class=HTMLResponse)
Analyst = Annotated[Visitor, Depends(require("analyst", "label"))]
LIKE = 5
LONGEST_SHOWN = 150_000
"""Of a longer text the page shows the beginning; the page of the revision shows all of it."""


@router.get("/items/{item_id}")
def show(request: Request, item_id: Number) -> HTMLResponse:
    """An item with its newest text."""
    room = room_of(request)
    view = _view(room, item_id, None)
    like = similar(room, item_id)
    return _page(request, view, like=like, whole=False)


@router.get("/items/{item_id}/revisions/{revision_id}")
def show_revision(request: Request, item_id: Number, revision_id: Number) -> HTMLResponse:
    """An item with one of its texts, whole."""
    view = _view(room_of(request), item_id, revision_id)
    return _page(request, view, like=(), whole=True)


@router.post("/items/{item_id}/labels")
def label(
    request: Request,
    item_id: Number,
    who: Analyst,
    verdict: Annotated[Literal["right", "wrong", "also"], Form()],
    topic: Annotated[str, Form(max_length=100)] = "",
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> RedirectResponse:
    """Say that a topic is right, wrong, or missing; "wrong" alone says it is off-topic."""
    room = room_of(request)
    try:
        with room.archive.transaction() as tx:
            item = tx.items.get(item_id)
            if item is None:
                raise HTTPException(404)
            say(room, tx, item, [(verdict, topic or None)], by=who.name, note=note)
    except LabelRefused as error:
        raise HTTPException(422, str(error)) from error
    return RedirectResponse(f"/items/{item_id}#topics", status_code=303)


def similar(room: Room, item_id: int, limit: int = LIKE) -> tuple[Hit, ...]:
    """Items like this one; none where the index cannot be asked."""
    try:
        return room.searcher.like(item_id, limit=limit).hits
    except Problem:
        return ()


def _view(room: Room, item_id: int, revision_id: int | None) -> ItemView:
    with room.archive.reading() as tx:
        item = tx.items.get(item_id)
        view = view_of(tx, room.names, item, revision_id=revision_id) if item else None
    if view is None:
        raise HTTPException(404)
    return view


def _page(request: Request, view: ItemView, *, like: tuple[Hit, ...], whole: bool) -> HTMLResponse:
    room = room_of(request)
    carried = {tag.topic for tag in view.tags}
    pieces, left_out = (view.text.text, 0) if whole else view.text.beginning(LONGEST_SHOWN)
    return page(
        request,
        "item.html",
        view=view,
        item=view.item,
        shown=view.shown,
        doubts=doubts_of(view.shown.notes),
        lines=lines_of(pieces),
        left_out=left_out,
        like=like,
        in_words=in_words,
        instrument_address=instrument_address,
        others=[topic for topic in room.config.topics if topic.id not in carried],
        may_label=may(visitor(request), "analyst", "label"),
        side=next((s.kind for s in room.config.sources if s.id == view.item.source_id), ""),
    )

"""`/saved`: searches under a name, to run again and to follow."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from storage.search_request import QueryUnclear
from storage.searches import LONGEST_NAME, SearchUnclear
from web.access import Visitor, require, visitor
from web.asking import LONGEST_QUERY
from web.ids import Name, Number
from web.reader import reader_of
from web.rendering import names_in, page
from web.room import room_of
from web.saving import asked_by, forget, save
from web.search_view import chips_of, named

router = APIRouter(default_response_class=HTMLResponse)
Reader = Annotated[Visitor, Depends(require("reader", "label"))]
LONGEST_LINK = 4 * LONGEST_QUERY


@router.get("/saved")
def listed(request: Request) -> HTMLResponse:
    """Every saved search, by name."""
    room, who = room_of(request), visitor(request)
    with room.archive.reading() as tx:
        rows = [(row, asked_by(row)) for row in tx.searches.all()]
    names = names_in(reader_of(request).language, room)
    return page(
        request,
        "saved.html",
        rows=[(row, asked, chips_of(asked)) for row, asked in rows],
        named=lambda facet, value: named(names, facet, value),
        who=who,
    )


@router.post("/saved")
def add(
    request: Request,
    who: Reader,
    name: Annotated[Name, Form(max_length=LONGEST_NAME * 2)],
    search: Annotated[str, Form(max_length=LONGEST_LINK)],
) -> RedirectResponse:
    """Save the search of a permalink under a name."""
    room = room_of(request)
    try:
        with room.archive.transaction() as tx:
            row = save(room, tx, who, name, search)
    except (SearchUnclear, QueryUnclear) as error:
        raise HTTPException(422, str(error)) from error
    return RedirectResponse(f"/saved#search-{row.id}", status_code=303)


@router.post("/saved/{search_id}/forget")
def remove(request: Request, search_id: Number, who: Reader) -> RedirectResponse:
    """Forget a saved search of one's own."""
    forget(room_of(request), who, search_id)
    return RedirectResponse("/saved", status_code=303)

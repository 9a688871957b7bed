"""`/search`: what the archive holds of something, with every way to narrow it as a link."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from storage.page_reading import ListedItem, items_listed
from storage.problems import Problem
from storage.search_request import QueryUnclear, Results
from web.access import may, visitor
from web.asking import Asked, read
from web.ids import LARGEST
from web.item_text import instrument_address
from web.reader import reader_of
from web.rendering import names_in, page
from web.room import Room, room_of
from web.search_view import chips_of, facets_of, histogram_of, named

router = APIRouter(default_response_class=HTMLResponse)
LONGEST_TOKEN = 500
LIKE = 30


@dataclass(frozen=True, slots=True)
class Unclear:
    """A query that cannot be read: what stands before the place, the place, and after it."""

    message: str
    before: str
    at: str
    after: str


@router.get("/search")
def show(
    request: Request,
    page_token: Annotated[str, Query(alias="page", max_length=LONGEST_TOKEN)] = "",
    like: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> HTMLResponse:
    """The form, and what it finds."""
    room, who = room_of(request), visitor(request)
    said = read(request.query_params)
    asked = said.asked
    found = _item(room, like) if like is not None else None
    names = names_in(reader_of(request).language, room)
    results, unclear, problem = _answer(room, asked, page_token, like)
    return page(
        request,
        "search.html",
        asked=asked,
        wrong=said.wrong,
        results=results,
        unclear=unclear,
        problem=problem,
        like=found,
        like_id=like,
        page_token=page_token,
        chips=chips_of(asked),
        facets=facets_of(asked, results) if results else (),
        histogram=histogram_of(asked, results, reader_of(request).language) if results else None,
        link=asked.link(),
        named=lambda facet, value: named(names, facet, value),
        instrument_address=instrument_address,
        may_save=may(who, "reader", "label"),
    )


def _answer(
    room: Room, asked: Asked, page_token: str, like: int | None
) -> tuple[Results | None, Unclear | None, str]:
    """What was found, or why nothing could be looked for."""
    try:
        if like is not None:
            return room.searcher.like(like, limit=LIKE), None, ""
        return room.searcher.search(asked.request(page=page_token)), None, ""
    except QueryUnclear as error:
        query, at = asked.q, min(max(error.at, 0), len(asked.q))
        return None, Unclear(str(error), query[:at], query[at : at + 1], query[at + 1 :]), ""
    except Problem as error:
        return None, None, str(error)


def _item(room: Room, item_id: int) -> ListedItem:
    with room.archive.reading() as tx:
        found = items_listed(tx, [item_id])
    if item_id not in found:
        raise HTTPException(404)
    return found[item_id]

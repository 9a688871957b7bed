"""Saved searches."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from storage.models_searches import SavedSearch as Row
from storage.searches import LONGEST_NAME
from web.access import Visitor, require
from web.api.models_search import SavedList, SavedSearch
from web.api.problems import described
from web.ids import Name, Number
from web.pages.saved import LONGEST_LINK
from web.room import room_of
from web.saving import asked_by, forget, save

router = APIRouter(tags=["saved"], responses=described(400, 401, 403, 422, 503))
Reader = Annotated[Visitor, Depends(require("reader", "label"))]


class NewSearch(BaseModel):
    """A search to be saved."""

    name: Name = Field(min_length=1, max_length=LONGEST_NAME)
    search: str = Field(
        max_length=LONGEST_LINK, description="Its permalink or its parameters: `q=…&topic=…`."
    )


@router.get("/saved", operation_id="saved_searches")
def listed(request: Request) -> SavedList:
    """Every saved search, by name."""
    with room_of(request).archive.reading() as tx:
        return SavedList(items=[_said(row) for row in tx.searches.all()])


@router.get("/saved/{search_id}", operation_id="saved_search", responses=described(404))
def shown(request: Request, search_id: Number) -> SavedSearch:
    """One saved search; `/search?` with its parameters runs it."""
    with room_of(request).archive.reading() as tx:
        row = tx.searches.get(search_id)
        if row is None:
            raise HTTPException(404, f"There is no saved search {search_id}.")
        return _said(row)


@router.post("/saved", operation_id="save_search", status_code=201)
def add(request: Request, who: Reader, wanted: Annotated[NewSearch, Body()]) -> SavedSearch:
    """Save a search under a name; its owner may save another under the same name."""
    room = room_of(request)
    with room.archive.transaction() as tx:
        return _said(save(room, tx, who, wanted.name, wanted.search))


@router.delete(
    "/saved/{search_id}",
    operation_id="forget_search",
    status_code=204,
    responses=described(404),
)
def remove(request: Request, search_id: Number, who: Reader) -> Response:
    """Forget a saved search of one's own."""
    forget(room_of(request), who, search_id)
    return Response(status_code=204)


def _said(row: Row) -> SavedSearch:
    _, _, query = asked_by(row).link().partition("?")
    return SavedSearch(
        id=row.id,
        name=row.name,
        owner=row.owner,
        query=query,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )

"""`/search`, and more like an item."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request

from storage import search_request as found
from storage.search_request import MOST_HITS, Results
from web.api.models_search import Facet, Hit, InstrumentFound, SearchAnswer, SnippetPiece, Span
from web.api.problems import described
from web.asking import PER_PAGE, Asked
from web.ids import Number
from web.room import room_of

router = APIRouter(tags=["search"], responses=described(400, 401, 403, 422, 503))
LONGEST_TOKEN = 500


class Searching(Asked):
    """The parameters of a search, and which page of it."""

    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = PER_PAGE
    page: Annotated[str, Query(max_length=LONGEST_TOKEN)] = ""
    counted: Annotated[bool, Query(description="Whether to count facets and histogram.")] = True


@router.get("/search", operation_id="search")
def search(request: Request, asked: Annotated[Searching, Query()]) -> SearchAnswer:
    """Search the archive by words, by meaning, or both; a citation finds its instrument."""
    wanted = asked.request(limit=asked.limit, page=asked.page, counted=asked.counted)
    return answered(room_of(request).searcher.search(wanted))


@router.get("/items/{item_id}/similar", operation_id="similar", responses=described(404))
def similar(
    request: Request, item_id: Number, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> SearchAnswer:
    """Items like this one, its own story left out."""
    from web.api.items import item_of

    room = room_of(request)
    with room.archive.reading() as tx:
        item_of(tx, item_id)
    return answered(room.searcher.like(item_id, limit=limit))


def answered(results: Results) -> SearchAnswer:
    """Results in their public form."""
    return SearchAnswer(
        total=results.total,
        took_ms=results.took_ms,
        hits=[_hit(hit) for hit in results.hits],
        facets={
            name: [Facet(value=value, count=count) for value, count in values]
            for name, values in results.facets.items()
        },
        interval=results.interval,
        histogram=[Span(first_day=day, count=count) for day, count in results.histogram],
        next=results.next,
        instrument=InstrumentFound.model_validate(results.instrument)
        if results.instrument
        else None,
        notes=results.notes,
    )


def _hit(hit: found.Hit) -> Hit:
    said = asdict(hit)
    said["snippet"] = [SnippetPiece(text=text, marked=marked) for text, marked in hit.snippet]
    return Hit.model_validate(said)

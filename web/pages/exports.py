"""`/export.csv` and `/export.jsonl`: everything that a search finds, sent as it is read."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from storage.export_cells import COLUMNS, cells_of
from storage.exporting import rows_of
from storage.json_text import json_line
from storage.search_request import MOST_HITS, Results
from storage.search_request import Request as Search
from web.asking import read
from web.room import Room, room_of

router = APIRouter()
MOST_ITEMS = 100_000
"""An export ends after so many items; `decreewatch export` knows no such end."""


@router.get("/export.jsonl")
def as_jsonl(request: Request) -> Response:
    """The items found, each with all its texts, in the form that `decreewatch import` reads."""
    return _export(request, "decreewatch.jsonl", "application/jsonl", _lines)


@router.get("/export.csv")
def as_csv(request: Request) -> Response:
    """The items found as a table with a heading row."""
    return _export(request, "decreewatch.csv", "text/csv; charset=utf-8", _table)


def _export(
    request: Request,
    name: str,
    media_type: str,
    write: Callable[[Iterator[list[dict[str, Any]]]], Iterator[bytes]],
) -> Response:
    room = room_of(request)
    asked = read(request.query_params).whole().model_copy(update={"collapse": False})
    wanted = asked.request(limit=MOST_HITS, counted=False)
    first = room.searcher.search(wanted)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rows = _rows(room, wanted, first)
    return StreamingResponse(write(rows), media_type=media_type, headers=headers)


def _rows(room: Room, wanted: Search, first: Results) -> Iterator[list[dict[str, Any]]]:
    """The rows of each page of the answer; no transaction is open between two pages."""
    results, left = first, MOST_ITEMS
    while results.hits and left > 0:
        with room.archive.reading() as tx:
            rows = list(rows_of(tx, [hit.item_id for hit in results.hits[:left]]))
        yield rows
        left -= len(results.hits)
        if not results.next:
            return
        results = room.searcher.search(replace(wanted, page=results.next))


def _lines(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    for rows in pages:
        yield "".join(f"{json_line(row)}\n" for row in rows).encode("utf-8", "replace")


def _table(pages: Iterator[list[dict[str, Any]]]) -> Iterator[bytes]:
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    for rows in pages:
        table.writerows(map(cells_of, rows))
        yield out.getvalue().encode("utf-8", "replace")
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode("utf-8", "replace")

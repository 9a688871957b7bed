"""`/sources` and `/sources/{id}`: how each source fares, with reasons, and what it gave."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from alerts.digest_parts import SourcePart
from alerts.digest_sources import sources
from monitor.source_figures import SHOWN
from storage.page_reading import came_in_spans, source_rows
from web.charts import Chart, Column, columns_chart
from web.days import days_up_to, spans
from web.ids import Row
from web.moments import plain_day
from web.reader import reader_of
from web.rendering import page
from web.room import room_of
from web.source_view import source_view

router = APIRouter(default_response_class=HTMLResponse)
LIST_DAYS = 14
ITEMS, TROUBLES = 30, 50
ALWAYS = ("selectors", "title", "date", "byline")
"""Signs of which it is said that no page shows them; of the others, only how many do."""
_ORDER = {"failing": 0, "silent": 1, "drifting": 2, "never asked": 3, "ok": 4}


@dataclass(frozen=True, slots=True)
class Line:
    """A source in the list: its health, when its last item came, and its items a day."""

    health: SourcePart
    last_item: datetime | None
    today: int
    week: int
    chart: Chart


@router.get("/sources")
def listed(request: Request, side: str = "", status: str = "") -> HTMLResponse:
    """All sources of the configuration, those in trouble first."""
    room, language = room_of(request), reader_of(request).language
    now = room.now()
    days = days_up_to(now.astimezone(room.config.zone).date(), LIST_DAYS)
    with room.archive.reading() as tx:
        parts = sources(tx, room.config, (), now)
        rows = source_rows(tx)
        counts = came_in_spans(tx, spans(days, room.config.zone))
    lines = []
    for part in parts:
        columns = [
            Column(plain_day(day, days[-1], language), {part.group: count[part.id]})
            for day, count in zip(days, counts, strict=True)
        ]
        row = rows.get(part.id)
        lines.append(
            Line(
                part,
                row.last_item if row else None,
                columns[-1].total,
                sum(one.total for one in columns[-7:]),
                columns_chart(columns, (part.group,), width=160, height=44),
            )
        )
    lines.sort(key=lambda one: (_ORDER.get(one.health.status, 9), one.health.name.casefold()))
    shown = [
        one for one in lines if side in ("", one.health.group) and status in ("", one.health.status)
    ]
    return page(
        request,
        "sources.html",
        lines=shown,
        total=len(lines),
        sides=Counter(one.health.group for one in lines),
        statuses=Counter(one.health.status for one in lines),
        side=side,
        status=status,
        days=LIST_DAYS,
        languages_of={one.id: one.language for one in room.config.sources},
    )


@router.get("/sources/{source_id}")
def shown(request: Request, source_id: str, before: Row | None = None) -> HTMLResponse:
    """One source: its health, its items a day, its last items, its troubles."""
    if not source_id.isprintable():
        raise HTTPException(404)
    room, language = room_of(request), reader_of(request).language
    with room.archive.reading() as tx:
        view = source_view(tx, room.config, source_id, room.now(), items=ITEMS + 1, before=before)
    if view is None:
        raise HTTPException(404)
    group = view.declared.kind if view.declared else "other"
    last, _ = view.a_day[-1]
    columns = [Column(plain_day(day, last, language), {group: n}) for day, n in view.a_day]
    reading = (view.figures.lately, view.figures.before) if view.figures else ()
    return page(
        request,
        "source.html",
        id=source_id,
        declared=view.declared,
        row=view.row,
        health=view.health,
        chart=columns_chart(columns, (group,)),
        items=view.items[:ITEMS],
        older=view.items[ITEMS - 1].id if len(view.items) > ITEMS else None,
        troubles=view.troubles[:TROUBLES],
        more_troubles=max(0, len(view.troubles) - TROUBLES),
        history=view.history,
        waiting=view.waiting,
        figures=view.figures,
        spans=reading,
        signs=[
            sort
            for sort in SHOWN
            if sort in ALWAYS or any(span.signs.get(sort) for span in reading)
        ],
        missed=sorted({kind for span in reading for kind in span.missed}),
    )

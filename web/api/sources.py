"""Sources: how each fares, and what it gave."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import Field

from alerts.digest_parts import SourcePart
from alerts.digest_sources import sources as health_of
from alerts.explanation import event_json
from config_sources import SourceDeclaration
from storage import models as rows
from storage.page_reading import source_rows
from web.api.models import Answer, ItemSummary
from web.api.models_told import Event
from web.api.problems import described
from web.room import room_of
from web.source_view import source_view

router = APIRouter(tags=["sources"], responses=described(400, 401, 403, 422, 503))
ITEMS = 30


class Source(Answer):
    """A source, and how it fares."""

    id: str
    name: str
    side: str = Field(description="state, independent, international or official; or other.")
    language: str
    homepage: str
    portal: bool = Field(description="Whether it publishes legal documents.")
    status: str = Field(description="ok, silent, drifting, failing, never asked, or undeclared.")
    reasons: list[str]
    last_success: datetime | None
    last_item: datetime | None


class Sources(Answer):
    """The declared sources."""

    items: list[Source]


class Day(Answer):
    """How many items came on a day, in the reader's zone."""

    day: date
    items: int


class Trouble(Answer):
    """What is wrong with a page of a source, for as long as it lasts."""

    url: str
    kind: str
    message: str
    count: int
    first_at: datetime
    last_at: datetime


class Span(Answer):
    """How the pages of a source that were first seen within some days were read."""

    days: float = Field(description="How many of them the source was known.")
    items: int = Field(description="Those included of which only a feed tells.")
    read: int = Field(description="Pages by which the source is judged.")
    signs: dict[str, int] = Field(description="How many of them show a sign of something wrong.")
    missed: dict[str, int] = Field(description="How many could not be read, by kind.")
    length_quartiles: tuple[int, int, int] | None = Field(description="Of texts, in characters.")


class Figures(Answer):
    """How the pages of a source were read: in the last 7 days, and in the 28 before."""

    family: str = Field(description='Its CMS family, "" for none.')
    lately: Span
    before: Span


class SourceWhole(Source):
    """A source with what it gave and what is wrong with it."""

    last_attempt: datetime | None
    failures: int = Field(description="Rounds that failed since the last that did not.")
    waiting: int = Field(description="Pages that are due to be asked for.")
    a_day: list[Day] = Field(description="The last 60 days, oldest first.")
    items: list[ItemSummary] = Field(description="The last ones; `/items?source=` has all.")
    troubles: list[Trouble]
    history: list[Event] = Field(description="When it failed, fell silent or came back.")
    figures: Figures | None = Field(description="None for one that was never asked.")


@router.get("/sources", operation_id="sources")
def sources(request: Request) -> Sources:
    """Every declared source with its health and the reasons for it."""
    room = room_of(request)
    with room.archive.reading() as tx:
        health = {one.id: one for one in health_of(tx, room.config, (), room.now())}
        seen = source_rows(tx)
    return Sources(
        items=[
            Source(**_facts(one.id, one.name, one, health.get(one.id), seen.get(one.id)))
            for one in room.config.sources
        ]
    )


@router.get("/sources/{source_id}", operation_id="source", responses=described(404))
def source(request: Request, source_id: Annotated[str, Path(max_length=100)]) -> SourceWhole:
    """A source: its health, its last items, its items a day, and what is wrong with it."""
    room = room_of(request)
    view = None
    if source_id.isprintable():
        with room.archive.reading() as tx:
            view = source_view(tx, room.config, source_id, room.now(), items=ITEMS)
    if view is None:
        raise HTTPException(404, f"There is no source {source_id}.")
    name, row = room.names.source(source_id), view.row
    return SourceWhole(
        **_facts(source_id, name, view.declared, view.health, row),
        last_attempt=row.last_attempt if row else None,
        failures=row.failures if row else 0,
        waiting=view.waiting,
        a_day=[Day(day=day, items=number) for day, number in view.a_day],
        items=[ItemSummary.model_validate(one) for one in view.items],
        troubles=[Trouble.model_validate(one) for one in view.troubles],
        history=[Event.model_validate(event_json(one)) for one in view.history],
        figures=Figures.model_validate(view.figures.to_json()) if view.figures else None,
    )


def _facts(
    source_id: str,
    name: str,
    declared: SourceDeclaration | None,
    health: SourcePart | None,
    row: rows.Source | None,
) -> dict[str, Any]:
    return {
        "id": source_id,
        "name": name,
        "side": declared.kind if declared else "other",
        "language": declared.language if declared else "",
        "homepage": declared.homepage if declared else "",
        "portal": declared.portal if declared else False,
        "status": health.status if health else "undeclared",
        "reasons": list(health.reasons) if health else [],
        "last_success": row.last_success if row else None,
        "last_item": row.last_item if row else None,
    }

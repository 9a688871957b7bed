"""What is watched and how it fares: sources, topics, and the archive itself."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field, JsonValue

from alerts.digest_sources import sources as health_of
from storage.page_reading import source_rows
from web.api.models import Answer
from web.api.problems import described
from web.counted import status_of
from web.room import room_of

router = APIRouter(tags=["catalogue"], responses=described(400, 401, 403, 503))


class Source(Answer):
    """A source, and how it fares."""

    id: str
    name: str
    side: str = Field(description="state, independent, international or official.")
    language: str
    homepage: str
    portal: bool = Field(description="Whether it publishes legal documents.")
    status: str = Field(description="ok, silent, failing or never asked.")
    reasons: list[str]
    last_success: datetime | None
    last_item: datetime | None


class Sources(Answer):
    """The declared sources."""

    items: list[Source]


class Topic(Answer):
    """A topic, and how many items carry it now."""

    id: str
    name: str
    description: dict[str, str]
    threshold: float
    items: int


class Topics(Answer):
    """The declared topics."""

    items: list[Topic]


class Status(Answer):
    """Counts, sizes, how far each stage is, and what went wrong last."""

    counts: dict[str, int]
    bytes: dict[str, int]
    index: dict[str, JsonValue] = Field(description="How far the search index is.")
    topics: dict[str, int]
    classifier: dict[str, JsonValue]
    cursors: dict[str, dict[str, int]]
    troubles: list[dict[str, JsonValue]]
    failures: list[dict[str, JsonValue]]


@router.get("/sources", operation_id="sources")
def sources(request: Request) -> Sources:
    """Every declared source with its health and the reasons for it."""
    room = room_of(request)
    with room.archive.reading() as tx:
        health = {one.id: one for one in health_of(tx, room.config, (), room.now())}
        rows = source_rows(tx)
    found = []
    for declared in room.config.sources:
        part, row = health[declared.id], rows.get(declared.id)
        found.append(
            Source(
                id=declared.id,
                name=declared.name,
                side=declared.kind,
                language=declared.language,
                homepage=declared.homepage,
                portal=declared.portal,
                status=part.status,
                reasons=list(part.reasons),
                last_success=part.last_success,
                last_item=row.last_item if row else None,
            )
        )
    return Sources(items=found)


@router.get("/topics", operation_id="topics")
def topics(request: Request) -> Topics:
    """Every declared topic."""
    room = room_of(request)
    with room.archive.reading() as tx:
        counts = tx.findings.topics()
    return Topics(
        items=[
            Topic(
                id=one.id,
                name=one.name,
                description={"en": one.description.en, "vi": one.description.vi},
                threshold=one.threshold,
                items=counts.get(one.id, 0),
            )
            for one in room.config.topics
        ]
    )


@router.get("/status", operation_id="status")
def status(request: Request) -> Status:
    """How the archive is; what `decreewatch status --json` shows, without where it lies."""
    return Status.model_validate(status_of(room_of(request)))

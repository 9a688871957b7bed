"""The topics that are watched, and how the archive is."""

from fastapi import APIRouter, Request
from pydantic import Field, JsonValue

from web.api.models import Answer
from web.api.problems import described
from web.counted import status_of
from web.room import room_of

router = APIRouter(tags=["catalogue"], responses=described(400, 401, 403, 503))


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

"""Who changed what, for those who run the archive."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, JsonValue

from web.access import require
from web.api.models import Answer
from web.api.problems import described
from web.ids import LARGEST, Name
from web.room import room_of

router = APIRouter(tags=["audit"], responses=described(400, 401, 403, 422, 503))


class Entry(Answer):
    """A change by a person."""

    id: int
    at: datetime
    by: str
    action: str = Field(description="A thing and a verb, such as alert.acknowledged.")
    subject: str
    detail: dict[str, JsonValue]


class EntryPage(Answer):
    """Changes, newest first."""

    items: list[Entry]
    next: int | None = Field(description="`before` of the next page.")


@router.get("/audit", operation_id="audit", dependencies=[Depends(require("admin"))])
def audit(
    request: Request,
    by: Annotated[Name, Query(max_length=100)] = "",
    action: Annotated[Name, Query(max_length=50, description="Or a thing alone: alert.")] = "",
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    """What people changed, newest first; for admins."""
    with room_of(request).archive.reading() as tx:
        found = tx.audit.recent(limit + 1, before=before, by=by, action=action)
    shown = [Entry.model_validate(one) for one in found[:limit]]
    return EntryPage(items=shown, next=shown[-1].id if len(found) > limit else None)

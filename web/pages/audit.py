"""`/audit`: who changed what, for those who run the archive."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from web.access import require
from web.access_door import Door, door_of
from web.ids import Name, Row
from web.rendering import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
SHOWN = 100


@router.get("/audit", dependencies=[Depends(require("admin"))])
def show(
    request: Request,
    door: Annotated[Door, Depends(door_of)],
    by: Annotated[Name, Query(max_length=100)] = "",
    action: Annotated[Name, Query(max_length=50)] = "",
    before: Row | None = None,
) -> HTMLResponse:
    """The newest changes, below the number `before`, of one person or one kind."""
    with door.archive.reading() as tx:
        entries = tx.audit.recent(SHOWN + 1, before=before, by=by, action=action)
    older = str(entries[SHOWN - 1].id) if len(entries) > SHOWN else ""
    shown = [(entry, details(entry.detail)) for entry in entries[:SHOWN]]
    return page(request, "audit.html", entries=shown, by=by, action=action, older=older)


def details(detail: Mapping[str, Any]) -> str:
    """What else is known of a change, on one line."""
    said = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in detail.items()
    }
    return "; ".join(f"{key}: {value}" for key, value in said.items())

"""`/status`: what the archive holds, how far each stage is, and what went wrong last."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerts.stage import RulesStage
from monitor.stages import stages
from storage.status import status
from web.kept import Kept
from web.rendering import page
from web.room import room_of

router = APIRouter(default_response_class=HTMLResponse)
KEPT_S = 15
"""Counting everything takes seconds where there are millions of rows; no more often than this."""


@router.get("/status")
def show(request: Request) -> HTMLResponse:
    """How the archive is."""
    room = room_of(request)
    counted: Kept[dict[str, Any]] = request.app.state.status

    def count() -> dict[str, Any]:
        return status(room.archive, [*stages(room.config), RulesStage(room.config)])

    found = counted.get(int(room.now().timestamp() // KEPT_S), count)
    return page(request, "status.html", found=found)

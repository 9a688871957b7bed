"""`/status`: what the archive holds, how far each stage is, and what went wrong last."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerts.stage import RulesStage
from monitor.stages import stages
from storage.status import status
from web.rendering import page
from web.room import room_of

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/status")
def show(request: Request) -> HTMLResponse:
    """How the archive is."""
    room = room_of(request)
    readers = [*stages(room.config), RulesStage(room.config)]
    return page(request, "status.html", found=status(room.archive, readers))

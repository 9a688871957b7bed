"""`/status`: what the archive holds, how far each stage is, and what went wrong last."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.counted import status_of
from web.rendering import page
from web.room import room_of

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/status")
def show(request: Request) -> HTMLResponse:
    """How the archive is."""
    return page(request, "status.html", found=status_of(room_of(request)))

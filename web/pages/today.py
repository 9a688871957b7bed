"""`/`: what happened since the reader last looked."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.rendering import page

router = APIRouter(default_response_class=HTMLResponse)


@router.get("/")
def show(request: Request) -> HTMLResponse:
    """The day at a glance."""
    return page(request, "today.html")

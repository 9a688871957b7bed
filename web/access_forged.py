"""Requests that another page made a browser send: known by their host, origin and token.

Three walls stand behind each other: the Host must be ours (DNS rebinding), the browser's own word
on where a request was made must be us (Origin, Sec-Fetch-Site), and what changes something must
carry the token of one of our pages.
"""

import hmac

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.types import Message, Receive

from config_web import Web
from web.access import CSRF_FIELD, CSRF_HEADER, Visit, token_of
from web.access_door import may_be_called, same_origin, split_host

LARGEST_BODY = 1 << 20
"""Nothing that is sent to us is larger, in bytes."""
MOST_FIELDS = 500
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Refused(Exception):
    """A request that goes no further, with an HTTP status and one line that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def check_host(request: Request, web: Web) -> None:
    """Raises Refused when a request is for a host that is not us."""
    host, _ = split_host(request.headers["host"])
    if not may_be_called(host, web):
        raise Refused(
            421,
            f"This is not {host[:100]}. Whoever runs Decree Watch can let it be called so by "
            "[web] hosts, together with [web] auth.",
        )


def check_origin(request: Request, web: Web) -> None:
    """Raises Refused when a browser says that a request was made by a page that is not ours.

    Browsers too old to say so, and programs, are held to the token alone.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    ours = origin is None or same_origin(origin, request.headers["host"], web)
    if site not in ("same-origin", "none") or not ours:
        raise Refused(403, "This was sent by a page of another site, so nothing was done.")


async def check_token(request: Request, body: bytes, visit: Visit) -> None:
    """Raises Refused when a request lacks the token of one of our pages."""
    sent = request.headers.get(CSRF_HEADER) or await _in_form(request, body)
    expected = token_of(visit.secret)
    matches = hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode())
    if visit.new:
        raise Refused(
            403,
            "Your browser sent no cookie, so nothing was done. Cookies must be allowed here, "
            "and any address but this machine's own be opened with https://.",
        )
    if not matches:
        raise Refused(
            403, "The page that sent this is out of date, so nothing was done. Load it again."
        )


async def read_body(receive: Receive) -> bytes:
    """All that was sent; raises Refused when that is too much."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The connection ended before everything was sent.")
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Refused(413, f"More than {LARGEST_BODY:,} bytes were sent; send less at once.")
        if not message.get("more_body", False):
            return b"".join(chunks)


def again(body: bytes, receive: Receive) -> Receive:
    """Gives what was read once more, and then what else there is to receive."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _in_form(request: Request, body: bytes) -> str:
    """The token among the fields of a form; "" when it is none or has none."""
    if not request.headers.get("content-type", "").lower().startswith(_FORMS):
        return ""

    async def once() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, once).form(
            max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_BODY
        ) as form:
            value = form.get(CSRF_FIELD, "")
    except (HTTPException, MultiPartException) as error:
        raise Refused(400, "The form that was sent cannot be read.") from error
    return value if isinstance(value, str) else ""

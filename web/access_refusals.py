"""What is answered to who may not go on: a page for people, JSON for programs (RFC 9457)."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from web.access import SAFE
from web.api.problems import answer
from web.rendering import page

FOR_PROGRAMS = ("/api/", "/feeds/", "/export.")
"""Below these addresses programs ask, which know what to do with a status."""
FEEDS = "/feeds/"


def is_for_programs(request: Request) -> bool:
    """Whether a program asks, and not a person."""
    return str(request.scope["path"]).startswith(FOR_PROGRAMS)


def refusal(request: Request, status: int, why: str = "", *, number: str = "") -> Response:
    """Why a request goes no further, in one line; `number` is that of an error in the log."""
    if is_for_programs(request):
        return answer(status, why, log=number)
    return page(request, "error.html", status, code=status, detail=why, number=number)


def turned_away(request: Request, status: int, why: str, *, login: bool) -> Response:
    """What is answered to whom nobody knows: the page of login where there is one."""
    path, query = str(request.scope["path"]), request.url.query
    if status == 401 and login and request.method in SAFE and not is_for_programs(request):
        wanted = f"{quote(path)}?{query}" if query else quote(path)
        return RedirectResponse(
            "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}", status_code=303
        )
    answer = refusal(request, status, why)
    if status == 401:
        answer.headers.append("WWW-Authenticate", 'Bearer realm="Decree Watch"')
        if path.startswith(FEEDS):
            answer.headers.append("WWW-Authenticate", 'Basic realm="Decree Watch", charset="UTF-8"')
    return answer

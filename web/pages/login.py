"""`/login`, `/logout`: a name and a password for a cookie, and its end."""

import logging
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from alerts.wording import visible
from storage.credentials import LONGEST as LONGEST_PASSWORD
from storage.credentials import digest, new_secret
from storage.models_people import Person
from storage.people import NAME_LENGTH
from web.access import visit_of
from web.access_cookies import cookie
from web.access_door import Door, door_of
from web.access_passwords import Busy, proved
from web.addresses import within
from web.ids import Name
from web.rendering import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
log = logging.getLogger(__name__)


@router.get("/login")
def show(request: Request, door: Annotated[Door, Depends(door_of)], next: str = "/") -> Response:
    """The form to log in by; who is known already, or need not be, goes on."""
    if door.web.auth != "users" or visit_of(request).visitor is not None:
        return RedirectResponse(within(next), status_code=303)
    return page(request, "login.html", next=within(next), said="", problem="")


@router.post("/login")
def log_in(
    request: Request,
    door: Annotated[Door, Depends(door_of)],
    name: Annotated[Name, Form(max_length=NAME_LENGTH)] = "",
    password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a login: the browser gets a new secret, and is led where it wanted to go."""
    if door.web.auth != "users":
        return RedirectResponse("/", status_code=303)
    visit, name = visit_of(request), name.strip().lower()

    def again(status: int, problem: str) -> Response:
        return page(request, "login.html", status, next=within(next), said=name, problem=problem)

    wait = door.throttle.begin(name, visit.address, door.now())
    if wait > timedelta(0):
        answer = again(429, "login.wait")
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    try:
        person = proved(door, name, password)
    except Busy:
        return again(503, "login.busy")
    if person is None:
        log.warning("a login failed: %s from %s", visible(name), visit.address)
        return again(401, "login.wrong")
    door.throttle.succeeded(name, visit.address)
    return _begun(request, door, person, within(next))


@router.post("/logout")
def log_out(request: Request, door: Annotated[Door, Depends(door_of)]) -> Response:
    """End this login."""
    visit = visit_of(request)
    if visit.session and visit.visitor is not None:
        with door.archive.transaction() as tx:
            tx.logins.end(visit.session)
            tx.audit.record(
                visit.visitor.name, "login.ended", f"person:{visit.visitor.name}", door.now()
            )
    answer = RedirectResponse("/login", status_code=303)
    answer.headers.append("Set-Cookie", cookie(door.web, visit, "", seconds=0))
    return answer


def _begun(request: Request, door: Door, person: Person, next: str) -> Response:
    visit, at, secret = visit_of(request), door.now(), new_secret()
    lasts = timedelta(seconds=door.web.session)
    with door.archive.transaction() as tx:
        if visit.session:
            tx.logins.end(visit.session)
        agent = request.headers.get("user-agent", "")
        tx.logins.begin(person, digest(secret), at, lasts=lasts, agent=agent)
        tx.audit.record(
            person.name, "login.began", f"person:{person.name}", at, {"from": visit.address}
        )
    answer = RedirectResponse(next, status_code=303)
    seconds = int(door.web.session)
    answer.headers.append("Set-Cookie", cookie(door.web, visit, secret, seconds=seconds))
    return answer

"""`/account`: what a person may, where they are logged in, their password and their tokens."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from storage.credentials import (
    LONGEST,
    PasswordUnfit,
    digest,
    hash_password,
    new_token,
)
from storage.roles import SCOPES, offered
from storage.tokens import LABEL_LENGTH, TokenUnclear, holds
from web.access import Visitor, require, visit_of
from web.access_cookies import cookie
from web.access_door import Door, door_of
from web.access_passwords import Busy, proved
from web.ids import Number
from web.rendering import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
DAYS = (30, 90, 365)
"""For how long a token may hold."""


def in_person(who: Annotated[Visitor, Depends(require("reader"))]) -> Visitor:
    """The visitor, who did not come with a token: a token must not make others.

    Raises HTTPException 403.
    """
    if who.token:
        raise HTTPException(403, "This page is for people; a token cannot change an account.")
    return who


Person = Annotated[Visitor, Depends(in_person)]
OurDoor = Annotated[Door, Depends(door_of)]


@router.get("/account")
def show(request: Request, who: Person, door: OurDoor) -> Response:
    """The account as it is."""
    return _page(request, who, door)


@router.post("/account/tokens")
def make_token(
    request: Request,
    who: Person,
    door: OurDoor,
    label: Annotated[str, Form(max_length=LABEL_LENGTH)] = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = DAYS[1],
) -> Response:
    """Make a token, and show it this once."""
    token, at = new_token(), door.now()
    try:
        if set(scopes or ()) - set(offered(who.role)) or days not in DAYS:
            raise TokenUnclear(f"a token of yours may: {', '.join(offered(who.role))}")
        with door.archive.transaction() as tx:
            row = tx.tokens.add(
                who.name, label, scopes or (), digest(token), at, lasts=timedelta(days=days)
            )
            detail = {"label": row.label, "scopes": row.scopes, "days": days}
            tx.audit.record(who.name, "token.made", f"token:{row.id}", at, detail)
    except TokenUnclear as unclear:
        return _page(request, who, door, 422, problem=str(unclear))
    return _page(request, who, door, token=token)


@router.post("/account/tokens/{number}/revoke")
def revoke_token(who: Person, door: OurDoor, number: Number) -> Response:
    """Make one of their tokens useless."""
    at = door.now()
    try:
        with door.archive.transaction() as tx:
            row = tx.tokens.revoke(number, at, owner=who.name)
            detail = {"label": row.label}
            tx.audit.record(who.name, "token.revoked", f"token:{row.id}", at, detail)
    except TokenUnclear as unclear:
        raise HTTPException(404, str(unclear)) from unclear
    return RedirectResponse("/account#tokens", status_code=303)


@router.post("/account/password")
def change_password(
    request: Request,
    who: Person,
    door: OurDoor,
    current: Annotated[str, Form(max_length=LONGEST)] = "",
    new: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Change the password of whoever knows the present one; all other logins end."""
    visit, at = visit_of(request), door.now()
    if not visit.session:
        raise HTTPException(404, "There is no password here.")
    wait = door.throttle.begin(who.name, visit.address, at)
    if wait > timedelta(0):
        return _page(request, who, door, 429, problem_key="login.wait")
    try:
        if proved(door, who.name, current) is None:
            return _page(request, who, door, 401, problem_key="account.wrong")
        door.throttle.succeeded(who.name, visit.address)
        kept = hash_password(new, who.name)
    except Busy:
        return _page(request, who, door, 503, problem_key="login.busy")
    except PasswordUnfit as unfit:
        return _page(request, who, door, 422, problem=str(unfit))
    with door.archive.transaction() as tx:
        person = tx.people.change_password(who.name, kept)
        ended = tx.logins.end_all(person, but=visit.session)
        subject = f"person:{who.name}"
        tx.audit.record(who.name, "person.password-changed", subject, at, {"ended": ended})
    return _page(request, who, door, done="account.changed")


@router.post("/account/logout-everywhere")
def end_logins(request: Request, who: Person, door: OurDoor) -> Response:
    """End every login of this person, this one too."""
    visit = visit_of(request)
    if not visit.session:
        raise HTTPException(404, "There is no login here.")
    with door.archive.transaction() as tx:
        ended = tx.logins.end_all(tx.people.known(who.name))
        subject = f"person:{who.name}"
        tx.audit.record(who.name, "login.all-ended", subject, door.now(), {"ended": ended})
    answer = RedirectResponse("/login", status_code=303)
    answer.headers.append("Set-Cookie", cookie(door.web, visit, "", seconds=0))
    return answer


def _page(
    request: Request, who: Visitor, door: Door, status: int = 200, **said: Any
) -> HTMLResponse:
    """The account; `token` is shown once, `problem` and `done` say what came of a form."""
    visit, at = visit_of(request), door.now()
    with door.archive.reading() as tx:
        person = tx.people.get(who.name) if visit.session else None
        logins = tx.logins.of(person) if person is not None else []
        tokens = [row for row in tx.tokens.of(who.name) if holds(row, at)]
    shown = {"token": "", "problem": "", "problem_key": "", "done": "", **said}
    answer = page(
        request, "account.html", status, who=who, logins=logins, this=visit.session,
        tokens=tokens, scopes=offered(who.role), every_scope=SCOPES, days=DAYS, **shown,
    )  # fmt: skip
    if shown["token"]:
        answer.headers["Cache-Control"] = "no-store"
    return answer

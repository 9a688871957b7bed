"""Who asks: by a login's cookie, an API token, or the word of a trusted proxy."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import Headers

from storage.credentials import digest
from storage.logins import NOTED as LOGIN_NOTED
from storage.people import PersonUnclear, named
from storage.roles import LOCAL as LOCAL_NAME
from storage.roles import ROLES, SCOPES, Role
from storage.tokens import NOTED as TOKEN_NOTED
from web.access import LOCAL, Visitor
from web.access_door import Door, as_ip, is_within

FEEDS = "/feeds/"
"""Below this address a token may stand for the password: few feed readers can send it else."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request says of who asks: the address of the connection, the method and path, the
    headers, and the secret in the cookie ("" without one)."""

    peer: str
    method: str
    path: str
    headers: Headers
    secret: str


@dataclass(frozen=True, slots=True)
class Known:
    """Who asks, or why nobody is known: a `status` with one line that says what to do.

    `session` is the digest of the login, "" without one. `note` notes in the archive that the
    login or token was used; None where that was noted a short while ago.
    """

    visitor: Visitor | None = None
    session: str = ""
    note: Callable[[], None] | None = None
    status: int = 401
    why: str = "Log in first, or send an API token: Authorization: Bearer dw_…"


def known(door: Door, asking: Asking) -> Known:
    """Find out who asks; reads the archive unless nobody needs to be known."""
    sent = asking.headers.getlist("authorization")
    if len(sent) > 1:
        return Known(why="There is more than one Authorization header.")
    if sent:
        return _by_token(door, asking, sent[0])
    match door.web.auth:
        case "none":
            return _at_this_machine(asking)
        case "proxy":
            return _by_proxy(door, asking)
    return _by_login(door, asking)


def _at_this_machine(asking: Asking) -> Known:
    address = as_ip(asking.peer)
    passed_on = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(asking.headers.keys())
    if passed_on or (address is not None and not address.is_loopback):
        why = (
            "Only this machine is let in without a login, and this was passed on from elsewhere. "
            'Set [web] auth = "users" or "proxy".'
        )
        return Known(status=403, why=why)
    return Known(LOCAL)


def _by_login(door: Door, asking: Asking) -> Known:
    if not asking.secret:
        return Known()
    at, key = door.now(), digest(asking.secret)
    with door.archive.reading() as tx:
        found = tx.logins.find(key, at, idle=timedelta(seconds=door.web.idle))
    if found is None:
        return Known()
    login, person = found

    def note() -> None:
        with door.archive.transaction() as tx:
            tx.logins.note_use(key, at)

    noted = at - login.used_at <= LOGIN_NOTED
    return Known(Visitor(person.name, _role(person.role)), key, None if noted else note)


def _by_proxy(door: Door, asking: Asking) -> Known:
    if not is_within(asking.peer, door.web.networks):
        return Known(status=403, why="Come by way of the proxy: this address is not let in.")
    said = asking.headers.getlist(door.web.user_header)
    if len(said) != 1 or not said[0].strip():
        many = "more than one" if said else "no"
        return Known(status=403, why=f"The proxy sent {many} {door.web.user_header} header.")
    try:
        name = named(said[0])
    except PersonUnclear as error:
        return Known(status=403, why=str(error))
    role = _role_of(door, name)
    if role is None:
        return Known(status=403, why=f"{name} may not see this; ask whoever runs it.")
    return Known(Visitor(name, role))


def _by_token(door: Door, asking: Asking, header: str) -> Known:
    token = _token_in(asking, header)
    if not token:
        return Known(why="Send a token as: Authorization: Bearer dw_…")
    at = door.now()
    with door.archive.reading() as tx:
        row = tx.tokens.find(digest(token), at)
    role = _role_of(door, row.owner) if row is not None else None
    if row is None or role is None:
        return Known(why="This token is not valid: it was revoked, is over, or never was one.")
    number, scopes = row.id, frozenset(row.scopes) & frozenset(SCOPES)

    def note() -> None:
        with door.archive.transaction() as tx:
            tx.tokens.note_use(number, at)

    noted = row.used_at is not None and at - row.used_at <= TOKEN_NOTED
    visitor = Visitor(row.owner, role, scopes, token=True)
    return Known(visitor, note=None if noted else note)


def _token_in(asking: Asking, header: str) -> str:
    """The token in an Authorization header; "" when there is none that counts here."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    reads = asking.method in ("GET", "HEAD") and asking.path.startswith(FEEDS)
    if scheme.lower() != "basic" or not reads:
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _role_of(door: Door, name: str) -> Role | None:
    """What somebody may now; None when they may not enter."""
    if name == LOCAL_NAME:
        return LOCAL.role if door.web.auth == "none" else None
    with door.archive.reading() as tx:
        person = tx.people.get(name)
    if person is not None:
        return _role(person.role)
    return (door.web.proxy_role or None) if door.web.auth == "proxy" else None


def _role(kept: str) -> Role:
    """A role as it is kept; what is none may least."""
    return next((role for role in ROLES if role == kept), ROLES[0])

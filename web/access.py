"""Who asks, and what they may: a visitor, roles and scopes, for every page and route."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from storage.roles import LOCAL as LOCAL_NAME
from storage.roles import ROLES as ROLES
from storage.roles import SCOPES as SCOPES
from storage.roles import Role as Role
from storage.roles import Scope as Scope
from storage.roles import at_least

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change nothing (RFC 9110, 9.2.1)."""
SCOPE_OF: dict[Role, Scope] = {"reader": "read", "analyst": "label", "admin": "admin"}
"""What a token needs for a route that names only a role."""
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "x-csrf-token"
"""A form sends the token of `csrf_token` in this field, a script in this header."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        name: of the person; "local" where no login is asked for.
        role: what they may.
        scopes: what the token they came with may; all of them without a token.
        token: whether they came with an API token.
    """

    name: str
    role: Role
    scopes: frozenset[str] = frozenset(SCOPES)
    token: bool = False


LOCAL = Visitor(LOCAL_NAME, "admin")
"""Whoever sits at the machine, where no login is asked for."""


@dataclass(slots=True)
class Visit:
    """What is known of one request, by the middleware that let it in.

    Attributes:
        visitor: who asks; None while nobody is known, as on the page of login.
        address: the network address they come from, behind a trusted proxy too.
        session: the hash of the login's session; "" without one.
        secret: what the token against forged requests is made of: the secret of the cookie.
        secure: whether cookies go over HTTPS only.
        asked: the token was put into a page, so that the cookie must go with it.
        new: the browser does not have the cookie yet.
    """

    visitor: Visitor | None
    address: str
    session: str
    secret: str
    secure: bool
    asked: bool = False
    new: bool = False


def visit_of(request: Request) -> Visit:
    """What the middleware knows of a request.

    Raises RuntimeError when the app was made without `web.access_guard.protect`.
    """
    visit = request.scope.get("decreewatch.visit")
    if not isinstance(visit, Visit):
        raise RuntimeError("the app is not protected: call web.access_guard.protect(app, …)")
    return visit


def visitor(request: Request) -> Visitor:
    """Who asks, as a dependency: `Annotated[Visitor, Depends(visitor)]`.

    Raises HTTPException 401 when nobody is known.
    """
    found = visit_of(request).visitor
    if found is None:
        raise HTTPException(401, "Log in first.")
    return found


def may(who: Visitor, role: Role, scope: Scope | None = None) -> bool:
    """Whether someone may what needs this role, and with a token this scope."""
    if not at_least(who.role, role):
        return False
    return not who.token or (scope or SCOPE_OF[role]) in who.scopes


@dataclass(frozen=True, slots=True)
class Required:
    """A dependency that lets in who has the role and, with a token, the scope."""

    role: Role
    scope: Scope

    async def __call__(self, who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
        """The visitor, when they may; raises HTTPException 403 when they may not."""
        if may(who, self.role, self.scope):
            return who
        if who.token and self.scope not in who.scopes:
            raise HTTPException(403, f"This token lacks the scope {self.scope}.")
        raise HTTPException(403, f"This needs the role {self.role}; {who.name} is {who.role}.")


def require(role: Role, scope: Scope | None = None) -> Required:
    """A dependency that lets in whom `may` lets, and gives the visitor.

    Every route that changes something has one: `who: Annotated[Visitor,
    Depends(require("analyst", "alerts"))]`. Without a scope a token needs that of the role:
    read, label, or admin.
    """
    return Required(role, scope or SCOPE_OF[role])


def csrf_token(request: Request) -> str:
    """The token that a form of this visitor must carry in the field `CSRF_FIELD`."""
    visit = visit_of(request)
    visit.asked = True
    return token_of(visit.secret)


def token_of(secret: str) -> str:
    """The token that goes with the secret of a cookie, from which it cannot be guessed."""
    return hmac.new(secret.encode(), b"decreewatch form", "sha256").hexdigest()

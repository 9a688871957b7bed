"""The one cookie of a visitor: a random secret that a login goes by, and forms are bound to."""

import re

from fastapi import Request

from config_web import Web, is_loopback
from storage.credentials import new_secret
from web.access import Visit
from web.access_door import comes_from, is_within, split_host

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def stranger(request: Request, web: Web) -> Visit:
    """What is known of a request before it is known who asks.

    Raises ValueError when it does not say for which host it is.
    """
    hosts = request.headers.getlist("host")
    host, _ = split_host(hosts[0] if len(hosts) == 1 else "")
    peer = peer_of(request)
    proxied = is_within(peer, web.networks)
    by_https = proxied and request.headers.get("x-forwarded-proto", "").lower() == "https"
    secure = web.certificate is not None or by_https or not is_loopback(host)
    address = comes_from(peer, request.headers.getlist("x-forwarded-for"), web.networks)
    held = request.cookies.get(cookie_name(web, secure=secure), "")
    known = bool(_SECRET.fullmatch(held))
    return Visit(None, address, "", held if known else new_secret(), secure, new=not known)


def peer_of(request: Request) -> str:
    """The address of the connection; "" where it has none, as on a Unix socket."""
    return request.client.host if request.client else ""


def cookie_name(web: Web, *, secure: bool) -> str:
    """The name of the cookie: over HTTPS one that only this host itself can set (RFC 6265bis,
    4.1.3.2), else with the port in it, by which browsers do not tell cookies apart."""
    return "__Host-decreewatch" if secure else f"decreewatch-{web.port}"


def cookie(web: Web, visit: Visit, secret: str, *, seconds: int | None = None) -> str:
    """A Set-Cookie header for a secret: for so many seconds, or until the browser is closed.

    Lax, not Strict: a link to an item in a message must find its reader logged in.
    """
    name = cookie_name(web, secure=visit.secure)
    parts = [f"{name}={secret}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if visit.secure:
        parts.append("Secure")
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    return "; ".join(parts)

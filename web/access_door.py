"""What the guard at the door needs to know, and where a request comes from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request

from config_web import Network, Web, is_loopback
from web.access_throttle import Throttle

if TYPE_CHECKING:
    from storage.archive import Archive

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in by the configuration, the archive that knows people, the clock (aware
    UTC), and how often whom was refused at the login."""

    web: Web
    archive: "Archive"
    now: Callable[[], datetime]
    throttle: Throttle = field(default_factory=Throttle)


def door_of(request: Request) -> Door:
    """The door by which a request came; a FastAPI dependency too."""
    door: Door = request.app.state.door
    return door


def split_host(host: str) -> tuple[str, int | None]:
    """The name and the port of a Host header, the name in small letters without brackets and
    final dot. Raises ValueError when it is none."""
    found = _HOST.fullmatch(host.lower())
    if found is None:
        raise ValueError(f"not a host: {host[:100]!r}")
    return found[1].strip("[]").rstrip("."), int(found[2]) if found[2] else None


def may_be_called(name: str, web: Web) -> bool:
    """Whether a request for this host may be answered.

    A hostile page can let its own name point to this machine and then read what it answers
    (DNS rebinding), so only names that are ours count. An address in place of a name cannot be
    pointed elsewhere: one of this machine always counts, others where others may connect.
    """
    if name == "localhost" or name in web.names or name == web.host.lower():
        return True
    address = as_ip(name)
    if address is None:
        return False
    return address.is_loopback or not is_loopback(web.host)


def same_origin(origin: str, host: str, web: Web) -> bool:
    """Whether what an Origin header names is us, as the Host header of the request has it.

    A proxy may have put its own name for us into Host; then one of our names over HTTPS is.
    """
    try:
        parts = urlsplit(origin)
        here, here_port = split_host(host)
        there, there_port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return False
    if parts.scheme not in _PORTS or there is None:
        return False
    if parts.scheme == "https" and there in web.names:
        return True
    return (there, there_port) == (here, here_port or _PORTS[parts.scheme])


def as_ip(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address; None for anything else. IPv4 written as IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of these networks."""
    found = as_ip(address)
    return found is not None and any(found in network for network in networks)


def comes_from(peer: str, forwarded: Iterable[str], networks: Iterable[Network]) -> str:
    """The address that a request comes from: that of the connection, or what trusted proxies
    say in X-Forwarded-For, of which only what they wrote themselves is believed.

    `forwarded` are the header's values in their order.
    """
    networks = tuple(networks)
    address = peer
    said = [one.strip() for value in forwarded for one in value.split(",")]
    for one in reversed(said):
        if not is_within(address, networks) or as_ip(one) is None:
            break
        address = one
    return address

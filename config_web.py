"""The section of the configuration that says where the pages are served, and who may see them."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from config_sections import Section, Span, Url

_LISTEN = re.compile(r"(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,63}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")

Network = IPv4Network | IPv6Network


class Web(Section):
    """Where the pages and the API are served, and who may see them.

    On `listen` they are served: an address and a port. `address` is the one by which readers reach
    them, "https://archive.example.org"; where it is given, alerts lead there. `auth` says how a
    visitor is known: not at all, by a login ("users"), or by what a proxy in front of it says
    ("proxy") in the header `user_header`. `hosts` are further names by which it is reached. Only
    what comes from one of the addresses `proxies` is believed in its headers. Whom the proxy lets
    in and `decreewatch users` does not know has `proxy_role` ("": may not enter). A login holds
    for `session`, and ends when it was not used for `idle`. With `certificate` and `key`, PEM
    files, it speaks HTTPS by itself.
    """

    listen: str = "127.0.0.1:8420"
    address: Url | Literal[""] = ""
    auth: Literal["none", "users", "proxy"] = "none"
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    user_header: str = "X-Remote-User"
    proxy_role: Literal["", "reader", "analyst", "admin"] = "reader"
    session: Span = 30 * 86400.0
    idle: Span = 7 * 86400.0
    certificate: Path | None = None
    key: Path | None = None

    @property
    def host(self) -> str:
        """The address to listen on, without the brackets of IPv6."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.listen.rpartition(":")[2])

    @property
    def names(self) -> frozenset[str]:
        """The names by which it is reached from elsewhere; none where nobody needs to be known."""
        if self.auth == "none":
            return frozenset()
        named = urlsplit(self.address).hostname or ""
        return frozenset(self.hosts) | ({named} if named else set())

    @property
    def networks(self) -> tuple[Network, ...]:
        """The addresses of proxies."""
        return tuple(ip_network(one) for one in self.proxies)

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        found = _LISTEN.fullmatch(value)
        if found is None or int(found[3]) > 65535 or (found[1] and not _is_ip(found[1])):
            raise ValueError('an address and a port such as "127.0.0.1:8420" or "[::1]:8420"')
        return value

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        lower = tuple(one.lower() for one in value)
        if not all(_HOST.fullmatch(one) or _is_ip(one) for one in lower):
            raise ValueError('names such as "archive.example.org", without scheme and port')
        return lower

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                network = ip_network(one)
            except ValueError as error:
                raise ValueError(
                    'addresses or networks such as "127.0.0.1" or "10.0.0.0/28"'
                ) from error
            if network.prefixlen == 0:
                raise ValueError("the addresses of your proxies, not every address there is")
        return value

    @field_validator("user_header")
    @classmethod
    def _is_a_header(cls, value: str) -> str:
        if not _HEADER.fullmatch(value):
            raise ValueError('the name of a header such as "X-Remote-User"')
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if refused := refusal(self.listen, self.auth):
            raise ValueError(refused)
        if self.auth == "none" and self.hosts:
            raise ValueError('auth = "users" or "proxy" with hosts, by which others reach it')
        if self.auth == "proxy" and not self.proxies:
            raise ValueError(
                'proxies = ["127.0.0.1"], or where else the proxy is, with auth = "proxy": its '
                "header is believed from there alone"
            )
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key together, or neither")
        return self


def refusal(listen: str, auth: str) -> str:
    """What is expected where an address may not be listened on, in one line; "" where it may.

    What asks for no login is for this machine alone. An option of the command line that
    overrides `[web] listen` is asked here too.
    """
    if not _LISTEN.fullmatch(listen):
        return f'an address and a port such as "127.0.0.1:8420", not {listen!r}'
    if auth != "none" or is_loopback(listen.rpartition(":")[0].strip("[]")):
        return ""
    return (
        f'[web] auth = "users" or "proxy" with {listen}, where others can reach it; or '
        '"127.0.0.1:8420", for this machine alone'
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address; an unknown name is not believed to be."""
    if _is_ip(host):
        return ip_address(host).is_loopback
    return host.lower() == "localhost"


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""Only public addresses are asked, whatever a name, a link or a redirect says.

The check stands where names become addresses, and the connection goes to the address that
was checked: a name that answers differently a moment later gains nothing.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, ClassVar

from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer

from storage.problems import Problem

_CARRIERS = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48"))
_HTTP_PORTS = (80, 443)


class PrivateAddress(Problem):
    """A link or redirect leads to an address on a private network."""

    kind: ClassVar[str] = "private-address"


def is_public(address: str) -> bool:
    """Whether an IP address is one that everybody on the internet could be asked for.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) is as public
    as the one it carries.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _carried(found) if isinstance(found, IPv6Address) else None
    if carried is not None:
        return is_public(str(carried))
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_allowed(host: str, port: int, allowed: Sequence[str]) -> bool:
    """Whether the configuration names this host, as `host:port` or, on 80 and 443, `host`."""
    names = {name.lower() for name in allowed}
    host = host.lower()
    return f"{host}:{port}" in names or (host in names and port in _HTTP_PORTS)


def _carried(found: IPv6Address) -> IPv4Address | None:
    if found.ipv4_mapped is not None:
        return found.ipv4_mapped
    if found.sixtofour is not None:
        return found.sixtofour
    if found.teredo is not None:
        return found.teredo[1]
    if any(found in net for net in _CARRIERS):
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return None


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names as the system does, and gives back only addresses that may be asked.

    `refused` keeps, by host, the private addresses that were held back.
    """

    def __init__(self, reactor: Any, allowed: Sequence[str]) -> None:
        self._reactor = reactor
        self._resolver = reactor.nameResolver
        self._allowed = tuple(allowed)
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        """Made by Scrapy, from its settings."""
        return cls(reactor, crawler.settings.getlist("PRIVATE_ADDRESSES_ALLOWED"))

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's own resolver."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Resolve `hostName`; see twisted.internet.interfaces.IHostnameResolver."""
        receiver = resolutionReceiver
        if not is_allowed(hostName, portNumber, self._allowed):
            receiver = _PublicOnly(resolutionReceiver, hostName, self.refused)
        return self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


@implementer(IResolutionReceiver)
class _PublicOnly:
    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refused = refused

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = address.host

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()

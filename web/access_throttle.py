"""Guessing of passwords, made slow: the more often it failed, the longer until the next try."""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

FREE_BY_NAME, FREE_BY_ADDRESS = 5, 20
"""So often one may mistype before waiting; many people may share an address."""
LONGEST_BY_NAME = timedelta(minutes=1)
"""Short, because anybody can make the owner of a name wait by failing under it."""
LONGEST_BY_ADDRESS = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=12)
MOST = 20_000


class Throttle:
    """Failures by name and by address, as this process saw them; safe between threads."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, name: str, address: str, at: datetime) -> timedelta:
        """How long until this name and address may try; nothing or less means now."""
        with self._lock:
            by_name = self._until(_name(name), FREE_BY_NAME, LONGEST_BY_NAME)
            by_address = self._until(_place(address), FREE_BY_ADDRESS, LONGEST_BY_ADDRESS)
        return max((until - at for until in (by_name, by_address) if until), default=timedelta(0))

    def failed(self, name: str, address: str, at: datetime) -> None:
        """Count a failure, before the password is looked at: many tries at once count too."""
        with self._lock:
            for key in (_name(name), _place(address)):
                count, last = self._failures.pop(key, (0, at))
                self._failures[key] = (1 if at - last > FORGOTTEN else count + 1, at)
            while len(self._failures) > MOST:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures under a name; an address has one failure less."""
        with self._lock:
            self._failures.pop(_name(name), None)
            if (found := self._failures.get(_place(address))) is not None:
                self._failures[_place(address)] = (max(0, found[0] - 1), found[1])

    def _until(self, key: str, free: int, longest: timedelta) -> datetime | None:
        count, last = self._failures.get(key, (0, None))
        if last is None or count < free:
            return None
        return last + min(longest, timedelta(seconds=2.0 ** min(count - free, 30)))


def _name(name: str) -> str:
    return f"name {name.strip().lower()[:100]}"


def _place(address: str) -> str:
    """The address, of IPv6 its /64: who has one address there has all of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return f"address {address[:100]}"
    if isinstance(found, IPv6Address):
        return f"address {ip_network((found, 64), strict=False)}"
    return f"address {found}"

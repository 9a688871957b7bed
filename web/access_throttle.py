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

    def begin(self, name: str, address: str, at: datetime) -> timedelta:
        """How long this name and address must wait; nothing or less means now.

        Then the try counts as a failure until it has `succeeded`: many at once count too. One
        that comes too early is not counted, and need not be answered.
        """
        keys = _name(name), _place(address)
        with self._lock:
            by_name = self._until(keys[0], FREE_BY_NAME, LONGEST_BY_NAME, at)
            by_address = self._until(keys[1], FREE_BY_ADDRESS, LONGEST_BY_ADDRESS, at)
            wait = max(by_name, by_address) - at
            if wait <= timedelta(0):
                for key in keys:
                    self._count(key, at)
        return wait

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures under a name; an address has one failure less."""
        with self._lock:
            self._failures.pop(_name(name), None)
            if (found := self._failures.get(_place(address))) is not None:
                self._failures[_place(address)] = (max(0, found[0] - 1), found[1])

    def _until(self, key: str, free: int, longest: timedelta, at: datetime) -> datetime:
        """When the next try may be; `at` where nothing is in the way."""
        count, last = self._failures.get(key, (0, at))
        if count < free or at - last > FORGOTTEN:
            return at
        return last + min(longest, timedelta(seconds=2.0 ** min(count - free, 30)))

    def _count(self, key: str, at: datetime) -> None:
        count, last = self._failures.pop(key, (0, at))
        self._failures[key] = (1 if at - last > FORGOTTEN else count + 1, at)
        if len(self._failures) > MOST:
            self._failures.popitem(last=False)


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

"""One page at several addresses: those that carry the same id, whatever the words around it.

A headline that is rewritten changes the words of an address, a portal's too. Where the pattern
of a source names a group, as in `-(?P<id>\\d+)\\.html`, two addresses are one page when they have
the same host, the same text in all its named groups, and the same query: another language,
another tab, another host is another page. An item keeps the address it was first known by.
"""

import re
from collections.abc import Iterable, Mapping

from spiders.addresses import host_of, split
from spiders.items import FeedEntry
from spiders.visit import Visit
from storage.addresses import AddressRefused, canonical_url
from storage.sources import Found

Listed = dict[str, tuple[Found, FeedEntry]]


def identity_of(pattern: re.Pattern[str], url: str) -> str:
    """Give what tells a page apart; "" where the pattern names no group or does not match.

    The address is a canonical one.
    """
    named = named_in(pattern, url)
    return "\n".join([host_of(url), *named, split(url).query]) if named else ""


def named_in(pattern: re.Pattern[str], url: str) -> list[str]:
    """Give the texts of a pattern's named groups in an address, empty ones left out."""
    match = pattern.search(url) if pattern.groupindex else None
    return [text for text in match.groupdict().values() if text] if match else []


class SamePages:
    """The pages of one visit's source, by what tells them apart."""

    def __init__(self, visit: Visit, pattern: str) -> None:
        self._visit = visit
        self._pattern = re.compile(pattern)
        self._moved: dict[str, tuple[str, Found]] = {}

    def settled(self, listed: Listed, known: Iterable[str], feed: str) -> Listed:
        """Give what `feed` lists, a page that is known by another address under that address.

        An address that is `known` stands for itself.
        """
        new = {url: key for url in listed if url not in known and (key := self._identity(url))}
        if not new:
            return listed
        held = self._held(new)
        settled: Listed = {}
        for url, (found, entry) in listed.items():
            address = held.setdefault(new[url], url) if url in new else url
            if address != url:
                self._moved.setdefault(address, (feed, found))
                found = Found(address, found.fingerprint, found.at)
            settled.setdefault(address, (found, entry))
        return settled

    def kept_at(self, url: str, landed: str) -> str:
        """Give the address of the item at `url`, which leads to `landed`.

        It is the one it had, where only the words have changed and `landed` has no item yet.
        """
        if landed == url or not self._are_one(url, landed):
            return landed
        with self._visit.archive.reading() as tx:
            return url if tx.items.by_url(url) and not tx.items.by_url(landed) else landed

    def answered(self, url: str, landed: str, *, gone: bool) -> None:
        """Take note of where a page was found: where it is gone from its first address, or that
        leads to something else, the address that is listed now is a page of its own.
        """
        if url not in self._moved or (not gone and self._are_one(url, _canonical(landed))):
            return
        feed, found = self._moved.pop(url)
        visit = self._visit
        with visit.archive.transaction() as tx:
            tx.sources.discovered(visit.source.id, feed, [found], visit.clock())

    def _held(self, new: Mapping[str, str]) -> dict[str, str]:
        """The addresses by which new ones are known, by what tells them apart: items' first."""
        wanted = set(new.values())
        words = {max(named_in(self._pattern, url), key=len) for url in new}
        with self._visit.archive.reading() as tx:
            urls = tx.sources.addresses(self._visit.source.id, words)
            found = [(key, url) for url in urls if (key := self._identity(url)) in wanted]
            found.sort(key=lambda one: tx.items.by_url(one[1]) is not None)
        return dict(found)

    def _identity(self, url: str) -> str:
        return identity_of(self._pattern, url)

    def _are_one(self, url: str, other: str) -> bool:
        return url == other or self._identity(url) == self._identity(other) != ""


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except AddressRefused:
        return url

"""What belongs to a source: a whole site, a site below a path, or one section of a site."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from lxml.html import HtmlElement

from spiders.addresses import absolute, host_of, split
from spiders.container import clean_line
from spiders.items import FeedEntry
from spiders.listings import LEAST_TITLE
from storage.addresses import AddressRefused, canonical_url

NEWEST = 20
"""Entries of a feed or sitemap by which it is judged."""
HALF, FIFTH = 0.5, 0.2
FRONT = frozenset({"index", "default", "home", "trang-chu"})
NO_NAME = FRONT | {"rss", "feed", "feeds", "atom", "sitemap", "sitemaps", "news-sitemap"}
_SECOND_LEVEL = frozenset({"com", "org", "gov", "net", "co", "edu", "ac"})
_SUFFIX = re.compile(r"\.\w{2,5}$")


@dataclass(frozen=True, slots=True)
class Scope:
    """The pages of the site whose front page is `url`, or of the section that it is.

    `linked` are the keys of the pages that it links to: those of a section lie anywhere.
    """

    url: str
    linked: frozenset[str] = frozenset()

    @property
    def section(self) -> str:
        """The last part of the path below which the site lies, "" for a whole host."""
        return split(site_of(self.url)).path.rstrip("/").rpartition("/")[2]

    def is_below(self, address: str) -> bool:
        """Whether a page lies below the front page."""
        if not self.section:
            return same_site(address, self.url)
        mine, other = split(site_of(self.url)), split(address)
        return host_of(address) == host_of(self.url) and other.path.startswith(mine.path)

    def holds(self, address: str) -> bool:
        """Whether a page belongs to the source."""
        return self.is_below(address) or _key(address) in self.linked

    def lists(self, entries: Sequence[FeedEntry], place: str) -> bool:
        """Whether the feed or sitemap at `place` lists this source: half of its newest entries.

        A fifth is enough for one that carries the section's name: a front page shows a part of
        what its section has.
        """
        newest = entries[:NEWEST]
        held = sum(self.holds(entry.url) for entry in newest)
        words = re.split(r"[/._?=]", unquote(place))
        named = any(f"{one}-".startswith(f"{self.section or '/'}-") for one in words)
        return bool(held) and held >= len(newest) * (FIFTH if named else HALF)


def scope_of(tree: HtmlElement, url: str) -> Scope:
    """Give what belongs to the source whose front page, or section, is at `url`."""
    return Scope(url, frozenset(_key(one) for one in titled_links(tree, url)))


def is_address(url: str) -> bool:
    """Say whether a text is an address that could be asked."""
    spaced = any(one.isspace() for one in url)
    return url.lower().startswith(("http://", "https://")) and bool(host_of(url)) and not spaced


def titled_links(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Give the addresses on its own site that a page links to by a title, each once."""
    found = (
        absolute(url, link.get("href") or "").split("#")[0]
        for link in tree.iter("a")
        if len(clean_line(link.text_content()) or link.get("title") or "") >= LEAST_TITLE
    )
    mine = _key(url)
    own = (one for one in found if one and same_site(one, url) and _key(one) != mine)
    return tuple(dict.fromkeys(own))


def same_site(address: str, url: str) -> bool:
    """Say whether an address is on the host of `url`, or on one below it."""
    mine, other = host_of(url), host_of(address)
    return other == mine or other.endswith("." + mine)


def site_of(url: str) -> str:
    """Give the address below which the pages of a site lie: the folder of its front page."""
    parts = split(url)
    folder, _, last = parts.path.rpartition("/")
    stem = _SUFFIX.sub("", last)
    path = f"{folder}/{stem}/" if stem and stem.lower() not in FRONT else f"{folder}/"
    return parts._replace(path=path, query="", fragment="").geturl()


def id_of(url: str, taken: Collection[str] = ()) -> str:
    """Give an id for a source by its host and path that is not among those `taken`.

    `https://www.en.bao.com.vn/` is `en-bao`, `https://bao.vn/thoi-su.htm` is `bao-thoi-su`.
    """
    labels = host_of(url).split(".")
    kept = [one for one in labels[:-1] if one not in _SECOND_LEVEL]
    if not kept or labels[-1].isdigit():
        kept = labels
    words = (_SUFFIX.sub("", one).lower() for one in split(url).path.split("/"))
    kept += [one for one in words if one not in NO_NAME]
    made = re.sub(r"[^a-z0-9]+", "-", "-".join(kept).lower()).strip("-")[:60].strip("-")
    made = made or "source"
    numbered = (f"{made}-{number}" for number in range(2, len(taken) + 3))
    return made if made not in taken else next(one for one in numbered if one not in taken)


def address_key(url: str) -> str:
    """Give what the addresses of one page have in common.

    Scheme, `www.`, a slash at the end and the order of parameters make no difference. Raises
    AddressRefused for what is no address.
    """
    parts = split(canonical_url(url))
    key = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
    return f"{key}?{parts.query}" if parts.query else key


def keys_of(addresses: Iterable[str]) -> frozenset[str]:
    """Give the keys of addresses."""
    return frozenset(_key(one) for one in addresses)


def _key(url: str) -> str:
    try:
        return address_key(url)
    except AddressRefused:
        return url

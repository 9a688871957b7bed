"""A feed or a sitemap given where a front page was expected: what it says of its source."""

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from spiders.addresses import absolute, split
from spiders.entries import FEED_LIMIT, plain_text, read_xml
from spiders.feeds import read_feed
from spiders.items import FeedEntry
from spiders.probing import NoSource
from spiders.site_scope import NO_NAME, address_key
from spiders.sitemaps import read_sitemap
from storage.problems import Problem


@dataclass(frozen=True, slots=True)
class Given:
    """A feed or sitemap, the front page it belongs to, its title, and what it lists."""

    kind: Literal["feeds", "sitemaps"]
    url: str
    homepage: str
    name: str
    entries: tuple[FeedEntry, ...]


def given_list(body: bytes, url: str) -> Given | None:
    """Read what an address answered as a feed or sitemap; None where it is neither.

    Raises NoSource for a JSON feed, and for a feed that lists nothing.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        raise NoSource(f"{url}: JSON, which is not read as a feed; give the site's front page")
    try:
        sitemap = read_sitemap(body, url)
        return Given("sitemaps", url, _front_of(url), "", sitemap.entries)
    except Problem:
        pass
    try:
        entries = tuple(read_feed(body, url))
        root = read_xml(body, url, content_type="", limit=FEED_LIMIT).root
    except Problem:
        return None
    if not entries:
        raise NoSource(f"{url}: a feed that lists nothing; give the site's front page")
    return Given("feeds", url, _linked(root, url) or _front_of(url), _title(root), entries)


def _linked(root: etree._Element, url: str) -> str:
    """The page that a feed says it is the feed of."""
    top = root if _name(root) == "feed" else next((one for one in root if _name(one)), root)
    for child in top:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            address = absolute(url, child.get("href") or child.text or "")
            if address and address_key(address) != address_key(url):
                return address
    return ""


def _title(root: etree._Element) -> str:
    found = next((one for one in root.iter() if _name(one) == "title"), None)
    return plain_text(found.text or "")[:80] if found is not None else ""


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower() if isinstance(element.tag, str) else ""


def _front_of(url: str) -> str:
    """The folder that a feed's address lies in, without those that only feeds are in."""
    folders = [one for one in split(url).path.split("/")[:-1] if one]
    while folders and folders[-1].lower() in NO_NAME:
        folders.pop()
    path = "".join(f"/{one}" for one in folders) + "/"
    return split(url)._replace(path=path, query="", fragment="").geturl()

"""Sitemaps, news sitemaps and sitemap indexes → entries and further sitemaps."""

from collections.abc import Iterator

from lxml import etree

from spiders.addresses import absolute
from spiders.dates import date_from_url, parse_datetime
from spiders.entries import FEED_LIMIT, make_entry, plain_text, read_xml, without_doubles
from spiders.families import zone_of
from spiders.items import FeedEntry, Sitemap
from spiders.problems import BadFeed


def read_sitemap(body: bytes, url: str, *, limit: int = FEED_LIMIT) -> Sitemap:
    """Read a sitemap (sitemaps.org 0.9, Google's news extension) or a sitemap index.

    A gzip body is unpacked up to `limit`. An entry's title is `news:title` or
    `image:title`, its published time `news:publication_date`, else the date its address
    carries; `lastmod` is its updated time. Raises BadFeed as `read_feed` does.
    """
    xml = read_xml(body, url, content_type="", limit=limit)
    root = xml.root
    entries = list(_entries(root, url))
    if xml.wrong:
        whole = without_doubles(entries[: xml.closed("url")])
        raise BadFeed(
            f"{url}: the sitemap is not well-formed ({xml.wrong}); {len(whole)} entries readable",
            tuple(whole),
        )
    if _name(root) not in ("urlset", "sitemapindex"):
        raise BadFeed(f"{url}: <{_name(root)}> is not the root of a sitemap")
    return Sitemap(tuple(without_doubles(entries)), tuple(dict.fromkeys(_children(root, url))))


def _children(root: etree._Element, url: str) -> Iterator[str]:
    for element in root:
        if _name(element) == "sitemap":
            values = _values(element)
            if address := absolute(url, values.get("loc", "")):
                yield address


def _entries(root: etree._Element, url: str) -> Iterator[FeedEntry]:
    zone = zone_of(url)
    for element in root:
        if _name(element) != "url":
            continue
        values = _values(element)
        address = absolute(url, values.get("loc", ""))
        if not address:
            continue
        yield make_entry(
            address,
            plain_text(values.get("title", "")),
            published_at=parse_datetime(values.get("publication_date", ""), zone=zone)
            or date_from_url(address, zone=zone),
            updated_at=parse_datetime(values.get("lastmod", ""), zone=zone),
        )


def _values(element: etree._Element) -> dict[str, str]:
    """Give the texts of an element's descendants by local name, an image's address left out."""
    found: dict[str, str] = {}
    for child in element.iterdescendants():
        name = _name(child)
        inside_image = child.getparent() is not None and _name(child.getparent()) == "image"
        if name == "title" and inside_image and "title" in found:
            continue
        if not (inside_image and name == "loc"):
            found[name] = (child.text or "").strip()
    return found


def _name(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return str(etree.QName(element).localname).lower()

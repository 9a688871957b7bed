"""RSS and Atom → entries.

feedparser reads what a hardened lxml parser has read and written out again: it never sees
an entity declaration or a broken document, and it is given a stream, because it would open
or fetch a text that looks like a path or an address.
"""

import calendar
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from lxml import etree

from spiders.addresses import absolute
from spiders.dates import date_from_url, parse_datetime
from spiders.entries import (
    FEED_LIMIT,
    make_entry,
    plain_text,
    read_xml,
    without_doubles,
)
from spiders.families import zone_of
from spiders.items import FeedEntry
from spiders.listings import read_listing
from spiders.problems import BadFeed
from spiders.sitemaps import read_sitemap

__all__ = ["FEED_LIMIT", "read_feed", "read_listing", "read_sitemap"]


def read_feed(
    body: bytes, url: str, content_type: str = "", *, limit: int = FEED_LIMIT
) -> list[FeedEntry]:
    """Read the entries of an RSS or Atom feed, in the feed's order, each address once.

    Dates that are no RFC 822 are read by `spiders.dates`, missing ones from the entry's
    address; an entry without either is undated. Raises BadFeed (over `limit` bytes, entity
    declarations, not well-formed, not a feed) with what could still be read in its
    `entries`, and NeedsJavascript for a cookie challenge.
    """
    xml = read_xml(body, url, content_type=content_type, limit=limit)
    entries = list(_entries(xml.root, url))
    if xml.wrong:
        whole = without_doubles(entries[: xml.closed("item", "entry")])
        raise BadFeed(
            f"{url}: the feed is not well-formed ({xml.wrong}); {len(whole)} entries were readable",
            tuple(whole),
        )
    if not entries and not _is_feed(xml.root):
        raise BadFeed(f"{url}: <{etree.QName(xml.root).localname}> is not the root of a feed")
    return without_doubles(entries)


def _is_feed(root: etree._Element) -> bool:
    return etree.QName(root).localname.lower() in ("rss", "feed", "rdf")


def _entries(root: etree._Element, url: str) -> Iterator[FeedEntry]:
    import feedparser

    clean = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    parsed = feedparser.parse(io.BytesIO(clean), sanitize_html=False, resolve_relative_uris=False)
    zone = zone_of(url, str(parsed.feed.get("language", ""))[:2])
    for entry in parsed.entries:
        if made := _entry(entry, url, zone):
            yield made


def _entry(entry: Any, base: str, zone: tzinfo) -> FeedEntry | None:
    link = absolute(base, str(entry.get("link") or ""))
    if not link:
        identifier = str(entry.get("id") or "")
        link = identifier if identifier.startswith("http") else ""
    if not link:
        return None
    return make_entry(
        link,
        plain_text(str(entry.get("title") or "")),
        plain_text(str(entry.get("summary") or "")),
        published_at=_published(entry, link, zone),
        # feedparser's own get gives the published time where there is no updated one.
        updated_at=parse_datetime(str(dict.get(entry, "updated") or ""), zone=zone),
    )


def _published(entry: Any, link: str, zone: tzinfo) -> datetime | None:
    text = str(entry.get("published") or entry.get("created") or "")
    carried = date_from_url(link, zone=zone)
    moment = parse_datetime(text, zone=zone)
    if moment and "/" in text:
        # 3/7/2025 is March in feeds of American software: the address, else AM/PM, decides.
        other = parse_datetime(text, zone=zone, dayfirst=False)
        american = text.rstrip().upper().endswith(("AM", "PM"))
        if other and (_near(other, carried) if carried else american):
            return other
    if moment:
        return moment
    if parsed := entry.get("published_parsed"):
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return carried


def _near(moment: datetime, other: datetime) -> bool:
    return abs(moment - other) < timedelta(days=2)

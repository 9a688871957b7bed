"""A listing page (a section's front, a portal's search result) → entries."""

import re
from datetime import datetime, tzinfo

from lxml.html import HtmlElement

from spiders.addresses import absolute, host_of
from spiders.dates import date_from_url, parse_datetime
from spiders.decoding import PAGE_LIMIT, decode_page
from spiders.entries import make_entry, plain_text
from spiders.families import zone_of
from spiders.items import FeedEntry
from spiders.pages import page_language, parse_html
from spiders.shells import refuse_shell

CLIMB = 5
ROW_TEXT = 1_500
LEAST_TITLE = 15
_DATED = re.compile(r"time|date|ngay|published", re.I)


def read_listing(
    body: bytes,
    url: str,
    *,
    link_pattern: str = "",
    content_type: str = "",
    limit: int = PAGE_LIMIT,
) -> list[FeedEntry]:
    """Read the links of a listing page, in the page's order, each address once.

    `link_pattern` (regular expression, searched in the absolute address) says which count.
    Without it, links on the page's own host with a title of 15 characters or more do.
    The title is the longest text any link to the address has; the date is the one shown
    beside it, else the one in the address. Raises what `decode_page` raises, and NeedsJavascript.
    """
    source, _ = decode_page(body, content_type=content_type, url=url, limit=limit)
    tree = parse_html(source, url)
    zone = zone_of(url, page_language(tree))
    wanted = re.compile(link_pattern) if link_pattern else None
    titles: dict[str, str] = {}
    dates: dict[str, datetime] = {}
    for link in tree.iter("a"):
        address = absolute(url, link.get("href") or "").split("#")[0]
        if not address or address == url or not _counts(address, url, wanted):
            continue
        title = plain_text(link.text_content()) or plain_text(link.get("title") or "")
        if len(title) >= len(titles.get(address, "")):
            titles[address] = title
        if address not in dates and (moment := _date_beside(link, zone)):
            dates[address] = moment
    kept = {
        address: title for address, title in titles.items() if wanted or len(title) >= LEAST_TITLE
    }
    if not kept:
        refuse_shell(tree, source, url)
    return [
        make_entry(
            address, title, published_at=dates.get(address) or date_from_url(address, zone=zone)
        )
        for address, title in kept.items()
    ]


def _counts(address: str, page: str, wanted: re.Pattern[str] | None) -> bool:
    if wanted is not None:
        return wanted.search(address) is not None
    return host_of(address) == host_of(page)


def _date_beside(link: HtmlElement, zone: tzinfo) -> datetime | None:
    """Give the date in the link's row: the nearest short ancestor with a dated element."""
    row = link
    for _ in range(CLIMB):
        parent = row.getparent()
        if parent is None or len(parent.text_content()) > ROW_TEXT:
            return None
        row = parent
        others = {one.get("href") for one in row.iter("a")} - {link.get("href"), None, "#"}
        if len(others) > 2:
            return None
        for element in row.iter("time", "span", "div", "td", "p", "em", "li"):
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            if element.tag in ("time", "td") or _DATED.search(names):
                text = element.get("datetime") or element.text_content()
                if len(text) < 80 and (moment := parse_datetime(text, zone=zone)):
                    return moment
    return None

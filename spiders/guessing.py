"""What the front page of an unknown source tells of it: feeds, sitemaps, shapes, kind."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from spiders.addresses import absolute, host_of, split
from spiders.container import clean_line
from spiders.extract import extract
from spiders.listings import LEAST_TITLE
from spiders.metadata import read_metadata
from spiders.portal_fields import names_document, number_in
from spiders.site_scope import Scope, same_site, site_of, titled_links
from storage.problems import Problem

USUAL_FEEDS = ("rss/home.rss", "home.rss", "feed/", "rss", "rss.xml", "feed.xml")
"""Where feeds usually are, below the front page of a site that names none."""
SECTION_FEEDS = ("rss/{}.rss", "{}.rss")
"""Where the feed of a section usually is, beside the section."""
USUAL_SITEMAPS = ("news-sitemap.xml", "sitemap.xml", "sitemap_index.xml")
MOST_SITEMAPS = 3
MOST_FEEDS = 6
SHAPES = (
    r"-post(?P<id>\d+)\.\w+$",
    r"-(?P<id>\d{15,18})\.html?$",
    r"-\d{5,9}\.\w+$",
    r"-i\d+/?$",
    r"-\d{5,}/?$",
    r"/\d{4}/\d{2}/\d{2}/",
    r"/\d{4}/\d{2}/",
    r"/articles?/",
    r"/\d{5,}/",
    r"[?&](?:docid|ItemID|id)=\d+",
    r"/\d{4}-\d{2}-\d{2}",
)
"""Shapes of addresses that articles and documents have and sections do not, the surest first.

A number that is surely the page's own is named: see `spiders.same_page`.
"""
SURE = SHAPES[:3]
"""Those that no front page and no section has."""
MOST = 0.8
SOME = 0.4
"""Share of the titles that a front page links to that are articles at least."""
FEWEST_DOCUMENTS = 5
FEWEST_LISTED = 2
_BARS = re.compile(r"\s[|–-]\s")
_OFFICIAL = re.compile(r"(?:^|\.)(?:gov\.vn|chinhphu\.vn|quochoi\.vn|vbpl\.vn)$")


def feeds_named(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Give the feeds that a page names in its head, else those it links to, at most six."""
    declared = [
        absolute(url, link.get("href") or "")
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "")
        and re.search(r"rss|atom|/xml$", link.get("type") or "")
        and not re.search(r"comment|sitemap", link.get("href") or "", re.I)
    ]
    linked = [
        address
        for link in tree.iter("a")
        if (address := absolute(url, link.get("href") or ""))
        and re.search(r"\.(?:rss|atom)$|/feed/?$", split(address).path)
    ]
    distinct = list(dict.fromkeys(one for one in (declared or linked) if one))
    # A section's own feed is one of many on the pages of some sites.
    section = Scope(url).section
    distinct.sort(key=lambda one: section not in one)
    return tuple(distinct[:MOST_FEEDS])


def json_feed_named(tree: HtmlElement, url: str) -> str:
    """Give the JSON feed that a page names, "" where it names none."""
    links = tree.xpath('//link[contains(@type, "json") and contains(@rel, "alternate")]/@href')
    named = (absolute(url, link) for link in links if "feed" in link.lower())
    return next((one for one in named if one), "")


def usual_feeds(url: str) -> tuple[str, ...]:
    """Give the addresses at which the feeds of a site, or of its section, usually are."""
    below, section = site_of(url), Scope(url).section
    if not section:
        return tuple(below + path for path in USUAL_FEEDS)
    above = below.removesuffix(f"{section}/")
    places = dict.fromkeys((above, absolute(url, "/")))
    of_section = [place + path.format(section) for path in SECTION_FEEDS for place in places]
    return (*(below + path for path in USUAL_FEEDS), *of_section)


def usual_sitemaps(url: str) -> tuple[str, ...]:
    """Give the addresses at which the sitemaps of a site usually are."""
    return tuple(site_of(url) + path for path in USUAL_SITEMAPS)


def sitemaps_named(robots: bytes, url: str) -> tuple[str, ...]:
    """Give the sitemaps that a robots.txt names on the site's own host, at most three.

    Those below the site's own path come first, then those of news.
    """
    text = robots[:512_000].decode("utf-8-sig", errors="ignore")
    named = [
        absolute(url, line.partition(":")[2].strip())
        for line in text.splitlines()
        if line.lower().startswith("sitemap:")
    ]
    own = [one for one in dict.fromkeys(named) if one and same_site(one, url)]
    below = site_of(url)
    own.sort(key=lambda one: (not one.startswith(below), "news" not in one.lower()))
    return tuple(own[:MOST_SITEMAPS])


def shape_of(addresses: Sequence[str], share: float = MOST) -> str:
    """Give the pattern that at least four fifths of the addresses have, "" where there is none.

    Of what a page links to not all are articles: a smaller `share` is asked of them.
    """
    for shape in SHAPES:
        fitting = sum(re.search(shape, address) is not None for address in addresses)
        if fitting and fitting >= len(addresses) * share:
            return shape
    return ""


def folder_of(addresses: Sequence[str]) -> str:
    """Give the path of the folder in which four fifths of the addresses lie, "" for no such one."""
    folders = Counter(split(one).path.rpartition("/")[0] for one in addresses)
    for folder, number in folders.most_common(1):
        if number >= len(addresses) * MOST and folder:
            return f"{folder}/"
    return ""


def documents_listed(tree: HtmlElement, url: str, *, surely: bool = False) -> tuple[str, ...]:
    """Give the addresses of the legal documents that a page lists, none unless it is a list.

    It is one with five of them in the shape of documents, or when it links to little else;
    or `surely`, when it is known to be one.
    """
    found = [
        address
        for link in tree.iter("a")
        if _is_document(clean_line(link.text_content()))
        and (address := absolute(url, link.get("href") or "").split("#")[0])
        and same_site(address, url)
        and address != url
    ]
    distinct = tuple(dict.fromkeys(found))
    shaped = [one for one in distinct if any(re.search(shape, one) for shape in SHAPES)]
    short_list = FEWEST_LISTED <= len(distinct) >= len(titled_links(tree, url)) * MOST
    return distinct if surely or short_list or len(shaped) >= FEWEST_DOCUMENTS else ()


def _is_document(text: str) -> bool:
    """Whether a link's text is a document's title or number, not a menu's word for such."""
    return names_document(text) and (len(text) >= LEAST_TITLE or bool(number_in(text)))


def is_article(body: bytes, tree: HtmlElement, url: str) -> bool:
    """Say whether a page is an article, and not one that lists them: by its own word or family."""
    if not any(re.search(shape, url) for shape in SURE):
        return False
    if read_metadata(tree, url, zone=None).is_article:
        return True
    try:
        return extract(body, url).method.startswith("selectors:")
    except Problem:
        return False


def name_of(tree: HtmlElement, url: str, *, section: bool = False) -> str:
    """Give the name a page gives its site, else its title's last part, else its host.

    The page of a `section` adds its own name, the first part of its title.
    """
    site = _site_name(tree, url)
    title = _shown(" ".join(tree.xpath("//title[1]//text()")))
    own = _BARS.split(title)[0]
    return f"{site} – {own}"[:80] if section and own and own != site else site


def _site_name(tree: HtmlElement, url: str) -> str:
    for path in (
        '//meta[@property="og:site_name"]/@content',
        '//meta[@name="application-name"]/@content',
    ):
        if (found := tree.xpath(path)) and _shown(found[0]):
            return _shown(found[0])[:80]
    title = _shown(" ".join(tree.xpath("//title[1]//text()")))
    return _BARS.split(title)[-1][:80] or host_of(url)


def kind_of(url: str) -> str:
    """Give the likeliest kind by the host: official, state for the rest of .vn, independent."""
    host = host_of(url)
    if _OFFICIAL.search(host):
        return "official"
    return "state" if host.endswith(".vn") else "independent"


def likeliest(values: Iterable[str]) -> str:
    """Give the commonest value that is not empty, "" where there is none."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""


def _shown(text: str) -> str:
    return "".join(one for one in clean_line(text) if one.isprintable())

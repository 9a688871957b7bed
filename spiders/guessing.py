"""What the front page of an unknown source tells of it: feeds, sitemaps, addresses, kind."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from spiders.addresses import absolute, host_of, split
from spiders.container import clean_line
from spiders.portal_fields import names_document

USUAL_FEEDS = ("/rss/home.rss", "/home.rss", "/feed/", "/rss", "/rss.xml", "/feed.xml")
"""Where feeds usually are, on front pages that name none."""
MOST_FEEDS = 6
SHAPES = (
    r"-post\d+\.\w+$",
    r"-\d{15,18}\.html?$",
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
"""Shapes of addresses that articles and documents have and sections do not, the surest first."""
MOST = 0.8
FEWEST_DOCUMENTS = 5
_SECOND_LEVEL = frozenset({"com", "org", "gov", "net", "co", "edu", "ac"})
_OFFICIAL = re.compile(r"(?:^|\.)(?:gov\.vn|chinhphu\.vn|quochoi\.vn|vbpl\.vn)$")


def feeds_named(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Give the feeds that a page names in its head, else those it links to, at most six."""
    declared = [
        absolute(url, link.get("href") or "")
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "")
        and re.search(r"rss|atom", link.get("type") or "")
        and "comment" not in (link.get("href") or "").lower()
    ]
    linked = [
        address
        for link in tree.iter("a")
        if (address := absolute(url, link.get("href") or ""))
        and re.search(r"\.(?:rss|atom)$|/feed/?$", split(address).path)
    ]
    return tuple(dict.fromkeys(one for one in (declared or linked) if one))[:MOST_FEEDS]


def usual_feeds(url: str) -> tuple[str, ...]:
    """Give the addresses at which the feeds of a site usually are."""
    return tuple(absolute(url, path) for path in USUAL_FEEDS)


def sitemaps_named(robots: bytes, url: str) -> tuple[str, ...]:
    """Give the sitemap that a robots.txt names on the site's own host: one of news, else any."""
    text = robots[:512_000].decode("utf-8-sig", errors="ignore")
    named = [
        absolute(url, line.partition(":")[2].strip())
        for line in text.splitlines()
        if line.lower().startswith("sitemap:")
    ]
    own = [one for one in dict.fromkeys(named) if one and _same_site(one, url)]
    news = [one for one in own if "news" in one.lower()]
    return tuple((news or own)[:1])


def shape_of(addresses: Sequence[str]) -> str:
    """Give the pattern that at least four fifths of the addresses have, "" where there is none."""
    for shape in SHAPES:
        fitting = sum(re.search(shape, address) is not None for address in addresses)
        if addresses and fitting >= len(addresses) * MOST:
            return shape
    return ""


def documents_listed(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Give the addresses of the legal documents that a page lists, none unless it is a list."""
    found = [
        address
        for link in tree.iter("a")
        if names_document(clean_line(link.text_content()))
        and (address := absolute(url, link.get("href") or "").split("#")[0])
        and _same_site(address, url)
        and address != url
    ]
    distinct = tuple(dict.fromkeys(found))
    shaped = [one for one in distinct if any(re.search(shape, one) for shape in SHAPES)]
    return distinct if len(shaped) >= FEWEST_DOCUMENTS else ()


def id_of(url: str) -> str:
    """Give an id for a source by its host: `https://www.en.bao.com.vn/` is `en-bao`."""
    labels = host_of(url).split(".")
    kept = [one for one in labels[:-1] if one not in _SECOND_LEVEL] or labels
    return re.sub(r"[^a-z0-9]+", "-", "-".join(kept).lower()).strip("-")[:64] or "source"


def name_of(tree: HtmlElement, url: str) -> str:
    """Give the name a page gives its site, else its title's last part, else its host."""
    for path in (
        '//meta[@property="og:site_name"]/@content',
        '//meta[@name="application-name"]/@content',
    ):
        if (found := tree.xpath(path)) and _shown(found[0]):
            return _shown(found[0])[:80]
    title = _shown(" ".join(tree.xpath("//title[1]//text()")))
    return re.split(r"\s[|–-]\s", title)[-1][:80] or host_of(url)


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


def _same_site(address: str, url: str) -> bool:
    mine, other = host_of(url), host_of(address)
    return other == mine or other.endswith("." + mine)

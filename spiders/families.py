"""A CMS family: where the pages of one publishing system keep what we want.

A family is declared, never coded: CSS selectors, most specific first. When a layout changes,
a new version with its `since` is added in front and the old one stays for stored captures. A
page is read by the version whose `marks` it carries; of several, by one that was in use when
the page was fetched. The declarations are in `vietnamese_families`,
`world_families` and `portal_families`; an outlet names its family in the catalogue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from functools import cache, lru_cache

from cssselect.xpath import HTMLTranslator, XPathExpr
from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from lxml.html import HtmlElement

from config import catalogue
from spiders.addresses import host_of
from spiders.dates import HCM


@dataclass(frozen=True, slots=True)
class Family:
    """One dated version of a publishing system's article pages.

    `since` is about when the layout came into use, None where that is not known.
    `marks` are strings of which every one is in such a page's source: the cheap test.
    `body` selectors find the container that lxml cuts out; `noise` is removed inside it.
    A date selector's element is read from its `datetime`, `content` or `title` attribute,
    else its text. `zone` is that of times without one. `trust_metadata_dates` is False where
    the page's JSON-LD speaks of the page and not of the text.
    """

    name: str
    version: str
    marks: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    summary: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    since: date | None = None
    zone: tzinfo = field(default=HCM)
    trust_metadata_dates: bool = True


class _Translator(HTMLTranslator):
    """CSS → XPath that looks for a class as letters before it parts the classes: half the time."""

    def xpath_attrib_includes(self, xpath: XPathExpr, name: str, value: str | None) -> XPathExpr:
        xpath.add_condition(f"contains({name}, {self.xpath_literal(value or '')})")
        return super().xpath_attrib_includes(xpath, name, value)


@cache
def compiled(selector: str) -> CSSSelector:
    """Give the compiled form of a CSS selector, made once."""
    return CSSSelector(selector, translator=_Translator())


@cache
def _first(selector: str) -> XPath:
    return XPath(f"({compiled(selector).path})[1]")


def first_match(tree: HtmlElement, selectors: tuple[str, ...]) -> HtmlElement | None:
    """Give the first element, in document order, of the first selector that matches any."""
    for selector in selectors:
        matches: list[HtmlElement] = _first(selector)(tree)
        if matches:
            return matches[0]
    return None


def all_matches(tree: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement]:
    """Give all elements of the first selector that matches any."""
    for selector in selectors:
        matches: list[HtmlElement] = compiled(selector)(tree)
        if matches:
            return matches
    return []


def candidates(source: str, url: str, name: str | None, on: date | None = None) -> Iterator[Family]:
    """Give the families a page may belong to, the likeliest first, each when it is asked for.

    `source` is the page's text, `name` the family that the outlet declares (its versions
    come first; None: the one the catalogue declares for the host), then the families of the
    host; those whose marks the page carries stand before the others, and versions that came
    into use after the page was fetched (`on`) behind those of before. All families' marks are
    looked for only where none of these has its own.
    """
    likely, others = _by_host(host_of(url), name, on)
    unmarked = []
    for family in likely:
        if _is_marked(source, family):
            yield family
        else:
            unmarked.append(family)
    yield from unmarked
    if len(unmarked) == len(likely):
        yield from (one for one in others if _is_marked(source, one))


@lru_cache(maxsize=1024)
def _by_host(
    host: str, name: str | None, on: date | None
) -> tuple[tuple[Family, ...], tuple[Family, ...]]:
    """Give the families declared by name or for a host, the likeliest first, and all others."""
    families = sorted(press_families(), key=lambda one: _is_later(one, on))
    name = name or declared_family(host)
    named = [one for one in families if one.name == name]
    hosted = [one for one in families if any(_is_host(host, each) for each in one.hosts)]
    likely = tuple(dict.fromkeys((*named, *hosted)))
    return likely, tuple(one for one in families if one not in likely)


def declared_family(host: str) -> str:
    """Give the family that the catalogue declares for a host or the host above it, or ""."""
    declared = _catalogue_families()
    parts = host.split(".")
    wider = (".".join(parts[start:]) for start in range(len(parts) - 1))
    return next((declared[one] for one in wider if one in declared), "")


@cache
def _catalogue_families() -> dict[str, str]:
    return {
        host_of(entry["homepage"]): entry["family"]
        for entry in catalogue("sources").values()
        if entry.get("family") and not entry.get("portal")
    }


def zone_of(url: str, language: str = "") -> tzinfo:
    """Give the zone to assume for times without one: that of the host's declared family,
    Vietnam's for hosts under .vn and for Vietnamese pages, else UTC.
    """
    host = host_of(url)
    name = declared_family(host)
    declared = next((one.zone for one in press_families() if one.name == name), None)
    return declared or (HCM if host.endswith(".vn") or language == "vi" else UTC)


@cache
def press_families() -> tuple[Family, ...]:
    """Give every declared family of article pages, newest version first."""
    from spiders.vietnamese_families import VIETNAMESE_FAMILIES
    from spiders.world_families import WORLD_FAMILIES

    return VIETNAMESE_FAMILIES + WORLD_FAMILIES


def family_names() -> frozenset[str]:
    """Give the names that an outlet may declare as its family, those of portals included."""
    from spiders.portal_families import PORTAL_FAMILIES

    return frozenset([one.name for one in press_families()] + [one.name for one in PORTAL_FAMILIES])


def _is_later(family: Family, on: date | None) -> bool:
    return on is not None and family.since is not None and family.since > on


def _is_marked(source: str, family: Family) -> bool:
    return all(mark in source for mark in family.marks)


def _is_host(host: str, declared: str) -> bool:
    return host == declared or host.endswith("." + declared)

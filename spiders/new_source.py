"""From an address to a declaration: a source nobody declared is looked at and described."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from config import Config
from spiders.addresses import host_of, split
from spiders.decoding import decode_page
from spiders.given_lists import Given, given_list
from spiders.guessing import (
    MOST,
    SOME,
    documents_listed,
    folder_of,
    is_article,
    kind_of,
    likeliest,
    name_of,
    shape_of,
)
from spiders.own_lists import SAMPLE, Lists, find_feeds, find_sitemap
from spiders.pacing import robots_url
from spiders.pages import page_language, parse_html
from spiders.portal_families import GENERIC, portal_family
from spiders.probing import NOTHING, NoSource, Prober, Read
from spiders.processes import OnProgress
from spiders.site_scope import Scope, address_key, id_of, keys_of, scope_of, site_of, titled_links

READ = ("vi", "en")
WITHOUT_TLS = "; if it is served without TLS, give it with http://"
NO_ARTICLES = ("sitemaps: left out, as it lists sections and no articles",)
ORDER = (
    "id", "name", "kind", "language", "homepage", "feeds", "sitemaps", "listings", "family",
    "portal", "article_pattern", "document_pattern", "certainty", "learned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """A source as it was found: its declaration, and what speaks for each guess in words."""

    declaration: dict[str, Any]
    reasons: tuple[str, ...]


def describe(
    config: Config,
    url: str,
    on_progress: OnProgress | None = None,
    *,
    taken: Collection[str] = (),
    portal: bool = False,
) -> Described:
    """Look at an address and describe it as a source, storing nothing.

    The page, robots.txt, its feeds and sitemaps and a few articles are asked for, as politely
    as in any round. `taken` are ids that it does not get; a `portal` is a legal portal's list
    however few documents it holds. Raises NoSource where the page cannot be read, lists
    nothing, or speaks neither language.
    """
    front = Prober(config, _base(url, taken), on_progress).ask(
        1, listings=[url], article_pattern=NOTHING
    )
    if url not in front.bodies:
        raise NoSource(f"{url}: {_unread(url, front.wrong.get(url, 'it gave nothing'))}")
    body, landed = front.bodies[url], front.landed[url]
    moved = address_key(landed) != address_key(url)
    first = [f"homepage: {url} leads there"] if moved else []
    url = landed if moved else url
    prober = Prober(config, _base(url, taken), on_progress)
    if given := given_list(body, url):
        found = _from_list(prober, given)
    else:
        source, _ = decode_page(body, url=url)
        tree = parse_html(source, url)
        if is_article(body, tree, url):
            raise NoSource(f"{url}: an article; give the front page of its site, or a section")
        documents = documents_listed(tree, url, surely=portal)
        if portal and not documents:
            raise NoSource(f"{url}: links to no document by its title or number")
        found = (
            _portal(prober, documents, tree)
            if documents
            else _outlet(prober, scope_of(tree, url), tree, front.robots)
        )
    marked = {"certainty": "probed", "learned": "decreewatch sources new"}
    return Described(found.declaration | marked, (*first, *found.reasons))


def as_toml(declaration: Mapping[str, Any]) -> str:
    """Give a declaration as it stands in config.toml."""
    # JSON's texts, numbers and lists of texts are TOML's; its escapes of them are too.
    lines = [
        f"{key} = {json.dumps(declaration[key], ensure_ascii=False)}"
        for key in ORDER
        if declaration.get(key)
    ]
    return "\n".join(["[[sources]]", *lines]) + "\n"


def _unread(url: str, message: str) -> str:
    """Say in short why a page could not be read: of robots.txt, what was wrong with it."""
    said = message.removeprefix(f"{url}: ").removesuffix("; it is asked again next round")
    robots = f"{robots_url(url)}: "
    nor = ""
    if said.startswith(robots) and "(" in said:
        said, nor = said.partition("(")[2].removesuffix(")"), ", nor its robots.txt"
    hint = WITHOUT_TLS if "connection" in said and url.startswith("https:") else ""
    return f"could not be read{nor}: {said.replace(robots, '').rstrip('.')}{hint}"


def _base(url: str, taken: Collection[str]) -> dict[str, Any]:
    made = id_of(url, taken)
    return {"id": made, "name": made, "kind": kind_of(url), "language": "vi", "homepage": url}


def _outlet(prober: Prober, scope: Scope, tree: HtmlElement, robots: bytes) -> Described:
    url = scope.url
    feeds = find_feeds(prober, scope, tree)
    sitemap = find_sitemap(prober, scope, robots, usual=not feeds.taken)
    linked = titled_links(tree, url)
    below = [one for one in linked if scope.is_below(one)]
    if len(below) >= len(linked) * SOME:
        linked = tuple(below)
    listed = [one.url for one in feeds.entries or sitemap.entries]
    pattern = pattern_of(scope, listed or linked, MOST if listed else SOME)
    if not any(re.search(pattern, one.url) for one in sitemap.entries):
        sitemap = Lists(reasons=sitemap.reasons if not sitemap.taken else NO_ARTICLES)
    unread = "".join(f"; {one}" for one in feeds.reasons if "left out" in one)
    if not (listed or linked):
        raise NoSource(f"{url}: no feed, no sitemap, no link with a title to its pages{unread}")
    listings = [] if feeds.taken or sitemap.taken else [url]
    read, failed = _own(feeds, scope), ""
    if not read:
        place: dict[str, Any] = {"listings": listings}
        if not listings:
            place = {"feeds": feeds.taken} if feeds.taken else {"sitemaps": [sitemap.listing]}
        asked = prober.ask(SAMPLE, **place, article_pattern=pattern)
        read, failed = asked.read, next(iter(asked.failed.values()), "")
        if listings and not read:
            failed = failed or "none of the pages that it links to is an article"
            raise NoSource(f"{url}: no feed and no sitemap; {failed}{unread}")
    declaration = dict(prober.base) | {
        "name": name_of(tree, url, section=bool(scope.section) and len(below) < len(linked)),
        "language": _language([one.language for one in read], page_language(tree), url),
        "feeds": list(feeds.taken),
        "sitemaps": list(sitemap.taken),
        "listings": listings,
        "family": _family(read),
        "article_pattern": pattern,
    }
    said = _said(read, pattern, failed)
    return Described(declaration, (*feeds.reasons, *sitemap.reasons, *said))


def _from_list(prober: Prober, given: Given) -> Described:
    asked = prober.ask(SAMPLE, **{given.kind: [given.url]})
    listed = [one.url for one in given.entries] or [one.url for one in asked.read]
    if not listed:
        raise NoSource(f"{given.url}: lists nothing of the last 30 days; give the front page")
    pattern = pattern_of(Scope(given.homepage), listed, MOST)
    language = _language([one.language for one in asked.read], "", given.url)
    declaration = dict(prober.base) | {
        "name": given.name or host_of(given.homepage),
        "language": language,
        "homepage": given.homepage,
        given.kind: [given.url],
        "family": _family(asked.read),
        "article_pattern": pattern,
    }
    reason = f"{given.kind}: the address given; front page and other lists were not looked at"
    failed = next(iter(asked.failed.values()), "")
    return Described(declaration, (reason, *_said(asked.read, pattern, failed)))


def _portal(prober: Prober, documents: tuple[str, ...], tree: HtmlElement) -> Described:
    url = str(prober.base["homepage"])
    family = portal_family("", url, None)
    keys: dict[str, Any] = {
        "listings": [url],
        "portal": True,
        "document_pattern": pattern_of(Scope(url), documents, SOME),
        "family": family.name if family is not GENERIC else "",
    }
    asked = prober.ask(SAMPLE, **keys, list_pages=1)
    declaration = dict(prober.base) | keys
    declaration |= {"name": name_of(tree, url), "language": _language([], page_language(tree), url)}
    failed = f"; {next(iter(asked.failed.values()))}" if asked.failed and not asked.read else ""
    shaped = "most of them have it" if keys["document_pattern"] else "no shape in common: write it"
    reasons = (
        f"portal: legal documents that the page lists: {len(documents)}",
        f"documents: {len(asked.read)} read{failed}",
        f"document_pattern: {shaped}",
    )
    return Described(declaration, reasons)


def pattern_of(scope: Scope, addresses: Sequence[str], share: float) -> str:
    """Give the pattern of the pages at `addresses`: their host, their folder, their shape.

    The folder is named where most of them lie below the site's own path, the shape where so
    large a `share` has one; without a shape the folder they share stands for it. "" where they
    have nothing in common.
    """
    host = likeliest(split(one).netloc.lower().removeprefix("www.") for one in addresses)
    path = split(site_of(scope.url)).path
    if sum(scope.is_below(one) for one in addresses) < len(addresses) * MOST:
        path = "/"
    if shape := shape_of(addresses, share):
        # A shape that begins with a slash may follow the folder's own at once.
        between = "(?:.*/)?" if shape.startswith("/") else ".*"
        return re.escape(f"{host}{path}") + between + shape.removeprefix("/")
    folder = folder_of(addresses) or (path if path != "/" else "")
    return re.escape(f"{host}{folder}") + ".+" if folder else ""


def _own(feeds: Lists, scope: Scope) -> tuple[Read, ...]:
    """What was read of the pages of the source itself."""
    listed = keys_of(entry.url for entry in feeds.entries)
    return tuple(
        one for one in feeds.read if listed & keys_of([one.url]) or scope.is_below(one.url)
    )


def _family(read: Sequence[Read]) -> str:
    named = (one.method for one in read if one.method.startswith("selectors:"))
    return likeliest(named).removeprefix("selectors:")


def _said(read: Sequence[Read], pattern: str, failed: str) -> tuple[str, ...]:
    how = likeliest(one.method for one in read) or failed or "none was listed in 30 days"
    return (
        f"articles: {len(read)} read ({how})",
        f"article_pattern: {'most of them have it' if pattern else 'no shape in common'}",
    )


def _language(read: list[str], declared: str, url: str) -> str:
    language = likeliest(read) or declared or ("vi" if host_of(url).endswith(".vn") else "en")
    if language not in READ:
        raise NoSource(f"{url}: speaks {language!r}; only Vietnamese and English are understood")
    return language

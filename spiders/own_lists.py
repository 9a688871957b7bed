"""The feeds and sitemaps of a source to be: asked, read, and taken if they list its pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from spiders.feeds import read_feed
from spiders.guessing import (
    SOME,
    feeds_named,
    json_feed_named,
    shape_of,
    sitemaps_named,
    usual_feeds,
    usual_sitemaps,
)
from spiders.items import FeedEntry, Sitemap
from spiders.probing import NOTHING, Probed, Prober, Read
from spiders.site_scope import Scope
from spiders.sitemaps import read_sitemap
from storage.problems import Problem

SAMPLE = 4
MOST_CHILDREN = 3
"""Sitemaps of an index that are looked at."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The feeds or the sitemap that were taken, what they list, and why in words.

    `read` is what was read of the pages that those asked for name; `listing` is the sitemap
    that lists the entries: the one taken, or one of that index.
    """

    taken: tuple[str, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    reasons: tuple[str, ...] = ()
    read: tuple[Read, ...] = ()
    listing: str = ""


def find_feeds(prober: Prober, scope: Scope, tree: HtmlElement) -> Lists:
    """Ask for the feeds that a page names, else for one at a usual address.

    Those that list pages of the source are taken. Raises what `Prober.ask` raises.
    """
    reasons: tuple[str, ...] = ()
    if named := feeds_named(tree, scope.url):
        asked = prober.ask(SAMPLE, feeds=named)
        listed = {one: _entries(asked, one) for one in named}
        own = tuple(one for one in named if scope.lists(listed[one], one))
        left = [one for one in named if one not in own]
        reasons = tuple(f"feeds: left out: {_why_not(asked, one, listed[one])}" for one in left)
        if own:
            said = f"feeds: {len(own)} named by the page"
            return Lists(own, _joined(listed, own), (said, *reasons), asked.read)
    if unread := json_feed_named(tree, scope.url):
        reasons += (f"feeds: left out: a JSON feed, which is not read: {unread}",)
    usual = usual_feeds(scope.url)
    asked = prober.ask(SAMPLE, feeds=usual)
    listed = {one: _entries(asked, one) for one in usual}
    own = tuple(one for one in usual if scope.lists(listed[one], one))[:1]
    said = "feeds: one at a usual address" if own else "feeds: none found"
    return Lists(own, _joined(listed, own), (said, *reasons), asked.read)


def find_sitemap(prober: Prober, scope: Scope, robots: bytes, *, usual: bool) -> Lists:
    """Ask for the sitemaps that robots.txt names, else with `usual` for the usual ones.

    The first that lists articles of the source is taken, else the first that lists pages of
    it; of an index, some of its sitemaps are looked at. Raises what `Prober.ask` raises.
    """
    named = sitemaps_named(robots, scope.url)
    tried = named or (usual_sitemaps(scope.url) if usual else ())
    if not tried:
        return Lists(reasons=("sitemaps: none taken",))
    asked = prober.ask(1, listings=tried, article_pattern=NOTHING)
    found = {one: sitemap for one in tried if (sitemap := _sitemap(asked, one))}
    children = tuple({child for one in found.values() for child in _looked_at(one.children)})
    below = prober.ask(1, listings=children, article_pattern=NOTHING) if children else asked
    said = ("sitemaps: named by robots.txt" if named else "sitemaps: at a usual address",)
    own = [
        Lists((one,), lists.entries, said, listing=place)
        for one, sitemap in found.items()
        for place, lists in ((one, sitemap), *_read_of(below, sitemap))
        if scope.lists(lists.entries, one)
    ]
    own.sort(key=lambda one: not shape_of([entry.url for entry in one.entries], SOME))
    if own:
        return own[0]
    left = "".join(f"; left out, as it lists none of its pages: {one}" for one in named)
    return Lists(reasons=(f"sitemaps: none taken{left}",))


def _read_of(asked: Probed, index: Sitemap) -> Iterator[tuple[str, Sitemap]]:
    for child in _looked_at(index.children):
        if sitemap := _sitemap(asked, child):
            yield child, sitemap


def _looked_at(children: Sequence[str]) -> tuple[str, ...]:
    """Those of an index that likely hold articles, else the first and the last: either is new."""
    likely = [one for one in children if any(word in one.lower() for word in ("news", "article"))]
    ends = (*likely[:1], *likely[-1:], *children[:1], *children[-1:])
    return tuple(dict.fromkeys(ends))[:MOST_CHILDREN]


def _entries(asked: Probed, url: str) -> tuple[FeedEntry, ...]:
    try:
        return tuple(read_feed(asked.bodies[url], url)) if url in asked.good((url,)) else ()
    except Problem:
        return ()


def _sitemap(asked: Probed, url: str) -> Sitemap | None:
    try:
        return read_sitemap(asked.bodies[url], url) if url in asked.good((url,)) else None
    except Problem:
        return None


def _why_not(asked: Probed, url: str, entries: Sequence[FeedEntry]) -> str:
    if url in asked.wrong:
        return asked.wrong[url]
    return f"it lists {'other pages than this site has' if entries else 'nothing'}: {url}"


def _joined(
    listed: dict[str, tuple[FeedEntry, ...]], own: tuple[str, ...]
) -> tuple[FeedEntry, ...]:
    return tuple(entry for one in own for entry in listed[one])

"""Outlets that break in one way after the other, crawled for a day until it is found."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.breakages_days import (
    BEGINS,
    DAY,
    WEEKS,
    Alarm,
    Outcome,
    alarms,
    configuration,
    store,
    stories_of,
)
from benchmarks.breakages_kinds import PAGES_BREAK, SITE_BREAKS, new_layout
from benchmarks.breakages_pages import OUTLETS, Outlet, ims
from benchmarks.breakages_site import FEEDS, Server, Site, expired_certificate, serving
from monitor.watching import watch
from spiders.revisit import AGES, next_look
from spiders.rounds import crawl_round
from storage.archive import Archive

KINDS = (*PAGES_BREAK, *SITE_BREAKS)
WITH_ANOTHER_FEED = ("feed moved", "one of two feeds frozen", "robots.txt forbids one of two feeds")
SLOW = "layout change of three slow outlets"
FORBIDDEN = {
    "robots.txt forbids": "/ban-ron/",
    "robots.txt forbids one of two feeds": FEEDS[0],
    "nothing": "/tim-kiem/",
}
"""What robots.txt forbids from then on; that it forbids a search is no breakage."""


class Newsroom:
    """One busy outlet with four healthy weeks behind it, to be broken again and again.

    It breaks on a Tuesday without a public holiday near, on which it might well be quiet.
    """

    def __init__(
        self, folder: Path, server: Server, outlet: Outlet = OUTLETS[0], *, feeds: int = 1
    ) -> None:
        self.outlet = outlet
        self.server = server
        self.feeds = feeds
        self.folder = folder
        first = BEGINS - 7 * DAY
        self.stories = stories_of(self.outlet, first, 31)
        self.config = configuration([self.outlet], server.base, feeds)
        self.breaks_at = first + WEEKS + DAY + timedelta(hours=9)
        self._healthy = folder / f"healthy-{server.host.rpartition(':')[2]}-{feeds}"
        archive = Archive.open(self._healthy)
        before = [one for one in self.stories if one.at < self.breaks_at - timedelta(minutes=10)]
        store(archive, self.config, [(self.outlet, one) for one in before])
        archive.close()

    def broken(self, kind: str, hours: Sequence[float]) -> tuple[Outcome, list[Alarm]]:
        """Break it, and crawl and judge so many hours after, until it is found."""
        site = Site(self.server.base, self.stories, self.breaks_at, self.breaks_at)
        site.broken = PAGES_BREAK.get(kind, site.broken)
        site.lost, site.frozen = kind == "feed moved", kind.endswith("frozen")
        site.forbidden = FORBIDDEN.get(kind, "")
        site.moved = kind == "old articles redirected"
        self.server.site = site
        root = self.folder / f"{kind.replace(' ', '-')}-{self.feeds}"
        shutil.copytree(self._healthy, root)
        archive = Archive.open(root)
        if site.moved:
            self._have_been_looked_at_again(archive)
        try:
            for after in hours:
                site.now = self.breaks_at + timedelta(hours=after)
                crawl_round(self.config, archive, now=site.now, all_sources=True)
                watch(archive, self.config, site.now)
                if found := alarms(archive):
                    return _outcome(kind, after, found[0]), found
            return Outcome(kind, None), []
        finally:
            archive.close()

    def _have_been_looked_at_again(self, archive: Archive) -> None:
        """Let all pages have been found where they were whenever their turn had come."""
        with archive.transaction() as tx:
            for item, _ in tx.items.every():
                page = tx.sources.remember(item.url, item.source_id)
                looks = [item.first_seen + age for age in AGES]
                page.checked_at = max(
                    (at for at in looks if at < self.breaks_at), default=item.first_seen
                )
                page.next_check_at = next_look(item.first_seen, self.breaks_at)
                tx.items.still_there(item.url, page.checked_at)


def slow_family(folder: Path, hours: Sequence[float]) -> tuple[Outcome, list[Alarm]]:
    """Three outlets of one family, with two or three articles a day each, take a new layout.

    Their pages are read by the extractor, and not asked for.
    """
    outlets = [Outlet(f"cham-{number}", 2.5, ims, "ims") for number in range(3)]
    config = configuration(outlets)
    breaks_at = BEGINS + 22 * DAY + timedelta(hours=9)
    told = sorted(
        ((outlet, one) for outlet in outlets for one in stories_of(outlet, BEGINS - WEEKS, 52)),
        key=lambda pair: pair[1].at,
    )
    told = [
        (outlet, one)
        if one.at < breaks_at
        else (replace(outlet, look=lambda story: new_layout(story).body.decode()), one)
        for outlet, one in told
    ]
    archive = Archive.open(folder / "slow")
    stored = 0
    try:
        for after in (0.0, *hours):
            now = breaks_at + timedelta(hours=after)
            due = [pair for pair in told[stored:] if pair[1].at + timedelta(minutes=7) <= now]
            store(archive, config, due)
            stored += len(due)
            with archive.transaction() as tx:
                for one in outlets:
                    tx.sources.round_ended(one.id, now, reasons=[], items=1)
            watch(archive, config, now)
            if found := alarms(archive):
                return _outcome(SLOW, after, found[0]), found
        return Outcome(SLOW, None), []
    finally:
        archive.close()


def _outcome(kind: str, after: float, first: Alarm) -> Outcome:
    return Outcome(kind, after, f"{first.kind} {first.sort}".strip(), first.words)


def all_broken(folder: Path, kinds: Sequence[str], hours: Sequence[float]) -> list[Outcome]:
    """The outcome of each breakage; a feed that breaks has another beside it."""
    found: dict[str, Outcome] = {}
    with serving() as server:
        for feeds in (1, 2):
            here = [
                one
                for one in kinds
                if one not in ("certificate expired", SLOW)
                and (one in WITH_ANOTHER_FEED) == (feeds == 2)
            ]
            if not here:
                continue
            newsroom = Newsroom(folder, server, feeds=feeds)
            found |= {one: newsroom.broken(one, hours)[0] for one in here}
    if "certificate expired" in kinds:
        with serving(expired_certificate(folder)) as server:
            kind = "certificate expired"
            found[kind] = Newsroom(folder, server).broken(kind, hours)[0]
    if SLOW in kinds:
        found[SLOW] = slow_family(folder, hours)[0]
    return [found[one] for one in kinds]

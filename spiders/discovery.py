"""Feeds, sitemaps and listings → the pages they name, which are then due."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from spiders.answers import Answer, ask, checked_url
from spiders.decoding import decode_page
from spiders.failures import BadAddress, HostPaused, OutOfTime
from spiders.feeds import read_feed, read_listing, read_sitemap
from spiders.gateway import list_request, read_gateway_list
from spiders.items import FeedEntry
from spiders.pages import parse_html
from spiders.paging import BY_LINKS, Form, next_form, next_page
from spiders.pipelines import (
    Announced,
    store_discovery,
    store_problem,
)
from spiders.portal_families import GENERIC, declared_portal_family, document_address
from spiders.problems import BadFeed, EmptyPage, NeedsJavascript
from spiders.same_page import SamePages
from spiders.validators import conditional_headers
from spiders.visit import BACKFILL, Visit
from storage.engine import UNSTORABLE
from storage.models import Page
from storage.problems import Problem
from storage.sources import Found

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from scrapy.crawler import Crawler

ENDS = (HostPaused, OutOfTime)
"""Problems that are not the address's own and end a visit early."""

Kind = Literal["feed", "sitemap", "listing"]

SETTLED = timedelta(days=15)
"""A sitemap named after a month that ended so long before lists nothing that is wanted."""
MAX_SITEMAPS = 20
"""Sitemaps of one index that are asked for in a round, for each month that is wanted."""
_MONTH = re.compile(r"(?<!\d)(?:(20\d\d)[-_/]?(0?[1-9]|1[0-2])|(0[1-9]|1[0-2])[-_](20\d\d))(?!\d)")


class Discovery:
    """Reads what a source offers to be discovered by; `announced` holds what feeds said.

    `entries` counts what was listed in this visit, also by addresses that did not change.
    """

    def __init__(self, crawler: "Crawler", visit: Visit, pattern: str) -> None:
        self._crawler = crawler
        self._visit = visit
        self._pattern = pattern
        self.same = SamePages(visit, pattern)
        self.announced: dict[str, Announced] = {}
        self.listed: list[str] = []
        self.entries = 0
        self._asked: set[str] = set()
        source = visit.source
        self._family = (
            declared_portal_family(source.family, source.listings[0]) if source.portal else GENERIC
        )
        self._list_page = 1
        self._forms: dict[str, Form] = {}
        self._page: frozenset[str] = frozenset()
        self._page_before: frozenset[str] = frozenset()

    @property
    def tells_changes(self) -> bool:
        """Whether the lists themselves say when one of their documents changed."""
        return self._family.gateway

    async def begin(self, kind: Kind, url: str) -> None:
        """Read one of the source's own addresses, and a list's further pages.

        Raises as `read` does.
        """
        self._list_page = 1
        await self.read(kind, url)

    async def read(self, kind: Kind, url: str) -> None:
        """Ask for one address and make the pages it names due.

        Raises a Problem; of a broken feed the readable entries are taken all the same.
        """
        visit = self._visit
        self._asked.add(url)
        with visit.archive.reading() as tx:
            page = tx.sources.page(url)
        answer = await self._answer(kind, url, page)
        visit.fresh[url] = answer.fresh_for
        if answer.gone and self._list_page == 1:
            answer.refuse()
        if kind == "feed" and answer.not_modified:
            self.entries += 1
            store_discovery(visit, url, answer, ())
            return
        body = answer.body
        if answer.not_modified:
            body, _ = visit.held(page.payload_sha256 if page is not None else "") or (b"", "")
        try:
            entries, children = self._parsed(kind, url, body, answer)
        except BadFeed as problem:
            self._take(url, answer, self._wanted(kind, problem.entries), problem)
            raise AlreadyStored(str(problem)) from problem
        fresh = self._take(url, answer, self._wanted(kind, entries))
        for child in self._current(children):
            await self._child(child)
        if kind == "listing" and visit.source.portal and entries:
            await self._further(url, body, fresh=fresh)

    async def _answer(self, kind: Kind, url: str, page: Page | None) -> Answer:
        if form := self._forms.get(url):
            return await ask(
                self._crawler,
                self._visit,
                form.target,
                belongs_to=url,
                post=form.fields,
                form=True,
            )
        if kind == "listing" and self._family.gateway:
            address, asked = list_request(url)
            return await ask(self._crawler, self._visit, address, belongs_to=url, post=asked)
        return await ask(self._crawler, self._visit, url, conditional_headers(page))

    async def _further(self, url: str, body: bytes, *, fresh: bool) -> None:
        """Read a list's page after `url` while there is something new, or it was never read.

        A list that was left in the middle is so taken up again, its pages in between as they
        were read before; one that was read to its end, or as far as `list_pages` allow, costs
        no more than its first page.
        """
        visit = self._visit
        if self._list_page > 1 and self._page == self._page_before:
            visit.note(f"{url}: shows what the page before it shows; the list is not followed")
            return
        while self._list_page < visit.source.list_pages:
            self._list_page += 1
            following = self._following(url, body)
            if not following or following in self._asked:
                return
            with visit.archive.reading() as tx:
                page = tx.sources.page(following)
            if fresh or page is None or page.checked_at is None:
                await self._child(following, "listing")
                return
            body = (visit.held(page.payload_sha256) or (b"", ""))[0]
            if not self._goes_on(following, body):
                return
            url = following

    def _following(self, url: str, body: bytes) -> str:
        try:
            tree = self._tree(body, url)
            following = next_page(url, self._family.paging, tree)
            if not following and tree is not None and (form := next_form(url, tree)):
                following = checked_url(form.address)
                self._forms[following] = form
            return checked_url(following) if following else ""
        except Problem as problem:
            store_problem(self._visit, url, problem)
            return ""

    def _goes_on(self, url: str, body: bytes) -> bool:
        """Whether a page of a list, as it was read before, listed something of its own."""
        try:
            entries = self._listed(url, body, "")
        except Problem:
            return False
        self._page_before, self._page = self._page, frozenset(one.url for one in entries)
        return bool(entries) and self._page != self._page_before

    def _tree(self, body: bytes, url: str) -> "HtmlElement | None":
        if self._family.gateway or self._family.paging != BY_LINKS:
            return None
        source, _ = decode_page(body, url=url, limit=self._visit.politeness.max_bytes)
        return parse_html(source, url)

    async def _child(self, url: str, kind: Kind = "sitemap") -> None:
        """Read one sitemap of an index, or a further page of a list.

        A broken one does not keep the others from being read.
        """
        if url in self._asked:
            return
        try:
            await self.read(kind, url)
        except (*ENDS, *UNSTORABLE):
            raise
        except Problem as problem:
            store_problem(self._visit, url, problem)
        except AlreadyStored:
            return

    def _parsed(
        self, kind: Kind, url: str, body: bytes, answer: Answer
    ) -> tuple[Sequence[FeedEntry], Sequence[str]]:
        limit = self._visit.politeness.max_bytes
        if kind == "feed":
            return read_feed(body, url, answer.content_type, limit=limit), ()
        if kind == "sitemap":
            sitemap = read_sitemap(body, url, limit=limit)
            return sitemap.entries, sitemap.children
        if answer.gone:
            return (), ()
        try:
            return self._listed(url, body, answer.content_type), ()
        except (EmptyPage, NeedsJavascript):
            # Beyond the last page of a list there is often nothing at all.
            if self._list_page == 1:
                raise
            return (), ()

    def _listed(self, url: str, body: bytes, content_type: str) -> list[FeedEntry]:
        limit = self._visit.politeness.max_bytes
        if self._family.gateway:
            return read_gateway_list(body, url, limit=limit)
        return read_listing(
            body, url, link_pattern=self._pattern, content_type=content_type, limit=limit
        )

    def _wanted(self, kind: Kind, entries: Iterable[FeedEntry]) -> list[FeedEntry]:
        if kind != "sitemap":
            return list(entries)
        wanted = re.compile(self._pattern)
        oldest = self._visit.oldest
        return [
            entry
            for entry in entries
            if wanted.search(entry.url)
            and max(entry.published_at or oldest, entry.updated_at or oldest) >= oldest
        ]

    def _take(
        self,
        url: str,
        answer: Answer,
        entries: Sequence[FeedEntry],
        problem: BadFeed | None = None,
    ) -> bool:
        """Store what an address lists; say whether any of it was not known before."""
        found: dict[str, tuple[Found, FeedEntry]] = {}
        for entry in entries:
            try:
                address = checked_url(document_address(self._family, entry.url))
            except BadAddress as bad:
                store_problem(self._visit, entry.url[:500], bad)
                continue
            at = entry.published_at or entry.updated_at
            found[address] = (Found(address, entry.fingerprint, at), entry)
        with self._visit.archive.reading() as tx:
            known = tx.sources.known(list(found))
        found = self.same.settled(found, known, url)
        with self._visit.archive.reading() as tx:
            known = tx.sources.known(list(found))
        capture_id = store_discovery(
            self._visit, url, answer, [one for one, _ in found.values()], problem
        )
        self.entries += len(found)
        self._page_before, self._page = self._page, frozenset(one.url for one in entries)
        for address, (_, entry) in found.items():
            self.announced.setdefault(address, Announced(entry, capture_id))
            # What stands on a list's further pages is looked at when its turn comes.
            if self._list_page == 1:
                self.listed.append(address)
        return len(known) < len(found)

    def _current(self, children: Sequence[str]) -> list[str]:
        visit = self._visit
        current = [child for child in children if not is_settled(child, visit.oldest)]
        most = MAX_SITEMAPS * max(1, round((visit.clock() - visit.oldest) / BACKFILL))
        if len(current) <= most:
            return current
        visit.note(
            f"{len(current) - most} of {len(current)} sitemaps were left out: no month "
            "in their addresses says which are current"
        )
        # Indexes list the newest either first or last.
        return [*current[: most // 2], *current[-most // 2 :]]


class AlreadyStored(Exception):
    """A problem that ended the reading of an address and has been stored."""


def is_settled(url: str, oldest: datetime) -> bool:
    """Whether a sitemap's address names a month that ended well before `oldest`."""
    months = []
    for year, month, month_first, year_last in _MONTH.findall(url):
        months.append(datetime(int(year or year_last), int(month or month_first), 1, tzinfo=UTC))
    if not months:
        return False
    return max(months) + timedelta(days=31) < oldest - SETTLED

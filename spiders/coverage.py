"""CoverageSpider: feeds, sitemaps and listings → articles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy import Spider

from spiders.answers import Answer, ask, checked_url
from spiders.discovery import ENDS, AlreadyStored, Discovery, Kind
from spiders.extract import EXTRACTOR, VERSION, extract
from spiders.failures import RedirectedAway
from spiders.items import Article
from spiders.pacing import Hosts
from spiders.pipelines import (
    Announced,
    our_fault,
    same_payload,
    store_gone,
    store_observation,
    store_problem,
    store_unchanged,
)
from spiders.reports import NOTHING_LISTED
from spiders.validators import conditional_headers
from spiders.visit import BACKFILL, Visit
from storage.addresses import canonical_url
from storage.captures import CaptureDamaged
from storage.engine import UNSTORABLE
from storage.models import Page, Revision
from storage.observations import Observation
from storage.problems import Problem

_NOTHING: tuple[Any, ...] = ()


class SourceSpider(Spider):
    """What both spiders share: discovery, then the pages that are due, one after the other.

    What is due stands in the archive, so a visit that ends at any moment is taken up again
    by the next one.
    """

    extractor: tuple[str, int]

    def __init__(self, visit: Visit, **arguments: Any) -> None:
        super().__init__(name=visit.source.id, **arguments)
        self.visit = visit
        self.hosts = Hosts(visit)
        self.pattern = visit.source.document_pattern or visit.source.article_pattern

    async def start(self) -> AsyncIterator[Any]:
        """Gather everything; Scrapy itself is given nothing to schedule or to store."""
        self.discovery = Discovery(self.crawler, self.visit, self.pattern)
        try:
            await self._gather()
        except UNSTORABLE as problem:
            self.visit.note_error(self.visit.source.homepage, problem)
            self.visit.unstorable = problem
        except Exception as error:
            fault = our_fault(error, self.visit.source.homepage)
            store_problem(self.visit, self.visit.source.homepage, fault)
            self.visit.reasons.append(str(fault))
        self.visit.wishes = self.hosts.wishes(self.visit.source.addresses)
        for nothing in _NOTHING:
            yield nothing

    async def _gather(self) -> None:
        try:
            await self._discover()
            await self.look_at_due()
        except ENDS as end:
            self._say_what_is_left(end)

    async def _discover(self) -> None:
        source = self.visit.source
        kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (
            ("feed", source.feeds),
            ("sitemap", source.sitemaps),
            ("listing", source.listings),
        )
        failed: list[str] = []
        addresses = [(kind, url) for kind, urls in kinds for url in urls]
        for kind, url in addresses:
            try:
                await self.discovery.begin(kind, url)
            except AlreadyStored as error:
                failed.append(str(error))
            except UNSTORABLE:
                raise
            except ENDS as end:
                if len(failed) == len(addresses) - 1:
                    self.visit.reasons += [*failed, str(end)]
                raise
            except Problem as problem:
                store_problem(self.visit, url, problem)
                failed.append(str(problem))
        if len(failed) == len(addresses):
            self.visit.reasons += failed
        elif not self.discovery.entries:
            self.visit.reasons.append(NOTHING_LISTED)

    async def look_at_due(self) -> None:
        """Look at the pages whose turn it is, as many as one round may."""
        visit = self.visit
        with visit.archive.reading() as tx:
            due = tx.sources.due(visit.source.id, visit.clock(), visit.politeness.max_pages)
            total = tx.sources.due_count(visit.source.id, visit.clock())
        for page in due:
            await self.look(page)
        if total > len(due):
            visit.note(f"{total - len(due)} more pages are due; they are taken next round")

    async def look(self, page: Page) -> None:
        """Look at one page; whatever goes wrong is stored and keeps no other from its turn."""
        try:
            await self.look_at(page)
        except (*ENDS, *UNSTORABLE):
            raise
        except Problem as problem:
            store_problem(
                self.visit, page.url, problem, announced=self.discovery.announced.get(page.url)
            )
        except Exception as error:
            store_problem(self.visit, page.url, our_fault(error, page.url))

    async def look_at(self, page: Page) -> None:
        """Ask for one page and store what it gave; raises a Problem that is not yet stored."""
        raise NotImplementedError

    def latest(self, url: str) -> Revision | None:
        """The newest revision at `url`."""
        with self.visit.archive.reading() as tx:
            item = tx.items.by_url(url)
            return tx.items.latest(item) if item is not None else None

    def is_outdated(self, revision: Revision) -> bool:
        """Whether another extractor, or another version of it, made a revision."""
        return (revision.extractor, revision.extractor_version) != self.extractor

    def _say_what_is_left(self, end: Problem) -> None:
        visit = self.visit
        with visit.archive.reading() as tx:
            left = tx.sources.due_count(visit.source.id, visit.clock())
        visit.note(f"stopped early: {end}; {left} pages are left for the next round")
        if end.kind == "host-paused":
            store_problem(visit, visit.source.homepage, end)


class CoverageSpider(SourceSpider):
    """Gathers the articles of an outlet."""

    extractor = (EXTRACTOR, VERSION)

    async def look_at(self, page: Page) -> None:
        """Look at one article: new, announced as changed, or whose turn has come again."""
        visit = self.visit
        answer = await ask(self.crawler, visit, page.url, conditional_headers(page))
        self.discovery.same.answered(page.url, answer.url, gone=answer.gone)
        if answer.gone:
            store_gone(visit, page.url, answer)
            return
        latest = self.latest(page.url) if page.checked_at is not None else None
        reread = self._reread(latest) if latest is not None and self.is_outdated(latest) else None
        if answer.not_modified or same_payload(page, answer):
            store_unchanged(visit, page.url, answer, reread)
            return
        address = self._address(page, answer)
        if address != page.url:
            latest = self.latest(address)
        announced = self.discovery.announced.get(page.url)
        try:
            article = read_article(visit, answer.body, address, answer.content_type)
        except Problem as problem:
            store_problem(visit, page.url, problem, answer=answer, announced=announced)
            return
        if reread is None and latest is not None and latest.method != article.method:
            reread = self._reread(latest)
        seen = observation(visit, address, _completed(article, announced))
        if latest is None and seen.published_at and seen.published_at < visit.clock() - BACKFILL:
            seen = replace(seen, backfill=True)
        store_observation(visit, page.url, answer, seen, reread)

    def _address(self, page: Page, answer: Answer) -> str:
        if answer.url == page.url:
            return page.url
        address = checked_url(answer.url)
        if address.rstrip("/") == canonical_url(self.visit.source.homepage).rstrip("/"):
            raise RedirectedAway(f"{page.url}: leads to the front page, so the article is gone")
        return self.discovery.same.kept_at(page.url, address)

    def _reread(self, revision: Revision) -> Observation | None:
        """A revision's capture as today's extractor reads it; None when it cannot be read."""
        visit = self.visit
        if revision.capture_id is None or revision.method == "feed":
            return None
        with visit.archive.reading() as tx:
            item = tx.items.get(revision.item_id)
        try:
            stored = visit.archive.read_capture(revision.capture_id)
            content_type = next(
                (value for name, value in stored.headers if name.lower() == "content-type"), ""
            )
            url = item.url if item is not None else stored.url
            article = read_article(
                visit, stored.body, url, content_type, fetched_at=revision.seen_at
            )
        except (CaptureDamaged, Problem) as problem:
            visit.note(f"{item.url if item else ''}: cannot be read anew: {problem}")
            return None
        return replace(observation(visit, url, article), capture_id=revision.capture_id)


def read_article(
    visit: Visit, body: bytes, url: str, content_type: str, *, fetched_at: datetime | None = None
) -> Article:
    """The article in a page's bytes, by the family that the source declares.

    `fetched_at` is when a stored page was had; None: now.
    """
    return extract(
        body,
        url,
        content_type=content_type,
        family=visit.source.family or None,
        fetched_at=fetched_at or visit.clock(),
    )


def observation(visit: Visit, url: str, article: Article) -> Observation:
    """What the archive is told of an article, without its capture."""
    return Observation(
        url=url,
        source_id=visit.source.id,
        kind="article",
        seen_at=visit.clock(),
        title=article.title,
        summary=article.summary,
        text=article.text,
        byline=article.byline,
        published_at=article.published_at,
        modified_at=article.modified_at,
        language=article.language or visit.source.language,
        extractor=article.extractor,
        extractor_version=article.extractor_version,
        method=article.method,
        notes=article.notes,
    )


def _completed(article: Article, announced: Announced | None) -> Article:
    """An article with the title and the date that only its feed gives."""
    if announced is None:
        return article
    entry = announced.entry
    if not article.title and entry.title:
        article = replace(article, title=entry.title, notes=(*article.notes, "title-from-feed"))
    if article.published_at is None and entry.published_at is not None:
        notes = (*article.notes, "date-from-feed")
        article = replace(article, published_at=entry.published_at, notes=notes)
    return article

"""robots.txt obeyed: what it forbids, and the delay it asks for (RFC 9309)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from spiders.diagnosis import problem_of
from spiders.failures import HostPaused, OutOfTime, RobotsForbidden, RobotsUnreachable
from spiders.middlewares import exchange_of
from spiders.pacing import Hosts, robots_url
from spiders.private_addresses import PrivateAddress
from spiders.robots_rules import PRODUCT, Rules, rules_in
from spiders.validators import conditional_headers, validator
from spiders.visit import Visit
from storage.captures import sha256
from storage.problems import Problem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

FRESH = timedelta(hours=1)
STALE = timedelta(hours=24)
"""How long a stored robots.txt stands in for one that cannot be reached."""
LONGEST_DELAY = 300.0
ROBOTS = "is_robots"


class ObeyRobots:
    """Holds back what a host's robots.txt forbids; reads it first, once a visit."""

    def __init__(self, crawler: "Crawler", visit: Visit, hosts: Hosts) -> None:
        self._crawler = crawler
        self._visit = visit
        self._hosts = hosts
        self._rules: dict[str, Rules | Problem] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ObeyRobots":
        """Made by Scrapy, for a spider that knows its visit and hosts."""
        spider = crawler.spider
        # Scrapy's own type of a spider has neither; `SourceSpider` has both.
        return cls(crawler, spider.visit, spider.hosts)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Raise RobotsForbidden or RobotsUnreachable."""
        if request.meta.get(ROBOTS):
            return
        address = robots_url(request.url)
        if address not in self._rules:
            self._rules[address] = await self._read(address)
        rules = self._rules[address]
        if isinstance(rules, Problem):
            raise rules
        if not rules.can_fetch(request.url, PRODUCT):
            raise RobotsForbidden(f"{request.url}: robots.txt of the host forbids it")

    async def _read(self, address: str) -> Rules | Problem:
        try:
            body = await self._body(address)
        except Problem as problem:
            return problem
        rules = rules_in(body)
        delay = rules.crawl_delay(PRODUCT)
        if delay:
            self._hosts.slow_down(address, min(delay, LONGEST_DELAY))
        return rules

    async def _body(self, address: str) -> bytes:
        """The robots.txt of a host: as it is, or as it was a moment ago."""
        visit = self._visit
        with visit.archive.reading() as tx:
            page = tx.sources.page(address)
        checked = page.checked_at if page is not None else None
        age = visit.clock() - checked if checked is not None else None
        held = self._visit.held(page.payload_sha256) if page is not None else None
        stored = held[0] if held is not None else None
        if stored is not None and age is not None and timedelta(0) <= age < FRESH:
            return stored
        headers = conditional_headers(page) if stored is not None else {}
        request = Request(
            address, headers=headers, callback=NO_CALLBACK, dont_filter=True, meta={ROBOTS: True}
        )
        try:
            response = await self._crawler.engine.download_async(request)
            if response.status >= 500 or response.status == 429:
                raise RobotsUnreachable(f"{address}: the server answered {response.status}")
        except Exception as error:
            problem = problem_of(error, address)
            if isinstance(problem, HostPaused | OutOfTime | PrivateAddress):
                raise problem from error
            if stored is not None and age is not None and age < STALE:
                return stored
            raise RobotsUnreachable(
                f"{address}: cannot be read, so nothing on the host is ({problem})"
            ) from error
        if response.status == 304 and stored is not None:
            self._remember(address, response, page.payload_sha256 if page else "")
            return stored
        # Any other answer below 500 means that there are no rules (RFC 9309, 2.3.1.3).
        if response.status != 200:
            return b""
        self._keep(address, response)
        return response.body

    def _remember(self, address: str, response: "Response", digest: str) -> None:
        with self._visit.archive.transaction() as tx:
            page = tx.sources.remember(address, self._visit.source.id)
            page.payload_sha256, page.checked_at = digest, self._visit.clock()
            page.etag = _header(response, "ETag") or page.etag
            page.last_modified = _header(response, "Last-Modified") or page.last_modified

    def _keep(self, address: str, response: "Response") -> None:
        visit = self._visit
        exchange = exchange_of(response, visit.clock())
        writer = visit.writer()
        with visit.archive.transaction() as tx:
            page = tx.sources.remember(address, visit.source.id)
            digest = sha256(exchange.payload)
            if page.payload_sha256 != digest:
                tx.captures.keep(writer, exchange, visit.source.id, "text/plain")
            page.payload_sha256, page.checked_at = digest, visit.clock()
            page.etag = _header(response, "ETag")
            page.last_modified = _header(response, "Last-Modified")


def _header(response: "Response", name: str) -> str:
    return validator((response.headers.get(name) or b"").decode("latin-1"))

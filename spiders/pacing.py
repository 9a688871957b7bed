"""How often a host is asked, and how long it is left alone when it says so."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from spiders.failures import HostPaused, OutOfTime
from spiders.turns import Wishes
from spiders.visit import Visit
from storage.addresses import host_of
from storage.problems import Problem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BUSY = (429, 503)
REFUSED = 403
REFUSALS = 3
"""So many refusals in a row mean that the host refuses us, not one page."""
REFUSED_PAUSE_S = 3600.0
LONGEST_PAUSE = timedelta(days=1)
"""A server that wants to be left alone for longer is asked again after this."""


@dataclass(slots=True)
class Host:
    """One host's pace: seconds between requests, and when the next may start (monotonic)."""

    delay: float
    ready_at: float = 0.0
    busy: int = 0
    refused: int = 0
    paused_until: datetime | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """The paces of all hosts of one visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._hosts: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        """The pace of the host of `url`; a pause of an earlier round is still kept."""
        name = host_of(url)
        if name not in self._hosts:
            self._hosts[name] = Host(self._visit.delay, paused_until=self._remembered(url))
        return self._hosts[name]

    def slow_down(self, url: str, delay: float) -> None:
        """Ask the host of `url` no more often than every `delay` seconds."""
        host = self.of(url)
        host.delay = max(host.delay, delay)
        host.ready_at = max(host.ready_at, time.monotonic() + host.delay)

    def pause(self, url: str, seconds: float) -> None:
        """Leave the host of `url` alone; beyond this round when `seconds` reach that far."""
        host = self.of(url)
        host.ready_at = max(host.ready_at, time.monotonic() + seconds)
        if seconds <= self._visit.seconds_left:
            return
        host.paused_until = self._visit.clock() + timedelta(seconds=seconds)
        with self._visit.archive.transaction() as tx:
            page = tx.sources.remember(robots_url(url), self._visit.source.id)
            page.next_check_at = host.paused_until

    def wishes(self, addresses: Sequence[str]) -> Wishes:
        """What the hosts of these addresses asked of us, where a round begins with them."""
        hosts = [self.of(address) for address in addresses]
        pauses = [host.paused_until for host in hosts if host.paused_until is not None]
        return Wishes(
            delay=max(host.delay for host in hosts),
            addresses=len(hosts),
            fresh_for=min(self._visit.fresh.get(address, 0.0) for address in addresses),
            alone_until=min(pauses) if len(pauses) == len(hosts) else None,
        )

    def _remembered(self, url: str) -> datetime | None:
        """Until when an earlier visit was told to leave the host alone; forgotten once past."""
        archive = self._visit.archive
        with archive.reading() as tx:
            page = tx.sources.page(robots_url(url))
        if page is None or page.next_check_at is None:
            return None
        if page.next_check_at > self._visit.clock():
            return page.next_check_at
        with archive.transaction() as tx:
            tx.sources.remember(robots_url(url), page.source_id).next_check_at = None
        return None


class Pacing:
    """The last stop before the downloader: waits for the host's turn, counts the request."""

    def __init__(self, visit: Visit, hosts: Hosts) -> None:
        self._visit = visit
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Pacing":
        """Made by Scrapy, for a spider that knows its visit and hosts."""
        spider = crawler.spider
        # Scrapy's own type of a spider has neither; `SourceSpider` has both.
        return cls(spider.visit, spider.hosts)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Wait for the turn; raises HostPaused, or OutOfTime when it would come too late."""
        host = self._hosts.of(request.url)
        async with host.turn:
            if host.paused_until is not None:
                raise HostPaused(
                    f"{host_of(request.url)} wants to be left alone until "
                    f"{host.paused_until.isoformat(timespec='seconds')}"
                )
            again = request.meta.get("retry_times", 0)
            start = max(host.ready_at, time.monotonic() + host.delay * (2**again - 1))
            wait = start - time.monotonic()
            if wait > self._visit.seconds_left:
                raise OutOfTime("the round's time is up")
            if wait > 0:
                await asyncio.sleep(wait)
            self._visit.requests += 1
            self._rest(host)

    def process_response(self, request: Request, response: Response) -> Response:
        """Honour Retry-After; a busy host that names no time is given ever more.

        A host that refuses one page after the other is left alone for an hour, or as it says.
        """
        host = self._hosts.of(request.url)
        self._rest(host)
        host.busy = host.busy + 1 if response.status in BUSY else 0
        host.refused = host.refused + 1 if response.status == REFUSED else 0
        if not host.busy and host.refused < REFUSALS:
            return response
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wanted = retry_after(asked, self._visit.clock())
        if wanted is None:
            wanted = host.delay * 5 * 2**host.busy if host.busy else REFUSED_PAUSE_S
        self._hosts.pause(request.url, wanted)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Rest after a failure too."""
        if not isinstance(exception, Problem):
            self._rest(self._hosts.of(request.url))

    @staticmethod
    def _rest(host: Host) -> None:
        """Count the delay from the end of a request, so that a slow server is asked less."""
        host.ready_at = max(host.ready_at, time.monotonic() + host.delay)


def robots_url(url: str) -> str:
    """The address of robots.txt on the host of `url`.

    Its row among the pages also remembers until when the host wants to be left alone.
    """
    scheme, _, rest = url.partition("://")
    return f"{scheme.lower()}://{host_of(f'{scheme}://{rest}')}/robots.txt"


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait that a Retry-After header names (RFC 9110, 10.2.3); None: none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_PAUSE.total_seconds())
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_PAUSE.total_seconds())

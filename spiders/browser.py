"""Pages rendered by a browser, for a source that declares `browser = true`.

Off by default, and an extra: scrapy-playwright must be installed. Feeds, sitemaps, robots.txt and
files are asked for as ever; pages and listings are opened in Chromium, which reaches the network
through `browser_proxy` alone.
"""

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from config import Politeness, SourceDeclaration
from spiders.browser_extra import installed_browser
from spiders.browser_proxy import PRIVATE, GuardedProxy
from spiders.private_addresses import PrivateAddress
from spiders.problems import TooLarge

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as Asked
    from scrapy.crawler import Crawler

SETTLE_MS = 5_000
RENDERED = "X-Rendered-By"
FILES = (".xml", ".rss", ".atom", ".txt", ".json", ".gz", ".pdf", ".doc", ".docx", ".zip", ".rar")
UNSEEN = frozenset({"image", "media", "font"})
ARGUMENTS = (
    # No name is resolved and nothing is sent but through the proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
)

PROXIES: "WeakKeyDictionary[Crawler, GuardedProxy]" = WeakKeyDictionary()
"""The proxy of each crawl that renders pages."""


def browser_settings(source: SourceDeclaration, politeness: Politeness) -> dict[str, Any]:
    """Scrapy's settings for a source whose pages are rendered, to be added to the usual."""
    options: dict[str, Any] = {
        "headless": True,
        "args": list(ARGUMENTS),
        # Chromium's own sandbox cannot be had as root.
        "chromium_sandbox": os.geteuid() != 0,
    }
    if installed := installed_browser():
        options["executable_path"] = installed
    return {
        "DOWNLOAD_HANDLERS": {
            "http": "spiders.browser.BrowserHandler",
            "https": "spiders.browser.BrowserHandler",
        },
        "DOWNLOADER_MIDDLEWARES": {"spiders.browser.InBrowser": 700},
        "BROWSER_NOT_FOR": [*source.feeds, *source.sitemaps],
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": options,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": politeness.timeout * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": "spiders.browser.is_unseen",
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }


def is_unseen(request: "Asked") -> bool:
    """Whether a browser's request is for something that no text comes from."""
    return request.resource_type in UNSEEN


async def settle(page: "Page") -> None:
    """Wait until a page's scripts ask for nothing more, or for five seconds."""
    from playwright.async_api import TimeoutError as NotSettled

    try:
        await page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
    except NotSettled:
        return


class BrowserHandler(ScrapyPlaywrightDownloadHandler):
    """scrapy-playwright's handler with a browser behind our proxy."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._proxy = GuardedProxy(crawler.settings.getlist("PRIVATE_ADDRESSES_ALLOWED"))
        PROXIES[crawler] = self._proxy

    async def _launch(self) -> None:
        server = await self._proxy.start()
        # Chromium leaves loopback out of proxying unless it is told otherwise.
        self.config.launch_options["proxy"] = {"server": server, "bypass": "<-loopback>"}
        await super()._launch()

    async def close(self) -> None:
        """End the browser and the proxy."""
        await super().close()
        self._proxy.close()


class InBrowser:
    """Sends pages to the browser; nearer the network than what keeps answers as they were sent."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._raw = frozenset(crawler.settings.getlist("BROWSER_NOT_FOR"))
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "InBrowser":
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Mark a request for a page as one for the browser."""
        from scrapy_playwright.page import PageMethod

        path = urlsplit(request.url).path.lower()
        if request.method != "GET" or request.url in self._raw or path.endswith(FILES):
            return
        request.meta["playwright"] = True
        request.meta["playwright_page_methods"] = [PageMethod(settle)]
        request.meta["playwright_context_kwargs"] = {
            "service_workers": "block",
            "accept_downloads": False,
        }

    def process_response(self, request: Request, response: Response) -> Response:
        """Mark what a browser made of a page; raises PrivateAddress and TooLarge."""
        if not request.meta.get("playwright"):
            return response
        if PRIVATE.decode() in response.headers:
            self._refuse(request)
        if len(response.body) > self._most:
            raise TooLarge(f"{request.url}: rendered, it is over the {self._most} bytes allowed")
        response.headers[RENDERED] = "Chromium"
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise PrivateAddress where the proxy refused a page."""
        if request.meta.get("playwright"):
            self._refuse(request)

    def _refuse(self, request: Request) -> None:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if address := PROXIES[self._crawler].refused.get((host, port)):
            raise PrivateAddress(
                f"{request.url}: {host} is the private address {address}; not asked. Name it in "
                "politeness.allow_private if it is meant to be."
            )

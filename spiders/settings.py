"""Scrapy's settings out of ours: politeness and limits."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from config import Politeness, SourceDeclaration

MAX_REDIRECTS = 10
_BASE = "scrapy.downloadermiddlewares"
_UNUSED = (
    "closespider.CloseSpider",
    "feedexport.FeedExporter",
    "logstats.LogStats",
    "memdebug.MemoryDebugger",
    "memusage.MemoryUsage",
    "remote_control.RemoteControl",
    "spiderstate.SpiderState",
    "telnet.TelnetConsole",
)
"""Extensions of Scrapy that are left out: two would listen on a port, none is needed."""


def user_agent(politeness: Politeness) -> str:
    """Who we say we are: name, version and how to reach whoever runs this."""
    try:
        number = version("decreewatch")
    except PackageNotFoundError:
        number = "0"
    return f"DecreeWatch/{number} (+{politeness.contact})"


def scrapy_settings(source: SourceDeclaration, politeness: Politeness) -> dict[str, Any]:
    """The settings for one source's crawl.

    The delay between requests is kept by `spiders.pacing`; AutoThrottle adds to it when a
    server is slow: it rests as long as the server worked. Pages are rendered where the source
    says so; spiders.browser_extra tells whether they can be.
    """
    usual = _usual(source, politeness)
    if not source.browser:
        return usual
    from spiders.browser import browser_settings

    added = browser_settings(source, politeness)
    both = ("DOWNLOAD_HANDLERS", "DOWNLOADER_MIDDLEWARES")
    return usual | added | {name: usual[name] | added[name] for name in both}


def _usual(source: SourceDeclaration, politeness: Politeness) -> dict[str, Any]:
    return {
        "USER_AGENT": user_agent(politeness),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": source.language,
        },
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 0.0,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.5,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_TIMEOUT": politeness.timeout,
        "DOWNLOAD_MAXSIZE": politeness.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "RETRY_TIMES": politeness.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "REFERRER_POLICY": "no-referrer",
        "COOKIES_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        # A proxy would be connected to in place of the address that was checked.
        "HTTPPROXY_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "spiders.private_addresses.GuardedResolver",
        "PRIVATE_ADDRESSES_ALLOWED": list(politeness.allow_private),
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "s3": None, "ftp": None},
        "DOWNLOADER_MIDDLEWARES": {
            f"{_BASE}.offsite.OffsiteMiddleware": None,
            f"{_BASE}.robotstxt.RobotsTxtMiddleware": None,
            f"{_BASE}.httpcompression.HttpCompressionMiddleware": None,
            f"{_BASE}.httpauth.HttpAuthMiddleware": None,
            "spiders.robots.ObeyRobots": 100,
            "spiders.middlewares.EarlyEnds": 560,
            "spiders.middlewares.Unpacking": 590,
            "spiders.middlewares.KeepAsSent": 595,
            "spiders.pacing.Pacing": 900,
        },
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _UNUSED},
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }

"""What runs in the process of one source: a Scrapy crawl, and the report of it to the parent."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from config import Documents, Politeness, SourceDeclaration
from spiders.browser_extra import browser_missing
from spiders.coverage import CoverageSpider
from spiders.families import family_names
from spiders.portals import PortalSpider
from spiders.reports import Progress, SourceReport
from spiders.settings import scrapy_settings
from spiders.visit import Visit, real_time
from storage.archive import Archive
from storage.engine import UNSTORABLE

if TYPE_CHECKING:
    from twisted.python.failure import Failure


@dataclass(frozen=True, slots=True)
class Task:
    """One source's round, as it is handed to its process.

    `now` fixes the time written down; `since` is how far back its sitemaps are read.
    """

    source: SourceDeclaration
    politeness: Politeness
    documents: Documents
    root: Path
    database: str
    now: datetime | None
    since: datetime | None


def run(task: Task, parent: Connection) -> None:
    """Crawl one source; tell the parent each address asked, and at last the report."""
    _end_with_parent()
    # Ctrl-C reaches the whole terminal; the parent decides what becomes of its crawls.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What goes wrong is stored and reported; Scrapy's own log would only be noise.
    logging.disable(logging.ERROR)

    def say(url: str) -> None:
        done = sum(visit.counts.values())
        parent.send(Progress(task.source.id, url, visit.requests, done))

    archive = Archive.open(task.root, task.database)
    visit = Visit(
        task.source,
        task.politeness,
        archive,
        documents=task.documents,
        clock=_clock(task.now),
        say=say,
    )
    visit.oldest = task.since or visit.oldest
    try:
        parent.send(crawl(visit))
    finally:
        visit.close()
        archive.close()
        parent.close()


def crawl(visit: Visit) -> SourceReport:
    """Crawl the source of `visit` in this process, which can do so only once."""
    source = visit.source
    if source.browser and (missing := browser_missing()):
        visit.reasons.append(missing)
        end_round(visit)
        return visit.report()
    spider: type[Spider] = PortalSpider if source.portal else CoverageSpider
    process = AsyncCrawlerProcess(scrapy_settings(source, visit.politeness))
    crawler = process.create_crawler(spider)

    def on_error(failure: "Failure") -> None:
        visit.reasons.append(f"{source.homepage}: {failure.getErrorMessage()}")

    if source.family and source.family not in family_names():
        known = ", ".join(sorted(family_names()))
        visit.reasons.append(f"family {source.family!r} is not known; there are: {known}")
    crawler.signals.connect(on_error, signals.spider_error)
    process.crawl(crawler, visit=visit)
    process.start(install_signal_handlers=False)
    if process.bootstrap_failed:
        visit.reasons.append(f"{source.homepage}: the crawl could not be started")
    try:
        end_round(visit)
    except UNSTORABLE as problem:
        visit.note_error(source.homepage, problem)
    return visit.report()


def end_round(visit: Visit) -> None:
    """Close the round in the archive: `Visit.reasons` say why it failed, if it did.

    A round that the archive itself cut short says nothing of the source.
    """
    now = visit.clock()
    with visit.archive.transaction() as tx:
        if visit.unstorable is not None and not visit.reasons:
            tx.sources.asked(visit.source.id, now)
            return
        if not visit.reasons:
            tx.sources.mended(visit.source.id, visit.source.homepage, now)
        tx.sources.round_ended(
            visit.source.id, now, reasons=visit.reasons, items=visit.counts["new"]
        )


def _clock(now: datetime | None) -> Callable[[], datetime]:
    return real_time if now is None else lambda: now


def _end_with_parent() -> None:
    """Do not outlive a parent that was killed: a new one may start the same crawl."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()

"""A round of crawling: each source in a process of its own, with a time limit.

A source that hangs or crashes is stopped and stored as a trouble; it stops neither the
daemon nor the other sources. Sources that share a host take turns.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection, wait
from typing import Any

from config import Config, SourceDeclaration
from spiders.failures import CrawlCrashed, CrawlTimeout
from spiders.reports import Progress, RoundReport, SourceReport
from storage.addresses import host_of
from storage.archive import Archive
from storage.problems import Problem

GRACE_S = 2.0
"""How long a process that was told to end is given before it is killed."""
TICK_S = 0.2
PRELOAD = ("spiders.preload",)

OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class Running:
    """A source's process, when it must have ended, and what it said last."""

    source: SourceDeclaration
    process: Any
    pipe: Connection
    ends_at: float
    said: Progress | None = None
    report: SourceReport | None = None


def crawl_round(
    config: Config,
    archive: Archive,
    source_ids: Sequence[str] = (),
    *,
    now: datetime | None = None,
    all_sources: bool = False,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> RoundReport:
    """Crawl the sources named (all of them when none is), as far as they are due.

    `all_sources` takes those too that are not due. `now` is the time that is written down
    (default: the real one). `on_progress` is told each address before it is asked. When
    `stop` is set, the processes are ended and the report says how far they came.

    Raises KeyError for a name that is not declared.
    """
    declared = {source.id: source for source in config.sources}
    named = [declared[one] for one in source_ids] or list(config.sources)
    waiting = [source for source in named if all_sources or is_due(config, archive, source, now)]
    order = [source.id for source in waiting]
    reports: dict[str, SourceReport] = {}
    running: list[Running] = []
    free_at: dict[str, float] = {}
    try:
        while (waiting or running) and not (stop is not None and stop.is_set()):
            for source in _startable(config, waiting, running, free_at):
                waiting.remove(source)
                running.append(_start(config, archive, source, now))
            _listen(running, on_progress)
            for one in [one for one in running if _has_ended(one)]:
                running.remove(one)
                reports[one.source.id] = _conclude(config, archive, one, now)
                delay = one.source.delay or config.politeness.delay
                free_at |= {host: time.monotonic() + delay for host in hosts_of(one.source)}
    finally:
        for one in running:
            _end(one)
            reports[one.source.id] = one.report or _interrupted(one)
    return RoundReport(tuple(reports[one] for one in order if one in reports))


def is_due(
    config: Config, archive: Archive, source: SourceDeclaration, now: datetime | None
) -> bool:
    """Whether a source's turn has come: `every`, else the schedule's crawl, since the last."""
    from spiders.visit import real_time

    with archive.reading() as tx:
        row = tx.sources.get(source.id)
    if row is None or row.last_attempt is None:
        return True
    every = timedelta(seconds=source.every or config.schedule.crawl)
    return (now or real_time()) - row.last_attempt >= every


def hosts_of(source: SourceDeclaration) -> frozenset[str]:
    """The hosts that a source is known to be read from."""
    addresses = (source.homepage, *source.feeds, *source.sitemaps, *source.listings)
    return frozenset(host_of(address) for address in addresses)


def _startable(
    config: Config,
    waiting: Sequence[SourceDeclaration],
    running: Sequence[Running],
    free_at: dict[str, float],
) -> list[SourceDeclaration]:
    """The sources that may start: no host is asked by two processes, or again too soon."""
    busy = {host for one in running for host in hosts_of(one.source)}
    busy |= {host for host, at in free_at.items() if at > time.monotonic()}
    chosen: list[SourceDeclaration] = []
    for source in waiting:
        if len(running) + len(chosen) >= config.politeness.parallel:
            break
        if not hosts_of(source) & busy:
            chosen.append(source)
            busy |= hosts_of(source)
    return chosen


def _start(
    config: Config, archive: Archive, source: SourceDeclaration, now: datetime | None
) -> Running:
    from spiders.entry import crawl_in_child

    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    database = archive.engine.url.render_as_string(hide_password=False)
    process = context.Process(
        target=crawl_in_child,
        args=(source, config.politeness, archive.root, database, now, theirs),
        name=f"crawl {source.id}",
        daemon=True,
    )
    process.start()
    theirs.close()
    return Running(source, process, ours, time.monotonic() + config.politeness.round_limit)


def _context() -> Any:
    """Processes forked from a server that has Scrapy loaded already, where there is one."""
    methods = multiprocessing.get_all_start_methods()
    if "forkserver" not in methods:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    return context


def _listen(running: Sequence[Running], on_progress: OnProgress | None) -> None:
    """Take what the processes say, waiting a moment for it."""
    if not running:
        time.sleep(TICK_S / 10)
        return
    ready = wait([one.pipe for one in running if not one.pipe.closed], timeout=TICK_S)
    for one in running:
        if one.pipe in ready:
            _take(one, on_progress)


def _take(one: Running, on_progress: OnProgress | None) -> None:
    try:
        while one.pipe.poll():
            said = one.pipe.recv()
            if isinstance(said, SourceReport):
                one.report = said
                continue
            one.said = said
            if on_progress is not None:
                on_progress(said)
    except (EOFError, OSError):
        one.pipe.close()


def _has_ended(one: Running) -> bool:
    if one.report is not None or one.pipe.closed:
        one.process.join(GRACE_S)
        return True
    return time.monotonic() >= one.ends_at


def _conclude(config: Config, archive: Archive, one: Running, now: datetime | None) -> SourceReport:
    """The report of a process that ended, or was ended because its time was up."""
    from spiders.crashes import store_crash

    late = one.report is None and not one.pipe.closed
    _end(one)
    if one.report is not None:
        return one.report
    url = one.said.url if one.said is not None else one.source.homepage
    limit = f"{config.politeness.round_limit:g} s"
    problem: Problem = (
        CrawlTimeout(f"{url}: the crawl was stopped after {limit} (politeness.round_limit)")
        if late
        else CrawlCrashed(f"{url}: the crawl's process died ({_how(one.process.exitcode)})")
    )
    store_crash(archive, one.source.id, url, problem, now)
    return _interrupted(one, ({"url": url, "kind": problem.kind, "message": str(problem)},))


def _interrupted(one: Running, errors: tuple[dict[str, str], ...] = ()) -> SourceReport:
    requests, items = (one.said.requests, one.said.items) if one.said is not None else (0, 0)
    return SourceReport(
        id=one.source.id,
        requests=requests,
        items=items,
        errors=errors,
        notes=("ended early; what was gathered until then is stored",),
    )


def _end(one: Running) -> None:
    """End a process: politely, then surely."""
    if one.process.is_alive():
        one.process.terminate()
        one.process.join(GRACE_S)
    if one.process.is_alive():
        one.process.kill()
        one.process.join(GRACE_S)
    if not one.pipe.closed:
        _take(one, None)
        one.pipe.close()


def _how(exitcode: int | None) -> str:
    if exitcode is None:
        return "it did not say how"
    return f"signal {-exitcode}" if exitcode < 0 else f"exit status {exitcode}"

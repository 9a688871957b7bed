"""A round of crawling: each source in a process of its own, with a time limit.

A source that hangs or crashes is stopped and stored as a trouble; it stops neither the
daemon nor the other sources. Sources that share a host take turns.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from config import Config, SourceDeclaration
from spiders.crashes import store_crash
from spiders.due import is_due, plan_turn
from spiders.processes import OnProgress, Running, listen, start
from spiders.reports import RoundReport, SourceReport
from storage.addresses import host_of
from storage.archive import Archive
from storage.engine import UNSTORABLE


def crawl_round(
    config: Config,
    archive: Archive,
    source_ids: Sequence[str] = (),
    *,
    now: datetime | None = None,
    since: datetime | None = None,
    all_sources: bool = False,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> RoundReport:
    """Crawl the sources named (all of them when none is), as far as they are due.

    `all_sources` takes those too that are not due. `now` is the time that is written down
    (default: the real one), `since` is how far back sitemaps are read. `on_progress` is told each
    address before it is asked. When `stop` is set, the processes are ended and the report says
    how far they came.

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
                running.append(start(source, config, archive, now, since))
            listen(running, on_progress)
            for one in [one for one in running if one.has_ended()]:
                running.remove(one)
                reports[one.source.id] = _conclude(config, archive, one, now)
                free = time.monotonic() + (one.source.delay or config.politeness.delay)
                free_at |= dict.fromkeys(hosts_of(one.source), free)
    finally:
        for one in running:
            one.end()
            reports[one.source.id] = one.report or one.unfinished()
    return RoundReport(tuple(reports[one] for one in order if one in reports))


def hosts_of(source: SourceDeclaration) -> frozenset[str]:
    """The hosts that a source is known to be read from."""
    return frozenset(host_of(one) for one in (source.homepage, *source.addresses))


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


def _conclude(config: Config, archive: Archive, one: Running, now: datetime | None) -> SourceReport:
    """The report of a process that ended, or was ended because its time was up."""
    problem = one.end()
    if one.report is not None or problem is None:
        report = one.report or one.unfinished()
    else:
        store_crash(archive, one.source.id, one.last_url, problem, now)
        report = one.unfinished(problem)
    with suppress(*UNSTORABLE):
        plan_turn(config, archive, one.source, report.wishes)
    return report

"""The process of one source's crawl: started, listened to, ended in time."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from config import Config, SourceDeclaration
from spiders.entry import crawl_in_child
from spiders.failures import CrawlCrashed, CrawlTimeout
from spiders.reports import Progress, SourceReport
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
    limit_s: float
    ends_at: float
    said: Progress | None = None
    report: SourceReport | None = None

    def has_ended(self) -> bool:
        """Whether it has reported or died, or its time is up."""
        if self.report is not None or self.pipe.closed:
            self.process.join(GRACE_S)
            return True
        return time.monotonic() >= self.ends_at

    def listen(self, on_progress: OnProgress | None) -> None:
        """Take what it has said."""
        try:
            while not self.pipe.closed and self.pipe.poll():
                said = self.pipe.recv()
                if isinstance(said, SourceReport):
                    self.report = said
                    continue
                self.said = said
                if on_progress is not None:
                    on_progress(said)
        except (EOFError, OSError):
            self.pipe.close()

    def end(self) -> Problem | None:
        """End the process, politely, then surely; give what was wrong unless it has reported."""
        died = self.pipe.closed
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(GRACE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(GRACE_S)
        self.listen(None)
        self.pipe.close()
        if self.report is not None:
            return None
        if died:
            return CrawlCrashed(
                f"{self.last_url}: the crawl's process died ({_how(self.process.exitcode)})"
            )
        return CrawlTimeout(
            f"{self.last_url}: the crawl was stopped after {self.limit_s:g} s "
            "(politeness.round_limit)"
        )

    @property
    def last_url(self) -> str:
        """The address it was last known to ask."""
        return self.said.url if self.said is not None else self.source.homepage

    def unfinished(self, problem: Problem | None = None) -> SourceReport:
        """What is known of a crawl that did not report; `problem` is why, if it is one."""
        said = self.said
        return SourceReport(
            id=self.source.id,
            requests=said.requests if said is not None else 0,
            items=said.items if said is not None else 0,
            errors=()
            if problem is None
            else ({"url": self.last_url, "kind": problem.kind, "message": str(problem)},),
            notes=("ended early; what was gathered until then is stored",),
        )


def start(
    source: SourceDeclaration,
    config: Config,
    archive: Archive,
    now: datetime | None,
    since: datetime | None,
) -> Running:
    """Start the crawl of one source in a process of its own.

    Raises CrawlCrashed when the system refuses a process.
    """
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=crawl_in_child,
        args=(
            source,
            config.politeness,
            config.documents,
            archive.root.resolve(),
            _database(archive),
            now,
            since,
            theirs,
        ),
        name=f"crawl {source.id}",
        daemon=True,
    )
    _start_undisturbed(process)
    theirs.close()
    limit = config.politeness.round_limit
    return Running(source, process, ours, limit, time.monotonic() + limit)


def listen(running: Sequence[Running], on_progress: OnProgress | None) -> None:
    """Take what the processes say, waiting a moment for it."""
    if not running:
        time.sleep(TICK_S / 10)
        return
    wait([one.pipe for one in running if not one.pipe.closed], timeout=TICK_S)
    for one in running:
        one.listen(on_progress)


def _start_undisturbed(process: Any) -> None:
    """Start a process that Ctrl-C does not reach: the parent decides what becomes of it.

    The first start brings up the server that the others are forked from, which keeps the
    signals it was started with and would else end in a traceback while it loads.
    """
    # Started now, because its start lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    except OSError as error:
        raise CrawlCrashed(
            f"a process for the crawl could not be started: {error.strerror or error}. "
            "Check the limits on processes and files, and that the temporary folder is usable."
        ) from error
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _database(archive: Archive) -> str:
    """The database's URL, for a process that may work in another folder."""
    url = archive.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).resolve()))
    return url.render_as_string(hide_password=False)


def _context() -> Any:
    """Processes forked from a server that has Scrapy loaded already, where there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    return context


def _how(exitcode: int | None) -> str:
    if exitcode is None:
        return "it did not say how"
    return f"signal {-exitcode}" if exitcode < 0 else f"exit status {exitcode}"

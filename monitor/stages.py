"""The stages in their order: each reads the log after its own cursor and writes what it found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Signal

from config import Config
from monitor.citing import CitationsStage
from monitor.classifier import Classifiers, classifiers_of
from monitor.comparing import CompareStage
from monitor.deadlines import DeadlinesStage
from monitor.lineage import LineageStage
from monitor.searching import SearchStage
from monitor.searching_saved import around_of
from monitor.status import StatusesStage
from monitor.stories import StoriesStage
from monitor.tagging import TopicsStage
from storage.archive import Archive
from storage.engine import UNSTORABLE
from storage.log import Reader, advance
from storage.problems import Problem


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did in one run: events read, those it failed on, why it stopped early."""

    name: str
    read: int
    failed: int
    problem: str = ""


def stages(
    config: Config,
    *,
    progress: Callable[[str, float], None] | None = None,
    classifiers: Classifiers | None = None,
) -> list[Reader]:
    """The stages of this configuration. The model is loaded when the first text needs it.

    `classifiers` shares the model with what else runs in this process.
    """
    classifiers = classifiers or classifiers_of(config, progress=progress)
    searches = [rule for rule in config.rules if rule.on == "search" and rule.enabled]
    return [
        *([TopicsStage(classifiers)] if config.topics else []),
        CitationsStage(config.instruments),
        *([SearchStage(searches, classifiers.embedder, around_of(config))] if searches else []),
        StoriesStage(),
        LineageStage(config.instruments),
        CompareStage(),
        DeadlinesStage(config.instruments),
        StatusesStage(config.instruments, config.sources, config.zone),
    ]


def run_stages(
    archive: Archive,
    readers: Sequence[Reader],
    now: datetime,
    *,
    behind: Sequence[Reader] = (),
    stop: Signal | None = None,
) -> list[StageReport]:
    """Let each stage catch up with the log, in order; one that cannot work stops no other.

    Each reads what those before it, and those of `behind`, have read: what came in the meantime
    is left to the next run, and so is what a stage could not read because the archive was full
    or busy, which passes. `stop` ends the run after the batch at hand.
    """
    before, reports = list(behind), []
    for reader in readers:
        report, is_awaited = _caught_up(archive, reader, now, before, stop)
        reports.append(report)
        if is_awaited:
            before.append(reader)
    return reports


def _caught_up(
    archive: Archive,
    reader: Reader,
    now: datetime,
    behind: Sequence[Reader],
    stop: Signal | None,
) -> tuple[StageReport, bool]:
    """What came of it, and whether those that follow are to wait for what is left unread."""
    read = failed = 0
    try:
        for batch_read, batch_failed in _batches(archive, reader, now, behind, stop):
            read, failed = read + batch_read, failed + batch_failed
    except Problem as problem:
        report = StageReport(reader.name, read, failed, str(problem))
        return report, isinstance(problem, UNSTORABLE)
    return StageReport(reader.name, read, failed), True


def _batches(
    archive: Archive,
    reader: Reader,
    now: datetime,
    behind: Sequence[Reader],
    stop: Signal | None,
) -> Iterator[tuple[int, int]]:
    while stop is None or not stop.is_set():
        progress = advance(archive, reader, now, behind=behind)
        if not progress.read:
            return
        yield progress.read, progress.failed

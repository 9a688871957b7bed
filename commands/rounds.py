"""One round of everything: gather, understand, tell."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event as Signal
from typing import TYPE_CHECKING

from config import Config
from storage.archive import Archive

if TYPE_CHECKING:
    from alerts.channels.channel import Channel
    from alerts.delivery import DeliveryReport
    from alerts.stage import RulesStage
    from monitor.indexing import Embedded, Indexer
    from monitor.stages import StageReport
    from monitor.watching import WatchReport
    from spiders.reports import RoundReport
    from storage.index import Caught
    from storage.log import Reader


@dataclass(slots=True)
class Rounds:
    """The rooms put together for one archive; the model, once loaded, is kept."""

    config: Config
    archive: Archive
    readers: "Sequence[Reader]"
    alerts: "RulesStage"
    channels: "Mapping[str, Channel]"
    indexer: "Indexer"

    def gather(
        self, stop: Signal, *, all_sources: bool, now: datetime | None = None
    ) -> "RoundReport":
        """Crawl the sources whose turn has come; `now` stands in for the real clock."""
        from spiders.rounds import crawl_round

        wanted = [source.id for source in self.config.sources]
        return crawl_round(
            self.config, self.archive, wanted, now=now, all_sources=all_sources, stop=stop
        )

    def understand(self, now: datetime, stop: Signal) -> "list[StageReport]":
        """Let every stage catch up with the log, the rules last."""
        from monitor.stages import run_stages

        return run_stages(self.archive, [*self.readers, self.alerts.at(now)], now, stop=stop)

    def index(self, now: datetime, stop: Signal) -> "Caught":
        """Bring the words of the search index up to what the stages have read."""
        return self.indexer.words(self.archive, now, stop=stop)

    def embed(self, now: datetime, stop: Signal, seconds: float | None = None) -> "Embedded":
        """Give items that have none a vector to be found by, for so many seconds at most."""
        return self.indexer.vectors(self.archive, now, stop=stop, seconds=seconds)

    def watch(self, now: datetime, stop: Signal) -> "WatchReport":
        """Find what the clock brought about, let the rules judge it, rewrite the calendar."""
        from alerts.calendar import rewrite
        from monitor.watching import watch

        report = watch(self.archive, self.config, now, stop=stop)
        self._judge(now, stop)
        rewrite(self.archive, self.config, now)
        return report

    def digest(self, now: datetime) -> list[date]:
        """Write the digests that are due to the outbox; gives their days."""
        from alerts.digest_due import send_due

        return send_due(self.archive, self.config, now)

    def tell(self, now: datetime, stop: Signal) -> "DeliveryReport":
        """Remind of what nobody acknowledged, and send what is due."""
        from alerts.delivery import deliver
        from alerts.reminders import remind

        started = time.monotonic()
        remind(self.archive, self.config, now)
        report = deliver(self.archive, self.channels, now, stopping=stop.is_set)
        if report.problems:
            # What delivery says of itself is told at once, through the channels that work.
            now += timedelta(seconds=time.monotonic() - started)
            self._judge(now, stop)
            report += deliver(self.archive, self.channels, now, stopping=stop.is_set)
        return report

    def _judge(self, now: datetime, stop: Signal) -> None:
        """Let the rules judge what every stage has read, as the stages may be at work."""
        from monitor.stages import run_stages

        run_stages(self.archive, [self.alerts.at(now)], now, behind=self.readers, stop=stop)


def assemble(
    config: Config, archive: Archive, *, progress: Callable[[str, float], None] | None = None
) -> Rounds:
    """Put the rooms together for one configuration."""
    from alerts.channels import open_channels
    from alerts.stage import RulesStage
    from monitor.classifier import classifiers_of
    from monitor.indexing import Indexer
    from monitor.stages import stages

    classifiers = classifiers_of(config, progress=progress)
    return Rounds(
        config=config,
        archive=archive,
        readers=stages(config, classifiers=classifiers),
        alerts=RulesStage(config),
        channels=open_channels(config, os.environ),
        indexer=Indexer(config, classifiers.embedder),
    )

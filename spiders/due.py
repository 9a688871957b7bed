"""Whose turn it is: worked out after each round, and remembered."""

import random
from datetime import datetime, timedelta

from config import Config, SourceDeclaration
from spiders.turns import LOOKBACK, Wishes, habit, next_turn
from spiders.visit import real_time
from storage.archive import Archive
from storage.coverage import publications


def is_due(
    config: Config, archive: Archive, source: SourceDeclaration, now: datetime | None
) -> bool:
    """Whether a source's turn has come: as planned after its last round; else as usual.

    A last time that is yet to come was written before the clock was set back, and counts for
    nothing.
    """
    with archive.reading() as tx:
        row = tx.sources.get(source.id)
    if row is None or row.last_attempt is None:
        return True
    at = now or real_time()
    usual = timedelta(seconds=source.every or config.schedule.crawl)
    turn = row.last_attempt + usual
    if row.next_turn is not None and row.next_turn > row.last_attempt and not source.every:
        turn = row.next_turn
    return at >= turn or at < row.last_attempt


def plan_turn(
    config: Config, archive: Archive, source: SourceDeclaration, wishes: Wishes | None
) -> None:
    """Remember when a source that was just asked has its turn again; see `next_turn`.

    Without `wishes` its round did not come to its end, and only our own politeness counts.
    """
    usual = timedelta(seconds=config.schedule.crawl)
    with archive.reading() as tx:
        row = tx.sources.get(source.id)
        if row is None or row.last_attempt is None:
            return
        came = publications(tx, source.id, row.last_attempt - LOOKBACK - timedelta(days=1))
    turn = next_turn(
        row.last_attempt,
        habit(came, row.last_attempt, config.zone),
        wishes or Wishes(source.delay or config.politeness.delay, len(source.addresses)),
        usual=usual,
        zone=config.zone,
        jitter=random.random(),
    )
    with archive.transaction() as tx:
        tx.sources.plan(source.id, turn)

"""All that is known of one source, as its page and the API show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alerts.digest_parts import SourcePart
from alerts.digest_sources import sources
from config import Config
from config_sources import SourceDeclaration
from monitor.source_figures import Figures, figures_of
from storage import models as rows
from storage.archive import Transaction
from storage.page_reading import ListedItem, came_in_spans, newest_of
from web.days import days_up_to, spans

DAYS, HISTORY = 60, 20
_HISTORY = (
    "source.silent",
    "source.spoke",
    "source.failing",
    "source.recovered",
    "source.drifted",
    "source.mended",
)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source.

    Attributes:
        declared, health: None where the configuration does not know it.
        row: what was seen of it; None where it was never asked.
        items: its last items, newest first.
        a_day: how many items came on each of the last `DAYS` days, oldest first.
        troubles: those that last.
        history: when it failed, fell silent, drifted or came back, newest first.
        waiting: how many of its pages are due to be asked for.
        figures: how its pages were read; None where the configuration does not know it, or it
            was never asked.
    """

    id: str
    declared: SourceDeclaration | None
    health: SourcePart | None
    row: rows.Source | None
    items: Sequence[ListedItem]
    a_day: tuple[tuple[date, int], ...]
    troubles: Sequence[rows.Trouble]
    history: Sequence[rows.Event]
    waiting: int
    figures: Figures | None


def source_view(
    tx: Transaction,
    config: Config,
    source_id: str,
    now: datetime,
    *,
    items: int,
    before: int | None = None,
) -> SourceView | None:
    """Read a source with so many `items`, those seen before the item `before` if given; None when
    neither the configuration nor the archive knows it."""
    declared = next((one for one in config.sources if one.id == source_id), None)
    row = tx.sources.get(source_id)
    found = newest_of(tx, source_id, items, before=before)
    if declared is None and row is None and not found:
        return None
    days = days_up_to(now.astimezone(config.zone).date(), DAYS)
    counts = came_in_spans(tx, spans(days, config.zone), source=source_id)
    healths = {one.id: one for one in sources(tx, config, (), now)}
    return SourceView(
        id=source_id,
        declared=declared,
        health=healths.get(source_id),
        row=row,
        items=found,
        a_day=tuple((day, count[source_id]) for day, count in zip(days, counts, strict=True)),
        troubles=tx.sources.troubles(source_id),
        history=tx.events.about(f"source:{source_id}", _HISTORY)[::-1][:HISTORY],
        waiting=tx.sources.due_count(source_id, now),
        figures=figures_of(tx, declared, now) if declared and row else None,
    )

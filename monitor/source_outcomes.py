"""What became of the pages of a source, and when it was not itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from config import SourceDeclaration
from monitor.silent_sources import meaning_of
from monitor.source_signs import Outcome, Signs, outcomes
from storage.archive import Transaction
from storage.models import Event
from storage.reading_figures import DRIFTED, Reading, Return, led_elsewhere, misses


def came_of(
    tx: Transaction,
    source: SourceDeclaration,
    pages: Sequence[Reading],
    since: datetime,
    until: datetime,
) -> list[Outcome]:
    """What became of the pages of a source: read, or why not."""
    own = {source.homepage, *source.addresses}
    failed = [
        one
        for one in misses(tx, source.id, since, until)
        if one.url not in own and one.kind != "host-paused" and meaning_of(one.kind, one.message)
    ]
    return outcomes(pages, [*failed, *led_elsewhere(tx, source.id, since, until)])


def _unread(came: Sequence[Outcome]) -> Signs:
    return [one is not None and one.kind != "robots-forbidden" for _, one in came]


def _forbidden(came: Sequence[Outcome]) -> Signs:
    return [one is not None and one.kind == "robots-forbidden" for _, one in came]


def astray(pages: Sequence[Return]) -> Signs:
    """Known pages that are not where they were."""
    return [bool(one.led) for one in pages]


OUTCOMES: Mapping[str, Callable[[Sequence[Outcome]], Signs]] = {
    "robots": _forbidden,
    "unread": _unread,
}
"""How a look that did not read a page counts, by the sort of drift that it is a sign of."""


def broken_spans(told: Sequence[Event]) -> list[tuple[datetime, datetime]]:
    """From when to when a source drifted, in whatever respect, until it was mended."""
    begun: dict[str, datetime] = {}
    spans = []
    for event in told:
        sort = str(event.data["sort"])
        if event.kind == DRIFTED:
            begun[sort] = datetime.fromisoformat(event.data["since"])
        elif sort in begun and not event.data.get("settled"):
            spans.append((begun.pop(sort), event.at))
    return spans


def within(at: datetime, spans: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether a moment lies in one of these spans."""
    return any(start <= at <= end for start, end in spans)

"""Whether a drift of a source that was told is over: its pages are as before, or have settled."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from config import Config, SourceDeclaration
from monitor.source_addresses import broken_addresses, frozen_addresses
from monitor.source_checks import holidays_of
from monitor.source_drift import is_long_again, is_normal_again
from monitor.source_items import counted_of
from monitor.source_outcomes import OUTCOMES, astray, came_of
from monitor.source_samples import LOOKBACK
from monitor.source_signs import (
    FIELDS,
    SIGNS,
    another_language,
    judged,
    missed,
    telling,
    usual_language,
)
from monitor.source_troubles import DriftVerdict
from monitor.source_words import again
from storage.archive import Transaction
from storage.models import Event
from storage.reading_figures import MENDED, readings, returns

SETTLED = timedelta(days=28)
"""A drift of pages that lasts longer is how the source is now; a broken address stays broken."""


def mended(
    tx: Transaction,
    source: SourceDeclaration,
    lasting: Mapping[str, Event],
    config: Config,
    asked: datetime,
) -> list[DriftVerdict]:
    """The drifts of a source that end, of those that are `lasting` at `asked`."""
    found = []
    for sort, event in lasting.items():
        if asked - event.at >= SETTLED and ":" not in sort:
            days = SETTLED // timedelta(days=1)
            reason = f"it has been so for {days} days, and counts as normal from now on"
            said = {"reasons": [reason], "settled": True}
        elif _is_over(tx, source, sort, event, config, asked):
            said = {"reasons": [again(sort)]}
        else:
            continue
        found.append(DriftVerdict(source.id, MENDED, sort, event.seq, said))
    return found


def _is_over(
    tx: Transaction,
    source: SourceDeclaration,
    sort: str,
    event: Event,
    config: Config,
    asked: datetime,
) -> bool:
    if sort.startswith("address:"):
        return sort not in broken_addresses(tx, source, config.zone, asked)
    if sort.startswith("frozen:"):
        return sort not in frozen_addresses(tx, source, config.zone, asked, holidays_of(source))
    if sort == "items":
        count = counted_of(tx, source, config.zone, asked)
        return count is not None and count.is_enough
    began = datetime.fromisoformat(event.data["since"])
    if sort == "moved":
        known = returns(tx, source.id, began - SETTLED, asked)
        usual = astray([one for one in known if one.at < began])
        return is_normal_again(usual, astray([one for one in known if one.at > event.at]))
    return _is_read_as_before(tx, source, sort, event, began, asked)


def _is_read_as_before(
    tx: Transaction,
    source: SourceDeclaration,
    sort: str,
    event: Event,
    began: datetime,
    asked: datetime,
) -> bool:
    before = readings(tx, source.id, began - LOOKBACK, began - timedelta(microseconds=1))
    after = [one for one in readings(tx, source.id, event.at, asked) if one.first_seen > event.at]
    if sort in OUTCOMES:
        normal = came_of(tx, source, before, before[0].first_seen if before else began, began)
        lately = came_of(tx, source, after, event.at, asked)
        sign = OUTCOMES[sort]
        return is_normal_again(sign(normal[:-1]), sign(lately))
    before = [one for one in judged(before) if one.seen_at < began]
    after = judged(after)
    if sort == "length":
        lengths = [one.length for one in before]
        return is_long_again(lengths, [one.length for one in after], float(event.data["median"]))
    if sort in FIELDS:
        before, after = telling(before, sort), telling(after, sort)
        return is_normal_again(missed(before, sort), missed(after, sort))
    page_sign = SIGNS.get(sort) or another_language(usual_language(before))
    return is_normal_again(page_sign(before), page_sign(after))

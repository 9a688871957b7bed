"""Which sources drift from their own normal, and which are mended: read off the archive."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

from config import Config, SourceDeclaration
from monitor.source_addresses import broken_addresses, frozen_addresses
from monitor.source_checks import holidays_of
from monitor.source_drift import (
    WINDOWS,
    is_long_again,
    is_normal_again,
    length_shift,
    shift_of,
)
from monitor.source_items import SPAN, WEEKS, Count, counted
from monitor.source_outcomes import OUTCOMES, broken_spans, came_of, within
from monitor.source_signs import (
    SIGNS,
    another_language,
    judged,
    usual_language,
)
from monitor.source_troubles import Case, DriftVerdict, together
from monitor.source_words import (
    again,
    of_items,
    of_length,
    of_misses,
    of_selectors,
    of_sign,
    since_day,
)
from storage.archive import Transaction
from storage.coverage import arrivals
from storage.models import Event
from storage.reading_figures import (
    DRIFTED,
    MENDED,
    MOST,
    Reading,
    drifts,
    readings,
    standing,
)

LATELY = timedelta(days=2)
LOOKBACK = timedelta(days=180)
LEAST_SPAN = timedelta(days=7)
"""With less history than this a source has no normal yet."""
SETTLED = timedelta(days=28)
"""A drift of pages that lasts longer is how the source is now; a broken address stays broken."""
ORDER = ("robots", "unread", *SIGNS, "length", "language", "items")

Found = Mapping[str, dict[str, Any]]
_One = TypeVar("_One")


def check_drifts(tx: Transaction, config: Config, now: datetime) -> list[DriftVerdict]:
    """The drifts of all sources that began or ended since they were told last.

    Judged up to the moment when a source was asked last. One that fails or fell silent
    altogether is told of by that, and not for its pages as well.
    """
    cases: list[Case] = []
    for source in config.sources:
        row = tx.sources.get(source.id)
        if row is None or row.last_attempt is None:
            continue
        asked = min(now, row.last_attempt)
        told = drifts(tx, source.id)
        lasting = standing(told)
        ended = _mended(tx, source, lasting, config, asked)
        begun: list[DriftVerdict] = []
        if not row.failures:
            begun = _drifted(tx, source, told, lasting, config, asked)
        cases.append(Case(source.id, source.family, asked, begun, ended, lasting))
    return together(cases)


def _drifted(
    tx: Transaction,
    source: SourceDeclaration,
    told: Sequence[Event],
    lasting: Mapping[str, Event],
    config: Config,
    asked: datetime,
) -> list[DriftVerdict]:
    pages = readings(tx, source.id, asked - LOOKBACK, asked)
    found: dict[str, dict[str, Any]] = {}
    if pages and (asked - pages[0].first_seen >= LEAST_SPAN or len(pages) >= MOST):
        spans = broken_spans(told)
        found |= drifts_of_pages(pages, spans, source, config.zone, asked)
        found |= _of_outcomes(tx, source, pages, spans, config, asked)
    if len(source.addresses) > 1:
        found |= broken_addresses(tx, source, config.zone, asked)
        found |= frozen_addresses(tx, source, config.zone, asked, holidays_of(source))
    if _is_silent(tx, source):
        found.pop("unread", None)
    elif not {"unread", "robots"} & {*found, *lasting}:
        found |= _of_items(tx, source, config.zone, asked)
    last = {str(event.data["sort"]): event.seq for event in told}
    return [
        DriftVerdict(source.id, DRIFTED, sort, last.get(sort, 0), said)
        for sort, said in sorted(found.items(), key=lambda one: _rank(one[0]))
        if sort not in lasting and not (sort == "stale" and "stuck" in {*found, *lasting})
    ]


def drifts_of_pages(
    pages: Sequence[Reading],
    spans: Sequence[tuple[datetime, datetime]],
    source: SourceDeclaration,
    zone: tzinfo,
    asked: datetime,
) -> Found:
    """The drifts that the pages of a source show at `asked`, by their sort.

    Args:
        pages: the last ones, by when they were read, oldest first.
        spans: from when to when it drifted before; these pages are not its normal.
    """
    read = judged(pages)
    cut = _where_late(([one.seen_at for one in read]), asked)
    is_normal = [not within(one.seen_at, spans) for one in read[:cut]]
    found: dict[str, dict[str, Any]] = {}
    signs = {**SIGNS, "language": another_language(usual_language(read[:cut]))}
    late = read[cut:]
    for sort, sign in signs.items():
        shown = sign(read)
        shift = shift_of(_kept(shown[:cut], is_normal), shown[cut:])
        if shift is None:
            continue
        began = late[shift.start]
        since = since_day(began.seen_at, zone)
        if sort == "selectors":
            bad = [one for one, is_bad in zip(late, shown[cut:], strict=True) if is_bad]
            words = of_selectors(shift, since, family_of(source, read[:cut]), bad)
        else:
            words = of_sign(sort, shift, since)
        found[sort] = _said(began.seen_at, words, shift.pages, shift.bad)
    lengths = [one.length for one in read]
    changed = length_shift(_kept(lengths[:cut], is_normal), lengths[cut:])
    if changed is not None:
        began = late[changed.start]
        words = of_length(changed, since_day(began.seen_at, zone))
        found["length"] = _said(began.seen_at, words, changed.pages, changed.pages) | {
            "median": changed.median
        }
    return found


def _of_items(tx: Transaction, source: SourceDeclaration, zone: tzinfo, asked: datetime) -> Found:
    """That far fewer items come; what cannot be read, and a silence, are told as such."""
    count = _counted(tx, source, zone, asked)
    if count is None or not count.is_few:
        return {}
    return {"items": _said(asked - SPAN, of_items(count), count.now, 0)}


def _counted(
    tx: Transaction, source: SourceDeclaration, zone: tzinfo, asked: datetime
) -> Count | None:
    came = arrivals(tx, source.id, asked - (WEEKS + 1) * timedelta(days=7))
    return counted(came, asked, zone, holidays_of(source))


def _of_outcomes(
    tx: Transaction,
    source: SourceDeclaration,
    pages: Sequence[Reading],
    spans: Sequence[tuple[datetime, datetime]],
    config: Config,
    asked: datetime,
) -> Found:
    """Drifts that the pages which could not be read show."""
    came = came_of(tx, source, pages, pages[0].first_seen, asked)
    cut = _where_late([at for at, _ in came], asked)
    is_normal = [not within(at, spans) for at, _ in came[:cut]]
    found: dict[str, dict[str, Any]] = {}
    for sort, sign in OUTCOMES.items():
        shown = sign(came)
        shift = shift_of(_kept(shown[:cut], is_normal), shown[cut:])
        if shift is None:
            continue
        late = came[cut:]
        missed = [one for (_, one), is_bad in zip(late, shown[cut:], strict=True) if one and is_bad]
        began = late[shift.start][0]
        words = of_misses(sort, shift, since_day(began, config.zone), missed)
        found[sort] = _said(began, words, shift.pages, shift.bad)
    return found


def _mended(
    tx: Transaction,
    source: SourceDeclaration,
    lasting: Mapping[str, Event],
    config: Config,
    asked: datetime,
) -> list[DriftVerdict]:
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
        count = _counted(tx, source, config.zone, asked)
        return count is not None and count.is_enough
    began = datetime.fromisoformat(event.data["since"])
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
    page_sign = SIGNS.get(sort) or another_language(usual_language(before))
    return is_normal_again(page_sign(before), page_sign(after))


def family_of(source: SourceDeclaration, pages: Sequence[Reading]) -> str:
    """The CMS family that a source declares, else the one whose selectors matched last."""
    if source.family:
        return source.family
    methods = (one.method for one in reversed(pages))
    return next((one.partition(":")[2] for one in methods if one.startswith("selectors:")), "")


def _said(since: datetime, words: str, pages: int, bad: int) -> dict[str, Any]:
    return {"since": since.isoformat(), "words": words, "pages": pages, "bad": bad}


def _rank(sort: str) -> int:
    return ORDER.index(sort) if sort in ORDER else -1


def _where_late(times: Sequence[datetime], asked: datetime) -> int:
    """The place of the first of the last pages: those of two days, or the last five."""
    late = sum(at > asked - LATELY for at in times)
    return len(times) - max(late, min(WINDOWS[0], len(times)))


def _kept(values: Sequence[_One], is_kept: Sequence[bool]) -> list[_One]:
    return [value for value, kept in zip(values, is_kept, strict=True) if kept]


def _is_silent(tx: Transaction, source: SourceDeclaration) -> bool:
    told = tx.events.about(f"source:{source.id}", ("source.silent", "source.spoke"))
    return bool(told) and told[-1].kind == "source.silent"

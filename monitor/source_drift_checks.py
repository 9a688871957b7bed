"""Which sources drift from their own normal, and which are mended: read off the archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from config import Config, SourceDeclaration
from monitor.source_addresses import broken_addresses, frozen_addresses
from monitor.source_checks import holidays_of
from monitor.source_drift import length_shift, shift_of
from monitor.source_families import Strand, family_drifts, strands
from monitor.source_items import SPAN, counted_of
from monitor.source_mending import SETTLED, mended
from monitor.source_outcomes import OUTCOMES, astray, broken_spans, came_of, within
from monitor.source_samples import LEAST_SPAN, LOOKBACK, Sample, kept, samples, where_late
from monitor.source_signs import (
    FIELDS,
    SIGNS,
    family_in,
)
from monitor.source_troubles import Case, DriftVerdict, together
from monitor.source_words import (
    of_field,
    of_items,
    of_length,
    of_misses,
    of_returns,
    of_selectors,
    of_sign,
    since_day,
)
from storage.archive import Transaction
from storage.models import Event
from storage.reading_figures import (
    DRIFTED,
    MOST,
    Reading,
    drifts,
    readings,
    returns,
    standing,
)

ORDER = ("robots", "unread", *SIGNS, *FIELDS, "length", "language", "moved", "items")

Found = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at a source gave: its family, its drifts that begin, and its part in those
    of its family."""

    family: str
    begun: Sequence[DriftVerdict] = ()
    strands: Sequence[Strand] = ()


def check_drifts(tx: Transaction, config: Config, now: datetime) -> list[DriftVerdict]:
    """The drifts of all sources that began or ended since they were told last.

    Judged up to the moment when a source was asked last. One that fails or fell silent
    altogether is told of by that, and not for its pages as well.
    """
    cases: list[Case] = []
    parts: list[Strand] = []
    states: dict[str, dict[str, int]] = {}
    for source in config.sources:
        row = tx.sources.get(source.id)
        if row is None or row.last_attempt is None:
            continue
        asked = min(now, row.last_attempt)
        told = drifts(tx, source.id)
        states[source.id] = {str(event.data["sort"]): event.seq for event in told}
        lasting = standing(told)
        ended = mended(tx, source, lasting, config, asked)
        look = _Look(source.family)
        if not row.failures:
            look = _look_at(tx, source, told, lasting, config, asked)
        parts += look.strands
        cases.append(Case(source.id, look.family, asked, look.begun, ended, lasting))
    return together(_with_families(cases, family_drifts(parts, config.zone, now), states))


def _with_families(
    cases: Sequence[Case],
    found: Sequence[tuple[str, str, dict[str, Any]]],
    states: Mapping[str, Mapping[str, int]],
) -> list[Case]:
    """The cases with what was found of their families, each drift of a source once."""
    begun: dict[str, list[DriftVerdict]] = {one.source: list(one.begun) for one in cases}
    for source, sort, said in found:
        state = states[source].get(sort, 0)
        begun[source].append(DriftVerdict(source, DRIFTED, sort, state, said))
    return [
        replace(one, begun=sorted(begun[one.source], key=lambda each: _rank(each.sort)))
        for one in cases
    ]


def _look_at(
    tx: Transaction,
    source: SourceDeclaration,
    told: Sequence[Event],
    lasting: Mapping[str, Event],
    config: Config,
    asked: datetime,
) -> _Look:
    pages = readings(tx, source.id, asked - LOOKBACK, asked)
    family = family_of(source, pages)
    parts: list[Strand] = []
    found: dict[str, dict[str, Any]] = {}
    if pages and (asked - pages[0].first_seen >= LEAST_SPAN or len(pages) >= MOST):
        spans = broken_spans(told)
        sampled = samples(pages, spans, asked)
        found |= drifts_of_pages(sampled, source, config.zone)
        found |= _of_outcomes(tx, source, pages, spans, config, asked)
        found |= _of_returns(tx, source, spans, config, asked)
        parts = strands(source.id, family, sampled, asked)
    if len(source.addresses) > 1:
        found |= broken_addresses(tx, source, config.zone, asked)
        found |= frozen_addresses(tx, source, config.zone, asked, holidays_of(source))
    if _is_silent(tx, source):
        found.pop("unread", None)
    elif not {"unread", "robots"} & {*found, *lasting}:
        found |= _of_items(tx, source, config.zone, asked)
    last = {str(event.data["sort"]): event.seq for event in told}
    begun = [
        DriftVerdict(source.id, DRIFTED, sort, last.get(sort, 0), said)
        for sort, said in sorted(found.items(), key=lambda one: _rank(one[0]))
        if sort not in lasting and not (sort == "stale" and "stuck" in {*found, *lasting})
    ]
    return _Look(family, begun, [one for one in parts if one.sort not in {*found, *lasting}])


def drifts_of_pages(found: Mapping[str, Sample], source: SourceDeclaration, zone: tzinfo) -> Found:
    """The drifts that samples of the pages of a source show, by their sort."""
    shown: dict[str, dict[str, Any]] = {}
    for sort, sample in found.items():
        shift = shift_of(sample.normal, sample.lately)
        if shift is None:
            continue
        began = sample.late[shift.start].seen_at
        since = since_day(began, zone)
        if sort == "selectors":
            family = family_of(source, sample.pages[: sample.cut])
            words = of_selectors(shift, since, family, sample.bad)
        elif sort in FIELDS:
            words = of_field(sort, shift, since, family_in(sample.bad), sample.bad)
        else:
            words = of_sign(sort, shift, since)
        shown[sort] = _said(began, words, shift.pages, shift.bad)
    sample = found["selectors"]
    lengths = [one.length for one in sample.pages]
    changed = length_shift(kept(lengths[: sample.cut], sample.is_normal), lengths[sample.cut :])
    if changed is not None:
        began = sample.late[changed.start].seen_at
        words = of_length(changed, since_day(began, zone))
        shown["length"] = _said(began, words, changed.pages, changed.pages) | {
            "median": changed.median
        }
    return shown


def _of_items(tx: Transaction, source: SourceDeclaration, zone: tzinfo, asked: datetime) -> Found:
    """That far fewer items come; what cannot be read, and a silence, are told as such."""
    count = counted_of(tx, source, zone, asked)
    if count is None or not count.is_few:
        return {}
    return {"items": _said(asked - SPAN, of_items(count), count.now, 0)}


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
    cut = where_late([at for at, _ in came], asked)
    is_normal = [not within(at, spans) for at, _ in came[:cut]]
    found: dict[str, dict[str, Any]] = {}
    for sort, sign in OUTCOMES.items():
        shown = sign(came)
        shift = shift_of(kept(shown[:cut], is_normal), shown[cut:])
        if shift is None:
            continue
        late = came[cut:]
        missed = [one for (_, one), is_bad in zip(late, shown[cut:], strict=True) if one and is_bad]
        began = late[shift.start][0]
        words = of_misses(sort, shift, since_day(began, config.zone), missed)
        found[sort] = _said(began, words, shift.pages, shift.bad)
    return found


def _of_returns(
    tx: Transaction,
    source: SourceDeclaration,
    spans: Sequence[tuple[datetime, datetime]],
    config: Config,
    asked: datetime,
) -> Found:
    """That known pages are not where they were."""
    known = returns(tx, source.id, asked - SETTLED, asked)
    cut = where_late([one.at for one in known], asked)
    shown = astray(known)
    is_normal = [not within(one.at, spans) for one in known[:cut]]
    shift = shift_of(kept(shown[:cut], is_normal), shown[cut:])
    if shift is None:
        return {}
    late, flags = known[cut:][shift.start :], shown[cut:][shift.start :]
    words = of_returns(shift, since_day(late[0].at, config.zone), kept(late, flags))
    return {"moved": _said(late[0].at, words, shift.pages, shift.bad)}


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


def _is_silent(tx: Transaction, source: SourceDeclaration) -> bool:
    told = tx.events.about(f"source:{source.id}", ("source.silent", "source.spoke"))
    return bool(told) and told[-1].kind == "source.silent"

"""A CMS family whose selectors fail on several sources, each with too few pages to be judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from monitor.source_drift import WINDOWS, highest_share, shift_of
from monitor.source_samples import LATELY, Sample, kept
from monitor.source_signs import FIELDS, family_in
from monitor.source_words import of_field, of_selectors, of_sources, since_day
from storage.reading_figures import Reading

SORTS = ("selectors", *FIELDS)
"""Sorts of drift that are those of a family."""
LEAST_OWN, RARELY = 10, 0.2
"""A source counts that has so many pages of its own before, and of them so few that show a sign."""
LEAST_OTHERS = 2
"""So many pages must show it beside those of the source that has most of them."""


@dataclass(frozen=True, slots=True)
class Strand:
    """The pages of one source that count for its family.

    `normal` holds when the pages before were read, and whether they show the sign; `late` the
    pages of the last two days, and the same.
    """

    source: str
    family: str
    sort: str
    normal: Sequence[tuple[datetime, bool]]
    late: Sequence[tuple[Reading, bool]]


def strands(source: str, family: str, found: Mapping[str, Sample], asked: datetime) -> list[Strand]:
    """What a source with too few pages to be judged alone adds to the judgement of its family."""
    parts = []
    for sort in SORTS:
        sample = found.get(sort)
        if sample is None:
            continue
        pages = list(zip(sample.pages, sample.shown, strict=True))
        late = [one for one in pages if one[0].seen_at > asked - LATELY]
        before = kept(pages[: sample.cut], sample.is_normal)
        normal = [(page.seen_at, shown) for page, shown in before]
        if (
            0 < len(late) < WINDOWS[0]
            and len(normal) >= LEAST_OWN
            and sum(shown for _, shown in normal) <= RARELY * len(normal)
            and not _was_so_before([shown for _, shown in normal], [shown for _, shown in late])
        ):
            parts.append(Strand(source, family, sort, normal, late))
    return parts


def _was_so_before(normal: Sequence[bool], late: Sequence[bool]) -> bool:
    """Whether as many of as many pages in a row showed the sign before."""
    return 0 < sum(late) <= highest_share(normal, len(late)) * len(late)


def family_drifts(
    found: Iterable[Strand], zone: tzinfo, now: datetime
) -> list[tuple[str, str, dict[str, Any]]]:
    """The drifts of families that the pages of their sources show together.

    Gives for each source that takes part its name, the sort of drift, and what is said of it: the
    same words for all of them. What was read last more than two days before `now` is left out.
    """
    families: dict[tuple[str, str], list[Strand]] = {}
    for one in found:
        if one.family and any(page.seen_at > now - LATELY for page, _ in one.late):
            families.setdefault((one.family, one.sort), []).append(one)
    drifts = []
    for (family, sort), members in families.items():
        drifts += _judged(family, sort, members, zone) if len(members) > 1 else []
    return drifts


def _judged(
    family: str, sort: str, members: Sequence[Strand], zone: tzinfo
) -> list[tuple[str, str, dict[str, Any]]]:
    normal = sorted(pair for one in members for pair in one.normal)
    late = sorted(
        ((page, shown, one.source) for one in members for page, shown in one.late),
        key=lambda each: (each[0].seen_at, each[0].item),
    )
    shift = shift_of([shown for _, shown in normal], [shown for _, shown, _ in late])
    if shift is None:
        return []
    since = late[shift.start :]
    pages = Counter(source for *_, source in since)
    bad = Counter(source for _, shown, source in since if shown)
    if shift.bad - max(bad.values()) < LEAST_OTHERS:
        return []
    began = min(page.seen_at for page, shown, _ in since if shown)
    own = replace(shift, pages=sum(pages[name] for name in bad))
    showing = [page for page, shown, _ in since if shown]
    day = since_day(began, zone)
    parts = of_sources(
        [(name, pages[name] - count, pages[name]) for name, count in sorted(bad.items())]
    )
    if sort == "selectors":
        words = of_selectors(own, day, family, showing, parts)
    else:
        words = of_field(sort, own, day, family_in(showing), showing, parts)
    said = {"since": began.isoformat(), "words": words, "sources": sorted(bad)}
    return [
        (name, sort, said | {"pages": pages[name], "bad": count}) for name, count in bad.items()
    ]

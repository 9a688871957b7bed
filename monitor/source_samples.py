"""The pages by which each sort of drift of a source is judged, and which of them show its sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.source_drift import WINDOWS
from monitor.source_outcomes import within
from monitor.source_signs import (
    FIELDS,
    NOTING,
    SIGNS,
    Signs,
    another_language,
    judged,
    missed,
    telling,
    usual_language,
)
from storage.reading_figures import Reading

LATELY = timedelta(days=2)
LOOKBACK = timedelta(days=180)
LEAST_SPAN = timedelta(days=7)
"""With less history than this a source has no normal yet."""

Spans = Sequence[tuple[datetime, datetime]]
_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Sample:
    """Pages, oldest reading first, and whether each shows a sign.

    `cut` is the place of the first of the last ones; `is_normal` says of each before whether it
    counts as normal.
    """

    pages: Sequence[Reading]
    shown: Signs
    cut: int
    is_normal: Sequence[bool]

    @property
    def normal(self) -> list[bool]:
        """What the normal pages show."""
        return kept(self.shown[: self.cut], self.is_normal)

    @property
    def lately(self) -> Signs:
        """What the last pages show."""
        return self.shown[self.cut :]

    @property
    def late(self) -> Sequence[Reading]:
        """The last pages."""
        return self.pages[self.cut :]

    @property
    def bad(self) -> list[Reading]:
        """The last pages that show the sign."""
        return kept(self.late, self.lately)


def samples(pages: Sequence[Reading], spans: Spans, asked: datetime) -> Mapping[str, Sample]:
    """The pages of a source by which each sort of drift is judged at `asked`.

    A selector of one field is judged by the pages that tell of it alone; where older ones do not,
    by those of a week or more.

    Args:
        pages: the last ones, by when they were read, oldest first.
        spans: from when to when it drifted before; these pages are not its normal.
    """
    read = judged(pages)
    cut = where_late([one.seen_at for one in read], asked)
    is_normal = [not within(one.seen_at, spans) for one in read[:cut]]
    signs = {**SIGNS, "language": another_language(usual_language(read[:cut]))}
    found = {sort: Sample(read, sign(read), cut, is_normal) for sort, sign in signs.items()}
    is_new = any(one.reader < NOTING for one in read)
    for sort in FIELDS:
        known = telling(read, sort)
        if is_new and known and asked - known[0].seen_at < LEAST_SPAN:
            continue
        cut = where_late([one.seen_at for one in known], asked)
        is_normal = [not within(one.seen_at, spans) for one in known[:cut]]
        found[sort] = Sample(known, missed(known, sort), cut, is_normal)
    return found


def where_late(times: Sequence[datetime], asked: datetime) -> int:
    """The place of the first of the last pages: those of two days, or the last five."""
    late = sum(at > asked - LATELY for at in times)
    return len(times) - max(late, min(WINDOWS[0], len(times)))


def kept(values: Sequence[_One], is_kept: Sequence[bool]) -> list[_One]:
    """The values that are to be kept."""
    return [value for value, keep in zip(values, is_kept, strict=True) if keep]

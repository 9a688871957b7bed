"""How a source is read, in plain figures: its last week beside the four weeks before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from config import SourceDeclaration
from monitor.source_drift_checks import family_of
from monitor.source_outcomes import came_of
from monitor.source_signs import FIELDS, SIGNS, another_language, judged, missed, usual_language
from storage.archive import Transaction
from storage.reading_figures import first_seen_of, readings

LATELY, BEFORE = timedelta(days=7), timedelta(days=28)
ELSEWHERE = "led-elsewhere"
"""What a page that led to another one counts as among the pages that could not be read."""
SHOWN = (
    "selectors", "title", "date", "byline", "summary", *FIELDS, "duplicates", "same-title",
    "future", "stuck", "stale", "garbled", "language",
)  # fmt: skip
"""The sorts of `SIGNS` and `FIELDS`, in the order of a table."""


@dataclass(frozen=True, slots=True)
class Span:
    """The pages of a source, or of several, that were first seen within some days.

    Attributes:
        days: how many of them the source was known.
        items: articles and documents, those included of which only a feed tells.
        read: pages by which a source is judged; long past ones that were gathered late are not.
        signs: how many of those read show each sort of sign.
        missed: how many could not be read, by the kind of the trouble.
        lengths: of the texts read, in characters.
    """

    days: float
    items: int
    read: int
    signs: Mapping[str, int]
    missed: Mapping[str, int]
    lengths: tuple[int, ...]

    @property
    def a_day(self) -> float | None:
        """Items a day; None where the source was known for less than one."""
        return self.items / self.days if self.days >= 1 else None

    @property
    def quartiles(self) -> tuple[int, int, int] | None:
        """The quartiles of the lengths; None for fewer than two texts."""
        if len(self.lengths) < 2:
            return None
        low, middle, high = quantiles(self.lengths, n=4, method="inclusive")
        return round(low), round(middle), round(high)

    def to_json(self) -> dict[str, Any]:
        """The figures in their public form."""
        return {
            "days": self.days,
            "items": self.items,
            "read": self.read,
            "signs": dict(self.signs),
            "missed": dict(self.missed),
            "length_quartiles": self.quartiles,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """How a source, or the sources of a CMS family together, were read."""

    sources: tuple[str, ...]
    family: str
    lately: Span
    before: Span

    def to_json(self) -> dict[str, Any]:
        """The figures in their public form."""
        return {
            "sources": list(self.sources),
            "family": self.family,
            "lately": self.lately.to_json(),
            "before": self.before.to_json(),
        }


def figures_of(tx: Transaction, source: SourceDeclaration, now: datetime) -> Figures:
    """The figures of one source: the week up to `now`, and the four weeks before that."""
    start, cut = now - LATELY - BEFORE, now - LATELY
    known = first_seen_of(tx, source.id) or now
    pages = readings(tx, source.id, start, now)
    read = judged(pages)
    signs = {**SIGNS, "language": another_language(usual_language(read))}
    shown = {sort: signs[sort](read) for sort in SHOWN if sort in signs}
    shown |= {sort: missed(read, sort) for sort in FIELDS}
    came = came_of(tx, source, pages, start, now)

    def span(after: datetime, until: datetime) -> Span:
        def is_in(at: datetime) -> bool:
            return after < at <= until

        places = [n for n, one in enumerate(read) if is_in(one.first_seen)]
        return Span(
            days=max(until - max(after, known), timedelta()) / timedelta(days=1),
            items=sum(is_in(one.first_seen) for one in pages),
            read=len(places),
            signs={sort: sum(sign[n] for n in places) for sort, sign in shown.items()},
            missed=dict(
                Counter(
                    one.kind or ELSEWHERE for at, one in came if one and is_in(at)
                ).most_common()
            ),
            lengths=tuple(read[n].length for n in places),
        )

    return Figures((source.id,), family_of(source, read), span(cut, now), span(start, cut))


def by_family(found: Iterable[Figures]) -> list[Figures]:
    """The figures of sources, those of one CMS family together; "" are those of none."""
    families: dict[str, list[Figures]] = {}
    for one in found:
        families.setdefault(one.family, []).append(one)
    return [
        Figures(
            tuple(name for one in fellows for name in one.sources),
            family,
            _together([one.lately for one in fellows]),
            _together([one.before for one in fellows]),
        )
        for family, fellows in sorted(families.items())
    ]


def _together(spans: Sequence[Span]) -> Span:
    return Span(
        days=max(one.days for one in spans),
        items=sum(one.items for one in spans),
        read=sum(one.read for one in spans),
        signs=sum((Counter(one.signs) for one in spans), Counter()),
        missed=sum((Counter(one.missed) for one in spans), Counter()),
        lengths=tuple(length for one in spans for length in one.lengths),
    )

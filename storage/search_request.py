"""What is asked of the archive's search, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from storage.problems import Problem

Mode = Literal["hybrid", "words", "meaning"]
Interval = Literal["day", "week", "month"]


class QueryUnclear(Problem):
    """A query that cannot be read.

    Attributes:
        at: the place in the query where it goes wrong, counted from 0 in characters.
    """

    kind: ClassVar[str] = "query-unclear"

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be; of a field with several values one is enough, an empty one is no limit.

    Attributes:
        sides: kinds of source: state, independent, international, official.
        kinds: article, document.
        instruments: numbers such as 147/2024/NĐ-CP (or 147/2024), or a watched instrument's id.
        since, until: the first and the last day, in the reader's zone, both included.
        by: whether days are those of being first seen, or of being published (first seen where a
            page does not say).
        edited: whether the page was edited after it was first seen.
        removed: whether its page is gone.
    """

    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    by: Literal["seen", "published"] = "seen"
    edited: bool | None = None
    removed: bool | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A search.

    Attributes:
        query: in the query language; empty finds everything that passes the filters.
        limit: hits to a page, 1..`MOST_HITS`.
        page: `Results.next` of the page before; empty for the first.
        order: relevance, or the newest first (by `filters.by`).
        collapse: show of each story only its best hit.
        facets, histogram: whether to count them.
    """

    query: str = ""
    filters: Filters = Filters()
    mode: Mode = "hybrid"
    limit: int = 20
    page: str = ""
    order: Literal["relevance", "newest"] = "relevance"
    collapse: bool = True
    facets: bool = True
    histogram: bool = True


MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found, as it is in the archive now.

    Attributes:
        side: the kind of its source, "" where the configuration does not name it.
        snippet: pieces of its text around what was found, each with whether it is marked.
        score: what it was ranked by; comparable within one answer only.
        story_id: the story it tells; None while it is in none.
        others: how many more hits of the same story were left out.
        edited, removed: whether the page was edited since, and whether it is gone.
        why: the explanation of the score, a line each.
    """

    item_id: int
    revision_id: int
    url: str
    title: str
    source: str
    kind: str
    side: str
    language: str
    published_at: datetime | None
    seen_at: datetime
    topics: tuple[str, ...]
    instruments: tuple[str, ...]
    snippet: tuple[tuple[str, bool], ...]
    score: float
    story_id: int | None
    others: int
    edited: bool
    removed: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """That a query names an instrument.

    Attributes:
        instrument: a watched instrument's id, else its number such as 147/2024/NĐ-CP.
        number: its number, "" where it has none.
        name: what a reader calls it.
        start, end: where in the query it is named.
        running: the number before the year and the type (`147`, `decree`), where the query gives
            no more; what the archive mostly means by them goes before `instrument`.
    """

    instrument: str
    number: str
    name: str
    start: int
    end: int
    running: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class InstrumentFound:
    """The instrument that a query names.

    Attributes:
        instrument: a watched instrument's id, else its number such as 147/2024/NĐ-CP.
        number: its number, "" where it has none.
        name: what a reader calls it.
        item_ids: items that are texts of it, newest first.
        named_in: how many items name it or are texts of it.
    """

    instrument: str
    number: str
    name: str
    item_ids: tuple[int, ...] = ()
    named_in: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer.

    Attributes:
        total: how many items were found, before stories are collapsed.
        took_ms: how long it took, in milliseconds.
        facets: for topics, sources, sides, kinds, languages and instruments how many of the items
            found have each value, most first.
        histogram: how many were seen (or published) in each span of `interval`, by its first day
            in the reader's zone; spans without any are left out.
        next: the token of the next page, "" on the last.
        instrument: the instrument that the query names.
        notes: what the reader should know: how far the index is behind, what was left out.
    """

    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    histogram: tuple[tuple[date, int], ...] = ()
    interval: Interval = "day"
    next: str = ""
    instrument: InstrumentFound | None = None
    notes: tuple[str, ...] = ()

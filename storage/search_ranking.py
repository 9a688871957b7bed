"""The order of an answer, made as far as its pages are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tantivy

WINDOW = 100
"""How many hits are ranked at once."""
DEEPEST = 100_000
"""How far an order goes; what is further down is better found by a narrower question."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit in its place.

    Attributes:
        score: what it was ranked by.
        legs: by which search it was found: `words` or `meaning`, its place there (from 1) and its
            score there.
    """

    item: int
    score: float
    story: int | None
    legs: tuple[tuple[str, int, float], ...]


class Ranking:
    """The order of one answer over one state of the index."""

    def __init__(
        self,
        snapshot: "tantivy.Searcher",
        query: "tantivy.Query",
        *,
        first: Sequence[Ranked] = (),
        read: Sequence[Ranked] | None = None,
        order_by: str = "",
        collapse: bool,
    ) -> None:
        """Take the index as it is, and what is asked of it in words.

        Args:
            first: what stands before all else, such as what words and meaning found together.
            read: the first `WINDOW` hits of the query, where they were read already.
            order_by: the field of dates by which the newest come first; "" for relevance.
            collapse: whether only the best of a story gets a place.
        """
        self.snapshot = snapshot
        self._query = query
        self._order_by = order_by
        self._collapse = collapse
        self._lock = Lock()
        self._places: list[Ranked] = []
        self._items: set[int] = set()
        self._stories: set[int] = set()
        self._read = 0
        self._is_all = False
        self._take(first)
        if read is not None:
            self._read, self._is_all = len(read), len(read) < WINDOW
            self._take(read)

    def between(self, start: int, end: int) -> list[Ranked]:
        """The hits from one place to another; fewer where there are no more."""
        with self._lock:
            while len(self._places) < end and not self._is_all:
                self._extend(end)
            return self._places[start:end]

    def _extend(self, end: int) -> None:
        count = max(WINDOW, end - len(self._places))
        if self._read >= DEEPEST:
            self._is_all = True
            return
        hits = window(self.snapshot, self._query, self._read, count, self._order_by)
        self._read += len(hits)
        self._is_all = len(hits) < count
        self._take(hits)

    def _take(self, hits: Sequence[Ranked]) -> None:
        for hit in hits:
            if hit.item in self._items:
                continue
            self._items.add(hit.item)
            if self._collapse and hit.story is not None:
                if hit.story in self._stories:
                    continue
                self._stories.add(hit.story)
            self._places.append(hit)


def window(
    snapshot: "tantivy.Searcher",
    query: "tantivy.Query",
    start: int,
    count: int,
    order_by: str = "",
) -> list[Ranked]:
    """The hits of a query from place `start` on, best or newest first."""
    if order_by:
        found = snapshot.search(
            query, limit=count, count=False, offset=start, order_by_field=order_by
        )
    else:
        found = snapshot.search(query, limit=count, count=False, offset=start)
    return _placed(snapshot, found, start, order_by)


def opening(snapshot: "tantivy.Searcher", query: "tantivy.Query") -> tuple[tuple[Ranked, ...], int]:
    """The best hits of a query, as many as are ranked at once, and how many it has: counting them
    beside costs next to nothing."""
    found = snapshot.search(query, limit=WINDOW, count=True)
    counted: Any = found  # the binding's stubs leave the count out
    return tuple(_placed(snapshot, found, 0, "")), int(counted.count or 0)


def _placed(
    snapshot: "tantivy.Searcher", found: "tantivy.SearchResult", start: int, order_by: str
) -> list[Ranked]:
    addresses = [address for _, address in found.hits]
    items = snapshot.fast_field_values("item", addresses)
    stories = snapshot.fast_field_values("story", addresses)
    return [
        Ranked(
            int(item or 0),
            0.0 if order_by else float(score),
            int(story) if story is not None else None,
            (("words", place, 0.0 if order_by else float(score)),),
        )
        for place, ((score, _), item, story) in enumerate(
            zip(found.hits, items, stories, strict=True), start + 1
        )
    ]

"""Search by meaning: the items nearest to a vector that pass the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from storage import index_vectors
from storage.index_folder import VECTORS, stamp_of
from storage.index_vectors import Rows
from storage.search_counts import count_of
from storage.search_ranking import Ranked

if TYPE_CHECKING:
    import numpy as np
    import tantivy
    from numpy.typing import NDArray

    from storage.search_terms import Terms

NEAREST = 100
"""How many items meaning finds at most."""
FEW = 10_000
"""So many items that pass a filter are compared one by one; of more, the nearest are filtered."""
FARTHEST = 1_500
"""How many of the nearest are looked through for such that pass a filter."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The items that meaning found, and whether a filter left some unseen."""

    hits: tuple[Ranked, ...]
    partial: bool


class Meaning:
    """The vectors as the last commit left them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._rows: Rows | None = None

    def rows(self) -> Rows | None:
        """The vectors, read again when they were added to; None while there are none.

        Raises IndexTorn when they are damaged.
        """
        with self._lock:
            stamp = stamp_of(self._folder / VECTORS)
            if stamp != self._stamp:
                mark = index_vectors.read(self._folder)
                self._rows = Rows(self._folder, mark) if mark is not None and mark.rows else None
                self._stamp = stamp
            return self._rows


def nearest(
    rows: Rows,
    vector: "NDArray[np.float32]",
    snapshot: "tantivy.Searcher",
    terms: "Terms",
    filtering: "Sequence[tantivy.Query]",
) -> Nearest:
    """The items of the index nearest to a unit vector that pass all filters, at most `NEAREST`."""
    from tantivy import Occur, Query

    if not filtering:
        return Nearest(_passed(rows, rows.nearest(vector, NEAREST), snapshot, terms, []), False)
    passing = Query.boolean_query([(Occur.Must, query) for query in filtering])
    count = count_of(snapshot, passing)
    if count <= FEW:
        hits = snapshot.search(passing, limit=FEW, count=False).hits
        numbers = snapshot.fast_field_values("item", [address for _, address in hits])
        found = rows.among(vector, [int(number or 0) for number in numbers], NEAREST)
        return Nearest(_passed(rows, found, snapshot, terms, []), False)
    share = count / max(snapshot.num_docs, 1)
    found = rows.nearest(vector, min(FARTHEST, int(2 * NEAREST / share)))
    ranked = _passed(rows, found, snapshot, terms, filtering)[:NEAREST]
    return Nearest(ranked, len(ranked) < NEAREST and found[-1][1] >= rows.mark.least)


def _passed(
    rows: Rows,
    found: Sequence[tuple[int, float]],
    snapshot: "tantivy.Searcher",
    terms: "Terms",
    filtering: "Sequence[tantivy.Query]",
) -> tuple[Ranked, ...]:
    """Those of the nearest that are like enough, and pass."""
    likely = [(item, score) for item, score in found if score >= rows.mark.least]
    return _ranked(likely, _there(snapshot, terms, likely, filtering))


def _there(
    snapshot: "tantivy.Searcher",
    terms: "Terms",
    found: Sequence[tuple[int, float]],
    filtering: "Sequence[tantivy.Query]",
) -> dict[int, int | None]:
    """Of these items those that the words index holds and that pass, with their stories."""
    from tantivy import Occur, Query

    if not found:
        return {}
    likely = [item for item, _ in found]
    wanted = [(Occur.Must, terms.items(likely)), *((Occur.Must, query) for query in filtering)]
    hits = snapshot.search(Query.boolean_query(wanted), limit=len(likely), count=False).hits
    addresses = [address for _, address in hits]
    items = snapshot.fast_field_values("item", addresses)
    stories = snapshot.fast_field_values("story", addresses)
    return {
        int(item or 0): int(story) if story is not None else None
        for item, story in zip(items, stories, strict=True)
    }


def _ranked(found: Sequence[tuple[int, float]], there: dict[int, int | None]) -> tuple[Ranked, ...]:
    passed = [(item, score) for item, score in found if item in there]
    return tuple(
        Ranked(item, score, there[item], (("meaning", place, score),))
        for place, (item, score) in enumerate(passed, 1)
    )

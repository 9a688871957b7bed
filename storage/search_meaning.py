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

NEAREST = 200
"""How many items meaning finds at most."""
LEAST = 0.2
"""Cosines of centred vectors below this say nothing: most texts are that near to any other."""
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
        found = rows.nearest(vector, NEAREST)
        return Nearest(_ranked(found, _there(snapshot, terms, found, [])), partial=False)
    passing = Query.boolean_query([(Occur.Must, query) for query in filtering])
    count = count_of(snapshot, passing)
    if count <= FEW:
        addresses = [
            address for _, address in snapshot.search(passing, limit=FEW, count=False).hits
        ]
        items = [int(item or 0) for item in snapshot.fast_field_values("item", addresses)]
        found = rows.among(vector, items, NEAREST)
        return Nearest(_ranked(found, _there(snapshot, terms, found, [])), partial=False)
    share = count / max(snapshot.num_docs, 1)
    reach = min(FARTHEST, int(2 * NEAREST / share))
    found = rows.nearest(vector, reach)
    ranked = _ranked(found, _there(snapshot, terms, found, filtering))[:NEAREST]
    return Nearest(ranked, partial=len(ranked) < NEAREST and found[-1][1] >= LEAST)


def _there(
    snapshot: "tantivy.Searcher",
    terms: "Terms",
    found: Sequence[tuple[int, float]],
    filtering: "Sequence[tantivy.Query]",
) -> dict[int, int | None]:
    """Of these items those that the words index holds and that pass, with their stories."""
    from tantivy import Occur, Query

    likely = [item for item, score in found if score >= LEAST]
    if not likely:
        return {}
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

"""Search of the archive: what is asked becomes ranked, explained results."""

import secrets
import time as clock
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from storage import search_paging
from storage.archive import Archive
from storage.index import behind, opened
from storage.index_folder import WORDS, IndexMissing, WordsMark, folder_of, read_mark
from storage.index_items import Standing, standing
from storage.query_language import Parsed, parse
from storage.search_counts import Counts, counted
from storage.search_paging import Kept, Place, fingerprint
from storage.search_ranking import Ranked, Ranking
from storage.search_request import MOST_HITS as MOST_HITS
from storage.search_request import Filters as Filters
from storage.search_request import Hit as Hit
from storage.search_request import InstrumentFound as InstrumentFound
from storage.search_request import Mode as Mode
from storage.search_request import QueryUnclear as QueryUnclear
from storage.search_request import Request as Request
from storage.search_request import Results as Results
from storage.search_snippets import marked
from storage.search_terms import Terms

if TYPE_CHECKING:
    import numpy as np
    import tantivy
    from numpy.typing import NDArray

Encode = Callable[[str, str], "NDArray[np.float32]"]
"""Gives the centred unit vector of a text in a language ("" where it is not known)."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the search must know of the configuration.

    Attributes:
        sides: the kind of each source: state, independent, international, official.
        zone: the reader's zone.
        named: which instruments a query names.
    """

    sides: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    named: Callable[[str], Sequence[InstrumentFound]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class _Open:
    """The index as it is on the disk now."""

    mark: WordsMark
    stamp: tuple[int, int]
    index: "tantivy.Index"
    snapshot: "tantivy.Searcher"


class Searcher:
    """Searches one archive. Any number of threads may ask at once; what another process commits
    to the index is seen by the next question."""

    def __init__(self, archive: Archive, encode: Encode | None, around: Surroundings) -> None:
        """See `open_searcher`."""
        self._archive = archive
        self._encode = encode
        self._around = around
        self._folder = folder_of(archive.root)
        self._lock = Lock()
        self._open: _Open | None = None
        self._kept = Kept()

    def search(self, request: Request) -> Results:
        """Answer a request.

        Raises QueryUnclear when the query cannot be read, with what is wrong and where;
        IndexMissing or IndexTorn when there is no index to search.
        """
        began = clock.perf_counter()
        if not 1 <= request.limit <= MOST_HITS:
            raise QueryUnclear(f"a page holds 1 to {MOST_HITS} hits, not {request.limit}")
        parsed = parse(request.query)
        now = self._now()
        place = search_paging.read(request.page, request) if request.page else None
        ranking = self._kept.get(place.ranking) if place else None
        notes: list[str] = []
        if place is not None and ranking is None:
            notes.append("the order was made anew, since this search was last read long ago")
        terms = self._terms(now)
        if ranking is None:
            highest = place.highest if place else now.mark.highest
            ranking = self._ranked(now, terms, parsed, request, highest)
            name = secrets.token_hex(6)
            self._kept.put(name, ranking)
            start = place.start if place else 0
            place = Place(fingerprint(request), name, start, highest)
        assert place is not None
        end = place.start + request.limit
        places = ranking.between(place.start, end + 1)
        matching = terms.matching(parsed, request.filters)
        counts = self._counts(ranking, matching, request)
        hits = self._hits(places[: request.limit], parsed, ranking, matching, terms, request)
        return Results(
            total=counts.total,
            took_ms=round((clock.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets=counts.facets,
            histogram=counts.histogram,
            interval=counts.interval,
            next=search_paging.written(replace(place, start=end))
            if len(places) > request.limit
            else "",
            notes=(*notes, *self._behind(now)),
        )

    def like(self, item_id: int, *, limit: int = 10) -> Results:
        """More like an item: others that share its words and meaning, its own story left out."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            self._open = None
        self._kept.clear()

    def _now(self) -> _Open:
        """The index as the last commit left it."""
        path = self._folder / WORDS
        with self._lock:
            stamp = _stamp(path)
            known = self._open
            if known is not None and known.stamp == stamp:
                return known
            mark = read_mark(path, WordsMark)
            if mark is None:
                raise IndexMissing(
                    f"the archive in {self._archive.root} is not indexed yet; "
                    "`decreewatch index` does it, and so does the daemon"
                )
            if known is not None and known.mark.folder == mark.folder:
                known.index.reload()
                index = known.index
            else:
                index = opened(self._folder, mark)
            self._open = _Open(mark, stamp, index, index.searcher())
            return self._open

    def _terms(self, now: _Open) -> Terms:
        sides: dict[str, list[str]] = defaultdict(list)
        for source, side in self._around.sides.items():
            sides[side].append(source)
        by_side = {side: tuple(sources) for side, sources in sides.items()}
        return Terms(now.index.schema, by_side, self._around.zone)

    def _ranked(
        self, now: _Open, terms: Terms, parsed: Parsed, request: Request, highest: int
    ) -> Ranking:
        by_date = request.order == "newest" or not parsed.words
        query = (terms.matching if by_date else terms.ranking)(parsed, request.filters)
        return Ranking(
            now.snapshot,
            query,
            order_by=request.filters.by if by_date else "",
            collapse=request.collapse,
        )

    def _counts(self, ranking: Ranking, matching: "tantivy.Query", request: Request) -> Counts:
        return counted(
            ranking.snapshot,
            matching,
            by=request.filters.by,
            zone=self._around.zone,
            side_of=self._around.sides,
            facets=request.facets,
            histogram=request.histogram,
        )

    def _hits(
        self,
        places: Sequence[Ranked],
        parsed: Parsed,
        ranking: Ranking,
        matching: "tantivy.Query",
        terms: Terms,
        request: Request,
    ) -> tuple[Hit, ...]:
        with self._archive.reading() as tx:
            found = {one.item.id: one for one in standing(tx, [one.item for one in places])}
        return tuple(
            self._hit(place, found[place.item], parsed, 0)
            for place in places
            if place.item in found
        )

    def _hit(self, place: Ranked, one: Standing, parsed: Parsed, others: int) -> Hit:
        item, revision = one.item, one.revision
        return Hit(
            item_id=item.id,
            revision_id=revision.id,
            url=item.url,
            title=revision.title,
            source=item.source_id,
            kind=item.kind,
            side=self._around.sides.get(item.source_id, ""),
            language=item.language,
            published_at=item.published_at,
            seen_at=item.first_seen,
            topics=one.topics,
            instruments=one.instruments,
            snippet=marked((revision.summary, revision.text), parsed),
            score=round(place.score, 4),
            story_id=one.story,
            others=others,
            edited=one.edited,
            removed=item.removed_at is not None,
            why=(),
        )

    def _behind(self, now: _Open) -> list[str]:
        with self._archive.reading() as tx:
            waiting = behind(tx, now.mark)
        return [f"the index is {waiting} events behind the archive"] if waiting else []


def open_searcher(
    archive: Archive, encode: Encode | None, around: Surroundings | None = None
) -> Searcher:
    """A searcher of this archive; nothing is opened before the first question.

    Args:
        archive: what is searched, with its index beside it.
        encode: makes a question's vector; None leaves meaning out.
        around: what to know of the configuration.
    """
    return Searcher(archive, encode, around or Surroundings())


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino

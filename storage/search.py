"""Search of the archive: what is asked becomes ranked, explained results."""

import secrets
import time as clock
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from storage import search_paging
from storage.archive import Archive, Transaction
from storage.index_folder import WORDS, IndexMissing, WordsMark, folder_of, read_mark, stamp_of
from storage.index_items import standing
from storage.index_words import number_key
from storage.index_writing import behind, opened
from storage.query_language import Parsed, parse
from storage.search_answer import Answer, Encode, answered, counts_of, others_of
from storage.search_explanation import why
from storage.search_hits import Shown, shown, texts_of
from storage.search_like import likened
from storage.search_meaning import Meaning
from storage.search_paging import Kept, Place, fingerprint
from storage.search_ranking import Ranked
from storage.search_request import MOST_HITS as MOST_HITS
from storage.search_request import Filters as Filters
from storage.search_request import Hit as Hit
from storage.search_request import InstrumentFound as InstrumentFound
from storage.search_request import Mode as Mode
from storage.search_request import Named as Named
from storage.search_request import QueryUnclear as QueryUnclear
from storage.search_request import Request as Request
from storage.search_request import Results as Results
from storage.search_snippets import marked
from storage.search_surroundings import Surroundings as Surroundings
from storage.search_terms import Terms

if TYPE_CHECKING:
    import tantivy

AT_ONCE = 500
"""Hits read at once when all of them are wanted."""


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
        self._meaning = Meaning(self._folder)
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
        answer = self._kept.get(place.answer) if place else None
        notes: list[str] = []
        if place is not None and answer is None:
            notes.append("the order was made anew: this search was last read long ago")
        if place is None or answer is None:
            highest = place.highest if place else now.mark.highest
            answer = self._answered(now, parsed, request, highest if place else None)
            start = place.start if place else 0
            place = Place(fingerprint(request), secrets.token_hex(6), start, highest)
            self._kept.put(place.answer, answer)
        end = place.start + request.limit
        places = answer.ranking.between(place.start, end + 1)
        counts = counts_of(answer, self._around, request)
        with self._archive.reading() as tx:
            hits = self._hits(tx, answer, places[: request.limit], request)
            notes += [*answer.notes, *self._behind(tx, now)]
        is_last = len(places) <= request.limit
        return Results(
            total=counts.total,
            took_ms=round((clock.perf_counter() - began) * 1000, 2),
            hits=hits,
            facets=counts.facets if request.facets else {},
            histogram=counts.histogram if request.histogram else (),
            interval=counts.interval,
            next="" if is_last else search_paging.written(replace(place, start=end)),
            instrument=answer.instrument,
            notes=tuple(notes),
        )

    def every(self, request: Request) -> Iterator[Hit]:
        """All hits of a request, page by page, as the index is now: for export.

        Raises what `search` raises.
        """
        parsed = parse(request.query)
        answer = self._answered(self._now(), parsed, request, None)
        start = 0
        while places := answer.ranking.between(start, start + AT_ONCE):
            with self._archive.reading() as tx:
                hits = self._hits(tx, answer, places, request)
            yield from hits
            start += len(places)

    def like(self, item_id: int, *, limit: int = 10) -> Results:
        """More like an item: those near to it in words and meaning, without its own story.

        Raises KeyError when there is no such item; IndexMissing or IndexTorn.
        """
        began = clock.perf_counter()
        now = self._now()
        with self._archive.reading() as tx:
            known = standing(tx, [item_id])
        if not known:
            raise KeyError(f"no item {item_id}")
        answer = likened(now.snapshot, self._meaning.rows, self._terms(now, "seen", None), known[0])
        request = Request(limit=limit, facets=False, histogram=False)
        places = answer.ranking.between(0, limit)
        with self._archive.reading() as tx:
            hits = self._hits(tx, answer, places, request)
        return Results(
            total=len(places),
            took_ms=round((clock.perf_counter() - began) * 1000, 2),
            hits=hits,
            notes=answer.notes,
        )

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            self._open = None
        self._kept.clear()

    def _now(self) -> _Open:
        """The index as the last commit left it."""
        path = self._folder / WORDS
        with self._lock:
            stamp = stamp_of(path)
            known = self._open
            if known is not None and known.stamp == stamp:
                return known
            mark = read_mark(path, WordsMark)
            if mark is None:
                raise IndexMissing(
                    f"the archive in {self._archive.root} is not indexed yet; "
                    "`decreewatch index` does it, and so does the daemon"
                )
            index = opened(self._folder, mark)
            self._open = _Open(mark, stamp, index, index.searcher())
            return self._open

    def _terms(self, now: _Open, by: str, highest: int | None) -> Terms:
        sides: dict[str, list[str]] = defaultdict(list)
        for source, side in self._around.sides.items():
            sides[side].append(source)
        by_side = {side: tuple(sources) for side, sources in sides.items()}
        alike = {
            number_key(name): tuple(map(number_key, names))
            for name, names in self._around.alike.items()
        }
        return Terms(now.index.schema, by_side, self._around.zone, alike, by, highest)

    def _answered(
        self, now: _Open, parsed: Parsed, request: Request, highest: int | None
    ) -> Answer:
        return answered(
            now.snapshot,
            self._meaning.rows,
            self._encode,
            self._texts,
            self._terms(now, request.filters.by, highest),
            self._around,
            parsed,
            request,
        )

    def _texts(self, item_ids: Sequence[int]) -> list[tuple[str, ...]]:
        with self._archive.reading() as tx:
            return texts_of(tx, item_ids)

    def _hits(
        self, tx: Transaction, answer: Answer, places: Sequence[Ranked], request: Request
    ) -> tuple[Hit, ...]:
        others = others_of(answer, places) if request.collapse else {}
        found = shown(tx, [one.item for one in places])
        return tuple(
            self._hit(place, found[place.item], answer.parsed, others.get(place.story or 0, 0))
            for place in places
            if place.item in found
        )

    def _hit(self, place: Ranked, one: Shown, parsed: Parsed, others: int) -> Hit:
        return Hit(
            item_id=one.item,
            revision_id=one.revision,
            url=one.url,
            title=one.title,
            source=one.source,
            kind=one.kind,
            side=self._around.sides.get(one.source, ""),
            language=one.language,
            published_at=one.published_at,
            seen_at=one.seen_at,
            topics=one.topics,
            instruments=one.instruments,
            snippet=marked((one.summary, one.text), parsed),
            score=round(place.score, 4),
            story_id=one.story,
            others=others,
            edited=one.edited,
            removed=one.removed,
            why=why(place, one, parsed),
        )

    def _behind(self, tx: Transaction, now: _Open) -> list[str]:
        waiting = behind(tx, now.mark)
        number = "1 event" if waiting == 1 else f"{waiting:,} events"
        return [f"the index is {number} behind the archive"] if waiting else []


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

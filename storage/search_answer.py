"""The answer to a question: its order, its counts, and what the reader should know of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.problems import Problem
from storage.query_language import Parsed
from storage.search_counts import Counts, counted
from storage.search_fusion import LOOSE, fused
from storage.search_meaning import Nearest, nearest
from storage.search_named import described, named_in, names_of, own_texts
from storage.search_ranking import WINDOW, Ranked, Ranking, window
from storage.search_request import Filters, InstrumentFound, Named, Request
from storage.search_surroundings import Surroundings
from storage.search_terms import Terms

if TYPE_CHECKING:
    import numpy as np
    import tantivy
    from numpy.typing import NDArray

    from storage.index_vectors import Rows

Encode = Callable[[str, str], "NDArray[np.float32]"]
"""Gives the aligned unit vector of a text in a language ("" where it is not known)."""
MOST_WORDS = "no text has all of the words; shown are those that have most of them"


@dataclass(slots=True)
class Answer:
    """What was found, as far as it was read.

    Attributes:
        ranking: the order.
        found: everything that was found, as a query of the index as it was then.
        counts: of all that was found; None before they were asked for.
    """

    ranking: Ranking
    found: "tantivy.Query"
    terms: Terms
    parsed: Parsed
    instrument: InstrumentFound | None
    notes: tuple[str, ...]
    counts: Counts | None = None


def answered(
    snapshot: "tantivy.Searcher",
    rows: "Callable[[], Rows | None]",
    encode: Encode | None,
    terms: Terms,
    around: Surroundings,
    parsed: Parsed,
    request: Request,
) -> Answer:
    """Answer a question over one state of the index."""
    named = named_in(snapshot, terms, around, parsed, request)
    words, is_loose = _words(snapshot, terms, parsed, request, named)
    by_date = request.order == "newest" or not parsed.words
    meant: Nearest | None = None
    notes: list[str] = []
    if request.mode != "words" and parsed.words:
        meant, note = _meant(snapshot, rows, encode, terms, around, parsed, request)
        notes += [note] if note else []
    by_meaning = request.mode == "meaning" and meant is not None
    found = [] if by_meaning else [words]
    if meant is not None and meant.hits:
        found.append(terms.items([hit.item for hit in meant.hits]))
    everything = terms.either(found) if found else _nothing()
    first: list[Ranked] = []
    if not by_date:
        own = own_texts(snapshot, terms, parsed, request, named)
        legs = [] if by_meaning else [window(snapshot, words, 0, WINDOW)]
        if meant is not None:
            legs.append(list(meant.hits))
        weights = [LOOSE] if is_loose and not by_meaning else []
        first = [*own, *(fused(*legs, weights=weights) if meant is not None else [])]
    if is_loose and not by_meaning:
        notes.append(MOST_WORDS)
    ranking = Ranking(
        snapshot,
        everything if by_date else (_nothing() if by_meaning else words),
        first=first,
        order_by=request.filters.by if by_date else "",
        collapse=request.collapse,
    )
    notes += _unknown(snapshot, parsed, request.filters)
    instrument = described(snapshot, terms, named)
    return Answer(ranking, everything, terms, parsed, instrument, tuple(notes))


def counts_of(answer: Answer, around: Surroundings, request: Request) -> Counts:
    """The counts of an answer, made once."""
    known = answer.counts
    if (
        known is None
        or (request.facets and not known.facets)
        or (request.histogram and not known.histogram)
    ):
        answer.counts = known = counted(
            answer.ranking.snapshot,
            answer.found,
            by=request.filters.by,
            zone=around.zone,
            side_of=around.sides,
            facets=request.facets,
            histogram=request.histogram,
        )
    return known


def others_of(answer: Answer, places: Sequence[Ranked]) -> dict[int, int]:
    """Of each story among these hits, how many more of its items were found."""
    from tantivy import Occur, Query

    stories = sorted({hit.story for hit in places if hit.story is not None})
    if not stories:
        return {}
    within = Query.boolean_query(
        [(Occur.Must, answer.found), (Occur.Must, answer.terms.stories(stories))]
    )
    asked: dict[str, Any] = {"story": {"terms": {"field": "story", "size": len(stories)}}}
    found = answer.ranking.snapshot.aggregate(within, asked)
    return {int(one["key"]): int(one["doc_count"]) - 1 for one in found["story"]["buckets"]}


def _words(
    snapshot: "tantivy.Searcher",
    terms: Terms,
    parsed: Parsed,
    request: Request,
    named: Named | None,
) -> "tuple[tantivy.Query, bool]":
    """What the words find, ranked; and whether only most of them were asked for."""
    strict = terms.ranking(parsed, request.filters)
    if named is not None and named.end:
        rest = Parsed(
            tuple(
                group
                for group in parsed.wanted
                if not any(named.start <= term.at < named.end for term in group)
            ),
            parsed.unwanted,
        )
        return terms.either([strict, terms.about(names_of(named), rest, request.filters)]), False
    if _finds(snapshot, strict):
        return strict, False
    loose = terms.loosely(parsed, request.filters)
    if loose is None or not _finds(snapshot, loose):
        return strict, False
    return loose, True


def _meant(
    snapshot: "tantivy.Searcher",
    rows: "Callable[[], Rows | None]",
    encode: Encode | None,
    terms: Terms,
    around: Surroundings,
    parsed: Parsed,
    request: Request,
) -> tuple[Nearest | None, str]:
    """What is near in meaning; None with the reason where that cannot be told."""
    if encode is None:
        return None, "meaning is not available: no model is at hand"
    try:
        known = rows()
        if known is None:
            return None, "meaning is not available yet: no text has a vector"
        if around.model is not None and around.model() != known.mark.model:
            return None, "meaning is not available: the vectors are another model's"
        vector = encode(parsed.words, "")
    except Problem as problem:
        return None, f"meaning is not available: {problem}"
    found = nearest(known, vector, snapshot, terms, terms.bounds(parsed, request.filters))
    note = "of what passes the filters, meaning saw the nearest only" if found.partial else ""
    return found, note


def _unknown(snapshot: "tantivy.Searcher", parsed: Parsed, filters: Filters) -> list[str]:
    """What was asked for that no item has: a topic or source that is misspelt, or yet unheard."""
    asked = [("topic", one) for one in filters.topics]
    asked += [("source", one) for one in filters.sources]
    asked += [(term.field, term.text) for group in parsed.wanted for term in group]
    asked += [(term.field, term.text) for term in parsed.unwanted]
    fields = {"topic": "topics", "source": "source", "language": "language"}
    return [
        f"no item of the archive has the {name} {value!r}"
        for name, value in dict.fromkeys(asked)
        if name in fields and not snapshot.doc_freq(fields[name], value)
    ]


def _finds(snapshot: "tantivy.Searcher", query: "tantivy.Query") -> bool:
    return bool(snapshot.search(query, limit=1, count=False).hits)


def _nothing() -> "tantivy.Query":
    from tantivy import Query

    return Query.empty_query()

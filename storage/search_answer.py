"""The answer to a question: its order, its counts, and what the reader should know of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from storage.problems import Problem
from storage.query_language import Parsed
from storage.search_counts import Counts, counted
from storage.search_fusion import LOOSE, fused
from storage.search_meaning import Nearest, nearest
from storage.search_named import described, named_in, names_of, own_texts
from storage.search_ranking import Ranked, Ranking, opening
from storage.search_request import Filters, InstrumentFound, Named, Request
from storage.search_spelling import Texts, spelled
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
        total: how many there are, where that was learned on the way.
        counts: of all that was found; None before they were asked for.
    """

    ranking: Ranking
    found: "tantivy.Query"
    terms: Terms
    parsed: Parsed
    instrument: InstrumentFound | None
    notes: tuple[str, ...]
    total: int | None = None
    counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What the words find: as a query, its best hits and their number where it is ranked, and
    whether only most of the words were asked for."""

    query: "tantivy.Query"
    hits: tuple[Ranked, ...]
    total: int
    is_loose: bool = False


def answered(
    snapshot: "tantivy.Searcher",
    rows: "Callable[[], Rows | None]",
    encode: Encode | None,
    texts: Texts,
    terms: Terms,
    around: Surroundings,
    parsed: Parsed,
    request: Request,
) -> Answer:
    """Answer a question over one state of the index; `texts` gives items' texts."""
    named = named_in(snapshot, terms, around, parsed, request)
    by_date = request.order == "newest" or not parsed.words
    words = _words(snapshot, terms, parsed, request, named, is_ranked=not by_date)
    meant: Nearest | None = None
    notes: list[str] = []
    if request.mode != "words" and parsed.words:
        meant, note = _meant(snapshot, rows, encode, texts, terms, around, parsed, request)
        notes += [note] if note else []
    by_meaning = request.mode == "meaning" and meant is not None
    found = [] if by_meaning else [words.query]
    if meant is not None and meant.hits:
        found.append(terms.items([hit.item for hit in meant.hits]))
    everything = terms.either(found) if found else _nothing()
    first: list[Ranked] = []
    if not by_date:
        first = own_texts(snapshot, terms, parsed, request, named)
        if meant is not None:
            legs = [] if by_meaning else [words.hits]
            weights = [LOOSE] if words.is_loose and not by_meaning else []
            first += fused(*legs, meant.hits, weights=weights)
    if words.is_loose and not by_meaning:
        notes.append(MOST_WORDS)
    ranking = Ranking(
        snapshot,
        everything if by_date else (_nothing() if by_meaning else words.query),
        first=first,
        read=None if by_date or by_meaning else words.hits,
        order_by=request.filters.by if by_date else "",
        collapse=request.collapse,
    )
    notes += _unknown(snapshot, parsed, request.filters)
    instrument = described(snapshot, terms, named)
    total = words.total if meant is None and not by_date else None
    return Answer(ranking, everything, terms, parsed, instrument, tuple(notes), total)


def counts_of(answer: Answer, around: Surroundings, request: Request) -> Counts:
    """The counts of an answer, made once."""
    known = answer.counts
    if known is None and answer.total is not None and not (request.facets or request.histogram):
        return Counts(answer.total, {}, (), "day")
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
    *,
    is_ranked: bool,
) -> _Words:
    """What the words find; where no text has all of them, what has most of them."""
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
        strict = terms.either([strict, terms.about(names_of(named), rest, request.filters)])
        return _read(snapshot, strict, is_ranked=is_ranked)
    found = _read(snapshot, strict, is_ranked=is_ranked)
    loose = None if found.total else terms.loosely(parsed, request.filters)
    if loose is None:
        return found
    most = _read(snapshot, loose, is_ranked=is_ranked)
    return replace(most, is_loose=True) if most.total else found


def _read(snapshot: "tantivy.Searcher", query: "tantivy.Query", *, is_ranked: bool) -> _Words:
    """A query with its best hits; only whether it has any, where dates rank them."""
    if is_ranked:
        return _Words(query, *opening(snapshot, query))
    return _Words(query, (), len(snapshot.search(query, limit=1, count=False).hits))


def _meant(
    snapshot: "tantivy.Searcher",
    rows: "Callable[[], Rows | None]",
    encode: Encode | None,
    texts: Texts,
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
        words = spelled(parsed.words, snapshot, terms, texts)
        vector = encode(words, "")
    except Problem as problem:
        return None, f"meaning is not available: {problem}"
    found = nearest(known, vector, snapshot, terms, terms.bounds(parsed, request.filters))
    if found.partial:
        return found, "of what passes the filters, meaning saw the nearest only"
    return found, f"meaning took the question for “{words}”" if words != parsed.words else ""


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


def _nothing() -> "tantivy.Query":
    from tantivy import Query

    return Query.empty_query()

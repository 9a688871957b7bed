"""The answer to a question: its order, its counts, and what the reader should know of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

from storage.index_words import is_number, number_key, number_keys
from storage.problems import Problem
from storage.query_language import Parsed
from storage.search_counts import Counts, count_of, counted
from storage.search_fusion import LOOSE, fused
from storage.search_meaning import Nearest, nearest
from storage.search_ranking import WINDOW, Ranked, Ranking, window
from storage.search_request import InstrumentFound, Named, Request
from storage.search_terms import Terms

if TYPE_CHECKING:
    import numpy as np
    import tantivy
    from numpy.typing import NDArray

    from storage.index_vectors import Rows

Encode = Callable[[str, str], "NDArray[np.float32]"]
"""Gives the centred unit vector of a text in a language ("" where it is not known)."""
SUFFIXES = {
    "decree": "/nd-",
    "circular": "/tt",
    "decision": "/qd-",
    "directive": "/ct-",
    "resolution": "/nq-",
    "law": "/qh",
}
"""How the keys of numbers of each type go on after the year."""
MOST_WORDS = "no text has all of the words; shown are those that have most of them"
MOST_TEXTS = 20
"""Texts of the instrument that was named, which come first."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the search must know of the configuration.

    Attributes:
        sides: the kind of each source: state, independent, international, official.
        zone: the reader's zone.
        named: which instruments a query names.
        called: what an instrument with a number is, and is called.
        model: what `encode` makes vectors by; those of another model are not compared.
    """

    sides: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    named: Callable[[str], Sequence[Named]] = lambda _: ()
    called: Callable[[str], Named] = lambda number: Named(number, number, number, 0, 0)
    model: Callable[[], str] | None = None


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
    named = _named(snapshot, terms, around, parsed, request)
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
        own = _own(snapshot, terms, parsed, request, named)
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
    instrument = _instrument(snapshot, terms, named)
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


def _named(
    snapshot: "tantivy.Searcher",
    terms: Terms,
    around: Surroundings,
    parsed: Parsed,
    request: Request,
) -> Named | None:
    """The instrument that the query names: by any citation, or by a number that the archive
    knows."""
    if not parsed.words:
        return next((_of_field(snapshot, terms, around, t.text) for g in parsed.wanted for t in g
                     if t.field == "decree"), None)  # fmt: skip
    for one in around.named(request.query):
        meant = _running(snapshot, terms, around, one) or one
        if meant.instrument:
            return meant
    for group in parsed.wanted:
        for term in group:
            if not term.field and is_number(term.text):
                known = _of_field(snapshot, terms, around, term.text)
                if known is not None:
                    return replace(known, start=term.at, end=term.at + len(term.text))
    return None


def _running(
    snapshot: "tantivy.Searcher", terms: Terms, around: Surroundings, named: Named
) -> Named | None:
    """What the archive mostly means by a running number and a type, as in "Decree 147"."""
    number, kind = named.running
    if not number or kind not in SUFFIXES:
        return None
    keys = snapshot.terms_with_prefix("cites", f"{number_key(number)}/")
    fitting = [one for one in keys if SUFFIXES[kind] in one[0]]
    for key, _ in sorted(fitting, key=lambda one: (-one[1], one[0])):
        known = _of_field(snapshot, terms, around, key)
        if known is not None:
            return replace(known, start=named.start, end=named.end)
    return None


def _of_field(
    snapshot: "tantivy.Searcher", terms: Terms, around: Surroundings, number: str
) -> Named | None:
    """The instrument that most items mean that name a number such as 147/2024."""
    asked: dict[str, Any] = {"by": {"terms": {"field": "instruments", "size": 20}}}
    found = snapshot.aggregate(terms.naming(number), asked)
    key = number_key(number)
    for one in found["by"]["buckets"]:
        instrument = str(one["key"])
        if key in number_keys(instrument):
            return around.called(instrument)
    return None


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
        return terms.either([strict, terms.about(_names(named), rest, request.filters)]), False
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


def _own(
    snapshot: "tantivy.Searcher",
    terms: Terms,
    parsed: Parsed,
    request: Request,
    named: Named | None,
) -> list[Ranked]:
    """The texts of the instrument that was named, newest first."""
    from tantivy import Occur, Query

    if named is None:
        return []
    texts = terms.either([terms.texts_of(name) for name in _names(named)])
    wanted = [(Occur.Must, query) for query in (texts, *terms.bounds(parsed, request.filters))]
    found = window(snapshot, Query.boolean_query(wanted), 0, MOST_TEXTS, "published")
    return [replace(hit, legs=(("instrument", n, 1.0),)) for n, hit in enumerate(found, 1)]


def _instrument(
    snapshot: "tantivy.Searcher", terms: Terms, named: Named | None
) -> InstrumentFound | None:
    if named is None:
        return None
    names = _names(named)
    texts = terms.either([terms.texts_of(name) for name in names])
    own = window(snapshot, texts, 0, MOST_TEXTS, "published")
    naming = terms.either([terms.naming(name) for name in names])
    return InstrumentFound(
        named.instrument,
        named.number,
        named.name,
        tuple(hit.item for hit in own),
        count_of(snapshot, naming),
    )


def _names(named: Named) -> list[str]:
    return list(dict.fromkeys(name for name in (named.instrument, named.number) if name))


def _finds(snapshot: "tantivy.Searcher", query: "tantivy.Query") -> bool:
    return bool(snapshot.search(query, limit=1, count=False).hits)


def _nothing() -> "tantivy.Query":
    from tantivy import Query

    return Query.empty_query()

"""The instrument that a query names: found by any form of its citation, and put first."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storage.index_words import is_number, number_key, number_keys
from storage.query_language import Parsed
from storage.search_counts import count_of
from storage.search_ranking import Ranked, window
from storage.search_request import InstrumentFound, Named, Request
from storage.search_surroundings import Surroundings
from storage.search_terms import Terms

if TYPE_CHECKING:
    import tantivy

SUFFIXES = {
    "decree": "/nd-",
    "circular": "/tt",
    "decision": "/qd-",
    "directive": "/ct-",
    "resolution": "/nq-",
    "law": "/qh",
}
"""How the keys of numbers of each type go on after the year."""
MOST_TEXTS = 20
"""Texts of the instrument that was named, which come first."""


def named_in(
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


def own_texts(
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
    texts = terms.either([terms.texts_of(name) for name in names_of(named)])
    wanted = [(Occur.Must, query) for query in (texts, *terms.bounds(parsed, request.filters))]
    found = window(snapshot, Query.boolean_query(wanted), 0, MOST_TEXTS, "published")
    return [replace(hit, legs=(("instrument", n, 1.0),)) for n, hit in enumerate(found, 1)]


def described(
    snapshot: "tantivy.Searcher", terms: Terms, named: Named | None
) -> InstrumentFound | None:
    """The instrument with its texts, and how many items name it."""
    if named is None:
        return None
    names = names_of(named)
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


def names_of(named: Named) -> list[str]:
    """What an instrument is known by: its id, and its number."""
    return list(dict.fromkeys(name for name in (named.instrument, named.number) if name))

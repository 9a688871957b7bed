"""More like an item: by the words that stand side by side in it, and by its vector."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from storage.index_items import Standing
from storage.problems import Problem
from storage.query_language import Parsed
from storage.search_answer import Answer
from storage.search_fusion import fused
from storage.search_meaning import nearest
from storage.search_ranking import WINDOW, Ranking, window
from storage.search_terms import Terms

if TYPE_CHECKING:
    import tantivy

    from storage.index_vectors import Rows

MOST_PAIRS = 60
"""Pairs of words that an item is looked for by: those of its title, summary and opening."""


def likened(
    snapshot: "tantivy.Searcher",
    rows: "Callable[[], Rows | None]",
    terms: Terms,
    one: Standing,
) -> Answer:
    """Items like this one, without itself and without its story."""
    from tantivy import Occur, Query

    revision = one.revision
    text = f"{revision.title}\n{revision.summary}\n{revision.text[:1_000]}"
    own = [(Occur.MustNot, terms.items([one.item.id]))]
    if one.story is not None:
        own.append((Occur.MustNot, terms.stories([one.story])))
    apart = Query.boolean_query([(Occur.Must, Query.all_query()), *own])
    words = Query.boolean_query([(Occur.Must, terms.word_pairs(text, MOST_PAIRS)), *own])
    legs = [window(snapshot, words, 0, WINDOW)]
    notes: tuple[str, ...] = ()
    try:
        known = rows()
        vector = known.vector(one.item.id) if known is not None else None
        if known is not None and vector is not None:
            unscored = Query.const_score_query(apart, 0.0)
            legs.append(list(nearest(known, vector, snapshot, terms, [unscored]).hits))
        else:
            notes = ("by words alone: the item has no vector yet",)
    except Problem as problem:
        notes = (f"by words alone: {problem}",)
    ranking = Ranking(snapshot, Query.empty_query(), first=fused(*legs), collapse=True)
    return Answer(ranking, words, terms, Parsed((), ()), None, notes)

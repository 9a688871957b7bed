"""What was asked, as queries of the words index: one that says what matches, one that ranks it."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from storage.index_words import exact, folded, is_number, number_key, pairs
from storage.query_language import Parsed, Term
from storage.search_request import Filters

if TYPE_CHECKING:
    import tantivy

TITLE = 2.0
EXACT = 2.5
PAIR = 1.5
NAMED = 30.0
"""How much more a title's word counts than a text's, a word with its very marks than one without,
two neighbouring words than one; and an item that is a text of the instrument that was typed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Builds queries for one index.

    Attributes:
        schema: the index's fields.
        sides: by kind of source, the sources of that kind.
        zone: the reader's zone, whose days filters mean.
    """

    schema: "tantivy.Schema"
    sides: dict[str, tuple[str, ...]]
    zone: tzinfo

    def matching(self, parsed: Parsed, filters: Filters) -> "tantivy.Query":
        """What a hit must be, whatever its rank."""
        from tantivy import Occur, Query

        by = filters.by
        parts = [(Occur.Must, self._any(group, by)) for group in parsed.wanted]
        parts += [(Occur.MustNot, self._one(term, by)) for term in parsed.unwanted]
        parts += [(Occur.Must, query) for query in self.filtering(filters)]
        if not any(occur == Occur.Must for occur, _ in parts):
            parts.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(parts)

    def ranking(self, parsed: Parsed, filters: Filters) -> "tantivy.Query":
        """The same hits, with what makes one better than another."""
        from tantivy import Occur, Query

        unscored = Query.const_score_query(
            self.matching(Parsed(_fields_alone(parsed), parsed.unwanted), filters), 0.0
        )
        parts = [(Occur.Must, unscored)]
        for group in parsed.wanted:
            words = tuple(term for term in group if not term.field or term.field == "title")
            if words:
                parts.append((Occur.Must, self._any(group, filters.by)))
                parts += [(Occur.Should, query) for term in words for query in self._better(term)]
        for text in _runs(parsed):
            parts += [
                (Occur.Should, Query.boost_query(self._term("pairs", pair), PAIR))
                for pair in pairs(text)
            ]
        return Query.boolean_query(parts)

    def filtering(self, filters: Filters) -> "list[tantivy.Query]":
        """The filters, a query each."""
        from tantivy import Query

        found = []
        wanted = {
            "topics": filters.topics,
            "source": filters.sources,
            "kind": filters.kinds,
            "language": filters.languages,
        }
        for name, values in wanted.items():
            if values:
                found.append(self._among(name, values))
        if filters.sides:
            sources = [one for side in filters.sides for one in self.sides.get(side, ())]
            found.append(self._among("source", sources))
        if filters.instruments:
            found.append(self._either([self._decree(one) for one in filters.instruments]))
        if filters.since is not None or filters.until is not None:
            found.append(self.within(filters.since, filters.until, filters.by))
        for name, flag in (("edited", filters.edited), ("removed", filters.removed)):
            if flag is not None:
                found.append(Query.term_query(self.schema, name, int(flag)))
        return [Query.const_score_query(query, 0.0) for query in found]

    def within(self, since: date | None, until: date | None, by: str) -> "tantivy.Query":
        """Items of these days in the reader's zone, both ends included."""
        from tantivy import FieldType, Query

        return Query.range_query(
            self.schema,
            by,
            FieldType.Date,
            lower_bound=self.midnight(since) if since else None,
            upper_bound=self.midnight(until + timedelta(days=1)) if until else None,
            include_upper=False,
        )

    def midnight(self, day: date) -> datetime:
        """When a day begins for the reader."""
        return datetime.combine(day, time(), self.zone)

    def items(self, item_ids: Sequence[int]) -> "tantivy.Query":
        """These items."""
        from tantivy import Query

        return Query.term_set_query(self.schema, "item", list(item_ids))

    def named(self, instrument: str) -> "tantivy.Query":
        """Items that name an instrument, its own texts far before others."""
        from tantivy import Occur, Query

        own = Query.boost_query(self._term("text_of", number_key(instrument)), NAMED)
        return Query.boolean_query([(Occur.Should, self._decree(instrument)), (Occur.Should, own)])

    def _any(self, group: Iterable[Term], by: str) -> "tantivy.Query":
        return self._either([self._one(term, by) for term in group])

    def _one(self, term: Term, by: str) -> "tantivy.Query":
        from tantivy import Query

        match term.field:
            case "topic":
                return self._term("topics", term.text)
            case "source" | "kind" | "language":
                return self._term(term.field, term.text)
            case "side":
                return self._among("source", self.sides.get(term.text, ()))
            case "decree":
                return self._decree(term.text)
            case "since":
                return self.within(date.fromisoformat(term.text), None, by)
            case "until":
                return self.within(None, date.fromisoformat(term.text), by)
            case "is":
                return Query.term_query(self.schema, term.text, 1)
            case "title":
                return self._phrase("title", folded(term.text))
        if not term.quoted and is_number(term.text):
            key = number_key(term.text)
            return self._either([self._term("numbers", key), self._term("cites", key)])
        if term.quoted and has_marks(term.text):
            return self._phrase("exact", exact(term.text))
        return self._phrase("all", folded(term.text))

    def _better(self, term: Term) -> "list[tantivy.Query]":
        """What ranks a text higher that has this term."""
        from tantivy import Query

        own = number_key(term.text)
        if is_number(term.text):
            return [Query.boost_query(self._term("text_of", own), NAMED)]
        found = [Query.boost_query(self._phrase("title", folded(term.text)), TITLE)]
        if not term.quoted:
            found.append(Query.boost_query(self._phrase("exact", exact(term.text)), EXACT))
        return found

    def _decree(self, instrument: str) -> "tantivy.Query":
        return self._term("cites", number_key(instrument))

    def _phrase(self, field: str, words: Sequence[str]) -> "tantivy.Query":
        from tantivy import Query

        if not words:
            return Query.empty_query()
        if len(words) == 1:
            return self._term(field, words[0])
        return Query.phrase_query(self.schema, field, list(words))

    def _term(self, field: str, value: str) -> "tantivy.Query":
        from tantivy import Query

        return Query.term_query(self.schema, field, value)

    def _among(self, field: str, values: Sequence[str]) -> "tantivy.Query":
        from tantivy import Query

        if not values:
            return Query.empty_query()
        if len(values) == 1:
            return self._term(field, values[0])
        return Query.term_set_query(self.schema, field, list(values))

    def _either(self, queries: "Sequence[tantivy.Query]") -> "tantivy.Query":
        from tantivy import Occur, Query

        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Should, query) for query in queries])


def has_marks(text: str) -> bool:
    """Whether a text has marks on its letters, or a đ: whether it says more than its folding."""
    decomposed = unicodedata.normalize("NFD", text)
    return any(unicodedata.combining(char) or char in "đĐ" for char in decomposed)


def _fields_alone(parsed: Parsed) -> tuple[tuple[Term, ...], ...]:
    return tuple(group for group in parsed.wanted if all(term.field for term in group))


def _runs(parsed: Parsed) -> list[str]:
    """The words that were typed one after another, as texts."""
    runs: list[list[str]] = [[]]
    for group in parsed.wanted:
        plain = [term.text for term in group if not term.field and not term.quoted]
        if len(plain) == len(group) == 1:
            runs[-1].append(plain[0])
        else:
            runs.append([])
    return [" ".join(run) for run in runs if len(run) > 1]

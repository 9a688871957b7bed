"""What was asked, as queries of the words index: one that says what matches, one that ranks it."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import ceil
from typing import TYPE_CHECKING

from storage.index_items import EARLIEST, LATEST
from storage.index_words import exact, folded, is_number, number_key, pairs
from storage.query_language import Parsed, Term
from storage.search_request import Filters

if TYPE_CHECKING:
    import tantivy

LOOSE = 0.6
FEWEST_LOOSE = 3
"""Of so many words or more, this share will do where no text has all of them."""
TITLE = 2.0
EXACT = 2.5
PAIR = 1.5
"""How much more a title's word counts than a text's, a word with its very marks than one without,
two neighbouring words than one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Builds queries for one index.

    Attributes:
        schema: the index's fields.
        sides: by kind of source, the sources of that kind.
        zone: the reader's zone, whose days filters mean.
        alike: by the key of an instrument's name, the keys of all its names.
        by: the field of dates that days mean: seen or published.
        highest: items with higher numbers came later, and are not looked for; None: all are.
    """

    schema: "tantivy.Schema"
    sides: dict[str, tuple[str, ...]]
    zone: tzinfo
    alike: Mapping[str, tuple[str, ...]]
    by: str = "seen"
    highest: int | None = None

    def matching(self, parsed: Parsed, filters: Filters) -> "tantivy.Query":
        """What a hit must be, whatever its rank."""
        from tantivy import Occur, Query

        words = [self._any(group) for group in parsed.wanted if not _is_bound(group)]
        wanted = [*words, *self.bounds(parsed, filters)] or [Query.all_query()]
        return Query.boolean_query([(Occur.Must, query) for query in wanted])

    def bounds(self, parsed: Parsed, filters: Filters) -> "list[tantivy.Query]":
        """What holds for a hit however it is found: filters, fields, phrases, what is unwanted."""
        from tantivy import Occur, Query

        found = [self._any(group) for group in parsed.wanted if _is_bound(group)]
        if parsed.unwanted:
            parts = [(Occur.MustNot, self._one(term)) for term in parsed.unwanted]
            found.append(Query.boolean_query([(Occur.Must, Query.all_query()), *parts]))
        return [Query.const_score_query(query, 0.0) for query in found] + self.filtering(filters)

    def ranking(self, parsed: Parsed, filters: Filters) -> "tantivy.Query":
        """The same hits as `matching`, with what makes one better than another."""
        from tantivy import Occur, Query

        texts = _texts(parsed)
        fields = Parsed(tuple(g for g in parsed.wanted if g not in texts), parsed.unwanted)
        parts = [(Occur.Must, query) for query in self.bounds(fields, filters)]
        better = self._better_by(parsed)
        if not parts and len(texts) == 1 and all(not t.field and not t.quoted for t in texts[0]):
            # A text that has a word in its title or with its marks has the word: without a part
            # that must be, whole blocks of texts that cannot be among the best are passed over.
            return Query.boolean_query([(Occur.Should, self._any(texts[0])), *better])
        parts += [(Occur.Must, self._any(group)) for group in texts]
        if not parts:
            parts = [(Occur.Must, Query.const_score_query(Query.all_query(), 0.0))]
        return Query.boolean_query([*parts, *better])

    def loosely(self, parsed: Parsed, filters: Filters) -> "tantivy.Query | None":
        """Hits that have most of the words, ranked; None where the words are too few for that."""
        from tantivy import Occur, Query

        words = [group for group in parsed.wanted if not _is_bound(group)]
        if len(words) < FEWEST_LOOSE:
            return None
        bounds = [(Occur.Must, query) for query in self.bounds(parsed, filters)]
        most = Query.boolean_query(
            [(Occur.Should, self._any(group)) for group in words],
            minimum_number_should_match=ceil(LOOSE * len(words)),
        )
        return Query.boolean_query([*bounds, (Occur.Must, most), *self._better_by(parsed)])

    def filtering(self, filters: Filters) -> "list[tantivy.Query]":
        """The filters, a query each."""
        from tantivy import FieldType, Query

        found: list[tantivy.Query] = []
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
            found.append(self.either([self.naming(one) for one in filters.instruments]))
        if filters.since is not None or filters.until is not None:
            found.append(self.within(filters.since, filters.until))
        for name, flag in (("edited", filters.edited), ("removed", filters.removed)):
            if flag is not None:
                found.append(Query.term_query(self.schema, name, int(flag)))
        if self.highest is not None:
            upto = (None, self.highest)
            found.append(Query.range_query(self.schema, "item", FieldType.Integer, *upto))
        return [Query.const_score_query(query, 0.0) for query in found]

    def within(self, since: date | None, until: date | None) -> "tantivy.Query":
        """Items of these days in the reader's zone, both ends included."""
        from tantivy import FieldType, Query

        return Query.range_query(
            self.schema,
            self.by,
            FieldType.Date,
            lower_bound=self.midnight(since) if since else None,
            upper_bound=self.midnight(min(until, LATEST) + timedelta(days=1)) if until else None,
            include_upper=until is None,
        )

    def midnight(self, day: date) -> datetime:
        """When a day begins for the reader."""
        return datetime.combine(min(max(day, EARLIEST), LATEST), time(), self.zone)

    def items(self, item_ids: Sequence[int]) -> "tantivy.Query":
        """These items; no score comes of it."""
        from tantivy import Query

        # Far quicker than a set of terms, which makes an automaton of them.
        found = self.either([Query.term_query(self.schema, "item", one) for one in item_ids])
        return Query.const_score_query(found, 0.0)

    def stories(self, story_ids: Sequence[int]) -> "tantivy.Query":
        """The items of these stories; no score comes of it."""
        from tantivy import Query

        found = self.either([Query.term_query(self.schema, "story", one) for one in story_ids])
        return Query.const_score_query(found, 0.0)

    def naming(self, number: str) -> "tantivy.Query":
        """Items that name an instrument, by its id or number, or are its texts."""
        return self.either([self._term("cites", key) for key in self._keys(number)])

    def about(self, names: Sequence[str], rest: Parsed, filters: Filters) -> "tantivy.Query":
        """Items that name an instrument and have the rest of what was asked, ranked."""
        from tantivy import Occur, Query

        naming = self.either([self.naming(name) for name in names])
        own = self.either([self.texts_of(name) for name in names])
        parts = [(Occur.Must, naming), (Occur.Must, self.ranking(rest, filters))]
        return Query.boolean_query([*parts, (Occur.Should, own)])

    def texts_of(self, number: str) -> "tantivy.Query":
        """Items that are texts of an instrument."""
        return self.either([self._term("text_of", key) for key in self._keys(number)])

    def _keys(self, number: str) -> tuple[str, ...]:
        key = number_key(number)
        return self.alike.get(key, (key,))

    def word_pairs(self, text: str, most: int) -> "tantivy.Query":
        """Items with the same neighbouring words, those that are rare before those that are not."""
        return self.either(
            [self._term("pairs", pair) for pair in dict.fromkeys(pairs(text)[:most])]
        )

    def _better_by(self, parsed: Parsed) -> "list[tuple[tantivy.Occur, tantivy.Query]]":
        from tantivy import Occur, Query

        better = [query for group in _texts(parsed) for term in group
                  for query in self._better(term)]  # fmt: skip
        better += [
            Query.boost_query(self._term("pairs", pair), PAIR)
            for run in _runs(parsed)
            for pair in pairs(run)
        ]
        return [(Occur.Should, query) for query in better]

    def _any(self, group: Iterable[Term]) -> "tantivy.Query":
        return self.either([self._one(term) for term in group])

    def _one(self, term: Term) -> "tantivy.Query":
        from tantivy import Query

        match term.field:
            case "topic":
                return self._term("topics", term.text)
            case "source" | "kind" | "language":
                return self._term(term.field, term.text)
            case "side":
                return self._among("source", self.sides.get(term.text, ()))
            case "decree":
                return self.naming(term.text)
            case "since":
                return self.within(date.fromisoformat(term.text), None)
            case "until":
                return self.within(None, date.fromisoformat(term.text))
            case "is":
                return Query.term_query(self.schema, term.text, 1)
            case "title":
                return self._phrase("title", folded(term.text))
        if not term.quoted and is_number(term.text):
            key = number_key(term.text)
            return self.either([self._term("numbers", key), self._term("cites", key)])
        if term.quoted and has_marks(term.text):
            return self._phrase("exact", exact(term.text))
        return self._phrase("all", folded(term.text))

    def _better(self, term: Term) -> "list[tantivy.Query]":
        """What ranks a text higher that has this term."""
        from tantivy import Query

        if term.field not in ("", "title") or is_number(term.text):
            return []
        found = [Query.boost_query(self._phrase("title", folded(term.text)), TITLE)]
        if not term.quoted:
            found.append(Query.boost_query(self._phrase("exact", exact(term.text)), EXACT))
        return found

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

    def either(self, queries: "Sequence[tantivy.Query]") -> "tantivy.Query":
        """What one of these finds."""
        from tantivy import Occur, Query

        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Should, query) for query in queries])


def has_marks(text: str) -> bool:
    """Whether a text has marks on its letters, or a đ: whether it says more than its folding."""
    decomposed = unicodedata.normalize("NFD", text)
    return any(unicodedata.combining(char) or char in "đĐ" for char in decomposed)


def _is_bound(group: Sequence[Term]) -> bool:
    """Whether what is wanted holds whatever the words are: all of it fields or phrases."""
    return all(term.field or term.quoted for term in group)


def _texts(parsed: Parsed) -> list[tuple[Term, ...]]:
    """What is wanted of the text itself, and so makes one hit better than another."""
    return [
        group for group in parsed.wanted if any(not t.field or t.field == "title" for t in group)
    ]


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

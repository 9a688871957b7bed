"""Rules that hang on saved searches: whether a new text is what a saved search looks for.

A rule takes words more strictly than the search page: marks that were typed must be there. A
search saved in the mode `meaning` is compared by meaning, every other by its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import ClassVar

from config import Config, Rule
from config_queries import Phrase, Query, words_of
from monitor.searching_words import find
from storage.archive import Transaction
from storage.index_items import Standing, standing
from storage.index_words import folded, number_key, number_keys
from storage.models import Revision
from storage.problems import Problem
from storage.query_language import Parsed, Term, parse
from storage.search_request import Filters
from storage.searches import request_of


class SavedSearchMissing(Problem):
    """A rule names a saved search that there is not."""

    kind: ClassVar[str] = "saved-search-missing"


@dataclass(frozen=True, slots=True)
class Around:
    """What of the configuration a search may ask for: each source's kind, the reader's zone."""

    sides: Mapping[str, str]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Saved:
    """The saved search of a rule, as it stands now."""

    rule: Rule
    parsed: Parsed
    filters: Filters
    by_meaning: bool

    def passage(self, item: Standing, revision: Revision, around: Around) -> str | None:
        """Where a text of an item has the words; None where they or the filters do not fit."""
        if not self.fits(item, revision, around):
            return None
        texts = (revision.title, revision.summary, revision.text)
        words = _query(self.parsed)
        return find(words, texts) if words.wanted else revision.title

    def fits(self, item: Standing, revision: Revision, around: Around) -> bool:
        """Whether an item passes the filters and fields, and has nothing that is not wanted."""
        groups = [group for group in self.parsed.wanted if all(term.field for term in group)]
        return (
            _passes(self.filters, item, around)
            and all(any(_has(term, item, revision, around) for term in one) for one in groups)
            and not any(_has(term, item, revision, around) for term in self.parsed.unwanted)
        )


def around_of(config: Config) -> Around:
    """What of a configuration saved searches may ask for."""
    return Around({source.id: source.kind for source in config.sources}, config.zone)


def saved_of(rules: Sequence[Rule], tx: Transaction) -> list[Saved]:
    """The saved searches that rules name. Raises SavedSearchMissing."""
    found = []
    for rule in rules:
        if not rule.saved:
            continue
        row = tx.searches.named(rule.saved)
        if row is None:
            raise SavedSearchMissing(
                f"the rule {rule.id} hangs on the saved search {rule.saved!r}, which there is "
                "not: save it (`decreewatch searches save`), or change the rule"
            )
        request = request_of(row)
        by_meaning = request.mode == "meaning"
        found.append(Saved(rule, parse(request.query), request.filters, by_meaning))
    return found


def standings(tx: Transaction, item_ids: Sequence[int]) -> dict[int, Standing]:
    """Items by their numbers, as far as the stages before have read them."""
    return {one.item.id: one for one in standing(tx, item_ids)}


def _query(parsed: Parsed) -> Query:
    """The words of a search; a group in which a field would do instead is left to `fits`."""
    wanted = [group for group in parsed.wanted if not any(term.field for term in group)]
    return Query(
        tuple(tuple(_phrase(term) for term in group) for group in wanted),
        (),
    )


def _phrase(term: Term) -> Phrase:
    return Phrase(words_of(term.text))


def _passes(filters: Filters, one: Standing, around: Around) -> bool:
    item = one.item
    side = around.sides.get(item.source_id, "")
    at = item.first_seen
    if filters.by == "published" and item.published_at is not None:
        at = item.published_at
    day = at.astimezone(around.zone).date()
    return (
        (not filters.topics or not set(filters.topics).isdisjoint(one.topics))
        and (not filters.sources or item.source_id in filters.sources)
        and (not filters.sides or side in filters.sides)
        and (not filters.kinds or item.kind in filters.kinds)
        and (not filters.languages or item.language in filters.languages)
        and (not filters.instruments or any(_names(one, name) for name in filters.instruments))
        and (filters.since is None or day >= filters.since)
        and (filters.until is None or day <= filters.until)
        and filters.edited in (None, one.edited)
        and filters.removed in (None, item.removed_at is not None)
    )


def _has(term: Term, one: Standing, revision: Revision, around: Around) -> bool:
    item = one.item
    day = item.first_seen.astimezone(around.zone).date()
    match term.field:
        case "topic":
            return term.text in one.topics
        case "source":
            return term.text == item.source_id
        case "side":
            return term.text == around.sides.get(item.source_id)
        case "kind":
            return term.text == item.kind
        case "language":
            return term.text == item.language
        case "decree":
            return _names(one, term.text)
        case "since":
            return day >= date.fromisoformat(term.text)
        case "until":
            return day <= date.fromisoformat(term.text)
        case "is":
            return one.edited if term.text == "edited" else item.removed_at is not None
        case "title":
            title, words = folded(revision.title), folded(term.text)
            return any(title[at : at + len(words)] == words for at in range(len(title)))
    return (
        find(_query(Parsed(((term,),), ())), (revision.title, revision.summary, revision.text))
        is not None
    )


def _names(one: Standing, instrument: str) -> bool:
    key = number_key(instrument)
    return any(key in number_keys(known) for known in one.instruments)

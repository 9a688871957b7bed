"""The stage of saved searches: which new texts the rules' words or meanings find."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from config import Rule
from config_queries import parse_query
from monitor.searching_meaning import Meanings
from monitor.searching_saved import Around, Saved, saved_of, standings
from monitor.searching_words import find
from storage.archive import Archive, Transaction
from storage.index_items import Standing
from storage.log import Outcome
from storage.models import Event, Revision

if TYPE_CHECKING:
    from monitor.embedding import Embedder

TELLER = "alerts"
"""The reader that raises alerts, the last of all stages."""


@dataclass(frozen=True, slots=True)
class Found:
    """That the search of a rule found a text: by its `words` or `meaning`, with its likeness
    (1 for words) and the passage that it was found by."""

    rule: str
    how: str
    score: float
    passage: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that is new to searches, and the one before it, which they must not have found."""

    revision: Revision
    before: Revision | None
    kind: str
    item: Standing | None = None


class Searches:
    """The saved searches of some rules."""

    def __init__(
        self,
        rules: Sequence[Rule],
        load: "Callable[[], Embedder]",
        around: Around | None = None,
    ) -> None:
        """Take the rules, of which those on `search` count; `load` loads the model, which is
        needed only where a rule has a meaning. `around` is what saved searches may ask for."""
        self._around = around or Around({}, UTC)
        self.rules = tuple(rule for rule in rules if rule.on == "search")
        self._words = [(one, parse_query(one.query)) for one in self.rules if one.query.strip()]
        self._by_meaning = [one for one in self.rules if one.meaning.strip()]
        self._meanings = Meanings(load)

    def found(
        self, events: Sequence[Event], archive: Archive, *, imported: bool = False
    ) -> list[list[Found]]:
        """What the searches find in the texts of `item.appeared` and `item.revised` events.

        A re-extraction, what came from an old collection (save with `imported`), and a text that
        a search would have found before it was edited, give nothing. Raises the model's problems;
        SavedSearchMissing.
        """
        with archive.reading() as tx:
            candidates = [_candidate(event, tx, imported=imported) for event in events]
            saved = saved_of(self.rules, tx)
            if saved:
                candidates = _with_items(candidates, tx)
        there = [one for one in candidates if one is not None]
        found = dict(zip(map(id, there), self._of(there, saved, archive), strict=True))
        return [found[id(one)] if one is not None else [] for one in candidates]

    def _of(
        self, there: Sequence[_Candidate], saved: Sequence[Saved], archive: Archive
    ) -> list[list[Found]]:
        by_words = [[*self._found_by_words(one), *self._found_saved(one, saved)] for one in there]
        rules = [*self._by_meaning, *(_as_meaning(one) for one in saved if one.by_meaning)]
        if not rules:
            return by_words
        like = self._likest([(one.revision, one.kind) for one in there], rules, archive)
        for one, found in zip(there, like, strict=True):
            self._leave_out(one, saved, found)
        edited = [
            (one.before, one.kind)
            for one, found in zip(there, like, strict=True)
            if one.before is not None and found
        ]
        before = iter(self._likest(edited, rules, archive))
        for words, one, meanings in zip(by_words, there, like, strict=True):
            known = next(before) if one.before is not None and meanings else {}
            words += [
                found
                for rule, found in meanings.items()
                if rule not in known and rule not in {other.rule for other in words}
            ]
        return by_words

    def _found_by_words(self, one: _Candidate) -> list[Found]:
        found = []
        for rule, query in self._words:
            passage = find(query, _texts(one.revision))
            if passage is None or (one.before and find(query, _texts(one.before)) is not None):
                continue
            found.append(Found(rule.id, "words", 1.0, passage))
        return found

    def _found_saved(self, one: _Candidate, saved: Sequence[Saved]) -> list[Found]:
        found = []
        for search in saved:
            if search.by_meaning or one.item is None:
                continue
            passage = search.passage(one.item, one.revision, self._around)
            if passage is None or (
                one.before and search.passage(one.item, one.before, self._around) is not None
            ):
                continue
            found.append(Found(search.rule.id, "words", 1.0, passage))
        return found

    def _leave_out(self, one: _Candidate, saved: Sequence[Saved], found: dict[str, Found]) -> None:
        """Drop what is like a saved search, but does not pass its filters."""
        for search in saved:
            if search.rule.id in found and (
                one.item is None or not search.fits(one.item, one.revision, self._around)
            ):
                del found[search.rule.id]

    def _likest(
        self, texts: Sequence[tuple[Revision, str]], rules: Sequence[Rule], archive: Archive
    ) -> list[dict[str, Found]]:
        """For each text, by rule, what is at least as like as the rule asks for."""
        meanings = [rule.meaning for rule in rules]
        return [
            {
                rule.id: Found(rule.id, "meaning", one.score, one.passage)
                for rule, one in zip(rules, likeness, strict=True)
                if one.score >= rule.likeness
            }
            for likeness in self._meanings.compare(meanings, texts, archive)
        ]


class SearchStage:
    """Reads what appeared or changed, and says once for each item and rule that it was found.

    What the rules on alerts had read before a search was first seen is its past: a new search
    does not dig up the archive (`decreewatch rules try` does).
    """

    name = "searching"
    kinds: tuple[str, ...] = ("item.appeared", "item.revised")
    batch = 64

    def __init__(
        self,
        rules: Sequence[Rule],
        load: "Callable[[], Embedder]",
        around: Around | None = None,
    ) -> None:
        """Take the rules, of which the enabled ones on `search` count, and the model's loader."""
        self._searches = Searches([rule for rule in rules if rule.enabled], load, around)

    def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
        """Search the texts of a batch. Raises the model's problems when it cannot be loaded."""
        if not self._searches.rules:
            return [None] * len(events)
        with archive.reading() as tx:
            after = {rule.id: _watched_after(rule, tx) for rule in self._searches.rules}
        fresh = [event for event in events if event.seq > min(after.values())]
        found = dict(zip(fresh, self._searches.found(fresh, archive), strict=True))
        outcomes: list[Outcome] = [
            partial(_write, event, [one for one in found[event] if event.seq > after[one.rule]])
            if found.get(event)
            else None
            for event in events
        ]
        return [partial(_declare, events[0], after, outcomes[0]), *outcomes[1:]]


def matched(event: Event, found: Found) -> dict[str, Any]:
    """The data of the event `search.matched` for a text that appeared or changed in `event`."""
    said = {name: event.data[name] for name in ("item", "revision", "source", "kind", "url")}
    return said | {
        "title": event.data.get("title", ""),
        "rule": found.rule,
        "how": found.how,
        "score": found.score,
        "passage": found.passage,
    }


def _candidate(event: Event, tx: Transaction, *, imported: bool) -> _Candidate | None:
    data = event.data
    if data.get("cause") == "reextraction" or (data.get("backfill") and not imported):
        return None
    revision = tx.items.revision(data["revision"])
    if revision is None:
        return None
    before = tx.items.revision(data["previous"]) if data.get("previous") else None
    return _Candidate(revision, before, data["kind"])


def _with_items(
    candidates: Sequence[_Candidate | None], tx: Transaction
) -> list[_Candidate | None]:
    known = standings(tx, [one.revision.item_id for one in candidates if one is not None])
    return [
        replace(one, item=known.get(one.revision.item_id)) if one is not None else None
        for one in candidates
    ]


def _as_meaning(search: Saved) -> Rule:
    return search.rule.model_copy(update={"meaning": search.parsed.words})


def _texts(revision: Revision) -> tuple[str, str, str]:
    return revision.title, revision.summary, revision.text


def _watched_after(rule: Rule, tx: Transaction) -> int:
    """The number of the last event that is the past of a rule's search."""
    declared = tx.events.about(f"rule:{rule.id}", ("search.declared",))
    return int(declared[0].data["after"]) if declared else tx.events.cursor(TELLER)


def _declare(event: Event, after: dict[str, int], outcome: Outcome, tx: Transaction) -> None:
    for rule, seq in after.items():
        key = f"search.declared:{rule}"
        tx.events.append("search.declared", f"rule:{rule}", event.at, {"after": seq}, key=key)
    if callable(outcome):
        outcome(tx)


def _write(event: Event, found: Sequence[Found], tx: Transaction) -> None:
    for one in found:
        tx.events.append(
            "search.matched",
            event.subject,
            event.at,
            matched(event, one),
            key=f"search:{one.rule}:{event.data['item']}",
        )

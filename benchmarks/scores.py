"""How well a comparison tells what the generator did."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.edits import Fact, Pair
from monitor.legal.model import Comparison, ValueChange

LEVELS = {"art": "articles", "para": "khoản", "point": "điểm"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a system says about two texts, by eid; `facts` None where it cannot tell any."""

    links: frozenset[tuple[str, str]]
    moved: frozenset[str] | None = None
    grouped: frozenset[tuple[str, str]] | None = None
    changed: frozenset[str] | None = None
    value_changed: frozenset[str] | None = None
    values: dict[str, list[ValueChange]] | None = None


@dataclass(slots=True)
class Tally:
    """Counts over many pairs: name → hits and totals."""

    hits: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    totals: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, name: str, hits: float, total: float) -> None:
        """Count hits out of a total under a name."""
        self.hits[name] += hits
        self.totals[name] += total

    def rate(self, name: str) -> float | None:
        """Give hits per total, None where nothing was counted."""
        return self.hits[name] / self.totals[name] if self.totals.get(name) else None

    def f1(self, name: str) -> float | None:
        """Give the harmonic mean of a name's precision and recall."""
        precision, recall = self.rate(f"{name} precision"), self.rate(f"{name} recall")
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def level_of(eid: str) -> str:
    """Give the level of an eid by its last part."""
    return LEVELS.get(eid.rsplit("__", 1)[-1].split("_", 1)[0], "other")


def told_by(comparison: Comparison) -> Told:
    """Read off our own comparison what can be scored."""
    links: set[tuple[str, str]] = set()
    grouped: set[tuple[str, str]] = set()
    moved: set[str] = set()
    for link in comparison.links:
        pairs = {(old, new) for old in link.old for new in link.new}
        if link.kind not in ("added", "removed"):
            links |= pairs
        if len(pairs) > 1:
            grouped |= pairs
        if link.moved:
            moved.update(link.new)
    changed: set[str] = set()
    value_changed: set[str] = set()
    values: dict[str, list[ValueChange]] = {}
    for change in comparison.changes:
        changed.update(change.new)
        figures = [v for v in change.values if v.type not in ("reference", "scope")]
        if figures:
            value_changed.update(change.new)
        for eid in change.new:
            values.setdefault(eid, []).extend(change.values)
    return Told(
        frozenset(links), frozenset(moved), frozenset(grouped), frozenset(changed),
        frozenset(value_changed), values,
    )  # fmt: skip


def holds(fact: Fact, values: Iterable[ValueChange]) -> bool:
    """Tell whether a changed fact is among the typed changes, with both sides right."""
    for value in values:
        if value.old is None or value.new is None:
            continue
        sides = (value.old, value.new)
        if (value.type == "modality") != (fact.fact == "modality"):
            continue
        if fact.fact == "comparator":
            if (sides[0].comparator, sides[1].comparator) == (fact.old, fact.new):
                return True
        elif (sides[0].value, sides[1].value) == (fact.old, fact.new) and (
            fact.fact != "unit" or sides[0].unit != sides[1].unit
        ):
            return True
    return False


def score(tally: Tally, pair: Pair, told: Told) -> None:
    """Add one pair's figures to a tally."""
    for level in LEVELS.values():
        true = {p for p in pair.links if level_of(p[1]) == level}
        said = {
            p for p in told.links
            if level_of(p[1]) == level and p[0] in pair.old_eids and p[1] in pair.new_eids
        }  # fmt: skip
        tally.add(f"{level} precision", len(true & said), len(said))
        tally.add(f"{level} recall", len(true & said), len(true))
    if told.moved is not None:
        tally.add("moved precision", len(told.moved & pair.moved), len(told.moved))
        tally.add("moved recall", len(told.moved & pair.moved), len(pair.moved))
    if told.grouped is not None:
        tally.add("groups", sum(group <= told.grouped for group in pair.groups), len(pair.groups))
    if told.changed is not None:
        tally.add("false changes", 100 * len(told.changed & pair.unchanged), len(pair.unchanged))
    if told.value_changed is not None:
        false = told.value_changed & pair.unchanged
        tally.add("false values", 100 * len(false), len(pair.unchanged))
    if told.values is not None:
        for fact in pair.facts:
            name = "modality" if fact.fact == "modality" else "values"
            found = holds(fact, told.values.get(fact.eid, ()))
            tally.add(name, found, 1)
            tally.add(f"fact {fact.fact}", found, 1)

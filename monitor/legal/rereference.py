"""References compared through the alignment: what only follows a renumbering is no change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.legal.align import Alignment
from monitor.legal.model import Quantity, ValueChange
from monitor.legal.nodes import Nodes
from monitor.legal.pairing import Mark, Wording, pair_marks
from monitor.legal.references import Reference, find_references, instrument_spans
from monitor.legal.resolve import Labels, Place, carried, label_index, places

_LEAST = 1.2


@dataclass(frozen=True, slots=True)
class _Named:
    """A reference with what it says and what it names in its own text."""

    text: str
    reference: Reference
    found: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two texts with the means to follow a reference from one into the other.

    `partners` gives those of an old provision, `origins` those of a new one; the `doubtful` are
    in a pairing that is only probable.
    """

    old: Nodes
    new: Nodes
    old_labels: Labels
    new_labels: Labels
    partners: Mapping[int, tuple[int, ...]]
    origins: Mapping[int, tuple[int, ...]]
    doubtful_old: frozenset[int]
    doubtful_new: frozenset[int]


def make_crossing(alignment: Alignment) -> Crossing:
    """Put together what following references needs."""
    doubtful = [p for p in alignment.pairings if not p.certain]
    return Crossing(
        alignment.old,
        alignment.new,
        label_index(alignment.old),
        label_index(alignment.new),
        {o: p.new for p in alignment.pairings for o in p.old},
        {n: p.old for p in alignment.pairings for n in p.new},
        frozenset(o for p in doubtful for o in p.old),
        frozenset(n for p in doubtful for n in p.new),
    )


def _named(nodes: Nodes, labels: Labels, at: int, text: str) -> list[Mark[_Named]]:
    language = nodes.text.language
    marks = []
    for reference in find_references(text, language):
        found = frozenset() if reference.instrument else places(nodes, labels, at, reference)
        said = " ".join(text[reference.start : max(reference.end, reference.reach)].split())
        marks.append(Mark(reference.start, reference.end, _Named(said, reference, found)))
    taken = [(m.start, max(m.end, m.what.reference.reach)) for m in marks]
    for start, end in instrument_spans(text):
        if not any(low <= start < high for low, high in taken):
            said = "".join(text[start:end].removeprefix("số").split())
            marks.append(
                Mark(start, end, _Named(said, Reference(start, end, (), said), frozenset()))
            )
    return sorted(marks, key=lambda mark: mark.start)


def _same(crossing: Crossing, old: _Named, new: _Named) -> bool:
    ours, theirs = old.reference, new.reference
    if ours.instrument or theirs.instrument:
        return _plain(ours) == _plain(theirs)
    said_same = set(ours.targets) == set(theirs.targets)
    if not old.found or not new.found:
        return said_same
    followed = carried(old.found, crossing.partners)
    if followed & new.found:
        return said_same or new.found <= followed or followed <= new.found
    if not said_same:
        return False
    rewritten = not followed and not carried(new.found, crossing.origins)
    return rewritten or not (
        crossing.doubtful_old.isdisjoint(place.index for place in old.found)
        and crossing.doubtful_new.isdisjoint(place.index for place in new.found)
    )


def _plain(reference: Reference) -> tuple[object, str]:
    return frozenset(reference.targets), "".join(reference.instrument.lower().split())


def _quantity(nodes: Nodes, named: _Named) -> Quantity:
    eids = sorted((nodes[p.index].provision.eid, p.rest) for p in named.found)
    value = ", ".join("/".join((eid, *rest)) for eid, rest in eids)
    return Quantity(named.text, value=value or named.reference.instrument or None)


def reference_changes(
    crossing: Crossing, wording: Wording, old: tuple[int, str], new: tuple[int, str]
) -> list[ValueChange]:
    """Compare the references of an old and a new provision, each given as (index, own text)."""
    olds = _named(crossing.old, crossing.old_labels, *old)
    news = _named(crossing.new, crossing.new_labels, *new)

    def fit(left: _Named, right: _Named) -> float:
        return 1.0 if _same(crossing, left, right) else 0.2

    pairs = pair_marks(wording, olds, news, fit, _LEAST)
    return list(_changes(crossing, pairs))


def _changes(
    crossing: Crossing, pairs: Sequence[tuple[Mark[_Named] | None, Mark[_Named] | None]]
) -> list[ValueChange]:
    changes = []
    for left, right in pairs:
        before = _quantity(crossing.old, left.what) if left else None
        after = _quantity(crossing.new, right.what) if right else None
        if left and right:
            if not _same(crossing, left.what, right.what):
                changes.append(ValueChange("reference", "changed", before, after))
        elif left:
            changes.append(ValueChange("reference", "removed", before, None))
        else:
            changes.append(ValueChange("reference", "added", None, after))
    return changes

"""References compared through the alignment: what only follows a renumbering is no change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.legal.align import Alignment
from monitor.legal.model import Quantity, ValueChange
from monitor.legal.nodes import Nodes
from monitor.legal.pairing import Mark, Wording, pair_marks
from monitor.legal.references import Reference, find_references, instrument_spans
from monitor.legal.resolve import Labels, Place, carried, label_index, places

_LEAST = 1.2
Change = Literal["same", "changed", "added", "removed"]


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


def _became(crossing: Crossing, old: _Named, new: _Named) -> Change:
    """Tell what became of a reference: the same, changed, or with targets added or removed."""
    ours, theirs = old.reference, new.reference
    if ours.instrument or theirs.instrument:
        return "same" if _plain(ours) == _plain(theirs) else "changed"
    said_same = set(ours.targets) == set(theirs.targets)
    if not old.found or not new.found:
        return "same" if said_same else "changed"
    followed = carried(old.found, crossing.partners) & new.found
    if not followed:
        return "same" if said_same and not _elsewhere(crossing, old, new) else "changed"
    kept_all = all(carried(frozenset({p}), crossing.partners) & new.found for p in old.found)
    had_all = all(carried(frozenset({p}), crossing.origins) & old.found for p in new.found)
    if said_same or (kept_all and had_all):
        return "same"
    return "added" if kept_all else "removed" if had_all else "changed"


def _elsewhere(crossing: Crossing, old: _Named, new: _Named) -> bool:
    """Tell whether the same labels certainly name other provisions now."""
    if not carried(old.found, crossing.partners) and not carried(new.found, crossing.origins):
        return False
    return crossing.doubtful_old.isdisjoint(
        place.index for place in old.found
    ) and crossing.doubtful_new.isdisjoint(place.index for place in new.found)


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
        return {"same": 1.0, "changed": 0.2}.get(_became(crossing, left, right), 0.6)

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
            became = _became(crossing, left.what, right.what)
            if became == "added":
                changes.append(ValueChange("reference", "added", None, after))
            elif became == "removed":
                changes.append(ValueChange("reference", "removed", before, None))
            elif became == "changed":
                changes.append(ValueChange("reference", "changed", before, after))
        elif left:
            changes.append(ValueChange("reference", "removed", before, None))
        else:
            changes.append(ValueChange("reference", "added", None, after))
    return changes

"""The typed changes between two wordings: quantities and modality, in their order."""

from collections.abc import Sequence

from monitor.legal.lexicon import MONEY_UNITS, TIME_UNITS, known_unit
from monitor.legal.modality import ModalWord, find_modality
from monitor.legal.model import Quantity, ValueChange
from monitor.legal.pairing import Mark, Wording, pair_marks
from monitor.legal.references import find_references, instrument_spans
from monitor.legal.values import Value, find_values

_LEAST_VALUE = 1.6
_LEAST_MODAL = 1.8
_TELLING = (
    "effective_date", "penalty", "deadline", "threshold", "percentage", "period", "duration",
    "date", "count",
)  # fmt: skip


def values_of(text: str, language: str) -> tuple[list[Value], list[str]]:
    """Find a provision's quantities, those of references and citations left out, and warnings."""
    skip = [(r.start, r.end) for r in find_references(text, language)]
    return find_values(text, language, skip + instrument_spans(text))


def _sort(unit: str) -> str:
    for name, units in (("time", TIME_UNITS), ("money", MONEY_UNITS)):
        if unit in units:
            return name
    return unit if unit in ("date", "percent") else "number"


def _fit(old: Value, new: Value) -> float:
    """Tell how well two quantities fit by themselves, -1 where they are of different sorts."""
    sorts = _sort(old.quantity.unit), _sort(new.quantity.unit)
    if sorts[0] != sorts[1]:
        return -1.0
    same_unit = old.quantity.unit == new.quantity.unit
    fit = 0.5 * same_unit + 0.3 * (old.type == new.type)
    fit += 0.2 * (old.quantity.comparator == new.quantity.comparator)
    if same_unit and old.quantity.value == new.quantity.value:
        fit += 0.8
    return fit


def _plain_sign(value: Value) -> str:
    """Give the comparator; an anchored deadline without one is a limit all the same."""
    sign = value.quantity.comparator
    return "<=" if not sign and value.type == "deadline" else sign


def same_quantity(old: Value, new: Value) -> bool:
    """Tell whether two quantities say the same; 3 months never equal 90 days."""
    ours, theirs = old.quantity, new.quantity
    if ours.value != theirs.value or _plain_sign(old) != _plain_sign(new):
        return False
    if ours.per and theirs.per and ours.per != theirs.per:
        return False
    if ours.unit == theirs.unit:
        return True
    return not (known_unit(ours.unit) and known_unit(theirs.unit))


def _telling(old: Value, new: Value) -> str:
    return min(old.type, new.type, key=_TELLING.index)


def quantity_changes(
    wording: Wording, olds: Sequence[Value], news: Sequence[Value]
) -> list[ValueChange]:
    """Compare the quantities of two texts in their order; kept ones are left out.

    A figure that only changed its place within the text is kept too.
    """
    pairs = pair_marks(
        wording,
        [Mark(v.start, v.end, v) for v in olds],
        [Mark(v.start, v.end, v) for v in news],
        _fit,
        _LEAST_VALUE,
    )
    changes: list[tuple[ValueChange, Value | None, Value | None]] = []
    for left, right in pairs:
        old, new = left and left.what, right and right.what
        if old and new:
            if not same_quantity(old, new):
                change = ValueChange(_telling(old, new), "changed", old.quantity, new.quantity)
                changes.append((change, old, new))
        elif old:
            changes.append((ValueChange(old.type, "removed", old.quantity, None), old, None))
        elif new:
            changes.append((ValueChange(new.type, "added", None, new.quantity), None, new))
    return _reunited([change for change, _, _ in _without_moved(changes)])


def _reunited(changes: Sequence[ValueChange]) -> list[ValueChange]:
    """Tell the one figure of a type that went and the one that came as one that changed.

    Where several came, the first that runs from an event in the same words is taken.
    """
    kept = list(changes)
    for kind in dict.fromkeys(change.type for change in changes):
        gone = [c for c in kept if c.type == kind and c.change == "removed" and c.old]
        come = [c for c in kept if c.type == kind and c.change == "added" and c.new]
        if len(gone) != 1 and len(gone) != len(come):
            continue
        for old in gone:
            fitting = [
                c for c in come if c.new and old.old and _sort(c.new.unit) == _sort(old.old.unit)
            ]
            if not fitting:
                break
            new = max(fitting, key=lambda c: _shared_event(old.old, c.new))
            come.remove(new)
            place = kept.index(old)
            kept[place] = ValueChange(kind, "changed", old.old, new.new)
            kept.remove(new)
    return kept


def _shared_event(old: Quantity | None, new: Quantity | None) -> int:
    if old is None or new is None:
        return 0
    return len(set(old.anchor.lower().split()) & set(new.anchor.lower().split()))


def _without_moved(
    changes: Sequence[tuple[ValueChange, Value | None, Value | None]],
) -> list[tuple[ValueChange, Value | None, Value | None]]:
    """Leave out a quantity that is removed here and added there with the same meaning."""
    dropped: set[int] = set()
    for at, (change, old, _) in enumerate(changes):
        if change.change != "removed" or old is None:
            continue
        for other, (twin, _, new) in enumerate(changes):
            if twin.change == "added" and other not in dropped and new and same_quantity(old, new):
                dropped |= {at, other}
                break
    return [entry for at, entry in enumerate(changes) if at not in dropped]


def _modal(word: ModalWord) -> Quantity:
    return Quantity(word.text, value=word.modal)


def _modal_fit(old: ModalWord, new: ModalWord) -> float:
    return 0.8 if old.modal == new.modal else 0.0


def modality_changes(wording: Wording, old: str, new: str, language: str) -> list[ValueChange]:
    """Compare who must, must not and may in two texts; a bare "được" counts only as a partner."""
    pairs = pair_marks(
        wording,
        [Mark(m.start, m.end, m) for m in find_modality(old, language)],
        [Mark(m.start, m.end, m) for m in find_modality(new, language)],
        _modal_fit,
        _LEAST_MODAL,
    )
    changes = []
    for left, right in pairs:
        before, after = left and left.what, right and right.what
        if before and after:
            if before.modal != after.modal:
                changes.append(ValueChange("modality", "changed", _modal(before), _modal(after)))
        elif before and not before.weak:
            changes.append(ValueChange("modality", "removed", _modal(before), None))
        elif after and not after.weak:
            changes.append(ValueChange("modality", "added", None, _modal(after)))
    return _joined(_without_moved_modality(changes))


def _joined(changes: Sequence[ValueChange]) -> list[ValueChange]:
    """Tell a single modality that went and a single one that came as one that became the other."""
    gone = [c for c in changes if c.change == "removed"]
    come = [c for c in changes if c.change == "added"]
    if len(gone) != 1 or len(come) != 1:
        return list(changes)
    joined = ValueChange("modality", "changed", gone[0].old, come[0].new)
    return [joined if c is gone[0] else c for c in changes if c is not come[0]]


def _without_moved_modality(changes: Sequence[ValueChange]) -> list[ValueChange]:
    kept = list(changes)
    for change in changes:
        if change.change != "removed" or change.old is None:
            continue
        twin = next(
            (c for c in kept if c.change == "added" and c.new and c.new.value == change.old.value),
            None,
        )
        if twin is not None:
            kept = [c for c in kept if c is not change and c is not twin]
    return kept


def stated(text: str, language: str, change: str) -> list[ValueChange]:
    """Give everything that an added or removed text states, each modality once."""
    found: list[ValueChange] = []
    values, _ = values_of(text, language)

    def one(kind: str, quantity: Quantity) -> ValueChange:
        if change == "added":
            return ValueChange(kind, "added", None, quantity)
        return ValueChange(kind, "removed", quantity, None)

    found += [one(value.type, value.quantity) for value in values]
    modals: dict[str, ModalWord] = {}
    for word in find_modality(text, language):
        if not word.weak:
            modals.setdefault(word.modal, word)
    return found + [one("modality", _modal(word)) for word in modals.values()]

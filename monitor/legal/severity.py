"""How much a change matters, and why: fixed rules on the typed change, most severe first.

critical   a prohibition, duty or permission became another; a deadline, threshold, penalty or
           date of effect changed, came or went in a kept provision; a prohibition was added or
           removed.
major      another figure changed; a duty, restriction, deadline, threshold or penalty comes or
           goes with its provision; who is addressed or what a term means changed; a reference
           points elsewhere.
minor      wording, headings, moves, splits and merges.
editorial  punctuation, spelling, capitals and diacritics.
"""

from collections.abc import Sequence

from monitor.legal.model import LinkKind, Severity, ValueChange

RANK: dict[Severity, int] = {"critical": 0, "major": 1, "minor": 2, "editorial": 3}

_FIGURES = frozenset({"deadline", "threshold", "penalty", "effective_date"})
_NAMES = {"effective_date": "date of effect"}


def _name(change: ValueChange) -> str:
    if change.type != "modality":
        return _NAMES.get(change.type, change.type)
    side = change.new or change.old
    return str(side.value) if side else "modality"


def value_severity(change: ValueChange, kind: LinkKind) -> tuple[Severity, str]:
    """Give the severity of one typed change in a provision of that kind, and the reason."""
    name = _name(change)
    whole = kind in ("added", "removed")
    if change.type == "modality":
        if change.change == "changed":
            before = change.old.value if change.old else ""
            after = change.new.value if change.new else ""
            grave = {"duty", "prohibition", "restriction"} & {before, after}
            return "critical" if grave else "major", f"{before} became {after}"
        if name == "prohibition":
            return "critical", f"a prohibition is {change.change}"
        if name in ("duty", "restriction"):
            return "major", f"a {name} is {change.change}"
        return "minor" if whole else "major", f"a {name} is {change.change}"
    if change.type in _FIGURES:
        if whole:
            return "major", f"a {name} is {change.change} with its provision"
        return "critical", f"a {name} is {change.change}"
    if change.type == "scope":
        return "major", "who or what the provision covers changed"
    if change.type == "reference":
        if change.change == "changed":
            return "major", "a reference points elsewhere"
        return "minor", f"a reference is {change.change}"
    if whole:
        return "minor", f"a {name} is {change.change} with its provision"
    return "major", f"a {name} is {change.change}"


def severity(
    values: Sequence[ValueChange], kind: LinkKind, editorial: bool, moved: bool
) -> tuple[Severity, str]:
    """Give a change's severity and the reason: that of its gravest typed change.

    Without one it is editorial where only spelling or punctuation differ, else minor.
    """
    if values:
        judged = [value_severity(value, kind) for value in values]
        return min(judged, key=lambda found: RANK[found[0]])
    if editorial:
        return "editorial", "only spelling or punctuation differ"
    reasons: dict[LinkKind, str] = {
        "added": "a provision without figures, duties or prohibitions is added",
        "removed": "a provision without figures, duties or prohibitions is removed",
        "moved": "the provision stands elsewhere, its words are the same",
        "split": "the provision is divided",
        "merged": "provisions are joined",
    }
    said = reasons.get(kind, "the wording changed, no figure and no duty")
    return "minor", said + (" and it moved" if moved and kind == "modified" else "")

"""Changes of an article's text or of an instrument, as an alert keeps them."""

from collections.abc import Sequence
from typing import Any, Protocol

from alerts.pieces import Piece, difference, fitted, shortened, stretches
from alerts.places import places
from alerts.wording import cut

MOST_CHANGES = 20
LONGEST_TEXT = 4000
SEVERITIES = ("critical", "major", "minor", "editorial")


class Reads(Protocol):
    """What can be read of a revision."""

    @property
    def title(self) -> str:
        """Its headline."""
        ...

    @property
    def summary(self) -> str:
        """What stands above its text, "" where nothing does."""
        ...

    @property
    def text(self) -> str:
        """Its text, a paragraph a line."""
        ...


def edit_changes(old: Reads, new: Reads) -> list[dict[str, Any]]:
    """What differs between two revisions of an article, by title, summary and paragraph.

    Differences in white space alone are none.
    """
    found = []
    for where, before, after in (
        ("title", old.title, new.title),
        ("summary", old.summary, new.summary),
    ):
        if _words(before) != _words(after):
            found.append(_edit(where, before, after))
    for before, after in _changed_paragraphs(old.text, new.text):
        found.append(_edit("text", before, after))
    return found


def comparison_changes(result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The certain changes of a comparison, most severe first, as an alert keeps them."""
    return [_legal_change(change, language) for change in certain(result)]


def certain(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes of a comparison that an alert may state, most severe first."""
    found = [one for one in result.get("changes", []) if one.get("confidence") == "certain"]
    return sorted(found, key=lambda one: _rank(one.get("severity", "")))


def counted(changes: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many changes of each severity there are, most severe first, without zeros."""
    said = [one.get("severity", "") for one in changes]
    return {name: said.count(name) for name in SEVERITIES if name in said}


def in_words(counts: dict[str, int]) -> str:
    """`{"critical": 3, "major": 1}` → "3 critical and 1 major change"."""
    total = sum(counts.values())
    parts = [f"{number} {name}" for name, number in counts.items()]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "no"
    return f"{listed} change{'' if total == 1 else 's'}"


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _legal_change(change: dict[str, Any], language: str) -> dict[str, Any]:
    return _kept(
        places(change.get("old", []), change.get("new", []), language),
        change.get("kind", "modified"),
        change.get("severity", ""),
        change.get("summary", ""),
        change.get("old_text", ""),
        change.get("new_text", ""),
        tuple((mark, text) for mark, text in change.get("inline", [])),
    ) | {
        "summary_vi": change.get("summary_vi", ""),
        "old": change.get("old", []),
        "new": change.get("new", []),
    }


def _edit(where: str, before: str, after: str) -> dict[str, Any]:
    kind = "modified" if before.strip() and after.strip() else "removed" if before else "added"
    return _kept(where, kind, "", "", before, after, difference(before, after))


def _kept(
    where: str,
    kind: str,
    severity: str,
    summary: str,
    before: str,
    after: str,
    inline: tuple[Piece, ...],
) -> dict[str, Any]:
    long = max(len(before), len(after)) > LONGEST_TEXT
    if long:
        inline = fitted(shortened(inline), LONGEST_TEXT)
    return {
        "where": where,
        "kind": kind,
        "severity": severity,
        "summary": summary,
        "old_text": cut(before, LONGEST_TEXT),
        "new_text": cut(after, LONGEST_TEXT),
        "inline": [list(piece) for piece in inline],
        "cut": long,
    }


def _changed_paragraphs(old: str, new: str) -> list[tuple[str, str]]:
    before, after = _paragraphs(old), _paragraphs(new)
    return [
        ("\n".join(before[i:j]), "\n".join(after[k:m]))
        for equal, (i, j), (k, m) in stretches(before, after)
        if not equal
    ]


def _paragraphs(text: str) -> list[str]:
    return [words for line in text.split("\n") if (words := _words(line))]


def _words(text: str) -> str:
    return " ".join(text.split())

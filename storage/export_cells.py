"""An exported row as the cells of a table: one value a cell, and no formula."""

from collections.abc import Iterable, Mapping
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, full-width forms included."""
STATED = (
    "number", "type", "issuer", "signer", "issued_on", "effective_on", "status", "stage",
    "consultation_until", "own_number", "own_issued_on", "text_from",
)  # fmt: skip
"""What a portal states of a document, a column each."""
COLUMNS = (
    "url", "title", "summary", "text", "published_at", "seen_at", "source", "language", "topics",
    "kind", "byline", "modified_at", "instruments", *STATED, "relations", "attachments", "notes",
)  # fmt: skip


def cells_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of an export as the cells of `COLUMNS`, none of which is taken for a formula.

    A cell with several things has one a line, but topics and instruments, which hold no space.
    """
    fields = row["fields"]
    several = {
        "topics": " ".join(row["topics"]),
        "instruments": " ".join(row["instruments"]),
        "byline": _lines(row["byline"]),
        "notes": _lines(row["notes"]),
        "relations": _lines(": ".join(one) for one in fields.get("relations") or ()),
        "attachments": _lines(one["url"] for one in fields.get("attachments") or ()),
    }
    stated = {name: fields.get(name) for name in STATED}
    found = {**row, **stated, **several}
    return {name: _cell(found[name]) for name in COLUMNS}


def _lines(said: Iterable[str]) -> str:
    return "\n".join(said)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value

"""Identifiers of provisions in a reader's words."""

from collections.abc import Sequence

MOST_NAMED = 6

_WORDS = {
    "vi": {"part": "phần", "chp": "chương", "sec": "mục", "art": "Điều", "para": "khoản",
           "point": "điểm", "subpoint": "tiết", "app": "Phụ lục", "quoted": "trích"},
    "en": {"part": "Part", "chp": "Chapter", "sec": "Section", "art": "Article",
           "para": "paragraph", "point": "point", "subpoint": "subpoint", "app": "Appendix",
           "quoted": "quoted"},
}  # fmt: skip


def place(eid: str, language: str = "vi") -> str:
    """`art_7__para_2` → "Điều 7 khoản 2" (vi) or "Article 7 paragraph 2" (en)."""
    words = _WORDS.get(language, _WORDS["en"])
    steps = (step.partition("_") for step in eid.split("__"))
    return " ".join(f"{words.get(kind, kind)} {number}".strip() for kind, _, number in steps)


def places(old: Sequence[str], new: Sequence[str], language: str = "vi") -> str:
    """Where a change stands: in the new text, and before in the old one when that differs."""
    before, after = listed(old, language), listed(new, language)
    return f"{before} → {after}" if before and after and before != after else after or before


def listed(eids: Sequence[str], language: str = "vi") -> str:
    """The provisions' names; parts of a provision that is named itself go without saying."""
    named = set(eids)
    top = [eid for eid in eids if not named & set(_above(eid))]
    names = ", ".join(place(eid, language) for eid in top[:MOST_NAMED])
    return f"{names} …" if len(top) > MOST_NAMED else names


def _above(eid: str) -> list[str]:
    steps = eid.split("__")
    return ["__".join(steps[:count]) for count in range(1, len(steps))]

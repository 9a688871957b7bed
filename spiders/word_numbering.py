"""The numbers that Word writes by itself in front of numbered paragraphs.

A decree's "Điều 5." or "b)" is often no text in the file: the paragraph only names a list and
a level (`w:numPr`), and the number is counted when the file is shown. Without counting too,
the text would lose them. Source: ECMA-376 part 1, 17.9 (numbering).
"""

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 9
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how its number looks, the text around it."""

    start: int
    form: str
    text: str
    plain: bool


@dataclass(slots=True)
class Numbering:
    """The lists of a document and where their counters stand.

    `lists` maps a list's id to its abstract list; `levels` an abstract list's id and level
    to how it looks; `restarts` the first numbers a list sets anew.
    """

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[tuple[str, int], int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, depth: int) -> str:
        """Count one paragraph of a list and give what Word writes in front of it.

        "" where the list is unknown or its level writes nothing; a bullet is "-".
        """
        abstract = self.lists.get(list_id)
        level = self.levels.get((abstract, depth)) if abstract is not None else None
        if abstract is None or level is None:
            return ""
        self._count(list_id, abstract, depth, level)
        if level.form == "bullet":
            return "-"
        if level.form == "none":
            return ""
        return re.sub(
            r"%([1-9])",
            lambda match: self._number(abstract, int(match[1]) - 1, plain=level.plain),
            level.text,
        ).strip()

    def _count(self, list_id: str, abstract: str, depth: int, level: Level) -> None:
        key = (abstract, depth)
        own = (list_id, depth)
        if own in self.restarts and own not in self.begun:
            self.counters[key] = self.restarts[own]
        else:
            self.counters[key] = self.counters.get(key, level.start - 1) + 1
        self.begun.add(own)
        for deeper in range(depth + 1, DEEPEST):
            self.counters.pop((abstract, deeper), None)

    def _number(self, abstract: str, depth: int, *, plain: bool) -> str:
        level = self.levels.get((abstract, depth))
        if level is None:
            return ""
        count = self.counters.get((abstract, depth), level.start)
        return written(count, "decimal" if plain else level.form)


def written(count: int, form: str) -> str:
    """Give a number as Word's number format `form` writes it; unknown forms are decimal."""
    if form in ("lowerLetter", "upperLetter"):
        # After z Word repeats the letter: aa, bb, cc.
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        letters = _roman(count)
        return letters if form == "lowerRoman" else letters.upper()
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    pieces = []
    for value, letters in _ROMAN:
        pieces.append(letters * (count // value))
        count %= value
    return "".join(pieces)


def read_numbering(root: Any | None) -> Numbering:
    """Read the lists of a document from the root of its numbering part (lxml), None for none."""
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.iter(f"{W}abstractNum"):
        name = abstract.get(f"{W}abstractNumId") or ""
        for level in abstract.iter(f"{W}lvl"):
            numbering.levels[name, _int(level.get(f"{W}ilvl"), 0)] = _level(level)
    for one in root.iter(f"{W}num"):
        list_id = one.get(f"{W}numId") or ""
        numbering.lists[list_id] = _value(one.find(f"{W}abstractNumId"), "")
        for override in one.iter(f"{W}lvlOverride"):
            depth = _int(override.get(f"{W}ilvl"), 0)
            start = override.find(f"{W}startOverride")
            if start is not None:
                numbering.restarts[list_id, depth] = _int(_value(start, "1"), 1)
    return numbering


def _level(level: Any) -> Level:
    return Level(
        start=_int(_value(level.find(f"{W}start"), "1"), 1),
        form=_value(level.find(f"{W}numFmt"), "decimal"),
        text=_value(level.find(f"{W}lvlText"), ""),
        plain=level.find(f"{W}isLgl") is not None,
    )


def _value(element: Any | None, default: str) -> str:
    return default if element is None else str(element.get(f"{W}val") or default)


def _int(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default

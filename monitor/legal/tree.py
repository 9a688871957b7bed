"""Rows to provisions: divisions, articles, and the lists inside them."""

from collections.abc import Callable, Sequence
from typing import Literal

from .headings import division_heading, outline, split_heading
from .model import Kind
from .numbering import Candidate, best_run
from .patterns import Label, paragraph_label, point_label, roman_label, subpoint_label
from .rows import Draft, Reading, Row, complete_before

Family = Literal[
    "section", "paragraph", "decimal", "point", "letter-digit", "bracketed", "roman", "dash", "plus"
]
_FAMILIES: tuple[Family, ...] = (
    "section", "paragraph", "decimal", "point", "letter-digit", "bracketed", "roman", "dash",
    "plus",
)  # fmt: skip
_RANKS: dict[Kind, int] = {
    "part": 0, "chapter": 1, "section": 2, "subsection": 3, "article": 4,
}  # fmt: skip


def grow(rows: Sequence[Row], reading: Reading, *, quoted: bool = False) -> tuple[int, list[Draft]]:
    """Build the divisions and articles of a region.

    Gives the number of rows before the first of them, and the provisions. With `quoted` the
    region is a quoted body: numbers need not begin at one and quotes are no bounds.
    """
    heads = outline(rows, reading, quoted=quoted)
    if not heads:
        return len(rows), []
    roots: list[Draft] = []
    open_nodes: list[Draft] = []
    bounds = [index for index, _ in heads] + [len(rows)]
    for place, (index, label) in enumerate(heads):
        section = rows[index : bounds[place + 1]]
        node = Draft(label.kind, label.num, "", section[0].line.start, section[0].line.end)
        if label.kind == "article":
            node.heading, own, used = split_heading(label, section, reading)
            for row, text in own:
                node.take(row, text)
            node.end = max(node.end, section[used - 1].line.end)
            fill(node, section[used:], reading, frozenset(), quoted=quoted)
        else:
            node.heading, used = division_heading(label, section)
            node.end = section[used - 1].line.end
            for row in section[used:]:
                node.take(row)
        while open_nodes and _RANKS[open_nodes[-1].kind] >= _RANKS[node.kind]:
            open_nodes.pop()
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)
        for ancestor in open_nodes:
            ancestor.end = max(ancestor.end, node.end)
    return heads[0][0], roots


def fill(
    node: Draft,
    rows: Sequence[Row],
    reading: Reading,
    used: frozenset[Family],
    *,
    quoted: bool = False,
) -> None:
    """Give a provision its rows: own text first, then the list that it holds, recursively."""
    for family in _FAMILIES:
        if family in used:
            continue
        labels = _find(family, node, rows, reading, quoted)
        if labels:
            _take_own(node, rows[: labels[0][0]], reading, quoted)
            bounds = [index for index, _ in labels] + [len(rows)]
            inner = used | {family, "section"}
            if family != "section":
                inner |= {"paragraph"}
            for place, (index, label) in enumerate(labels):
                part = rows[index : bounds[place + 1]]
                child = Draft(label.kind, label.num, "", part[0].line.start, part[0].line.end)
                child.take(part[0], label.rest)
                fill(child, part[1:], reading, inner, quoted=quoted)
                node.adopt(child)
            return
    _take_own(node, rows, reading, quoted)


def grow_quoted(rows: Sequence[Row], reading: Reading) -> Draft:
    """Build the child tree of a quoted body."""
    node = Draft("quoted", "", "", rows[0].line.start, rows[0].line.end)
    lead, children = grow(rows, reading, quoted=True)
    fill(node, rows[:lead], reading, frozenset(), quoted=True)
    for child in children:
        node.adopt(child)
    node.end = max(node.end, rows[-1].line.end)
    return node


def _take_own(node: Draft, rows: Sequence[Row], reading: Reading, quoted: bool) -> None:
    index = 0
    while index < len(rows):
        block = rows[index].block
        if quoted or not block:
            node.take(rows[index])
            index += 1
            continue
        stop = index
        while stop < len(rows) and rows[stop].block == block:
            stop += 1
        node.adopt(grow_quoted(rows[index:stop], reading))
        index = stop


def _find(
    family: Family, node: Draft, rows: Sequence[Row], reading: Reading, quoted: bool
) -> list[tuple[int, Label]]:
    """Find the run of a family's labels among the rows; empty where there is no such list."""
    read = _READERS[family](node, reading)
    starts = _STARTS[family]
    found: list[tuple[int, Label, str]] = []
    for index, row in enumerate(rows):
        if row.text[:1] not in starts or (row.block and not quoted):
            continue
        result = read(row.text)
        if result is not None:
            found.append((index, *result))
    if not found:
        return []
    delimiter = _delimiter(found)
    found = [item for item in found if item[2] == delimiter]
    if family in ("dash", "plus"):
        return [(index, label) for index, label, _ in found]
    letters = family == "point"
    candidates = [
        Candidate(index, label.key, _weight(rows, index, label, reading))
        for index, label, _ in found
    ]
    run = best_run(candidates, letters=letters, from_one=not quoted, gap_loss=_LIST_GAP)
    chosen = [(found[place][0], found[place][1]) for place in run]
    if not chosen or not (quoted or chosen[0][1].key[0] == 1 or len(chosen) > 1):
        return []
    if family == "section" and len(chosen) < 2:
        return []
    _warn_repeats(family, node, found, set(run), reading)
    return chosen


def _delimiter(found: Sequence[tuple[int, Label, str]]) -> str:
    for _, label, delimiter in found:
        if label.key[0] == 1:
            return delimiter
    return found[0][2]


def _weight(rows: Sequence[Row], index: int, label: Label, reading: Reading) -> float:
    weight = 1.0 if complete_before(rows, index) else (-0.8 if reading.wrapped else 0.4)
    # These letters are also the Roman numerals of a list one level down.
    if label.kind == "point" and not label.num.strip("ivx"):
        weight -= 0.7
    if label.rest[:1].islower() and label.kind == "paragraph":
        weight -= 0.4
    return weight


def _warn_repeats(
    family: Family,
    node: Draft,
    found: Sequence[tuple[int, Label, str]],
    chosen: set[int],
    reading: Reading,
) -> None:
    if node.kind != "article" or family != "paragraph":
        return
    for place, (_, label, _) in enumerate(found):
        if place not in chosen:
            reading.warn(f"Article {node.num}: a line numbered {label.num} does not run on")


_LIST_GAP = 0.8
Reader = Callable[[str], tuple[Label, str] | None]


def _paragraphs(node: Draft, reading: Reading) -> Reader:
    def read(text: str) -> tuple[Label, str] | None:
        found = paragraph_label(text)
        if found is None and reading.language == "en" and node.kind == "article":
            label = subpoint_label(text)
            if label is not None and label.num.isdigit():
                return Label("paragraph", label.num, label.key, label.rest, True), "("
        return found

    return read


def _decimals(node: Draft, _: Reading) -> Reader:
    prefix = node.num.lstrip("0") + "."

    def read(text: str) -> tuple[Label, str] | None:
        label = subpoint_label(text)
        if label is None or not label.num.startswith(prefix) or not node.num[:1].isdigit():
            return None
        tail = label.num[len(prefix) :]
        if not tail.isdigit():
            return None
        return Label("subpoint", label.num, (int(tail), 0), label.rest, True), ""

    return read


def _points(_: Draft, reading: Reading) -> Reader:
    return lambda text: point_label(text, reading.language)


def _letter_digits(node: Draft, _: Reading) -> Reader:
    def read(text: str) -> tuple[Label, str] | None:
        label = subpoint_label(text)
        if label is None or not label.num[:1].isalpha() or not label.num[-1:].isdigit():
            return None
        tail = label.num[1:].lstrip(".")
        if not tail.isdigit() or (node.kind == "point" and label.num[0] != node.num[:1]):
            return None
        return Label("subpoint", label.num, (int(tail), 0), label.rest, True), ""

    return read


def _bracketed(_: Draft, __: Reading) -> Reader:
    def read(text: str) -> tuple[Label, str] | None:
        label = subpoint_label(text) if text.startswith("(") else None
        return (label, "d" if label.num.isdigit() else "r") if label and label.key[0] else None

    return read


def _romans(_: Draft, __: Reading) -> Reader:
    def read(text: str) -> tuple[Label, str] | None:
        label = subpoint_label(text)
        if label is None or not label.key[0] or not label.num.isalpha() or text[0] == "(":
            return None
        return label, "r"

    return read


def _sections(node: Draft, _: Reading) -> Reader:
    def read(text: str) -> tuple[Label, str] | None:
        label = roman_label(text) if node.kind == "appendix" else None
        return (label, "R") if label else None

    return read


def _marks(marks: str) -> Callable[[Draft, Reading], Reader]:
    def read(text: str) -> tuple[Label, str] | None:
        label = subpoint_label(text) if text[:1] in marks else None
        return (label, "") if label else None

    return lambda _node, _reading: read


_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdđefghijklmnopqrstuvwxyz")
_STARTS: dict[Family, frozenset[str]] = {
    "section": frozenset("IVX"),
    "paragraph": _DIGITS | {"("},
    "decimal": _DIGITS,
    "point": _LETTERS | {"("},
    "letter-digit": _LETTERS,
    "bracketed": frozenset("("),
    "roman": frozenset("ivx"),
    "dash": frozenset("-–—•*"),
    "plus": frozenset("+"),
}
_READERS: dict[Family, Callable[[Draft, Reading], Reader]] = {
    "section": _sections,
    "paragraph": _paragraphs,
    "decimal": _decimals,
    "point": _points,
    "letter-digit": _letter_digits,
    "bracketed": _bracketed,
    "roman": _romans,
    "dash": _marks("-–—•*"),
    "plus": _marks("+"),
}

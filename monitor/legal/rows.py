"""What the parser works on: the lines that are left, and the provisions growing from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .model import Kind, Provision
from .patterns import Language
from .text import Line, ends_sentence, join_lines

_PREFIXES: dict[Kind, str] = {
    "part": "part", "chapter": "chp", "section": "sec", "subsection": "subsec", "article": "art",
    "paragraph": "para", "point": "point", "subpoint": "subpoint", "appendix": "app",
    "quoted": "quoted", "intro": "intro", "tail": "tail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line that belongs to the document's text.

    `text` is the line without footnote marks and, in a quoted body, without the quotation
    marks around it; `block` is the number of the quoted body it lies in, 0 outside.
    """

    line: Line
    text: str
    block: int = 0


@dataclass(slots=True)
class Draft:
    """A provision while it grows; `own` are its rows' texts without label and heading."""

    kind: Kind
    num: str
    heading: str
    start: int
    end: int
    own: list[str] = field(default_factory=list)
    children: list["Draft"] = field(default_factory=list)
    name: str = ""

    def take(self, row: Row, text: str | None = None) -> None:
        """Make a row part of this provision's own text."""
        self.own.append(row.text if text is None else text)
        self.end = max(self.end, row.line.end)

    def adopt(self, child: "Draft") -> None:
        """Make a finished provision a child of this one."""
        self.children.append(child)
        self.end = max(self.end, child.end)


@dataclass(slots=True)
class Reading:
    """How a document is read: its language, the width its lines were broken at (0 for not at
    all), and what seemed wrong in it; `quiet` while what is read is of no account."""

    language: Language
    width: int
    warnings: list[str] = field(default_factory=list)
    quiet: bool = False

    @property
    def wrapped(self) -> bool:
        """Tell whether lines were broken by the page."""
        return self.width > 0

    def warn(self, message: str) -> None:
        """Keep a warning once, a hundred at most, and none while `quiet`."""
        if not self.quiet and len(self.warnings) < 100 and message not in self.warnings:
            self.warnings.append(message)


def complete_before(rows: Sequence[Row], index: int) -> bool:
    """Tell whether the row before ends a sentence, so that a provision may begin here."""
    if index == 0:
        return True
    before = rows[index - 1].text
    return ends_sentence(before) or before.isupper()


def freeze(drafts: Sequence[Draft], width: int) -> tuple[Provision, ...]:
    """Turn grown provisions into the tree with eids that are unique in the document."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    return tuple(_freeze(draft, "", "", width, taken, counts) for draft in drafts)


def _freeze(
    draft: Draft, parent: str, scope: str, width: int, taken: set[str], counts: dict[str, int]
) -> Provision:
    """`scope` is the eid of the appendix or quoted body in which articles are unique."""
    base = scope if draft.kind == "article" else parent
    prefix = draft.name or _PREFIXES[draft.kind]
    number = eid_number(draft)
    stem = f"{base}__{prefix}_" if base else f"{prefix}_"
    if not number:
        counts[stem] = counts.get(stem, 0) + 1
        number = str(counts[stem])
    eid = _unique(stem + number, taken, counts)
    inner = eid if draft.kind in ("appendix", "quoted") else scope
    children = tuple(_freeze(child, eid, inner, width, taken, counts) for child in draft.children)
    return Provision(
        eid=eid,
        kind=draft.kind,
        num=draft.num,
        heading=draft.heading,
        text=join_lines(draft.own, width),
        start=draft.start,
        end=draft.end,
        children=children,
    )


def eid_number(draft: Draft) -> str:
    """Give the number as an identifier holds it; empty where provisions are only counted."""
    num = draft.num
    if draft.kind == "quoted" or (draft.kind == "subpoint" and num[:1] in "-–—•+*"):
        return ""
    if draft.kind in ("article", "paragraph"):
        return num.lstrip("0").lower() or num
    if draft.kind == "part" and " " in num:
        return num.replace(" ", "-")
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in num).strip("-.")


def _unique(eid: str, taken: set[str], counts: dict[str, int]) -> str:
    while eid in taken:
        counts[eid] = counts.get(eid, 1) + 1
        eid = f"{eid}_{counts[eid]}"
    taken.add(eid)
    return eid


def mend_letters(rows: Sequence[Row]) -> list[Row]:
    """Read "1)" as the point l where it stands behind k or before m, as it is often typed."""
    labels = [(index, row.text[:2]) for index, row in enumerate(rows) if row.text[1:2] == ")"]
    mended = list(rows)
    for place, (index, label) in enumerate(labels):
        if label != "1)":
            continue
        before = labels[place - 1][1] if place else ""
        after = labels[place + 1][1] if place + 1 < len(labels) else ""
        if before == "k)" or (after == "m)" and before != "l)"):
            mended[index] = replace(rows[index], text="l" + rows[index].text[1:])
    return mended

"""Appendices and forms, each a region of its own with its own numbering."""

import re
from collections.abc import Sequence

from .patterns import Label
from .rows import Draft, Reading, Row
from .text import ends_sentence, join_lines, starts_low
from .tree import fill, grow

_NO_TITLE = re.compile(r"CỘNG H|ĐỘC LẬP|TÊN ")


def grow_appendices(
    rows: Sequence[Row], starts: Sequence[tuple[int, Label, bool]], reading: Reading
) -> list[Draft]:
    """Grow the appendices; forms hang under the appendix that they follow."""
    reading.quiet = True
    drafts: list[Draft] = []
    bounds = [index for index, _, _ in starts] + [len(rows)]
    listed = _listed(starts, bounds)
    open_appendix: Draft | None = None
    for place, (index, label, form) in enumerate(starts):
        part = rows[index : bounds[place + 1]]
        if place in listed and open_appendix is not None:
            for row in part:
                open_appendix.take(row)
            continue
        node = Draft("appendix", label.num, "", part[0].line.start, part[0].line.end)
        node.name = "form" if form else "app"
        used = _appendix_heading(node, label, part, reading)
        lead, children = grow(part[used:], reading)
        if children:
            for row in part[used : used + lead]:
                node.take(row)
            for child in children:
                node.adopt(child)
        else:
            fill(node, part[used:], reading, frozenset())
        if form and open_appendix is not None:
            open_appendix.adopt(node)
        else:
            drafts.append(node)
            open_appendix = None if form else node
    reading.quiet = False
    return drafts


def _listed(starts: Sequence[tuple[int, Label, bool]], bounds: Sequence[int]) -> set[int]:
    """Forms and appendices that are only listed here, since their heading comes again below."""
    last: dict[tuple[bool, str], int] = {}
    for place, (_, label, form) in enumerate(starts):
        last[form, label.num.split("(")[0].rstrip("ab")] = place
    listed: set[int] = set()
    for place, (index, label, form) in enumerate(starts):
        short = bounds[place + 1] - index <= 4
        if short and last[form, label.num.split("(")[0].rstrip("ab")] != place:
            listed.add(place)
    return listed


def _appendix_heading(node: Draft, label: Label, rows: Sequence[Row], reading: Reading) -> int:
    """Read an appendix's title in capitals; give the number of rows that it takes."""
    parts = [label.rest] if label.rest else []
    used = 1
    while used < min(len(rows), 5):
        text = rows[used].text
        flows = (
            bool(parts) and reading.wrapped and starts_low(text) and not ends_sentence(parts[-1])
        )
        if not (text.isupper() or flows) or _NO_TITLE.match(text) or len(text) > 200:
            break
        parts.append(text)
        used += 1
    node.heading = join_lines(parts, 1).replace("\n", " ")
    node.end = rows[used - 1].line.end
    return used

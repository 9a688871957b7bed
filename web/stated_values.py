"""What the provisions of a legal text say in figures: deadlines, thresholds, fines, dates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.places import place
from monitor.legal import parse
from monitor.legal.evidence import values_of
from monitor.legal.model import Provision
from monitor.legal.summaries import say
from monitor.legal.values import Value

TYPES = (
    "deadline", "duration", "period", "threshold", "percentage", "penalty", "date",
    "effective_date",
)  # fmt: skip
"""The types of values that are listed; a mere count tells little by itself."""
_AROUND = 90
_END = re.compile(r"[.;](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a provision states.

    Attributes:
        eid, place, heading: of the provision, and of its article.
        type: one of `TYPES`.
        english, vietnamese: the value in words, with its comparator.
        anchor: from when on it runs, in the text's own words.
        before, text, after: the words around it, and its own.
    """

    eid: str
    place: str
    heading: str
    type: str
    english: str
    vietnamese: str
    anchor: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Statements:
    """The values of a text in its order, and what the text is."""

    language: str
    provisions: int
    values: tuple[Stated, ...]


def statements(text: str) -> Statements:
    """Read the values off a legal text. Raises LegalTextError when it cannot be read."""
    parsed = parse(text)
    nodes = list(_walk(parsed.provisions, ""))
    return Statements(
        parsed.language,
        len(nodes),
        tuple(one for node, heading in nodes for one in _stated(node, heading, parsed.language)),
    )


def _walk(provisions: Iterable[Provision], heading: str) -> Iterator[tuple[Provision, str]]:
    for node in provisions:
        own = node.heading if node.kind in ("article", "appendix") else heading
        yield node, own
        yield from _walk(node.children, own)


def _stated(node: Provision, heading: str, language: str) -> Iterator[Stated]:
    if not node.text:
        return
    values, _ = values_of(node.text, language)
    for value in values:
        if value.type in TYPES:
            before, after = _around(node.text, value)
            yield Stated(
                eid=node.eid,
                place=place(node.eid, language),
                heading=heading,
                type=value.type,
                english=say(value.quantity, with_sign=True),
                vietnamese=say(value.quantity, vietnamese=True, with_sign=True),
                anchor=value.quantity.anchor,
                before=before,
                text=node.text[value.start : value.end],
                after=after,
            )


def _around(text: str, value: Value) -> tuple[str, str]:
    """The words of its sentence before and after a value, cut where they are many."""
    before = _END.split(text[max(0, value.start - 4 * _AROUND) : value.start])[-1].lstrip()
    after = _END.split(text[value.end : value.end + 4 * _AROUND])[0].rstrip()
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return before, after

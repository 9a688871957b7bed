"""What a legal text and a comparison of two legal texts are made of."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "part", "chapter", "section", "subsection", "article", "paragraph", "point", "subpoint",
    "intro", "tail", "appendix", "quoted",
]  # fmt: skip
LinkKind = Literal[
    "unchanged", "renumbered", "moved", "modified", "split", "merged", "added", "removed"
]
Confidence = Literal["certain", "probable"]
Severity = Literal["critical", "major", "minor", "editorial"]
Piece = tuple[Literal["=", "-", "+"], str]


class LegalTextError(Exception):
    """A legal text that cannot be read or compared; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One node of the provision tree.

    `start` and `end` are character offsets of the whole node, children included, in the
    normalised text of its document. `text` is the node's own text without its label,
    heading and children; `num` is the label's number as written ("12a", "đ", "II").
    """

    eid: str
    kind: Kind
    num: str
    heading: str
    text: str
    start: int
    end: int
    children: tuple["Provision", ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """Characters of the normalised text that belong to no provision, and why.

    `reason` is one of lead-in, signature, recipients, running-head, page-number, footnote,
    title, authentication, blank.
    """

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class LegalText:
    """A parsed legal text; empty strings where the text does not say.

    `date` and `effective_date` are ISO dates (YYYY-MM-DD), `language` is "vi" or "en",
    `type` an English lower-case word (decree, law, circular, decision, resolution,
    ordinance, regulation, directive) with `draft` telling whether it calls itself a draft.
    Every character of `text` lies in exactly one provision's own span or in `removed`.
    """

    text: str
    provisions: tuple[Provision, ...]
    removed: tuple[Removed, ...] = ()
    title: str = ""
    number: str = ""
    type: str = ""
    issuer: str = ""
    date: str = ""
    effective_date: str = ""
    language: str = "vi"
    draft: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """One side of a typed value, as read off the text."""

    text: str
    comparator: str = ""
    value: float | str | None = None
    unit: str = ""
    per: str | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A typed value that was added, removed or changed.

    `type` is one of threshold, deadline, duration, period, date, effective_date, penalty,
    percentage, count, reference, modality, scope.
    """

    type: str
    change: Literal["added", "removed", "changed"]
    old: Quantity | None
    new: Quantity | None


@dataclass(frozen=True, slots=True)
class Link:
    """Which provisions of the old text became which of the new one, by eid."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    kind: LinkKind
    confidence: Confidence
    score: float
    moved: bool = False
    renumbered: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A link that a reader must know of, with its typed values and both texts.

    The `=` and `+` pieces of `inline` joined give `new_text`, `=` and `-` give `old_text`.
    `summary` is English, `summary_vi` Vietnamese; `reason` says why the severity.
    """

    kind: LinkKind
    old: tuple[str, ...]
    new: tuple[str, ...]
    severity: Severity
    confidence: Confidence
    summary: str
    old_text: str
    new_text: str
    inline: tuple[Piece, ...]
    values: tuple[ValueChange, ...] = ()
    summary_vi: str = ""
    reason: str = ""
    moved: bool = False
    renumbered: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two legal texts compared: every link, the changes most severe first, warnings."""

    old: LegalText
    new: LegalText
    links: tuple[Link, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = field(default=())

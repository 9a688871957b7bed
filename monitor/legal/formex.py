"""Formex, the XML of the EU's Official Journal, read to provisions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .metadata import read_metadata
from .model import LegalText, LegalTextError
from .patterns import article_label, division_label
from .rows import Draft, Reading, freeze
from .safexml import parse_xml
from .scribe import Scribe
from .tree import fill

if TYPE_CHECKING:
    from lxml.etree import _Element

_LABELS = {"NO.PARAG", "NO.P"}
_CONTAINERS = {"PARAG", "ALINEA", "LIST", "ITEM", "NP", "P", "GR.SEQ", "QUOT.S"}
_QUOTES = {"2018": "‘", "2019": "’", "201C": "“", "201D": "”"}
_DASHED = {"DASH", "NDASH", "BULLET"}


def from_formex(source: str) -> LegalText:
    """Read the enacting terms of a Formex act; its preamble and signature are kept apart.

    Raises LegalTextError where there are no enacting terms.
    """
    root = parse_xml(source)
    terms = root if root.tag == "ARTICLE" else root.find(".//ENACTING.TERMS")
    if terms is None:
        raise LegalTextError("the Formex file holds no enacting terms")
    scribe, reading = Scribe(), Reading("en", 0)
    lead = [
        line for part in root.findall("TITLE") + root.findall("PREAMBLE") for line in _lines(part)
    ]
    for line in lead:
        scribe.remove(line, "lead-in")
    drafts = list(_provisions(terms, scribe, reading))
    ending = [line for part in root.findall("FINAL") for line in _lines(part)]
    for line in ending:
        scribe.remove(line, "signature")
    if not drafts:
        raise LegalTextError("the Formex file holds no articles")
    text = scribe.text()
    found = read_metadata(lead, text, ending, "en")
    return LegalText(
        text=text,
        provisions=freeze(drafts, 0),
        removed=scribe.removed(),
        title=found.title or " ".join(lead[:3])[:400],
        number=found.number,
        type=found.type,
        issuer=found.issuer,
        date=found.date,
        effective_date=found.effective_date,
        language="en",
        draft=found.draft,
        warnings=tuple(reading.warnings),
    )


def _provisions(element: "_Element", scribe: Scribe, reading: Reading) -> Iterator[Draft]:
    if element.tag == "ARTICLE":
        yield _article(element, scribe, reading)
        return
    for child in element:
        if child.tag == "DIVISION":
            yield from _division(child, scribe, reading)
        elif child.tag == "ARTICLE":
            yield _article(child, scribe, reading)


def _division(element: "_Element", scribe: Scribe, reading: Reading) -> Iterator[Draft]:
    written = _text(element.find("TITLE/TI"))
    heading = _text(element.find("TITLE/STI"))
    label = division_label(written, "en")
    if label is None:
        yield from _provisions(element, scribe, reading)
        return
    start, end = scribe.write(f"{written} {heading}".strip())
    draft = Draft(label.kind, label.num, heading or label.rest, start, end)
    for inner in _provisions(element, scribe, reading):
        draft.adopt(inner)
    yield draft


def _article(element: "_Element", scribe: Scribe, reading: Reading) -> Draft:
    written = _text(element.find("TI.ART"))
    heading = _text(element.find("STI.ART"))
    label = article_label(written, "en")
    start, end = scribe.write(f"{written} {heading}".strip())
    draft = Draft("article", label.num if label else written, heading, start, end)
    rows = [
        scribe.row(line)
        for child in element
        if child.tag not in ("TI.ART", "STI.ART")
        for line in _lines(child)
    ]
    fill(draft, rows, reading, frozenset())
    return draft


def _lines(element: "_Element", label: str = "") -> Iterator[str]:
    """The lines of an element in order, each list item behind its label."""
    if element.tag == "NOTE":
        return
    parent = element.getparent()
    dashed = element.tag == "ITEM" and parent is not None and parent.get("TYPE") in _DASHED
    if dashed and element.find(".//NO.P") is None:
        label = "–"
    containers = [child for child in element if child.tag in _CONTAINERS or child.tag == "TXT"]
    if not containers and element.tag not in ("TITLE", "PREAMBLE", "FINAL"):
        text = _text(element)
        if text:
            yield f"{label} {text}".strip()
        return
    opening = " ".join((element.text or "").split())
    if opening:
        yield f"{label} {opening}".strip()
        label = ""
    for child in element:
        if child.tag in _LABELS:
            label = f"{label} {_text(child)}".strip()
        elif isinstance(child.tag, str):
            for line in _lines(child, label):
                yield line
                label = ""


def _text(element: "_Element | None") -> str:
    if element is None:
        return ""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: "_Element", parts: list[str]) -> None:
    if element.tag == "NOTE":
        return
    if element.tag in ("QUOT.START", "QUOT.END"):
        parts.append(_QUOTES.get(element.get("CODE") or "", '"'))
    parts.append(element.text or "")
    for child in element:
        _collect(child, parts)
        parts.append(child.tail or "")
        if child.tag == "P":
            parts.append(" ")

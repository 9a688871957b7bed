"""Akoma Ntoso documents read to provisions.

Documents of ours are read by their elements alone. Others are read by their elements down to
the article; inside it their text runs through the same reading of lists as plain text, since
many sources put a whole list with its labels into one element.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .akn_names import GENERATOR, KINDS, NAMESPACE, UNKNOWN_DATE, number
from .metadata import read_metadata, type_word
from .model import Kind, LegalText, LegalTextError
from .patterns import Language, division_label
from .rows import Draft, Reading, Row, freeze
from .safexml import parse_xml
from .scribe import Scribe, split_glued
from .tree import fill

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCUMENTS = ("act", "bill", "doc", "statement", "documentCollection", "amendment")
_IGNORED = {"authorialNote", "noteRef", "remark"}
_LABELLED = {"num", "heading", "subheading"}


def from_akn(source: str) -> LegalText:
    """Read an Akoma Ntoso document.

    Entities, external subsets and network access are refused. Raises LegalTextError where it
    is no well-formed document or holds no act, bill or doc with a body.
    """
    root = parse_xml(source)
    document = next((found for name in _DOCUMENTS for found in root.iter(_tag(name))), None)
    if document is None:
        raise LegalTextError("the Akoma Ntoso file holds no act, bill or doc")
    body = next(
        (found for name in ("body", "mainBody") for found in document.iter(_tag(name))), None
    )
    if body is None:
        raise LegalTextError("the Akoma Ntoso document has no body")
    return _Reader(document, body).read()


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _name(element: "_Element") -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _text(element: "_Element") -> str:
    """The text of an element without its notes, as one line."""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: "_Element", parts: list[str]) -> None:
    if isinstance(element.tag, str) and _name(element) not in _IGNORED:
        parts.append(element.text or "")
        for child in element:
            _collect(child, parts)
            parts.append(child.tail or "")


class _Reader:
    """One document on its way to provisions; it keeps the growing text."""

    def __init__(self, document: "_Element", body: "_Element") -> None:
        self.document = document
        self.body = body
        self.scribe = Scribe()
        self.language: Language = self._language()
        self.own = any(
            author.get("href") == GENERATOR for author in document.iter(_tag("FRBRauthor"))
        )
        self.reading = Reading(self.language, 0)

    def read(self) -> LegalText:
        lead = [line for part in ("preface", "preamble") for line in self._lines_of(part)]
        for line in lead:
            self.scribe.remove(line, "lead-in")
        drafts = [draft for child in self.body for draft in self._provisions(child)]
        ending = list(self._lines_of("conclusions"))
        for line in ending:
            self.scribe.remove(line, "signature")
        drafts += self._attached(self.document)
        if not drafts:
            raise LegalTextError("the Akoma Ntoso document has an empty body")
        text = self.scribe.text()
        found = read_metadata(lead, text, ending, self.language)
        return LegalText(
            text=text,
            provisions=freeze(drafts, 0),
            removed=self.scribe.removed(),
            title=self._first("docTitle") or found.title or " ".join(lead[:3])[:400],
            number=self._number(found.number),
            type=self._type() or found.type,
            issuer=self._issuer() or found.issuer,
            date=self._date() or found.date,
            effective_date=self._in_force() or found.effective_date,
            language=self.language,
            draft=_name(self.document) == "bill" or found.draft,
            warnings=tuple(self.reading.warnings),
        )

    def _lines_of(self, part: str) -> Iterator[str]:
        element = self.document.find(_tag(part))
        if element is None:
            return
        if self.own:
            blocks = element.findall(_tag("p"))
        else:
            blocks = [
                block
                for block in element.iter(_tag("p"), _tag("num"), _tag("docTitle"))
                if not any(_name(up) in (*_IGNORED, "p") for up in block.iterancestors())
            ]
        for block in blocks:
            line = _text(block)
            if line:
                yield line

    def _provisions(self, element: "_Element") -> Iterator[Draft]:
        name = _name(element)
        if name == "hcontainer":
            if element.get("name") in ("intro", "tail"):
                yield self._explicit(element, "intro" if element.get("name") == "intro" else "tail")
            else:
                for child in element:
                    yield from self._provisions(child)
            return
        kind = KINDS.get(name)
        if kind is None:
            if name in ("content", "p", "blockList", "container", "intro", "wrapUp"):
                yield from self._loose(element)
            return
        if not self.own and kind not in ("part", "chapter", "section", "subsection"):
            yield self._listed(element, kind)
        else:
            yield self._explicit(element, kind)

    def _loose(self, element: "_Element") -> Iterator[Draft]:
        """Text that stands in the body outside every numbered element."""
        line = _text(element)
        if line:
            start, end = self.scribe.write(line)
            draft = Draft("paragraph", "", "", start, end)
            draft.own.append(line)
            yield draft

    def _open(self, element: "_Element", kind: Kind) -> Draft:
        written = self._child_text(element, "num")
        heading = self._child_text(element, "heading")
        start, end = self.scribe.write(" ".join(part for part in (written, heading) if part) or "·")
        num = number(kind, written)
        found = division_label(heading, self.language) if not num and not self.own else None
        if found is not None and found.kind == kind:
            num, heading = found.num, found.rest
        return Draft(kind, num, heading, start, end)

    def _explicit(self, element: "_Element", kind: Kind) -> Draft:
        draft = self._open(element, kind)
        for child in element:
            name = _name(child)
            if name in ("content", "intro", "wrapUp"):
                self._take_blocks(draft, child)
            elif name and name not in _LABELLED:
                for inner in self._provisions(child):
                    draft.adopt(inner)
        return draft

    def _take_blocks(self, draft: Draft, element: "_Element") -> None:
        for block in element:
            structures = list(block.iter(_tag("quotedStructure")))
            if structures and self.own:
                for structure in structures[:1]:
                    draft.adopt(self._quoted(structure))
                continue
            line = _text(block)
            if line:
                _, end = self.scribe.write(line)
                draft.own.append(line)
                draft.end = max(draft.end, end)

    def _quoted(self, structure: "_Element") -> Draft:
        start, end = self.scribe.write("“”")
        draft = Draft("quoted", "", "", start, end)
        for child in structure:
            if _name(child) == "p":
                line = _text(child)
                if line:
                    _, draft.end = self.scribe.write(line)
                    draft.own.append(line)
                continue
            for inner in self._provisions(child):
                draft.adopt(inner)
        return draft

    def _listed(self, element: "_Element", kind: Kind) -> Draft:
        """An article of a foreign document: its lines, read as a list."""
        draft = self._open(element, kind)
        lines = [
            line
            for child in element
            if _name(child) not in _LABELLED
            for line in _labelled_lines(child, "")
        ]
        rows: list[Row] = []
        for line in lines:
            rows.append(self.scribe.row(line))
        fill(draft, rows, self.reading, frozenset())
        return draft

    def _attached(self, document: "_Element") -> list[Draft]:
        drafts: list[Draft] = []
        attachments = document.find(_tag("attachments"))
        if attachments is None:
            return drafts
        for inner in attachments.iterfind(f"{_tag('attachment')}/{_tag('doc')}"):
            number_text, heading = self._title_of(inner)
            start, end = self.scribe.write(f"· {number_text} {heading}".strip())
            draft = Draft("appendix", number_text, heading, start, end)
            draft.name = "form" if inner.get("name") == "form" else "app"
            main = inner.find(_tag("mainBody"))
            for child in main if main is not None else ():
                if _name(child) == "p":
                    self._take_blocks(draft, _wrap(child))
                else:
                    for provision in self._provisions(child):
                        draft.adopt(provision)
            for nested in self._attached(inner):
                draft.adopt(nested)
            drafts.append(draft)
        return drafts

    def _title_of(self, document: "_Element") -> tuple[str, str]:
        preface = document.find(_tag("preface"))
        if preface is None:
            return "", ""
        found = [next(preface.iter(_tag(name)), None) for name in ("docNumber", "docTitle")]
        return tuple(_text(item) if item is not None else "" for item in found)  # type: ignore[return-value]

    def _child_text(self, element: "_Element", name: str) -> str:
        child = element.find(_tag(name))
        return _text(child) if child is not None else ""

    def _first(self, name: str) -> str:
        preface = self.document.find(_tag("preface"))
        found = next(preface.iter(_tag(name)), None) if preface is not None else None
        return _text(found) if found is not None else ""

    def _value(self, name: str, attribute: str) -> str:
        found = next(self.document.iter(_tag(name)), None)
        return (found.get(attribute) or "") if found is not None else ""

    def _number(self, read: str) -> str:
        """The number as the text gives it, where it holds the bare one of the metadata."""
        given = self._value("FRBRnumber", "value")
        return read if given and given in read else given or read

    def _language(self) -> Language:
        return "vi" if self._value("FRBRlanguage", "language").lower().startswith("vi") else "en"

    def _type(self) -> str:
        name = (self.document.get("name") or "").lower()
        if name == "reg":
            return "regulation"
        return (
            name if name not in ("act", "bill", "doc") else type_word(self._first("docType"), "en")
        )

    def _date(self) -> str:
        date = self._value("FRBRdate", "date")
        return date if date != UNKNOWN_DATE and re.fullmatch(r"\d{4}-\d\d-\d\d", date) else ""

    def _in_force(self) -> str:
        event = next(self.document.iter(_tag("eventRef")), None)
        return (event.get("date") or "") if event is not None and self.own else ""

    def _issuer(self) -> str:
        for organisation in self.document.iter(_tag("TLCOrganization")):
            shown = organisation.get("showAs") or ""
            if shown not in ("", "unknown", "Decree Watch"):
                return shown
        return ""


def _wrap(element: "_Element") -> list["_Element"]:
    return [element]


def _labelled_lines(element: "_Element", label: str) -> Iterator[str]:
    """The lines of an element, each list item with its label before it."""
    name = _name(element)
    if not name or name in _IGNORED:
        return
    num = element.find(_tag("num"))
    if num is not None:
        label = _text(num)
    children = [child for child in element if _name(child) not in ("num", "")]
    if name in ("p", "heading", "listIntroduction", "listWrapUp") or not children:
        for place, line in enumerate(split_glued(_text(element))):
            yield f"{label} {line}".strip() if place == 0 else line
        return
    for child in children:
        for line in _labelled_lines(child, label):
            yield line
            label = ""

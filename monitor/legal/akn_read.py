"""Akoma Ntoso documents read to provisions.

Documents of ours are read by their elements alone. Others are read by their elements down to
the article; inside it their text runs through the same reading of lists as plain text, since
many sources put a whole list with its labels into one element.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .akn_meta import IGNORED, AknMetadata, first_text, name_of, tag, text_of
from .akn_names import KINDS, number
from .metadata import read_metadata
from .model import Kind, LegalText, LegalTextError
from .patterns import division_label
from .rows import Draft, Reading, Row, freeze
from .safexml import parse_xml
from .scribe import Scribe, split_glued
from .tree import fill

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCUMENTS = ("act", "bill", "doc", "statement", "documentCollection", "amendment")
_LABELLED = {"num", "heading", "subheading"}


def from_akn(source: str) -> LegalText:
    """Read an Akoma Ntoso document.

    Entities, external subsets and network access are refused. Raises LegalTextError where it
    is no well-formed document or holds no act, bill or doc with a body.
    """
    root = parse_xml(source)
    document = next((found for name in _DOCUMENTS for found in root.iter(tag(name))), None)
    if document is None:
        raise LegalTextError("the Akoma Ntoso file holds no act, bill or doc")
    body = next(
        (found for name in ("body", "mainBody") for found in document.iter(tag(name))), None
    )
    if body is None:
        raise LegalTextError("the Akoma Ntoso document has no body")
    return _Reader(document, body).read()


class _Reader:
    """One document on its way to provisions; it keeps the growing text."""

    def __init__(self, document: "_Element", body: "_Element") -> None:
        self.document = document
        self.body = body
        self.scribe = Scribe()
        self.meta = AknMetadata(document)
        self.language = self.meta.language()
        self.own = self.meta.own()
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
        text, meta = self.scribe.text(), self.meta
        found = read_metadata(lead, text, ending, self.language)
        return LegalText(
            text=text,
            provisions=freeze(drafts, 0),
            removed=self.scribe.removed(),
            title=meta.title() or found.title or " ".join(lead[:3])[:400],
            number=meta.number(found.number),
            type=meta.type() or found.type,
            issuer=meta.issuer() or found.issuer,
            date=meta.date() or found.date,
            effective_date=meta.in_force() or found.effective_date,
            language=self.language,
            draft=name_of(self.document) == "bill" or found.draft,
            warnings=tuple(self.reading.warnings),
        )

    def _lines_of(self, part: str) -> Iterator[str]:
        element = self.document.find(tag(part))
        if element is None:
            return
        if self.own:
            blocks = element.findall(tag("p"))
        else:
            blocks = [
                block
                for block in element.iter(tag("p"), tag("num"), tag("docTitle"))
                if not any(name_of(up) in (*IGNORED, "p") for up in block.iterancestors())
            ]
        for block in blocks:
            line = text_of(block)
            if line:
                yield line

    def _provisions(self, element: "_Element") -> Iterator[Draft]:
        name = name_of(element)
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
        line = text_of(element)
        if line:
            start, end = self.scribe.write(line)
            draft = Draft("paragraph", "", "", start, end)
            draft.own.append(line)
            yield draft

    def _open(self, element: "_Element", kind: Kind) -> Draft:
        written = _child(element, "num")
        heading = _child(element, "heading")
        start, end = self.scribe.write(" ".join(part for part in (written, heading) if part) or "·")
        num = number(kind, written)
        found = division_label(heading, self.language) if not num and not self.own else None
        if found is not None and found.kind == kind:
            num, heading = found.num, found.rest
        return Draft(kind, num, heading, start, end)

    def _explicit(self, element: "_Element", kind: Kind) -> Draft:
        draft = self._open(element, kind)
        for child in element:
            name = name_of(child)
            if name in ("content", "intro", "wrapUp"):
                self._take_blocks(draft, child)
            elif name and name not in _LABELLED:
                for inner in self._provisions(child):
                    draft.adopt(inner)
        return draft

    def _take_blocks(self, draft: Draft, element: "_Element") -> None:
        for block in element:
            structures = list(block.iter(tag("quotedStructure")))
            if structures and self.own:
                for structure in structures[:1]:
                    draft.adopt(self._quoted(structure))
                continue
            line = text_of(block)
            if line:
                _, end = self.scribe.write(line)
                draft.own.append(line)
                draft.end = max(draft.end, end)

    def _quoted(self, structure: "_Element") -> Draft:
        start, end = self.scribe.write("“”")
        draft = Draft("quoted", "", "", start, end)
        for child in structure:
            if name_of(child) == "p":
                line = text_of(child)
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
            if name_of(child) not in _LABELLED
            for line in _labelled_lines(child, "")
        ]
        rows: list[Row] = []
        for line in lines:
            rows.append(self.scribe.row(line))
        fill(draft, rows, self.reading, frozenset())
        return draft

    def _attached(self, document: "_Element") -> list[Draft]:
        drafts: list[Draft] = []
        attachments = document.find(tag("attachments"))
        if attachments is None:
            return drafts
        for inner in attachments.iterfind(f"{tag('attachment')}/{tag('doc')}"):
            preface = inner.find(tag("preface"))
            number_text = first_text(preface, "docNumber")
            heading = first_text(preface, "docTitle")
            start, end = self.scribe.write(f"· {number_text} {heading}".strip())
            draft = Draft("appendix", number_text, heading, start, end)
            draft.name = "form" if inner.get("name") == "form" else "app"
            main = inner.find(tag("mainBody"))
            for child in main if main is not None else ():
                if name_of(child) == "p":
                    self._take_blocks(draft, _wrap(child))
                else:
                    for provision in self._provisions(child):
                        draft.adopt(provision)
            for nested in self._attached(inner):
                draft.adopt(nested)
            drafts.append(draft)
        return drafts


def _child(element: "_Element", name: str) -> str:
    child = element.find(tag(name))
    return text_of(child) if child is not None else ""


def _wrap(element: "_Element") -> list["_Element"]:
    return [element]


def _labelled_lines(element: "_Element", label: str) -> Iterator[str]:
    """The lines of an element, each list item with its label before it."""
    name = name_of(element)
    if not name or name in IGNORED:
        return
    num = element.find(tag("num"))
    if num is not None:
        label = text_of(num)
    children = [child for child in element if name_of(child) not in ("num", "")]
    if name in ("p", "heading", "listIntroduction", "listWrapUp") or not children:
        for place, line in enumerate(split_glued(text_of(element))):
            yield f"{label} {line}".strip() if place == 0 else line
        return
    for child in children:
        for line in _labelled_lines(child, label):
            yield line
            label = ""

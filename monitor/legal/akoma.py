"""A legal text as Akoma Ntoso 3.0 (OASIS LegalDocML), written and read.

Element names, their order and the identification block follow the standard's part 2 (2018).
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .akn_names import GENERATOR, NAMESPACE, UNKNOWN_DATE, element_of, label
from .akn_read import from_akn
from .model import LegalText, Provision

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["from_akn", "to_akn"]

_ACTING = {"lead-in", "title"}
_CLOSING = {"signature", "recipients", "authentication"}
_DRAWN = re.compile(r"[-_=*.~·–—…\s]+\Z")


def to_akn(text: LegalText) -> str:
    """Write a legal text as an Akoma Ntoso 3.0 document.

    The hierarchy keeps our identifiers as eId. Quoted bodies become quotedStructure, and
    appendices attachments. Lead-in and signature go to preface and conclusions; running heads,
    page numbers and footnotes are left out. `from_akn` reads it back to the same provisions.
    """
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})
    document = _add(root, "bill" if text.draft else "act", name=text.type or "act")
    _meta(document, text, _work_uri(text), text.number or text.title)
    _preface(document, text)
    body = _add(document, "body")
    inner = [provision for provision in text.provisions if provision.kind != "appendix"]
    _hierarchy(body, inner, text.language)
    if not inner:
        _paragraphs(_add(_add(body, "hcontainer", eId="empty", name="empty"), "content"), "")
    _conclusions(document, text)
    _attachments(document, [p for p in text.provisions if p.kind == "appendix"], text)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written.decode("utf-8")


def _add(parent: "_Element", tag: str, content: str = "", /, **attributes: str) -> "_Element":
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    for key, value in attributes.items():
        element.set(key, value)
    if content:
        element.text = content
    return element


def _work_uri(text: LegalText) -> str:
    """The work's address in the naming convention: /akn/vn/act/decree/2024-11-09/147-2024…"""
    country = "vn" if text.language == "vi" else "eu"
    kind = "bill" if text.draft else "act"
    written = re.sub(r"[^\w.]+", "-", text.number or text.title[:60]).strip("-").lower()
    return f"/akn/{country}/{kind}/{text.type or 'act'}/{text.date or 'nodate'}/{written or 'nn'}"


def _meta(
    document: "_Element", text: LegalText, uri: str, showing: str, part: str = "main"
) -> None:
    meta = _add(document, "meta")
    identification = _add(meta, "identification", source=GENERATOR)
    when = text.date or UNKNOWN_DATE
    named = "signature" if text.date else "unknown"
    expression = f"{uri}/{text.language}@{when}"
    for level, address in (
        ("FRBRWork", uri),
        ("FRBRExpression", expression),
        ("FRBRManifestation", expression + ".xml"),
    ):
        block = _add(identification, level)
        _add(block, "FRBRthis", value=f"{address}/!{part}")
        _add(block, "FRBRuri", value=address)
        _add(block, "FRBRdate", date=when, name=named)
        author = "#issuer" if level != "FRBRManifestation" else GENERATOR
        _add(block, "FRBRauthor", href=author)
        if level == "FRBRWork":
            _add(block, "FRBRcountry", value="vn" if text.language == "vi" else "eu")
            if text.number:
                _add(block, "FRBRnumber", value=text.number, showAs=text.number)
            if showing:
                _add(block, "FRBRname", value=showing)
        elif level == "FRBRExpression":
            _add(block, "FRBRlanguage", language=text.language)
    if part != "main":
        return
    if text.effective_date:
        cycle = _add(meta, "lifecycle", source=GENERATOR)
        _add(
            cycle, "eventRef", eId="in-force", date=text.effective_date,
            source="#issuer", type="generation",
        )  # fmt: skip
    references = _add(meta, "references", source=GENERATOR)
    issuer = text.issuer or "unknown"
    _add(references, "TLCOrganization", eId="issuer", href="/akn/ontology/organization/issuer",
         showAs=issuer)  # fmt: skip
    _add(references, "TLCOrganization", eId=GENERATOR[1:], showAs="Decree Watch",
         href="/akn/ontology/organization/decreewatch")  # fmt: skip


def _spans(text: LegalText, reasons: set[str]) -> list[str]:
    lines: list[str] = []
    for span in text.removed:
        if span.reason in reasons:
            lines += text.text[span.start : span.end].split("\n")
    return [line for line in lines if line and not _DRAWN.match(line)]


def _preface(document: "_Element", text: LegalText) -> None:
    lines = _spans(text, _ACTING)
    if not lines and not text.title:
        return
    preface = _add(document, "preface")
    if text.title:
        title = _add(_add(preface, "longTitle"), "p")
        _add(title, "docTitle", text.title)
    for line in lines:
        _add(preface, "p", line)


def _conclusions(document: "_Element", text: LegalText) -> None:
    lines = _spans(text, _CLOSING)
    if lines:
        conclusions = _add(document, "conclusions")
        for line in lines:
            _add(conclusions, "p", line)


def _hierarchy(parent: "_Element", provisions: Iterable[Provision], language: str) -> None:
    for provision in provisions:
        element = _add(parent, element_of(provision), eId=provision.eid)
        if provision.kind in ("intro", "tail"):
            element.set("name", provision.kind)
        written = label(provision.kind, provision.num, language)
        if written:
            _add(element, "num", written)
        if provision.heading:
            _add(element, "heading", provision.heading)
        quoted = [child for child in provision.children if child.kind == "quoted"]
        inner = [child for child in provision.children if child.kind != "quoted"]
        if inner:
            if provision.text or quoted:
                intro = _add(element, "intro")
                _paragraphs(intro, provision.text)
                _quotations(intro, quoted, language)
            _hierarchy(element, inner, language)
        else:
            content = _add(element, "content")
            _paragraphs(content, provision.text, empty=not quoted)
            _quotations(content, quoted, language)


def _paragraphs(parent: "_Element", text: str, empty: bool = True) -> None:
    for line in text.split("\n") if text or empty else ():
        _add(parent, "p", line)


def _quotations(parent: "_Element", quoted: Iterable[Provision], language: str) -> None:
    for provision in quoted:
        modification = _add(_add(parent, "p"), "mod", eId=provision.eid + "__mod")
        structure = _add(
            modification, "quotedStructure", eId=provision.eid, startQuote="“", endQuote="”"
        )
        if provision.text:
            for line in provision.text.split("\n"):
                _add(structure, "p", line)
        _hierarchy(structure, provision.children, language)
        if not provision.text and not provision.children:
            _add(structure, "p")


def _attachments(document: "_Element", appendices: list[Provision], text: LegalText) -> None:
    if not appendices:
        return
    attachments = _add(document, "attachments")
    for provision in appendices:
        attachment = _add(attachments, "attachment", eId=provision.eid + "__att")
        form = provision.eid.rsplit("__", 1)[-1].startswith("form_")
        inner = _add(attachment, "doc", name="form" if form else "appendix")
        _meta(inner, text, _work_uri(text), provision.heading, part=provision.eid)
        if provision.num or provision.heading:
            title = _add(_add(_add(inner, "preface"), "longTitle"), "p")
            if provision.num:
                _add(title, "docNumber", provision.num)
            if provision.heading:
                _add(title, "docTitle", provision.heading)
        main = _add(inner, "mainBody")
        main.set("eId", provision.eid)
        nested = [child for child in provision.children if child.kind == "appendix"]
        own = [child for child in provision.children if child.kind not in ("appendix", "quoted")]
        quoted = [child for child in provision.children if child.kind == "quoted"]
        _paragraphs(main, provision.text, empty=not own and not quoted)
        _quotations(main, quoted, text.language)
        _hierarchy(main, own, text.language)
        _attachments(inner, nested, text)

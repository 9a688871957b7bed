"""The forms that a legal text comes in, down to its plain lines."""

import html
import re
from typing import TYPE_CHECKING

from .model import LegalText, LegalTextError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = {
    "p", "div", "li", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr",
    "section", "article", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "tbody", "thead",
    "header", "footer", "main", "center", "figure", "caption", "body",
}  # fmt: skip
_SKIPPED = {
    "script", "style", "noscript", "template", "nav", "iframe", "form", "button", "select",
    "svg", "head", "object", "aside", "input", "textarea",
}  # fmt: skip
_CONTAINERS = (
    '//*[@id="toanvancontent"]',
    '//*[contains(concat(" ", @class, " "), " toanvancontent ")]',
    '//*[@id="divContentDoc"]//*[contains(concat(" ", @class, " "), " content1 ")]',
    '//*[@id="divContentDoc"]',
    '//*[contains(concat(" ", @class, " "), " fulltext ")]',
)
_HEADING = re.compile(r"^\s*(?:Điều|ĐIỀU|Article|ARTICLE)\s+\d+", re.MULTILINE)
_XML_AKN = re.compile(r"<(?:\w+:)?akomaNtoso\b")
_XML_FORMEX = re.compile(r"<(?:ACT|CONS\.ACT|ARTICLE)\b[^>]*>")
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE)


def to_text(source: str, media_type: str) -> str | LegalText:
    """Give the plain lines of a source; XML comes back read, since it has its own tree.

    Raises LegalTextError where the source is not what `media_type` says.
    """
    kind = (media_type or "").split(";")[0].strip().lower()
    head = source[:4000].lstrip("\ufeff \t\r\n")
    if not source.strip("\ufeff \t\r\n\0"):
        raise LegalTextError("the text is empty: there is nothing to read")
    _refuse_binary(head)
    xml = bool(_XML_AKN.search(head) or (head.startswith("<?xml") and _XML_FORMEX.search(head)))
    if xml or kind in ("application/akn+xml", "application/xml", "text/xml"):
        return _from_xml(source, head, kind)
    if kind in ("text/html", "application/xhtml+xml") or (
        not kind and re.match(r"<(?:!doctype html|html|body|div|p|table)\b", head, re.IGNORECASE)
    ):
        return from_html(source)
    if kind == "text/plain" and re.match(r"<!doctype html|<html\b", head, re.IGNORECASE):
        return from_html(source)
    if kind == "text/markdown" or _MARKDOWN_HEADING.search(source):
        return from_markdown(source)
    return source


def _refuse_binary(head: str) -> None:
    if head.startswith("%PDF-"):
        raise LegalTextError("this is a PDF file, not text: turn it into text first")
    if head.startswith("PK\x03\x04"):
        raise LegalTextError("this is a zip or DOCX file, not text: turn it into text first")
    odd = sum(
        1 for char in head if char in "\0\ufffd" or (ord(char) < 32 and char not in "\t\n\r\f\v")
    )
    if odd * 20 > max(len(head), 1):
        raise LegalTextError("this is binary content or text in a wrong character set")


def _from_xml(source: str, head: str, kind: str) -> LegalText:
    if _XML_AKN.search(head) or _XML_AKN.search(source[:100_000]):
        from .akoma import from_akn

        return from_akn(source)
    if _XML_FORMEX.search(head):
        from .formex import from_formex

        return from_formex(source)
    raise LegalTextError(f"the text is called {kind} but holds no Akoma Ntoso or Formex document")


def from_html(source: str) -> str:
    """Give the lines of the legal document in an HTML page, without the page around it.

    Raises LegalTextError where there is no markup or nothing in it.
    """
    import lxml.html
    from lxml import etree

    parser = lxml.html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # The declaration of an encoding says how the bytes were written; this is text already.
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", source.lstrip("\ufeff"))
    try:
        root = lxml.html.document_fromstring(plain, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise LegalTextError("the text is called HTML but cannot be read as HTML") from error
    text = "\n".join(_lines(_container(root)))
    if not text.strip():
        raise LegalTextError("the HTML page holds no text")
    return text


def _container(root: "HtmlElement") -> "HtmlElement":
    for path in _CONTAINERS:
        found = [element for element in root.xpath(path) if len(element.text_content()) > 200]
        if found:
            best: HtmlElement = max(
                found, key=lambda element: len(_HEADING.findall("\n".join(_lines(element))))
            )
            return best
    return _densest(root)


def _densest(root: "HtmlElement") -> "HtmlElement":
    """Walk down to the smallest element that still holds nearly all article headings."""
    bodies = root.xpath("//body")
    current: HtmlElement = bodies[0] if bodies else root
    total = len(_HEADING.findall("\n".join(_lines(current))))
    if total < 2:
        return current
    while True:
        inner = [
            child
            for child in current
            if isinstance(child.tag, str)
            and len(_HEADING.findall("\n".join(_lines(child)))) >= total * 0.9
        ]
        if len(inner) != 1 or inner[0].tag in ("table", "tbody", "tr"):
            return current
        current = inner[0]


def _lines(element: "HtmlElement") -> list[str]:
    """The text of an element by blocks; a line break inside a block is only a space."""
    lines: list[str] = []
    parts: list[str] = []

    def close() -> None:
        line = " ".join("".join(parts).split())
        if line:
            lines.append(line)
        parts.clear()

    # An explicit stack: pages nest deeper than Python recurses.
    stack: list[tuple[HtmlElement, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            if node.tag in _BLOCKS:
                close()
            if node is not element and node.tail:
                parts.append(node.tail)
            continue
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            if node is not element and node.tail:
                parts.append(node.tail)
            continue
        if node.tag in _BLOCKS:
            close()
        if node.text:
            parts.append(node.text)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    close()
    return lines


_MD_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_MD_BULLET = re.compile(r"^[ \t]*[*+][ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_MD_DASH_LABEL = re.compile(r"^[ \t]*-[ \t]+(?=(?:[a-zđ]\)|\d{1,3}\.|Điều\s))", re.MULTILINE)
_MD_QUOTE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_MD_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+([^\n]*)$", re.MULTILINE)
_MD_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{0,2000}?\S)\1")
_MD_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{0,2000}?\S)\*(?![\w*])")
_MD_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}\)")
_MD_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_MD_BREAK = re.compile(r"\\$", re.MULTILINE)
_MD_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE)
_MD_TABLE_RULE = re.compile(r"^[ \t]*\|[ \t:|-]*$", re.MULTILINE)
_MD_TABLE_ROW = re.compile(r"^[ \t]*\|([^\n]*)\|[ \t]*$", re.MULTILINE)


def from_markdown(source: str) -> str:
    """Give the lines of a Markdown text without its markup."""
    text = source.replace("\r\n", "\n")
    text = _MD_FENCE.sub("", text)
    text = _MD_TABLE_RULE.sub("", text)
    text = _MD_RULE.sub("", text)
    text = _MD_QUOTE.sub("", text)
    text = _MD_HEADING.sub(r"\1", text)
    text = _MD_BULLET.sub("", text)
    text = _MD_DASH_LABEL.sub("", text)
    text = _MD_STRONG.sub(r"\2", text)
    text = _MD_EMPHASIS.sub(r"\1", text)
    text = _MD_LINK.sub(r"\1", text)
    text = _MD_BREAK.sub("", text)
    text = _MD_ESCAPE.sub(r"\1", text)
    text = _MD_TABLE_ROW.sub(lambda row: "\n".join(row[1].split("|")), text)
    return html.unescape(text)

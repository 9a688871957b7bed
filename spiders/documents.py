"""Legal documents as HTML, PDF, Word and plain text → their text."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from spiders.decoding import decode_page, gunzip
from spiders.families import first_match
from spiders.items import DocumentText
from spiders.legacy_letters import in_unicode, is_whole, recognised
from spiders.legal_html import legal_lines
from spiders.ocr import OCR_NOTE, ocr_program, read_pages, read_scan
from spiders.old_word import read_doc
from spiders.pages import parse_html
from spiders.pdf import PdfPage, in_spans, joined, pdf_pages, without_text
from spiders.portal_families import portal_family
from spiders.portal_pages import MEDIA_TYPES, read_portal_page
from spiders.problems import EmptyPage, NoText, PdfWithoutText, TooLarge, UnknownDocument
from spiders.shells import refuse_shell
from spiders.word import read_docx

__all__ = ["DOCUMENT_LIMIT", "read_document", "read_portal_page", "sniff"]

DOCUMENT_LIMIT = 50_000_000
PDF = MEDIA_TYPES["pdf"]
DOCX = MEDIA_TYPES["docx"]
DOC = MEDIA_TYPES["doc"]
RTF = MEDIA_TYPES["rtf"]
_WORD_STREAM = "WordDocument".encode("utf-16-le")
SURROUNDINGS = ("header", "footer", "nav", "aside", "form", "[role=navigation]", "dialog")


def read_document(
    body: bytes,
    media_type: str,
    url: str,
    *,
    limit: int = DOCUMENT_LIMIT,
    ocr_seconds: float = 0.0,
) -> DocumentText:
    """Give the text of a legal document, its lines joined by newlines, NFC.

    With `ocr_seconds` a scanned PDF is read from its pictures in at most so long, and so are the
    scanned pages of another, in their places; an `ocr:…` note says so, and the method is
    `pdf-ocr` where all of it was. What is not read is in a `pages-without-text:…` note. The
    bytes decide what it is; where `media_type` or the address says otherwise, a `media-type:…`
    note does too. Raises EmptyPage, TooLarge, PdfPassword, PdfWithoutText, BadPdf, BadDocx,
    OldWord, UnknownDocument, NotHtml, NeedsJavascript and NoText.
    """
    where = url or "the document"
    if len(body) > limit:
        raise TooLarge(f"{where}: {len(body)} bytes, over the limit of {limit} for a document")
    if body[:2] == b"\x1f\x8b":
        body = gunzip(body, limit=limit, where=where)
    if not body.strip():
        raise EmptyPage(f"{where}: the file is empty; it is asked again next round")
    declared = media_type.split(";")[0].strip().lower()
    real = sniff(body, declared, url)
    notes = (f"media-type:said {declared}, is {real}",) if _disagree(declared, real) else ()
    if real == PDF:
        return _pdf(body, url, ocr_seconds, notes)
    if real == DOCX:
        lines, own = read_docx(body, url)
        return _document(lines, "docx", real, (*notes, *own), where)
    if real in (DOC, RTF):
        lines, own = read_doc(body, url)
        return _document(lines, "doc", real, (*notes, *own), where)
    if real in ("text/html", "text/plain"):
        source, own = decode_page(body, content_type=media_type, url=url, limit=limit)
        html = real == "text/html"
        lines = _html_lines(source, url) if html else _plain_lines(source)
        return _document(lines, "html" if html else "plain", real, (*notes, *own), where)
    known = "PDF, DOCX, DOC, RTF, HTML and text"
    raise UnknownDocument(f"{where}: {real}, which is not read; {known} are")


def _pdf(body: bytes, url: str, ocr_seconds: float, notes: tuple[str, ...]) -> DocumentText:
    where = url or "the document"
    try:
        pages = pdf_pages(body, url)
    except PdfWithoutText:
        if not ocr_seconds:
            raise
        lines, own = read_scan(body, url, seconds=ocr_seconds)
        return _document(lines, "pdf-ocr", PDF, (*notes, *own), where)
    pages, ocr_notes = _with_scanned(pages, body, url, ocr_seconds)
    lines, own = joined(pages)
    return _document(lines, "pdf", PDF, (*notes, *ocr_notes, *own), where)


def _with_scanned(
    pages: Sequence[PdfPage], body: bytes, url: str, ocr_seconds: float
) -> tuple[list[PdfPage], tuple[str, ...]]:
    """Give the pages with what is read off those that are pictures, and notes on both."""
    wanted = [number for number, page in enumerate(pages, 1) if page.pictured]
    read: dict[int, list[str]] = {}
    notes: tuple[str, ...] = ()
    if wanted and ocr_seconds and ocr_program():
        try:
            read = read_pages(body, url, wanted, seconds=ocr_seconds).pages
        except PdfWithoutText as problem:
            notes = (f"{problem.kind}:{problem}",)
    found = tuple(number for number in wanted if number in read)
    unread = tuple(number for number in wanted if number not in found)
    if found:
        notes = (f"{OCR_NOTE}, pages {in_spans(found)} of {len(pages)}", *notes)
    filled = [
        PdfPage(tuple(read[number])) if number in found else page
        for number, page in enumerate(pages, 1)
    ]
    return filled, (*notes, *without_text(unread, len(pages)))


def sniff(body: bytes, declared: str = "", url: str = "") -> str:
    """Give the media type that a file's bytes show; `declared` and `url` decide what they leave."""
    head = body[:1_024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in body[:1_024]:
        return PDF
    if body[:4] == b"PK\x03\x04":
        # A renamed archive is told from a document when it is opened.
        named = declared == DOCX or url.lower().split("?")[0].endswith(".docx")
        return (
            DOCX if named or b"word/" in body or b"[Content_Types]" in body else "application/zip"
        )
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        # Worksheets, slides and messages are kept in the same container.
        named = declared == DOC or url.lower().split("?")[0].endswith(".doc")
        return DOC if named or _WORD_STREAM in body else "application/x-ole-storage"
    if head[:5] == b"{\\rtf":
        return RTF
    if declared in (PDF, DOCX) and not head.startswith(b"<"):
        return declared
    opening = head[:300].lower()
    markup = (b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<p>", b"<table", b"<!--")
    if declared in ("text/html", "application/xhtml+xml") or opening.startswith(markup):
        return "text/html"
    if b"\x00" in head and declared and not declared.startswith("text/"):
        return declared
    return "text/plain"


def _disagree(declared: str, real: str) -> bool:
    vague = ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
    same = {"application/xhtml+xml": "text/html", "text/markdown": "text/plain"}
    return declared not in vague and same.get(declared, declared) != real


def _document(
    lines: list[str], method: str, media_type: str, notes: tuple[str, ...], where: str
) -> DocumentText:
    # Rules of dashes stand under letterheads in some forms of a text and not in others.
    said = [line for line in lines if any(character.isalnum() for character in line)]
    if not said:
        raise NoText(f"{where}: the {method} file holds no text")
    letters = recognised(said)
    if letters is not None and is_whole(said, letters):
        said = [in_unicode(line, letters) for line in said]
        notes = (*notes, f"legacy-font:{letters}")
    elif letters is not None:
        notes = (*notes, f"legacy-font:{letters}, letters lost")
    return DocumentText("\n".join(said), method, media_type, notes)


def _html_lines(source: str, url: str) -> list[str]:
    tree = parse_html(source, url)
    family = portal_family(source, url, None)
    container = first_match(tree, family.text)
    lines = (
        legal_lines(container, noise=family.noise)
        if container is not None
        else legal_lines(_main(tree), noise=SURROUNDINGS)
    )
    if not lines:
        refuse_shell(tree, source, url)
    return lines


def _main(tree: HtmlElement) -> HtmlElement:
    found = first_match(tree, ("main", "article", "body"))
    return tree if found is None else found


def _plain_lines(source: str) -> list[str]:
    lines = (" ".join(line.split()) for line in source.splitlines())
    return [line for line in lines if line]

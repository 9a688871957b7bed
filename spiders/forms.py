"""Which of the forms that a legal document is had in its text is taken from.

The page's own text goes before Word's, the new format before the old, that before a PDF's, and
letters read from pictures come last. Word keeps paragraphs, numbers and tables; a PDF only lines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from spiders.documents import read_document
from spiders.items import Attachment, DocumentText, PortalDocument
from spiders.ocr import ocr_program
from spiders.portal_pages import MEDIA_TYPES
from spiders.problems import PagesWithoutText, PdfWithoutText
from storage.problems import Problem

PREFERENCE = tuple(MEDIA_TYPES[one] for one in ("docx", "doc", "rtf", "pdf"))
"""Which attachment's text is taken first when the page itself shows none, or a part of it."""
ACCOMPANYING = re.compile(
    r"tờ trình|to[-_ ]trinh|báo cáo|bao[-_ ]cao|thuyết minh|thuyet[-_ ]minh|công văn|cong[-_ ]van"
    r"|bảng (?:tổng hợp|so sánh)|bang[-_ ](?:tong[-_ ]hop|so[-_ ]sanh)|phụ lục|phu[-_ ]luc"
)
"""Names of files that come with a text and are not it: reports, explanations, letters."""
MAX_ATTACHMENTS = 30
READABLE = 80
"""A page that shows fewer characters than this has no text of its own."""
WHOLE = 3_000
"""A page that shows as many characters shows the whole text; a shorter may show an excerpt."""
INSTALL = "; install tesseract with its Vietnamese data to have them read"
EXCERPT = 2
"""An attachment that says so many times as much as a short page holds the whole text."""

BytesOf = Callable[[Attachment], tuple[bytes, str] | None]
"""Gives an attachment's bytes and content type; None when they could not be had."""


def best_text(
    document: PortalDocument, bytes_of: BytesOf, *, ocr_seconds: float = 0.0
) -> tuple[DocumentText | None, list[tuple[Attachment, Problem]]]:
    """The best form of a document's text there is, with what failed on the way to it.

    The page's own goes before Word's, that before a PDF's, and letters read from pictures come
    last, within `ocr_seconds`. A short page is an excerpt where an attachment that is the text
    itself says more than twice as much; a note says so.
    """
    page = DocumentText(document.text, "html", "text/html") if document.text else None
    readable = page is not None and len(page.text) >= READABLE
    if page is not None and len(page.text) >= WHOLE:
        return page, []
    files = sorted(document.attachments[:MAX_ATTACHMENTS], key=_rank)
    itself = [one for one in files if not _accompanies(one)]
    found, problems = _attached_text(itself, bytes_of, 0.0 if readable else ocr_seconds)
    if found is None and not readable:
        beside = [one for one in files if _accompanies(one)]
        found, more = _attached_text(beside, bytes_of, 0.0)
        problems += more
        if found is not None:
            found = replace(found, notes=(*found.notes, "text-of-accompanying-file"))
    if page is None:
        return found, problems
    if found is None or len(found.text) <= EXCERPT * len(page.text):
        return page, [] if readable else problems
    excerpt = f"page-text-partial:{len(page.text)} of {len(found.text)} characters"
    return replace(found, notes=(*found.notes, excerpt)), problems


def _attached_text(
    files: list[Attachment], bytes_of: BytesOf, ocr_seconds: float
) -> tuple[DocumentText | None, list[tuple[Attachment, Problem]]]:
    """The first file that is read whole; else the first that can be read at all."""
    problems: list[tuple[Attachment, Problem]] = []
    partly: list[_Scanned] = []
    scanned: list[_Scanned] = []
    for attachment in files:
        got = bytes_of(attachment)
        if got is None:
            continue
        try:
            text = read_document(got[0], got[1], attachment.url)
        except PdfWithoutText as problem:
            scanned.append(_Scanned(attachment, *got))
            problems.append((attachment, problem))
        except Problem as problem:
            problems.append((attachment, problem))
        else:
            if not _unread(text):
                return text, problems
            partly.append(_Scanned(attachment, *got, text))
    for one in [*partly, *scanned][:1]:
        others = [found for found in problems if found[0] is not one.attachment]
        try:
            text = one.read(ocr_seconds)
        except Problem as problem:
            return None, [*others, (one.attachment, problem)]
        for note in _unread(text):
            where = f"{one.attachment.url}: pages that are pictures were not read"
            said = f"{where}: {note.partition(':')[2]}{'' if ocr_program() else INSTALL}"
            others.append((one.attachment, PagesWithoutText(said)))
        return text, others
    return None, problems


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A file some pages of which are pictures, with what was read without them."""

    attachment: Attachment
    body: bytes
    media_type: str
    text: DocumentText | None = None

    def read(self, ocr_seconds: float) -> DocumentText:
        if self.text is not None and not (ocr_seconds and ocr_program()):
            return self.text
        seconds = ocr_seconds if ocr_program() else 0.0
        return read_document(self.body, self.media_type, self.attachment.url, ocr_seconds=seconds)


def _unread(text: DocumentText) -> list[str]:
    return [note for note in text.notes if note.startswith("pages-without-text:")]


def _rank(attachment: Attachment) -> tuple[bool, int]:
    """Place the text itself before what accompanies it, Word before PDF before all else."""
    known = attachment.media_type in PREFERENCE
    place = PREFERENCE.index(attachment.media_type) if known else len(PREFERENCE)
    return _accompanies(attachment), place


def _accompanies(attachment: Attachment) -> bool:
    place = unquote(attachment.url.rpartition("/")[2])
    return bool(ACCOMPANYING.search(f"{attachment.name} {place}".lower()))

"""What can be wrong with a page, a feed or a document, each stored under its kind."""

from typing import ClassVar

from spiders.items import FeedEntry
from storage.problems import Problem


class EmptyPage(Problem):
    """The server sent no bytes, or only white space."""

    kind: ClassVar[str] = "empty-page"


class NotHtml(Problem):
    """The body is an image, an archive or other bytes where a page was expected."""

    kind: ClassVar[str] = "not-html"


class TooLarge(Problem):
    """The body, or what it unpacks to, is larger than its limit."""

    kind: ClassVar[str] = "too-large"


class NeedsJavascript(Problem):
    """The page is a shell or a cookie challenge: its text comes only after its scripts run."""

    kind: ClassVar[str] = "needs-javascript"


class NoText(Problem):
    """The page was read, and no article or document text was found in it."""

    kind: ClassVar[str] = "no-text"


class NotJson(Problem):
    """A gateway sent something else than the JSON it should, or refused."""

    kind: ClassVar[str] = "not-json"


class BadFeed(Problem):
    """The feed or sitemap is not well-formed or carries what a feed must not.

    `entries` are those that could still be read, so that none is missed.
    """

    kind: ClassVar[str] = "bad-feed"

    def __init__(self, message: str, entries: tuple[FeedEntry, ...] = ()) -> None:
        super().__init__(message)
        self.entries = entries


class PdfPassword(Problem):
    """The PDF opens only with a password."""

    kind: ClassVar[str] = "pdf-password"


class PdfWithoutText(Problem):
    """The PDF's pages are pictures: it was scanned and holds no text."""

    kind: ClassVar[str] = "pdf-without-text"


class OcrFailed(PdfWithoutText):
    """The letters of a scanned PDF were to be read from its pictures, and could not be."""

    kind: ClassVar[str] = "ocr-failed"


class PagesWithoutText(Problem):
    """Some pages of a PDF are pictures, and what they say is not known."""

    kind: ClassVar[str] = "pages-without-text"


class BadPdf(Problem):
    """The PDF is broken."""

    kind: ClassVar[str] = "bad-pdf"


class BadDocx(Problem):
    """The file is not the Word document its name or type says, or it is broken."""

    kind: ClassVar[str] = "bad-docx"


class OldWord(Problem):
    """The file is a Word document of the binary format before 2007 (.doc)."""

    kind: ClassVar[str] = "old-doc"


class UnknownDocument(Problem):
    """The file is of a kind that is not read."""

    kind: ClassVar[str] = "unknown-document"


UNREAD: frozenset[str] = frozenset(
    one.kind
    for one in (
        EmptyPage, NotHtml, TooLarge, NeedsJavascript, NoText, PdfPassword, PdfWithoutText,
        OcrFailed, PagesWithoutText, BadPdf, BadDocx, OldWord, UnknownDocument,
    )
)  # fmt: skip
"""Kinds of problems of what was had and could not be read: they last while it stays as it is."""

"""PortalSpider: lists of documents → documents with their fields and attachments."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from spiders.answers import Answer, ask, checked_url
from spiders.coverage import SourceSpider
from spiders.discovery import ENDS
from spiders.documents import read_portal_page
from spiders.forms import MAX_ATTACHMENTS, best_text
from spiders.items import Attachment, DocumentText, PortalDocument
from spiders.ocr import ocr_program
from spiders.old_word import old_word_readers
from spiders.pipelines import (
    same_payload,
    store_gone,
    store_observation,
    store_problem,
    store_unchanged,
)
from spiders.portal_record import EXTRACTOR, VERSION, observation
from spiders.problems import (
    UNREAD,
    NoText,
    OcrFailed,
    OldWord,
    PagesWithoutText,
    PdfWithoutText,
)
from spiders.validators import conditional_headers
from storage.captures import CaptureDamaged, sha256
from storage.engine import UNSTORABLE
from storage.models import Page, Revision
from storage.observations import Observation
from storage.problems import Problem

TRIES = 3
"""So often a file that could not be read is read again where the means are there."""
LEAST_OCR = 20.0
"""With fewer seconds left in a round, pictures wait for the next one."""
NOT_WHOLE = ("pages-without-text:", "text-of-accompanying-file")


@dataclass(slots=True)
class Attached:
    """The attachments of one document as they are now.

    `digests` by address ("" when the file could not be had), `answers` those that were
    asked for, `changed` whether any differs from what we hold.
    """

    digests: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    changed: bool = False


class PortalSpider(SourceSpider):
    """Gathers the documents of a legal portal; those listed are looked at every round."""

    extractor = (EXTRACTOR, VERSION)

    async def look_at_due(self) -> None:
        """Look at every document that the lists name, then at those whose turn has come.

        A gateway's list says itself which documents changed: those have their turn.
        """
        visit = self.visit
        urls = [] if self.discovery.tells_changes else list(dict.fromkeys(self.discovery.listed))
        with visit.archive.reading() as tx:
            known = tx.sources.known(urls)
            due = tx.sources.due(visit.source.id, visit.clock(), visit.politeness.max_pages)
        listed = {url: known[url] for url in urls if url in known and not _failed(known[url])}
        pages = {page.url: page for page in due} | listed
        limit = visit.politeness.max_pages
        for page in list(pages.values())[:limit]:
            await self.look(page)
        if len(pages) > limit:
            visit.note(f"{len(pages) - limit} more documents are left for the next round")

    async def look_at(self, page: Page) -> None:
        """Look at one document and everything attached to it."""
        visit = self.visit
        answer = await ask(self.crawler, visit, page.url, conditional_headers(page))
        same = self.discovery.same
        same.answered(page.url, answer.url, gone=answer.gone)
        if answer.gone:
            store_gone(visit, page.url, answer)
            return
        latest = self.latest(page.url)
        unchanged = latest is not None and (answer.not_modified or same_payload(page, answer))
        landed = page.url if answer.not_modified else checked_url(answer.url)
        url = same.kept_at(page.url, landed)
        body, content_type = answer.body, answer.content_type
        if answer.not_modified:
            body, content_type = self.visit.held(page.payload_sha256) or (b"", "")
        try:
            document = read_portal_page(
                body, url, visit.source.family or None, content_type=content_type
            )
        except Problem as problem:
            store_problem(visit, page.url, problem, answer=answer)
            return
        attached = await self._attached(document, latest)
        reread = self._reread(latest) if latest is not None and self.is_outdated(latest) else None
        asked = list(attached.answers.items())
        as_before = unchanged and not attached.changed
        if as_before and not (latest is not None and self._may_be_read_now(document, latest)):
            store_unchanged(visit, page.url, answer, reread, asked, lasting=UNREAD)
            return
        text, notes, wrong = self._text(url, document, attached, latest)
        if as_before and latest is not None and _says_no_more(text, latest):
            for address, why in wrong.items():
                store_problem(visit, address, why)
            store_unchanged(visit, page.url, answer, reread, asked, lasting=UNREAD)
            return
        seen = observation(visit, url, document, attached.digests, text, notes)
        seen = replace(seen, reread=as_before)
        store_observation(visit, page.url, answer, seen, reread, asked, wrong)

    def _ocr_seconds(self) -> float:
        """For how long pictures of one document may be read now."""
        documents = self.visit.documents
        left = min(documents.ocr_limit, self.visit.seconds_left)
        enough = left >= min(LEAST_OCR, documents.ocr_limit)
        return left if documents.ocr and enough else 0.0

    def _may_be_read_now(self, document: PortalDocument, latest: Revision) -> bool:
        """Whether a file that was not read, or not whole, can be read by what is installed now."""
        if latest.text and not _lacks_pages(latest.notes):
            return False
        visit = self.visit
        files = {checked_url(one.url) for one in document.attachments}
        with visit.archive.reading() as tx:
            rows = tx.sources.troubles(visit.source.id)
        means = {
            OldWord.kind: bool(old_word_readers()),
            **dict.fromkeys(
                (PdfWithoutText.kind, OcrFailed.kind, PagesWithoutText.kind),
                bool(self._ocr_seconds() and ocr_program()),
            ),
        }
        return any(
            row.url in files and row.count < TRIES and means.get(row.kind, False) for row in rows
        )

    async def _attached(self, document: PortalDocument, latest: Revision | None) -> Attached:
        """Ask for each attachment; one that cannot be had is a problem of its own."""
        visit = self.visit
        before = _digests_of(latest)
        attached = Attached()
        if len(document.attachments) > MAX_ATTACHMENTS:
            visit.note(f"{document.url}: only {MAX_ATTACHMENTS} of its attachments are read")
        for attachment in document.attachments[:MAX_ATTACHMENTS]:
            try:
                digest = await self._attachment(attachment, attached, document.url)
            except (*ENDS, *UNSTORABLE):
                raise
            except Problem as problem:
                store_problem(visit, attachment.url, problem)
                digest = before.get(attachment.url, "")
            attached.digests[attachment.url] = digest
            attached.changed |= before.get(attachment.url) != digest
        return attached

    async def _attachment(
        self, attachment: Attachment, attached: Attached, document_url: str
    ) -> str:
        url = checked_url(attachment.url)
        with self.visit.archive.reading() as tx:
            page = tx.sources.page(url)
        headers = conditional_headers(page)
        answer = await ask(self.crawler, self.visit, url, headers, belongs_to=document_url)
        if answer.gone:
            answer.refuse()
        attached.answers[url] = answer
        if answer.not_modified and page is not None:
            return page.payload_sha256
        return sha256(answer.exchange.payload)

    def _text(
        self, url: str, document: PortalDocument, attached: Attached, latest: Revision | None
    ) -> tuple[DocumentText | None, tuple[str, ...], dict[str, Problem]]:
        """The best text there is, and what was wrong on the way to it, by address.

        Raises NoText rather than lose a text that we had.
        """

        def bytes_of(attachment: Attachment) -> tuple[bytes, str] | None:
            answer = attached.answers.get(checked_url(attachment.url))
            if answer is not None and not answer.not_modified:
                return answer.body, answer.content_type
            return self.visit.held(attached.digests.get(attachment.url, ""))

        text, problems = best_text(document, bytes_of, ocr_seconds=self._ocr_seconds())
        wrong = {checked_url(one.url): problem for one, problem in problems}
        if text is None and latest is not None and latest.text:
            for address, problem in wrong.items():
                store_problem(self.visit, address, problem)
            raise NoText(
                f"{document.url}: no text on the page or in its attachments, where there was one "
                "before; the version before is kept"
            )
        if text is None:
            wrong[url] = NoText(f"{document.url}: no text on the page or in any attachment")
        return text, () if text is not None else ("no-text",), wrong

    def _reread(self, revision: Revision) -> Observation | None:
        """A revision's captures as today's extractor reads them."""
        visit = self.visit
        if revision.capture_id is None:
            return None
        with visit.archive.reading() as tx:
            item = tx.items.get(revision.item_id)
        digests = _digests_of(revision)
        try:
            stored = visit.archive.read_capture(revision.capture_id)
            url = item.url if item is not None else stored.url
            document = read_portal_page(stored.body, url, visit.source.family or None)
        except (CaptureDamaged, Problem) as problem:
            visit.note(f"{item.url if item else ''}: cannot be read anew: {problem}")
            return None
        text, _ = best_text(
            document,
            lambda one: self.visit.held(digests.get(one.url, "")),
            ocr_seconds=self._ocr_seconds(),
        )
        if revision.text and (text is None or _is_partly(text.notes, revision.notes)):
            return None
        return observation(visit, url, document, digests, text, (), revision.capture_id)


def _says_no_more(text: DocumentText | None, latest: Revision) -> bool:
    """Whether reading the same files once more gave nothing: no page, or none beyond the old."""
    if text is None:
        return True
    return _lacks_pages(text.notes) and len(text.text) <= len(latest.text)


def _is_partly(notes: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a text lacks pages that were read before, by means that are not there now."""
    return _lacks_pages(notes) and not _lacks_pages(before)


def _lacks_pages(notes: Sequence[str]) -> bool:
    return any(note.startswith(NOT_WHOLE) for note in notes)


def _failed(page: Page) -> bool:
    """Whether the last look at a page failed: then it waits for its turn."""
    return page.checked_at is not None and not page.payload_sha256


def _digests_of(revision: Revision | None) -> dict[str, str]:
    attachments = revision.fields.get("attachments", []) if revision is not None else []
    return {one["url"]: one["sha256"] for one in attachments}

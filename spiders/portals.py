"""PortalSpider: lists of documents → documents with their fields and attachments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from spiders.answers import Answer, ask, checked_url
from spiders.coverage import SourceSpider
from spiders.discovery import ENDS
from spiders.documents import read_portal_page
from spiders.forms import MAX_ATTACHMENTS, best_text
from spiders.issuers import issuer_named, one_over_time
from spiders.items import Attachment, DocumentText, PortalDocument
from spiders.own_claims import disagreements, own_claims
from spiders.pipelines import (
    same_payload,
    store_gone,
    store_observation,
    store_problem,
    store_unchanged,
)
from spiders.problems import NoText
from spiders.validators import conditional_headers
from spiders.visit import Visit
from storage.captures import CaptureDamaged, sha256
from storage.engine import UNSTORABLE
from storage.models import Page, Revision
from storage.observations import Observation
from storage.problems import Problem

EXTRACTOR = "decreewatch-portal"
VERSION = 3
OCR_SECONDS = 240.0


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
        if answer.gone:
            store_gone(visit, page.url, answer)
            return
        latest = self.latest(page.url)
        unchanged = latest is not None and (answer.not_modified or same_payload(page, answer))
        url = page.url if answer.not_modified else checked_url(answer.url)
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
        if unchanged and not attached.changed:
            store_unchanged(visit, page.url, answer, reread, asked)
            return
        text, notes = self._text(document, attached, latest)
        seen = observation(visit, url, document, attached.digests, text, notes)
        store_observation(visit, page.url, answer, seen, reread, asked)

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
        self, document: PortalDocument, attached: Attached, latest: Revision | None
    ) -> tuple[DocumentText | None, tuple[str, ...]]:
        """The best text there is; raises NoText rather than lose one that we had."""
        visit = self.visit

        def bytes_of(attachment: Attachment) -> tuple[bytes, str] | None:
            answer = attached.answers.get(checked_url(attachment.url))
            if answer is not None and not answer.not_modified:
                return answer.body, answer.content_type
            return self.visit.held(attached.digests.get(attachment.url, ""))

        left = max(0.0, min(OCR_SECONDS, visit.seconds_left))
        text, problems = best_text(document, bytes_of, ocr_seconds=left)
        for attachment, problem in problems:
            store_problem(visit, attachment.url, problem)
        if text is None and latest is not None and latest.text:
            raise NoText(
                f"{document.url}: no text on the page or in its attachments, where there was one "
                "before; the version before is kept"
            )
        if text is None:
            store_problem(
                visit,
                document.url,
                NoText(f"{document.url}: no text on the page or in any attachment"),
            )
        return text, () if text is not None else ("no-text",)

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
        left = max(0.0, min(OCR_SECONDS, visit.seconds_left))
        text, _ = best_text(
            document,
            lambda one: self.visit.held(digests.get(one.url, "")),
            ocr_seconds=left,
        )
        return observation(visit, url, document, digests, text, (), revision.capture_id)


def observation(
    visit: Visit,
    url: str,
    document: PortalDocument,
    digests: Mapping[str, str],
    text: DocumentText | None,
    notes: tuple[str, ...],
    capture_id: int | None = None,
) -> Observation:
    """What the archive is told of a document; `digests` are its attachments' hashes."""
    issued = document.issued_on
    return Observation(
        url=url,
        source_id=visit.source.id,
        kind="document",
        seen_at=visit.clock(),
        title=document.title,
        text=text.text if text is not None else "",
        published_at=datetime.combine(issued, time(), UTC) if issued is not None else None,
        language=visit.source.language,
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        method="portal",
        capture_id=capture_id,
        fields=fields_of(document, digests, text),
        notes=(
            *document.notes,
            *(text.notes if text is not None else ()),
            *disagreements(document, own_claims(text.text if text is not None else "")),
            *notes,
        ),
    )


def fields_of(
    document: PortalDocument, digests: Mapping[str, str], text: DocumentText | None
) -> dict[str, Any]:
    """What the portal says of a document, as it is stored: dates in ISO form, null if unknown.

    An attachment's `sha256` is that of its payload, by which its capture is found; "" when
    the file could not be had. `issuer_id` is the same for a ministry and what it went into.
    `own_number` and `own_issued_on` are what the text's own head names; `text_from` says of
    which form the text is, `pdf-ocr` for letters read from pictures.
    """
    issuer = issuer_named(document.issuer, document.number)
    own = own_claims(text.text if text is not None else "")
    return {
        "number": document.number,
        "type": document.type,
        "issuer": document.issuer,
        "issuer_id": one_over_time(issuer) if issuer is not None else "",
        "signer": document.signer,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "effective_on": document.effective_on.isoformat() if document.effective_on else None,
        "status": document.status,
        "stage": document.stage,
        "consultation_until": (
            document.consultation_until.isoformat() if document.consultation_until else None
        ),
        "relations": [list(relation) for relation in document.relations],
        "attachments": [
            {
                "url": attachment.url,
                "name": attachment.name,
                "media_type": attachment.media_type,
                "sha256": digests.get(attachment.url, ""),
            }
            for attachment in document.attachments
        ],
        "own_number": own.number,
        "own_issued_on": own.issued_on.isoformat() if own.issued_on else None,
        "text_from": text.method if text is not None else "",
    }


def _failed(page: Page) -> bool:
    """Whether the last look at a page failed: then it waits for its turn."""
    return page.checked_at is not None and not page.payload_sha256


def _digests_of(revision: Revision | None) -> dict[str, str]:
    attachments = revision.fields.get("attachments", []) if revision is not None else []
    return {one["url"]: one["sha256"] for one in attachments}

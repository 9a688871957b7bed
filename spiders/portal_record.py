"""A document as a portal shows it → what the archive is told of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from spiders.issuers import issuer_named, one_over_time
from spiders.items import DocumentText, PortalDocument
from spiders.own_claims import disagreements, own_claims
from spiders.visit import Visit
from storage.doubts import OCR
from storage.observations import Observation

EXTRACTOR = "decreewatch-portal"
VERSION = 4


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
            *_disagreements(document, text),
            *notes,
        ),
    )


def _disagreements(document: PortalDocument, text: DocumentText | None) -> tuple[str, ...]:
    if text is None:
        return ()
    guessed = any(note.startswith(OCR) for note in text.notes)
    return disagreements(document, own_claims(text.text), guessed=guessed)


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

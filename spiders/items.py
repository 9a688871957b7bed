"""What a page, a feed entry and a portal document become before they are stored.

`notes` are soft problems: the item is usable, but something about it is counted and shown.
A note is a short stable word, optionally followed by a colon and a detail:
`undated`, `date-from-url`, `date-disagrees`, `future-date`, `truncated`, `no-title`,
`charset:…`, `selectors-missed:…` (the body's), `selector-missed:…` (another field's, which
something else gave), `fallback:…`, `media-type:…`, `field:…`, `read-by:…`, `ocr:…`,
`number-disagrees:…`, `issued-on-disagrees:…`, `page-text-partial:…`,
`text-of-accompanying-file`, `pages-without-text:…`, `numbering-lost:…`, `legacy-font:…`; what
`storage.doubts` reads of them makes a text uncertain.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Stage = Literal["draft", "enacted", ""]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page shows it.

    `text` has one paragraph, heading or list item a line and is NFC; `summary` is the lead
    (sapo) and is not repeated in `text` unless the page repeats it. Times are aware UTC and
    None where the page names none. `method` says what found the body: `selectors:FAMILY`,
    `json-ld`, `trafilatura`.
    """

    url: str
    title: str
    summary: str
    text: str
    byline: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    language: str
    method: str
    canonical_url: str
    extractor: str
    extractor_version: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, sitemap or listing; `fingerprint` changes when the entry does."""

    url: str
    title: str
    summary: str
    published_at: datetime | None
    updated_at: datetime | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages a sitemap lists (`entries`) and the sitemaps a sitemap index names (`children`)."""

    entries: tuple[FeedEntry, ...]
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a portal page offers: its absolute address, its name, its likely media type."""

    url: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class PortalDocument:
    """One legal document as a portal's page describes it.

    `fields` holds every label the page shows with its value, the portal's own words;
    values a portal hides ("Đã biết") are empty. `relations` are (kind, number or title);
    kinds are those of `spiders.portal_fields.RELATION_LABELS`. `text` is empty where the page
    holds no text of the document (it may be in an attachment).
    """

    url: str
    title: str
    number: str
    type: str
    issuer: str
    signer: str
    issued_on: date | None
    effective_on: date | None
    status: str
    stage: Stage
    consultation_until: date | None
    fields: dict[str, str]
    relations: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a legal document, from `method` (html, docx, doc, pdf, pdf-ocr, plain)."""

    text: str
    method: str
    media_type: str
    notes: tuple[str, ...] = ()

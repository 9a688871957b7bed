"""What one look at a page gave, and how two of them differ."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from storage.columns import storable
from storage.models import Revision

Result = Literal["new", "revised", "unchanged", "reextracted"]


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at a page or feed gave.

    `kind` is article or document; `capture_id` names the bytes it was derived from (None
    where no server was asked); `fields` holds a portal's statements about a document.
    `backfill` marks what comes from an old collection: it is understood, never alerted.
    `reread` marks bytes that are held already and are read once more, by other means.
    """

    url: str
    source_id: str
    kind: str
    seen_at: datetime
    title: str
    extractor: str
    extractor_version: int
    capture_id: int | None = None
    summary: str = ""
    text: str = ""
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    method: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    backfill: bool = False
    reread: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an observation became."""

    result: Result
    item_id: int
    revision_id: int


def nfc(text: str) -> str:
    """Text as it is stored: composed (NFC), without characters a database refuses."""
    return unicodedata.normalize("NFC", storable(text))


def content_sha256(title: str, summary: str, text: str, fields: dict[str, Any]) -> str:
    """The identity of a revision's content: equal content makes no new revision."""
    said = json.dumps([title, summary, text, fields], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def composed(said: Any) -> Any:
    """All texts within a portal's statements, composed (NFC)."""
    if isinstance(said, str):
        return nfc(said)
    if isinstance(said, dict):
        return {nfc(str(key)): composed(value) for key, value in said.items()}
    return [composed(one) for one in said] if isinstance(said, list | tuple) else said


def reads_better(revision: Revision, seen: Observation) -> bool:
    """Whether a newer version of the same extractor read the bytes of `revision` again."""
    return (
        revision.capture_id is not None
        and revision.capture_id == seen.capture_id
        and revision.extractor == seen.extractor
        and revision.extractor_version < seen.extractor_version
    )


def cause_of(previous: Revision | None, seen: Observation, text: str) -> str:
    """Why a revision differs from the one before it; see `Revision`."""
    if previous is None:
        return "first"
    if not previous.text and text:
        return "completion"
    reader = (previous.extractor, previous.extractor_version, previous.method)
    if seen.reread or reader != (seen.extractor, seen.extractor_version, seen.method):
        return "reextraction"
    return "edit"

"""Is everything still there and as it was written? Captures against their hashes, revisions
against their captures, the index against the archive."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from storage.archive import Archive, Transaction, place_of
from storage.capture_reading import read_payload_sha256
from storage.captures import CaptureDamaged, Stored
from storage.index_checking import faults
from storage.models import Capture, Revision
from storage.observations import content_sha256
from storage.problems import Problem

Derive = Callable[[Revision, Stored], str | None]
"""Derives a revision's text from its capture again; None when that cannot be done now."""


@dataclass(slots=True)
class Verification:
    """What was looked at and what was found wrong; `index` of it concerns the search index."""

    captures: int = 0
    revisions: int = 0
    index: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The result in its public form."""
        return {"captures": self.captures, "bad": self.bad}


def verify(
    archive: Archive,
    *,
    derive: Derive | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Check every capture's bytes and every revision's text; nothing is changed.

    With `derive`, each revision's text is also derived from its capture again and compared.
    `on_progress` is told how many captures and revisions were looked at, and how many there are.
    """
    found = Verification()
    with archive.reading() as tx:
        total = tx.captures.counts()["captures"] + tx.items.counts()["revisions"]
        for capture in tx.captures.every():
            found.captures += 1
            _check_capture(archive, capture, found)
            _tell(on_progress, found, total)
    damaged = {one["id"] for one in found.bad}  # only captures so far
    with archive.reading() as tx:
        for revision in tx.items.every_revision():
            found.revisions += 1
            _check_text(revision, found)
            if derive is not None and revision.capture_id not in damaged:
                _check_derived(archive, tx, revision, derive, found)
            _tell(on_progress, found, total)
    for fault in faults(archive):
        found.index += 1
        found.bad.append(_bad("index", fault.item, "the search index", fault.message))
    return found


def _check_capture(archive: Archive, capture: Capture, found: Verification) -> None:
    try:
        digest = read_payload_sha256(archive.captures_root, place_of(capture))
    except CaptureDamaged as error:
        found.bad.append(_bad("capture", capture.id, capture.url, str(error)))
        return
    if capture.revisit_of is None and digest != capture.payload_sha256:
        message = f"the payload in {capture.warc_path} does not have the hash it was stored with"
        found.bad.append(_bad("capture", capture.id, capture.url, message))


def _check_text(revision: Revision, found: Verification) -> None:
    digest = content_sha256(revision.title, revision.summary, revision.text, revision.fields)
    if digest != revision.content_sha256:
        message = "the text does not have the hash it was stored with"
        found.bad.append(_bad("revision", revision.id, revision.title, message))


def _check_derived(
    archive: Archive, tx: Transaction, revision: Revision, derive: Derive, found: Verification
) -> None:
    """Derive a revision from its capture again; what was imported was never derived."""
    if revision.capture_id is None:
        return
    capture = tx.captures.get(revision.capture_id)
    if capture is None or capture.status == 0 or capture.dropped_at is not None:
        return
    try:
        again = derive(revision, archive.read_capture(revision.capture_id))
    except Problem as error:
        found.bad.append(_bad("revision", revision.id, revision.title, str(error)))
        return
    if again is not None and again != revision.text:
        message = f"capture {revision.capture_id} no longer gives this text"
        found.bad.append(_bad("revision", revision.id, revision.title, message))


def _bad(kind: str, number: int, name: str, message: str) -> dict[str, Any]:
    return {"kind": kind, "id": number, "name": name, "message": message}


def _tell(on_progress: Callable[[int, int], None] | None, found: Verification, total: int) -> None:
    if on_progress is not None:
        on_progress(found.captures + found.revisions, total)

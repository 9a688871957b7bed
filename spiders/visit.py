"""One visit to one source: what is asked, when, where it is kept, and what it came to."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from config import Documents, Politeness, SourceDeclaration
from spiders.reports import SourceReport
from spiders.turns import Wishes
from storage.archive import Archive
from storage.captures import CaptureDamaged, CaptureWriter
from storage.problems import Problem

Say = Callable[[str], None]
Clock = Callable[[], datetime]

BACKFILL = timedelta(days=30)
"""Pages that a sitemap dates earlier than this before now are not gathered, unless asked for."""
MAX_ERRORS = 200
"""Errors that a report names one by one; all of them are stored as troubles."""


def real_time() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Visit:
    """The state of one crawl of one source.

    `clock` tells the time that is written down (a fixed one where days are simulated);
    `seconds_left` counts real seconds. `say` is told each address before it is asked. `fresh`
    says for how many seconds each address that others are discovered by is current, `wishes`
    what all of them ask of us. `oldest` is how far back sitemaps are read.
    `unstorable` is why the archive took no more, if it did not: no fault of the source.
    """

    def __init__(
        self,
        source: SourceDeclaration,
        politeness: Politeness,
        archive: Archive,
        *,
        documents: Documents | None = None,
        clock: Clock = real_time,
        say: Say | None = None,
    ) -> None:
        self.source = source
        self.politeness = politeness
        self.documents = documents or Documents()
        self.archive = archive
        self.clock = clock
        self.say: Say = say or (lambda _: None)
        self.requests = 0
        self.counts = {"new": 0, "revised": 0, "unchanged": 0}
        self.errors: list[dict[str, str]] = []
        self.notes: list[str] = []
        self.reasons: list[str] = []
        self.oldest = clock() - BACKFILL
        self.fresh: dict[str, float] = {}
        self.wishes: Wishes | None = None
        self.unstorable: Problem | None = None
        reserve = min(politeness.timeout, politeness.round_limit / 4)
        self._deadline = time.monotonic() + politeness.round_limit - reserve
        self._opened = ExitStack()
        self._writer: CaptureWriter | None = None

    @property
    def seconds_left(self) -> float:
        """How long new requests may still be made; the rest of the limit is for the last."""
        return self._deadline - time.monotonic()

    @property
    def delay(self) -> float:
        """Seconds between two requests to a host, unless the host wants more."""
        return self.source.delay or self.politeness.delay

    def writer(self) -> CaptureWriter:
        """The WARC file of this visit, opened when first needed."""
        if self._writer is None:
            self._writer = self._opened.enter_context(
                self.archive.capture_writer(self.source.id, self.clock())
            )
        return self._writer

    def held(self, digest: str) -> tuple[bytes, str] | None:
        """The stored payload with this hash, unpacked, and its media type.

        None when there is none (the hash of nothing is ""), or when it is damaged: then the
        server is asked for it anew.
        """
        if not digest:
            return None
        with self.archive.reading() as tx:
            capture = tx.captures.by_digest(digest)
        try:
            if capture is None:
                return None
            return self.archive.read_capture(capture.id).body, capture.media_type
        except CaptureDamaged:
            return None

    def count(self, result: str) -> None:
        """Count an item: new, revised, or anything else as unchanged."""
        self.counts[result if result in self.counts else "unchanged"] += 1

    def note_error(self, url: str, problem: Problem) -> None:
        """Name a problem in the report."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append({"url": url, "kind": problem.kind, "message": str(problem)})

    def note(self, text: str) -> None:
        """Say something in the report, once."""
        if text not in self.notes:
            self.notes.append(text)

    def report(self) -> SourceReport:
        """What the visit came to so far."""
        return SourceReport(
            id=self.source.id,
            requests=self.requests,
            items=sum(self.counts.values()),
            new=self.counts["new"],
            revised=self.counts["revised"],
            unchanged=self.counts["unchanged"],
            errors=tuple(self.errors),
            notes=tuple(self.notes),
            wishes=self.wishes,
        )

    def close(self) -> None:
        """Let go of the WARC file."""
        self._opened.close()

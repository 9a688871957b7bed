"""The captures as the database knows them: what was fetched, and where its bytes lie."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.captures import CaptureWriter, Exchange, Place, sha256
from storage.models import Capture
from storage.paging import in_pages


class Captures:
    """Captures within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(
        self, writer: CaptureWriter, exchange: Exchange, source_id: str, media_type: str
    ) -> Capture:
        """Write an exchange to its WARC file and record it.

        A payload that is held already, from whatever address, becomes a revisit record.
        """
        digest = sha256(exchange.payload)
        first = self._holder(digest)
        named = (first.url, first.fetched_at) if first is not None else None
        place = writer.append(exchange, first=named)
        return self._add(
            Capture(
                url=exchange.url,
                source_id=source_id,
                fetched_at=exchange.fetched_at,
                status=exchange.status,
                media_type=media_type,
                payload_sha256=digest,
                payload_length=len(exchange.payload),
                warc_path=place.path,
                warc_offset=place.offset,
                warc_length=place.length,
                revisit_of=first.id if first is not None else None,
            )
        )

    def keep_resource(
        self, url: str, source_id: str, at: datetime, media_type: str, digest: str,
        length: int, place: Place,
    ) -> Capture:  # fmt: skip
        """Record a file that no server sent and that was written at `place`."""
        return self._add(
            Capture(
                url=url,
                source_id=source_id,
                fetched_at=at,
                status=0,
                media_type=media_type,
                payload_sha256=digest,
                payload_length=length,
                warc_path=place.path,
                warc_offset=place.offset,
                warc_length=place.length,
            )
        )

    def get(self, capture_id: int) -> Capture | None:
        """The capture with this number."""
        return self._session.get(Capture, capture_id)

    def holder(self, capture: Capture) -> Capture:
        """The capture whose record holds the payload: itself, unless it is a revisit."""
        if capture.revisit_of is None:
            return capture
        return self._session.get_one(Capture, capture.revisit_of)

    def by_digest(self, digest: str) -> Capture | None:
        """The capture that holds this payload."""
        return self._holder(digest)

    def committed_end(self, path: str) -> int:
        """How many bytes of a WARC file belong to recorded captures."""
        end = func.max(Capture.warc_offset + Capture.warc_length)
        return self._session.scalar(select(end).where(Capture.warc_path == path)) or 0

    def every(self) -> Iterator[Capture]:
        """All captures whose bytes are held, oldest first."""
        held = select(Capture).where(Capture.dropped_at.is_(None))
        for (capture,) in in_pages(self._session, held, Capture.id):
            yield capture

    def counts(self) -> dict[str, int]:
        """How many captures there are, and how many bytes their payloads had."""
        query = select(func.count(Capture.id), func.coalesce(func.sum(Capture.payload_length), 0))
        number, size = self._session.execute(query.where(Capture.dropped_at.is_(None))).one()
        return {"captures": number, "payload_bytes": int(size)}

    def _holder(self, digest: str) -> Capture | None:
        return self._session.scalar(
            select(Capture)
            .where(
                Capture.payload_sha256 == digest,
                Capture.revisit_of.is_(None),
                Capture.dropped_at.is_(None),
            )
            .limit(1)
        )

    def _add(self, capture: Capture) -> Capture:
        self._session.add(capture)
        self._session.flush()
        return capture

"""Sources, their pages and their troubles: what politeness and health need to remember."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.log import Events
from storage.models import Page, Source, Trouble


class Sources:
    """Sources, pages and troubles within one transaction."""

    def __init__(self, session: Session, events: Events) -> None:
        self._session = session
        self._events = events

    def get(self, source_id: str) -> Source | None:
        """What has been seen of a source; None when it was never asked."""
        return self._session.get(Source, source_id)

    def round_ended(
        self, source_id: str, at: datetime, *, reasons: Sequence[str], items: int
    ) -> None:
        """Close a round of one source: `reasons` say why it failed (empty: it went well).

        Appends `source.failing` when a source breaks and `source.recovered` when it mends,
        once each.
        """
        row = self._session.get(Source, source_id)
        if row is None:
            row = Source(id=source_id, failures=0, reasons=[])
            self._session.add(row)
        row.last_attempt, row.reasons = at, list(reasons)
        if items:
            row.last_item = at
        if not reasons:
            if row.failures:
                self._events.append("source.recovered", f"source:{source_id}", at)
            row.failures, row.last_success = 0, at
            return
        row.failures += 1
        if row.failures == 1:
            said = {"reasons": list(reasons)}
            self._events.append("source.failing", f"source:{source_id}", at, said)

    def page(self, url: str) -> Page | None:
        """What is remembered of an address."""
        return self._session.get(Page, url)

    def remember(self, url: str, source_id: str) -> Page:
        """The row of an address, made when there is none; change it within the transaction."""
        page = self._session.get(Page, url)
        if page is None:
            page = Page(
                url=url,
                source_id=source_id,
                etag="",
                last_modified="",
                payload_sha256="",
                fingerprint="",
            )
            self._session.add(page)
        return page

    def due(self, source_id: str, now: datetime, limit: int = 500) -> list[Page]:
        """Pages of a source whose turn to be looked at again has come, longest due first."""
        query = (
            select(Page)
            .where(Page.source_id == source_id, Page.next_check_at <= now)
            .order_by(Page.next_check_at)
            .limit(limit)
        )
        return list(self._session.scalars(query))

    def trouble(self, source_id: str, url: str, kind: str, message: str, at: datetime) -> None:
        """Store a typed problem; the same one again is counted, not repeated."""
        row = self._find_trouble(source_id, url, kind)
        if row is None:
            row = Trouble(source_id=source_id, url=url, kind=kind, message="", count=0, first_at=at)
            self._session.add(row)
        if row.ended_at is not None:
            row.first_at, row.count, row.ended_at = at, 0, None
        row.message, row.last_at, row.count = message[:2000], at, row.count + 1

    def mended(self, source_id: str, url: str, at: datetime) -> None:
        """End every trouble of an address, since it was read without one."""
        query = select(Trouble).where(
            Trouble.source_id == source_id, Trouble.url == url, Trouble.ended_at.is_(None)
        )
        for row in self._session.scalars(query):
            row.ended_at = at

    def troubles(self, source_id: str | None = None, *, ended: bool = False) -> list[Trouble]:
        """Troubles that last, newest first; those that ended too when asked for."""
        query = select(Trouble).order_by(Trouble.last_at.desc())
        if source_id is not None:
            query = query.where(Trouble.source_id == source_id)
        if not ended:
            query = query.where(Trouble.ended_at.is_(None))
        return list(self._session.scalars(query))

    def counts(self) -> dict[str, int]:
        """How many pages are known and how many troubles last."""
        lasting = select(func.count(Trouble.id)).where(Trouble.ended_at.is_(None))
        return {
            "pages": self._session.scalar(select(func.count()).select_from(Page)) or 0,
            "troubles": self._session.scalar(lasting) or 0,
        }

    def _find_trouble(self, source_id: str, url: str, kind: str) -> Trouble | None:
        return self._session.scalar(
            select(Trouble).where(
                Trouble.source_id == source_id, Trouble.url == url, Trouble.kind == kind
            )
        )

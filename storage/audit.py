"""The log of what people changed: entries are added, and never changed or taken out.

Each entry carries a hash of itself and of the entry before it, so that one which was changed or
taken out afterwards is found. What was cut off at the end cannot be found this way.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.columns import storable
from storage.models_people import AuditEntry

PAGE = 1000
NAME_LENGTH = 100


class Audit:
    """The log of changes within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self,
        by: str,
        action: str,
        subject: str,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> AuditEntry:
        """Say in the transaction of a change who made it.

        Args:
            by: the person's name.
            action: what they did, as `alert.acknowledged`: a thing and a verb.
            subject: what they did it to, as `alert:12`.
            at: when, aware.
            detail: what else is to be known, of what JSON can hold. Never a secret.

        Raises TypeError or ValueError for a detail that JSON cannot hold.
        """
        kept = json.loads(json.dumps(dict(detail or {}), allow_nan=False))
        entry = AuditEntry(
            at=at.astimezone(UTC),
            by=storable(by)[:NAME_LENGTH],
            action=action,
            subject=storable(subject),
            detail=kept,
        )
        last = select(AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)
        entry.chain = _chained(self._session.scalar(last) or "", entry)
        self._session.add(entry)
        self._session.flush()
        return entry

    def recent(
        self,
        limit: int = 100,
        *,
        before: int | None = None,
        by: str = "",
        action: str = "",
        subject: str = "",
    ) -> list[AuditEntry]:
        """The newest entries first, of those numbered below `before`.

        `action` also takes a thing alone: `alert` finds `alert.acknowledged`.
        """
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditEntry.id < before)
        if by:
            query = query.where(AuditEntry.by == by)
        if action:
            begins = AuditEntry.action.startswith(f"{action}.", autoescape=True)
            query = query.where((AuditEntry.action == action) | begins)
        if subject:
            query = query.where(AuditEntry.subject == subject)
        return list(self._session.scalars(query))

    def broken(self) -> int | None:
        """The number of the first entry that does not follow from those before it; None when all
        of them do."""
        chain, last = "", 0
        while True:
            query = select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id)
            entries = list(self._session.scalars(query.limit(PAGE)))
            for entry in entries:
                chain = _chained(chain, entry)
                if entry.chain != chain:
                    return entry.id
                last = entry.id
                self._session.expunge(entry)
            if len(entries) < PAGE:
                return None


def _chained(before: str, entry: AuditEntry) -> str:
    said = [before, entry.at.isoformat(), entry.by, entry.action, entry.subject, entry.detail]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

"""A batch of an imported collection into rows, in bulk where nothing is known yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.archive import Transaction
from storage.models import Event, Item, Revision
from storage.observations import Observation, content_sha256


@dataclass(slots=True)
class Counted:
    """What the observations of a batch became."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """What the archive knows of an address: its newest content, and when it was seen."""

    content_sha256: str
    first_seen: datetime
    last_seen: datetime

    def says(self, digest: str, seen: Observation) -> bool:
        """Whether the observation would change nothing at all."""
        return self.content_sha256 == digest and self.first_seen <= seen.seen_at <= self.last_seen


def store(tx: Transaction, batch: Sequence[Observation]) -> Counted:
    """Store observations whose addresses and texts are in their canonical forms.

    The first of each unknown address is inserted in bulk; what is known and differs, or comes
    a second time, is observed one by one.
    """
    counted = Counted()
    digests = [content_sha256(seen.title, seen.summary, seen.text, seen.fields) for seen in batch]
    held = _held(tx, {seen.url for seen in batch})
    fresh: dict[str, Observation] = {}
    fresh_digests: list[str] = []
    others: list[Observation] = []
    for seen, digest in zip(batch, digests, strict=True):
        known = held.get(seen.url)
        if known is None:
            fresh[seen.url] = seen
            fresh_digests.append(digest)
            held[seen.url] = _Held(digest, seen.seen_at, seen.seen_at)
        elif known.says(digest, seen):
            counted.unchanged += 1
        else:
            others.append(seen)
    if fresh:
        _insert(tx, list(fresh.values()), fresh_digests)
        counted.new += len(fresh)
    for seen in others:
        if tx.items.observe(seen).result == "unchanged":
            counted.unchanged += 1
        else:
            counted.revised += 1
    return counted


def _held(tx: Transaction, urls: set[str]) -> dict[str, _Held]:
    query = (
        select(Item.url, Revision.content_sha256, Item.first_seen, Item.last_seen)
        .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
        .where(Item.url.in_(urls))
    )
    rows = tx.session.execute(query)
    return {url: _Held(digest, first, last) for url, digest, first, last in rows}


def _insert(tx: Transaction, fresh: Sequence[Observation], digests: Sequence[str]) -> None:
    items = tx.session.scalars(
        insert(Item).returning(Item.id, sort_by_parameter_order=True),
        [
            {
                "url": seen.url,
                "source_id": seen.source_id,
                "kind": seen.kind,
                "first_seen": seen.seen_at,
                "last_seen": seen.seen_at,
                "published_at": seen.published_at,
                "language": seen.language,
                "latest": 1,
            }
            for seen in fresh
        ],
    ).all()
    revisions = tx.session.scalars(
        insert(Revision).returning(Revision.id, sort_by_parameter_order=True),
        [
            {
                "item_id": item_id,
                "number": 1,
                "cause": "first",
                "capture_id": seen.capture_id,
                "extractor": seen.extractor,
                "extractor_version": seen.extractor_version,
                "method": seen.method,
                "seen_at": seen.seen_at,
                "title": seen.title,
                "summary": seen.summary,
                "text": seen.text,
                "byline": list(seen.byline),
                "published_at": seen.published_at,
                "modified_at": seen.modified_at,
                "language": seen.language,
                "fields": seen.fields,
                "notes": list(seen.notes),
                "content_sha256": digest,
            }
            for item_id, seen, digest in zip(items, fresh, digests, strict=True)
        ],
    ).all()
    tx.session.execute(
        insert(Event),
        [
            {
                "kind": "item.appeared",
                "at": seen.seen_at,
                "subject": f"item:{item_id}",
                "data": {
                    "item": item_id,
                    "revision": revision_id,
                    "source": seen.source_id,
                    "kind": seen.kind,
                    "url": seen.url,
                    "title": seen.title,
                    "backfill": True,
                },
            }
            for item_id, revision_id, seen in zip(items, revisions, fresh, strict=True)
        ],
    )

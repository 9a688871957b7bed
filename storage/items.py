"""Items and their revisions: what was seen becomes a row only when it says something new."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.addresses import canonical_url
from storage.log import Events
from storage.models import Item, Revision
from storage.observations import (
    Observation,
    Recorded,
    Result,
    cause_of,
    composed,
    content_sha256,
    nfc,
    reads_better,
)
from storage.paging import in_pages

GONE_AFTER = timedelta(hours=2)
"""How long a page must have been missing before it counts as removed: outages are shorter."""


class Items:
    """Items and revisions within one transaction."""

    def __init__(self, session: Session, events: Events) -> None:
        self._session = session
        self._events = events

    def observe(self, seen: Observation) -> Recorded:
        """Record what was seen, and append an event when it is new or changed.

        The same content is no new revision. Content that differs only because another
        extractor, version or method read it is marked a re-extraction. An old collection's look
        from before the item was seen last completes the history silently; a live look is news
        whatever its time, since then the clock was set back. The same observations of one reader
        again, in whatever order they came, change nothing.

        Raises AddressRefused.
        """
        url = canonical_url(seen.url)
        title, summary, text = nfc(seen.title), nfc(seen.summary), nfc(seen.text)
        fields = composed(seen.fields)
        digest = content_sha256(title, summary, text, fields)
        item = self.by_url(url)
        previous = self.latest(item) if item is not None else None
        if item is not None and previous is not None:
            same = self._known(item, previous, digest, seen)
            if same is not None:
                if reads_better(same, seen):
                    self._read_alike(same, seen)
                self._seen_again(item, seen)
                return Recorded("unchanged", item.id, same.id)
        late = (
            item is not None
            and previous is not None
            and seen.backfill
            and seen.seen_at < item.last_seen
            and not reads_better(previous, seen)
        )
        cause = "late" if late else cause_of(previous, seen, text)
        if item is None:
            item = Item(
                url=url,
                source_id=seen.source_id,
                kind=seen.kind,
                first_seen=seen.seen_at,
                last_seen=seen.seen_at,
                published_at=seen.published_at,
                language=seen.language[:10],
                latest=0,
            )
            self._session.add(item)
            self._session.flush()
        revision = Revision(
            item_id=item.id,
            number=self._newest_number(item) + 1,
            cause=cause,
            capture_id=seen.capture_id,
            extractor=seen.extractor,
            extractor_version=seen.extractor_version,
            method=seen.method[:100],
            seen_at=seen.seen_at,
            title=title,
            summary=summary,
            text=text,
            byline=[nfc(name) for name in seen.byline],
            published_at=seen.published_at,
            modified_at=seen.modified_at,
            language=seen.language[:10],
            fields=fields,
            notes=list(seen.notes),
            content_sha256=digest,
        )
        self._session.add(revision)
        self._session.flush()
        self._seen_again(item, seen)
        if late:
            return Recorded("revised", item.id, revision.id)
        item.latest = revision.number
        item.language = revision.language or item.language
        item.published_at = seen.published_at or item.published_at
        self._announce(item, revision, previous, seen)
        if previous is None:
            return Recorded("new", item.id, revision.id)
        kind: Result = "reextracted" if cause == "reextraction" else "revised"
        return Recorded(kind, item.id, revision.id)

    def still_there(self, url: str, at: datetime) -> Item | None:
        """Note that the page of an item was found as it was; None when there is no such item."""
        item = self.by_url(canonical_url(url))
        if item is not None:
            item.last_seen = max(item.last_seen, at)
            if item.removed_at is not None and at > item.removed_at:
                item.removed_at = None
        return item

    def missing(self, url: str, since: datetime, at: datetime, status: int) -> bool:
        """Say that a known page answered 404 or 410 since `since`; True once it is removed."""
        item = self.by_url(canonical_url(url))
        if item is None or item.removed_at is not None or at - since < GONE_AFTER:
            return False
        item.removed_at = at
        latest = self.latest(item)
        self._events.append(
            "item.removed",
            f"item:{item.id}",
            at,
            {
                "item": item.id,
                "revision": latest.id if latest else None,
                "source": item.source_id,
                "kind": item.kind,
                "url": item.url,
                "title": latest.title if latest else "",
                "status": status,
                "missing_since": since.isoformat(),
            },
        )
        return True

    def by_url(self, url: str) -> Item | None:
        """The item at a canonical address."""
        return self._session.scalar(select(Item).where(Item.url == url))

    def get(self, item_id: int) -> Item | None:
        """The item with this number."""
        return self._session.get(Item, item_id)

    def revision(self, revision_id: int) -> Revision | None:
        """The revision with this number."""
        return self._session.get(Revision, revision_id)

    def latest(self, item: Item) -> Revision | None:
        """The newest revision of an item."""
        return self._session.scalar(
            select(Revision).where(Revision.item_id == item.id, Revision.number == item.latest)
        )

    def revisions(self, item_id: int) -> list[Revision]:
        """All revisions of an item, oldest first."""
        query = select(Revision).where(Revision.item_id == item_id).order_by(Revision.number)
        return list(self._session.scalars(query))

    def every(self, *, source: str = "") -> Iterator[tuple[Item, Revision]]:
        """All items with their newest revision, in the order they were first stored."""
        query = select(Item, Revision).join(
            Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest)
        )
        if source:
            query = query.where(Item.source_id == source)
        yield from in_pages(self._session, query, Item.id)

    def numbers(self, *, after: int, limit: int, source: str = "") -> list[int]:
        """The numbers above `after` of at most `limit` items, in order; of one source if named."""
        query = select(Item.id).where(Item.id > after).order_by(Item.id).limit(limit)
        return list(
            self._session.scalars(query.where(Item.source_id == source) if source else query)
        )

    def every_revision(self) -> Iterator[Revision]:
        """All revisions, oldest first."""
        for (revision,) in in_pages(self._session, select(Revision), Revision.id):
            yield revision

    def with_history(self) -> set[int]:
        """The numbers of the items that have more than one revision."""
        query = select(Revision.item_id).group_by(Revision.item_id).having(func.count() > 1)
        return set(self._session.scalars(query))

    def counts(self) -> dict[str, int]:
        """How many items of each kind, and how many revisions, there are."""
        query = select(Item.kind, func.count()).group_by(Item.kind)
        found = {f"{kind}s": number for kind, number in self._session.execute(query)}
        found["revisions"] = self._session.scalar(select(func.count(Revision.id))) or 0
        found["removed"] = (
            self._session.scalar(select(func.count()).where(Item.removed_at.is_not(None))) or 0
        )
        return found

    def _known(
        self, item: Item, latest: Revision, digest: str, seen: Observation
    ) -> Revision | None:
        """The revision that says the same, if the look is no newer than the last one."""
        if latest.content_sha256 == digest:
            return latest
        set_back = not seen.backfill and not reads_better(latest, seen)
        if seen.seen_at > item.last_seen or (seen.seen_at < item.last_seen and set_back):
            return None
        earlier = [r for r in self.revisions(item.id) if r.content_sha256 == digest]
        if reads_better(latest, seen):
            made = (seen.capture_id, seen.extractor_version)
            earlier = [r for r in earlier if (r.capture_id, r.extractor_version) == made]
        return earlier[-1] if earlier else None

    def _read_alike(self, revision: Revision, seen: Observation) -> None:
        """A newer reader gave the same text for the same bytes: later edits are measured by it."""
        revision.extractor = seen.extractor
        revision.extractor_version, revision.method = seen.extractor_version, seen.method
        of_feed = [note for note in revision.notes if note.endswith("-from-feed")]
        revision.notes = list(dict.fromkeys([*seen.notes, *of_feed]))

    def _newest_number(self, item: Item) -> int:
        newest = select(func.max(Revision.number)).where(Revision.item_id == item.id)
        return self._session.scalar(newest) or 0

    def _seen_again(self, item: Item, seen: Observation) -> None:
        item.first_seen = min(item.first_seen, seen.seen_at)
        item.last_seen = max(item.last_seen, seen.seen_at)
        if item.removed_at is not None and seen.seen_at > item.removed_at:
            item.removed_at = None

    def _announce(
        self, item: Item, revision: Revision, previous: Revision | None, seen: Observation
    ) -> None:
        said: dict[str, Any] = {
            "item": item.id,
            "revision": revision.id,
            "source": item.source_id,
            "kind": item.kind,
            "url": item.url,
            "title": revision.title,
        }
        if previous is not None:
            said |= {"previous": previous.id, "cause": revision.cause}
        if seen.backfill:
            said["backfill"] = True
        kind = "item.appeared" if previous is None else "item.revised"
        self._events.append(kind, f"item:{item.id}", seen.seen_at, said)

"""Sources, their pages and their troubles: what politeness and health need to remember."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from storage.log import Events
from storage.models import Page, Source, Trouble

PRINT = 16
FEEDS_REMEMBERED = 8
MOST_WORDS = 40
"""So many words are looked for in addresses at once, since each costs a look at all of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page that a feed, sitemap or listing names; `at` is when it says it was published."""

    url: str
    fingerprint: str
    at: datetime | None = None


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
        row = self.asked(source_id, at)
        row.reasons = list(reasons)
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

    def asked(self, source_id: str, at: datetime) -> Source:
        """Note that a source was asked, whatever came of it; gives what has been seen of it."""
        row = self._session.get(Source, source_id)
        if row is None:
            row = Source(id=source_id, failures=0, reasons=[])
            self._session.add(row)
        row.last_attempt = at
        return row

    def plan(self, source_id: str, at: datetime) -> None:
        """Remember when a source that was asked has its turn again."""
        row = self._session.get(Source, source_id)
        if row is not None:
            row.next_turn = at

    def page(self, url: str) -> Page | None:
        """What is remembered of an address."""
        return self._session.get(Page, url)

    def remember(self, url: str, source_id: str) -> Page:
        """The row of an address, made when there is none; change it within the transaction."""
        page = self._session.get(Page, url)
        return self._new_page(url, source_id) if page is None else page

    def known(self, urls: Sequence[str]) -> dict[str, Page]:
        """What is remembered of these addresses, by address."""
        found: dict[str, Page] = {}
        for start in range(0, len(urls), 500):
            query = select(Page).where(Page.url.in_(urls[start : start + 500]))
            found |= {page.url: page for page in self._session.scalars(query)}
        return found

    def addresses(self, source_id: str, words: Collection[str]) -> Iterator[str]:
        """The addresses of a source's pages that hold any of the `words`, in no order.

        Where there are many words, all its addresses are given.
        """
        query = select(Page.url).where(Page.source_id == source_id)
        if len(words) <= MOST_WORDS:
            query = query.where(or_(*(Page.url.contains(one, autoescape=True) for one in words)))
        yield from self._session.scalars(query.execution_options(yield_per=1_000))

    def discovered(self, source_id: str, feed: str, found: Sequence[Found], now: datetime) -> int:
        """Remember the pages that `feed` lists, and give how many are new.

        A new page is due at once, and so is one of which the feed now says something else
        than before. What another feed says of the same page is another matter. A page that was
        found while the clock was ahead, and not looked at yet, is due now.
        """
        known = self.known([one.url for one in found])
        new = 0
        for one in found:
            page = known.get(one.url)
            if page is None:
                page = known[one.url] = self._new_page(one.url, source_id)
                page.next_check_at = min(now, one.at or now)
                new += 1
            elif said_by(page.fingerprint, feed) not in ("", one.fingerprint[:PRINT]) or (
                page.checked_at is None and page.next_check_at is not None
            ):
                page.next_check_at = min(now, page.next_check_at or now)
            page.fingerprint = now_says(page.fingerprint, feed, one.fingerprint)
        return new

    def due(self, source_id: str, now: datetime, limit: int = 500) -> list[Page]:
        """Pages of a source whose turn has come: new ones, newest first, then longest due.

        A fifth of the `limit` is kept for known pages, so that a flood of new ones does not
        hide what happens to them. One that was looked at later than now has its turn too: the
        clock was ahead then, and so is the time of its next look.
        """
        turn = select(Page).where(*_has_turn(source_id, now))
        never = turn.where(Page.checked_at.is_(None)).order_by(Page.next_check_at.desc(), Page.url)
        again = turn.where(Page.checked_at.is_not(None)).order_by(Page.next_check_at, Page.url)
        old = list(self._session.scalars(again.limit(limit)))
        new = list(self._session.scalars(never.limit(limit - min(len(old), limit // 5))))
        return new + old[: limit - len(new)]

    def due_count(self, source_id: str, now: datetime) -> int:
        """How many pages of a source have their turn."""
        query = select(func.count()).select_from(Page).where(*_has_turn(source_id, now))
        return self._session.scalar(query) or 0

    def trouble(self, source_id: str, url: str, kind: str, message: str, at: datetime) -> Trouble:
        """Store a typed problem; the same one again is counted, not repeated."""
        row = self._find_trouble(source_id, url, kind)
        if row is None:
            row = Trouble(source_id=source_id, url=url, kind=kind, message="", count=0, first_at=at)
            self._session.add(row)
        if row.ended_at is not None:
            row.first_at, row.count, row.ended_at = at, 0, None
        row.message, row.last_at, row.count = message[:2000], at, row.count + 1
        return row

    def mended(self, source_id: str, url: str, at: datetime, *, but: Collection[str] = ()) -> None:
        """End every trouble of an address save those of the kinds in `but`, since it was read
        without one."""
        query = select(Trouble).where(
            Trouble.source_id == source_id,
            Trouble.url == url,
            Trouble.ended_at.is_(None),
            Trouble.kind.not_in(but),
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

    def _new_page(self, url: str, source_id: str) -> Page:
        page = Page(
            url=url, source_id=source_id, etag="", last_modified="", payload_sha256="",
            fingerprint="",
        )  # fmt: skip
        self._session.add(page)
        return page

    def _find_trouble(self, source_id: str, url: str, kind: str) -> Trouble | None:
        return self._session.scalar(
            select(Trouble).where(
                Trouble.source_id == source_id, Trouble.url == url, Trouble.kind == kind
            )
        )


def said_by(memory: str, feed: str) -> str:
    """The fingerprint under which `feed` last announced a page, "" when it never did.

    `memory` is `Page.fingerprint`: for each of the last feeds its key and what it said.
    """
    return _memories(memory).get(_key(feed), "")


def now_says(memory: str, feed: str, fingerprint: str) -> str:
    """`memory` with what `feed` says now."""
    memories = _memories(memory) | {_key(feed): fingerprint[:PRINT]}
    latest = list(memories.items())[-FEEDS_REMEMBERED:]
    return " ".join(f"{key}:{said}" for key, said in latest)


def _memories(memory: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in memory.split() if ":" in part)


def _key(feed: str) -> str:
    return hashlib.sha256(feed.encode()).hexdigest()[:8]


def _has_turn(source_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    ahead = and_(Page.checked_at > now, Page.next_check_at.is_not(None))
    return Page.source_id == source_id, or_(Page.next_check_at <= now, ahead)

"""How a source's pages were read lately: one line of plain figures for each page, no texts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from storage.archive import Transaction
from storage.importing import EXTRACTOR as IMPORTED
from storage.models import Event, Item, Page, Revision, Trouble

HEAD = 600
"""Characters of a text's beginning that are looked at."""
MOST = 2000
"""Items of a source that are looked at, the newest first: a week of the busiest."""
AT_ONCE = timedelta(minutes=30)
"""Looks at a page that are no further apart are one."""
DRIFTED, MENDED = "source.drifted", "source.mended"


@dataclass(frozen=True, slots=True)
class Reading:
    """How an item was read when it was read last.

    `length` is that of its text in characters, `head` the first `HEAD` of them. What only its
    feed says of a page has the method "feed". `reader` is the version of the extractor.
    """

    item: int
    url: str
    first_seen: datetime
    seen_at: datetime
    method: str
    reader: int
    title: str
    has_summary: bool
    has_byline: bool
    published_at: datetime | None
    language: str
    notes: tuple[str, ...]
    length: int
    head: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A page that was announced and yielded no item of its own, or only what its feed says.

    `kind` and `message` are those of its trouble; both are "" where it led to another page.
    """

    url: str
    at: datetime
    kind: str
    message: str


def readings(tx: Transaction, source: str, since: datetime, until: datetime) -> list[Reading]:
    """How the newest items of a source that were first seen within a time were read last.

    At most `MOST`, oldest reading first. What came from an old collection is left out.
    """
    query = (
        select(
            Item.id,
            Item.url,
            Item.first_seen,
            Revision.seen_at,
            Revision.method,
            Revision.extractor_version,
            Revision.title,
            Revision.summary != "",
            Revision.byline,
            Revision.published_at,
            Revision.language,
            Revision.notes,
            func.length(Revision.text),
            func.substr(Revision.text, 1, HEAD),
        )
        .join(Revision, (Revision.item_id == Item.id) & (Revision.number == Item.latest))
        .where(
            Item.source_id == source,
            Item.first_seen >= since,
            Item.first_seen <= until,
            Revision.extractor != IMPORTED,
        )
        .order_by(Item.first_seen.desc())
        .limit(MOST)
    )
    found = [
        Reading(
            item, url, first, seen, method, reader, title, bool(summary), bool(byline), published,
            language, tuple(notes), length, head,
        )
        for item, url, first, seen, method, reader, title, summary, byline, published, language,
        notes, length, head in tx.session.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.seen_at, one.item))


def misses(tx: Transaction, source: str, since: datetime, until: datetime) -> list[Miss]:
    """The pages of a source that failed within a time and fail still, in no order.

    One that was read before, and fails now, is not among them.
    """
    never_read = ~exists().where(
        Item.url == Trouble.url,
        Item.id == Revision.item_id,
        Revision.number == Item.latest,
        Revision.method != "feed",
    )
    query = select(Trouble.url, Trouble.first_at, Trouble.kind, Trouble.message).where(
        Trouble.source_id == source,
        Trouble.ended_at.is_(None),
        Trouble.first_at >= since,
        Trouble.first_at <= until,
        never_read,
    )
    return [Miss(*row) for row in tx.session.execute(query)]


def led_elsewhere(tx: Transaction, source: str, since: datetime, until: datetime) -> list[Miss]:
    """The pages that a source announced and that led to other pages, in no order."""
    query = select(Page.url, Page.checked_at).where(
        Page.source_id == source,
        Page.checked_at >= since,
        Page.checked_at <= until,
        Page.next_check_at.is_(None),
        Page.gone_since.is_(None),
        Page.fingerprint != "",
        ~exists().where(Item.url == Page.url),
        ~exists().where(
            Trouble.source_id == source, Trouble.url == Page.url, Trouble.ended_at.is_(None)
        ),
    )
    return [Miss(url, at, "", "") for url, at in tx.session.execute(query) if at is not None]


@dataclass(frozen=True, slots=True)
class Return:
    """What a page that had been read was like when it was looked at again.

    `led` is "" where it was there, "front" or "elsewhere" where it led to another page, "gone"
    where the server said that there is none; `at` is when that was first so, else the last look.
    """

    url: str
    at: datetime
    led: str


def returns(tx: Transaction, source: str, since: datetime, until: datetime) -> list[Return]:
    """What came of the last looks at pages of a source that were first read within a time.

    Oldest first, at most `MOST`. A page whose last look ended with another problem is left out.
    """
    away = aliased(Trouble)
    other = aliased(Trouble)
    query = (
        select(
            Item.url,
            Item.first_seen,
            Item.last_seen,
            Page.checked_at,
            Page.next_check_at,
            Page.gone_since,
            away.first_at,
        )
        .join(Page, Page.url == Item.url)
        .outerjoin(
            away,
            (away.source_id == source)
            & (away.url == Item.url)
            & (away.kind == "redirected-away")
            & away.ended_at.is_(None),
        )
        .where(
            Item.source_id == source,
            Item.first_seen >= since,
            Page.checked_at > Item.first_seen,
            ~exists().where(
                other.source_id == source,
                other.url == Item.url,
                other.kind != "redirected-away",
                other.ended_at.is_(None),
            ),
        )
        .order_by(Page.checked_at.desc())
        .limit(MOST)
    )
    found = []
    for url, first, last, checked, following, gone, front in tx.session.execute(query):
        if front is not None:
            one = Return(url, front, "front")
        elif gone is not None:
            one = Return(url, gone, "gone")
        elif following is None and checked - last > AT_ONCE:
            one = Return(url, checked, "elsewhere")
        else:
            one = Return(url, checked, "")
        if one.at <= until and one.at - first > AT_ONCE:
            found.append(one)
    return sorted(found, key=lambda one: (one.at, one.url))


def announced(tx: Transaction, source: str, since: datetime) -> list[tuple[datetime, str]]:
    """When each item of a source was first seen, and `Page.fingerprint`: who announced it."""
    query = (
        select(Item.first_seen, Page.fingerprint)
        .join(Page, Page.url == Item.url)
        .where(Item.source_id == source, Item.first_seen >= since, Page.fingerprint != "")
        .order_by(Item.first_seen)
    )
    return [(at, memory) for at, memory in tx.session.execute(query)]


def drifts(tx: Transaction, source: str) -> list[Event]:
    """Everything that was told of the drifts of a source, oldest first."""
    return tx.events.about(f"source:{source}", (DRIFTED, MENDED))


def standing(told: list[Event]) -> dict[str, Event]:
    """Of what was told of one source, the drifts that last, by their sort."""
    last = {str(event.data["sort"]): event for event in told}
    return {sort: event for sort, event in last.items() if event.kind == DRIFTED}


def drifting(tx: Transaction) -> dict[str, list[Event]]:
    """The drifts that last, by source."""
    by_source: dict[str, list[Event]] = {}
    for event in tx.events.since(None, (DRIFTED, MENDED)):
        by_source.setdefault(event.subject.removeprefix("source:"), []).append(event)
    lasting = {source: list(standing(told).values()) for source, told in by_source.items()}
    return {source: events for source, events in lasting.items() if events}


def first_seen_of(tx: Transaction, source: str) -> datetime | None:
    """When the first item of a source was seen; None where it has none."""
    return tx.session.scalar(select(func.min(Item.first_seen)).where(Item.source_id == source))

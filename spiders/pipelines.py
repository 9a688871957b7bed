"""What was read → the archive: for each address one transaction, all of it or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from spiders.answers import Answer
from spiders.failures import CrawlFailed, HttpError, RobotsForbidden
from spiders.items import FeedEntry
from spiders.problems import NeedsJavascript, NoText
from spiders.revisit import CONFIRM_REMOVAL, next_look, next_try
from spiders.visit import Visit
from storage.archive import Transaction
from storage.captures import sha256
from storage.models import Page
from storage.observations import Observation, Recorded
from storage.problems import Problem
from storage.sources import Found

FEED_EXTRACTOR, FEED_VERSION = "feed", 1
Attached = Sequence[tuple[str, Answer]]
"""Files that belong to a document: their addresses and what these answered."""
UNREADABLE = (HttpError, RobotsForbidden, NeedsJavascript, NoText)
"""Problems that last: until they are mended, what the feed said of a page is all we have."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a feed said of a page, and the capture of the feed that said it."""

    entry: FeedEntry
    capture_id: int | None


def same_payload(page: Page | None, answer: Answer) -> bool:
    """Whether the server sent the very bytes that it sent last time."""
    return page is not None and page.payload_sha256 == sha256(answer.exchange.payload)


def store_discovery(
    visit: Visit,
    url: str,
    answer: Answer,
    found: Sequence[Found],
    problem: Problem | None = None,
) -> int | None:
    """Store a feed, sitemap or listing that was read, and the pages that it names.

    The pages are due from then on, so that none is lost when the visit ends early. `problem`
    says what was wrong with it all the same. Gives the number of the capture, None where
    the server said that nothing changed.
    """
    now = visit.clock()
    if not answer.not_modified:
        visit.writer()
    with visit.archive.transaction() as tx:
        page = tx.sources.remember(url, visit.source.id)
        capture_id = None if answer.not_modified else keep_capture(tx, visit, page, answer)
        tx.sources.discovered(visit.source.id, url, found, now)
        if problem is None:
            _asked(page, answer, now, None)
            tx.sources.mended(visit.source.id, url, now)
        else:
            _forget(page, now)
            tx.sources.trouble(visit.source.id, url, problem.kind, str(problem), now)
    if problem is not None:
        visit.note_error(url, problem)
    return capture_id


def store_observation(
    visit: Visit,
    url: str,
    answer: Answer,
    seen: Observation,
    reread: Observation | None = None,
    attached: Attached = (),
    wrong: Mapping[str, Problem] = MappingProxyType({}),
) -> Recorded:
    """Store an article or document that was read at `url`, with its capture.

    `seen` is known by its own address, which differs from `url` after a redirect. `reread`
    is the stored capture as today's extractor reads it: observed first, so that a change of
    our reading is not taken for an edit of theirs. `attached` are files that belong to it, and
    `wrong` says what could not be read of it and of them, by address.
    """
    now = visit.clock()
    visit.writer()
    with visit.archive.transaction() as tx:
        page = tx.sources.remember(seen.url, visit.source.id)
        capture_id = keep_capture(tx, visit, page, answer)
        if reread is not None:
            tx.items.observe(reread)
        recorded = tx.items.observe(replace(seen, capture_id=capture_id))
        _keep_attached(tx, visit, attached, now)
        _asked(page, answer, now, _next_look(tx, recorded.item_id, now))
        page.gone_since = None
        for read in (seen.url, *(one for one, _ in attached)):
            kinds = [wrong[read].kind] if read in wrong else []
            tx.sources.mended(visit.source.id, read, now, but=kinds)
        for read, problem in wrong.items():
            tx.sources.trouble(visit.source.id, read, problem.kind, str(problem), now)
        if seen.url != url:
            asked = tx.sources.remember(url, visit.source.id)
            asked.checked_at, asked.next_check_at, asked.gone_since = now, None, None
            tx.sources.mended(visit.source.id, url, now)
    for read, problem in wrong.items():
        visit.note_error(read, problem)
    visit.count(recorded.result)
    return recorded


def store_unchanged(
    visit: Visit,
    url: str,
    answer: Answer,
    reread: Observation | None = None,
    attached: Attached = (),
    lasting: Collection[str] = (),
) -> None:
    """Note that an article or document is as it was: by a 304, or by the same bytes.

    Problems of the kinds in `lasting` are as they were too.
    """
    now = visit.clock()
    if any(not one.not_modified for _, one in attached):
        visit.writer()
    with visit.archive.transaction() as tx:
        page = tx.sources.remember(url, visit.source.id)
        if reread is not None:
            tx.items.observe(reread)
        item = tx.items.still_there(url, now)
        again = _next_look(tx, item.id, now) if item is not None else None
        if answer.not_modified:
            page.checked_at, page.next_check_at = now, again
        else:
            _asked(page, answer, now, again)
        page.gone_since = None
        _keep_attached(tx, visit, attached, now)
        for read in (url, *(one for one, _ in attached)):
            tx.sources.mended(visit.source.id, read, now, but=lasting)
    visit.count("unchanged")


def store_gone(visit: Visit, url: str, answer: Answer) -> None:
    """Note that a page we know is missing; when it is so again later, that it was removed.

    A page that was never read is a problem instead: raises HttpError.
    """
    now = visit.clock()
    with visit.archive.transaction() as tx:
        page = tx.sources.remember(url, visit.source.id)
        item = tx.items.by_url(url)
        if item is None:
            raise HttpError(f"{url}: the server answered {answer.status}")
        page.checked_at = now
        if page.gone_since is None or page.gone_since > now:
            page.gone_since, page.next_check_at = now, now + CONFIRM_REMOVAL
            return
        if tx.items.missing(url, page.gone_since, now, answer.status) or item.removed_at:
            page.next_check_at = next_look(item.first_seen, now)
        else:
            page.next_check_at = now + CONFIRM_REMOVAL


def store_problem(
    visit: Visit,
    url: str,
    problem: Problem,
    *,
    answer: Answer | None = None,
    announced: Announced | None = None,
) -> None:
    """Store a problem with an address; a page that was due is tried again later.

    What the server sent is kept too. A page that cannot be read but was announced by a feed
    is stored as the feed described it.
    """
    now = visit.clock()
    visit.note_error(url, problem)
    if answer is not None:
        visit.writer()
    with visit.archive.transaction() as tx:
        page = tx.sources.page(url)
        if answer is not None and answer.status == 200:
            keep_capture(tx, visit, page, answer)
        row = tx.sources.trouble(visit.source.id, url, problem.kind, str(problem), now)
        if page is not None:
            was_due = page.next_check_at is not None
            _forget(page, now)
            page.next_check_at = next_try(row.count, now) if was_due else None
        if announced is not None and isinstance(problem, UNREADABLE):
            _store_announced(tx, visit, url, announced, now)


def keep_capture(tx: Transaction, visit: Visit, page: Page | None, answer: Answer) -> int:
    """Keep what the server sent, unless it is what it sent last time; give the capture.

    A server that says that nothing changed sent it last time.
    """
    digest = sha256(answer.exchange.payload)
    if page is not None and (answer.not_modified or page.payload_sha256 == digest):
        held = tx.captures.by_digest(page.payload_sha256)
        if held is not None:
            return held.id
    return tx.captures.keep(visit.writer(), answer.exchange, visit.source.id, answer.media_type).id


def our_fault(error: Exception, url: str) -> Problem:
    """The problem to store for an error of our own code, with the place where it arose."""
    place = ""
    frame = error.__traceback__
    while frame is not None:
        place = f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}"
        frame = frame.tb_next
    said = " ".join(str(error).split())[:300]
    return CrawlFailed(f"{url}: {type(error).__name__} at {place}: {said}. Please report this.")


def _asked(page: Page, answer: Answer, now: datetime, again: datetime | None) -> None:
    page.checked_at, page.next_check_at = now, again
    if not answer.not_modified:
        page.etag, page.last_modified = answer.etag, answer.last_modified
        page.payload_sha256 = sha256(answer.exchange.payload)
    else:
        page.etag = answer.etag or page.etag


def _keep_attached(tx: Transaction, visit: Visit, attached: Attached, now: datetime) -> None:
    for url, answer in attached:
        page = tx.sources.remember(url, visit.source.id)
        if not answer.not_modified:
            keep_capture(tx, visit, page, answer)
        _asked(page, answer, now, None)


def _forget(page: Page, now: datetime) -> None:
    """Without validators the next look asks for the whole page, and reads it anew."""
    page.checked_at = now
    page.etag = page.last_modified = page.payload_sha256 = ""


def _next_look(tx: Transaction, item_id: int, now: datetime) -> datetime | None:
    item = tx.items.get(item_id)
    return next_look(item.first_seen, now) if item is not None else None


def _store_announced(
    tx: Transaction, visit: Visit, url: str, announced: Announced, now: datetime
) -> None:
    entry = announced.entry
    if not entry.title or tx.items.by_url(url) is not None:
        return
    recorded = tx.items.observe(
        Observation(
            url=url,
            source_id=visit.source.id,
            kind="article",
            seen_at=now,
            title=entry.title,
            summary=entry.summary,
            extractor=FEED_EXTRACTOR,
            extractor_version=FEED_VERSION,
            capture_id=announced.capture_id,
            published_at=entry.published_at,
            modified_at=entry.updated_at,
            language=visit.source.language,
            method="feed",
            notes=("feed-only",),
        )
    )
    visit.count(recorded.result)

"""The end of a source's round that its own process could not store any more."""

from datetime import datetime

from spiders.revisit import next_try
from spiders.visit import real_time
from storage.archive import Archive
from storage.problems import Problem


def store_crash(
    archive: Archive, source_id: str, url: str, problem: Problem, now: datetime | None
) -> None:
    """Store that asking for or reading `url` ended the process, and close the round.

    A page that was due is left alone for a while, so that it does not keep the others of its
    source from being read round after round.
    """
    at = now or real_time()
    with archive.transaction() as tx:
        row = tx.sources.trouble(source_id, url, problem.kind, str(problem), at)
        page = tx.sources.page(url)
        if page is not None and page.next_check_at is not None:
            page.checked_at, page.next_check_at = at, next_try(row.count, at)
            page.etag = page.last_modified = page.payload_sha256 = ""
        tx.sources.round_ended(source_id, at, reasons=[str(problem)], items=0)

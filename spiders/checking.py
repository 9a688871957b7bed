"""A sample of a source, read without storing anything: what would become of its pages."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config import Config, SourceDeclaration
from spiders.decoding import decode_page
from spiders.pages import parse_html
from spiders.processes import OnProgress
from spiders.reports import NOTHING_LISTED, SourceReport
from spiders.robots_rules import rules_in, said_about
from spiders.rounds import crawl_round
from storage.addresses import canonical_url
from storage.archive import Archive
from storage.captures import CaptureDamaged
from storage.models import Item, Revision
from storage.problems import Problem

SAMPLE = 3
"""Pages that a check of a source reads."""
MOST_LINES = 400
"""Lines of a page that are shown beside what was extracted."""
SHORTEST_LINE = 3
FEED = "feed"
"""The method of what is known from a feed alone."""
UNREAD = "no page of the sample could be read"


def check_source(
    config: Config,
    source_id: str,
    *,
    now: datetime | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Fetch a sample of a source and give what would be stored of it, storing nothing.

    Gives id, kind, language, status ("working" or "failing"), reasons, errors, notes,
    certainty, addresses (url, certainty, answer, robots) and sample: url, title, summary,
    text, byline, published_at, language, method, fields, notes, and page: the page's visible
    lines as (what became of the line, the line), the former one of title, summary, byline,
    body, a document's field or "". It fails where no page of the sample could be read, also
    if a feed said something of it.

    Raises KeyError for a name that is not declared.
    """
    source = {one.id: one for one in config.sources}[source_id]
    politeness = config.politeness.model_copy(update={"max_pages": SAMPLE, "parallel": 1})
    one_page = source.model_copy(update={"list_pages": 1})
    small = config.model_copy(update={"politeness": politeness, "sources": (one_page,)})
    with TemporaryDirectory(prefix="decreewatch-check-") as folder:
        archive = Archive.open(Path(folder))
        try:
            [report] = crawl_round(
                small, archive, [source_id], now=now, all_sources=True, on_progress=on_progress
            ).sources
            with archive.reading() as tx:
                row = tx.sources.get(source_id)
                reasons = list(row.reasons) if row is not None else []
                found = list(tx.items.every())
            sample = [_shown(archive, item, revision) for item, revision in found]
            addresses = [_address(archive, source, report, one) for one in source.addresses]
        finally:
            archive.close()
    if reasons == [NOTHING_LISTED] and (source.article_pattern or source.document_pattern):
        reasons = [f"{NOTHING_LISTED} that its pattern would let in"]
    reasons += [] if reasons or any(one["method"] != FEED for one in sample) else [UNREAD]
    return {
        "id": source_id,
        "kind": source.kind,
        "language": source.language,
        "last_success": None,
        "last_item": None,
        "status": "failing" if reasons else "working",
        "reasons": reasons,
        "errors": [dict(error) for error in report.errors],
        "notes": list(report.notes),
        "certainty": source.certainty,
        "addresses": addresses,
        "sample": sample,
    }


def _address(
    archive: Archive, source: SourceDeclaration, report: SourceReport, address: str
) -> dict[str, str]:
    url = canonical_url(address)
    with archive.reading() as tx:
        page = tx.sources.page(url) or tx.sources.page(address)
    wrong = next(
        (one["message"] for one in report.errors if one["url"] in (url, address)),
        "" if page is not None and page.checked_at is not None else "not asked",
    )
    return {
        "url": address,
        "certainty": source.certainty_about(address),
        "answer": wrong.removeprefix(f"{url}: ") or "read",
        "robots": _robots(archive, address),
    }


def _robots(archive: Archive, address: str) -> str:
    from spiders.pacing import robots_url

    with archive.reading() as tx:
        page = tx.sources.page(robots_url(address))
        capture = tx.captures.by_digest(page.payload_sha256) if page is not None else None
    if capture is None:
        return "no robots.txt was had"
    try:
        return said_about(rules_in(archive.read_capture(capture.id).body), address)
    except CaptureDamaged as problem:
        return str(problem)


def _shown(archive: Archive, item: Item, revision: Revision) -> dict[str, Any]:
    return {
        "url": item.url,
        "title": revision.title,
        "summary": revision.summary,
        "text": revision.text,
        "byline": list(revision.byline),
        "published_at": revision.published_at.isoformat() if revision.published_at else None,
        "language": revision.language,
        "method": revision.method,
        "fields": revision.fields,
        "notes": list(revision.notes),
        "page": list(_page_lines(archive, item, revision)),
    }


def _page_lines(archive: Archive, item: Item, revision: Revision) -> Iterator[tuple[str, str]]:
    if revision.capture_id is None or revision.method == FEED:
        return
    try:
        body = archive.read_capture(revision.capture_id).body
        lines = visible_lines(body, item.url)
    except (CaptureDamaged, Problem):
        return
    taken = {
        **dict.fromkeys(revision.text.split("\n"), "body"),
        **dict.fromkeys(revision.byline, "byline"),
        revision.summary: "summary",
        revision.title: "title",
    }
    said = [(str(value), name) for name, value in revision.fields.items() if value]
    for line in lines[:MOST_LINES]:
        field = next((name for value, name in said if line.endswith(value)), "")
        yield taken.get(line) or field, line


def visible_lines(body: bytes, url: str) -> list[str]:
    """Give the lines that a reader of a page sees, menus and all; empty where it is no page.

    Raises what `decode_page` and `parse_html` raise.
    """
    from spiders.soup import block_lines, soup_without

    source, _ = decode_page(body, url=url)
    if "<" not in source[:1_000]:
        return []
    hidden = ("script, style, noscript, template, svg, head",)
    _, root = soup_without(parse_html(source, url), hidden)
    lines = block_lines(root) if root is not None else iter(())
    return [line for line in lines if len(line) >= SHORTEST_LINE]

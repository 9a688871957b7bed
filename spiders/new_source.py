"""From an address to a declaration: a source nobody declared is looked at and described."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from lxml.html import HtmlElement
from pydantic import ValidationError

from config import Config, SourceDeclaration
from spiders.addresses import host_of, split
from spiders.decoding import decode_page
from spiders.guessing import (
    documents_listed,
    feeds_named,
    id_of,
    kind_of,
    likeliest,
    name_of,
    shape_of,
    sitemaps_named,
    usual_feeds,
)
from spiders.pacing import robots_url
from spiders.pages import page_language, parse_html
from spiders.portal_families import GENERIC, portal_family
from spiders.processes import OnProgress
from spiders.reports import SourceReport
from spiders.rounds import crawl_round
from storage.addresses import canonical_url
from storage.archive import Archive
from storage.problems import Problem

SAMPLE = 4
READ = ("vi", "en")
ORDER = (
    "id", "name", "kind", "language", "homepage", "feeds", "sitemaps", "listings", "family",
    "portal", "article_pattern", "document_pattern", "certainty", "learned",
)  # fmt: skip


class NoSource(Problem):
    """An address could not be described as a source."""

    kind: ClassVar[str] = "no-source"


@dataclass(frozen=True, slots=True)
class Described:
    """A source as it was found: its declaration, and what speaks for each guess in words."""

    declaration: dict[str, Any]
    reasons: tuple[str, ...]


def describe(config: Config, url: str, on_progress: OnProgress | None = None) -> Described:
    """Look at an address and describe it as a source, storing nothing.

    The front page, robots.txt, its feeds and a few articles are asked for, as politely as in
    any round. Raises NoSource where the page cannot be read, or speaks neither language.
    """
    base = {"id": id_of(url), "kind": kind_of(url), "language": "vi", "homepage": url}
    with _scratch() as archive:
        front = base | {"name": base["id"], "listings": [url]}
        report = _round(config, archive, front, 1, on_progress)
        tree = _front_page(archive, report, url)
        robots = _held(archive, robots_url(url))
    base |= {"name": name_of(tree, url)}
    documents = documents_listed(tree, url)
    # What the front page listed would else come before what the feeds do.
    with _scratch() as archive:
        if documents:
            return _portal(config, archive, base, documents, tree, on_progress)
        return _outlet(config, archive, base, tree, robots, on_progress)


def as_toml(declaration: Mapping[str, Any]) -> str:
    """Give a declaration as it stands in config.toml."""
    # JSON's texts, numbers and lists of texts are TOML's; its escapes of them are too.
    lines = [
        f"{key} = {json.dumps(declaration[key], ensure_ascii=False)}"
        for key in ORDER
        if declaration.get(key)
    ]
    return "\n".join(["[[sources]]", *lines]) + "\n"


@contextmanager
def _scratch() -> Iterator[Archive]:
    with TemporaryDirectory(prefix="decreewatch-new-") as folder:
        archive = Archive.open(Path(folder))
        try:
            yield archive
        finally:
            archive.close()


def _outlet(
    config: Config,
    archive: Archive,
    base: dict[str, Any],
    tree: HtmlElement,
    robots: bytes,
    on_progress: OnProgress | None,
) -> Described:
    url = base["homepage"]
    named = feeds_named(tree, url)
    tried = named or usual_feeds(url)
    source = base | {"feeds": list(tried)}
    report = _round(config, archive, source, SAMPLE, on_progress)
    refused = {canonical_url(one["url"]) for one in report.errors}
    feeds = [one for one in tried if canonical_url(one) not in refused and _was_read(archive, one)]
    if not feeds:
        report = _round(config, archive, base | {"listings": [url]}, SAMPLE, on_progress)
    read = _sample(archive)
    shape = shape_of([one for one, _, _ in read])
    sitemaps = list(sitemaps_named(robots, url)) if shape else []
    declaration = base | {
        "language": _language([one for _, _, one in read], page_language(tree), url),
        "feeds": feeds[:1] if not named else feeds,
        "sitemaps": sitemaps,
        "listings": [] if feeds or sitemaps else [url],
        "family": likeliest(
            method.removeprefix("selectors:")
            for _, method, _ in read
            if method.startswith("selectors:")
        ),
        "article_pattern": _within(url, shape) if shape else "",
    }
    found = "named by the front page" if named else "at a usual address"
    reasons = (
        f"feeds: {len(feeds)} {found}" if feeds else "feeds: none found",
        "sitemaps: named by robots.txt" if sitemaps else "sitemaps: none taken",
        f"articles: {len(read)} read ({likeliest(one for _, one, _ in read) or 'none'})",
        f"article_pattern: {'most of them have it' if shape else 'no shape in common'}",
    )
    return Described(_marked(declaration), reasons)


def _portal(
    config: Config,
    archive: Archive,
    base: dict[str, Any],
    documents: tuple[str, ...],
    tree: HtmlElement,
    on_progress: OnProgress | None,
) -> Described:
    url = base["homepage"]
    shape = shape_of(documents) or shape_of(documents[: len(documents) // 2])
    family = portal_family("", url, None)
    source = base | {
        "listings": [url],
        "portal": True,
        "document_pattern": _within(url, shape) if shape else "",
        "family": family.name if family is not GENERIC else "",
        "list_pages": 1,
    }
    _round(config, archive, source, SAMPLE, on_progress)
    read = _sample(archive)
    declaration = source | {"language": _language([], page_language(tree), url)}
    del declaration["list_pages"]
    reasons = (
        f"portal: the page lists {len(documents)} legal documents",
        f"documents: {len(read)} read",
        f"document_pattern: {'most of them have it' if shape else 'no shape in common: write it'}",
    )
    return Described(_marked(declaration), reasons)


def _marked(declaration: dict[str, Any]) -> dict[str, Any]:
    return declaration | {"certainty": "probed", "learned": "decreewatch sources new"}


def _round(
    config: Config,
    archive: Archive,
    source: Mapping[str, Any],
    pages: int,
    on_progress: OnProgress | None,
) -> SourceReport:
    try:
        declared = SourceDeclaration.model_validate(source)
    except ValidationError as error:
        raise NoSource(f"{source['homepage']}: not an address of the web") from error
    politeness = config.politeness.model_copy(update={"max_pages": pages, "parallel": 1})
    small = config.model_copy(update={"politeness": politeness, "sources": (declared,)})
    return crawl_round(small, archive, all_sources=True, on_progress=on_progress).sources[0]


def _front_page(archive: Archive, report: SourceReport, url: str) -> HtmlElement:
    body = _held(archive, url)
    if not body:
        said = "; ".join(one["message"] for one in report.errors[:2])
        raise NoSource(f"{url}: could not be read: {said or 'it gave nothing'}")
    source, _ = decode_page(body, url=url)
    return parse_html(source, url)


def _held(archive: Archive, url: str) -> bytes:
    with archive.reading() as tx:
        page = tx.sources.page(url) or tx.sources.page(canonical_url(url))
        capture = tx.captures.by_digest(page.payload_sha256) if page is not None else None
    return archive.read_capture(capture.id).body if capture is not None else b""


def _was_read(archive: Archive, url: str) -> bool:
    return bool(_held(archive, url))


def _sample(archive: Archive) -> list[tuple[str, str, str]]:
    """Give the address, the method and the language of each article that was read."""
    with archive.reading() as tx:
        return [
            (item.url, revision.method, revision.language)
            for item, revision in tx.items.every()
            if revision.method != "feed"
        ]


def _language(read: list[str], declared: str, url: str) -> str:
    language = likeliest(read) or declared or ("vi" if host_of(url).endswith(".vn") else "en")
    if language not in READ:
        raise NoSource(f"{url}: speaks {language!r}; only Vietnamese and English are understood")
    return language


def _within(url: str, shape: str) -> str:
    return f"{re.escape(split(url).netloc.lower().removeprefix('www.'))}/.*{shape}"

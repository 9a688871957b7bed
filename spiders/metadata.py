"""What a page says about itself in JSON-LD, in meta elements and in its link elements."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from lxml.html import HtmlElement

from spiders.addresses import absolute, host_of, split
from spiders.dates import parse_datetime

ARTICLE_TYPES = re.compile(r"(?:article|blogposting|liveblogposting|newsstory|report)$", re.I)
_BY = re.compile(r"^\s*(?:by|bởi|tác giả|theo)\s*:?\s+", re.I)
_CREDIT = re.compile(r"\b(?:ảnh|photos?|video|đồ họa|graphics?)\s*:", re.I)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|\||&|\band\b|\bvà\b|\s[-–]\s)\s*")
LARGEST_JSON = 2_000_000

TITLE_NAMES = ("og:title", "twitter:title", "parsely-title", "its_title", "dc.title", "title")
SUMMARY_NAMES = ("og:description", "description", "twitter:description")
PUBLISHED_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "pubdate",
    "publishdate",
    "datepublished",
    "parsely-pub-date",
    "its_publication",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "article.published",
    "publish-date",
)
MODIFIED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "lastmod",
    "datemodified",
    "article_updatetime",
    "article.updated",
    "last-modified",
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's own claims; empty or None where it makes none."""

    title: str = ""
    summary: str = ""
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str = ""
    body: str = ""
    is_article: bool = False


def read_metadata(tree: HtmlElement, url: str, *, zone: tzinfo | None) -> PageMetadata:
    """Read JSON-LD first and meta elements where JSON-LD is silent.

    `zone` is assumed for times without one (None: such times are not believed).
    """
    # One walk for all three: a walk through a large page costs as much as reading what it finds.
    found: dict[str, list[HtmlElement]] = {"meta": [], "link": [], "script": []}
    for element in tree.iter(*found):
        found[element.tag].append(element)
    metas = _metas(found["meta"])
    story = _story(found["script"], url)
    title = clean_title(_text(story.get("headline")) or _first(metas, TITLE_NAMES))
    return PageMetadata(
        title=title,
        summary=plain(_first(metas, SUMMARY_NAMES)) or _text(story.get("description")),
        byline=_people(story.get("author")) or _named_author(found["meta"], metas, url),
        published_at=_moment(story.get("datePublished"), zone)
        or _first_moment(metas, PUBLISHED_NAMES, zone),
        modified_at=_moment(story.get("dateModified"), zone)
        or _first_moment(metas, MODIFIED_NAMES, zone),
        canonical_url=_canonical(found["link"], metas, url),
        body=_text(story.get("articleBody"), lines=True),
        is_article=bool(story) or _first(metas, ("og:type",)).lower() == "article",
    )


def plain(text: str) -> str:
    """Give `text` with entities resolved, tags cut and white space made single."""
    text = html.unescape(text)
    text = re.sub(r"<[^<>]{1,500}>", " ", text) if "<" in text else text
    return " ".join(text.split())


def clean_title(text: str) -> str:
    """Give a title without the outlet's name that pages append after a bar."""
    text = plain(text)
    head, bar, tail = text.rpartition(" | ")
    return head if bar and len(head) > 15 and len(tail) < 40 else text


def split_names(text: str) -> tuple[str, ...]:
    """Split a byline such as `By Minh An, Lan Chi and Hà Vy` into names."""
    text = _BY.sub("", plain(text))
    parts = _BETWEEN_NAMES.split(_CREDIT.split(text)[0])
    names = (part.strip(" .*()") for part in parts)
    return tuple(dict.fromkeys(name for name in names if 1 < len(name) <= 80))


def _named_author(elements: list[HtmlElement], metas: dict[str, str], url: str) -> tuple[str, ...]:
    """Give the persons of `meta name="author"`, where many outlets put their own name."""
    outlet = f"{host_of(url) or ''} {metas.get('og:site_name', '')}".lower()
    names = (
        name
        for element in elements
        if element.get("name") == "author"
        for name in split_names(element.get("content") or "")
    )
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if 2 <= len(name.split()) <= 6
            and not any(len(word) > 3 and word in outlet for word in name.lower().split())
        )
    )


def _metas(elements: list[HtmlElement]) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        content = (element.get("content") or "").strip()
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name:
                found.setdefault(name, content)
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _first_moment(
    metas: dict[str, str], names: tuple[str, ...], zone: tzinfo | None
) -> datetime | None:
    moments = (parse_datetime(metas[name], zone=zone) for name in names if name in metas)
    return next((moment for moment in moments if moment), None)


def _moment(value: Any, zone: tzinfo | None) -> datetime | None:
    if isinstance(value, list):
        value = value[0] if value else ""
    return parse_datetime(str(value), zone=zone) if isinstance(value, str | int) else None


def _story(scripts: list[HtmlElement], url: str) -> dict[str, Any]:
    """Give the JSON-LD object of the page's article, with its authors' references resolved."""
    nodes: list[dict[str, Any]] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or ""):
            nodes.extend(_nodes(script.text or ""))
    stories = [node for node in nodes if ARTICLE_TYPES.search(_type(node))]
    if not stories:
        return {}
    here = split(url).path.rstrip("/")
    own = (s for s in stories if here and here in json.dumps(s.get("mainEntityOfPage", "")))
    story = next(own, stories[0])
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    authors = story.get("author")
    listed = authors if isinstance(authors, list) else [authors]
    return {**story, "author": [_resolved(one, known) for one in listed]}


def _resolved(node: Any, known: dict[str, dict[str, Any]]) -> Any:
    reference = node.get("@id") if isinstance(node, dict) else None
    return known.get(reference, node) if isinstance(reference, str) else node


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    if len(text) > LARGEST_JSON:
        return
    try:
        # Pages break strings over lines; strict=False reads them as browsers' crawlers do.
        waiting: list[Any] = [json.loads(text.strip().strip(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while waiting and seen < 5_000:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(v for k, v in node.items() if k in ("@graph", "mainEntity"))


def _type(node: dict[str, Any]) -> str:
    kind = node.get("@type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((str(one) for one in kinds if ARTICLE_TYPES.search(str(one))), str(kind))


def _text(value: Any, *, lines: bool = False) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, str):
        return ""
    if lines:
        kept = (plain(line) for line in html.unescape(value).splitlines())
        return "\n".join(line for line in kept if line)
    return plain(value)


def _people(value: Any) -> tuple[str, ...]:
    names: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        for each in name if isinstance(name, list) else [name]:
            if isinstance(each, str) and not each.startswith("http"):
                names.extend(split_names(each))
    return tuple(dict.fromkeys(names))


def _canonical(elements: list[HtmlElement], metas: dict[str, str], url: str) -> str:
    links = (one.get("href") or "" for one in elements if one.get("rel") == "canonical")
    for candidate in (*links, metas.get("og:url", "")):
        found = absolute(url, candidate) if candidate.strip() else ""
        # A canonical address that is the front page is a template's mistake.
        if split(found).path.strip("/"):
            return found
    return url

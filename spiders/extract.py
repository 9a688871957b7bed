"""A page's bytes → an article: family selectors, then JSON-LD and meta, then trafilatura."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.container import read_lines
from spiders.dates import date_from_url, parse_datetime
from spiders.decoding import PAGE_LIMIT, decoded
from spiders.fallback import byline_by_class, date_by_title, trafilatura_lines
from spiders.families import Family, all_matches, candidates, first_match, zone_of
from spiders.items import Article
from spiders.language import detect_language
from spiders.metadata import PageMetadata, plain, read_metadata, split_names
from spiders.pages import page_language, parse_html
from spiders.problems import NoText, NotHtml
from spiders.shells import refuse_shell

EXTRACTOR = "decreewatch"
VERSION = 4
ENOUGH_TEXT = 120
LEAST_TEXT = 40
LIST_LINES = 40
LIST_LINE = 70
_STAMPS = XPath('.//*[contains(@class, "location-stamp")]')
_TAG = re.compile(r"<[a-zA-Z!]")
_OF_ANY_PAGE = re.compile(r"[a-z][a-z0-9]*(?:\[datetime\])?")
"""A selector such as `h1` or `time[datetime]`, which matches pages of every family."""


@dataclass(frozen=True, slots=True)
class _Body:
    lines: list[str]
    method: str
    notes: tuple[str, ...]


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    family: str | None = None,
    fetched_at: datetime | None = None,
    limit: int = PAGE_LIMIT,
) -> Article:
    """Read an article from a page as the server sent it.

    `family` is the CMS family that the outlet declares; without one it is recognised by the
    host and the page. `fetched_at` marks dates in the future and tells which of a family's layouts
    was in use; nothing is ever dated by it.
    Raises EmptyPage, NotHtml, TooLarge (over `limit` bytes), NeedsJavascript and NoText.
    """
    page = decoded(body, content_type=content_type, url=url, limit=limit)
    source = page.text
    if not _TAG.search(source):
        raise NotHtml(f"{url or 'the page'}: text without any markup, not a page")
    tree = parse_html(page.utf8, url)
    likely = candidates(source, url, family, fetched_at.date() if fetched_at else None)
    likeliest, chosen, containers = _fitting(tree, likely)
    zone = chosen.zone if chosen else zone_of(url, page_language(tree))
    claims = read_metadata(tree, url, zone=zone)
    title, title_notes = _title(tree, chosen, claims)
    summary, summary_notes = _summary(tree, chosen, claims)
    byline, byline_notes = _byline(tree, chosen, claims)
    published, modified, date_notes = _dates(tree, url, chosen, claims, zone, fetched_at)
    found = _family_body(containers, chosen, claims) if chosen else None
    if found is None:
        missed = (f"selectors-missed:{likeliest.name}",) if likeliest else ()
        found = _other_body(tree, source, url, claims, missed, (title, summary, byline))
    text = "\n".join(_without_repeats(found.lines, title))
    return Article(
        url=url,
        title=title,
        summary=summary,
        text=text,
        byline=byline,
        published_at=published,
        modified_at=modified,
        language=detect_language(f"{title}\n{text}", default=page_language(tree)),
        method=found.method,
        canonical_url=claims.canonical_url,
        extractor=EXTRACTOR,
        extractor_version=VERSION,
        notes=(
            *page.notes,
            *found.notes,
            *title_notes,
            *summary_notes,
            *byline_notes,
            *date_notes,
            *(("truncated",) if _is_truncated(source) and "truncated" not in page.notes else ()),
        ),
    )


def _fitting(
    tree: HtmlElement, families: Iterable[Family]
) -> tuple[Family | None, Family | None, list[HtmlElement]]:
    """Give the likeliest family, the first whose body selectors match, and what they match."""
    likeliest = None
    for family in families:
        likeliest = likeliest or family
        if containers := all_matches(tree, family.body):
            return likeliest, family, containers
    return likeliest, None, []


def _family_body(
    containers: list[HtmlElement], family: Family, claims: PageMetadata
) -> _Body | None:
    lines = _family_lines(containers, family)
    if _size(lines) >= ENOUGH_TEXT or (lines and _size(lines) >= len(claims.body)):
        return _Body(lines, f"selectors:{family.name}", ())
    return None


def _other_body(
    tree: HtmlElement,
    source: str,
    url: str,
    claims: PageMetadata,
    missed: tuple[str, ...],
    head: tuple[str, str, tuple[str, ...]],
) -> _Body:
    if len(claims.body) >= ENOUGH_TEXT:
        return _Body(claims.body.split("\n"), "json-ld", missed)
    refuse_shell(tree, source, url)
    title, summary, byline = head
    lines = trafilatura_lines(source, tree, title=title, summary=summary, byline=byline)
    if _size(lines) < LEAST_TEXT or (claims.published_at is None and _is_list(lines)):
        raise NoText(
            f"{url or 'the page'}: no article text found by selectors, JSON-LD or trafilatura; "
            "it may be a front page, a video page or a new layout"
        )
    return _Body(lines, "trafilatura", (*missed, "fallback:trafilatura"))


def _family_lines(containers: list[HtmlElement], family: Family) -> list[str]:
    noise = (*family.noise, *family.summary, *family.byline)
    best: list[str] = []
    for container in containers[:5]:
        lines = read_lines(container, noise=noise)
        # A photo story's text is its captions.
        if _size(lines) < ENOUGH_TEXT:
            lines = read_lines(container, noise=_without_captions(noise), keep_captions=True)
        if _size(lines) > _size(best):
            best = lines
    return best


def _without_captions(noise: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in noise if "aption" not in one and "figure" not in one)


def _is_list(lines: list[str]) -> bool:
    """Say whether the lines are those of a front page: many, and most of them headlines."""
    return len(lines) >= LIST_LINES and median(map(len, lines)) < LIST_LINE


def _without_repeats(lines: list[str], title: str) -> list[str]:
    """Cut the title where the container repeats it on top."""
    return lines[1:] if lines and title and lines[0] == title else lines


def _size(lines: list[str]) -> int:
    return sum(len(line) for line in lines)


def _title(
    tree: HtmlElement, family: Family | None, claims: PageMetadata
) -> tuple[str, tuple[str, ...]]:
    selectors = family.title if family else ()
    title, by = _text(tree, selectors)
    if not title:
        title, by = (claims.title, "metadata") if claims.title else _text(tree, ("h1",))
    return title, _missed("title", selectors, by) if title else ("no-title",)


def _summary(
    tree: HtmlElement, family: Family | None, claims: PageMetadata
) -> tuple[str, tuple[str, ...]]:
    selectors = family.summary if family else ()
    summary, by = _text(tree, selectors)
    if not summary:
        summary, by = claims.summary, "metadata"
    return summary, _missed("summary", selectors, by) if summary else ()


def _byline(
    tree: HtmlElement, family: Family | None, claims: PageMetadata
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    selectors = family.byline if family else ()
    names: list[str] = []
    for element in all_matches(tree, selectors):
        names.extend(split_names(" ".join(element.itertext())))
    if names and len(names) <= 12:
        return tuple(dict.fromkeys(names)), ()
    by = "metadata" if claims.byline else "class"
    byline = claims.byline or byline_by_class(tree)
    return byline, _missed("byline", selectors, by) if byline and not names else ()


def _missed(field: str, selectors: tuple[str, ...], by: str) -> tuple[str, ...]:
    """Give the note that a family's own selectors missed a field which is found `by` others.

    One that every page's elements match is a family's own only where it has no others.
    """
    own = [one for one in selectors if not _OF_ANY_PAGE.fullmatch(one)] or selectors
    return (f"selector-missed:{field}, {by} instead",) if own and by not in own else ()


def _text(tree: HtmlElement, selectors: tuple[str, ...]) -> tuple[str, str]:
    """Give the text of the first selector's element that is there, and the selector."""
    for selector in selectors:
        element = first_match(tree, (selector,))
        if element is not None:
            stamp = _STAMPS(element)
            text = plain(" ".join(element.itertext()))
            text = text.removeprefix(plain(stamp[0].text_content())).strip() if stamp else text
            return text, selector
    return "", ""


def _dates(
    tree: HtmlElement,
    url: str,
    family: Family | None,
    claims: PageMetadata,
    zone: tzinfo,
    fetched_at: datetime | None,
) -> tuple[datetime | None, datetime | None, tuple[str, ...]]:
    """Give the claimed times; the page's metadata carry the seconds that its text leaves out."""
    selectors = family.published if family else ()
    shown, by = _shown_date(tree, selectors, zone)
    if shown is None and claims.published_at is None:
        shown, by = date_by_title(tree, zone=zone), "beside the title"
    changed, _ = _shown_date(tree, family.modified if family else (), zone)
    believed = family is None or family.trust_metadata_dates
    claimed = claims.published_at if believed else None
    published = claimed or shown
    notes: list[str] = []
    # The time that a page shows is often that of its last change.
    known = [one for one in (claimed, claims.modified_at) if one]
    if claimed and shown and all(abs(one - shown) > timedelta(days=2) for one in known):
        notes.append("date-disagrees")
    if published is None:
        addresses = (url, claims.canonical_url)
        carried = (date_from_url(address, zone=zone) for address in addresses)
        published = next((moment for moment in carried if moment), None)
        if published:
            notes.append("date-from-url")
    else:
        notes.extend(_missed("published", selectors, by if shown else "metadata"))
    if published is None:
        notes.append("undated")
    elif fetched_at and published > fetched_at.astimezone(UTC) + timedelta(days=1):
        notes.append("future-date")
    return published, (claims.modified_at if believed else None) or changed, tuple(notes)


def _shown_date(
    tree: HtmlElement, selectors: tuple[str, ...], zone: tzinfo
) -> tuple[datetime | None, str]:
    """Give the first moment that elements of the selectors show, and the selector."""
    for selector in selectors:
        for element in all_matches(tree, (selector,))[:3]:
            for text in (
                element.get("datetime") or "",
                element.get("content") or "",
                element.get("title") or "",
                element.text_content(),
            ):
                if moment := parse_datetime(text, zone=zone):
                    return moment, selector
    return None, ""


def _is_truncated(source: str) -> bool:
    tail = source[-2_000:].lower()
    return "</html" not in tail and "</body" not in tail and "<body" in source[:400_000].lower()

"""Reading a page of no known family: trafilatura's text, trimmed, and the date beside the title."""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.container import without
from spiders.dates import parse_datetime
from spiders.metadata import split_names

HEAD_LINES = 6
BEFORE_TITLE = 12
AFTER_TITLE = 40
LONGEST_DATELINE = 100
LEAD = 80
_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline|tac-?gia)(?:$|[\s_-])", re.I)
_NESTED = XPath("boolean(//article//article)")
_DATED = re.compile(r"date|time|publish|posted|ngay|thoi-?gian", re.I)


def trafilatura_lines(
    source: str, tree: HtmlElement, *, title: str, summary: str, byline: tuple[str, ...]
) -> list[str]:
    """Give trafilatura's lines of a page's text (`tree` is its tree), [] where it finds none.

    Articles inside an article (the next story, a reader's comment) are cut first. Where the
    page's head has come along (the title or the first h1 is among the first lines), the lines
    up to it and those after it that only say the byline are cut, below the title the summary
    too (below another h1 that may be the first paragraph). First lines that only say the date
    beside the title are cut. A table row is one line, its cells joined by ` | `.
    """
    import trafilatura

    text = trafilatura.extract(
        _without_nested(source, tree),
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    lines = [_row(" ".join(line.split())) for line in (text or "").splitlines()]
    lines = [line for line in lines if any(character.isalnum() for character in line)]
    head = lines[:HEAD_LINES]
    first = next(tree.iter("h1"), None)
    titles = {title} if first is None else {title, _said(first)}
    above = max((n for n, line in enumerate(head, start=1) if line in titles), default=0)
    lines = lines[above:]
    dates = {_said(element) for element in _dated(tree)}
    while lines and (
        (lines[0] in dates and _is_date(lines[0]))
        or (above and _is_byline(lines[0], byline))
        or (title in head and lines[0] == summary)
    ):
        lines = lines[1:]
    return [line for line in lines if line not in byline]


def _row(line: str) -> str:
    """Give a line without the bars that trafilatura sets around a table's row."""
    return line.strip("| ") if line.startswith("|") and line.endswith("|") else line


def _is_date(line: str) -> bool:
    return len(line) <= LONGEST_DATELINE and parse_datetime(line) is not None


def _said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _without_nested(source: str, tree: HtmlElement) -> str | HtmlElement:
    """Give the page without articles inside an article, unless these hold most of its text."""
    if not _NESTED(tree):
        return source
    cut = without(tree, ("article article",))
    return cut if len(cut.text_content()) * 2 > len(tree.text_content()) else source


def byline_by_class(tree: HtmlElement) -> tuple[str, ...]:
    """Give the names in the first short element whose class or rel says author, () for none."""
    for element in tree.iter("a", "span", "p", "div", "em", "strong"):
        names = f"{element.get('class') or ''} {element.get('rel') or ''}"
        if not _AUTHOR.search(names) or element.xpath("ancestor::aside|ancestor::footer"):
            continue
        text = _said(element)
        found = split_names(text) if len(text) <= LONGEST_DATELINE else ()
        if found and all(2 <= len(name.split()) <= 6 for name in found):
            return found
    return ()


def date_by_title(tree: HtmlElement, *, zone: tzinfo) -> datetime | None:
    """Give the moment that a page shows beside its title, None where it shows none.

    Only `time` elements and elements whose class or id speaks of a date count, between a few
    elements before the first h1 and the second paragraph of the story.
    """
    for element in _dated(tree):
        for text in (element.get("datetime") or "", element.text_content()):
            if len(text) <= LONGEST_DATELINE and (moment := parse_datetime(text, zone=zone)):
                return moment
    return None


def _dated(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in _around_title(tree):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag == "time" or _DATED.search(names):
            yield element


def _around_title(tree: HtmlElement) -> Iterator[HtmlElement]:
    title = next(tree.iter("h1"), None)
    if title is None:
        return
    elements = list(tree.body.iter("*")) if tree.body is not None else []
    place = elements.index(title)
    near = elements[place : place + AFTER_TITLE]
    paragraphs = [one for one in near if one.tag == "p" and len(one.text_content()) > LEAD]
    # The first long paragraph may be the lead; with the second the story has begun.
    end = near.index(paragraphs[1]) if len(paragraphs) > 1 else len(near)
    for element in (*near[:end], *elements[max(0, place - BEFORE_TITLE) : place]):
        if not element.xpath("ancestor-or-self::footer|ancestor-or-self::aside"):
            yield element


def _is_byline(line: str, byline: tuple[str, ...]) -> bool:
    rest = line
    for name in byline:
        rest = rest.replace(name, "")
    return rest != line and len(rest) < LONGEST_DATELINE

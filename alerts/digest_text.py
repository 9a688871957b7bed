"""A digest as Markdown and as plain text: one walk through it, written in two ways."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from alerts.digest_parts import Digest, StoryLine
from alerts.digest_wording import (
    EMPTY,
    beside,
    day,
    due_in,
    first_seen,
    moment,
    notes,
    outlets,
    title_of,
)
from alerts.phrases import web_address
from alerts.wording import one_line, visible

MOST_STORIES = 30
"""Of one topic; the JSON has all."""
MOST_LINES = 60
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~#])")
_LEADING = re.compile(r"^(\d*)([-+=.)])")
_UNSAFE = {ord(one): f"%{ord(one):02X}" for one in "()<>[]\\\"'`*_{}|^~"}
_ENTITY = re.compile(r"&(?=#|\w+;)")


@dataclass(frozen=True, slots=True)
class Style:
    """A way to write: how foreign text, headings, strong words and links look."""

    plain: Callable[[str], str]
    heading: Callable[[str, int], str]
    strong: Callable[[str], str]
    link: Callable[[str, str], str]


def markdown_of(digest: Digest, chart: str) -> str:
    """The digest as Markdown (CommonMark); foreign text in it is escaped. `chart` in words."""
    return "\n".join(_lines(digest, chart, _MARKDOWN)).strip() + "\n"


def text_of(digest: Digest, chart: str) -> str:
    """The digest as plain text without control characters. `chart` in words."""
    return visible("\n".join(_lines(digest, chart, _TEXT))).strip() + "\n"


def escaped(text: str) -> str:
    """Foreign text on one line, of which Markdown takes nothing for a mark."""
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line(text)))


def _linked(text: str, url: str) -> str:
    address = _ENTITY.sub("&amp;", web_address(url).translate(_UNSAFE))
    return f"[{escaped(text)}]({address})" if address else escaped(text)


def _underlined(text: str, level: int) -> str:
    return f"{text}\n{('=' if level == 1 else '-') * len(text)}" if level < 3 else f"{text}:"


def _with_address(text: str, url: str) -> str:
    address = web_address(url)
    return f"{one_line(text)} <{address}>" if address else one_line(text)


_MARKDOWN = Style(
    plain=escaped,
    heading=lambda text, level: f"{'#' * level} {escaped(text)}",
    strong=lambda text: f"**{text}**",
    link=_linked,
)
_TEXT = Style(plain=one_line, heading=_underlined, strong=lambda text: text, link=_with_address)


def _lines(digest: Digest, chart: str, style: Style) -> Iterator[str]:
    zone = ZoneInfo(digest.zone)
    yield from (style.heading(title_of(digest), 1), "")
    if digest.is_empty:
        yield from (EMPTY, "")
    for note in notes(digest):
        yield from (style.plain(note), "")
    for name, part in (
        ("Changes found", _changes(digest, style)),
        ("Stories", _stories(digest, style, zone)),
        ("Edited or removed", _touched(digest, style, zone)),
        ("Watched instruments", _instruments(digest, style)),
        (f"Coming near, in {digest.ahead} days", _deadlines(digest, style)),
        ("Sources", _sources(digest, style, zone)),
        (_before(digest), _numbers(digest, style, chart)),
    ):
        lines = list(part)
        if lines:
            yield from (style.heading(name, 2), "", *lines, "")


def _changes(digest: Digest, style: Style) -> Iterator[str]:
    for one in digest.changes:
        stage = f", {style.plain(one.stage)}" if one.stage else ""
        probable = f"; {one.probable} probable to review" if one.probable else ""
        name = style.strong(style.link(one.name, one.url))
        yield f"- {name}{stage}: {one.in_words}{probable}"
        for severity, where, said in one.gravest:
            at = f", {style.plain(where)}" if where else ""
            yield f"  - {severity}{at}: {style.plain(said)}"


def _stories(digest: Digest, style: Style, zone: tzinfo) -> Iterator[str]:
    for topic in digest.topics:
        yield from (style.heading(topic.name, 3), "")
        for line in topic.stories[:MOST_STORIES]:
            yield _story(line, digest, style, zone)
        more = len(topic.stories) - MOST_STORIES
        if more > 0:
            yield f"- … and {more} more"
        yield ""


def _story(line: StoryLine, digest: Digest, style: Style, zone: tzinfo) -> str:
    also = f"; also {style.plain(', '.join(line.also))}" if line.also else ""
    first = style.plain(first_seen(line, zone, digest))
    title = style.link(line.title, line.url)
    return f"- {title} — {style.plain(outlets(line))} ({first}{also})"


def _touched(digest: Digest, style: Style, zone: tzinfo) -> Iterator[str]:
    for one in digest.touched[:MOST_LINES]:
        about = style.plain(", ".join(one.topics))
        at = moment(one.at, zone, digest)
        title = style.link(one.title, one.url)
        yield f"- {one.how}: {title} — {style.plain(one.name)}, {at} ({about})"
    if len(digest.touched) > MOST_LINES:
        yield f"- … and {len(digest.touched) - MOST_LINES} more"


def _instruments(digest: Digest, style: Style) -> Iterator[str]:
    for one in digest.instruments:
        since = f" since {day(one.since)}" if one.since else ""
        yield f"- {style.strong(style.plain(one.name))}: {style.plain(one.status)}{since}"
        for news in one.news:
            yield f"  - {style.plain(news)}"


def _deadlines(digest: Digest, style: Style) -> Iterator[str]:
    for one in digest.deadlines[:MOST_LINES]:
        sure = "" if one.confidence == "certain" else f", {one.confidence}"
        name = style.link(one.name, one.url)
        words = f" — “{style.plain(one.text)}”" if one.text else ""
        yield f"- {day(one.on)} ({due_in(one.left)}{sure}): {one.what}, {name}{words}"
    if len(digest.deadlines) > MOST_LINES:
        yield f"- … and {len(digest.deadlines) - MOST_LINES} more"


def _sources(digest: Digest, style: Style, zone: tzinfo) -> Iterator[str]:
    well = len(digest.sources) - len(digest.troubled)
    yield f"- {well} of {len(digest.sources)} are well"
    for one in digest.troubled:
        at = one.last_success
        last = f", last read {at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
        why = f": {style.plain('; '.join(one.reasons))}" if one.reasons else ""
        yield f"- {style.strong(style.plain(one.name))} {one.status}{last}{why}"


def _before(digest: Digest) -> str:
    weeks = digest.weeks_before
    return "Beside the week before" if weeks == 1 else f"Beside {weeks} weeks before"


def _numbers(digest: Digest, style: Style, chart: str) -> Iterator[str]:
    for one in digest.numbers:
        yield f"- {one.label}: {beside(one, digest.weeks_before)}"
    yield from ("", style.plain(chart))

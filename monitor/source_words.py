"""Drift said in words: what is wrong, with how many pages, since when, and how it was before."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo

from monitor.source_drift import LengthShift, Shift
from monitor.source_items import Count
from monitor.source_signs import given_by, most_common
from storage.reading_figures import Miss, Reading, Return

_LONGEST = 300
_STATES = {
    "title": "have no title of their own",
    "date": "have no date of their own",
    "byline": "have no byline",
    "summary": "have no summary",
    "future": "are dated in the future",
    "stuck": "have the very date of another page: dates do not change",
    "stale": "have the date of a page of the day before: dates do not change",
    "duplicates": "have the same text as another page at a different address",
    "same-title": "have the same title as another page",
    "garbled": "are garbled, as by a wrong charset",
    "language": "are in another language",
    "unread": "cannot be read",
    "robots": "are forbidden by robots.txt",
}
_BEFORE = {
    "title": "had none",
    "date": "had none",
    "byline": "had none",
    "summary": "had none",
    "unread": "could not",
    "robots": "were",
    "garbled": "were",
    "future": "were",
    "language": "were",
}
_KINDS = {
    "": "they lead to another page",
    "needs-javascript": "their text comes only after scripts run, or behind a challenge",
    "redirected-away": "they lead to the front page",
    "robots-forbidden": "robots.txt forbids it",
    "no-text": "no text is found in them",
    "tls": "no secure connection",
    "unread": "only the feed tells of them",
}
_READERS = {
    "trafilatura": "trafilatura still reads them",
    "json-ld": "the pages' own JSON-LD still gives the text",
}
_FIELDS = {
    "title-selector": ("title", "matched", "pages"),
    "date-selector": ("date", "found the date of", "pages"),
    "byline-selector": ("byline", "matched", "pages with a byline"),
    "summary-selector": ("summary", "matched", "pages with a summary"),
}
_GIVERS = {
    "metadata": "the pages' metadata still give",
    "class": "an element that is called author still gives",
    "beside the title": "what stands beside the title still gives",
}
_LED = {
    "front": "lead to the front page",
    "elsewhere": "lead to another page",
    "gone": "answer that there is no such page",
}
_AGAIN = {
    "selectors": "the family's selectors match again",
    "title-selector": "the family's title selector matches again",
    "date-selector": "the family's date selector finds dates again",
    "byline-selector": "the family's byline selector matches again",
    "summary-selector": "the family's summary selector matches again",
    "moved": "known pages that were looked at since are where they were",
    "title": "pages have titles again",
    "date": "pages have dates again",
    "byline": "pages have bylines again, as before",
    "summary": "pages have summaries again, as before",
    "future": "dates are past again",
    "stuck": "dates change again",
    "stale": "dates change again",
    "duplicates": "pages have texts of their own again",
    "same-title": "pages have titles of their own again",
    "garbled": "texts can be read again",
    "language": "pages are in the usual language again",
    "length": "texts are as long as before",
    "unread": "pages can be read again",
    "robots": "robots.txt allows its pages again",
    "items": "as many items come as before",
    "address": "it can be read again",
    "frozen": "it lists new pages again",
}


def of_selectors(
    shift: Shift, since: str, family: str, bad: Sequence[Reading], where: str = ""
) -> str:
    """That a family's selectors no longer match, and who reads the pages instead."""
    reader = _READERS.get(most_common(one.method for one in bad), "a fallback still reads them")
    whose = f"the {family} family's selectors" if family else "the selectors"
    matched = f"{shift.pages - shift.bad} of {shift.pages} pages"
    return f"{whose} matched {matched}{where} {since}; {reader}"


def of_field(
    sort: str, shift: Shift, since: str, family: str, bad: Sequence[Reading], where: str = ""
) -> str:
    """That a family's selector of one field no longer matches, and what gives the field instead."""
    field, did, pages = _FIELDS[sort]
    by = most_common(given_by(one, sort) for one in bad)
    given = _GIVERS.get(by, f"{by} still gives")
    count = f"{shift.pages - shift.bad} of {shift.pages} {pages}"
    return f"the {family} family's {field} selector {did} {count}{where} {since}; {given} it"


def of_sources(counts: Sequence[tuple[str, int, int]]) -> str:
    """Of how many pages of each source that is true: its name, how many matched, how many are."""
    parts = ", ".join(f"{name} {matched} of {pages}" for name, matched, pages in counts)
    return f" on {len(counts)} sources ({parts})"


def of_returns(shift: Shift, since: str, bad: Sequence[Return]) -> str:
    """That known pages are not where they were."""
    counts = Counter(one.led for one in bad).most_common()
    said, were = _LED[counts[0][0]], "did"
    if len(counts) > 1:
        led = ", ".join(f"{count} {_LED[led]}" for led, count in counts)
        said, were = f"are lost ({led})", "were"
    return (
        f"{shift.bad} of {shift.pages} known pages looked at again {since} {said}; before, "
        f"{shift.normal_bad} of {shift.normal_pages} {were}"
    )


def of_sign(sort: str, shift: Shift, since: str) -> str:
    """That too many pages show a sign."""
    return (
        f"{shift.bad} of {shift.pages} pages {since} {_STATES[sort]}; before, "
        f"{shift.normal_bad} of {shift.normal_pages} {_BEFORE.get(sort, 'did')}"
    )


def of_misses(sort: str, shift: Shift, since: str, missed: Sequence[Miss]) -> str:
    """That too many pages cannot be read, and what most of them answer."""
    kind, count = Counter(one.kind for one in missed).most_common(1)[0]
    example = next(one.message or one.url for one in missed if one.kind == kind)
    said = f"{of_sign(sort, shift, since)}; "
    said += f"{_KINDS.get(kind, kind)} ({count}): " if sort == "unread" else "such as "
    return f"{said}{' '.join(example.split())}"[:_LONGEST]


def of_length(shift: LengthShift, since: str) -> str:
    """That texts are much shorter or longer than usual."""
    changed = "fell" if shift.median < shift.normal else "rose"
    return (
        f"the median length of texts {changed} to {shift.median:,.0f} characters {since}, "
        f"from {shift.normal:,.0f}"
    )


def of_items(count: Count) -> str:
    """That far fewer items came than usual."""
    least, most = min(count.before), max(count.before)
    return (
        f"{count.now} items in two days, where {least} to {most} came on the same days of the "
        f"last {len(count.before)} weeks"
    )


def of_address(url: str, since: str, message: str, others: int) -> str:
    """That one of a source's addresses fails while others work."""
    still = f"the {others} others can" if others > 1 else "the other can"
    why = " ".join(message.removeprefix(f"{url}: ").split())
    return f"{url} cannot be read {since}, while {still}: {why}"[:_LONGEST]


def of_frozen(url: str, since: str) -> str:
    """That an address answers and lists nothing new."""
    return f"{url} lists nothing new {since}, while the source's other addresses do"


def again(sort: str) -> str:
    """That a drift of this sort is over."""
    kind, _, url = sort.partition(":")
    return f"{url}: {_AGAIN[kind]}" if url else _AGAIN[kind]


def since_day(at: datetime, zone: tzinfo) -> str:
    """`since 3 November`."""
    local = at.astimezone(zone)
    return f"since {local.day} {local:%B}"

"""What can be wrong with the pages of a source, as signs that each page shows or does not."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from storage.reading_figures import Miss, Reading

NEARBY = 25
"""Among how many pages before it a page may repeat another."""
AHEAD = timedelta(hours=2)
"""A date is in the future only beyond this: clocks and time tables differ a little."""
STALE = timedelta(hours=20)
OLD = timedelta(days=7)
NOTING = 3
"""The version of the article extractor since which it notes each field that selectors missed."""
_LAST_DATES = 5
_FALLBACKS = ("trafilatura", "json-ld")
_ODD_SHARE = 0.02
# Replacement characters, C1 controls, and Latin-1 readings of the bytes of UTF-8 letters.
_BROKEN = re.compile(r"[\ufffd\x80-\x9f]|[ÂÃÄÅÆ][\x80-¿]|áº[\x80-¿]|á»[\x80-¿]|â€|(?<=\w)\?(?=\w)")
_NOT_VIETNAMESE = re.compile(r"[äåæçëîïñöøûüÿßÄÅÆÇËÎÏÑÖØÛÜ]|(?<=\w)[¡-ª¬-º¼-¿×÷](?=\w)")
# Every character with which one of these may begin or, where that is a letter, end.
_SUSPECT = frozenset("?\ufffd€äåæçëîïñöøûüÿßÄÅÆÇËÎÏÑÖØÛÜ×÷") | {chr(one) for one in range(128, 192)}

Signs = Sequence[bool]
Outcome = tuple[datetime, Miss | None]
"""When a page was first seen or tried, and why it was not read; None where it was."""


def judged(pages: Sequence[Reading]) -> list[Reading]:
    """The pages by which a source is judged: those read whose date, if any, is of these days.

    Old ones that are gathered afterwards may be of an older layout; dates that all pages share
    are another matter.
    """
    read = [one for one in pages if one.method != "feed"]
    return [
        one
        for one, is_shared in zip(read, same_date(read), strict=True)
        if is_shared or one.published_at is None or one.first_seen - one.published_at <= OLD
    ]


def fell_back(pages: Sequence[Reading]) -> Signs:
    """Read by a fallback in place of the family's selectors."""
    return [one.method in _FALLBACKS for one in pages]


def without_title(pages: Sequence[Reading]) -> Signs:
    """Without a title of its own; that of its feed may stand for it."""
    return [
        not one.title or "no-title" in one.notes or "title-from-feed" in one.notes for one in pages
    ]


def without_date(pages: Sequence[Reading]) -> Signs:
    """Without a date of its own; that of its feed or its address may stand for it."""
    return [
        one.published_at is None or "date-from-feed" in one.notes or "date-from-url" in one.notes
        for one in pages
    ]


def without_byline(pages: Sequence[Reading]) -> Signs:
    """Without a byline."""
    return [not one.has_byline for one in pages]


def without_summary(pages: Sequence[Reading]) -> Signs:
    """Without a summary."""
    return [not one.has_summary for one in pages]


def from_the_future(pages: Sequence[Reading]) -> Signs:
    """Dated after it was seen."""
    return [
        one.published_at is not None and one.published_at > one.seen_at + AHEAD for one in pages
    ]


def same_date(pages: Sequence[Reading]) -> Signs:
    """With the very date of another of the last pages, to the second."""
    return _repeated([one.published_at for one in pages], _LAST_DATES)


def stale_date(pages: Sequence[Reading]) -> Signs:
    """With the very date of a page that was seen most of a day before."""
    first: dict[datetime, datetime] = {}
    signs = []
    for one in pages:
        seen = first.setdefault(one.published_at, one.first_seen) if one.published_at else None
        signs.append(seen is not None and one.first_seen - seen >= STALE)
    return signs


def same_text(pages: Sequence[Reading]) -> Signs:
    """With the text of another of the last pages."""
    return _repeated([(one.length, one.head) if one.length else None for one in pages], NEARBY)


def same_title(pages: Sequence[Reading]) -> Signs:
    """With the title of another of the last pages."""
    return _repeated([one.title or None for one in pages], NEARBY)


def garbled(pages: Sequence[Reading]) -> Signs:
    """Full of characters that come of a wrong charset."""
    return [is_garbled(f"{one.title} {one.head}") for one in pages]


def is_garbled(text: str) -> bool:
    """Whether one in fifty characters of a text in Vietnamese or English is of a wrong charset."""
    if _SUSPECT.isdisjoint(text):
        return False
    odd = len(_BROKEN.findall(text)) + len(_NOT_VIETNAMESE.findall(text))
    return odd >= 3 and odd > _ODD_SHARE * len(text)


def another_language(usual: str) -> Callable[[Sequence[Reading]], Signs]:
    """In another language than is `usual`."""

    def signs(pages: Sequence[Reading]) -> Signs:
        return [bool(one.language) and one.language != usual for one in pages]

    return signs


def usual_language(pages: Sequence[Reading]) -> str:
    """The language that most pages are in."""
    return most_common(one.language for one in pages if one.language)


def most_common(values: Iterable[str]) -> str:
    """The value that occurs most often, "" for none."""
    counted = Counter(values)
    return counted.most_common(1)[0][0] if counted else ""


SIGNS: dict[str, Callable[[Sequence[Reading]], Signs]] = {
    "duplicates": same_text,
    "garbled": garbled,
    "selectors": fell_back,
    "title": without_title,
    "same-title": same_title,
    "date": without_date,
    "future": from_the_future,
    "stuck": same_date,
    "stale": stale_date,
    "byline": without_byline,
    "summary": without_summary,
}
"""Sorts of drift that pages which were read can show, the most telling first."""


_WITHOUT: dict[str, tuple[str, Callable[[Sequence[Reading]], Signs]]] = {
    "title-selector": ("title", without_title),
    "date-selector": ("published", without_date),
    "byline-selector": ("byline", without_byline),
    "summary-selector": ("summary", without_summary),
}
FIELDS = tuple(_WITHOUT)
"""Sorts of drift in which a family's selector of one field misses what something else gives."""


def telling(pages: Sequence[Reading], sort: str) -> list[Reading]:
    """The pages that tell whether a family's selector of a field matched.

    Those that its selectors of the text read, by an extractor that notes what others miss, and
    that have the field themselves.
    """
    _, without = _WITHOUT[sort]
    noted = [one for one in pages if one.reader >= NOTING and one.method.startswith("selectors:")]
    return [one for one, lacks in zip(noted, without(noted), strict=True) if not lacks]


def missed(pages: Sequence[Reading], sort: str) -> Signs:
    """With a field that the family's selector missed."""
    return [bool(given_by(one, sort)) for one in pages]


def given_by(page: Reading, sort: str) -> str:
    """What gave a field that the family's selector missed, "" where it matched."""
    said = f"selector-missed:{_WITHOUT[sort][0]}, "
    notes = (note for note in page.notes if note.startswith(said))
    return next((one.removeprefix(said).removesuffix(" instead") for one in notes), "")


def family_in(pages: Sequence[Reading]) -> str:
    """The CMS family whose selectors read most of some pages, "" for none."""
    methods = (one.method for one in pages if one.method.startswith("selectors:"))
    return most_common(methods).partition(":")[2]


def outcomes(pages: Sequence[Reading], failed: Sequence[Miss]) -> list[Outcome]:
    """What became of each page of a source, oldest first: None where it was read."""
    known = {one.url: one for one in failed}
    found: list[Outcome] = []
    for page in pages:
        miss = known.pop(page.url, None)
        if page.method == "feed" and miss is None:
            miss = Miss(page.url, page.first_seen, "unread", "only its feed tells of it")
        found.append((page.first_seen, miss if page.method == "feed" else None))
    found += [(one.at, one) for one in known.values()]
    return sorted(found, key=lambda one: one[0])


def _repeated(values: Sequence[object], nearby: int) -> Signs:
    """Whether each value is one of the `nearby` ones before it or after it."""
    signs = []
    for place, value in enumerate(values):
        others = (*values[max(0, place - nearby) : place], *values[place + 1 :][:nearby])
        signs.append(value is not None and value in others)
    return signs

"""Which legal instruments a text names: by number, by title or by date, with the provision."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from monitor import citation_dates
from monitor import citation_patterns as patterns
from monitor.citation_meaning import (
    Citation,
    Reading,
    by_context,
    by_day,
    by_full_number,
    by_running_number,
    by_title,
)
from monitor.instruments import NUMBER, by_name

__all__ = ["Citation", "find"]

PROVISION_REACH = 160


def find(text: str, *, language: str = "", published: date | None = None) -> list[Citation]:
    """Return the instruments that a text names, in the order of the text, without overlaps.

    Args:
        text: any text; the offsets returned are into it as it is.
        language: the text's language where known (`vi` vouches for Vietnam's instruments).
        published: the day of publication; it gives dates their year and decides between laws of
            one name.
    """
    at_home = language == "vi" or patterns.VIETNAM.search(text) is not None
    reading = Reading(text, text.lower(), published, at_home)
    mentions = _without_overlaps(
        [
            *_numbered(reading),
            *_bare(reading),
            *_named(reading),
            *_titled(reading),
            *_dated(reading),
        ]
    )
    whole = [_with_provision(reading, mention) for mention in mentions]
    return by_context(_without_overlaps([*whole, *_provisions_alone(reading)]), reading)


def _numbered(reading: Reading) -> Iterator[Citation]:
    """Yield a word with a number: "Nghị định 147", "Decree No. 53/2022", "Chỉ thị 57-CT/TW"."""
    for match in patterns.NUMBERED.finditer(reading.text):
        word = re.sub(r"\s+", " ", match["type"]).lower()
        year = match["year"] or match["after"]
        if not (year or match["suffix"] or match["party"] or _may_stand_alone(match, word)):
            continue
        first = _mention(reading, match, patterns.TYPES[word], match["number"], year)
        vietnamese = not word.isascii()
        if match["party"]:
            body = re.sub(r"\s", "", match["party"]).upper()
            yield replace(first, instrument=f"{match['number']}{body}")
        else:
            yield _with_instrument(first, match["suffix"], reading, vietnamese=vietnamese)
        if year:
            yield from _continued(reading, first, vietnamese=vietnamese)


def _may_stand_alone(match: re.Match[str], word: str) -> bool:
    """Tell whether a word and a bare number are a citation, and not "decided 2 places"."""
    if match["counted"].strip():
        return True
    if not match["counted"] or patterns.TYPES[word] in ("law", "ordinance", "decision"):
        return False
    return match["type"][0].isupper() or patterns.TYPES[word] != "directive"


def _continued(reading: Reading, first: Citation, *, vietnamese: bool) -> Iterator[Citation]:
    """Yield the further numbers that one word introduces: "Thông tư 14/2025 và 83/2025"."""
    end = first.end
    while match := patterns.CONTINUED.match(reading.text, end):
        found = _mention(reading, match, first.type, match["number"], match["year"])
        start = match.start("number")
        found = replace(found, text=reading.text[start : match.end()], start=start)
        yield _with_instrument(found, match["suffix"], reading, vietnamese=vietnamese)
        end = match.end()


def _bare(reading: Reading) -> Iterator[Citation]:
    """Yield a full number that no word introduces: "(147/2024/NĐ-CP)"."""
    for match in NUMBER.finditer(reading.text):
        if match.start() == 0 or not reading.text[match.start() - 1].isalnum():
            found = _mention(reading, match, None, match["number"], match["year"])
            yield by_full_number(found, match["suffix"])


def _named(reading: Reading) -> Iterator[Citation]:
    """Yield a known law by its title: "Luật An ninh mạng 2018", "the Telecommunications Law"."""
    for match in patterns.titles().finditer(reading.text):
        before, after = reading.before(match.start()), reading.after(match.end())
        if patterns.FOREIGN_BEFORE.search(before) or patterns.FOREIGN_AFTER.match(after):
            continue
        if patterns.INDEFINITE.search(before) and not patterns.PASSED.search(before + after):
            continue
        year = match["numbered"] or match["year"] or match["before"]
        found = _mention(reading, match, "law", match["number"], year)
        title = re.sub(r"\s+", " ", match["name"]).lower()
        if match["suffix"]:
            found = by_full_number(found, match["suffix"])
        elif reading.at_home or not title.isascii():
            found = by_title(found, reading, by_name()[title])
        yield found


def _titled(reading: Reading) -> Iterator[Citation]:
    """Yield a law by any title with a number or a year: "Luật Việc làm 2025"."""
    for match in patterns.TITLED.finditer(reading.text):
        year = match["numbered"] or match["year"]
        found = _mention(reading, match, "law", match["number"], year)
        yield by_full_number(found, match["suffix"]) if match["suffix"] else found


def _dated(reading: Reading) -> Iterator[Citation]:
    """Yield an instrument by its day of issue: "a new decree issued Nov 9"."""
    for match in patterns.DATED.finditer(reading.text):
        word = match["type_en"] or match["type_last"] or match["type_vi"]
        when = match["date_en"] or match["date_first"] or match["date_vi"]
        day = citation_dates.read(when, reading.published)
        if day is None:
            continue
        type_ = patterns.TYPES[re.sub(r"\s+", " ", word).lower()]
        found = Citation(
            match[0],
            match.start(),
            match.end(),
            type=type_,
            year=day[2],
            date=citation_dates.iso(day),
        )
        yield by_day(found, reading, day) if reading.at_home or match["type_vi"] else found


def _mention(
    reading: Reading, match: re.Match[str], type_: str | None, number: str | None, year: str | None
) -> Citation:
    """Return the unidentified citation of a match, with the date that follows it."""
    issued = _trailing_date(reading, match.end())
    return Citation(
        match[0],
        match.start(),
        match.end(),
        type=type_,
        number=number,
        year=int(year or (issued or "0")[:4]) or None,
        date=issued,
    )


def _with_instrument(
    mention: Citation, suffix: str | None, reading: Reading, *, vietnamese: bool
) -> Citation:
    if suffix:
        return by_full_number(mention, suffix)
    return by_running_number(mention, reading, vietnamese=vietnamese)


def _trailing_date(reading: Reading, end: int) -> str | None:
    match = patterns.TRAILING_DATE.match(reading.text, end)
    day = citation_dates.read(match["vi"] or match["en"], reading.published) if match else None
    return citation_dates.iso(day) if day else None


def _with_provision(reading: Reading, mention: Citation) -> Citation:
    window = max(0, mention.start - PROVISION_REACH)
    match = patterns.PROVISION_BEFORE.search(reading.text[window : mention.start])
    if match is None:
        return mention
    start = window + match.start()
    text = reading.text[start : mention.end]
    return replace(mention, text=text, start=start, provision=_identifier(match))


def _provisions_alone(reading: Reading) -> Iterator[Citation]:
    """Yield provisions down to a paragraph that stand without an instrument."""
    for match in patterns.PROVISION.finditer(reading.text):
        identifier = _identifier(match)
        if "__" in identifier and not patterns.SELF_REFERENCE.match(reading.text, match.end()):
            yield Citation(match[0], match.start(), match.end(), provision=identifier)


def _identifier(match: re.Match[str]) -> str:
    """Return the identifier of a chain; several points listed give their common paragraph."""
    groups = match.groupdict()
    article = groups["a1"] or groups["a2"] or groups["a3"] or ""
    paragraph = groups["p1"] or groups["p2"] or groups["p3"] or groups["p4"]
    point = groups["q1"] or groups["q2"] or groups["q3"] or groups["q4"]
    parts = [f"art_{article}"]
    if paragraph:
        parts.append(f"para_{paragraph}")
        if point and len(point) == 1:
            parts.append(f"point_{point}")
    return re.sub(r"\s", "", "__".join(parts)).lower()


def _without_overlaps(mentions: Sequence[Citation]) -> list[Citation]:
    """Keep, of mentions that overlap, the one that begins first, then the longest."""
    kept: list[Citation] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept

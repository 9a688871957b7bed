"""What a mention of a legal instrument means: which instrument it is, where that is certain.

Precision comes first. A running number is identified with an instrument only where the text gives
the year, names the instrument in full elsewhere, or where a known instrument of that number,
adopted before the day of publication, is about what the text is about.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor import citation_patterns as patterns
from monitor.instruments import (
    ISSUERS,
    Instrument,
    assemble,
    by_number,
    gazetteer,
    in_force,
    type_of,
)

BEFORE, AFTER = 160, 100
SUBJECT_REACH = 3_000


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of a legal instrument.

    Attributes:
        text: the mention as it stands, `text[start:end]` of the whole.
        start, end: character offsets into the text given.
        instrument: the canonical number (`147/2024/NĐ-CP`), or None where it is not certain.
        type: law, decree, circular, decision, resolution, ordinance, directive, or None.
        number: the running number (`147`), or None.
        year: the year of the number, or None where the text does not say.
        provision: the identifier of the article, paragraph or point meant, or None.
        date: the day of issue that the text gives, ISO, or None.
    """

    text: str
    start: int
    end: int
    instrument: str | None = None
    type: str | None = None
    number: str | None = None
    year: int | None = None
    provision: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the text being read.

    Attributes:
        text: the whole text.
        lowered: the same in lower case, for a look at the subjects around a mention.
        published: the day of publication, or None.
        at_home: whether the text speaks of Vietnam, so that "Decree 53" is Vietnam's.
    """

    text: str
    lowered: str
    published: date | None
    at_home: bool

    def before(self, start: int) -> str:
        """Return the words that lead up to an offset."""
        return self.text[max(0, start - BEFORE) : start]

    def after(self, end: int) -> str:
        """Return the words that follow an offset."""
        return self.text[end : end + AFTER]


def by_full_number(mention: Citation, suffix: str) -> Citation:
    """Identify a mention that gives number and suffix (`425/QĐ-TTg` has no year)."""
    number = mention.number or ""
    # The year of a date behind the number is no part of the number.
    year = re.search(rf"/\s?({mention.year})\s?/", mention.text) if mention.year else None
    instrument = assemble(number, year[1] if year else None, suffix)
    vague = mention.type in (None, "law")
    return replace(
        mention,
        instrument=instrument,
        type=(type_of(instrument) or mention.type) if vague else mention.type,
    )


def by_running_number(mention: Citation, reading: Reading, *, vietnamese: bool) -> Citation:
    """Identify a mention that gives a number, perhaps a year, and no suffix, where certain."""
    known = by_number(mention.type or "", int((mention.number or "0").partition(".")[0]))
    if mention.year:
        same_year = [one for one in known if one.adopted.year == mention.year]
        if len(same_year) == 1:
            return identified(mention, same_year[0])
        if vietnamese or reading.at_home:
            return replace(mention, instrument=_completed(mention, reading))
        return mention
    if not (vietnamese or reading.at_home):
        return mention
    meant = [one for one in known if _is_meant(mention, reading, one)]
    return identified(mention, meant[0] if len(meant) == 1 else None)


def by_title(mention: Citation, reading: Reading, laws: Sequence[Instrument]) -> Citation:
    """Identify a law named by a title that `laws` share: by the year, the words around, the day."""
    return identified(mention, _law_meant(mention, reading, laws))


def by_day(mention: Citation, reading: Reading, day: tuple[int, int, int | None]) -> Citation:
    """Identify an instrument named by its type and its (day, month, year or None) of issue."""
    fitting = [
        one
        for one in gazetteer()
        if one.type == mention.type
        and (one.adopted.day, one.adopted.month) == day[:2]
        and day[2] in (None, one.adopted.year)
        and _is_about(mention, reading, one, 2)
    ]
    if len(fitting) != 1:
        return mention
    found = identified(mention, fitting[0])
    return replace(found, date=fitting[0].adopted.isoformat())


def identified(mention: Citation, known: Instrument | None) -> Citation:
    """Return a mention with the number and year of a known instrument, or as it was for None."""
    if known is None:
        return mention
    return replace(
        mention,
        instrument=known.number or None,
        number=mention.number or (str(known.running) if known.number else None),
        year=mention.year or known.adopted.year,
    )


def by_context(mentions: Sequence[Citation], reading: Reading) -> list[Citation]:
    """Identify what is named briefly with the one instrument so named in full in the same text.

    The draft of a law that bears the name of the law in force stays unidentified.
    """
    full: dict[tuple[str | None, str], set[tuple[str, int | None]]] = {}
    for mention in mentions:
        if mention.instrument:
            for key in _brief_names(mention):
                full.setdefault(key, set()).add((mention.instrument, mention.year))
    resolved = []
    for mention in mentions:
        named = set().union(*(full.get(key, set()) for key in _brief_names(mention)))
        if mention.instrument is None and len(named) == 1 and not _is_draft(mention, reading):
            instrument, year = next(iter(named))
            if mention.year in (None, year):
                number = mention.number or instrument.partition("/")[0].lstrip("0")
                mention = replace(mention, instrument=instrument, number=number, year=year)
        resolved.append(mention)
    return resolved


def _brief_names(mention: Citation) -> list[tuple[str | None, str]]:
    words = re.sub(r"\s+", " ", mention.text).lower()
    title = [words] if mention.type == "law" and not re.search(r"\d", words) else []
    number = [mention.number] if mention.number and not title else []
    return [(mention.type, name) for name in (*title, *number)]


def _law_meant(
    mention: Citation, reading: Reading, laws: Sequence[Instrument]
) -> Instrument | None:
    before, after = reading.before(mention.start), reading.after(mention.end)
    if mention.year:
        return _only([law for law in laws if law.adopted.year == mention.year])
    if _is_draft(mention, reading):
        return None
    if len(laws) == 1:
        return laws[0]
    if reading.published is not None:
        if sure := in_force(laws, reading.published):
            return sure
        is_new = patterns.NEW_BEFORE.search(before) or patterns.NEW_AFTER.match(after)
        return laws[-1] if is_new and laws[-1].adopted <= reading.published else None
    years = _years_nearby(before, after)
    return _only([law for law in laws if years & {law.adopted.year, law.effective.year}])


def _is_draft(mention: Citation, reading: Reading) -> bool:
    before, after = reading.before(mention.start), reading.after(mention.end)
    named_only = mention.type == "law" and mention.number is None
    draft = patterns.DRAFT_BEFORE.search(before) or patterns.DRAFT_AFTER.match(after)
    return named_only and draft is not None


def _only(laws: Sequence[Instrument]) -> Instrument | None:
    return laws[0] if len(laws) == 1 else None


def _completed(mention: Citation, reading: Reading) -> str | None:
    """Complete a number and a year where the type leaves one issuer, or the text names it."""
    number, year = mention.number or "", str(mention.year)
    if mention.type == "decree":
        return assemble(number, year, "NĐ-CP")
    if mention.type == "circular":
        after = reading.after(mention.end).lower()
        ministry = patterns.ISSUED_BY_MINISTRY.match(after)
        for name, short in ISSUERS.items():
            if ministry and after.startswith(name, ministry.end()):
                return assemble(number, year, f"TT-{short}")
    return None


def _is_meant(mention: Citation, reading: Reading, known: Instrument) -> bool:
    if reading.published is not None and reading.published < known.adopted:
        return False
    around = reading.before(mention.start), reading.after(mention.end)
    if known.adopted.year in _years_nearby(*around):
        return True
    return _is_about(mention, reading, known, 1 if reading.published else 2)


def _is_about(mention: Citation, reading: Reading, known: Instrument, least: int) -> bool:
    start, end = max(0, mention.start - SUBJECT_REACH), mention.end + SUBJECT_REACH
    used = (word for word in known.subjects if reading.lowered.find(word, start, end) >= 0)
    return sum(1 for _ in itertools.islice(used, least)) == least


def _years_nearby(before: str, after: str) -> set[int]:
    """Return the years that stand in the sentence around a mention."""
    last = re.split(r"[.!?]\s", before)[-1]
    first = re.split(r"[.!?]\s", after)[0]
    return {int(year) for year in patterns.SENTENCE_YEAR.findall(f"{last} | {first}")}

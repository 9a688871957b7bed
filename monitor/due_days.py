"""The days on which something about a legal text falls due, read off the text and its portal.

Values and their kinds come from `monitor.legal.values`; here it is decided what they are said
of: the whole text, a part of it, a duty, or something that ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from monitor import effect_words as words
from monitor.law_sentences import Sentence, in_sentences, sentences, walked
from monitor.terms import UNITS, end_of_term

if TYPE_CHECKING:
    from monitor.legal.model import LegalText
    from monitor.legal.values import Value

Kind = Literal["effective", "effective-part", "expiry", "consultation", "compliance", "transition"]
Confidence = Literal["certain", "probable"]
_WINDOW = 400
_REACH = 1_000


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day, what falls due on it, the words that say so, and where they stand.

    `place` is a provision's eid, or `field:` and the name of a portal's field.
    """

    kind: Kind
    on: date
    text: str
    place: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence with its values; `signed` is the day of the law's signing, if known."""

    sentence: Sentence
    values: "Sequence[Value]"
    language: str
    signed: date | None

    def before(self, value: "Value") -> str:
        """The words before a value: those of the sentence, or the last of them."""
        return self.sentence.text[max(0, value.start - _REACH) : value.start]


def due_days(
    law: "LegalText",
    fields: Mapping[str, Any],
    *,
    draft: bool,
    overruled: date | None = None,
) -> list[DueDay]:
    """The days that a text and the fields of its portal page state, without repetition.

    Args:
        law: the parsed text; it may have no provisions.
        fields: what the portal says: issued_on, effective_on, consultation_until (ISO dates).
        draft: whether the text binds nobody yet. What a draft says of its effect is only
            planned, so that all of it is probable; the end of its consultation is certain.
        overruled: the day of effect that another instrument has set. Terms count from it, and
            the day that the text itself names is left out.
    """
    signed = _day(law.date) or _day(fields.get("issued_on"))
    readings = [_read(one, law.language, signed) for one in sentences(law)]
    effective = _of_the_whole(readings, fields, signed)
    found = [*effective] if overruled is None else []
    if overruled is not None:
        effective = [DueDay("effective", overruled, "", "", "certain")]
    for reading in readings:
        found += _of_parts(reading)
        found += _terms(reading, effective[0] if effective else None)
        found += _named_days(reading)
    if draft:
        found = [replace(one, confidence="probable") for one in found]
        found += _consultation(law, fields)
    unique = {(one.kind, one.on, one.place): one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: (one.on, one.kind, one.place))


def _read(sentence: Sentence, language: str, signed: date | None) -> _Reading:
    from monitor.legal.values import find_values

    return _Reading(sentence, find_values(sentence.text, language)[0], language, signed)


def _of_the_whole(
    readings: Sequence[_Reading], fields: Mapping[str, Any], signed: date | None
) -> list[DueDay]:
    """The day on which the whole takes effect, the likeliest first.

    The law's own words outrank the portal's field, which may be wrong. Two different days in
    the words are both probable, and so is a day counted from the signing, unless the portal
    says the same.
    """
    stated = [
        _due("effective", day, reading, value)
        for reading in readings
        for value, day in _effect_days(reading)
        if _subject(reading, value) == "whole"
    ]
    field = _from_field("effective", fields, "effective_on")
    if not stated:
        counted = [one for reading in readings if (one := _from_signing(reading, signed))]
        if counted and field and counted[0].on == field[0].on:
            return [replace(counted[0], confidence="certain")]
        return field + counted if field else counted
    if len({one.on for one in stated}) > 1:
        return [replace(one, confidence="probable") for one in stated]
    if field and field[0].on != stated[0].on:
        stated.append(replace(field[0], confidence="probable"))
    return stated


def _of_parts(reading: _Reading) -> Iterator[DueDay]:
    for value, day in _effect_days(reading):
        if _subject(reading, value) == "part":
            yield _due("effective-part", day, reading, value)


def _effect_days(reading: _Reading) -> "Iterator[tuple[Value, date]]":
    kinds = ("effective_date", "date") if reading.language == "en" else ("effective_date",)
    for value in reading.values:
        if value.type in kinds and (day := _day(value.quantity.value)):
            yield value, day


def _subject(reading: _Reading, value: "Value") -> Literal["whole", "part", ""]:
    """Of what a sentence says that it takes effect on the day of `value`: "" of none of it."""
    language = reading.language
    before = reading.before(value)
    verb = words.TAKES_EFFECT[language].search(before)
    if verb is None:
        return ""
    subject = before[: verb.start()]
    own = words.SELF[language].search(subject)
    if own is not None:
        owner = subject[: own.start()]
        if words.OF_ANOTHER_DAY[language].search(owner):
            return ""
        is_part = words.OF_A_PART[language].search(owner) or words.PART_FIRST[language].match(owner)
        return "part" if is_part else "whole"
    return "part" if words.PART_FIRST[language].match(subject) and not _names(subject) else ""


def _names(text: str) -> bool:
    from monitor.instruments import NUMBER

    return NUMBER.search(text) is not None


def _from_signing(reading: _Reading, signed: date | None) -> DueDay | None:
    found = words.SIGNED[reading.language].search(reading.sentence.text)
    if (
        found is None
        or signed is None
        or words.OF_ANOTHER_DAY[reading.language].search(reading.sentence.text[: found.start()])
    ):
        return None
    days = int(found["days"] or 0)
    text = _quoted(reading.sentence.text, *found.span())
    sure: Confidence = "probable" if days else "certain"
    return DueDay("effective", signed + timedelta(days), text, reading.sentence.eid, sure)


def _terms(reading: _Reading, effective: DueDay | None) -> Iterator[DueDay]:
    """Terms counted from the day of effect, or from a day that is named."""
    for value in reading.values:
        quantity = value.quantity
        if quantity.unit not in UNITS or not isinstance(quantity.value, int):
            continue
        if quantity.comparator in (">=", ">") or value.type == "period":
            continue
        start, sure = _start(reading, quantity.anchor, effective)
        day = end_of_term(start, quantity.value, quantity.unit) if start else None
        if day is not None:
            sure = "probable" if quantity.unit == "working_day" else sure
            yield _due(_what_ends(reading), day, reading, value, sure)


def _start(
    reading: _Reading, anchor: str, effective: DueDay | None
) -> tuple[date | None, Confidence]:
    if words.FROM_EFFECT[reading.language].match(anchor):
        return (effective.on, effective.confidence) if effective else (None, "probable")
    return None, "probable"


def _named_days(reading: _Reading) -> Iterator[DueDay]:
    """Days named by their dates until which, or before which, something is to be done."""
    language = reading.language
    for value in reading.values:
        if value.type not in ("date", "effective_date") or value.quantity.per:
            continue
        day = _day(value.quantity.value)
        if day is None or reading.signed is None or day <= reading.signed:
            continue
        before = reading.before(value)
        if words.UNTIL[language].search(before):
            yield _due(_until_what(reading, before), day, reading, value)
        elif words.NO_LATER[language].search(before) and _is_duty(reading):
            yield _due("compliance", day, reading, value)
        elif _is_before_it(before, language) and _is_duty(reading):
            last = day - timedelta(days=1)
            yield _due("compliance", last, reading, value, "probable")


def _is_before_it(before: str, language: str) -> bool:
    """Whether a duty falls due before a day, rather than speaks of what was done before it."""
    if not words.BEFORE[language].search(before):
        return False
    return words.CONDITION[language].search(before) is None


def _until_what(reading: _Reading, before: str) -> Kind:
    """Whether the law itself ends on a day, or only a state that it lets go on."""
    return "expiry" if words.LASTS.search(before) else _what_ends(reading)


def _what_ends(reading: _Reading) -> Kind:
    return "transition" if _goes_on(reading.sentence.text, reading.language) else "compliance"


def _is_duty(reading: _Reading) -> bool:
    return _has_duty(reading.sentence.text, reading.language)


@lru_cache(maxsize=8)
def _goes_on(text: str, language: str) -> bool:
    return words.GOES_ON[language].search(text) is not None


@lru_cache(maxsize=8)
def _has_duty(text: str, language: str) -> bool:
    from monitor.legal.modality import find_modality

    binding = ("duty", "prohibition", "restriction")
    return any(one.modal in binding for one in find_modality(text, language))


def _consultation(law: "LegalText", fields: Mapping[str, Any]) -> list[DueDay]:
    """The end of a draft's consultation: the portal's field, else what the notice says."""
    from monitor.legal.values import find_values

    if field := _from_field("consultation", fields, "consultation_until"):
        return field
    language, found = law.language, []
    notice = "" if any(node.kind == "article" for node in walked(law)) else law.text
    for said in in_sentences(notice):
        if not words.CONSULTS[language].search(said):
            continue
        for value in find_values(said, language)[0]:
            day = _day(value.quantity.value)
            if value.type == "date" and day and _closes(said[: value.start], language):
                text = _quoted(said, value.start, value.end)
                found.append(DueDay("consultation", day, text, "notice", "certain"))
    return found[-1:]


def _closes(before: str, language: str) -> bool:
    closing = (words.UNTIL, words.NO_LATER, words.BEFORE)
    return any(one[language].search(before) for one in closing)


def _from_field(kind: Kind, fields: Mapping[str, Any], name: str) -> list[DueDay]:
    day = _day(fields.get(name))
    if day is None:
        return []
    return [DueDay(kind, day, day.isoformat(), f"field:{name}", "certain")]


def _due(
    kind: Kind, day: date, reading: _Reading, value: "Value", sure: Confidence = "certain"
) -> DueDay:
    text = _quoted(reading.sentence.text, value.start, value.end)
    return DueDay(kind, day, text, reading.sentence.eid, sure)


def _quoted(text: str, start: int, end: int) -> str:
    """The words around a value, whole where they are few."""
    first, last = max(0, start - _WINDOW), end + _WINDOW
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _day(said: object) -> date | None:
    """Read a whole ISO date; None for anything else, such as a month."""
    try:
        return date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 else None
    except ValueError:
        return None

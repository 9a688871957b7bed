"""Typed quantities of a legal text: deadlines, thresholds, penalties, dates, counts."""

import itertools
import re
from dataclasses import dataclass

from monitor.legal.dates import find_dates
from monitor.legal.lexicon import MONEY_UNITS, TIME_UNITS, Lexicon, lexicon
from monitor.legal.model import Quantity
from monitor.legal.readnumber import read_figures, read_words

_LOOK_BEHIND = 60
_CLAUSE = 240
_PER_UNITS = {
    "giây": "second", "phút": "minute", "giờ": "hour", "ngày": "day", "tuần": "week",
    "tháng": "month", "quý": "quarter", "năm": "year", "lần": "time", "người": "person",
    "tài khoản": "account",
}  # fmt: skip
_WORDY = re.compile(r"[^\W\d_]")
_RANGE_GOES_ON = re.compile(r"\s*(?:đến|tới|to|and|-)\s*(?:dưới\s+)?\d", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;:\n](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Value:
    """A typed quantity and the characters of the text that state it."""

    type: str
    quantity: Quantity
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: float
    unit: str
    unit_end: int
    warning: str


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Give `text`, same length, with the spans made unreadable for number patterns."""
    if not spans:
        return text
    parts, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            continue
        parts += [text[at:start], "¤" * (end - start)]
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _unit(words: Lexicon, text: str, at: int) -> tuple[str, int]:
    for pattern, name in words.units:
        if found := pattern.match(text, at):
            return name, found.end()
    return "", at


def _money_before(text: str, start: int) -> str:
    found = re.search(r"(VND|USD|EUR)\s*$", text[max(0, start - 5) : start])
    return {"VND": "dong", "USD": "usd", "EUR": "eur"}[found[1]] if found else ""


def _read_number(match: re.Match[str], language: str, words: Lexicon) -> tuple[float, str] | None:
    """Give a number's value and a warning where figures and words disagree."""
    figures, gloss = match["figures"], match["gloss"]
    value = read_figures(figures, language) if figures else read_words(match["words"], language)
    if value is None:
        return None
    factor = 1.0
    for scale in (match["scale"] or "").lower().split():
        factor *= words.scales[scale]
    other = None
    if gloss:
        other = read_words(gloss.strip(), language)
    elif match["digits"]:
        other = read_figures(match["digits"], language)
    scaled = value * factor
    if other is not None and other not in (value, scaled):
        said = gloss or match["digits"]
        return scaled, f"“{match.group().strip()}” says {value:g} and ({said}) beside it"
    return scaled, ""


def _numbers(text: str, language: str, words: Lexicon) -> list[_Number]:
    found = []
    for match in words.number.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        read = _read_number(match, language, words)
        if read is None:
            continue
        unit, unit_end = _unit(words, text, match.end())
        if not unit and match["figures"]:
            unit = _money_before(text, match.start())
        if match["words"] and (not unit or unit == "quarter"):
            continue
        if words.label.search(before) and unit not in TIME_UNITS - {"quarter"} | {"percent"}:
            continue
        if not unit:
            noun = words.noun.match(text, match.end())
            ranged = _RANGE_GOES_ON.match(text, match.end())
            if noun is None and not match["scale"] and not ranged:
                continue
            unit = " ".join(noun[1].lower().split()) if noun else ""
            unit_end = noun.end() if noun else match.end()
        found.append(_Number(match.start(), match.end(), read[0], unit, unit_end, read[1]))
    return found


def _comparator(words: Lexicon, text: str, number: _Number) -> tuple[str, int]:
    """Give a number's comparator and where the phrase that says it begins."""
    window_start = max(0, number.start - _LOOK_BEHIND)
    window = text[window_start : number.start]
    for pattern, sign in words.comparators:
        if found := pattern.search(window):
            return sign, window_start + found.start()
    for pattern, sign in words.closing:
        if pattern.match(text, number.unit_end):
            return sign, number.start
    return "", number.start


def _anchor(words: Lexicon, text: str, end: int) -> str:
    found = words.anchor.match(text, end)
    return " ".join(found["anchor"].split()) if found else ""


def _per(words: Lexicon, text: str, number: _Number) -> str | None:
    found = words.per_after.match(text, number.unit_end) or words.per_before.search(
        text[max(0, number.start - 50) : number.start]
    )
    if found is None:
        return None
    word = found["word"].lower()
    return _PER_UNITS.get(word, word)


def _without_rates(words: Lexicon, text: str, numbers: list[_Number]) -> list[_Number]:
    """Leave out the figures that are the rate of the one before ("… trong 01 tháng")."""
    kept: list[_Number] = []
    rate_end = 0
    for number in numbers:
        if number.start < rate_end:
            continue
        kept.append(number)
        rate = words.per_after.match(text, number.unit_end)
        rate_end = rate.end() if rate else 0
    return kept


def _clause_before(text: str, start: int) -> str:
    window = text[max(0, start - _CLAUSE) : start]
    return _SENTENCE_END.split(window)[-1]


def _time_type(words: Lexicon, text: str, number: _Number, sign: str, anchor: str) -> str:
    before = text[max(0, number.start - _LOOK_BEHIND) : number.start]
    if words.periodic_before.search(before) or words.periodic_after.match(text, number.unit_end):
        return "period"
    if words.sanction.search(_clause_before(text, number.start)):
        return "penalty"
    if words.limit.search(before):
        return "deadline"
    if words.lasting.search(before):
        return "duration"
    brief = number.unit in ("hour", "day", "working_day") and sign == "<="
    return "deadline" if anchor or brief else "duration"


def _type(words: Lexicon, text: str, number: _Number, sign: str, anchor: str) -> str:
    if number.unit in TIME_UNITS:
        return _time_type(words, text, number, sign, anchor)
    if number.unit in MONEY_UNITS:
        fined = words.penalty.search(_clause_before(text, number.start))
        return "penalty" if fined else "threshold"
    if number.unit == "percent":
        return "percentage"
    return "threshold" if sign and number.unit != "time" else "count"


def _figure(value: float) -> float:
    return int(value) if value == int(value) else value


def _intervals(words: Lexicon, text: str, numbers: list[_Number]) -> dict[int, int]:
    """Pair the numbers that are the two ends of one interval, by index: {low: high}."""
    pairs: dict[int, int] = {}
    for index, (low, high) in enumerate(itertools.pairwise(numbers)):
        if index - 1 in pairs:
            continue
        between_units = text[low.unit_end : high.start]
        between = text[low.end : high.start]
        starts = words.interval_start.search(text[max(0, low.start - 16) : low.start])
        joined = words.interval_join.fullmatch(between_units) or words.interval_join.fullmatch(
            between
        )
        if starts and joined:
            pairs[index] = index + 1
    return pairs


def _shared_scale(words: Lexicon, text: str, low: _Number, high: _Number) -> float:
    """Read "từ 10 đến 20 triệu đồng" as from 10 million."""
    factor = 1
    for word in text[high.start : high.end].lower().split():
        factor *= words.scales.get(word, 1)
    return low.value * factor if low.value * factor <= high.value else low.value


def _interval_values(words: Lexicon, text: str, low: _Number, high: _Number) -> tuple[Value, Value]:
    lead = words.interval_start.search(text[max(0, low.start - 16) : low.start])
    low_value = low.value
    if low.unit_end == low.end or low.unit_end > high.start:
        low_value = _shared_scale(words, text, low, high)
    start = low.start - (len(lead.group()) if lead else 0)
    stated = text[start : high.unit_end].strip()
    joined = text[low.unit_end if low.unit_end <= high.start else low.end : high.start].lower()
    low_sign = ">" if lead and ("trên" in lead.group().lower()) else ">="
    high_sign = "<" if "dưới" in joined else "<="
    anchor = _anchor(words, text, high.unit_end)
    kind = _type(words, text, high, "", anchor)
    kind = "threshold" if kind == "count" else kind
    per = _per(words, text, high)
    bounds = [
        Quantity(stated, sign, _figure(value), high.unit, per, anchor)
        for value, sign in ((low_value, low_sign), (high.value, high_sign))
    ]
    return (
        Value(kind, bounds[0], start, low.end),
        Value(kind, bounds[1], high.start, high.unit_end),
    )


def _single(words: Lexicon, text: str, number: _Number) -> Value:
    sign, start = _comparator(words, text, number)
    anchor = _anchor(words, text, number.unit_end) if number.unit in TIME_UNITS else ""
    kind = _type(words, text, number, sign, anchor)
    if kind == "deadline" and not sign:
        before = text[max(0, number.start - _LOOK_BEHIND) : number.start]
        sign = "<=" if words.limit.search(before) else ""
    stated = text[number.start : number.unit_end].strip()
    quantity = Quantity(
        stated, sign, _figure(number.value), number.unit, _per(words, text, number), anchor
    )
    return Value(kind, quantity, start, number.unit_end)


def _dates(words: Lexicon, text: str, language: str) -> list[Value]:
    values = []
    for date in find_dates(text, language):
        window_start = max(0, date.start - _LOOK_BEHIND)
        before = text[window_start : date.start]
        sign = next((s for p, s in words.comparators if p.search(before)), "")
        if not sign and re.search(r"(?<!\w)(?:trước|before)\s*$", before, re.IGNORECASE):
            sign = "<"
        clause = _clause_before(text, date.start)
        kind = "effective_date" if words.in_force.search(clause[-120:]) else "date"
        per = "year" if date.yearly or date.iso.startswith("--") else None
        quantity = Quantity(text[date.start : date.end], sign, date.iso, "date", per)
        values.append(Value(kind, quantity, date.start, date.end))
    return values


def find_values(
    text: str, language: str, skip: list[tuple[int, int]] | None = None
) -> tuple[list[Value], list[str]]:
    """Find the typed quantities of a text (one provision's), in order, and warnings.

    `language` is "vi" or "en"; `skip` are spans (references, citations) whose figures are no
    quantities. An interval gives two values, its lower (>=) and upper (<=) bound, that quote
    the whole interval. A warning says where words in brackets disagree with the figures.
    """
    if not _has_quantity(text, language):
        return [], []
    words = lexicon(language)
    readable = blank(text, skip or [])
    values = _dates(words, readable, language)
    readable = blank(readable, [(v.start, v.end) for v in values])
    numbers = _without_rates(words, readable, _numbers(readable, language, words))
    pairs = _intervals(words, readable, numbers)
    uppers = set(pairs.values())
    for index, number in enumerate(numbers):
        if index in pairs:
            values += _interval_values(words, readable, number, numbers[pairs[index]])
        elif index not in uppers:
            values.append(_single(words, readable, number))
    values.sort(key=lambda v: v.start)
    return values, [n.warning for n in numbers if n.warning]


_HAS_DIGIT = re.compile(r"\d")
_NUMBER_WORD = {
    "vi": re.compile(
        r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|lăm|trăm|nghìn|triệu)\s", re.IGNORECASE
    ),
    "en": re.compile(
        r"(?:one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+teen|[a-z]+ty|hundred"
        r"|thousand|million)\s",
        re.IGNORECASE,
    ),
}


def _has_quantity(text: str, language: str) -> bool:
    return bool(_HAS_DIGIT.search(text) or _NUMBER_WORD[language].search(text))

"""Which instrument an instruction is for: by number, or by name where it has none."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from .patterns import Language

_NUMBERED: dict[Language, re.Pattern[str]] = {
    "vi": re.compile(
        r"(?:Luật|Bộ luật|Nghị định|Thông tư liên tịch|Thông tư|Pháp lệnh|Quyết định|Nghị quyết)"
        r"(?:\s(?!Luật\b|Nghị định\b|Thông tư\b|này\b)[^\s;:“”‹]+){0,14}?\s+số\s+"
        r"(\d{1,5}\s?/\s?\d{4}\s?/\s?[A-ZĐ][\w]*(?:\s?-\s?[A-ZĐ]\w*)*)"
    ),
    "en": re.compile(
        r"(?:Regulation|Directive|Decision|Decree|Law|Circular)\s+(?:\([A-Z, ]+\)\s+)?"
        r"(?:No\.?\s+)?(\d{1,5}/\d{2,4}(?:/[\w-]+)?)"
    ),
}
_NAMED: dict[Language, re.Pattern[str]] = {
    "vi": re.compile(
        r"\b(?:của|trong|tại)\s+((?:Bộ luật|Luật|Pháp lệnh)\s+(?!này\b|số\b|sửa đổi\b)[A-ZĐÀ-Ỹ]"
        r"[^,;:.“”‹›(]{1,90}?)(?=\s+(?:số|đã|được|như|ngày|và|bằng|thành)\b|\s*[,;:.(]|\s*\Z)"
    ),
    "en": re.compile(r"\b(?:of|in)\s+(?:the\s+)?((?:Law|Act|Code)\s+on\s+[A-Z][^,;:.(]{1,80})"),
}


def instruments(text: str, language: Language, own: str = "") -> list[tuple[int, str]]:
    """Give the instruments that a text names, with where; the text's own number aside."""
    found = [
        (match.start(), re.sub(r"\s+", "", match[1]))
        for match in _NUMBERED[language].finditer(text)
    ]
    spans = [match.span() for match in _NUMBERED[language].finditer(text)]
    for match in _NAMED[language].finditer(text):
        if not any(start <= match.start(1) < end for start, end in spans):
            found.append((match.start(1), match[1].strip()))
    return sorted((place, name) for place, name in found if name != own)


def instrument_for(place: int, named: Sequence[tuple[int, str]]) -> str:
    """Give the instrument of a target at `place`: the next one named behind it, "" if none.

    "khoản 1 Điều 2 của Luật A và Điều 3 của Luật B" names each behind its targets.
    """
    following = bisect_right([start for start, _ in named], place)
    return named[following][1] if following < len(named) else ""


def is_for(instrument: str, number: str, title: str) -> bool:
    """Tell whether an instruction for `instrument` is for the text of this number and title.

    A number is compared with the number; a name with the title. What the text does not say
    cannot speak against it.
    """
    if not instrument:
        return True
    if any(char.isdigit() for char in instrument):
        return not number or instrument == number
    name = re.sub(r"^(?:Bộ luật|Luật|Pháp lệnh|Law on|Act on|Code on)\s+", "", instrument)
    return not title or name.casefold() in title.casefold()


def most_named(names: Sequence[str]) -> str:
    """Give the instrument that most instructions are for."""
    counts = Counter(name for name in names if name)
    return counts.most_common(1)[0][0] if counts else ""

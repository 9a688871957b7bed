"""Numbers written in figures or words, Vietnamese and English."""

import re

_VI_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
VI_SCALES = {
    "nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000,
}  # fmt: skip
_EN_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
EN_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

_VI_FILLERS = {"linh", "lẻ", "và"}
VI_WORDS = (*_VI_DIGITS, "mười", "mươi", "trăm", "linh", "lẻ", "rưỡi", *VI_SCALES)
EN_WORDS = (*_EN_SMALL, "hundred", *EN_SCALES)

_GROUPED = {
    "vi": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
    "en": re.compile(r"\d{1,3}(?:(?:,|[ \u00a0\u202f])\d{3})+(?:\.\d+)?"),
}


def read_figures(text: str, language: str) -> float | None:
    """Read a number in figures: 10.000 and 1,5 in Vietnamese, 10,000, 10 000 and 1.5 in English.

    Gives None for what is no number in that language (12.34.5).
    """
    decimal = "," if language == "vi" else "."
    digits = text
    if _GROUPED[language].fullmatch(text):
        digits = re.sub(r"[ \u00a0\u202f]", "", text).replace("." if decimal == "," else ",", "")
    elif "." in text and "," in text:
        return None
    digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value


def _read_vietnamese(words: list[str]) -> float | None:
    total, group, last, seen = 0.0, 0.0, None, False
    for word in words:
        if word in _VI_DIGITS:
            last = float(_VI_DIGITS[word])
            group += last
        elif word == "mười":
            group, last = group + 10, None
        elif word == "mươi":
            if last is None:
                return None
            group, last = group + last * 9, None
        elif word == "trăm":
            if last is None:
                return None
            group, last = group + last * 99, None
        elif word in VI_SCALES:
            total, group, last = total + (group or 1) * VI_SCALES[word], 0.0, None
        elif word == "rưỡi" or word not in _VI_FILLERS:
            return None
        seen = seen or word not in _VI_FILLERS
    return total + group if seen else None


def _read_english(words: list[str]) -> float | None:
    total, group, seen = 0.0, 0.0, False
    for word in words:
        if word in _EN_SMALL:
            group += _EN_SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in EN_SCALES:
            total, group = total + (group or 1) * EN_SCALES[word], 0.0
        elif word != "and":
            return None
        seen = seen or word != "and"
    return total + group if seen else None


def read_words(text: str, language: str) -> float | None:
    """Read a number in words ("ba mươi", "một trăm nghìn", "forty-five"); None if it is none."""
    words = text.lower().replace("-", " ").split()
    return _read_vietnamese(words) if language == "vi" else _read_english(words)

"""How the labels of provisions are written, in Vietnamese and in English."""

import re
from dataclasses import dataclass
from typing import Literal

from .model import Kind
from .numbering import Key, letter_key, number_key, roman

Language = Literal["vi", "en"]
OPENING_QUOTES = '“"«„‟‘'
_END = r"(?=[\s.:;,)–—-]|\Z)"


@dataclass(frozen=True, slots=True)
class Label:
    """A label read at a line's beginning.

    `num` is the number as written, `key` its place in the order, `rest` the line after the
    label and its punctuation, `firm` tells that punctuation or the line's end closed it.
    """

    kind: Kind
    num: str
    key: Key
    rest: str
    firm: bool


# The official codification puts subject, type and text before an article's number.
_CODIFIED = r"(?:\d{1,2}\.\d{1,2}\.[A-ZĐ]{1,4}\.\d{1,3}\.)?"
_ARTICLE = {
    "vi": re.compile(
        rf"(?:Điều|ĐIỀU|điều(?= \d{{1,4}}[.:]))\s*{_CODIFIED}"
        r"(\d{1,4}(?:\s?[a-zđ](?=[.:]|\s[A-ZĐ])|[a-zđ]{1,2})?)" + _END
    ),
    "en": re.compile(r"(?:Article|ARTICLE)\s+(\d{1,4}[a-z]{0,2})" + _END),
}
_NUM = r"(\d{1,3}[a-zđ]?|[IVXLivxl]{1,8}[a-z]?)"
_ORDINAL_VI = r"(?:thứ|THỨ)\s+((?:\w+\s)?\w+)"
_LARGE: dict[str, tuple[tuple[Kind, re.Pattern[str]], ...]] = {
    "vi": (
        ("part", re.compile(rf"(?:Phần|PHẦN)\s+(?:{_ORDINAL_VI}|{_NUM}){_END}")),
        ("chapter", re.compile(rf"(?:Chương|CHƯƠNG)\s+{_NUM}{_END}")),
        ("section", re.compile(rf"(?:Mục|MỤC)\s+{_NUM}{_END}")),
        ("subsection", re.compile(rf"(?:Tiểu mục|TIỂU MỤC)\s+{_NUM}{_END}")),
    ),
    "en": (
        ("part", re.compile(rf"(?:PART|Part|TITLE|Title)\s+{_NUM}{_END}")),
        ("chapter", re.compile(rf"(?:CHAPTER|Chapter)\s+{_NUM}{_END}")),
        ("section", re.compile(rf"(?:SECTION|Section)\s+{_NUM}{_END}")),
        ("subsection", re.compile(rf"(?:SUBSECTION|Subsection)\s+{_NUM}{_END}")),
    ),
}
_APPENDIX = {
    "vi": re.compile(
        r"(Phụ lục|PHỤ LỤC|Mẫu|MẪU|Biểu mẫu|BIỂU MẪU)(?:\s+(?:số|SỐ))?"
        r"(?:\s*[:.]?\s*(\d{1,3}(?:[a-zđA-ZĐ](?!\w))?(?:[-./]\d{1,3})?|[IVXL]{1,7}[a-z]?))?"
        r"(?:\s*\([a-zđ](?:/[a-zđ])*\))?" + _END
    ),
    "en": re.compile(
        r"(ANNEX|Annex|APPENDIX|Appendix|SCHEDULE|Schedule|FORM|Form)"
        r"(?:\s+(\d{1,3}[a-z]?|[IVXL]{1,7}|[A-Z](?!\w)))?" + _END
    ),
}
_PARAGRAPH = re.compile(r"(\d{1,3}\s?[a-zđ]?)\s?(\.(?!\d)|\)|/(?!\d))\s*(?=\S|\Z)")
_POINT_VI = re.compile(r"([a-zđ])\s?(\)|\.(?=\s)|/(?=\s))\s*(?=\S|\Z)", re.IGNORECASE)
_POINT_EN = re.compile(r"\(?([a-z]{1,2})\)\s*(?=\S|\Z)")
_SUBPOINT = re.compile(
    r"(?:(\d{1,2}(?:\.\d{1,2}){1,3})\s?[.)]?(?=\s)"
    r"|([a-zđ]\.?\d{1,2}(?:\.\d{1,2})?)\s?[.)](?=\s)"
    r"|\(([ivx]{1,5}|\d{1,2})\)(?=\s)"
    r"|([ivx]{1,5})\)(?=\s)"
    r"|([-–—•+*])(?=\s?[^\W\d_]))\s*"
)


def _closing(text: str, end: int) -> tuple[str, bool]:
    """Split what follows a label's number into its text and whether punctuation closed it."""
    rest = text[end:].lstrip()
    if not rest:
        return "", True
    if rest[0] in ".:":
        return rest[1:].lstrip(" .:"), True
    if rest[0] in "-–—" and len(rest) > 1 and rest[1] == " ":
        return rest[1:].lstrip(), True
    return rest, False


def article_label(text: str, language: Language) -> Label | None:
    """Read "Điều 12a. Heading" or "Article 5" at the beginning of a line."""
    match = _ARTICLE[language].match(text)
    if match is None:
        return None
    num = match[1].replace(" ", "")
    key = number_key(num)
    if key is None:
        return None
    rest, firm = _closing(text, match.end())
    if rest[:1] in (";", ",", ")"):
        return None
    return Label("article", num, key, rest, firm)


def division_label(text: str, language: Language) -> Label | None:
    """Read a part's, chapter's, section's or subsection's label at the beginning of a line."""
    for kind, pattern in _LARGE[language]:
        match = pattern.match(text)
        if match is None:
            continue
        num = next(group for group in match.groups() if group)
        key = number_key(num) or (number_key(num[:-1]) if num[-1:].isalpha() else None)
        if key is None:
            return None
        rest, firm = _closing(text, match.end())
        if rest[:1] in (";", ",", ")"):
            return None
        return Label(kind, num, key, rest, firm)
    return None


def appendix_label(text: str, language: Language) -> tuple[Label, bool] | None:
    """Read an appendix's or a form's label; the flag tells that it is a form."""
    match = _APPENDIX[language].match(text)
    if match is None:
        return None
    form = match[1].lower() in ("mẫu", "biểu mẫu", "form")
    num = match[2] or ""
    if not num and (form or not match[1].isupper()) and match.end() < len(text.rstrip(" :.")):
        return None
    rest, firm = _closing(text, match.end())
    if rest[:1] in (";", ",", ")"):
        return None
    key = number_key(num) or (0, 0)
    written = text[: match.end()]
    suffix = written[written.rfind("(") :] if written.endswith(")") else ""
    return Label("appendix", (num + suffix).strip(), key, rest, firm), form


def paragraph_label(text: str) -> tuple[Label, str] | None:
    """Read a numbered paragraph's label; beside it its delimiter (".", ")" or "/")."""
    match = _PARAGRAPH.match(text)
    if match is None:
        return None
    num = match[1].replace(" ", "")
    key = number_key(num)
    if key is None:
        return None
    return Label("paragraph", num, key, text[match.end() :], True), match[2]


def point_label(text: str, language: Language) -> tuple[Label, str] | None:
    """Read a point's label, "a)" or "(a)"; beside it its delimiter."""
    match = (_POINT_VI if language == "vi" else _POINT_EN).match(text)
    if match is None:
        return None
    num = match[1]
    if num.isupper():
        return None
    key = letter_key(num)
    if key is None:
        return None
    delimiter = match[2] if language == "vi" else ")"
    return Label("point", num, key, text[match.end() :], True), delimiter


def subpoint_label(text: str) -> Label | None:
    """Read a deeper label: "1.1.", "a1)", "(i)", "i)", "(1)" or a dash."""
    match = _SUBPOINT.match(text)
    if match is None:
        return None
    num = next(group for group in match.groups() if group)
    value = roman(num) or (int(num) if num.isdigit() else 0)
    return Label("subpoint", num, (value, 0), text[match.end() :], True)


def roman_label(text: str) -> Label | None:
    """Read "I. TITLE", the sections of old circulars and of appendices."""
    match = re.match(r"([IVX]{1,6})\s?[.)\-–]\s*(?=\S)", text)
    if match is None or not roman(match[1]):
        return None
    return Label("section", match[1], (roman(match[1]), 0), text[match.end() :], True)


def without_quote(text: str) -> str:
    """Give the line without the quotation marks that open it."""
    return text.lstrip(OPENING_QUOTES + "'‘ ")

"""The targets of an instruction: "điểm a, b khoản 1, khoản 2 Điều 5" to addresses."""

import re
from dataclasses import dataclass, field, replace

from .amendment import Address
from .numbering import POINT_LETTERS, number_key
from .patterns import Language

_LEVELS = ("subpoint", "point", "paragraph", "article")
_LABEL_NUMBER = r"\d{1,3}\s?[a-zđ]?(?![\w/])"
_LABEL_LETTER = r"(?:[a-zđ]\d{0,2}|1(?=\s*(?:,|và|khoản|Khoản|điểm|Điểm)))(?![\w’'])"
_LABEL_ROMAN = r"(?:[IVXL]{1,7}|\d{1,3})(?!\w)"
_AND = r"\s*(?:,\s*và|,|và|hoặc|(?:đến|tới)(?:\s+(?:khoản|điểm|điều|mẫu số))?|-|–|and|or|to)\s*"


def _list(word: str, label: str) -> str:
    return rf"(?:các\s+|từ\s+)*(?:{word})\s+{label}(?:{_AND}{label})*"


_VIETNAMESE = {
    "subpoint": _list("tiết", r"[a-zđ]?\.?\d+(?:\.\d+)*(?!\w)"),
    "point": _list("điểm", _LABEL_LETTER),
    "paragraph": _list("khoản", _LABEL_NUMBER),
    "article": _list("điều", _LABEL_NUMBER),
    "section": _list("mục", _LABEL_ROMAN),
    "chapter": _list("chương", _LABEL_ROMAN),
    "form": _list("mẫu(?: số)?", r"\d{1,3}(?:-?[A-Za-zđ])?(?!\w)"),
    "appendix": _list("phụ lục(?: số)?", _LABEL_ROMAN),
}
_ENGLISH = {
    "nested": r"Articles?\s+\d+[a-z]?(?:\s?\(\w{1,3}\))+",
    "point": _list("points?", r"\([a-z]{1,2}\)"),
    "paragraph": _list("paragraphs?|clauses?", r"\(?\d{1,3}[a-z]?\)?(?!\w)"),
    "article": _list("Articles?", r"\d{1,3}[a-z]?(?!\w)"),
    "chapter": _list("Chapters?", _LABEL_ROMAN),
    "appendix": _list("Annex(?:es)?|Appendix", _LABEL_ROMAN),
}


def _segments(patterns: dict[str, str]) -> re.Pattern[str]:
    named = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())
    return re.compile(rf"(?<!\w)(?:{named})", re.IGNORECASE)


_SEGMENTS: dict[Language, re.Pattern[str]] = {
    "vi": _segments(_VIETNAMESE),
    "en": _segments(_ENGLISH),
}
_WORDS = re.compile(
    r"\b(?:các|từ|tiết|điểm|khoản|điều|mục|chương|mẫu|phụ lục|số|points?|paragraphs?|clauses?|"
    r"articles?|chapters?|annex(?:es)?|appendix)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\S+)\s*(?:đến|tới|-|–|\bto\b)\s*(\S+)")
_LABEL = re.compile(r"[\w.]+(?:-[A-Za-zđ]\b)?")
_ANCHOR = re.compile(
    r"(?:vào\s+)?(?:ngay\s+)?(?:sau|trước|after|before)\s+(?:các\s+)?\Z", re.IGNORECASE
)
_OPENING = re.compile(
    r"(?:đoạn|câu|phần) (?:mở đầu|dẫn|đầu|thứ nhất)|introductory (?:part|wording|words)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:tên|tiêu đề|tên gọi|title|heading)\s+(?:(?:của|of)\s+)?(?:các\s+)?\Z", re.IGNORECASE
)


@dataclass(slots=True)
class _Group:
    """Segments that name provisions together, from the inner level to the outer."""

    labels: dict[str, list[str]] = field(default_factory=dict)
    anchor: bool = False
    part_of: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A target that a text names: where, which, and whether only as a place to go behind."""

    start: int
    address: Address
    anchor: bool = False


def read_targets(text: str, language: Language, context: Address) -> list[Named]:
    """Read the targets named in an instruction, in order.

    What a target leaves out it takes from the target behind it, since a list names the article
    once and last; else from `context`, or from the target before it.
    """
    groups = _groups(text, language)
    for place in range(len(groups) - 2, -1, -1):
        _fill(groups[place], groups[place + 1])
    named: list[Named] = []
    before: _Group | None = None
    for group in groups:
        if before is not None and not _outer(group) and not _has_outer(context):
            _fill(group, before)
        named += [
            Named(group.start, address, group.anchor) for address in _addresses(group, context)
        ]
        before = group
    return named


def _groups(text: str, language: Language) -> list[_Group]:
    groups: list[_Group] = []
    last_level = 99
    for match in _SEGMENTS[language].finditer(text):
        kind = match.lastgroup or ""
        labels = {kind: _labels(match[0], kind)} if kind != "nested" else _nested(match[0])
        level = _level(next(iter(labels)))
        preceding = text[groups[-1].end if groups else 0 : match.start()]
        anchored = bool(_ANCHOR.search(preceding[-40:]))
        joined = bool(groups) and kind not in groups[-1].labels and not anchored
        if level < last_level:
            # English also names the outer level first: "Article 2, paragraph 3".
            joined = joined and language == "en" and preceding.strip() == ","
        if joined and len(preceding) < 40 and "‹" not in preceding:
            groups[-1].labels.update(labels)
            groups[-1].end = match.end()
        else:
            part_of = _part_of(preceding[-60:])
            groups.append(_Group(labels, anchored, part_of, match.start(), match.end()))
        last_level = max(_level(key) for key in groups[-1].labels)
    return groups


def _part_of(preceding: str) -> str:
    if _OPENING.search(preceding):
        return "intro"
    return "title" if _TITLE.search(preceding) else ""


def _level(kind: str) -> int:
    if kind in _LEVELS:
        return _LEVELS.index(kind)
    return {"form": 4, "section": 5, "chapter": 6, "appendix": 7}[kind]


def _labels(text: str, kind: str) -> list[str]:
    """ "các khoản 2, 6 và 7a" → ["2", "6", "7a"], ranges spelled out."""
    bare = _WORDS.sub(" ", text)
    labels: list[str] = []
    for piece in re.split(r",|;|\bvà\b|\bhoặc\b|\band\b|\bor\b", bare):
        span = _RANGE.search(piece.strip())
        if span and (kind != "form" or "-" not in piece):
            labels += _range(span[1].strip("()"), span[2].strip("()"))
            continue
        found = _LABEL.findall(
            piece.replace(" ", "") if re.search(r"\d\s[a-zđ]\b", piece) else piece
        )
        labels += [label.strip(".") for label in found]
    if kind == "point":
        # The letter l is often typed as the digit one.
        labels = ["l" if label == "1" else label for label in labels]
    return [label for label in labels if label]


def _range(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit() and int(first) <= int(last) <= int(first) + 200:
        return [str(number) for number in range(int(first), int(last) + 1)]
    if first in POINT_LETTERS and last in POINT_LETTERS and len(first) == len(last) == 1:
        low, high = POINT_LETTERS.index(first), POINT_LETTERS.index(last)
        if low <= high:
            return list(POINT_LETTERS[low : high + 1])
    return [first, last]


def _nested(text: str) -> dict[str, list[str]]:
    """ "Article 5(2)(b)" names article, paragraph and point at once."""
    article, *inner = re.findall(r"\d+[a-z]?|\w{1,3}(?=\))", text)
    labels = {"article": [article]}
    if inner:
        labels["paragraph" if inner[0][0].isdigit() else "point"] = [inner[0]]
    if len(inner) > 1:
        labels["point"] = [inner[1]]
    return labels


def _outer(group: _Group) -> bool:
    return bool(group.labels.keys() & {"article", "appendix", "chapter", "section", "form"})


def _has_outer(context: Address) -> bool:
    return bool(context.article or context.appendix)


def _fill(group: _Group, donor: _Group) -> None:
    """Give a group the outer levels that it leaves out and its neighbour names."""
    if _outer(group):
        return
    innermost = min(_level(kind) for kind in group.labels)
    for kind in ("paragraph", "article"):
        if kind in group.labels or kind not in donor.labels:
            continue
        if _level(kind) <= innermost or (kind == "paragraph" and len(donor.labels[kind]) > 1):
            continue
        if kind == "paragraph" and not _shares_paragraph(group, donor):
            continue
        group.labels[kind] = donor.labels[kind]


def _shares_paragraph(group: _Group, donor: _Group) -> bool:
    """Points borrow a paragraph only from points: "điểm a, điểm b khoản 1"."""
    return "point" in donor.labels and "paragraph" not in group.labels


def _addresses(group: _Group, context: Address) -> list[Address]:
    named = group.labels
    base = Address()
    if not _outer(group):
        base = replace(context, point="", subpoint="", part_of="")
        if "paragraph" in named:
            base = replace(base, paragraph="")
    addresses = [base]
    for kind in (
        "appendix",
        "form",
        "chapter",
        "section",
        "article",
        "paragraph",
        "point",
        "subpoint",
    ):
        if kind in named:
            addresses = [
                replace(address, **{kind: _clean(kind, label)})
                for address in addresses
                for label in named[kind]
            ]
    if group.part_of:
        addresses = [replace(address, part_of=group.part_of) for address in addresses]
    return addresses


def _clean(kind: str, label: str) -> str:
    if kind in ("article", "paragraph"):
        return label.lstrip("0").lower() if number_key(label) else label
    return label.lower() if kind == "point" else label

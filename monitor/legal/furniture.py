"""What a printed page adds to a text: running heads, page numbers, stamps of signing."""

import re
from collections import Counter
from collections.abc import Sequence

from .text import Line

_RUNNING_HEAD = re.compile(
    r"(?:\d{1,4}\s+)?CÔNG BÁO\s*/\s*Số\s.{1,40}/\s*Ngày\s+"
    r"\d{1,2}\s?-\s?\d{1,2}\s?-\s?\d{4}(?:\s+\d{1,4})?\Z"
    r"|(?:EN\s+)?(?:L|C)?\s?\d{0,4}/?\d{0,4}\s*(?:EN\s+)?Official Journal of the European Union"
    r"(?:\s+(?:EN|L \d+/\d+|\d{1,2}\.\d{1,2}\.\d{4}))*\Z"
)
_PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s?\d{1,4}\s?[-–—]|(?:Trang|Page)\s\d{1,4}(?:\s?(?:/|of)\s?\d{1,4})?"
    r"|\d{1,4}\s?/\s?\d{1,4})\Z"
)
_DIGITS = re.compile(r"\d{1,4}\Z")
_RULE = re.compile(r"[-_=*.~·–—…\s]{3,}\Z")
_STAMP_START = re.compile(r"(?:Người ký|Ký bởi|Signed by)\s*:", re.IGNORECASE)
_STAMP_END = re.compile(r"(?:Thời gian ký|Ngày ký|Signing time)\s*:", re.IGNORECASE)
_BARE_LABEL = re.compile(r"(?:Chương|CHƯƠNG|Mục|MỤC|Điều)\Z")
# The official codification says under each article which article of which text it is.
_CODIFIER = re.compile(
    r"\((?:Điều \d+\w{0,2} |Điều này có nội dung liên quan).{0,4000}\)\Z", re.DOTALL
)
_STAMP_LENGTH = 6


def page_furniture(lines: Sequence[Line]) -> dict[int, str]:
    """Give the lines (by place) that only the page needed, with the reason to take them out.

    Reasons are running-head, page-number and signature (the stamp of a digital signature).
    """
    removed: dict[int, str] = {}
    for index, line in enumerate(lines):
        text = line.text
        if text[:6] == "(Điều " and _CODIFIER.match(text):
            removed[index] = "footnote"
        if len(text) > 120:
            continue
        if _RUNNING_HEAD.match(text):
            removed[index] = "running-head"
        elif _PAGE_NUMBER.match(text):
            removed[index] = "page-number"
        elif _STAMP_START.match(text):
            _remove_stamp(lines, index, removed)
    _remove_repeated(lines, removed)
    heads = [index for index, reason in removed.items() if reason == "running-head"]
    for index in heads:
        for near in (index - 1, index + 1):
            if 0 <= near < len(lines) and _DIGITS.match(lines[near].text):
                removed[near] = "page-number"
    return removed


def stray_numbers(lines: Sequence[Line], removed: dict[int, str], stop: int) -> None:
    """Take out lines of nothing but a number before `stop`: a wrapped text has no others."""
    for index, line in enumerate(lines[:stop]):
        if index not in removed and _DIGITS.match(line.text):
            removed[index] = "page-number"


def is_rule(text: str) -> bool:
    """Tell whether a line is only a drawn rule."""
    return bool(_RULE.match(text))


def _remove_stamp(lines: Sequence[Line], index: int, removed: dict[int, str]) -> None:
    for stop in range(index + 1, min(index + _STAMP_LENGTH, len(lines))):
        if _STAMP_END.match(lines[stop].text):
            for place in range(index, stop + 1):
                removed[place] = "signature"
            return


def _remove_repeated(lines: Sequence[Line], removed: dict[int, str]) -> None:
    """Lines that come again beside a page number on page after page are running heads; labels
    without a number that come again are what a recogniser made of them."""
    beside: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    for index, line in enumerate(lines):
        if index in removed or len(line.text) > 100:
            continue
        if _BARE_LABEL.match(line.text):
            labels[line.text] += 1
        elif _beside_number(lines, index):
            beside[line.text] += 1
    repeated = {text for text, count in beside.items() if count >= 3 and _is_words(text)}
    stray = {text for text, count in labels.items() if count >= 3}
    if not repeated and not stray:
        return
    for index, line in enumerate(lines):
        if index in removed or len(line.text) > 100:
            continue
        if line.text in stray or (line.text in repeated and _beside_number(lines, index)):
            removed[index] = "running-head"


def _beside_number(lines: Sequence[Line], index: int) -> bool:
    return any(
        0 <= near < len(lines) and _DIGITS.match(lines[near].text)
        for near in (index - 1, index + 1)
    )


def _is_words(text: str) -> bool:
    """Words of a running head; a form's or a table's label is none."""
    return len(text) > 5 and " " in text and not text[-1].isdigit()

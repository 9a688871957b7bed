"""Footnotes of consolidated texts: the notes at a page's foot and their marks in the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .text import Line

_START = re.compile(
    r"(?:\[(\d{1,3})\]|((?:\d{1,3}\s)+))\s?\.?\s?"
    r"(?=[“\"]?(?:Điểm|Khoản|Điều|Cụm từ|Đoạn|Mục|Tiểu mục|"
    r"Chương|Tên|Tiêu đề|Phụ lục|Mẫu|Nội dung|Từ|Luật|Bộ luật|Nghị định|Thông tư|Quyết định|"
    r"Pháp lệnh|Nghị quyết|Các|Căn cứ|Phần|Biểu|Dòng|Danh mục)\b)"
)
_BRACKETED = re.compile(r"\[(\d{1,3})\]\s?")
_SAYS = re.compile(
    r"được (?:sửa đổi|bổ sung|thay thế|bãi bỏ|đính chính|thay)|có căn cứ ban hành|"
    r"quy định như sau|hết hiệu lực|có hiệu lực (?:kể )?từ"
)
_NUMBERED_WORDS = {
    "khoản", "điều", "điểm", "số", "ngày", "tháng", "năm", "mục", "chương", "lục", "mẫu", "lần",
    "từ", "là", "đến", "quá", "và", "hoặc", "trong", "dưới", "trên", "phần", "tiết", "quý", "thứ",
}  # fmt: skip
_LOOK_BACK = 150


@dataclass(slots=True)
class Footnotes:
    """Lines that lose a footnote mark, and where the marks stood.

    `bare` maps a line's place to its text without marks, `marks` are offsets in the text.
    """

    bare: dict[int, str] = field(default_factory=dict)
    marks: list[tuple[int, int]] = field(default_factory=list)


def footnotes(lines: Sequence[Line], removed: dict[int, str]) -> Footnotes:
    """Find the footnotes, add their lines to `removed`, and find their marks.

    A note runs to the foot of its page; one whose quotation is still open there goes on in
    the last block of the next page.
    """
    found = Footnotes()
    paged = any(reason == "running-head" for reason in removed.values())
    index, pending = 0, False
    floor = 0
    while index < len(lines):
        if removed.get(index) == "running-head":
            floor = index
            if pending:
                pending = _continue_note(lines, index + 1, removed)
        number = "" if index in removed else _note_number(lines, index)
        if not number:
            index += 1
            continue
        stop = _note_end(lines, index, removed, paged)
        for place in range(index, stop):
            removed.setdefault(place, "footnote")
        _find_mark(lines, index, floor, number, removed, found)
        pending = _open_quote(lines, index, stop, removed)
        index = stop
    return found


def _note_number(lines: Sequence[Line], index: int) -> str:
    text = lines[index].text
    match = _START.match(text)
    if match is not None:
        opening = " ".join(line.text for line in lines[index : index + 5])[:500]
        if _SAYS.search(opening):
            return (match[1] or match[2]).replace(" ", "")
    match = _BRACKETED.match(text)
    if match is not None and len(text) > 12:
        mark = f"[{match[1]}]"
        for before in lines[max(0, index - _LOOK_BACK) : index]:
            if mark in before.text and not before.text.startswith(mark):
                return match[1]
    return ""


def _note_end(lines: Sequence[Line], index: int, removed: dict[int, str], paged: bool) -> int:
    stop = index + 1
    while stop < len(lines):
        if removed.get(stop) in ("running-head", "page-number"):
            return stop
        if stop not in removed and _note_number(lines, stop):
            return stop
        if not paged:
            return stop
        stop += 1
    return stop


def _open_quote(lines: Sequence[Line], index: int, stop: int, removed: dict[int, str]) -> bool:
    note = [lines[place].text for place in range(index, stop) if removed[place] == "footnote"]
    return sum(text.count("“") - text.count("”") for text in note) > 0


def _continue_note(lines: Sequence[Line], start: int, removed: dict[int, str]) -> bool:
    """Take out the last block of the page from `start`; tell whether it stays open."""
    end = start
    while end < len(lines) and removed.get(end) not in ("running-head",):
        end += 1
    block = [place for place in range(start, end) if lines[place].gap and place not in removed]
    block = [place for place in block if place > start + 2]
    if not block:
        return False
    places = [place for place in range(block[-1], end) if place not in removed]
    for place in places:
        removed[place] = "footnote"
    return sum(lines[place].text.count("“") - lines[place].text.count("”") for place in places) > 0


def _find_mark(
    lines: Sequence[Line],
    note: int,
    floor: int,
    number: str,
    removed: dict[int, str],
    found: Footnotes,
) -> None:
    """Find a note's mark on its page and take it out of its line."""
    patterns = _mark_patterns(number)
    for place in range(note - 1, max(floor, note - _LOOK_BACK) - 1, -1):
        if place in removed:
            continue
        text = found.bare.get(place, lines[place].text)
        if len(number) > 1 and _split_mark(lines, place, number, removed):
            cut = lines[place].text[:-1].rstrip()
            found.marks.append((lines[place].start + len(cut), lines[place].start + len(text)))
            found.bare[place] = cut
            return
        for pattern in patterns:
            match = pattern.search(text)
            if match is None or _is_reference(text, match.start(1)):
                continue
            # Offsets are the line's own, so a second mark in a line is looked for in the whole.
            own = pattern.search(lines[place].text)
            if own is None:
                continue
            begin = lines[place].start
            found.marks.append((begin + own.start(1), begin + own.end(1)))
            joined = text[: match.start(1)].rstrip() + " " + text[match.end(1) :].lstrip()
            found.bare[place] = re.sub(r" (?=[.,;:])", "", joined).strip()
            return


def _split_mark(lines: Sequence[Line], place: int, number: str, removed: dict[int, str]) -> bool:
    """Two layers of one mark, printed over each other, come out as its digits on two lines."""
    following = place + 1
    return (
        lines[place].text.endswith(number[-1])
        and following < len(lines)
        and removed.get(following) == "page-number"
        and lines[following].text == number[:-1]
    )


def _mark_patterns(number: str) -> list[re.Pattern[str]]:
    digits = re.escape(number)
    return [
        re.compile(rf"(\[{digits}\])"),
        re.compile(rf"^(?:\d{{1,3}}[a-zđ]?\.|[a-zđ]\)) ({digits})(?= \D)"),
        re.compile(rf"[^\W\d_]({digits})(?=[\s.,;:)”]|\Z)"),
        re.compile(rf"[^\d\s/.,] ?({digits})\Z"),
        re.compile(rf"^(?:Mẫu|MẪU)(?: số| SỐ)? \d\d({digits})\Z"),
    ]


def _is_reference(text: str, position: int) -> bool:
    if text[position] == "[":
        return False
    words = text[:position].split()
    return bool(words) and words[-1].lower() in _NUMBERED_WORDS

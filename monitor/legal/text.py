"""Normalised text and its lines: the ground that every offset refers to."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_SPACE = r"\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Single plain spaces, by far the most, are left alone.
_SPACES = re.compile(rf"[ {_SPACE}]{{2,}}|[{_SPACE}]")
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_EDGES = re.compile(r" ?\n ?")
_BLANKS = re.compile(r"\n{3,}")
# Zero-width characters, soft hyphens, byte-order marks, lone surrogates and control characters
# carry no text.
_INVISIBLE = dict.fromkeys(
    code
    for low, high in (
        (0x00, 0x09), (0x0E, 0x1C), (0x1F, 0x20), (0x7F, 0x85), (0x86, 0xA0), (0xAD, 0xAE),
        (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070), (0xD800, 0xE000), (0xFEFF, 0xFF00),
        (0xFFFE, 0x10000),
    )
    for code in range(low, high)
)  # fmt: skip
# The Icelandic eth looks the same as the Vietnamese D with stroke and is often typed for it.
_LOOKALIKES = {0x00D0: "Đ", 0x00F0: "đ"}
_CHARACTERS = {**_INVISIBLE, **_LOOKALIKES}
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\xd0\xf0\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufffe\uffff]"
)
# A section title that the source glued to the end of the sentence before it.
_GLUED = re.compile(r"(?<=[.;:”]) (?=(?:Mục|MỤC|Chương|CHƯƠNG) (?:\d{1,2}|[IVXL]{1,6})[.: ])")
_TERMINAL = ".;:!?…"
_CLOSERS = "”\"’')]»"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the normalised text.

    `start` and `end` are offsets, the line break and the blank lines after it included;
    `text` is the line without them; `gap` tells that a blank line stands before it.
    """

    start: int
    end: int
    text: str
    gap: bool = False


def normalise(source: str) -> str:
    """Give the text in NFC with single spaces, no invisible characters and no edge blanks.

    Lines stay lines; runs of blank lines become one. The result of normalising twice is the
    result of normalising once.
    """
    text = source.translate(_CHARACTERS) if _UNWANTED.search(source) else source
    text = unicodedata.normalize("NFC", text)
    text = _BREAKS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _EDGES.sub("\n", text)
    text = _BLANKS.sub("\n\n", text).strip(" \n")
    if "Mục " in text or "MỤC " in text or "hương " in text or "HƯƠNG " in text:
        text = "\n".join(_unglue(line) for line in text.split("\n"))
    return text


def _unglue(line: str) -> str:
    for match in _GLUED.finditer(line):
        title = line[match.end() :]
        words = title.split(" ", 2)
        if len(words) == 3 and words[2].isupper() and len(title) < 200:
            return f"{line[: match.start()]}\n{title}"
    return line


def split_lines(text: str) -> list[Line]:
    """Cut a normalised text into its lines; together they cover every character."""
    lines: list[Line] = []
    position, gap, length = 0, False, len(text)
    while position < length:
        stop = text.find("\n", position)
        content_end = length if stop < 0 else stop
        end = length if stop < 0 else stop + 1
        while end < length and text[end] == "\n":
            end += 1
        lines.append(Line(position, end, text[position:content_end], gap))
        gap = end - content_end > 1
        position = end
    return lines


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where a sentence or a list item may end."""
    bare = text.rstrip(_CLOSERS + " /")
    return not bare or bare[-1] in _TERMINAL or text.endswith(("”", '"', "./"))


def starts_low(text: str) -> bool:
    """Tell whether a line begins with a small letter that is no list label."""
    return bool(text) and text[0].islower() and not (len(text) > 1 and text[1] in ").")


def wrap_width(lines: Sequence[Line]) -> int:
    """Give the width in characters at which a page broke the lines, 0 where the author did."""
    if len(lines) < 8:
        return 0
    sample = [line.text for line in lines[:4000]]
    broken = sum(
        1
        for before, after in pairwise(sample)
        if len(before) > 30 and not ends_sentence(before) and starts_low(after)
    )
    lengths = sorted(len(text) for text in sample if len(text) > 30)
    if not lengths or broken / len(lengths) <= 0.2:
        return 0
    return lengths[len(lengths) * 9 // 10]


def join_lines(parts: Sequence[str], width: int) -> str:
    """Put a provision's lines together.

    With a page's `width` they flow on, except behind a line that stopped short of it, a little
    at a sentence's end, much elsewhere; with 0 every line stays a paragraph.
    """
    if not width:
        return "\n".join(part for part in parts if part)
    pieces: list[str] = []
    last = ""
    for part in parts:
        if not part:
            continue
        if last and not (last.endswith("-") and last[-2:-1].isalnum() and part[0].isupper()):
            room = width * (0.85 if ends_sentence(last) else 0.55)
            new_paragraph = len(last) < room and not starts_low(part)
            pieces.append("\n" if new_paragraph else " ")
        pieces.append(part)
        last = part
    return "".join(pieces)

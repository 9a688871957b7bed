"""What an enacted text makes of other instruments: repealed, replaced, amended, postponed.

Only instruments that are named by number are told of, and only where the sentence is about the
instrument itself: a licence granted under a decree that loses effect is not the decree, and the
law by which a repealed one was once amended is not repealed with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Literal

from monitor.effect_words import TYPES_EN, TYPES_VI
from monitor.instruments import NUMBER, assemble
from monitor.law_sentences import INTRODUCES, Sentence, sentences

if TYPE_CHECKING:
    from monitor.legal.model import LegalText

Change = Literal["repealed", "replaced", "partly-repealed", "amended", "postponed", "suspended"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the instrument `number`, by which words, at which provision.

    `until` is the day to which its effect is put off, where the text names one; `partly` tells
    that only a part of it is put off or suspended.
    """

    number: str
    change: Change
    text: str
    place: str
    until: date | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb that changes other instruments: `after` tells on which side they stand."""

    pattern: re.Pattern[str]
    change: Change
    after: bool


_LABEL = r"^[\s:\-–+•]*(?:\w{1,3}[.)]\s+)?"


def _verb(pattern: str, change: Change, *, after: bool = True, first: bool = False) -> _Verb:
    start = _LABEL if first else r"(?<!\w)"
    return _Verb(re.compile(rf"{start}(?:{pattern})(?!\w)", re.IGNORECASE), change, after)


_VI = (
    _verb(
        r"(?:lùi|hoãn|gia\s+hạn)(?:\s+(?:thời\s+(?:hạn|điểm|gian)|ngày))?(?:\s+có)?"
        r"\s+(?:hiệu\s+lực|thi\s+hành|áp\s+dụng)(?:\s+thi\s+hành)?(?:\s+(?:của|đối\s+với))?",
        "postponed",
    ),
    _verb(
        r"(?:tạm\s+)?(?:ngưng|ngừng|đình\s+chỉ)\s+(?:hiệu\s+lực|(?:việc\s+)?(?:thi\s+hành|áp\s+dụng))"
        r"(?:\s+thi\s+hành)?(?:\s+(?:của|đối\s+với))?",
        "suspended",
    ),
    _verb(r"bãi\s+bỏ|h[uủ][ỷy]\s+bỏ", "repealed"),
    _verb(r"thay\s+thế(?:\s+cho)?(?!\s+(?:bằng|bởi|các\s+giấy))", "replaced"),
    _verb(
        r"sửa\s+đổi(?:,?\s*(?:và\s+)?bổ\s+sung)?|bổ\s+sung"
        r"|thay(?=\s+(?:(?:các|một\s+số)\s+)?(?:cụm\s+)?từ)",
        "amended",
        first=True,
    ),
    _verb(r"(?:sẽ\s+)?hết\s+hiệu\s+lực(?:\s+(?:thi\s+hành|pháp\s+luật))?", "repealed", after=False),
)
_EN = (
    _verb(r"repeals?|abrogates?", "repealed"),
    _verb(r"replaces?|supersedes?", "replaced"),
    _verb(r"(?:this\s+\w+\s+)?(?:amends?|amending)", "amended", first=True),
    _verb(
        r"(?:is|are|shall\s+be)\s+(?:hereby\s+)?(?:repealed|abrogated)"
        r"|(?:shall\s+)?ceases?\s+to\s+(?:have\s+effect|be\s+in\s+(?:force|effect)|be\s+effective)"
        r"|expires?",
        "repealed",
        after=False,
    ),
)
_OF_A_PART: dict[Change, Change] = {"repealed": "partly-repealed", "replaced": "amended"}
_TYPES = rf"(?:{TYPES_VI}|{TYPES_EN})"
_WHOLE = re.compile(
    rf"{_LABEL}(?:toàn\s+bộ\s+|các\s+|những\s+|the\s+)?(?:văn\s+bản\s+sau(?:\s+đây)?\s*:?\s*)?"
    rf"{_TYPES}(?!\w)(?P<name>[^;:“”\"]{{0,250}}?)(?:\s*,?\s*(?:số|No\.?))?\s*:?\s*$",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"{_LABEL}(?:(?:các|những|một\s+số|một\s+phần|riêng|nội\s+dung|the)\s+)*"
    r"(?:quy\s+định|điều|khoản|điểm|chương|mục|tiểu\s+mục|phụ\s+lục|phần|mẫu|biểu|danh\s+mục|tiết"
    r"|đoạn|gạch\s+đầu\s+dòng|một\s+phần|nội\s+dung|tên|căn\s+cứ|articles?|clauses?|paragraphs?"
    r"|points?|chapters?|của|of)(?!\w)",
    re.IGNORECASE,
)
_TERM = re.compile(
    rf"{_LABEL}(?:một\s+số\s+|các\s+)?(?:cụm\s+từ|từ\s*[“\"]|các\s+từ|số\s+cụm\s+từ|the\s+(?:words?|"
    r"phrases?))",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"(?<!\w)(?:của|tại|theo|cấp|căn\s+cứ|kèm\s+theo|bởi|hướng\s+dẫn|thi\s+hành|under|by|pursuant)"
    r"(?!\w)",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"(?<!\w)(?:hướng\s+dẫn|quy\s+định\s+chi\s+tiết|sửa\s+đổi|bổ\s+sung|thi\s+hành|theo|under|amending"
    rf"|implementing|(?:của|of)\s+(?:the\s+)?{_TYPES})(?!\w)",
    re.IGNORECASE,
)
_MOST_CLAUSES = 20
"""No sentence of a law repeats a verb more often."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_AND = re.compile(
    rf"(?:,|;|(?<!\w)(?:và|hoặc|cùng|and))\s*(?:các\s+)?(?:{_TYPES}(?!\w)[^,;:]{{0,120}}?)?"
    r"(?:số|No\.?)?\s*:?\s*$",
    re.IGNORECASE,
)
_WHEN_FIRST = re.compile(r"^\W*(?:kể\s+)?từ\s+(?:ngày|thời\s+điểm)[^,;:]{0,120},\s*", re.IGNORECASE)
_OBJECT_ENDS = re.compile(
    r"(?<!\w)(?:kể\s+)?từ\s+(?:ngày|thời\s+điểm)|,\s*trừ(?!\w)|(?<!\w)như\s+sau\s*:"
    r"|(?<!\w)as\s+follows",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:đến|tới|sang|until|to)\s+(?:hết\s+)?$", re.IGNORECASE)
_TITLE_SAYS = re.compile(r"(?<!\w)(?:sửa\s+đổi|bổ\s+sung|amend)", re.IGNORECASE)


def fates(law: "LegalText", own_number: str, title: str = "") -> list[Fate]:
    """What a text says becomes of other instruments, without repetition.

    Args:
        law: the parsed text.
        own_number: the text's own canonical number, of which nothing is told.
        title: the document's title on its portal, where the text has none.
    """
    found = [*_of_title(law.title or title)]
    for sentence in sentences(law):
        found += _of_sentence(sentence, law.language)
    unique: dict[tuple[str, Change], Fate] = {}
    for fate in found:
        if fate.number != own_number:
            unique.setdefault((fate.number, fate.change), fate)
    whole = {n for n, change in unique if change in ("repealed", "replaced")}
    return [f for f in unique.values() if f.change not in ("partly-repealed", "amended")
            or f.number not in whole]  # fmt: skip


def _of_title(title: str) -> Iterator[Fate]:
    """A title that amends: "sửa đổi, bổ sung một số điều của Nghị định số …"."""
    says = _TITLE_SAYS.search(title)
    if says is None:
        return
    for number, _ in _objects(title[says.end() :], anywhere=True):
        yield Fate(number, "amended", " ".join(title.split()), "title")


def _of_sentence(sentence: Sentence, language: str) -> Iterator[Fate]:
    verbs = _VI if language == "vi" else _EN
    lead = None if INTRODUCES.search(sentence.text) else _leading(sentence.lead, verbs)
    if lead is not None:
        yield from _fates(sentence, sentence.text, lead.change)
        return
    text = _QUOTED.sub("“…”", sentence.text)
    if NUMBER.search(text) is None:
        return
    for verb in verbs:
        for found in islice(verb.pattern.finditer(text), _MOST_CLAUSES):
            yield from _fates(sentence, _side(text, found, verb.after), verb.change)


def _leading(lead: str, verbs: Sequence[_Verb]) -> _Verb | None:
    """The verb of a sentence that introduces a list of instruments and names none itself."""
    if not lead or NUMBER.search(lead):
        return None
    ending = ("repealed", "replaced")
    return next((v for v in verbs if v.change in ending and v.pattern.search(lead)), None)


def _side(text: str, verb: re.Match[str], after: bool) -> str:
    """The words that a verb is said of: those behind it, or those of its clause before it."""
    if after:
        rest = text[verb.end() :]
        end = _OBJECT_ENDS.search(rest)
        return rest[: end.start()] if end else rest
    before = _WHEN_FIRST.sub("", text[: verb.start()])
    return before[before.rfind(": ") + 1 :]


def _fates(sentence: Sentence, said: str, change: Change) -> Iterator[Fate]:
    paused = change in ("postponed", "suspended")
    until = _put_off_to(sentence.text) if paused else None
    text = f"{sentence.lead} {sentence.text}".strip()
    for number, role in _objects(said):
        partly = paused and role != "whole"
        yield Fate(number, _narrowed(change, role), text, sentence.eid, until, partly)


def _narrowed(change: Change, role: str) -> Change:
    if role == "term":
        return "amended"
    if role == "part" and change in _OF_A_PART:
        return _OF_A_PART[change]
    return change


def _objects(said: str, *, anywhere: bool = False) -> Iterator[tuple[str, str]]:
    """The instruments that a phrase is about, each with its role: whole, part or term.

    A number that the phrase does not begin with, or go on to with "và" or a comma, only
    describes another. `anywhere` takes the first number as it comes.
    """
    role, end = "", 0
    for match in NUMBER.finditer(said):
        if match["year"] is None:
            continue
        before = said[end : match.start()]
        fresh = before.rpartition(";")[2] if ";" in before else before
        if end == 0 or fresh is not before:
            role = _role(fresh) or ("part" if anywhere else "")
        elif _OF_ANOTHER.search(before) or not _AND.search(before):
            role = ""
        anywhere, end = False, match.end()
        if role:
            yield assemble(match["number"], match["year"], match["suffix"]), role


def _role(before: str) -> Literal["whole", "part", "term", ""]:
    if _TERM.match(before):
        return "term"
    whole = _WHOLE.match(before)
    if whole is not None and not _OTHERWISE.search(whole["name"]):
        return "whole"
    return "part" if _PART.match(before) else ""


def _put_off_to(text: str) -> date | None:
    from monitor.legal.dates import find_dates

    for stated in find_dates(text, "vi"):
        if len(stated.iso) == 10 and _UNTIL.search(text[: stated.start]):
            return date.fromisoformat(stated.iso)
    return None

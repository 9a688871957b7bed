"""The wording of instructions: their verbs, the words they exchange, the text they amend."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .amendment import Action
from .patterns import Language

_QUOTED = re.compile(r"“([^“”]*(?:“[^“”]*”[^“”]*)*)”|\"([^\"]*)\"|‘([^‘’]*)’(?!\w)")
_VERBS: dict[Language, re.Pattern[str]] = {
    "vi": re.compile(
        r"(?P<title>(?:sửa đổi(?:,? bổ sung)?|đổi|thay(?: thế)?)\s+(?:lại\s+)?"
        r"(?:tên|tiêu đề|tên gọi)(?:\s+của)?)"
        r"|(?P<both>sửa đổi\s*(?:,|và)\s*bổ sung)"
        r"|(?P<amend>sửa đổi|\bsửa\b|thay thế|\bthay\b|viết lại)"
        r"|(?P<repeal>bãi bỏ|hủy bỏ|huỷ bỏ|(?<!gỡ )(?<!xóa )(?<!xoá )(?<!loại )(?<!từ )\bbỏ\b)"
        r"|(?P<add>bổ sung(?:\s+thêm)?|\bthêm\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?P<title>(?:title|heading) of)"
        r"|(?P<repeal>(?:is|are|shall be) (?:hereby )?(?:deleted|repealed)|\b(?:delete|repeal)\b)"
        r"|(?P<add>(?:is|are|shall be) (?:inserted|added)|\b(?:insert|add)\b)"
        r"|(?P<amend>(?:is|are|shall be) (?:hereby )?(?:replaced|amended|substituted)"
        r"|\b(?:replace|amend|substitute)\b)",
        re.IGNORECASE,
    ),
}
_ACTIONS: dict[str, Action] = {
    "title": "title", "both": "amend-or-add", "amend": "amend", "repeal": "repeal", "add": "add",
}  # fmt: skip
# How the amended text was amended before is no instruction.
_HISTORY = re.compile(
    r"(?:,?\s*(?:đã\s+)?được\s+)(?:sửa đổi|bổ sung|thay thế|bãi bỏ)(?:[^;:]{0,60}?)"
    r"\s(?:theo|bởi|tại)\s[^;:]*?(?=như sau|[;:]|$)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"(?:được|bị|is|are|shall be)\s+(?:hereby\s+)?$", re.IGNORECASE)
_WHAT = (
    r"(?:các\s+)?(?:cụm từ|từ ngữ|từ|khái niệm|thuật ngữ|nội dung|đoạn|câu|số|the words?|"
    r"the phrase|the term|the number)?"
)
_QUOTE = r"‹(\d+)›"
_EXCHANGE = re.compile(
    rf"(?:thay(?: thế)?|sửa(?: đổi)?|đổi|replace|substitute)?\s*{_WHAT}\s*{_QUOTE}\s*(?:,\s*)?"
    rf"(?:được (?:thay thế|thay|sửa đổi|sửa)\s+)?(?:(?:is|are|shall be) replaced\s+)?"
    rf"(?:bằng|thành|by|with)\s*{_WHAT}\s*{_QUOTE}",
    re.IGNORECASE,
)
_STRIKE = re.compile(
    rf"(?:bãi bỏ|hủy bỏ|huỷ bỏ|\bbỏ|delete)\s+{_WHAT}\s*{_QUOTE}"
    rf"(?P<more>(?:\s*(?:,|;|và|and)+\s*{_WHAT}\s*‹\d+›)*)"
    rf"|{_WHAT}\s*{_QUOTE}\s+(?:is|are|shall be) deleted",
    re.IGNORECASE,
)
_INSERT = re.compile(
    rf"(?:bổ sung|thêm|insert)\s+{_WHAT}\s*{_QUOTE}\s*(?:vào\s+)?(?:ngay\s+)?"
    rf"(sau|trước|after|before)\s+{_WHAT}\s*{_QUOTE}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb of an instruction and the span of the sentence that names its targets."""

    action: Action
    start: int
    end: int


def mask_quotes(sentence: str) -> tuple[str, list[str]]:
    """Put ‹0›, ‹1› … in the place of quoted words; give the sentence and the words."""
    quotes: list[str] = []

    def note(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None))
        return f"‹{len(quotes) - 1}›"

    return _QUOTED.sub(note, sentence), quotes


def without_history(masked: str) -> str:
    """Blank out how the amended text was amended before, every other offset kept."""
    return _HISTORY.sub(lambda match: " " * len(match[0]), masked)


def clauses(text: str, language: Language) -> list[Clause]:
    """Cut a sentence into its instructions, each a verb and the span that names its targets.

    `text` is masked and without history. In the passive voice the targets stand before the
    verb. A sentence whose first word is no verb of instruction and that has no passive one
    instructs nothing.
    """
    verbs = list(_VERBS[language].finditer(text))
    found: list[Clause] = []
    for place, verb in enumerate(verbs):
        action = _ACTIONS[verb.lastgroup or "amend"]
        stop = verbs[place + 1].start() if place + 1 < len(verbs) else len(text)
        passive = language == "en" and verb.lastgroup != "title"
        passive = passive or bool(_PASSIVE.search(text[max(0, verb.start() - 20) : verb.start()]))
        if passive:
            start = verbs[place - 1].end() if place else 0
            before = text[start : verb.start()]
            if found or _SUBJECT.match(before):
                found.append(Clause(action, start, verb.start() if _names(before) else stop))
        elif found or _leads(text, verb.start()):
            found.append(Clause(action, verb.end(), stop))
        else:
            return []
    return found


_SUBJECT = re.compile(
    r"\W*(?:\d+\W+)?(?:các\s+|tên\s+|tiêu đề\s+|đoạn\s[^,.;]{0,30}\s)*"
    r"(?:điểm|khoản|điều|mục|chương|"
    r"phụ lục|mẫu|cụm từ|từ|tại|trong|‹|in\b|articles?|paragraphs?|points?|chapter|annex|"
    r"the\b|regulation|directive|decree|law)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:điều|khoản|điểm|tiết|mục|chương|mẫu|phụ lục|articles?|paragraphs?|points?|chapters?|"
    r"annex(?:es)?)\s+(?:số\s+)?[\d(a-zđIVXL]",
    re.IGNORECASE,
)


def _names(text: str) -> bool:
    return bool(_NAMED.search(text))


def _leads(text: str, start: int) -> bool:
    """Tell whether the first verb opens the sentence, a place or a number before it aside."""
    before = text[:start].strip(" ,:;.-–")
    if not before:
        return True
    return bool(re.match(r"(?:tại|trong|ở|in|at)\b", before, re.IGNORECASE)) and len(before) < 120


def word_changes(masked: str, quotes: Sequence[str]) -> list[tuple[str, str, str]]:
    """Read exchanges of words: old words, new words, and the text that names where."""
    found: list[tuple[int, int, str, str]] = []
    for match in _EXCHANGE.finditer(masked):
        found.append((match.start(), match.end(), quotes[int(match[1])], quotes[int(match[2])]))
    for match in _INSERT.finditer(masked):
        new, old = quotes[int(match[1])], quotes[int(match[3])]
        after = match[2].lower() in ("sau", "after")
        found.append((match.start(), match.end(), old, f"{old} {new}" if after else f"{new} {old}"))
    for match in _STRIKE.finditer(masked):
        if any(start <= match.start() < end for start, end, _, _ in found):
            continue
        numbers = [match[1] or match[3], *re.findall(r"\d+", match["more"] or "")]
        found += [(match.start(), match.end(), quotes[int(number)], "") for number in numbers]
    found.sort()
    if not found:
        return []
    places: list[str] = []
    for index, (_, end, _, _) in enumerate(found):
        stop = found[index + 1][0] if index + 1 < len(found) else len(masked)
        behind = masked[end:stop]
        places.append(behind if _names(behind) or index else masked[: found[0][0]] + behind)
    # "thay A bằng B, thay C bằng D tại khoản 2": the place stands once, behind the last pair.
    for index in range(len(places) - 2, -1, -1):
        if not _names(places[index]):
            places[index] = places[index + 1]
    return [(old, new, place) for (_, _, old, new), place in zip(found, places, strict=True)]

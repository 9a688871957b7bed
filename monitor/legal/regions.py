"""The regions of a document: lead-in, body, signature and recipients, appendices."""

import re
from collections.abc import Sequence

from .patterns import Label, Language, appendix_label, article_label
from .rows import Reading, Row, complete_before

_ATTACHED = re.compile(
    r"(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|NỘI QUY|DANH MỤC|CHƯƠNG TRÌNH|ĐỀ ÁN|KẾ HOẠCH|QUY TRÌNH|"
    r"HƯỚNG DẪN|QUY CHUẨN|BIỂU|BẢNG|CHIẾN LƯỢC|PHƯƠNG ÁN|MẪU|TIÊU CHUẨN)\b"
)
_ATTACHED_TO = re.compile(r"\(?\s*(?:ban hành|kèm theo|được ban hành)\b.*", re.IGNORECASE)
_SIGNATURE = {
    "vi": re.compile(
        r"(?:TM|KT|TL|TUQ|T/M|Q)\s?[./]\s?[A-ZĐÀ-Ỹ]|"
        r"(?:CHỦ TỊCH|PHÓ CHỦ TỊCH|THỦ TƯỚNG|PHÓ THỦ TƯỚNG|BỘ TRƯỞNG|THỨ TRƯỞNG|TỔNG GIÁM ĐỐC|"
        r"GIÁM ĐỐC|THỐNG ĐỐC|CHÁNH ÁN|VIỆN TRƯỞNG|TỔNG KIỂM TOÁN|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG)"
        r"(?:\s[A-ZĐÀ-Ỹ ,-]+)?\Z|\(?(?:Đã ký|đã ký)|\[daky\]|"
        r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được .{0,120}thông qua ngày"
    ),
    "en": re.compile(
        r"Done at \w+|For the (?:European Parliament|Council|Commission|Government)\b|"
        r"This (?:Law|Code|Resolution) was (?:passed|adopted)|"
        r"ON BEHALF OF|FOR THE (?:GOVERNMENT|PRIME MINISTER|MINISTER)\b|\(?Signed\)?\Z"
    ),
}
_RECIPIENTS = re.compile(r"(?:Nơi nhận|NƠI NHẬN|Nơi gửi|Recipients?)\s*(?::|\Z)")
_AUTHENTICATION = re.compile(r"XÁC THỰC VĂN BẢN HỢP NHẤT")
_CLOSED = re.compile(r"\./\.?[”\"]?\.?\s*\Z")
_ATTACHED_WITHIN = 9


def appendix_starts(rows: Sequence[Row], reading: Reading) -> list[tuple[int, Label, bool]]:
    """Find where appendices and forms begin: place, label, whether it is a form.

    The first must stand behind an article and be an appendix by its shape: capitals or a
    title of its own, a note that it is issued with the text, or the end of the body before it.
    """
    language = reading.language
    found: list[tuple[int, Label, bool]] = []
    seen_article = closed = False
    for index, row in enumerate(rows):
        if row.block:
            continue
        text = row.text
        if not seen_article:
            seen_article = article_label(text, language) is not None
            continue
        if not found and not closed:
            closed = bool(_CLOSED.search(text) or _is_back_matter(text, language))
        head = _appendix_at(rows, index, language, closed or bool(found), reading.wrapped)
        if head is not None:
            found.append((index, *head))
    return found


def _appendix_at(
    rows: Sequence[Row], index: int, language: Language, behind: bool, wrapped: bool
) -> tuple[Label, bool] | None:
    text = rows[index].text
    read = appendix_label(text, language)
    if read is None:
        if (
            text.isupper()
            and len(text) < 120
            and _ATTACHED.match(text)
            and _issued_with(rows, index)
            and not _under_heading(rows, index, language)
        ):
            return Label("appendix", "", (0, 0), text, True), False
        return None
    label, form = read
    if label.rest and label.rest[0].islower():
        return None
    standing = not label.rest or label.rest.isupper() or (label.firm and len(label.rest) < 200)
    if not standing and not (behind and not wrapped and len(label.rest) < 160):
        return None
    if not complete_before(rows, index) and not rows[index].line.gap and not behind:
        return None
    if form:
        return (label, True) if behind else None
    if behind or _issued_with(rows, index) or (text.isupper() and len(text) < 80):
        return label, False
    return None


def _issued_with(rows: Sequence[Row], index: int) -> bool:
    following = rows[index + 1 : index + 1 + _ATTACHED_WITHIN]
    return any(
        row.text[:1] == "(" and _ATTACHED_TO.match(row.text) is not None for row in following
    )


def _under_heading(rows: Sequence[Row], index: int, language: Language) -> bool:
    """An attached rule's name that follows an appendix's own heading is part of that heading."""
    return any(
        appendix_label(row.text, language) is not None and row.text.isupper()
        for row in rows[max(0, index - 3) : index]
    )


def back_matter(rows: Sequence[Row], body_from: int, language: Language) -> list[str]:
    """Give for each row from `body_from` on the reason why it is no provision, or "".

    `body_from` is the place of the last article's heading. What follows the closing "./." or
    a line of signature is signature, recipients or the authentication of a consolidation.
    """
    reasons = [""] * (len(rows) - body_from)
    start = len(rows)
    for index in range(len(rows) - 1, body_from, -1):
        if _CLOSED.search(rows[index].text) and not rows[index].block:
            start = index + 1
            break
    else:
        for index in range(body_from + 1, len(rows)):
            if not rows[index].block and _is_back_matter(rows[index].text, language):
                start = index
                break
    authentic = any(_AUTHENTICATION.search(row.text) for row in rows[start:])
    reason = "authentication" if authentic else "signature"
    for index in range(start, len(rows)):
        text = rows[index].text
        if _RECIPIENTS.match(text):
            reason = "recipients"
        elif reason == "recipients" and _SIGNATURE[language].match(text):
            reason = "signature"
        reasons[index - body_from] = reason
    return reasons


def _is_back_matter(text: str, language: Language) -> bool:
    return bool(_RECIPIENTS.match(text) or _SIGNATURE[language].match(text))

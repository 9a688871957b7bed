"""Quoted bodies of amending texts: where one begins and where it ends.

Sources leave quotes open, close them twice, or mix curly with straight ones; so besides
counting, an instruction that runs on in the amending text itself closes what was left open,
and a number that runs on inside a quoted body carries it over a stray closing quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .numbering import Key, follows
from .patterns import (
    OPENING_QUOTES,
    Label,
    Language,
    article_label,
    paragraph_label,
    point_label,
    without_quote,
)
from .rows import Reading, Row

_INSTRUCTS = re.compile(
    r"sửa đổi|bổ sung|thay thế|thay |bãi bỏ|hủy bỏ|huỷ bỏ|được đổi|như sau|"
    r"amend|replaced|inserted|added|deleted|following|repeal",
    re.IGNORECASE,
)
_INSTRUCTION_START = re.compile(
    r"(sửa|bổ sung|thay|bãi bỏ|hủy bỏ|huỷ bỏ|bỏ (?:cụm )?từ|đổi|chuyển|đính chính|"
    r"amend|replac|insert|add |delet|repeal)|.*(?:như sau|as follows|by the following)\s*:?$|"
    r".*(?:được (?:sửa|bổ sung|thay|bãi bỏ)|is (?:amended|replaced|deleted)|shall be (?:amended|"
    r"replaced|deleted|inserted|added))",
    re.IGNORECASE,
)
_NAMES_PROVISION = re.compile(
    r"\b(?:khoản|điểm|điều|chương|mục|phụ lục|cụm từ|article|paragraph|point)\b", re.IGNORECASE
)
_OUTER_ARTICLE = re.compile(
    r"sửa đổi|bổ sung|thay thế|bãi bỏ|hiệu lực|điều khoản|tổ chức thực hiện|trách nhiệm|"
    r"thi hành|chuyển tiếp|entry into force|amend|repeal|transition|final|application",
    re.IGNORECASE,
)
_ENDS_QUOTE = re.compile(r"[”\"»’]+\s*[.;,/]{0,3}\s*$")
_LOOK_AHEAD = 120
_TRAILING = re.compile(r"\s*([”\"»’]+)\s*([.;,]?)[./\s]*$")


@dataclass(slots=True)
class _State:
    """Where the walk through the rows stands."""

    block: int = 0
    blocks: int = 0
    depth: int = 0
    straight: bool = False
    single: bool = False
    article: Key = (0, 0)
    paragraph: Key = (0, 0)
    point: Key = (0, 0)
    inner: Label | None = None
    context: str = ""


def mark_quoted(rows: Sequence[Row], reading: Reading) -> list[Row]:
    """Give the rows with the number of the quoted body they lie in, quotation marks taken off."""
    if not any(row.text[:1] in OPENING_QUOTES for row in rows if row.text):
        return list(rows)
    state = _State()
    marked: list[Row] = []
    for index, row in enumerate(rows):
        if state.block and _resumes(row.text, state, reading.language):
            reading.warn(f"a quoted body before “{row.text[:60]}” is not closed")
            state.block = 0
        if not state.block:
            if _opens(row.text, rows, index, state):
                state.blocks += 1
                state.block, state.depth, state.inner = state.blocks, 0, None
                state.straight, state.single = row.text[0] == '"', row.text[0] == "‘"
            else:
                _note_outer(row.text, state, reading.language)
                marked.append(row)
                continue
        block = state.block
        closed = _closes(row.text, rows[index + 1 : index + _LOOK_AHEAD], state, reading)
        marked.append(replace(row, text=_unquoted(row.text, closed), block=block))
    if state.block:
        reading.warn("the last quoted body is not closed")
    return marked


def _opens(text: str, rows: Sequence[Row], index: int, state: _State) -> bool:
    if text[:1] not in OPENING_QUOTES or not text:
        return False
    before = rows[index - 1].text if index else ""
    leads = before.endswith((":", ": ")) or (bool(_ENDS_QUOTE.search(before)) and state.blocks > 0)
    if not leads or not _INSTRUCTS.search(state.context):
        return False
    close = re.search('[”"»]', text[1:])
    if close is None:
        return True
    after = text[1 + close.end() :].strip()
    return not after or after[0] in ".;,/" or _depth(text) >= 0


def _depth(text: str) -> int:
    return sum(text.count(mark) for mark in "“„«") - sum(text.count(mark) for mark in "”»")


def _closes(text: str, ahead: Sequence[Row], state: _State, reading: Reading) -> bool:
    """Move the depth over a row of the body; tell whether the body ends with it."""
    language = reading.language
    following = ahead[0].text if ahead else ""
    bare = without_quote(text)
    label = _inner_label(bare, language)
    if label is not None:
        state.inner = label
    if state.single:
        state.depth = 0 if _ENDS_QUOTE.search(text) and (len(bare) > 1 or text[0] != "‘") else 1
    elif state.straight:
        state.depth = (state.depth + text.count('"')) % 2
    else:
        state.depth += _depth(text)
        if text.rstrip(".;, ").endswith('"') and text.count('"') % 2:
            state.depth -= 1
    at_end = bool(_ENDS_QUOTE.search(text))
    opens_next = following[:1] in OPENING_QUOTES and bool(following)
    outer_next = _is_instruction(following, state, language)
    if state.depth > 0 and not (at_end and (opens_next or outer_next)):
        return False
    if state.depth <= 0 and not at_end:
        state.depth = 1
        return False
    if not opens_next and not outer_next and _runs_on(ahead, state, language):
        reading.warn(f"a quoted body is closed before “{following[:60]}” and goes on")
        state.depth = 1
        return True
    state.block = 0
    return True


def _runs_on(ahead: Sequence[Row], state: _State, language: Language) -> bool:
    """Tell whether a body that was closed goes on: its numbers do. Where they could be the
    amending text's own, a closing quote that nothing opened must follow."""
    text = ahead[0].text if ahead else ""
    label = _inner_label(text, language)
    if label is None or state.inner is None or label.kind != state.inner.kind:
        return False
    if not follows(state.inner.key, label.key, letters=label.kind == "point"):
        return False
    return not _continues_outside(label, state) or _stray_closing(ahead, state, language)


def _stray_closing(ahead: Sequence[Row], state: _State, language: Language) -> bool:
    depth = 0
    for row in ahead:
        if row.text[:1] in OPENING_QUOTES or _is_instruction(row.text, state, language):
            return False
        depth += _depth(row.text)
        if depth < 0:
            return True
    return False


def _continues_outside(label: Label, state: _State) -> bool:
    if label.kind == "article":
        return follows(state.article, label.key)
    if label.kind == "paragraph":
        return follows(state.paragraph, label.key)
    return bool(state.point[0]) and follows(state.point, label.key, letters=True)


def _inner_label(text: str, language: Language) -> Label | None:
    article = article_label(text, language)
    if article is not None:
        return article
    found = paragraph_label(text) or point_label(text, language)
    return found[0] if found else None


def _is_instruction(text: str, state: _State, language: Language) -> bool:
    """Tell whether a row is the amending text's own next provision."""
    label = _inner_label(text, language)
    if label is None or not _continues_outside(label, state):
        return False
    if label.kind == "article":
        return label.firm and bool(_OUTER_ARTICLE.search(label.rest))
    return bool(_INSTRUCTION_START.match(label.rest))


def _resumes(text: str, state: _State, language: Language) -> bool:
    if not _is_instruction(text, state, language):
        return False
    label = _inner_label(text, language)
    if label is None or label.kind == "article":
        return label is not None
    # An ordinary paragraph may speak of amending a licence; an instruction names a provision.
    closing = label.rest.rstrip().endswith(":")
    plain = label.rest.lower().startswith(("bãi bỏ", "thay", "repeal"))
    return (closing or plain) and bool(_NAMES_PROVISION.search(label.rest))


def _note_outer(text: str, state: _State, language: Language) -> None:
    label = _inner_label(text, language)
    if label is None:
        state.context = (state.context + " " + text)[-600:]
        return
    if label.kind == "article":
        state.article, state.paragraph, state.point = label.key, (0, 0), (0, 0)
        state.context = text
    elif label.kind == "paragraph":
        state.paragraph, state.point = label.key, (0, 0)
        state.context = (state.context[-300:] + " " + text)[-600:]
    else:
        state.point = label.key
        state.context = (state.context[-300:] + " " + text)[-600:]


def _unquoted(text: str, closed: bool) -> str:
    bare = without_quote(text) if text[:1] in OPENING_QUOTES else text
    if not closed:
        return bare
    match = _TRAILING.search(bare)
    if match is None:
        return bare
    inner = bare[: match.start()]
    if match[2] == "." and inner[-1:] not in ".;:":
        inner += "."
    return inner

"""One line for a change, English and Vietnamese, made from its typed values."""

import re
from collections.abc import Sequence

from monitor.legal.model import LinkKind, Quantity, ValueChange

_EN_UNITS = {
    "dong": "dong", "usd": "USD", "eur": "EUR", "working_day": "working day", "time": "time",
    "years of age": "years of age", "months of age": "months of age",
}  # fmt: skip
_VI_UNITS = {
    "second": "giây", "minute": "phút", "hour": "giờ", "day": "ngày", "week": "tuần",
    "working_day": "ngày làm việc", "month": "tháng", "quarter": "quý", "year": "năm",
    "dong": "đồng", "usd": "USD", "eur": "EUR", "percent": "%", "time": "lần",
    "years of age": "tuổi", "months of age": "tháng tuổi",
}  # fmt: skip
_PLURAL = frozenset(
    {"second", "minute", "hour", "day", "week", "working day", "month", "quarter", "year", "time"}
)
_EN_SIGNS = {"<=": "at most ", ">=": "at least ", "<": "under ", ">": "over ", "": "", "=": ""}
_VI_SIGNS = {"<=": "tối đa ", ">=": "tối thiểu ", "<": "dưới ", ">": "trên ", "": "", "=": ""}
_EN_MODALS = {
    "duty": "duty", "prohibition": "prohibition", "permission": "permission",
    "restriction": "restriction", "encouragement": "encouragement",
}  # fmt: skip
_VI_MODALS = {
    "duty": "nghĩa vụ", "prohibition": "điều cấm", "permission": "quyền",
    "restriction": "hạn chế", "encouragement": "khuyến khích",
}  # fmt: skip
_VI_TYPES = {
    "deadline": "thời hạn", "duration": "thời gian", "period": "định kỳ", "threshold": "ngưỡng",
    "penalty": "mức phạt", "percentage": "tỷ lệ", "count": "số lượng", "date": "ngày",
    "effective_date": "ngày có hiệu lực", "reference": "dẫn chiếu", "scope": "phạm vi",
}  # fmt: skip
_TOPICS = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), english, vietnamese)
    for pattern, english, vietnamese in (
        (r"gỡ\s+bỏ|loại\s+bỏ|ngăn\s+chặn|xóa|xoá|remov\w+|delet\w+", "removal", "gỡ bỏ"),
        (r"lưu\s+(?:trữ|giữ)|retain\w*|stor(?:e|ed|age|ing)|retention", "storage", "lưu trữ"),
        (r"gia\s+hạn|renew\w*|extension", "renewal", "gia hạn"),
        (r"báo\s+cáo|report\w*", "reporting", "báo cáo"),
        (r"thông\s+báo|notif\w+", "notification", "thông báo"),
        (r"khiếu\s+nại|complaints?", "complaint", "khiếu nại"),
        (r"thẩm\s+định|apprais\w+", "appraisal", "thẩm định"),
        (r"trả\s+lời|phản\s+hồi|repl(?:y|ies)|respon[ds]\w*", "reply", "trả lời"),
        (r"đăng\s+ký|regist\w+", "registration", "đăng ký"),
        (r"truy\s+cập|visits?|active\s+recipients", "access", "truy cập"),
        (r"thanh\s+tra|kiểm\s+tra|inspect\w+|audit\w*", "inspection", "kiểm tra"),
        (r"cấp\s+(?:giấy\s+)?phép|licen[cs]\w+", "licensing", "cấp phép"),
        (r"nộp|submi\w+", "submission", "nộp"),
    )
)
_BEFORE, _AFTER = 110, 90


def _number(value: float | str | None, vietnamese: bool) -> str:
    if value is None or isinstance(value, str):
        return str(value or "")
    said = f"{value:,.10g}" if value == int(value) else f"{value:,}"
    return said.translate(str.maketrans(",.", ".,")) if vietnamese else said


def _date(iso: str, vietnamese: bool) -> str:
    if not vietnamese:
        return iso.removeprefix("--")
    parts = [part for part in iso.split("-") if part]
    return "/".join(reversed(parts))


def say(quantity: Quantity, vietnamese: bool = False, with_sign: bool = False) -> str:
    """Say a quantity: "24 hours", "tối đa 24 giờ", "10,000,000 dong"; "“phải”" for a modal word."""
    if quantity.unit == "date":
        return _date(str(quantity.value), vietnamese)
    if not quantity.unit and isinstance(quantity.value, str | None):
        return f"“{quantity.text}”"
    signs = _VI_SIGNS if vietnamese else _EN_SIGNS
    sign = signs.get(quantity.comparator, "") if with_sign else ""
    number = _number(quantity.value, vietnamese)
    if quantity.unit == "percent":
        return f"{sign}{number}%"
    names = _VI_UNITS if vietnamese else _EN_UNITS
    unit = names.get(quantity.unit, quantity.unit)
    if not vietnamese and unit in _PLURAL and quantity.value != 1:
        unit += "s"
    said = f"{sign}{number} {unit}".rstrip()
    if quantity.per:
        per = names.get(quantity.per, quantity.per)
        said += f"/{per}"
    return said


def _topic(change: ValueChange, old_text: str, new_text: str) -> tuple[str, str]:
    """Give what a figure is about, only where the words around it say so on every side."""
    sides = [(change.old, old_text), (change.new, new_text)]
    windows = []
    for quantity, text in sides:
        if quantity is None:
            continue
        at = text.find(quantity.text)
        before = re.split(r"[.;\n]", text[max(0, at - _BEFORE) : at])[-1]
        after = re.split(r"[.;\n]", text[at : at + len(quantity.text) + _AFTER])[0]
        windows.append(before + after)
    for pattern, english, vietnamese in _TOPICS:
        if windows and all(pattern.search(window) for window in windows):
            return f"{english} ", f" {vietnamese}"
    return "", ""


def _arrow(old: Quantity, new: Quantity, vietnamese: bool) -> str:
    signs = old.comparator != new.comparator and old.unit != "date"
    before, after = say(old, vietnamese, signs), say(new, vietnamese, signs)
    if before == after:
        before, after = f"“{old.text}”", f"“{new.text}”"
    return f"{before} → {after}"


_ACTS = {"added": ("added", "thêm"), "removed": ("removed", "bỏ")}


def tell(change: ValueChange, old_text: str, new_text: str) -> tuple[str, str]:
    """Tell one typed change in English and Vietnamese."""
    old, new = change.old, change.new
    if change.type == "modality":
        return _tell_modality(change)
    if change.type == "scope":
        return _tell_scope(change)
    name, name_vi = change.type.replace("effective_date", "date of effect"), _VI_TYPES[change.type]
    if change.type == "reference":
        if old and new:
            return (f"reference “{old.text}” → “{new.text}” points elsewhere",
                    f"dẫn chiếu “{old.text}” → “{new.text}” chỉ đến nơi khác")  # fmt: skip
        one = old or new
        act = _ACTS[change.change]
        return f"reference “{one.text if one else ''}” {act[0]}", (
            f"{act[1]} dẫn chiếu “{one.text if one else ''}”"
        )
    topic, topic_vi = _topic(change, old_text, new_text)
    if old and new:
        return (f"{topic}{name} {_arrow(old, new, False)}",
                f"{name_vi}{topic_vi} {_arrow(old, new, True)}")  # fmt: skip
    one = old or new
    act = _ACTS[change.change]
    if one is None:
        return name, name_vi
    said, said_vi = say(one, with_sign=True), say(one, vietnamese=True, with_sign=True)
    return f"{topic}{name} of {said} {act[0]}", f"{act[1]} {name_vi}{topic_vi} {said_vi}"


def _tell_modality(change: ValueChange) -> tuple[str, str]:
    old, new = change.old, change.new
    if old and new:
        english = f"{_EN_MODALS[str(old.value)]} → {_EN_MODALS[str(new.value)]}"
        vietnamese = f"{_VI_MODALS[str(old.value)]} → {_VI_MODALS[str(new.value)]}"
        said = f" (“{old.text}” → “{new.text}”)"
        return english + said, vietnamese + said
    one = old or new
    modal = str(one.value) if one else ""
    act = _ACTS[change.change]
    said = f" (“{one.text}”)" if one else ""
    return f"{_EN_MODALS[modal]} {act[0]}{said}", f"{act[1]} {_VI_MODALS[modal]}{said}"


def _tell_scope(change: ValueChange) -> tuple[str, str]:
    old, new = change.old, change.new
    one = new or old
    what, term = (one.value, one.text) if one else ("", "")
    if what == "definition":
        if old and new and old.text != new.text:
            return (f"definition of “{old.text}” → “{new.text}”",
                    f"định nghĩa “{old.text}” → “{new.text}”")  # fmt: skip
        verb = {"changed": ("reworded", "sửa")} | _ACTS
        return (f"definition of “{term}” {verb[change.change][0]}",
                f"{verb[change.change][1]} định nghĩa “{term}”")  # fmt: skip
    if what == "application":
        return "field of application reworded", "sửa phạm vi, đối tượng áp dụng"
    before, after = (old.text if old else ""), (new.text if new else "")
    return (f"addressee “{before}” → “{after}”", f"đối tượng “{before}” → “{after}”")


def _intervals_joined(values: Sequence[ValueChange]) -> list[list[ValueChange]]:
    """Put the two bounds of one interval together; everything else stands alone."""
    groups: list[list[ValueChange]] = []
    for value in values:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and len(groups[-1]) == 1
            and value.old
            and value.new
            and last.old
            and last.new
            and value.old.unit != "date"
            and value.old.unit
            and (value.type, value.old.text, value.new.text)
            == (last.type, last.old.text, last.new.text)
            and last.old.comparator.startswith(">")
            and value.old.comparator.startswith("<")
        ):
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups  # fmt: skip


def _tell_all(group: Sequence[ValueChange], texts: tuple[str, str]) -> tuple[str, str]:
    if len(group) == 1:
        return tell(group[0], *texts)
    low, high = group
    topic, topic_vi = _topic(low, *texts)
    sides = [(low.old, high.old), (low.new, high.new)]
    said = " → ".join(_range(a, b, False) for a, b in sides if a and b)
    said_vi = " → ".join(_range(a, b, True) for a, b in sides if a and b)
    return f"{topic}{low.type} {said}", f"{_VI_TYPES[low.type]}{topic_vi} {said_vi}"


def _range(low: Quantity, high: Quantity, vietnamese: bool) -> str:
    return f"{_number(low.value, vietnamese)}–{say(high, vietnamese)}"


def summarise(
    kind: LinkKind,
    places: tuple[str, str],
    values: Sequence[ValueChange],
    texts: tuple[str, str],
    heading: str,
    moved_from: tuple[str, str] | None,
    editorial: bool,
) -> tuple[str, str]:
    """Make the line of a change: (English, Vietnamese).

    `places` is how the provision is called in both languages, `values` gravest first, `texts`
    the old and the new text, `moved_from` its former place where it moved or changed its number.
    """
    english, vietnamese = places
    if kind in ("added", "removed"):
        act, act_vi = _ACTS[kind]
        said, said_vi = f"{english} {act}", f"{act_vi} {vietnamese}"
        if heading:
            said, said_vi = f"{said}: {heading}", f"{said_vi}: {heading}"
        listed = _counted(values)
        return said + listed[0], said_vi + listed[1]
    told, told_vi = [], []
    if kind in ("split", "merged") and moved_from:
        told.append(f"{'split from' if kind == 'split' else 'merged from'} {moved_from[0]}")
        told_vi.append(f"{'tách từ' if kind == 'split' else 'gộp từ'} {moved_from[1]}")
    elif moved_from:
        told.append(f"moved from {moved_from[0]}" if kind == "moved" else f"was {moved_from[0]}")
        told_vi.append(
            f"chuyển từ {moved_from[1]}" if kind == "moved" else f"trước là {moved_from[1]}"
        )
    stated = _intervals_joined(values)
    figures = [_tell_all(group, texts) for group in stated[:2]]
    if len(stated) > 2:
        more = len(stated) - 2
        figures.append((f"and {more} more", f"và {more} thay đổi khác"))
    if not values and kind == "modified":
        figures.append(
            ("spelling or punctuation", "chính tả, dấu câu") if editorial
            else ("wording changed", "sửa câu chữ")
        )  # fmt: skip
    lead = f"{english} ({'; '.join(told)})" if told else english
    lead_vi = f"{vietnamese} ({'; '.join(told_vi)})" if told_vi else vietnamese
    if not figures:
        return lead, lead_vi
    return (f"{lead}: {'; '.join(e for e, _ in figures)}",
            f"{lead_vi}: {'; '.join(v for _, v in figures)}")  # fmt: skip


def _counted(values: Sequence[ValueChange]) -> tuple[str, str]:
    """Tell what an added or removed provision holds: its first figures, and its modality."""
    figures = [v for v in values if v.type not in ("modality", "reference", "scope")]
    modals = [v for v in values if v.type == "modality"]
    english, vietnamese = [], []
    for change in figures[:2]:
        one = change.new or change.old
        if one:
            name = change.type.replace("effective_date", "date of effect")
            english.append(f"{name} {say(one, with_sign=True)}")
            vietnamese.append(f"{_VI_TYPES[change.type]} {say(one, True, True)}")
    if len(figures) > 2:
        english.append(f"{len(figures) - 2} more figures")
        vietnamese.append(f"{len(figures) - 2} con số khác")
    for change in modals:
        one = change.new or change.old
        if one:
            english.append(_EN_MODALS[str(one.value)])
            vietnamese.append(_VI_MODALS[str(one.value)])
    if not english:
        return "", ""
    return f" ({', '.join(english)})", f" ({', '.join(vietnamese)})"

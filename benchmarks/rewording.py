"""Edits of one provision's words: light and heavy rewording, figures, units, modality, dates."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SYNONYMS = {
    "vi": {
        "quy định": "quy chế", "thực hiện": "tiến hành", "bảo đảm": "đảm bảo",
        "cung cấp": "cung ứng", "sử dụng": "dùng", "liên quan": "có liên hệ", "hoặc": "hay",
        "nội dung": "phần nội dung", "theo": "chiếu theo", "gửi": "chuyển", "hồ sơ": "bộ hồ sơ",
        "cơ quan": "cơ quan chức năng", "yêu cầu": "đề nghị", "thông tin": "các thông tin",
        "tổ chức": "các tổ chức", "hoạt động": "việc hoạt động", "bao gồm": "gồm có",
        "khi": "lúc", "trường hợp": "tình huống", "kiểm tra": "rà soát", "phù hợp": "tương thích",
    },
    "en": {
        "ensure": "make sure", "provide": "supply", "information": "particulars", "use": "employ",
        "relevant": "pertinent", "appropriate": "suitable", "in accordance with": "pursuant to",
        "concerning": "regarding", "without undue delay": "promptly", "such": "that kind of",
        "including": "among them", "where": "in cases where", "set out": "laid down",
    },
}  # fmt: skip
_PROTECTED = {
    "vi": frozenset(
        [
            "phải",
            "được",
            "không",
            "cấm",
            "quyền",
            "trách",
            "nhiệm",
            "nghĩa",
            "vụ",
            "khuyến",
            "khích",
            "chỉ",
            "mới",
            "nghiêm",
            "có",
            "thể",
            "cho",
            "phép",
            "buộc",
            "bắt",
            "quá",
            "tối",
            "thiểu",
            "đa",
            "ít",
            "nhất",
            "trên",
            "dưới",
            "từ",
            "đến",
            "trở",
            "lên",
            "xuống",
            "chậm",
            "hạn",
            "trong",
            "vòng",
            "thời",
            "gian",
            "giờ",
            "ngày",
            "tháng",
            "năm",
            "phút",
            "đồng",
            "lần",
            "người",
            "tuổi",
            "làm",
            "việc",
            "phạt",
            "tiền",
            "hiệu",
            "lực",
            "kể",
            "định",
            "kỳ",
            "tù",
            "tước",
            "đình",
            "chỉ",
            "mỗi",
            "là",
            "hơn",
            "vượt",
            "muộn",
            "sớm",
            "đủ",
            "nhiều",
            "thấp",
            "cao",
            "trước",
            "sau",
        ]
    ),
    "en": frozenset(
        [
            "shall",
            "must",
            "may",
            "not",
            "only",
            "prohibited",
            "entitled",
            "right",
            "least",
            "most",
            "exceed",
            "than",
            "within",
            "later",
            "more",
            "less",
            "up",
            "to",
            "over",
            "under",
            "above",
            "below",
            "at",
            "every",
            "each",
            "hours",
            "hour",
            "days",
            "day",
            "months",
            "month",
            "years",
            "year",
            "weeks",
            "week",
            "working",
            "per",
            "cent",
            "from",
            "between",
            "fine",
            "penalty",
            "force",
            "apply",
            "no",
            "can",
            "encouraged",
            "duty",
            "required",
            "obliged",
            "responsible",
            "times",
            "time",
            "million",
            "thousand",
        ]
    ),
}
_CONTENT = re.compile(r"[^\W\d_]{2,}")


def _free(token: str, language: str) -> bool:
    bare = token.strip(".,;:()“”\"'").lower()
    return bool(_CONTENT.fullmatch(bare)) and bare not in _PROTECTED[language]


def reword_lightly(text: str, language: str, vocabulary: Sequence[str], rng: random.Random) -> str:
    """Replace a few words by synonyms, or one or two by others where no synonym fits."""
    fitting = [w for w in SYNONYMS[language] if re.search(rf"(?<!\w){w}(?!\w)", text)]
    rng.shuffle(fitting)
    if fitting:
        for word in fitting[: rng.randint(1, 2)]:
            text = re.sub(rf"(?<!\w){word}(?!\w)", SYNONYMS[language][word], text, count=1)
        return text
    return _replaced(text, language, vocabulary, rng, share=0.08)


def _replaced(
    text: str, language: str, vocabulary: Sequence[str], rng: random.Random, share: float
) -> str:
    parts = re.split(r"(\s+)", text)
    places = [at for at, part in enumerate(parts) if _free(part, language)]
    rng.shuffle(places)
    for at in places[: max(1, round(share * len(places)))]:
        bare = parts[at].strip(".,;:()“”\"'")
        parts[at] = parts[at].replace(bare, rng.choice(vocabulary))
    return "".join(parts)


def reword_heavily(
    text: str, language: str, vocabulary: Sequence[str], rng: random.Random, share: float
) -> str:
    """Replace a share of the free words, drop and insert some, and turn two clauses around."""
    text = _replaced(text, language, vocabulary, rng, share)
    parts = text.split(" ")
    kept = [p for p in parts if not (_free(p, language) and rng.random() < share / 4)]
    for _ in range(round(len(kept) * share / 4)):
        kept.insert(rng.randint(1, len(kept)), rng.choice(vocabulary))
    clauses = " ".join(kept).split(", ")
    plain = [at for at, c in enumerate(clauses[:-1]) if not re.search(r"[\d⟦]", c)]
    if len(plain) >= 2 and rng.random() < 0.5:
        first, second = rng.sample(plain, 2)
        clauses[first], clauses[second] = clauses[second], clauses[first]
    return ", ".join(clauses)


@dataclass(frozen=True, slots=True)
class Edited:
    """A text with one fact changed: what kind of fact, and what it was and became."""

    text: str
    fact: str
    old: str | float
    new: str | float


_UNITS = {
    "vi": r"ngày làm việc|giờ|ngày|tháng|năm|phút|%|lần|đồng|tuổi|bộ|người",
    "en": r"working days|hours|days|months|years|minutes|weeks|%|per cent",
}
_LABELS = {
    "vi": r"(?:điều|khoản|điểm|số|ngày|tháng|năm|mẫu|phụ lục|chương|mục|từ|đến|và|[/.,(-])\s*$",
    "en": r"(?:article|paragraph|point|no|number|annex|from|between|to|and|[/.,(-])\s*$",
}
_OTHER_UNIT = {
    "giờ": "ngày", "ngày": "ngày làm việc", "ngày làm việc": "ngày", "tháng": "năm",
    "năm": "tháng", "phút": "giờ", "hours": "days", "days": "working days",
    "working days": "days", "months": "years", "years": "months", "weeks": "days",
    "minutes": "hours",
}  # fmt: skip
_SIGNS = {
    "vi": {
        "không quá": "tối thiểu", "tối thiểu": "tối đa", "ít nhất": "không quá",
        "tối đa": "tối thiểu", "trên": "dưới", "dưới": "trên",
    },
    "en": {
        "at least": "at most", "no later than": "at the earliest", "more than": "less than",
        "not exceed": "be at least", "up to": "at least",
    },
}  # fmt: skip
SIGN_OF = {
    "không quá": "<=", "tối thiểu": ">=", "ít nhất": ">=", "tối đa": "<=", "trên": ">",
    "dưới": "<", "at least": ">=", "at most": "<=", "more than": ">", "less than": "<",
    "not exceed": "<=", "be at least": ">=", "up to": "<=",
}  # fmt: skip
_MODALS = {
    "vi": (
        ("không được phép", "được phép"), ("không được", "được"), ("có trách nhiệm", "có quyền"),
        ("có nghĩa vụ", "có quyền"), ("có quyền", "có trách nhiệm"), ("được phép", "không được"),
        ("chỉ được", "được"), ("nghiêm cấm", "cho phép"), ("khuyến khích", "phải"),
        ("phải", "có thể"), ("có thể", "phải"),
    ),
    "en": (
        ("shall not", "may"), ("may not", "may"), ("shall", "may"), ("must", "may"),
        ("may", "shall"),
    ),
}  # fmt: skip
MODAL_OF = {
    "không được phép": "prohibition", "không được": "prohibition", "nghiêm cấm": "prohibition",
    "có trách nhiệm": "duty", "có nghĩa vụ": "duty", "phải": "duty", "có quyền": "permission",
    "được phép": "permission", "được": "permission", "cho phép": "permission",
    "có thể": "permission", "chỉ được": "restriction", "khuyến khích": "encouragement",
    "shall not": "prohibition", "may not": "prohibition", "shall": "duty", "must": "duty",
    "may": "permission",
}  # fmt: skip
_NOT_MODAL = {
    "vi": re.compile(
        r"không phải|không có (?:quyền|thể)|không cần|được cấp|bên phải|quá|có thể được"
        r"|không được (?:coi|xem|tính|cấp|quá|vượt|chấp)",
        re.IGNORECASE,
    ),
    "en": re.compile(r"may only|shall only"),
}


def _figures(text: str, language: str) -> list[re.Match[str]]:
    pattern = re.compile(
        rf"(?<![\w/.,⟦])(?P<n>\d{{1,3}}(?:\.\d{{3}})+|\d{{1,4}})(?P<gloss>\s*\([^)\d]{{2,40}}\))?"
        rf"\s*(?P<unit>{_UNITS[language]})(?!\w|\s*\d)"
    )
    label = re.compile(_LABELS[language], re.IGNORECASE)
    return [
        m for m in pattern.finditer(text)
        if not label.search(text[max(0, m.start() - 12) : m.start()])
    ]  # fmt: skip


def _number(said: str) -> int:
    return int(said.replace(".", ""))


def _written(value: int, like: str) -> str:
    if "." in like:
        return f"{value:,}".replace(",", ".")
    return f"{value:0{len(like)}d}" if like.startswith("0") else str(value)


def change_number(text: str, language: str, rng: random.Random) -> Edited | None:
    """Change one figure, its unit kept; words in brackets beside it go."""
    found = _figures(text, language)
    if not found:
        return None
    match = rng.choice(found)
    value = _number(match["n"])
    choices = {value * 2, value + 5, value * 3, max(1, value // 2)} - {value}
    new = rng.choice(sorted(choices))
    said = f"{_written(new, match['n'])} {match['unit']}".replace(" %", "%")
    edited = text[: match.start()] + said + text[match.end() :]
    return Edited(edited, "number", float(value), float(new))


def change_unit(text: str, language: str, rng: random.Random) -> Edited | None:
    """Give one figure another unit."""
    found = [m for m in _figures(text, language) if m["unit"] in _OTHER_UNIT]
    if not found:
        return None
    match = rng.choice(found)
    edited = text[: match.start("unit")] + _OTHER_UNIT[match["unit"]] + text[match.end("unit") :]
    return Edited(edited, "unit", float(_number(match["n"])), float(_number(match["n"])))


def change_sign(text: str, language: str, rng: random.Random) -> Edited | None:
    """Turn one comparator right before a figure round."""
    signs = _SIGNS[language]
    found = []
    for sign in signs:
        figure = rf"\d{{1,3}}(?:\.\d{{3}})*(?:\s*\([^)\d]{{2,40}}\))?\s*(?:{_UNITS[language]})"
        pattern = rf"(?<!\w){sign} (?={figure})"
        found += [(m, sign) for m in re.finditer(pattern, text)]
    found = [
        (m, s) for m, s in found if s == "không quá" or not text[: m.start()].endswith("không ")
    ]
    if not found:
        return None
    match, sign = rng.choice(found)
    new = signs[sign]
    if new not in SIGN_OF:
        return None
    edited = f"{text[: match.start()]}{new} {text[match.end() :]}"
    return Edited(edited, "comparator", SIGN_OF[sign], SIGN_OF[new])


def change_date(text: str, language: str, rng: random.Random) -> Edited | None:
    """Change the month or the year of one date."""
    if language != "vi":
        return None
    found = list(re.finditer(r"ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})", text))
    if not found:
        return None
    match = rng.choice(found)
    day, month, year = (int(part) for part in match.groups())
    new_month, new_year = month % 12 + 1, year + rng.choice((0, 1))
    said = f"ngày {match[1]} tháng {new_month} năm {new_year}"
    edited = text[: match.start()] + said + text[match.end() :]
    old_iso = f"{year}-{month:02}-{day:02}"
    return Edited(edited, "date", old_iso, f"{new_year}-{new_month:02}-{day:02}")


def change_modality(text: str, language: str, rng: random.Random) -> Edited | None:
    """Turn one duty, right or prohibition into another."""
    taken = [m.span() for m in _NOT_MODAL[language].finditer(text)]
    found: list[tuple[int, str, str]] = []
    for old, new in _MODALS[language]:
        for match in re.finditer(rf"(?<!\w){old}(?!\w)", text):
            if not any(low < match.end() and match.start() < high for low, high in taken):
                found.append((match.start(), old, new))
                taken.append(match.span())
    if not found:
        return None
    at, old, new = rng.choice(found)
    edited = text[:at] + new + text[at + len(old) :]
    return Edited(edited, "modality", MODAL_OF[old], MODAL_OF[new])


FACTS: dict[str, Callable[[str, str, random.Random], Edited | None]] = {
    "number": change_number, "unit": change_unit, "comparator": change_sign,
    "date": change_date, "modality": change_modality,
}  # fmt: skip

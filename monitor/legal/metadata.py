"""What a legal text says of itself: title, number, type, issuer, dates, draft or not."""

import re
from dataclasses import dataclass
from datetime import date

from .patterns import Language

_TYPES_VI = {
    "hiến pháp": "constitution", "bộ luật": "law", "luật": "law", "pháp lệnh": "ordinance",
    "nghị định": "decree", "thông tư liên tịch": "circular", "thông tư": "circular",
    "quyết định": "decision", "nghị quyết": "resolution", "chỉ thị": "instruction",
    "văn bản hợp nhất": "consolidation", "lệnh": "order",
}  # fmt: skip
_TYPES_EN = {
    "regulation": "regulation", "directive": "directive", "decree": "decree", "law": "law",
    "circular": "circular", "decision": "decision", "resolution": "resolution",
    "ordinance": "ordinance", "act": "law",
}  # fmt: skip
_CODES = {
    "NĐ": "decree", "TT": "circular", "TTLT": "circular", "QĐ": "decision", "NQ": "resolution",
    "PL": "ordinance", "CT": "instruction", "L": "law", "VBHN": "consolidation",
}  # fmt: skip
_ISSUING = re.compile(
    r"(?:BỘ|ỦY BAN|UỶ BAN|NGÂN HÀNG NHÀ NƯỚC|TÒA ÁN|VIỆN KIỂM SÁT|CHÍNH PHỦ|QUỐC HỘI|"
    r"THỦ TƯỚNG|HỘI ĐỒNG|THANH TRA|KIỂM TOÁN)\b"
)
_ISSUERS = {"CP": "Chính phủ", "TTG": "Thủ tướng Chính phủ", "UBTVQH": "Ủy ban Thường vụ Quốc hội",
            "CTN": "Chủ tịch nước"}  # fmt: skip
_NUMBER_VI = re.compile(
    r"(\d{1,5}\s?/\s?(?:\d{4}\s?/\s?)?(?:(?:NĐ|TT|TTLT|QĐ|NQ|PL|CT|L|VBHN)\s?-\s?[A-ZĐ][A-ZĐa-z-]*\d{0,2}"
    r"|QH\d{1,2}|UBTVQH\d{1,2}|PL-UBTVQH\d{1,2}|VBHN-[A-ZĐ]+))"
)
_NUMBER_LABEL = re.compile(r"(?:Luật số|Số|số)\s*:?\s*")
_NUMBER_EN = re.compile(
    r"\((?:EU|EC|EEC|EU, Euratom)\)\s(?:No\s)?(\d{1,4}/\d{1,4})|COM\((\d{4})\)\s?(\d+)"
    r"|No\.?\s?:?\s?(\d{1,5}/\d{4}/[\w-]+)"
)
_DATE_VI = re.compile(
    r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})|ngày\s+(\d{1,2})[/-](\d{1,2})[/-](\d{4})",
    re.IGNORECASE,
)
_PLACE_DATE_VI = re.compile(
    r"[A-ZĐ]\w+(?:\s[A-ZĐ]\w+){0,4}\s?,\s+(?=ngày\s+\d{1,2}\s+tháng)", re.UNICODE
)
_PASSED_VI = re.compile(r"thông qua\s+(?=ngày)", re.IGNORECASE)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_DATE_EN = re.compile(
    rf"(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})|({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(\d{{4}})",
    re.IGNORECASE,
)
_EFFECTIVE = {
    "vi": re.compile(
        r"(?:(?:Luật|Bộ luật|Nghị định|Thông tư(?: liên tịch)?|Pháp lệnh|Quyết định|Nghị quyết|"
        r"Quy định) này"
        r"\s+(?:có hiệu lực|bắt đầu có hiệu lực)(?: thi hành)?[,]?\s*(?:kể\s+)?(?:từ\s+)?)"
        r"(?=ngày\s+\d)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:shall apply from|enters? into force on|takes? effect (?:on|from)|"
        r"comes? into (?:force|effect) on|in force from)\s+(?=[\dA-Z])"
    ),
}
_DRAFT = re.compile(
    r"^\W*(?:dự thảo|draft\b|proposal for an?\b)|\bdự thảo (?:lần|\d)", re.IGNORECASE | re.MULTILINE
)
_TITLE_STOPS = re.compile(
    r"(?:Căn cứ|Theo đề nghị|Xét đề nghị|CHÍNH PHỦ\Z|QUỐC HỘI\Z|BỘ TRƯỞNG|THỦ TƯỚNG|"
    r"Quốc hội ban hành|Chính phủ ban hành|Having regard|THE EUROPEAN|Pursuant to|\(Ban hành|"
    r"\(Text with|Luật số|Số\s?:|CỘNG H|Hà Nội|Luật này|CĂN CỨ|VĂN BẢN|Chương\s|CHƯƠNG\s|HĐ|"
    r"Thông tư số|Nghị định số|Luật .{3,80} số)"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was read; empty strings where the text does not say."""

    title: str = ""
    number: str = ""
    type: str = ""
    issuer: str = ""
    date: str = ""
    effective_date: str = ""
    draft: bool = False


def read_metadata(lead: list[str], body: str, ending: list[str], language: Language) -> Metadata:
    """Read what a text says of itself.

    `lead` are the lines before the first provision, `body` the text of the provisions,
    `ending` the lines of the signature. Dates are ISO dates.
    """
    head = [line for line in lead if line]
    joined = "\n".join(head)[:20_000]
    title, kind = _title(head, language)
    number = _number(head, language)
    if not kind:
        kind = _type_of_number(number)
    if not kind:
        kind = _type_of_body(body, language)
    return Metadata(
        title=title,
        number=number,
        type=kind,
        issuer=_issuer(head, number, joined, language),
        date=_signed(joined, "\n".join(ending), number, language),
        effective_date=_effective(body, language),
        draft=bool(_DRAFT.search("\n".join(head[:25])[:2_000])),
    )


def iso_date(text: str, language: Language) -> str:
    """Give the first date in the text as an ISO date, "" if there is none or it is impossible."""
    match = (_DATE_VI if language == "vi" else _DATE_EN).search(text)
    if match is None:
        return ""
    groups = [group for group in match.groups() if group]
    if language == "vi":
        day, month, year = (int(group) for group in groups)
    elif groups[0].isdigit():
        day, month, year = int(groups[0]), _MONTHS.index(groups[1].lower()) + 1, int(groups[2])
    else:
        day, month, year = int(groups[1]), _MONTHS.index(groups[0].lower()) + 1, int(groups[2])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def type_word(text: str, language: Language) -> str:
    """Give our word for an instrument's type that a line begins with, "" if with none."""
    low = text.lower().strip(" :")
    for word, kind in (_TYPES_VI if language == "vi" else _TYPES_EN).items():
        if low == word or low.startswith((word + " ", word + ":")):
            return kind
    return ""


def _title(head: list[str], language: Language) -> tuple[str, str]:
    """The line in capitals that names the type, and what follows it, is the title."""
    for index, line in enumerate(head):
        bare = re.sub(r"^(?:DỰ THẢO|Dự thảo)\s+", "", line)
        kind = type_word(bare, language)
        if not kind or not _names_type(bare, language) or _TITLE_STOPS.match(bare):
            continue
        parts = [line.strip(" :")]
        for following in head[index + 1 : index + 9]:
            if _TITLE_STOPS.match(following) or set(following) <= set("-_–— *."):
                break
            if type_word(following, language) and following.isupper() and len(following) < 20:
                break
            if following.endswith((";", ":")) or _NUMBER_LABEL.match(following):
                break
            parts.append(following)
            if following.endswith("."):
                break
        return " ".join(parts), kind
    return "", ""


def _names_type(line: str, language: Language) -> bool:
    if language == "en":
        return line.isupper() or bool(re.match(r"(?:Regulation|Directive|Decision)\b", line))
    first = line.split()[0] if line.split() else ""
    return (first.isupper() and not line.endswith((";", ":", "./."))) or line.strip(" :") == first


def _number(head: list[str], language: Language) -> str:
    if language == "en":
        for line in head:
            match = _NUMBER_EN.search(line)
            if match:
                return match[1] or (f"COM({match[2]}) {match[3]}" if match[2] else match[4])
    for line in head[:40]:
        match = _NUMBER_VI.search(line)
        if match is None or line[: match.start()].rstrip().endswith("/"):
            # A draft leaves its number blank: "Số:      /2031/NĐ-CP" names only the year.
            continue
        if _NUMBER_LABEL.match(line) or match.start() == 0 or _alone(line, match):
            return re.sub(r"\s+", "", match[1])
    return ""


def _alone(line: str, match: re.Match[str]) -> bool:
    before = line[: match.start()]
    return bool(re.search(r"(?:Số|số|Luật số)\s*:?\s*$", before)) and len(before) < 40


def _type_of_number(number: str) -> str:
    code = re.search(r"/([A-ZĐ]+)(?:-|\d|$)", number)
    if code is None:
        return ""
    if code[1] in ("QH", "UBTVQH"):
        return "law"
    return _CODES.get(code[1], "")


def _type_of_body(body: str, language: Language) -> str:
    if language == "en":
        match = re.search(
            r"\bThis (Regulation|Directive|Decree|Law|Circular|Decision)\b", body[:50_000]
        )
        return _TYPES_EN[match[1].lower()] if match else ""
    match = re.search(
        r"\b(Nghị định|Luật|Bộ luật|Thông tư liên tịch|Thông tư|Pháp lệnh|Quyết định|"
        r"Nghị quyết) này\b",
        body[:200_000],
    )
    return _TYPES_VI[match[1].lower()] if match else ""


def _issuer(head: list[str], number: str, joined: str, language: Language) -> str:
    if language == "en":
        match = re.search(
            r"THE EUROPEAN PARLIAMENT AND THE COUNCIL|EUROPEAN COMMISSION|GOVERNMENT", joined
        )
        return match[0].title().replace("And The", "and the") if match else ""
    tail = number.rsplit("-", 1)[-1].upper() if "-" in number else ""
    if tail in _ISSUERS:
        return _ISSUERS[tail]
    if re.search(r"/QH\d+$", number):
        return "Quốc hội"
    if "UBTVQH" in number:
        return _ISSUERS["UBTVQH"]
    for line in head[:25]:
        bare = line.strip(" -–_*")
        if _ISSUING.match(bare) and bare.isupper():
            return _as_written(re.sub(r"^BỘ TRƯỞNG\s+", "", bare), joined)
    match = re.search(r"^(Quốc hội|Chính phủ) ban hành", joined, re.MULTILINE)
    return match[1] if match else ""


def _as_written(capitals: str, joined: str) -> str:
    """Give a name in capitals as the text writes it elsewhere, else with one capital."""
    spaced = " ".join(joined.split())
    pattern = re.compile(re.escape(capitals), re.IGNORECASE)
    written = next((m[0] for m in pattern.finditer(spaced) if not m[0].isupper()), "")
    return written or capitals[:1] + capitals[1:].lower()


def _signed(joined: str, ending: str, number: str, language: Language) -> str:
    """The place and date of signing; for a law the day it was passed."""
    if language == "en":
        match = re.search(r"\bof\s+(?=\d{1,2} \w+ \d{4})|Brussels,\s+(?=\d)", joined)
        return iso_date(joined[match.end() :][:40], language) if match else ""
    found = _PLACE_DATE_VI.search(joined[:3_000]) or _PLACE_DATE_VI.search(ending)
    if found:
        source = joined if _PLACE_DATE_VI.search(joined[:3_000]) else ending
        return iso_date(source[found.end() :][:60], language)
    passed = _PASSED_VI.search(ending)
    if passed:
        return iso_date(ending[passed.end() :][:60], language)
    if number:
        own = re.search(re.escape(number) + r"\s+(?=ngày)", joined + "\n" + ending)
        if own:
            return iso_date((joined + "\n" + ending)[own.end() :][:60], language)
    return ""


def _effective(body: str, language: Language) -> str:
    for match in _EFFECTIVE[language].finditer(body):
        found = iso_date(body[match.end() : match.end() + 60], language)
        if found:
            return found
    return ""

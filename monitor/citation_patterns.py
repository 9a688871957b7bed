"""The patterns by which texts name legal instruments, Vietnamese and English.

Every repetition is bounded, so that a search stays linear in the length of the text.
"""

import re
from functools import lru_cache

from monitor.citation_dates import ENGLISH_DATE, VIETNAMESE_DATE
from monitor.instruments import SUFFIX, YEAR, by_name

TYPES = {
    "nghị định": "decree",
    "nđ": "decree",
    "decree": "decree",
    "thông tư liên tịch": "circular",
    "thông tư": "circular",
    "tt": "circular",
    "circular": "circular",
    "quyết định": "decision",
    "qđ": "decision",
    "decision": "decision",
    "nghị quyết": "resolution",
    "nq": "resolution",
    "resolution": "resolution",
    "chỉ thị": "directive",
    "directive": "directive",
    "pháp lệnh": "ordinance",
    "ordinance": "ordinance",
    "bộ luật": "law",
    "luật": "law",
    "law": "law",
}

_VIETNAMESE = (
    r"nghị\s{1,2}định|thông\s{1,2}tư(?:\s{1,2}liên\s{1,2}tịch)?|quyết\s{1,2}định"
    r"|nghị\s{1,2}quyết|chỉ\s{1,2}thị|pháp\s{1,2}lệnh|(?:bộ\s{1,2})?luật|(?-i:NĐ|TT|QĐ|NQ)"
)
_ENGLISH = r"decree|circular|decision|resolution|directive|ordinance|law"
_COUNTED = r"\s{0,2}(?:số|no\.?|number)?\s?:?\s{0,2}"
_PARTY = r"\s?-\s?(?:NQ|CT|QĐ|KL)\s?/\s?TW"

NUMBERED = re.compile(
    rf"(?<!\w)(?P<type>{_VIETNAMESE}|{_ENGLISH})(?P<counted>{_COUNTED})"
    rf"(?<!\w)(?P<number>\d{{1,5}}(?:\.\d{{1,3}}(?=\s?/))?)"
    rf"(?:\s?/\s?(?P<year>{YEAR}))?(?:\s?/\s?(?P<suffix>{SUFFIX})|(?P<party>{_PARTY}))?"
    rf"(?:\s(?:năm|of|\(năm)\s(?P<after>{YEAR}))?(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)

# What may follow when one word introduces several numbers: "Decrees 14/2025 and 83/2025".
CONTINUED = re.compile(
    rf"\s{{0,2}}(?:,|;|và|and|&)\s{{0,2}}(?:số\s|no\.?\s?)?"
    rf"(?P<number>\d{{1,5}})\s?/\s?(?P<year>{YEAR})(?:\s?/\s?(?P<suffix>{SUFFIX}))?(?![\w/])",
    re.IGNORECASE,
)

# A law by any title, identified by the number or the year behind it. The title begins with a
# capital, which keeps "luật sư", "pháp luật" and "kỷ luật" out, and runs over no verb.
_TITLE_WORD = (
    r"(?:,?\s(?!(?:vừa|được|có|sẽ|từ|đã|đang|của|do|ngày|tháng|năm|trong|tại|thông|theo|để|này"
    r"|hiện|tuyển|khóa|khoá|dự|trình|cuối|đầu)\s)[^\W\d_]{1,12})"
)
TITLED = re.compile(
    r"(?<!\w)(?<!học\s)(?<!hoa\s)(?<!ành\s)(?P<type>(?:Bộ\s)?[Ll]uật)"
    rf"\s(?P<title>[A-ZÀÁẢÂĂĐÊÍÔƠÚƯÝẤẨẮỐỔỦỨỦỶ][^\W\d_]{{0,12}}{_TITLE_WORD}{{0,13}}?)\s"
    rf"(?:\(?(?:sửa\sđổi|mới)\)?\s)?(?:\(?số:?\s?(?P<number>\d{{1,3}})\s?/\s?(?P<numbered>{YEAR})"
    rf"\s?/\s?(?P<suffix>QH\d{{1,2}})\)?|\(?(?:năm\s)?(?P<year>{YEAR})\)?(?![\w/]|[.,-]\d))"
)

_DECREE_DATED = (
    r"(?P<type_en>decree|circular|decision|resolution|directive)(?:\s[\w’'-]{1,20}){0,6}?,?\s"
    r"(?:(?:was\s|were\s|that\swas\s)?(?:issued|signed|dated|promulgated|released|announced"
    r"|adopted|approved)(?:\son|\sby(?:\s\w{1,20}){1,5}\son)?|of)\s"
)
DATED = re.compile(
    rf"(?<!\w)(?:{_DECREE_DATED}(?P<date_en>{ENGLISH_DATE})"
    rf"|(?P<date_first>{ENGLISH_DATE})(?:['’]s)?\s(?P<type_last>decree|circular|directive)(?!\w)"
    rf"|(?P<type_vi>nghị\sđịnh|thông\stư|quyết\sđịnh|chỉ\sthị|nghị\squyết)(?:\s[^\W\d_]{{1,12}}){{0,4}}?\s"
    rf"(?:ban\shành|được\ský|ký)(?:\s(?:hôm|vào|từ))?\s(?:ngày\s)?(?P<date_vi>{VIETNAMESE_DATE}))",
    re.IGNORECASE,
)

TRAILING_DATE = re.compile(
    rf",?\s{{1,2}}\(?(?:(?:ban\shành\s|ký\s)?ngày\s(?P<vi>{VIETNAMESE_DATE})"
    rf"|(?:dated|issued|signed|promulgated|of)\s(?:on\s)?(?P<en>{ENGLISH_DATE}))",
    re.IGNORECASE,
)

VIETNAM = re.compile(
    r"việt\s{0,2}nam|viet\s{0,2}nam|hà\snội|hanoi|ho\schi\sminh|NĐ-CP|ND-CP|QH1\d", re.IGNORECASE
)
_FOREIGN = (
    r"china|chinese|beijing|singapore|thai(?:land)?|indonesia|malaysia|philippine|cambodia|lao"
    r"|japan|korea|india|myanmar|russia|eu\b|europe|australia|american?\b|u\.?s\.?\b|british|u\.?k\.?\b"
)
FOREIGN_BEFORE = re.compile(
    rf"(?<!\w)(?:{_FOREIGN})\w{{0,6}}(?:['’]s)?(?:\s\w{{1,12}}){{0,2}}\s?$", re.IGNORECASE
)
FOREIGN_AFTER = re.compile(
    rf"\s(?:in|of)\s(?:the\s)?(?:{_FOREIGN})"
    r"|\s(?:của|ở|tại)\s(?:nước\s)?(?:Trung\sQuốc|Singapore|Thái\sLan|Indonesia|Malaysia|Lào|Mỹ|Anh"
    r"|Nhật|Hàn\sQuốc|Ấn\sĐộ|Úc|Australia|Campuchia|Nga|EU|châu\sÂu)",
    re.IGNORECASE,
)
DRAFT_BEFORE = re.compile(
    r"(?:dự\s(?:thảo|án)|xây\sdựng|draft|bill|proposed)(?:\s(?:of|the|for|a|an|new))*\s$",
    re.IGNORECASE,
)
DRAFT_AFTER = re.compile(r"\s\(?(?:sửa\sđổi|amended|revised|amendments?|bill|draft)", re.IGNORECASE)
NEW_BEFORE = re.compile(r"\bnew(?:ly)?(?:\s\w{1,12})?\s$", re.IGNORECASE)
NEW_AFTER = re.compile(r"\s\(?mới", re.IGNORECASE)
INDEFINITE = re.compile(r"\b(?:a|an|any)\s(?:new\s)?$", re.IGNORECASE)
PASSED = re.compile(r"\b(?:pass|approv|adopt|enact|effect|thông\squa|ban\shành)", re.IGNORECASE)
ISSUED_BY_MINISTRY = re.compile(
    r"(?:\s\S{1,12}){0,3}\s(?:của|by|of|from)\s(?:the\s)?(?:bộ|ministry\sof)\s"
)
SENTENCE_YEAR = re.compile(rf"(?<![\d/]){YEAR}(?![\d/])")

_ARTICLE_VI = r"Điều\s{1,2}(?P<a>\d{1,3}\s?[a-zđ]?)(?!\w)"
_PARA_VI = r"khoản\s{1,2}(?P<p>\d{1,2}\s?[a-zđ]?)(?!\w)"
_POINT_VI = r"(?:các\s)?điểm\s{1,2}(?P<q>[a-zđ](?:(?:,|\svà)\s(?:điểm\s)?[a-zđ](?!\w)){0,12})(?!\w)"


def _named(pattern: str, suffix: str) -> str:
    return re.sub(r"\(\?P<([apq])>", rf"(?P<\g<1>{suffix}>", pattern)


_CHAIN_VI = (
    _named(rf"(?:(?:{_POINT_VI},?\s)?{_PARA_VI},?\s)?{_ARTICLE_VI}", "1")
    + "|"
    + _named(rf"{_ARTICLE_VI},?\s{_PARA_VI}(?:,?\s{_POINT_VI})?", "2")
)
_CHAIN_EN = (
    r"(?:(?:Points?\s\(?(?P<q3>[a-zđ])\)?,?\s(?:of\s)?)?"
    r"(?:Clause|Paragraph)\s\(?(?P<p3>\d{1,2}[a-zđ]?)\)?,?\s(?:of\s)?)?"
    r"Article\s(?P<a3>\d{1,3}[a-zđ]?)(?:[.(](?P<p4>\d{1,2})\)?)?(?:[.(](?P<q4>[a-zđ])\)?)?"
)
CHAIN = rf"(?<!\w)(?:{_CHAIN_VI}|{_CHAIN_EN})"
PROVISION_BEFORE = re.compile(
    rf"(?:{CHAIN})(?:,|\scủa|\sthuộc|\stại|\sof|\sin|\sunder|\sfrom)?"
    r"(?:\s(?:the|Vietnam[’']s|Viet\sNam[’']s|the\sVietnamese|Vietnamese))?\s{1,2}$",
    re.IGNORECASE,
)
PROVISION = re.compile(CHAIN, re.IGNORECASE)
SELF_REFERENCE = re.compile(
    r",?\s{1,2}(?:của\s|of\s)?(?:(?:nghị\sđịnh|luật|thông\stư|bộ\sluật|quyết\sđịnh|điều|pháp\slệnh"
    r"|nghị\squyết)\snày|this\s\w)|\s(?:này|nêu\strên)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def titles() -> re.Pattern[str]:
    """Return the pattern of the known laws' names, with a year before or behind them."""
    names = sorted(by_name(), key=len, reverse=True)
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"\s{1,2}") for name in names)
    return re.compile(
        rf"(?<!\w)(?:(?P<before>{YEAR})[ ])?(?P<name>{alternatives})(?!\w)(?!\scá\snhân)"
        rf"(?:,?\s\(?(?:(?:năm\s|of\s)?(?P<year>{YEAR})(?![\w/]|[.,-]\d)"
        rf"|(?:(?:luật\s)?số:?\s?|no\.?\s?)?(?P<number>\d{{1,3}})\s?/\s?(?P<numbered>{YEAR})\s?/\s?"
        r"(?P<suffix>QH\d{1,2}))\)?)?",
        re.IGNORECASE,
    )

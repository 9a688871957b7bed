"""The words by which a text states quantities, in Vietnamese and in English."""

import re
from dataclasses import dataclass
from functools import cache

from monitor.legal.readnumber import EN_SCALES, EN_WORDS, VI_SCALES, VI_WORDS

TIME_UNITS = frozenset(
    {"second", "minute", "hour", "day", "working_day", "week", "month", "quarter", "year"}
)
MONEY_UNITS = frozenset({"dong", "usd", "eur"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's patterns; every comparator pattern is searched right before a number.

    `units` and `comparators` are tried in order, so longer ones stand first. `closing` are
    comparators that follow the unit ("trở lên").
    """

    number: re.Pattern[str]
    scales: dict[str, int]
    units: tuple[tuple[re.Pattern[str], str], ...]
    noun: re.Pattern[str]
    comparators: tuple[tuple[re.Pattern[str], str], ...]
    closing: tuple[tuple[re.Pattern[str], str], ...]
    limit: re.Pattern[str]
    lasting: re.Pattern[str]
    anchor: re.Pattern[str]
    periodic_before: re.Pattern[str]
    periodic_after: re.Pattern[str]
    per_before: re.Pattern[str]
    per_after: re.Pattern[str]
    penalty: re.Pattern[str]
    sanction: re.Pattern[str]
    in_force: re.Pattern[str]
    interval_start: re.Pattern[str]
    interval_join: re.Pattern[str]
    label: re.Pattern[str]


def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _patterns(
    pairs: list[tuple[str, str]], template: str
) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(template % p, re.IGNORECASE), name) for p, name in pairs)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BEFORE = r"(?<!\w)(?:%s)(?:[\s:(]+(?:là\)?|có|vào|trong|sau|số|đến|of|the|a|an|be|is))*[\s:]*$"
_AT = r"\s*(?:%s)(?!\w)"


def _vietnamese() -> Lexicon:
    word = rf"(?:{_alternatives(VI_WORDS)})"
    scale = rf"(?:{_alternatives(tuple(VI_SCALES))})"
    figures = r"\d+(?:[.,]\d+)*"
    return Lexicon(
        number=_compile(
            rf"(?<![\w./-])(?:(?P<figures>{figures})(?:\s*\((?P<gloss>[^()]{{1,60}})\))?"
            rf"|(?P<words>{word}(?:\s+{word})*)(?:\s*\((?P<digits>{figures})\))?)"
            rf"(?:\s*(?P<scale>{scale}(?:\s+{scale})*)(?!\w))?(?![\w/])"
        ),
        scales=VI_SCALES,
        units=_patterns(
            [
                (r"ngày\s+làm\s+việc", "working_day"),
                (r"giây", "second"),
                (r"phút", "minute"),
                (r"giờ(?!\s+làm\s+việc)|tiếng", "hour"),
                (r"ngày", "day"),
                (r"tuần(?:\s+lễ)?", "week"),
                (r"tháng\s+tuổi", "months of age"),
                (r"tháng", "month"),
                (r"quý", "quarter"),
                (r"năm(?!\s*\d)", "year"),
                (r"tuổi", "years of age"),
                (r"đồng(?!\s+(?:thời|bộ|ý))|VNĐ|VND|đ(?=[\s,.;)]|$)", "dong"),
                (r"đô\s+la(?:\s+Mỹ)?|USD", "usd"),
                (r"euro|EUR", "eur"),
                (r"phần\s+trăm|%", "percent"),
                (r"lần", "time"),
                (r"lượt\s+truy\s+cập", "lượt truy cập"),
                (r"lượt\s+người(?:\s+(?:truy\s+cập|sử\s+dụng))?", "lượt người"),
                (r"lượt", "lượt"),
                (r"người\s+theo\s+dõi", "người theo dõi"),
                (r"người\s+(?:sử\s+dụng|dùng)", "người sử dụng"),
                (r"người\s+chơi", "người chơi"),
                (r"người", "người"),
                (r"thư\s+điện\s+tử", "thư điện tử"),
                (r"tin\s+nhắn", "tin nhắn"),
                (r"cuộc\s+gọi", "cuộc gọi"),
                (r"tài\s+khoản", "tài khoản"),
                (r"thuê\s+bao", "thuê bao"),
                (r"km2|km²", "km2"), (r"m2|m²|mét\s+vuông", "m2"),
                (r"km|ki\s*lô\s*mét", "km"), (r"cm", "cm"), (r"mm", "mm"), (r"m|mét", "m"),
                (r"kg", "kg"), (r"tấn", "tấn"), (r"kbps|Kb/s", "kbps"), (r"Mbps|Mb/s", "Mbps"),
                (r"MB", "MB"), (r"GB", "GB"), (r"TB", "TB"), (r"°C", "°C"),
            ],
            _AT,
        ),
        noun=_compile(
            r"[^\S\n]+((?:bộ|bản|chiếc|cái|tờ|tập|quyển|dòng|đợt|buổi|kỳ|vụ|ca|trường\s+hợp)(?!\w)"
            r"|(?!(?:đến|tới|và|hoặc|hay|trong|thì|là|của|được|phải|kể|trở|tại|theo|nếu|với|để"
            r"|từ|cho|do|ở|trên|dưới|khi|nhưng)(?!\w))[^\W\d_]+(?:[^\S\n]+[^\W\d_]+)?)"
        ),
        comparators=_patterns(
            [
                (r"không\s+(?:được\s+)?(?:quá|vượt\s+quá|muộn\s+hơn|chậm\s+hơn|trễ\s+hơn|lớn\s+hơn"
                 r"|nhiều\s+hơn|cao\s+hơn|dài\s+hơn|hơn)|chậm\s+nhất(?:\s+là)?(?:\s+không\s+quá)?"
                 r"|muộn\s+nhất|tối\s+đa|nhiều\s+nhất|cao\s+nhất|lâu\s+nhất|trong\s+vòng"
                 r"|trong\s+(?:thời\s+hạn|thời\s+gian)|chưa\s+quá", "<="),
                (r"không\s+(?:được\s+)?(?:dưới|ít\s+hơn|thấp\s+hơn|nhỏ\s+hơn|sớm\s+hơn|ngắn\s+hơn)"
                 r"|tối\s+thiểu|ít\s+nhất|sớm\s+nhất|thấp\s+nhất", ">="),
                (r"trên|quá|vượt\s+quá|vượt|hơn|lớn\s+hơn|nhiều\s+hơn|cao\s+hơn", ">"),
                (r"dưới|chưa\s+đến|chưa\s+đủ|nhỏ\s+hơn|ít\s+hơn|thấp\s+hơn", "<"),
                (r"từ\s+đủ|đủ", ">="),
            ],
            _BEFORE,
        ),
        closing=_patterns([(r"trở\s+lên|hoặc\s+nhiều\s+hơn", ">="),
                           (r"trở\s+xuống|trở\s+lại|hoặc\s+ít\s+hơn", "<=")],
                          r"(?:\s+[^\W\d_]+){0,4}?\s+(?:%s)(?!\w)"),
        limit=_compile(
            r"(?<!\w)(?:chậm\s+nhất|muộn\s+nhất|không\s+(?:muộn|chậm|trễ)\s+hơn|trong\s+vòng"
            r"|trong\s+thời\s+hạn|trong\s+thời\s+gian)(?!\w)(?:[\s(]+[^\W\d_]+\)?){0,3}[\s:]*$"
        ),
        lasting=_compile(
            r"(?<!\w)(?:có\s+thời\s+hạn|hiệu\s+lực|thời\s+hạn\s+(?:của|sử\s+dụng|tối\s+đa)"
            r"|lưu\s+(?:trữ|giữ)|gia\s+hạn)(?:\s+[^\W\d_]+){0,8}\s*$"
        ),
        anchor=_compile(
            r"(?:(?:\s+[^\W\d_]+){0,2}?\s*[,(]?\s*)?(?<!\w)"
            r"(?P<anchor>(?:kể\s+từ|tính\s+từ|sau\s+khi|kể\s+cả|từ\s+(?:ngày|khi|thời\s+điểm)"
            r"|trước\s+(?:khi|ngày|thời\s+điểm)|khi\s+có|sau\s+ngày)(?!\w)[^,;.:()]{0,160})"
        ),
        periodic_before=_compile(
            r"(?<!\w)(?:(?:định\s+kỳ|mỗi|cứ)(?:\s+[^\W\d_]+){0,2}"
            r"|(?:trung\s+bình|bình\s+quân)(?:\s+[^\W\d_]+){0,3})\s*$"
        ),
        periodic_after=_compile(r"\s*/?\s*(?:một|01|1)\s+lần(?!\w)|\s*/\s*lần(?!\w)|\s+liên\s+tục"),
        per_before=_compile(
            r"(?:(?<!\w)mỗi\s+(?P<word>lần|giờ|ngày|tuần|tháng|quý|năm|người|tài\s+khoản)"
            r"|(?P<unused>(?!)))(?:\s+[^\W\d_]+){0,3}\s*$"
        ),
        per_after=_compile(
            r"(?:\s+trở\s+lên|\s+trở\s+xuống)?(?:\s+trong\s+24\s+giờ)?\s*(?:/|(?:trong\s+)?mỗi\s+|trong\s+(?:vòng\s+)?"
            r"(?:01|1|một)?\s*(?:\(một\)\s*)?|một\s+|hàng\s+|hằng\s+)"
            r"(?P<word>giây|phút|giờ|ngày|tuần|tháng|quý|năm|lần)(?!\w|\s+làm\s+việc)"
        ),
        penalty=_compile(r"(?<!\w)(?:phạt|mức\s+phạt|bị\s+phạt|tiền\s+phạt|xử\s+phạt)(?!\w)"),
        sanction=_compile(r"(?<!\w)(?:phạt\s+tù|phạt\s+cải\s+tạo|tước\s+quyền|đình\s+chỉ)(?!\w)"),
        in_force=_compile(r"hiệu\s+lực"),
        interval_start=_compile(r"(?<!\w)(?:từ|khoảng)(?:\s+(?:trên|đủ))?\s*$"),
        interval_join=_compile(
            r"\s*(?:đến|tới|-)\s*(?:dưới\s+|không\s+quá\s+|hết\s+|và\s+bằng\s+)?$"
        ),
        label=_compile(
            r"(?<!\w)(?:điều|khoản|điểm|chương|mục|tiểu\s+mục|phần|phụ\s+lục|mẫu(?:\s+số)?"
            r"|biểu(?:\s+mẫu)?(?:\s+số)?|bảng|hình|số|cột|dòng|trang|nhóm|loại|hạng|cấp|bậc|quý"
            r"|kỳ|khóa|khoá|lớp|phiên\s+bản|ISO(?:/IEC)?|TCVN|QCVN|thứ|tháng|fax|điện\s+thoại)"
            r"\s*[:.]?\s*$"
        ),
    )  # fmt: skip


def _english() -> Lexicon:
    word = rf"(?:{_alternatives(EN_WORDS)})"
    scale = rf"(?:{_alternatives(tuple(EN_SCALES))})"
    figures = r"\d+(?:(?:[.,]|[ \u00a0\u202f](?=\d{3}(?!\d)))\d+)*"
    return Lexicon(
        number=_compile(
            rf"(?<![\w./-])(?:(?P<figures>{figures})(?:\s*\((?P<gloss>[^()]{{1,60}})\))?"
            rf"|(?P<words>{word}(?:[\s-]+{word})*)(?:\s*\((?P<digits>{figures})\))?)"
            rf"(?:\s*(?P<scale>{scale})(?!\w))?(?![\w/])"
        ),
        scales=EN_SCALES,
        units=_patterns(
            [
                (r"working\s+days?|business\s+days?", "working_day"),
                (r"seconds?", "second"), (r"minutes?", "minute"), (r"hours?", "hour"),
                (r"(?:calendar\s+)?days?", "day"), (r"weeks?", "week"), (r"months?", "month"),
                (r"quarters?", "quarter"), (r"years?\s+(?:of\s+age|old)", "years of age"),
                (r"years?", "year"), (r"VND|dongs?|đồng", "dong"), (r"USD|US\s+dollars?", "usd"),
                (r"EUR|euros?", "eur"), (r"%|per\s?cent|percent", "percent"),
                (r"times?", "time"), (r"followers?", "followers"),
                (r"(?:average\s+monthly\s+)?active\s+recipients", "active recipients"),
                (r"users?", "users"), (r"visits?", "visits"), (r"persons?|people", "persons"),
            ],
            _AT,
        ),
        noun=_compile(
            r"[^\S\n]+(?!(?:to|and|or|of|in|on|at|by|the|a|an|is|are|shall|may|for|from|with|as|if"
            r"|that|which|who|when|than|per)(?!\w))([^\W\d_]+)"
        ),
        comparators=_patterns(
            [
                (r"not\s+(?:exceed|exceeding|more\s+than|later\s+than|longer\s+than|above|over"
                 r"|be\s+longer\s+than)|no\s+(?:later|more|longer)\s+than|at\s+most|up\s+to|within"
                 r"|a\s+maximum\s+of|maximum(?:\s+of)?|at\s+the\s+latest", "<="),
                (r"not\s+(?:less|fewer|lower)\s+than|no\s+(?:less|fewer)\s+than|at\s+least"
                 r"|a\s+minimum\s+of|minimum(?:\s+of)?|equal\s+to\s+or\s+higher\s+than|not\s+below",
                 ">="),
                (r"more\s+than|exceeding|exceeds?|above|over|higher\s+than|greater\s+than", ">"),
                (r"less\s+than|fewer\s+than|below|under|lower\s+than", "<"),
            ],
            _BEFORE,
        ),
        closing=_patterns([(r"or\s+(?:more|above|over|older)", ">="),
                           (r"or\s+(?:less|fewer|below|under)", "<=")],
                          r"(?:\s+[^\W\d_]+){0,4}?\s+(?:%s)(?!\w)"),
        limit=_compile(
            r"(?<!\w)(?:within|no\s+later\s+than|not\s+later\s+than|at\s+the\s+latest|by)"
            r"(?!\w)(?:\s+[^\W\d_]+){0,3}\s*$"
        ),
        lasting=_compile(
            r"(?<!\w)(?:for(?:\s+a\s+period\s+of)?|valid|duration\s+of|retain(?:ed)?|stored?|kept?)"
            r"(?:\s+[^\W\d_]+){0,4}\s*$"
        ),
        anchor=_compile(
            r"(?:\s+[^\W\d_]+){0,2}?\s*,?\s*(?<!\w)(?P<anchor>(?:from|after|of|before|following"
            r"|prior\s+to|as\s+of|starting)(?!\w)[^,;.:()]{0,160})"
        ),
        periodic_before=_compile(r"(?<!\w)(?:every|each)(?:\s+[^\W\d_]+)?\s*$"),
        periodic_after=_compile(r"(?!)"),
        per_before=_compile(r"(?<!\w)(?:(?:every|each)\s+(?P<word>day|week|month|year))\s*$"),
        per_after=_compile(
            r"\s*(?:/|per\s+|(?:in\s+)?(?:a|each|every)\s+|in\s+(?:any\s+)?one\s+)"
            r"(?P<word>second|minute|hour|day|week|month|quarter|year)(?!\w)"
        ),
        penalty=_compile(r"(?<!\w)(?:fine[sd]?|penalt(?:y|ies)|periodic\s+penalty)(?!\w)"),
        sanction=_compile(r"(?<!\w)(?:imprisonment|suspen(?:d|ded|sion))(?!\w)"),
        in_force=_compile(
            r"(?:enters?|entry)\s+into\s+force|takes?\s+effect|shall\s+apply\s+from"
            r"|appl(?:y|ies)\s+from|effective"
        ),
        interval_start=_compile(r"(?<!\w)(?:from|between)\s*(?:VND|USD|EUR)?\s*$"),
        interval_join=_compile(r"\s*(?:to|and|-)\s*(?:VND|USD|EUR)?\s*$"),
        label=_compile(
            r"(?<!\w)(?:articles?|paragraphs?|points?|clauses?|sections?|chapters?|annex(?:es)?"
            r"|appendix|parts?|titles?|recitals?|no\.?|number|tables?|forms?|regulation"
            r"|directive|decree|decision|version|ISO(?:/IEC)?|subparagraphs?)\s*(?:\((?:EU|EC|EEC)\))?"
            r"(?:\s*no\.?)?\s*$"
        ),
    )  # fmt: skip


@cache
def lexicon(language: str) -> Lexicon:
    """Give the patterns of a language, "vi" or "en"; anything else reads as English."""
    return _vietnamese() if language == "vi" else _english()


@cache
def known_unit(unit: str) -> bool:
    """Tell whether a unit is one of the lexicon's, not just the noun after a figure."""
    named = {name for language in ("vi", "en") for _, name in lexicon(language).units}
    return unit in named or unit == "date"

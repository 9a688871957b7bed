"""How laws say that they take effect, in both languages: the patterns that find their subject."""

import re

TYPES_VI = (
    r"Hiến\s+pháp|Bộ\s+luật|Luật|Pháp\s+lệnh|Nghị\s+định|Nghị\s+quyết|Quyết\s+định"
    r"|Thông\s+tư\s+liên\s+tịch|Thông\s+tư|Chỉ\s+thị|Quy\s+chế|Quy\s+định"
)
TYPES_EN = r"Regulation|Directive|Decree|Law|Circular|Decision|Resolution|Ordinance|Code|Act|Order"
SELF_VI = rf"(?:{TYPES_VI})\s+này"
SELF_EN = rf"this\s+(?:{TYPES_EN})"

# What stands right before the day: "… có hiệu lực thi hành kể từ ‹ngày …›".
TAKES_EFFECT = {
    "vi": re.compile(
        r"(?:bắt\s+đầu\s+)?có\s+hiệu\s+lực(?:\s+(?:thi\s+hành|pháp\s+luật))?"
        r"(?:\s*,)?(?:\s+(?:kể|tính|bắt\s+đầu|vào|là|từ)){0,4}\s*$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:(?:shall\s+)?(?:enters?|comes?)\s+into\s+(?:force|effect)|(?:shall\s+)?takes?\s+effect"
        r"|(?:shall\s+)?appl(?:y|ies)|(?:shall\s+be|is|becomes?)\s+effective)"
        r"(?:\s+(?:on|from|as\s+of|as\s+from|with\s+effect\s+from)){0,2}\s*$",
        re.IGNORECASE,
    ),
}
SELF = {
    "vi": re.compile(rf"{SELF_VI}\s*$", re.IGNORECASE),
    "en": re.compile(rf"(?:{SELF_EN}|^it|[.;]\s+it)\s*$", re.IGNORECASE),
}
# What stands before "Nghị định này" where only a part of it is meant, or another day.
OF_A_PART = {
    "vi": re.compile(r"(?:của|tại|trong|thuộc|(?:điều|khoản|điểm|chương|mục)\s+\S+)\s*$", re.I),
    "en": re.compile(r"(?:of|in|under)\s*$", re.I),
}
OF_ANOTHER_DAY = {
    "vi": re.compile(r"(?:ngày|khi|thời\s+điểm|trước|sau|lúc)\s*$", re.I),
    "en": re.compile(r"(?:when|after|before|until|date|day|since|once)\s*$", re.I),
}
PART_FIRST = {
    "vi": re.compile(
        r"^\W*(?:riêng|đối\s+với)?\s*(?:các|những|một\s+số)?\s*(?:quy\s+định|điều|khoản|điểm|chương"
        r"|mục|phụ\s+lục|nội\s+dung|mức)(?!\w)",
        re.I,
    ),
    "en": re.compile(
        r"^\W*(?:however,?\s+)?(?:the\s+)?(?:articles?|paragraphs?|points?|chapters?|sections?"
        r"|provisions?|annex(?:es)?)(?!\w)",
        re.I,
    ),
}
# The day on which this law takes effect, as periods count from it.
FROM_EFFECT = {
    "vi": re.compile(
        rf"^(?:kể\s+từ|tính\s+từ|từ|sau(?:\s+khi)?)\s*(?:ngày|thời\s+điểm|khi)?\s*{SELF_VI}"
        r"\s+(?:bắt\s+đầu\s+)?có\s+hiệu\s+lực",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"^(?:from|after|of|following|as\s+of|starting)\s+(?:the\s+)?"
        r"(?:(?:date|day)\s+(?:(?:of|on\s+which|when)\s+)?)?(?:the\s+)?"
        rf"(?:entry\s+into\s+(?:force|effect)\s+of\s+{SELF_EN}"
        rf"|effective\s+date\s+of\s+{SELF_EN}|{SELF_EN}\s+(?:takes?|comes?|enters?|becomes?)\s+"
        r"(?:effect|into|effective))",
        re.IGNORECASE,
    ),
}
SIGNED = {
    "vi": re.compile(
        rf"{SELF_VI}\s+có\s+hiệu\s+lực(?:\s+thi\s+hành)?,?\s*(?P<after>sau\s+(?P<days>\d{{1,3}})"
        r"(?:\s*\([^()]{1,40}\))?\s+ngày,?\s+)?(?:kể\s+)?từ\s+ngày\s+"
        r"(?:ký(?:\s+ban\s+hành)?|ban\s+hành|thông\s+qua)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"{SELF_EN}\s+(?:shall\s+)?(?:take|come|enter)s?\s+(?:effect|into\s+(?:force|effect))"
        r"(?:\s+(?P<after>(?P<days>\d{1,3})\s+days\s+after|from|on|upon))"
        r"\s+(?:the\s+(?:date|day)\s+of\s+)?(?:its\s+)?(?:signing|signature|promulgation|adoption)",
        re.IGNORECASE,
    ),
}
# What stands right before the last day of a term that a law names by its date.
NO_LATER = {
    "vi": re.compile(
        r"(?:chậm\s+nhất|muộn\s+nhất|không\s+(?:chậm|muộn|trễ)\s+hơn)(?:\s+(?:là|đến|vào|trong|hết"
        r"|trước)){0,3}\s*$",
        re.IGNORECASE,
    ),
    "en": re.compile(r"(?:no|not)\s+later\s+than\s*$|(?<!\w)by\s*$", re.IGNORECASE),
}
UNTIL = {
    "vi": re.compile(r"(?:đến|tới)\s+(?:hết\s*)$", re.IGNORECASE),
    "en": re.compile(r"(?<!\w)until\s*$", re.IGNORECASE),
}
BEFORE = {
    "vi": re.compile(r"(?<!\w)trước\s*$", re.IGNORECASE),
    "en": re.compile(r"(?<!\w)before\s*$", re.IGNORECASE),
}
# The law itself lasts until a day, as pilot schemes do.
LASTS = re.compile(
    rf"(?<!ngày\s)(?<!khi\s)(?<!điểm\s)(?<!của\s)(?<!\w){SELF_VI}\s+(?:chỉ\s+)?có\s+hiệu\s+lực"
    r"[^.;]{0,120}$",
    re.IGNORECASE,
)
CONDITION = {
    "vi": re.compile(
        r"(?<!\w)(?:đã|chưa|được|nộp|tiếp\s+nhận|ban\s+hành|ký|cấp|phát\s+sinh|xảy\s+ra|đang|thành\s+lập)"
        r"(?!\w)[^.;,]{0,80}trước\s*$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:issued|granted|made|filed|placed|concluded|established|licensed)\s[^.;,]{0,80}before\s*$",
        re.IGNORECASE,
    ),
}
# A state of things that ends, rather than a duty that falls due.
GOES_ON = {
    "vi": re.compile(
        r"hết\s+hiệu\s+lực|tiếp\s+tục|được\s+quyền\s+lựa\s+chọn|không\s+phải|chưa\s+áp\s+dụng"
        r"|được\s+(?:sử\s+dụng|áp\s+dụng|giữ)|giữ\s+(?:cấp|nguyên)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"cease|continue|remains?\s+valid|may\s+(?:still|continue)|shall\s+not\s+apply|exempt",
        re.IGNORECASE,
    ),
}
CONSULTS = {
    "vi": re.compile(r"góp\s+ý|lấy\s+ý\s+kiến|tham\s+gia\s+ý\s+kiến|gửi\s+ý\s+kiến", re.IGNORECASE),
    "en": re.compile(r"comments?|consultation|feedback|submissions?", re.IGNORECASE),
}

"""Typed signals of a text that embeddings are bad at: whose country, who speaks, what is at stake.

Each signal is a pattern over one passage; the head of the topic tagger weighs them beside the
vector. The names of countries matter most: the same sentence about another country is off-topic.
"""

import re
import unicodedata

from monitor.countries import is_home, names_abroad, names_vietnam

__all__ = ["is_home", "language_of", "names_abroad", "names_vietnam", "read"]

_VIETNAMESE_LETTERS = re.compile(
    r"[ăâđêôơưạảãằẳẵắặầẩẫấậẹẻẽềểễếệịỉĩọỏõồổỗốộờởỡớợụủũừửữứựỳỷỹỵ]", re.IGNORECASE
)


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


ONLINE = _any(
    r"mạng xã hội|không gian mạng|trên mạng|internet|trực tuyến|nền tảng|tài khoản"
    r"|facebook(?:er)?|youtube(?:r)?|tiktok(?:er)?|zalo|telegram|threads|livestream\w*"
    r"|live-?stream\w*|ứng dụng|trang cá nhân|fanpage|website|trang web|blogger|online"
    r"|clip|video|câu (?:like|view|tương tác)|đăng (?:bài|tin|tải|clip|ảnh)|bài (?:đăng|viết)"
    r"|social (?:media|networks?)|platforms?|apps?|accounts?|posts?|posted|posting|web ?sites?"
    r"|clips?|videos?|channels?|cyber\w*"
)
NETWORKS = _any(
    r"thuê bao|sim|nhà mạng|viễn thông|dữ liệu|game|trò chơi|kho ứng dụng|app store"
    r"|google play|telecom\w*|subscribers?|carriers?|data|gamers?|games?|app stores?"
)
RULES = _any(
    r"nghị định|thông tư|chỉ thị|luật|dự luật|dự thảo|quy định|đề xuất|đề nghị|yêu cầu"
    r"|bắt buộc|buộc|phải|cấm|siết|không được|decree|circular|laws?|rules?|regulat\w+|drafts?"
    r"|bill|requir\w+|must|order(?:s|ed)?|ban(?:s|ned)?|oblig\w+|licen[cs]\w+|censor\w*"
)
SANCTIONS = _any(
    r"(?<!đá )phạt(?! (?:đền|góc|triển))|mức phạt|khởi tố|bắt (?:tạm )?giam|tạm giam|năm tù|án tù"
    r"|tù giam|truy tố|truy nã|lĩnh án|tuyên án|xét xử|bị cáo|bị can|fin(?:e|es|ed)|penalt\w+"
    r"|penali[sz]\w+|jail\w*|sentenc\w+|arrest\w*|detain\w*|prosecut\w+|charged|convict\w*"
    r"|prison\w*"
)
FALSEHOOD = _any(
    r"sai sự thật|sai lệch|tin giả|giả mạo|(?:thông )?tin (?:giả|sai|bịa\w*|đồn|thất thiệt)"
    r"|xuyên tạc|bịa (?:đặt|chuyện|tin)|dựng chuyện|xúc phạm|bôi nhọ|thất thiệt|vu khống"
    r"|hoang mang|chưa (?:được )?kiểm chứng|không (?:có|đúng sự) thật|cắt ghép|deepfakes?"
    r"|(?:clip|ảnh|video) AI|AI[ -](?:tạo|dựng|ghép|made|generated|video|picture)|false\w*"
    r"|fake news|rumou?rs?|hoax\w*|untrue|made-up|invented|slander\w*|distort\w*|defam\w+"
    r"|(?:mis|dis)information"
)
DISSENT = _any(
    r"chống (?:phá|nhà nước|đảng)|phản động|tự do dân chủ|tự do ngôn luận|điều (?:117|331)"
    r"|xâm phạm lợi ích|article (?:117|331)|anti-state|dissidents?|activists?|bloggers?"
    r"|democratic freedoms|propaganda|critics?|criticis\w+|against the state"
)
AUTHORITIES = _any(
    r"bộ công an|bộ thông tin|bộ khoa học|bộ trưởng|cục [a-zđ]\w+|quốc hội|chính phủ|công an"
    r"|ministr?\w*|authorit\w+|governments?|national assembly|parliament|lawmakers|regulators?"
    r"|police|hanoi"
)

PATTERNS = (ONLINE, NETWORKS, RULES, SANCTIONS, FALSEHOOD, DISSENT, AUTHORITIES)


def language_of(text: str, claimed: str) -> str:
    """Return `vi` or `en`: as claimed where it is one of them, else by the letters."""
    if claimed[:2] in ("vi", "en"):
        return claimed[:2]
    letters = _VIETNAMESE_LETTERS.findall(unicodedata.normalize("NFC", text[:2_000]))
    return "vi" if len(letters) * 40 > min(len(text), 2_000) else "en"


def read(text: str, language: str, about: str = "") -> tuple[float, ...]:
    """Return the signals of a passage, always as many, each 0 or 1.

    `about` is the head of the article: it says of which country the passages speak that name none.
    """
    found = [pattern.search(text) is not None for pattern in PATTERNS]
    online, networks, rules, sanctions, falsehood, dissent, _ = found
    about_net = online or networks
    whole = f"{about} {text}"
    combined = (
        is_home(whole, language),
        names_abroad(whole) and not names_vietnam(whole),
        about_net and rules,
        about_net and sanctions,
        online and falsehood,
        sanctions and dissent,
    )
    return tuple(float(signal) for signal in (*found, *combined))

"""Typed signals of a text that embeddings are bad at: whose country, who speaks, what is at stake.

Each signal is a pattern over one passage; the head of the topic tagger weighs them beside the
vector. The names of countries matter most: the same sentence about another country is off-topic.
"""

import re
import unicodedata

_VIETNAMESE_LETTERS = re.compile(
    r"[ăâđêôơưạảãằẳẵắặầẩẫấậẹẻẽềểễếệịỉĩọỏõồổỗốộờởỡớợụủũừửữứựỳỷỹỵ]", re.IGNORECASE
)


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


VIETNAM = _any(
    r"việt nam|viet ?nam(?:ese)?|hà nội|hanoi|(?:tp\.? ?)?hồ chí minh|tp\.? ?hcm|ho chi minh"
    r"|đà nẵng|da nang|vneid|viettel|zalo|công an|ubnd|ủy ban nhân dân"
    r"|bộ thông tin và truyền thông"
)
ONLINE = _any(
    r"mạng xã hội|không gian mạng|trên mạng|internet|trực tuyến|nền tảng|tài khoản"
    r"|facebook(?:er)?|youtube(?:r)?|tiktok(?:er)?|zalo|telegram|threads|livestream\w*"
    r"|live-?stream\w*|ứng dụng|trang cá nhân|fanpage|website|trang web|blogger|online"
    r"|social (?:media|networks?)|platforms?|apps?|accounts?|posts?|web ?sites?|cyber\w*"
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
    r"xử phạt|bị phạt|phạt tiền|phạt (?:hành chính|\d[\d,.]*)|mức phạt|khởi tố|bắt tạm giam"
    r"|tuyên phạt|năm tù|án tù|truy tố|fin(?:e|es|ed)|penalt\w+|jail\w*|sentenc\w+|arrest\w*"
    r"|prosecut\w+|charged"
)
FALSEHOOD = _any(
    r"sai sự thật|tin giả|giả mạo|thông tin giả|xuyên tạc|bịa đặt|bịa chuyện|xúc phạm|tin đồn"
    r"|thất thiệt|vu khống|false|fake news|rumou?rs?|slander\w*|distort\w*|misinformation"
    r"|defam\w+"
)
DISSENT = _any(
    r"chống (?:phá|nhà nước|đảng)|tự do dân chủ|tự do ngôn luận|điều (?:117|331)"
    r"|article (?:117|331)|anti-state|dissidents?|activists?|bloggers?|democratic freedoms"
    r"|propaganda|critics?"
)
AUTHORITIES = _any(
    r"bộ công an|bộ thông tin|bộ khoa học|bộ trưởng|cục [a-zđ]\w+|quốc hội|chính phủ|công an"
    r"|ministr?\w*|authorit\w+|governments?|national assembly|parliament|lawmakers|regulators?"
    r"|police|hanoi"
)

_COUNTRIES = _any(
    r"trung quốc|bắc kinh|hàn quốc|nhật bản|triều tiên|ấn độ|indonesia|malaysia|singapore"
    r"|thái lan|campuchia|myanmar|philippines|đài loan|hong ?kong|nước úc|australian?"
    r"|new zealand|châu âu|liên minh châu âu|eu|nước anh|vương quốc anh|tây ban nha|bồ đào nha"
    r"|hà lan|đan mạch|thụy điển|na uy|phần lan|ba lan|ukraine|hy lạp|thổ nhĩ kỳ|brazil|mexico"
    r"|canada|argentina|israel|iran|uae|ả rập|ai cập|nigeria|kenya|nam phi|pakistan|bangladesh"
    r"|nepal|sri lanka|hoa kỳ|washington|california|new york|london|tổng thống"
    r"|(?:các|nhiều) (?:nước|quốc gia)|quốc tế|thế giới|china|chinese|beijing|korean?"
    r"|japan(?:ese)?|indian?|indonesian|malaysian|thailand|thai|cambodian?|lao|laos|burma"
    r"|philippine|filipino|taiwan(?:ese)?|britain|british|uk|europe(?:an)?|france|french"
    r"|german(?:y)?|russian?|spain|spanish|ital(?:y|ian)|danish|denmark|norway|turkey|turkish"
    r"|u\.s\.?|americans?|united states|brazilian|mexican|canadian|israeli|iranian|saudi"
    r"|nepali|bangladeshi|nigerian?|kenyan?"
)
# One syllable that is a country, a name or a common word: a country only where it stands alone
# between lower-case words, as in "ở Mỹ" or "Úc cấm".
_CAPITAL = "[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
_NO_NAME_BEFORE = "".join(rf"(?<!{_CAPITAL}\w{{{n}}} )" for n in range(1, 5))
_SHORT_COUNTRIES = re.compile(
    rf"{_NO_NAME_BEFORE}(?<!\w)(?:Mỹ|Nga|Pháp|Đức|Úc|Nhật|Hàn|Lào|US)(?!\w)"
    rf"(?! {_CAPITAL})(?! (?:luật|lý|chế|phẩm|thuật))"
)

PATTERNS = (ONLINE, NETWORKS, RULES, SANCTIONS, FALSEHOOD, DISSENT, AUTHORITIES)


def language_of(text: str, claimed: str) -> str:
    """Return `vi` or `en`: as claimed where it is one of them, else by the letters."""
    if claimed[:2] in ("vi", "en"):
        return claimed[:2]
    letters = _VIETNAMESE_LETTERS.findall(unicodedata.normalize("NFC", text[:2_000]))
    return "vi" if len(letters) * 40 > min(len(text), 2_000) else "en"


def names_vietnam(text: str) -> bool:
    """Tell whether a text names Vietnam, one of its institutions or its large cities."""
    return VIETNAM.search(text) is not None


def names_abroad(text: str) -> bool:
    """Tell whether a text names another country, or "many countries"."""
    return _COUNTRIES.search(text) is not None or _SHORT_COUNTRIES.search(text) is not None


def is_home(text: str, language: str) -> bool:
    """Tell whether a text can be about Vietnam: it says so, or a Vietnamese text names no one.

    A Vietnamese report about another country usually names that country and not its own.
    """
    return names_vietnam(text) or (language == "vi" and not names_abroad(text))


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

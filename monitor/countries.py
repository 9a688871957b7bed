"""Whose country a text speaks of: Vietnam, another one, or none that it names.

The same sentence about another country is off-topic, and an embedding hardly hears the difference.
"""

import re
import unicodedata
from collections.abc import Sequence

from monitor.passages import MOST_CHARACTERS, Passage

# How far the scores of a passage count that speaks of other countries only, and of an English one
# that names no country: much of what is published in English is about other countries.
ABROAD = 0.2
UNSAID = 0.9


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


_VIETNAM = _any(
    r"việt nam|viet ?nam(?:ese)?|hà nội|hanoi|(?:tp\.? ?)?hồ chí minh|tp\.? ?hcm|ho chi minh"
    r"|sài gòn|saigon|mekong delta|vneid|viettel|vinaphone|mobifone|zalo|công an|ubnd"
    r"|ủy ban nhân dân|bộ thông tin và truyền thông|bộ khoa học và công nghệ"
    r"|nghị định|nđ-cp|\d (?:ngàn|nghìn|triệu|tỉ|tỷ) đồng|(?:million|billion) dong|vnd"
    r"|(?:điều|article) (?:117|331)|decree (?:no\.? ?)?\d+(?:/\d+)*"
)
# Written as names, because "long an" and "hue" are words too.
_PLACES = (
    "An Giang|Bà Rịa|Vũng Tàu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bạc Liêu|Bến Tre|Bình Định|Bình Dương"
    "|Bình Phước|Bình Thuận|Buôn Ma Thuột|Cà Mau|Cao Bằng|Cần Thơ|Đà Lạt|Đà Nẵng|Đắk Lắk|Đắk Nông"
    "|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Tĩnh|Hạ Long|Hải Dương|Hải Phòng"
    "|Hậu Giang|Hòa Bình|Hội An|Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lâm Đồng"
    "|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Nha Trang|Ninh Bình|Ninh Thuận|Phú Quốc|Phú Thọ"
    "|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh"
    "|Thái Bình|Thái Nguyên|Thanh Hóa|Thủ Đức|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc"
    "|Yên Bái"
)
_VIETNAMESE_PLACES = re.compile(rf"(?<!\w)(?:{_PLACES}|{_without_marks(_PLACES)})(?!\w)")

_ABROAD = _any(
    r"trung quốc|bắc kinh|hàn quốc|nhật bản|triều tiên|ấn độ|thái lan|campuchia|đài loan"
    r"|hong ?kong|nước (?:anh|úc|đức|pháp|nga|mỹ|ý)|vương quốc anh|tây ban nha|bồ đào nha"
    r"|châu (?:âu|phi|mỹ|á)|liên minh châu âu|hà lan|đan mạch|thụy (?:điển|sĩ)|na uy|phần lan"
    r"|ba lan|hy lạp|thổ nhĩ kỳ|ả rập|ai cập|nam phi|hoa kỳ|tổng thống|(?:thượng|hạ|nghị) viện"
    r"|nhà trắng|(?:các|nhiều|một số) (?:nước|quốc gia)|nước này|trên thế giới"
)
_FOREIGN_NAMES = re.compile(
    r"(?<!\w)(?:China|Chinese|Beijing|Shanghai|Weibo|WeChat|(?:South |North )?Korean?|Seoul|Japan"
    r"|Japanese|Tokyo|India|Indian|(?:New )?Delhi|Indonesian?|Jakarta|Malaysian?|Kuala Lumpur"
    r"|Singaporean|Singapore|Thailand|Thai|Bangkok|Cambodian?|Phnom Penh|Laos|Lao(?! động)|Burma"
    r"|Burmese|Myanmar|Yangon|Philippines?|Filipino|Manila|Taiwan|Taiwanese|Taipei|Brunei|Mongolia"
    r"|Australian?|Canberra|Sydney|New Zealand|Papua|Fiji|Nepal|Nepali|Dhaka|Pakistani?"
    r"|Bangladeshi?|Sri Lankan?|Colombo|Maldives|Bhutan|Afghanistan|Iranian?"
    r"|Tehran|Iraqi?|Syrian?|Lebanon|Israeli?|Gaza|Saudi|UAE|Emirates|Qatar|Kuwait|Jordan|Egypt"
    r"|Egyptian|Cairo|Turkey|Turkish|Türkiye|Ankara|Istanbul|Russian?|Moscow|Moskva|Kremlin|Duma"
    r"|Ukraine|Ukrainian|Belarus|Poland|Greece|Greek|Italy|Italian|Rome|Spain|Spanish|Madrid"
    r"|Portugal|France|French|Paris|Germany|German|Berlin|Austria|Switzerland|Swiss|Belgium|Brussels"
    r"|Netherlands|Dutch|Ireland|Irish|Dublin|Britain|British|UK|England|Scotland|London|Ofcom"
    r"|Denmark|Danish|Sweden|Swedish|Norway|Norwegian|Finland|Finnish|Europe|European|EU|Canada"
    r"|Canadian|Ottawa|America|Americans?|United States|U\.S\.?|USA|Washington|California|Texas"
    r"|Utah|Florida|New York|White House|Congress|Senate|Senators?|MPs|FTC|Mexican|Mexico|Brazil"
    r"|Brazilian|Argentina|Chile|Colombian?|Peru|Venezuela|Cuban?|Nigerian?|Kenyan?|Ghana|Uganda"
    r"|Tanzania|Ethiopian?|Senegal|Morocco|Algeria|Tunisia|Africa|African|South Africa)(?!\w)"
)
# One syllable that is a country, a name or a common word: a country only where it stands alone
# between lower-case words, as in "ở Mỹ" or "Úc cấm".
_CAPITAL = "[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
_NO_NAME_BEFORE = "".join(rf"(?<!{_CAPITAL}\w{{{n}}} )" for n in range(1, 5))
_SHORT_COUNTRIES = re.compile(
    rf"{_NO_NAME_BEFORE}(?<!\w)(?:Mỹ|Nga|Pháp|Đức|Úc|Nhật|Hàn|Lào|US)(?!\w)"
    rf"(?! {_CAPITAL})(?! (?:luật|lý|chế|phẩm|thuật))"
    rf"|(?<!\w)(?:ở|tại|sang|của|nước) (?:Anh|Ý)(?!\w)(?! {_CAPITAL})"
    r"|^\s*(?:Anh|Ý)(?::| (?:cấm|phạt|buộc|bắt buộc|siết|ban hành|thông qua|điều tra)(?!\w))"
)


def names_vietnam(text: str) -> bool:
    """Tell whether a text names Vietnam, its institutions, its money, its law or its places."""
    return _VIETNAM.search(text) is not None or _VIETNAMESE_PLACES.search(text) is not None


def names_abroad(text: str) -> bool:
    """Tell whether a text names another country, or "many countries"."""
    return any(pattern.search(text) for pattern in (_ABROAD, _FOREIGN_NAMES, _SHORT_COUNTRIES))


def is_home(text: str, language: str) -> bool:
    """Tell whether a text can be about Vietnam: it says so, or a Vietnamese text names no one.

    A Vietnamese report about another country usually names that country and not its own.
    """
    return names_vietnam(text) or (language == "vi" and not names_abroad(text))


def shares(parts: Sequence[Passage], text: str, language: str) -> list[float]:
    """Return how far each passage of an article can be about Vietnam, 0..1.

    A passage that names no country is read with the headline, then with the whole `text`.
    """
    read = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    names_it, names_others = names_vietnam(read), names_abroad(read)
    found = []
    for part in parts:
        near = f"{part.about} {part.in_context()}"
        if names_vietnam(near):
            found.append(1.0)
        elif names_abroad(near):
            found.append(ABROAD)
        elif (part.is_body and names_it) or language == "vi":
            found.append(1.0)
        else:
            found.append(ABROAD if part.is_body and names_others else UNSAID)
    return found

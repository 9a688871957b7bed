"""The labels of legal portals: what each names, which values are hidden, which relations.

Labels are compared in lower case, NFC, without the colon. Portals word them differently and
change them; what is not known here is still kept in a document's `fields`.
"""

import re
import unicodedata
from datetime import date

from spiders.dates import parse_date

FIELD_LABELS: dict[str, tuple[str, ...]] = {
    "number": ("số hiệu", "số ký hiệu", "số/ký hiệu", "số, ký hiệu", "số hiệu văn bản", "number"),
    "type": ("loại văn bản", "hình thức văn bản", "thể loại", "document type", "type"),
    "issuer": (
        "cơ quan ban hành",
        "nơi ban hành",
        "đơn vị ban hành",
        "cơ quan ban hành/ chức danh/ người ký",
        "issuing body",
        "issuing agency",
        "issuer",
    ),
    "drafter": (
        "cơ quan soạn thảo",
        "cơ quan chủ trì soạn thảo",
        "cơ quan chủ trì",
        "đơn vị soạn thảo",
        "đơn vị chủ trì",
        "drafting agency",
    ),
    "signer": ("người ký", "signer", "signed by"),
    "issued": ("ngày ban hành", "ngày văn bản", "ngày ký", "issued date", "date issued"),
    "effective": (
        "ngày hiệu lực",
        "ngày có hiệu lực",
        "ngày bắt đầu hiệu lực",
        "áp dụng",
        "ngày áp dụng",
        "có hiệu lực từ",
        "effective date",
    ),
    "status": ("tình trạng hiệu lực", "tình trạng", "hiệu lực", "trạng thái", "status"),
    "subject": ("trích yếu", "trích yếu nội dung", "tên văn bản", "subject"),
    "draft_title": ("tên dự thảo", "tên dự thảo văn bản", "draft title"),
    "consultation": (
        "hạn góp ý",
        "thời hạn góp ý",
        "ngày hết hạn góp ý",
        "hạn lấy ý kiến",
        "thời hạn lấy ý kiến",
        "thời gian lấy ý kiến",
        "ngày kết thúc lấy ý kiến",
        "ngày kết thúc",
        "comments until",
    ),
    "other": (
        "ngày công báo",
        "số công báo",
        "ngày đăng công báo",
        "ngày hết hiệu lực",
        "ngày đăng",
        "ngày bắt đầu",
        "lĩnh vực",
        "ngành",
        "trình tự",
        "phạm vi",
        "nguồn thu thập",
        "chức danh",
    ),
}
RELATION_LABELS: dict[str, tuple[str, ...]] = {
    "replaces": ("văn bản bị thay thế", "văn bản được thay thế", "thay thế cho", "replaces"),
    "replaced_by": ("văn bản thay thế", "bị thay thế bởi", "replaced by"),
    "amends": (
        "văn bản bị sửa đổi, bổ sung",
        "văn bản bị sửa đổi bổ sung",
        "văn bản được sửa đổi, bổ sung",
        "văn bản được sửa đổi bổ sung",
        "văn bản bị sửa đổi",
        "văn bản được sửa đổi",
        "amends",
    ),
    "amended_by": (
        "văn bản sửa đổi, bổ sung",
        "văn bản sửa đổi bổ sung",
        "văn bản sửa đổi",
        "amended by",
    ),
    "repeals": (
        "văn bản bị bãi bỏ",
        "văn bản bị hủy bỏ",
        "văn bản hết hiệu lực",
        "văn bản bị hết hiệu lực",
        "repeals",
    ),
    "repeals_partly": (
        "văn bản hết hiệu lực một phần",
        "văn bản bị hết hiệu lực một phần",
        "văn bản bị hết hiệu lực 1 phần",
        "văn bản bị bãi bỏ một phần",
    ),
    "repealed_by": (
        "văn bản bãi bỏ",
        "văn bản hủy bỏ",
        "văn bản quy định hết hiệu lực",
        "văn bản làm hết hiệu lực",
        "repealed by",
    ),
    "repealed_partly_by": ("văn bản quy định hết hiệu lực 1 phần", "văn bản bãi bỏ một phần"),
    "suspends": ("văn bản bị đình chỉ", "văn bản bị đình chỉ thi hành", "suspends"),
    "suspended_by": ("văn bản đình chỉ", "văn bản đình chỉ thi hành", "suspended by"),
    "corrects": ("văn bản bị đính chính", "văn bản được đính chính", "corrects"),
    "corrected_by": ("văn bản đính chính", "corrected by"),
    "guides": (
        "văn bản được hướng dẫn",
        "văn bản được quy định chi tiết",
        "văn bản được hướng dẫn, quy định chi tiết",
        "guides",
    ),
    "guided_by": (
        "văn bản hướng dẫn",
        "văn bản quy định chi tiết",
        "văn bản hướng dẫn, quy định chi tiết",
        "guided by",
    ),
    "based_on": ("văn bản căn cứ", "căn cứ", "căn cứ pháp lý", "based on"),
    "cites": ("văn bản dẫn chiếu", "văn bản được dẫn chiếu", "dẫn chiếu", "cites"),
    "consolidates": ("văn bản được hợp nhất", "consolidates"),
    "consolidated_by": ("văn bản hợp nhất", "consolidated by"),
    "draft": ("dự thảo", "văn bản dự thảo", "dự thảo của văn bản", "draft"),
    "enacted_as": ("văn bản ban hành", "được ban hành thành", "enacted as"),
    "related": (
        "văn bản liên quan",
        "văn bản liên quan khác",
        "văn bản liên quan cùng nội dung",
        "văn bản liên quan ngôn ngữ",
        "văn bản khác liên quan",
        "related",
    ),
}
UNKNOWN_VALUES = frozenset(
    {"", "-", "--", "...", "n/a", "không xác định", "chưa xác định", "chưa rõ", "dữ liệu trống"}
)
_HIDDEN = ("đã biết", "đang cập nhật", "dữ liệu đang cập nhật", "đăng nhập để xem")
_FIELD_OF = {label: name for name, labels in FIELD_LABELS.items() for label in labels}
_RELATION_OF = {label: kind for kind, labels in RELATION_LABELS.items() for label in labels}
# 147/2024/NĐ-CP, 24/2018/QH14, 715/QĐ-UBND, 20-2023-QH15, 03/VBHN-VPQH
_NUMBER = re.compile(
    r"(?<![\w/])(\d{1,5}\s?/\s?(?:\d{4}\s?/\s?)?[A-ZĐ][A-ZĐ0-9Ư]*(?:\s?-\s?[A-ZĐƯ][A-ZĐƯ0-9]*)*)"
    r"(?![\w/])"
)


_KINDS = re.compile(
    r"(?:dự thảo|dự án luật|luật|bộ luật|hiến pháp|pháp lệnh|nghị định|nghị quyết|quyết định"
    r"|thông tư|chỉ thị|công văn|văn bản hợp nhất|lệnh|draft|law|decree|circular|decision"
    r"|resolution)(?!\w)",
    re.I,
)


def label_key(text: str) -> str:
    """Give a label as it is compared: NFC, lower case, single spaces, no colon, no count."""
    text = unicodedata.normalize("NFC", " ".join(text.split())).lower()
    return re.sub(r"\s*\(\d+\)$", "", text.strip(" :*•-–")).strip(" :")


def field_of(label: str) -> str:
    """Give the name of the field a label stands for, "" where it is not known."""
    return _FIELD_OF.get(label_key(label), "")


def relation_of(label: str) -> str:
    """Give the kind of relation a label stands for, "" where it is not known."""
    return _RELATION_OF.get(label_key(label), "")


def is_hidden(value: str) -> bool:
    """Say whether a value tells that the portal keeps it from the reader or has none."""
    key = label_key(value)
    return key in UNKNOWN_VALUES or key.startswith(_HIDDEN)


def number_in(text: str) -> str:
    """Give the first document number in a text without inner spaces, "" where there is none."""
    match = _NUMBER.search(unicodedata.normalize("NFC", text[:2_000]))
    return re.sub(r"\s+", "", match[1]) if match else ""


def names_document(text: str) -> bool:
    """Say whether a link's text is a document's number or begins with a kind of document."""
    return bool(number_in(text)) or _KINDS.match(unicodedata.normalize("NFC", text)) is not None


def last_date(text: str) -> date | None:
    """Give the last date in a text: the end of `từ ngày 1/2/2024 đến ngày 1/4/2024`."""
    pieces = re.split(r"(?:đến|tới|–|->|to|until)\s+(?:hết\s+)?", text, flags=re.I)
    dates = [made for piece in pieces if (made := parse_date(piece))]
    return dates[-1] if dates else None

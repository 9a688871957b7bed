"""The invented legal portal "Cổng Văn bản": which documents it holds on which day, as what."""

from collections.abc import Callable
from dataclasses import dataclass

from newsroom.attachments import docx_bytes, pdf_bytes
from newsroom.instruments import LegalText, legal_text
from newsroom.script import DRAFT_2_ON, ENACTED_ON

ROOT = "/congthu"
NAME = "Cổng Văn bản"
CLOSED = f"{ROOT}/tai-khoan/dang-nhap.html"
PER_PAGE = 10
DRAFT_PATH = (
    f"{ROOT}/du-thao/nghi-dinh-quy-dinh-ve-nen-tang-truc-tuyen-va-tai-khoan-nguoi-dung-4107.html"
)
ENACTED_PATH = f"{ROOT}/van-ban/nghi-dinh-901-2031-nd-cp-5210.html"
OLDER_PATH = f"{ROOT}/van-ban/nghi-dinh-77-2024-nd-cp-1877.html"
FISHERIES_PATH = f"{ROOT}/van-ban/thong-tu-14-2031-tt-bnnmt-5188.html"

WRITERS: dict[str, tuple[str, Callable[[LegalText], bytes]]] = {
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx_bytes,
    ),
    "pdf": ("application/pdf", pdf_bytes),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a document: its path, its form ("docx" or "pdf") and the text it holds."""

    path: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A line of the relations block: what the other document is to this one, and where it is."""

    label: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """A page of the portal on one day.

    `fields` are the label and value cells; `text` names the legal text shown on the page
    itself, empty where it is only in the attachments.
    """

    path: str
    title: str
    fields: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether the document stands among the drafts."""
        return self.path.startswith(f"{ROOT}/du-thao/")


def documents(day: int) -> tuple[Document, ...]:
    """Every document on the portal on `day`, newest first."""
    enacted = (_enacted(),) if day >= ENACTED_ON else ()
    return (*enacted, _draft(day), _fisheries(), _older(day))


def _files(stem: str, text: str, *forms: str) -> tuple[Attachment, ...]:
    return tuple(Attachment(f"{ROOT}/tep/{stem}.{form}", form, text) for form in forms)


_DECREE = "quy định về nền tảng trực tuyến và tài khoản người dùng trên mạng"
_REPLACES = Relation("Văn bản bị thay thế", "Nghị định 77/2024/NĐ-CP", OLDER_PATH)


def _draft(day: int) -> Document:
    second = day >= DRAFT_2_ON
    name = f"Nghị định {_DECREE}"
    return Document(
        path=DRAFT_PATH,
        title=f"Dự thảo {name}",
        fields=(
            ("Tên dự thảo", name),
            ("Loại văn bản", "Nghị định"),
            ("Cơ quan soạn thảo", "Bộ Khoa học và Công nghệ"),
            ("Trình tự", "Rút gọn"),
            ("Trạng thái", "Dự thảo lần 2" if second else "Dự thảo lần 1"),
            ("Ngày đăng", "04/06/2031" if second else "02/06/2031"),
            ("Hạn góp ý", "05/06/2031"),
        ),
        text="" if second else "draft-1",
        attachments=_files("du-thao-lan-2-4107", "draft-2", "docx")
        if second
        else _files("du-thao-lan-1-4107", "draft-1", "docx"),
        relations=(_REPLACES,),
    )


def _enacted() -> Document:
    return Document(
        path=ENACTED_PATH,
        title=f"Nghị định 901/2031/NĐ-CP {_DECREE}",
        fields=(
            ("Số hiệu", "901/2031/NĐ-CP"),
            ("Loại văn bản", "Nghị định"),
            ("Cơ quan ban hành", "Chính phủ"),
            ("Người ký", "Lâm Thế Vũ"),
            ("Ngày ban hành", "06/06/2031"),
            ("Ngày có hiệu lực", "01/08/2031"),
            ("Tình trạng hiệu lực", "Chưa có hiệu lực"),
            ("Trích yếu", _DECREE[0].upper() + _DECREE[1:]),
        ),
        text="enacted",
        attachments=_files("901-2031-nd-cp", "enacted", "docx", "pdf"),
        relations=(_REPLACES, Relation("Dự thảo", f"Dự thảo Nghị định {_DECREE}", DRAFT_PATH)),
    )


def _older(day: int) -> Document:
    replaced = day >= ENACTED_ON
    return Document(
        path=OLDER_PATH,
        title="Nghị định 77/2024/NĐ-CP quy định về dịch vụ mạng xã hội và tài khoản người dùng",
        fields=(
            ("Số hiệu", "77/2024/NĐ-CP"),
            ("Loại văn bản", "Nghị định"),
            ("Cơ quan ban hành", "Chính phủ"),
            ("Người ký", "Đoàn Cảnh Sơn"),
            ("Ngày ban hành", "14/05/2024"),
            ("Ngày có hiệu lực", "01/07/2024"),
            ("Tình trạng hiệu lực", "Sắp hết hiệu lực" if replaced else "Còn hiệu lực"),
            ("Trích yếu", "Quy định về dịch vụ mạng xã hội và tài khoản người dùng"),
        ),
        text="older",
        attachments=_files("77-2024-nd-cp", "older", "docx"),
    )


def _fisheries() -> Document:
    return Document(
        path=FISHERIES_PATH,
        title="Thông tư 14/2031/TT-BNNMT quy định về khai thác thủy sản ven bờ",
        fields=(
            ("Số hiệu", "14/2031/TT-BNNMT"),
            ("Loại văn bản", "Thông tư"),
            ("Cơ quan ban hành", "Bộ Nông nghiệp và Môi trường"),
            ("Người ký", "Tạ Quang Hải"),
            ("Ngày ban hành", "20/05/2031"),
            ("Ngày có hiệu lực", "05/07/2031"),
            ("Tình trạng hiệu lực", "Chưa có hiệu lực"),
            ("Trích yếu", "Quy định về khai thác thủy sản ven bờ"),
        ),
        text="fisheries",
    )


def content_of(attachment: Attachment) -> tuple[str, bytes]:
    """The media type and the bytes of an attached file."""
    media_type, write = WRITERS[attachment.form]
    return media_type, write(legal_text(attachment.text))

"""The families of legal portals: where a document's page keeps its fields, relations and text."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from spiders.addresses import host_of, split
from spiders.paging import BY_LINKS, Paging


@dataclass(frozen=True, slots=True)
class PortalFamily:
    """One dated version of a portal's document pages; selectors as in `families.Family`.

    `fields` are the containers of label and value cells, `relations` those of the lines that
    say what other documents are to this one, `attachments` those of the files; where none
    matches, the whole page is searched. `paging` says how its lists go on, `since` about when
    the layout came into use, `keeps` which parameters of a document's address say which it is,
    where the others vary. A `gateway` answers in JSON, and its lists are asked by POST.
    """

    name: str
    version: str
    marks: tuple[str, ...]
    title: tuple[str, ...] = ("h1",)
    fields: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    paging: Paging = BY_LINKS
    keeps: tuple[str, ...] = ()
    since: date | None = None
    gateway: bool = False


TVPL = PortalFamily(
    name="thuvienphapluat",
    version="2018",
    marks=("divThuocTinh",),
    title=("#divThuocTinh h1", "h1"),
    fields=("#divThuocTinh",),
    relations=("#tab4", "#divltrLienQuanHieuLuc"),
    attachments=("#tab7", "#tab8"),
    text=("#divContentDoc .content1", ".content1", "#divContentDoc"),
    noise=("#hdsdcondau",),
    hosts=("thuvienphapluat.vn",),
    since=date(2018, 1, 1),
)

LUATVIETNAM = PortalFamily(
    name="luatvietnam",
    version="2024",
    marks=("the-document-entry", "bg-f7f7f7"),
    title=("h1.the-document-title", "h1"),
    fields=("table.table-bordered",),
    relations=("#lienquan", "#luocdo"),
    attachments=("#taive", ".tab-tai-ve"),
    text=("#noidung .the-document-body", ".tab-noi-dung .the-document-body"),
    noise=(".docitem-tip", ".box-temp-glvn2", ".the-document-vbl", ".doc-ads"),
    hosts=("luatvietnam.vn",),
    paging=Paging(parameter="PageIndex"),
    since=date(2024, 1, 1),
)

VBPL_OLD = PortalFamily(
    name="vbpl",
    version="2013",
    marks=("vbProperties",),
    title=("div.vbHeader h1", "p.title", "h1"),
    fields=("div.vbProperties", "div.vbInfo"),
    relations=("div.vbLienQuan", "div.content-luocdo", "#luocdo"),
    attachments=("div.vbFile", "div.vbProperties", "ul.fileAttack"),
    text=("#toanvancontent", "div.toanvancontent"),
    hosts=("vbpl.vn",),
    paging=Paging(parameter="Page"),
    keeps=("ItemID",),
    since=date(2013, 1, 1),
)

VBPL_GATEWAY = PortalFamily(
    name="vbpl-gateway",
    version="2026",
    marks=('"docNum"',),
    hosts=("vbpl-bientap-gateway.moj.gov.vn",),
    paging=Paging(parameter="pageNumber"),
    since=date(2026, 4, 23),
    gateway=True,
)

CONGBAO = PortalFamily(
    name="congbao",
    version="2024",
    marks=("congbao.chinhphu.vn", "van-ban-dang-cong-bao"),
    fields=("table",),
    hosts=("congbao.chinhphu.vn",),
    paging=Paging(ending="/trang-{}.htm"),
    since=date(2024, 1, 1),
)

CHINHPHU = PortalFamily(
    name="chinhphu",
    version="2021",
    marks=("datafiles.chinhphu.vn",),
    fields=("table.table-detail", ".detail-table table", "table"),
    attachments=("table.table-detail", ".detail-table", "table"),
    hosts=("chinhphu.vn",),
    keeps=("pageid", "docid"),
    since=date(2021, 1, 1),
)

QUOCHOI = PortalFamily(
    name="quochoi",
    version="2022",
    marks=("uploadFiles", "quochoi"),
    attachments=("a[href*=uploadFiles]",),
    hosts=("duthaoonline.quochoi.vn", "quochoi.vn"),
    paging=Paging(parameter="pageNumber"),
    since=date(2022, 1, 1),
)

GENERIC = PortalFamily(
    name="label-value",
    version="1",
    marks=(),
    title=("h1",),
    relations=(
        "#luocdo",
        ".luoc-do",
        "[id*=lienquan]",
        "[class*=lien-quan]",
        "[class*=relation]",
    ),
    text=(
        "#toanvancontent",
        ".toanvancontent",
        "#noidungvanban",
        ".noi-dung-van-ban",
        "[class*=document-body]",
        "[class*=full-text]",
    ),
)

PORTAL_FAMILIES: tuple[PortalFamily, ...] = (
    TVPL,
    LUATVIETNAM,
    VBPL_OLD,
    VBPL_GATEWAY,
    CONGBAO,
    CHINHPHU,
    QUOCHOI,
    GENERIC,
)


def portal_family(source: str, url: str, name: str | None) -> PortalFamily:
    """Give the family a portal's page is read with: the declared one, else by host and marks.

    `label-value` is given where nothing more specific fits.
    """
    host = host_of(url)
    named = [one for one in PORTAL_FAMILIES if name is not None and one.name == name]
    hosted = [one for one in PORTAL_FAMILIES if any(_is_host(host, each) for each in one.hosts)]
    marked = [one for one in PORTAL_FAMILIES if all(mark in source for mark in one.marks)]
    likely = (*(one for one in named if one in marked), *named, *hosted, *marked)
    return next(iter(likely), GENERIC)


def declared_portal_family(name: str, url: str) -> PortalFamily:
    """Give the family a portal's lists are read with: the declared one, else by the host."""
    return portal_family("", url, name or None)


def document_address(family: PortalFamily, url: str) -> str:
    """Give the one address of a document that a portal links to by several."""
    parts = split(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name in family.keeps]
    return parts._replace(query=urlencode(kept)).geturl() if kept else url


def _is_host(host: str, declared: str) -> bool:
    return host == declared or host.endswith("." + declared)

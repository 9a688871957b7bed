"""The families of legal portals: where a document's page keeps its fields, relations and text."""

from dataclasses import dataclass

from spiders.addresses import host_of


@dataclass(frozen=True, slots=True)
class PortalFamily:
    """One dated version of a portal's document pages; selectors as in `families.Family`.

    `fields` are the containers of label and value cells, `relations` those of the lines that
    say what other documents are to this one, `attachments` those of the files; where none
    matches, the whole page is searched.
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
)

CHINHPHU = PortalFamily(
    name="chinhphu",
    version="2021",
    marks=("datafiles.chinhphu.vn",),
    fields=("table.table-detail", ".detail-table table", "table"),
    attachments=("table.table-detail", ".detail-table", "table"),
    hosts=("chinhphu.vn",),
)

QUOCHOI = PortalFamily(
    name="quochoi",
    version="2022",
    marks=("uploadFiles", "quochoi"),
    attachments=("a[href*=uploadFiles]",),
    hosts=("duthaoonline.quochoi.vn", "quochoi.vn"),
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
    CHINHPHU,
    QUOCHOI,
    GENERIC,
)


def portal_family(source: str, url: str, name: str | None) -> PortalFamily:
    """Give the family a portal's page is read with: the declared one, else by host and marks.

    `label-value` is given where nothing more specific fits.
    """
    host = host_of(url)
    for one in PORTAL_FAMILIES:
        if name is not None and one.name == name:
            return one
    hosted = [one for one in PORTAL_FAMILIES if any(_is_host(host, each) for each in one.hosts)]
    marked = [one for one in PORTAL_FAMILIES if all(mark in source for mark in one.marks)]
    return next(iter((*hosted, *marked)), GENERIC)


def _is_host(host: str, declared: str) -> bool:
    return host == declared or host.endswith("." + declared)

"""Where a portal's list goes on, what its gateway says, and who issued a document."""

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.identities import Identities
from spiders.forms import best_text
from spiders.gateway import list_request, read_gateway_list
from spiders.issuers import issuer_named, issuers, one_over_time, today_of
from spiders.items import Attachment
from spiders.pages import parse_html
from spiders.paging import BY_LINKS, Paging, next_form, next_page
from spiders.portal_families import document_address, portal_family
from spiders.portal_pages import read_portal_page
from spiders.problems import EmptyPage, NoText, NotJson, TooLarge
from storage.addresses import canonical_url
from storage.problems import Problem

LIST = "https://cong.example.vn/van-ban"
GATEWAY = "https://vbpl-bientap-gateway.moj.gov.vn/api/qtdc/public/doc"


@pytest.mark.parametrize(
    ("url", "link", "following"),
    [
        (LIST, "/van-ban?page=2", f"{LIST}?page=2"),
        (f"{LIST}?page=1", "?page=2", f"{LIST}?page=2"),
        (f"{LIST}?loai=nd&page=2", "?page=3&loai=nd", f"{LIST}?page=3&loai=nd"),
        (f"{LIST}?Trang=9", "?Trang=10", f"{LIST}?Trang=10"),
        (f"{LIST}.htm", "/van-ban/trang-2.htm", f"{LIST}/trang-2.htm"),
        (f"{LIST}/trang-2.htm", "/van-ban/trang-3.htm", f"{LIST}/trang-3.htm"),
        (f"{LIST}/", "/van-ban/page/2/", f"{LIST}/page/2/"),
        (f"{LIST}?page=1", "?page=3", ""),
        (f"{LIST}?page=2", "?page=1", ""),
        (f"{LIST}?page=1", "/tin-tuc?page=2", ""),
        (f"{LIST}?loai=nd&page=1", "?loai=tt&page=2", ""),
        (LIST, "/van-ban/nghi-dinh-12.html", ""),
        (LIST, "https://khac.example.vn/van-ban?page=2", ""),
    ],
)
def test_a_list_goes_on_where_its_own_links_lead(url: str, link: str, following: str) -> None:
    tree = parse_html(f"<body><a href='{link}'>2</a></body>", url)

    assert next_page(url, BY_LINKS, tree) == following


def test_a_link_that_calls_itself_the_next_must_lead_to_the_page_after_this_one() -> None:
    page = "<body><link rel=next href='?page=5'><a rel=next href='?page=3'>Sau</a></body>"

    assert next_page(f"{LIST}?page=2", BY_LINKS, parse_html(page, LIST)) == f"{LIST}?page=3"


def test_a_declared_parameter_or_ending_counts_up() -> None:
    page = Paging(parameter="pageNumber")
    ending = Paging(ending="/trang-{}.htm")

    assert next_page(f"{LIST}?Type=1&pageNumber=0", page) == f"{LIST}?Type=1&pageNumber=1"
    assert next_page(f"{LIST}?Type=1", page) == f"{LIST}?Type=1&pageNumber=2"
    assert next_page(f"{LIST}?pageNumber=x", page) == ""
    assert next_page(f"{LIST}.htm", ending) == f"{LIST}/trang-2.htm"
    assert next_page(f"{LIST}/trang-2.htm", ending) == f"{LIST}/trang-3.htm"


def test_a_grid_that_a_script_pages_is_asked_by_the_form_it_would_send() -> None:
    page = """<body><form><input type=hidden name=__VIEWSTATE value="a&amp;b=">
    <input type=text name=q value=x><a href="javascript:__doPostBack('l$grid','Page$2')">2</a>
    <a href="javascript:__doPostBack('l$grid','Page$11')">...</a></form></body>"""

    form = next_form(f"{LIST}?classid=1", parse_html(page, LIST))

    assert form is not None
    assert (form.address, form.target) == (f"{LIST}?classid=1&page=2", f"{LIST}?classid=1")
    assert dict(parse_qsl(form.fields.decode())) == {
        "__VIEWSTATE": "a&b=",
        "__EVENTTARGET": "l$grid",
        "__EVENTARGUMENT": "Page$2",
    }
    assert next_form(form.address, parse_html(page, LIST)) is None
    assert next_form(f"{LIST}?classid=1&page=10", parse_html(page, LIST)) is not None


def test_a_document_that_is_linked_by_several_addresses_has_one() -> None:
    family = portal_family("", "https://vanban.chinhphu.vn/", None)
    links = ("?pageid=27160&docid=7&classid=1", "?classid=0&typegroupid=4&docid=7&pageid=27160")

    found = {
        canonical_url(document_address(family, f"https://vanban.chinhphu.vn/{link}"))
        for link in links
    }
    draft = "https://chinhphu.vn/du-thao-vbqppl/du-thao-7001"

    assert found == {"https://vanban.chinhphu.vn/?docid=7&pageid=27160"}
    assert document_address(family, draft) == draft


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_keeps_a_list_from_being_read(query: str, link: str) -> None:
    tree = parse_html("<body><a></a></body>", LIST)
    tree.find(".//a").set("href", "".join(c for c in link if c.isprintable()))

    for paging in (BY_LINKS, Paging(parameter="page"), Paging(ending="/trang-{}.htm")):
        assert isinstance(next_page(f"{LIST}?{query}", paging, tree), str)


def gateway_document(**keys: Any) -> bytes:
    data = {
        "id": "990001",
        "docNum": "901/2031/NĐ-CP",
        "title": "Nghị định 901/2031/NĐ-CP về bến thủy hư cấu",
        "docAbs": "Về bến thủy hư cấu",
        "docType": {"code": "ND", "name": "Nghị định"},
        "agencyName": "Chính phủ",
        "issueDate": "2031-06-06T00:00:00",
        "effFrom": "2031-08-01",
        "effTo": None,
        "effStatus": {"code": "CCHL", "name": "Chưa có hiệu lực"},
        "documentIssues": [{"personName": "Lâm Thế Vũ"}],
        "documentContent": {"content": "<p>Điều 1. Bến thủy</p><p>Bến phải có đèn.</p>"},
        "references": [
            {"referenceType": 12, "targetDocument": {"id": 7, "docNum": "77/2024/NĐ-CP"}},
            {"referenceType": 10, "targetDocument": {"id": 8, "docNum": "12/2020/NĐ-CP"}},
            {"referenceType": 3, "targetDocument": {"id": 9, "title": "Luật Bến thủy hư cấu"}},
            {"referenceType": 99, "targetDocument": {"id": 10, "docNum": "03/2025/TT-BGT"}},
            {"referenceType": 3, "targetDocument": None},
        ],
        "documentRelatedList": [{"fileName": "VanBanGoc_901.pdf"}, {"fileName": "anh.png"}],
    }
    return json.dumps({"success": True, "data": data | keys}, ensure_ascii=False).encode()


def test_the_gateways_document_has_its_fields_relations_files_and_text() -> None:
    document = read_portal_page(gateway_document(), f"{GATEWAY}/990001")

    assert (document.number, document.type, document.issuer, document.signer) == (
        "901/2031/NĐ-CP",
        "Nghị định",
        "Chính phủ",
        "Lâm Thế Vũ",
    )
    assert (document.issued_on, document.effective_on) == (date(2031, 6, 6), date(2031, 8, 1))
    assert (document.status, document.stage) == ("Chưa có hiệu lực", "enacted")
    assert document.relations == (
        ("replaces", "77/2024/NĐ-CP"),
        ("amends", "12/2020/NĐ-CP"),
        ("based_on", "Luật Bến thủy hư cấu"),
        ("related", "03/2025/TT-BGT"),
    )
    assert [one.url for one in document.attachments] == [
        f"{GATEWAY}/minio/buckets/vbpl/990001/VanBanGoc_901.pdf/download"
    ]
    assert document.text == "Điều 1. Bến thủy\nBến phải có đèn."
    assert document.fields["Địa chỉ"] == "https://vbpl.vn/van-ban/chi-tiet/990001"


def test_what_the_gateway_hides_or_leaves_out_is_unknown() -> None:
    document = read_portal_page(
        gateway_document(effStatus={"name": "Đã biết"}, effFrom=None, issueDate=0, references=None),
        f"{GATEWAY}/990001",
    )

    assert (document.status, document.effective_on, document.relations) == ("", None, ())
    assert document.issued_on == date(1970, 1, 1)
    assert document.notes == ("field:Tình trạng hiệu lực hidden",)


def test_the_gateways_list_gives_the_address_of_each_document() -> None:
    items = [
        {"id": 1, "docNum": "1/2031/QH16", "title": "Luật hư cấu", "issueDate": 1_938_000_000_000},
        {"id": "4fda-80ec", "docNum": "2/2031/NĐ-CP", "effStatus": {"name": "Còn hiệu lực"}},
        {"title": "Không có số"},
        "rác",
    ]
    body = json.dumps({"success": True, "data": {"total": 2, "items": items}}).encode()

    first, second = read_gateway_list(body, f"{GATEWAY}/all?pageNumber=1")

    assert (first.url, first.title) == (f"{GATEWAY}/1", "Luật hư cấu")
    assert first.published_at is not None
    assert (second.url, second.title) == (f"{GATEWAY}/4fda-80ec", "2/2031/NĐ-CP")
    changed = body.replace("Còn".encode("unicode_escape"), "Hết".encode("unicode_escape"))
    again = read_gateway_list(changed.replace(rb"C\u00f2n", rb"H\u1ebft"), f"{GATEWAY}/all")
    assert again[1].fingerprint != second.fingerprint
    assert again[0].fingerprint == first.fingerprint


def test_a_lists_address_is_what_is_posted() -> None:
    address, posted = list_request(f"{GATEWAY}/all?pageNumber=2&sortBy=issueDate")

    assert address == f"{GATEWAY}/all"
    assert json.loads(posted) == {"pageNumber": 2, "sortBy": "issueDate"}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", EmptyPage),
        (b"{", NotJson),
        (b"<html>", NotJson),
        (b"[" * 100_000, NotJson),
        (b'{"success": false, "message": "token"}', NotJson),
        (b'{"success": true, "data": {"items": null}}', NoText),
        (b"{" + b" " * 3_000_000, TooLarge),
    ],
    ids=["nothing", "cut", "page", "deep", "refused", "no list", "large"],
)
def test_an_answer_that_is_no_list_is_a_named_problem(body: bytes, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        read_gateway_list(body, f"{GATEWAY}/all", limit=1_000_000)


def test_a_gateways_answer_without_a_document_is_a_named_problem() -> None:
    with pytest.raises(NoText):
        read_portal_page(b'{"success": true, "data": {}}', f"{GATEWAY}/1")


def test_a_ministry_and_what_it_went_into_are_one_issuer() -> None:
    old = issuer_named("Bộ Thông tin và Truyền thông")
    new = issuer_named("Bộ Khoa học và Công nghệ")

    assert old is not None and new is not None
    assert old != new
    assert one_over_time(old) == one_over_time(new)
    assert today_of(old, date(2025, 2, 28)) == old
    assert today_of(old, date(2025, 3, 1)) == new
    assert [one.id for one in old.successors] == [
        "bo-khoa-hoc-cong-nghe",
        "bo-van-hoa-the-thao-du-lich",
        "bo-cong-an",
    ]


@pytest.mark.parametrize(
    ("name", "number", "found"),
    [
        ("BỘ CÔNG AN", "", "bo-cong-an"),
        ("Ministry of Information and Communications", "", "bo-thong-tin-truyen-thong"),
        ("Bộ Tài chính; Bộ Công an", "", "bo-tai-chinh"),
        ("", "08/2024/TT-BTTTT", "bo-thong-tin-truyen-thong"),
        ("Đang cập nhật", "147/2024/NĐ-CP", "chinh-phu"),
        ("Bộ Giao thông thủy", "1/2031/TT-BGT", None),
        ("", "", None),
    ],
)
def test_an_issuer_is_known_by_its_name_else_by_the_number(
    name: str, number: str, found: str | None
) -> None:
    issuer = issuer_named(name, number)

    assert (issuer.id if issuer else None) == found


def test_every_successor_is_known_and_begins_when_the_one_before_ends() -> None:
    known = {one.id for one in issuers()}

    assert len(known) == len(issuers())
    for one in issuers():
        assert {after.id for after in one.successors} <= known
        assert bool(one.successors) == (one.until is not None)
        assert today_of(one, date.max).until is None


def test_numbers_that_repeat_each_year_are_two_instruments() -> None:
    page = """<html><body><h1>Nghị định {0}</h1><table><tr><td>Số hiệu</td><td>{0}</td></tr>
    <tr><td>Ngày ban hành</td><td>09/11/{1}</td></tr></table></body></html>"""
    first, second = (
        read_portal_page(page.format(number, year).encode(), f"https://cong.example.vn/{year}")
        for number, year in (("147/2024/NĐ-CP", 2024), ("147/2026/NĐ-CP", 2026))
    )

    identities = Identities(())
    one, other = (
        identities.of_document(each.url, each.title, {"number": each.number}, "")[0].instrument
        for each in (first, second)
    )
    assert (one, other) == ("147/2024/NĐ-CP", "147/2026/NĐ-CP")


def test_the_text_of_a_draft_is_taken_from_the_draft_and_not_from_what_comes_with_it() -> None:
    page = """<html><body><h1>Dự thảo Luật Bến thủy</h1><p>Hạn góp ý: 02/08/2031</p><table><tr><td>
    <a href="/tep/to-trinh.txt.docx">Tờ trình</a> <a href="/tep/bao-cao-danh-gia.docx">Tác động</a>
    <a href="/tep/toan-van.pdf">Toàn văn</a></td></tr></table></body></html>"""
    document = read_portal_page(page.encode(), "https://cong.example.vn/du-thao/1.html")
    asked: list[str] = []

    def none(attachment: Attachment) -> None:
        asked.append(attachment.url.rpartition("/")[2])

    assert best_text(document, none) == (None, [])
    assert asked == ["toan-van.pdf", "to-trinh.txt.docx", "bao-cao-danh-gia.docx"]


def test_a_portals_page_is_read_by_the_family_of_its_host() -> None:
    assert portal_family("", f"{GATEWAY}/1", None).gateway
    assert portal_family("", "https://congbao.chinhphu.vn/a.htm", None).name == "congbao"
    assert portal_family("", "https://vanban.chinhphu.vn/", None).name == "chinhphu"

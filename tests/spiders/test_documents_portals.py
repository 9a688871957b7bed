"""A portal's page gives the document's fields, relations, attachments and whole text."""

from typing import Any

import pytest
from expected_pages import address, expected, page, pages

from spiders.documents import read_document, read_portal_page
from spiders.items import PortalDocument
from spiders.portal_fields import last_date, number_in, relation_of
from spiders.problems import EmptyPage, NeedsJavascript, NoText

SUFFIX = ".portal.json"


def shown(document: PortalDocument) -> dict[str, Any]:
    return {
        "url": document.url,
        "title": document.title,
        "number": document.number,
        "type": document.type,
        "issuer": document.issuer,
        "signer": document.signer,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "effective_on": document.effective_on.isoformat() if document.effective_on else None,
        "status": document.status,
        "stage": document.stage,
        "consultation_until": (
            document.consultation_until.isoformat() if document.consultation_until else None
        ),
        "fields": document.fields,
        "relations": [list(one) for one in document.relations],
        "attachments": [[one.url, one.name, one.media_type] for one in document.attachments],
        "text": document.text,
        "notes": list(document.notes),
    }


@pytest.mark.parametrize("name", pages(SUFFIX))
def test_a_page_of_a_portal_is_read_as_it_stands(name: str) -> None:
    found = shown(read_portal_page(page(name), address(name, SUFFIX)))

    assert found == expected(name, SUFFIX, found)


def test_a_mark_of_the_download_hidden_in_a_comment_is_no_text() -> None:
    url = address("portal-thuvienphapluat", SUFFIX)
    body = page("portal-thuvienphapluat")

    first = read_portal_page(body, url)
    again = read_portal_page(body.replace(b"VABWAFAATABf", b"VABXAFAATABg"), url)

    assert first == again
    assert "VABW" not in first.text


def test_another_document_than_asked_for_is_noted_with_its_own_address() -> None:
    asked = "https://thuvienphapluat.vn/van-ban/Vien-thong/Luat-Vien-thong-777001.aspx"

    document = read_portal_page(page("portal-thuvienphapluat"), asked)

    own = address("portal-thuvienphapluat", SUFFIX)
    assert f"canonical:{own}" in document.notes


def test_the_text_of_a_saved_portal_page_is_read_as_a_document() -> None:
    url = address("portal-luatvietnam", SUFFIX)

    document = read_document(page("portal-luatvietnam"), "text/html", url)

    assert document.text == read_portal_page(page("portal-luatvietnam"), url).text
    assert document.method == "html"


def test_a_text_that_fills_a_page_with_nothing_around_it_is_read_whole() -> None:
    body = "<html><body><p>Điều 1. Phạm vi</p><p>Bến có đèn.</p><p>Điều 2. Hết</p></body></html>"

    document = read_document(body.encode(), "text/html", "https://cong.example.vn/tep/luat.html")

    assert document.text == "Điều 1. Phạm vi\nBến có đèn.\nĐiều 2. Hết"


def test_a_list_page_is_no_document() -> None:
    body = (
        "<html><body><h1>Tra cứu</h1><ul><li>Hiệu lực: 01/8/2031</li>"
        "<li><a href='/a.html'>Nghị định hư cấu</a></li></ul></body></html>"
    )

    with pytest.raises(NoText):
        read_portal_page(body.encode(), "https://cong.example.vn/danh-sach.html")


def test_an_empty_page_and_a_challenge_are_named() -> None:
    with pytest.raises(EmptyPage):
        read_portal_page(b"", "https://cong.example.vn/a.html")
    with pytest.raises(NeedsJavascript):
        read_portal_page(
            b'<html><body><script>document.cookie="a=1";location.reload()</script></body></html>',
            "https://cong.example.vn/a.html",
        )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nghị định 147/2024/NĐ-CP về mạng", "147/2024/NĐ-CP"),
        ("Luật số: 24/2018/QH14", "24/2018/QH14"),
        ("Quyết định 715/QĐ-UBND năm 2023", "715/QĐ-UBND"),
        ("Nghị định số 72 / 2013 / NĐ - CP", "72/2013/NĐ-CP"),
        ("Thông tư 02/2024/TT-BLĐTBXH ngày 30/3/2024", "02/2024/TT-BLĐTBXH"),
        ("Văn bản hợp nhất 2007/VBHN-BLĐTBXH", "2007/VBHN-BLĐTBXH"),
        ("ngày 30/3/2024", ""),
        ("Dự thảo Nghị định về bến thủy", ""),
    ],
)
def test_a_number_is_found_in_a_name(text: str, number: str) -> None:
    assert number_in(text) == number


def test_each_relation_is_told_from_its_opposite() -> None:
    assert relation_of("Văn bản bị thay thế:") == "replaces"
    assert relation_of("Văn bản thay thế (2)") == "replaced_by"
    assert relation_of("VĂN BẢN ĐƯỢC HƯỚNG DẪN") == "guides"
    assert relation_of("Văn bản hướng dẫn") == "guided_by"
    assert relation_of("Bài viết mới") == ""


def test_a_consultation_ends_on_the_last_of_its_days() -> None:
    until = last_date("Từ ngày 01/06/2031 đến hết ngày 31/07/2031")

    assert until is not None
    assert until.isoformat() == "2031-07-31"
    assert last_date("Đang cập nhật") is None

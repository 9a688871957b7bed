"""Plain, Markdown and HTML texts read to provisions, with what is odd in them."""

from collections.abc import Callable

import pytest
from trees import assert_lawful, eids, find, main_articles, walk

from monitor.legal import parse
from monitor.legal.model import LegalTextError

_BODY = """Chương I
NHỮNG QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về mái ngói.
Chương II
LỢP MÁI
Mục 1. NGÓI ĐỎ
Điều 2. Điều kiện
1. Thợ lợp mái phải có:
a) Thang;
b) Dây an toàn:
- Dây chính;
- Dây phụ.
Dây được thay mỗi năm một lần.
đ) Mũ.
2. Ngói không quá 02 kg.
Ngói nặng hơn phải được Bộ Mái cho phép.
Điều 2a. Điều kiện bổ sung
Thợ lợp mái được nghỉ khi mưa.
"""


def test_the_hierarchy_and_its_identifiers() -> None:
    text = parse(_BODY)
    assert eids(text) == [
        "chp_I", "art_1", "chp_II", "chp_II__sec_1", "art_2", "art_2__para_1",
        "art_2__para_1__point_a", "art_2__para_1__point_b",
        "art_2__para_1__point_b__subpoint_1", "art_2__para_1__point_b__subpoint_2",
        "art_2__para_1__point_đ", "art_2__para_2", "art_2a",
    ]  # fmt: skip
    assert find(text, "chp_II").heading == "LỢP MÁI"
    assert find(text, "chp_II__sec_1").heading == "NGÓI ĐỎ"
    assert find(text, "art_2").heading == "Điều kiện"
    assert_lawful(text)


def test_an_unnumbered_paragraph_belongs_to_the_numbered_one_before_it() -> None:
    text = parse(_BODY)
    assert find(text, "art_2__para_2").text == (
        "Ngói không quá 02 kg.\nNgói nặng hơn phải được Bộ Mái cho phép."
    )


def test_offsets_point_into_the_normalised_text() -> None:
    text = parse(_BODY.replace("Thang", "Thang\u00a0\u00a0gỗ\u200b"))
    point = find(text, "art_2__para_1__point_a")
    assert text.text[point.start : point.end] == "a) Thang gỗ;\n"


@pytest.mark.parametrize(
    "heading",
    ["Điều 5. Ngói", "Điều 5 Ngói", "ĐIỀU 5. Ngói", "Điều 5: Ngói", "Điều 05. Ngói",
     "Ðiều 5. Ngói"],
)  # fmt: skip
def test_article_headings_in_every_spelling(heading: str) -> None:
    before = "".join(f"Điều {n}. Mái {n}\nNội dung {n}.\n" for n in range(1, 5))
    text = parse(f"{before}{heading}\nNội dung năm.\nĐiều 6. Hết\nNội dung sáu.\n")
    assert main_articles(text)[-2:] in (["5", "6"], ["05", "6"])
    assert find(text, "art_5").heading == "Ngói"


def test_a_title_on_the_line_after_the_article_number() -> None:
    text = parse("Điều 1\nPhạm vi\n1. Mái nhà.\n2. Mái hiên.\nĐiều 2\nHiệu lực\nTừ mai.\n")
    assert [find(text, eid).heading for eid in ("art_1", "art_2")] == ["Phạm vi", "Hiệu lực"]


def test_a_reference_at_a_lines_beginning_is_no_heading() -> None:
    text = parse(
        "Điều 1. Phạm vi\nMái ngói theo quy định tại\nĐiều 5 Nghị định này và khoản 2\n"
        "Điều 3. được miễn phí.\nĐiều 2. Đối tượng\nMọi mái nhà theo\nĐiều 25 Luật Mái.\n"
    )
    assert main_articles(text) == ["1", "2"]
    assert "Điều 25 Luật Mái" in find(text, "art_2").text


def test_letters_and_delimiters_of_points() -> None:
    text = parse("Điều 1. Mái\n1. Gồm:\na. Ngói;\nb. Rui;\nc. Mè.\n2. Hết.\n")
    points = [p.num for p in walk(text.provisions) if p.kind == "point"]
    assert points == ["a", "b", "c"]


def test_the_digit_one_typed_for_the_letter_l() -> None:
    listed = "".join(f"{c}) Mục {c};\n" for c in "abcdđeghik")
    text = parse(f"Điều 1. Mái\n1. Gồm:\n{listed}1) Mục l;\nm) Mục m.\n2. Hết.\n")
    assert [p.num for p in find(text, "art_1__para_1").children][-3:] == ["k", "l", "m"]
    assert [p.num for p in find(text, "art_1").children] == ["1", "2"]


def test_inserted_numbers_stand_in_order() -> None:
    text = parse("Điều 1. Mái\n1. Một.\n2. Hai.\n2a. Hai a.\n2đ. Hai đ.\n3. Ba.\n")
    assert [p.num for p in find(text, "art_1").children] == ["1", "2", "2a", "2đ", "3"]


def test_gaps_and_repeats_in_numbering_are_warnings_and_lose_nothing() -> None:
    text = parse("Điều 1. Mái\n1. Một.\n2. Hai.\n2. Lại hai.\n5. Năm.\nĐiều 4. Hết\nXong.\n")
    assert main_articles(text) == ["1", "4"]
    assert any("between Article 1 and 4" in warning for warning in text.warnings)
    assert any("paragraph 2 and 5 in Article 1" in warning for warning in text.warnings)
    assert any("numbered 2" in warning for warning in text.warnings)
    assert_lawful(text)


def test_decimal_and_deeper_labels_nest() -> None:
    text = parse(
        "Điều 1. Mái\n1. Gồm:\n1.1. Ngói:\na) Đỏ;\nb) Xanh.\n1.2. Rui.\n2. Thợ:\na) Chính:\n"
        "a1) Khéo;\na2) Nhanh;\n"
    )
    assert eids(text)[2:] == [
        "art_1__para_1__subpoint_1.1", "art_1__para_1__subpoint_1.1__point_a",
        "art_1__para_1__subpoint_1.1__point_b", "art_1__para_1__subpoint_1.2", "art_1__para_2",
        "art_1__para_2__point_a", "art_1__para_2__point_a__subpoint_a1",
        "art_1__para_2__point_a__subpoint_a2",
    ]  # fmt: skip


_WHOLE = f"""BỘ MÁI
Số: 12/2040/TT-BM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 03 tháng 4 năm 2040
DỰ THẢO
THÔNG TƯ
Quy định về mái ngói
Căn cứ Luật Mái ngày 01 tháng 01 năm 2039;
{_BODY}Điều 3. Hiệu lực thi hành
Thông tư này có hiệu lực thi hành kể từ ngày 01 tháng 6 năm 2040./.
Nơi nhận:
- Lưu: VT.
BỘ TRƯỞNG
Trần Thị Ngói
PHỤ LỤC I
DANH MỤC NGÓI
(Ban hành kèm theo Thông tư số 12/2040/TT-BM)
Điều 1. Ngói đỏ
1. Ngói âm.
2. Ngói dương.
Điều 2. Ngói xanh
Không dùng.
PHỤ LỤC II
MẪU ĐƠN
(Ban hành kèm theo Thông tư số 12/2040/TT-BM)
Mẫu số 01
Đơn xin lợp mái
Mẫu số 02
Đơn xin dỡ mái
Mẫu số 01
ĐƠN XIN LỢP MÁI
Kính gửi: Bộ Mái.
1. Họ tên:
2. Số mái:
Mẫu số 02
ĐƠN XIN DỠ MÁI
1. Họ tên:
Điều 1. Tôi xin dỡ mái.
"""


def test_the_text_says_what_it_is() -> None:
    text = parse(_WHOLE)
    assert text.title == "THÔNG TƯ Quy định về mái ngói"
    assert (text.number, text.type, text.issuer) == ("12/2040/TT-BM", "circular", "Bộ mái")
    assert (text.date, text.effective_date) == ("2040-04-03", "2040-06-01")
    assert (text.language, text.draft) == ("vi", True)
    assert not parse(_WHOLE.replace("DỰ THẢO\n", "")).draft


def test_lead_in_signature_and_recipients_are_kept_apart() -> None:
    text = parse(_WHOLE)
    reasons = {span.reason: text.text[span.start : span.end] for span in text.removed}
    assert reasons["recipients"].startswith("Nơi nhận")
    assert "Trần Thị Ngói" in reasons["signature"]
    assert "Căn cứ Luật Mái" in reasons["lead-in"]
    assert find(text, "art_3").text.endswith("2040./.")
    assert_lawful(text)


def test_appendices_and_forms_number_for_themselves() -> None:
    text = parse(_WHOLE)
    assert main_articles(text) == ["1", "2", "2a", "3"]
    assert find(text, "app_I").heading == "DANH MỤC NGÓI"
    assert find(text, "app_I__art_1__para_2").text == "Ngói dương."
    forms = [p.eid for p in walk(text.provisions) if "form" in p.eid.rsplit("__", 1)[-1]]
    assert forms == ["app_II__form_01", "app_II__form_02"]
    assert find(text, "app_II__form_01__para_2").text == "Số mái:"
    assert "app_II__form_02__art_1" in eids(text)


def test_an_attached_rule_without_an_appendix_heading_starts_again() -> None:
    text = parse(
        "QUYẾT ĐỊNH\nBan hành Quy chế lợp mái\nĐiều 1. Ban hành Quy chế lợp mái.\n"
        "Điều 2. Quyết định này có hiệu lực từ ngày ký./.\nBỘ TRƯỞNG\nTrần Thị Ngói\n"
        "QUY CHẾ LỢP MÁI\n(Ban hành kèm theo Quyết định số 01/QĐ-BM)\nChương I\nCHUNG\n"
        "Điều 1. Phạm vi\nMái nhà.\nĐiều 2. Thợ\nThợ mái.\nĐiều 3. Hết\nXong.\n"
    )
    assert main_articles(text) == ["1", "2"]
    assert [p.num for p in walk(text.provisions) if p.eid.startswith("app_1__art")] == [
        "1", "2", "3",
    ]  # fmt: skip
    assert find(text, "app_1").heading == "QUY CHẾ LỢP MÁI"


_PAGED = """CÔNG BÁO/Số 11 + 12/Ngày 01-02-2040
3

Điều 1. Trách nhiệm của thợ lợp mái và của người phụ việc trong khi lợp
mái nhà cao tầng
1. Thợ lợp mái phải đeo dây an toàn trong suốt thời gian làm việc trên mái và
phải báo cho người phụ việc trước khi di chuyển sang mái bên cạnh theo quy

4
CÔNG BÁO/Số 11 + 12/Ngày 01-02-2040

định tại khoản 2 Điều này và quy định của pháp luật về an toàn lao động khi
làm việc trên cao.
2.1 Thợ lợp mái được nghỉ khi trời mưa hoặc khi gió mạnh hơn cấp sáu theo bản
tin của đài khí tượng.
3. Người phụ việc giữ thang.

1 Khoản này được sửa đổi theo quy định tại khoản 4 Điều 1 Thông tư số 7/2041/TT-BM về
mái, có hiệu lực kể từ ngày 05 tháng 5 năm 2041.

CÔNG BÁO/Số 11 + 12/Ngày 01-02-2040
5

Điều 2. Hiệu lực
Từ ngày ký.
"""


def test_pages_leave_no_trace_in_the_text() -> None:
    text = parse(_PAGED.replace("2.1 Thợ", "2. 1 Thợ"))
    assert find(text, "art_1").heading == (
        "Trách nhiệm của thợ lợp mái và của người phụ việc trong khi lợp mái nhà cao tầng"
    )
    assert find(text, "art_1__para_1").text.endswith(
        "sang mái bên cạnh theo quy định tại khoản 2 Điều này và quy định của pháp luật về an toàn"
        " lao động khi làm việc trên cao."
    )
    assert find(text, "art_1__para_2").text.startswith("Thợ lợp mái được nghỉ")
    assert find(text, "art_1__para_3").text == "Người phụ việc giữ thang."
    assert {span.reason for span in text.removed} == {"running-head", "page-number", "footnote"}
    assert_lawful(text)


def test_markdown_marks_are_no_text() -> None:
    text = parse(
        "# LUẬT MÁI\n\n---\n\n## CHƯƠNG I: CHUNG\n\n#### Điều 1. Phạm vi\n1. **Mái** là *nón*.\n"
        "   * a) Ngói;\n   * b) Rơm\\.\n\n#### Điều 2. Hết\nXong.\n",
        media_type="text/markdown",
    )
    assert find(text, "art_1__para_1").text == "Mái là nón."
    assert find(text, "art_1__para_1__point_b").text == "Rơm."
    assert find(text, "chp_I").heading == "CHUNG"


def _page(body: str) -> str:
    return (
        "<!doctype html><html><head><title>Cổng</title><script>Điều 9. x</script></head><body>"
        "<nav>Trang chủ</nav><div id='menu'>Tin mới</div>"
        f"<div class='col'><div id='toanvancontent'>{body}</div></div>"
        "<div class='foot'>Điều 7. Liên hệ quảng cáo</div></body></html>"
    )


def test_the_document_is_taken_out_of_a_portal_page() -> None:
    filler = "Mái nhà phải kín, không dột và được kiểm tra hằng năm. " * 6
    body = (
        "<p><b>Điều 1. Phạm\n vi</b></p><p>1. Mái &amp; hiên.</p><p>2. " + filler + "</p>"
        "<table><tr><td>Điều 2. Hiệu lực</td></tr><tr><td>Từ mai.</td></tr></table>"
    )
    for page in (_page(body), _page(body).replace("id='toanvancontent'", "class='x'")):
        text = parse(page, media_type="text/html")
        assert main_articles(text)[:2] == ["1", "2"]
        assert find(text, "art_1").heading == "Phạm vi"
        assert find(text, "art_1__para_1").text == "Mái & hiên."
        assert "Trang chủ" not in text.text or "toanvancontent" not in page


def test_english_articles_paragraphs_and_points(invented: Callable[[str], str]) -> None:
    text = parse(invented("base_regulation_en.txt"))
    assert text.language == "en"
    assert find(text, "chp_I").heading == "GENERAL PROVISIONS"
    assert find(text, "art_2").heading == "Complaints"
    assert find(text, "art_2__para_1__point_b__subpoint_ii").text == "answers in writing."
    assert (text.number, text.date, text.effective_date) == ("2039/12", "2039-05-04", "2040-01-01")
    assert_lawful(text)


def test_a_text_without_structure_is_read_by_paragraphs() -> None:
    text = parse("Mái nhà bị dột.\n\nThợ đã đến.\nHết chuyện.\n")
    assert eids(text) == ["para_1", "para_2", "para_3"]
    assert any("paragraph by paragraph" in warning for warning in text.warnings)
    assert_lawful(text)


def test_a_text_with_numbers_but_no_articles_is_read_by_its_numbers() -> None:
    text = parse("THÔNG BÁO\nVề mái nhà\n1. Mái dột.\n2. Thợ:\na) Đã gọi;\nb) Chưa đến.\n")
    assert "para_2__point_b" in eids(text)
    assert text.warnings
    assert_lawful(text)


@pytest.mark.parametrize(
    ("source", "media_type"),
    [
        ("", "text/plain"),
        (" \n\t\u200b ", "text/plain"),
        ("%PDF-1.7 \x00\x01", "text/plain"),
        ("PK\x03\x04\x14\x00", "text/html"),
        ("\x00\x01\x02\x03" * 50, "text/plain"),
        ("<html><body><script>x</script></body></html>", "text/html"),
        ("Điều 1. Mái", "application/akn+xml"),
    ],
)
def test_what_is_no_legal_text_is_refused_in_one_line(source: str, media_type: str) -> None:
    with pytest.raises(LegalTextError) as caught:
        parse(source, media_type=media_type)
    assert str(caught.value) and "\n" not in str(caught.value)


def test_the_same_letters_composed_or_not_give_the_same_text() -> None:
    import unicodedata

    assert parse(unicodedata.normalize("NFD", _WHOLE)) == parse(_WHOLE)


def test_a_draft_whose_number_is_still_blank_has_none() -> None:
    text = parse(
        "CHÍNH PHỦ\nSố:        /2031/NĐ-CP\nDỰ THẢO\nNGHỊ ĐỊNH\nVề bến phà\n"
        "Điều 1. Phạm vi\nNghị định này về bến phà.\n"
    )
    assert text.draft
    assert text.number == ""

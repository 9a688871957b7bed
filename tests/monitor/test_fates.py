"""What an enacted text makes of other instruments, and of which ones it only speaks."""

import pytest
from laws import decree, effect

from monitor.fates import fates
from monitor.law_sentences import parsed


def told(*articles, title=""):
    law = parsed(decree(*articles))
    return {(one.number, one.change) for one in fates(law, "901/2031/NĐ-CP", title)}


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (
            "Nghị định số 12/2024/NĐ-CP ngày 14 tháng 5 năm 2024 của Chính phủ về phà hết hiệu lực "
            "kể từ ngày Nghị định này có hiệu lực thi hành.",
            {("12/2024/NĐ-CP", "repealed")},
        ),
        ("Nghị định này thay thế Nghị định số 12/2024/NĐ-CP.", {("12/2024/NĐ-CP", "replaced")}),
        (
            "Bãi bỏ Thông tư số 3/2020/TT-BGTVT về bến và Thông tư số 04/2021/TT-BGTVT về đò.",
            {("03/2020/TT-BGTVT", "repealed"), ("04/2021/TT-BGTVT", "repealed")},
        ),
        (
            "Luật Đò ngang số 7/2009/QH12 đã được sửa đổi, bổ sung một số điều theo Luật số "
            "21/2017/QH14 và Luật số 23/2018/QH14 hết hiệu lực từ ngày Nghị định này có hiệu lực.",
            {("07/2009/QH12", "repealed")},
        ),
        ("Bãi bỏ Điều 5 và khoản 2 Điều 6 Nghị định số 12/2024/NĐ-CP.",
         {("12/2024/NĐ-CP", "partly-repealed")}),
        ("Các quy định về đò của Nghị định số 12/2024/NĐ-CP hết hiệu lực.",
         {("12/2024/NĐ-CP", "partly-repealed")}),
        ("Thay thế cụm từ “bến đò” bằng cụm từ “bến phà” tại Điều 3 Nghị định số 12/2024/NĐ-CP.",
         {("12/2024/NĐ-CP", "amended")}),
        ("Sửa đổi, bổ sung khoản 1 Điều 3 của Nghị định số 12/2024/NĐ-CP như sau:",
         {("12/2024/NĐ-CP", "amended")}),
        ("Ngưng hiệu lực thi hành Nghị định số 12/2024/NĐ-CP đến hết ngày 30 tháng 6 năm 2032.",
         {("12/2024/NĐ-CP", "suspended")}),
    ],
)  # fmt: skip
def test_a_clause_changes_the_instruments_that_it_is_about(clause, expected):
    assert told(f"Hiệu lực\n2. {clause}") == expected


@pytest.mark.parametrize(
    "clause",
    [
        "Giấy phép đã cấp theo Nghị định số 12/2024/NĐ-CP sẽ hết hiệu lực theo thời hạn trên đó.",
        "Hồ sơ đã nộp theo Nghị định số 12/2024/NĐ-CP được giải quyết theo Nghị định đó.",
        "Giấy chứng nhận này thay thế Giấy phép cấp theo Nghị định số 12/2024/NĐ-CP.",
        "Bãi bỏ thủ tục quy định chi tiết theo Nghị định số 12/2024/NĐ-CP.",
        "Nghị định số 901/2031/NĐ-CP hết hiệu lực khi có văn bản thay thế.",
        "Thay thế cụm từ “Nghị định số 12/2024/NĐ-CP” bằng cụm từ “Nghị định này”.",
    ],
)
def test_an_instrument_that_is_only_spoken_of_stays_as_it_is(clause):
    assert told(f"Chuyển tiếp\n1. {clause}") == set()


def test_a_list_under_an_introducing_sentence_is_read_item_by_item():
    text = (
        "Hiệu lực\n2. Các văn bản sau đây hết hiệu lực:\n"
        "a) Nghị định số 12/2024/NĐ-CP về phà;\n"
        "b) Nghị định số 13/2025/NĐ-CP sửa đổi, bổ sung Nghị định số 12/2024/NĐ-CP;\n"
        "c) Điều 2 Nghị định số 14/2026/NĐ-CP về đò."
    )
    assert told(text) == {
        ("12/2024/NĐ-CP", "repealed"),
        ("13/2025/NĐ-CP", "repealed"),
        ("14/2026/NĐ-CP", "partly-repealed"),
    }


def test_a_title_says_what_is_amended():
    title = "Nghị định sửa đổi, bổ sung một số điều của Nghị định số 12/2024/NĐ-CP về phà"
    law = parsed("Điều 1. Sửa đổi\nSửa đổi như sau.\nĐiều 2. Hiệu lực\nTừ ngày ký.\n")
    assert [(one.number, one.change) for one in fates(law, "", title)] == [
        ("12/2024/NĐ-CP", "amended")
    ]


def test_a_postponement_names_the_day_and_whether_all_is_put_off():
    whole = "Lùi\nLùi thời điểm có hiệu lực của Nghị định số 12/2031/NĐ-CP đến ngày 01/01/2032."
    part = (
        "Lùi\nLùi thời hạn áp dụng quy định tại Điều 5 Nghị định số 13/2031/NĐ-CP đến hết ngày "
        "31 tháng 12 năm 2032."
    )
    found = fates(parsed(decree(whole, part, effect())), "901/2031/NĐ-CP")
    assert [(f.number, f.change, f.until.isoformat(), f.partly) for f in found] == [
        ("12/2031/NĐ-CP", "postponed", "2032-01-01", False),
        ("13/2031/NĐ-CP", "postponed", "2032-12-31", True),
    ]


def test_english_laws_repeal_and_replace():
    law = parsed(
        "DECREE\nON FERRIES\n\nArticle 1\nScope\nThis Decree is on ferries.\n\nArticle 2\nEffect\n"
        "1. This Decree replaces Decree No. 12/2024/ND-CP.\n"
        "2. Circular No. 3/2020/TT-BGTVT is hereby repealed.\n"
    )
    assert {(one.number, one.change) for one in fates(law, "")} == {
        ("12/2024/NĐ-CP", "replaced"),
        ("03/2020/TT-BGTVT", "repealed"),
    }

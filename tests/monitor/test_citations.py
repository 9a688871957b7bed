from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.citations import Citation, find

NUMBERED_VI = "Nghị định số 147/2024/NĐ-CP"


def only(text: str, **known: Any) -> Citation:
    found = find(text, **known)
    assert len(found) == 1, [citation.text for citation in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "instrument", "type_"),
    [
        ("theo Nghị định số 147/2024/NĐ-CP của Chính phủ", "147/2024/NĐ-CP", "decree"),
        ("theo nghị định 147/2024", "147/2024/NĐ-CP", "decree"),
        ("theo NĐ 147/2024 thì", "147/2024/NĐ-CP", "decree"),
        ("Nghị định 147 năm 2024", "147/2024/NĐ-CP", "decree"),
        ("Nghị định 147/2024/NĐ- CP", "147/2024/NĐ-CP", "decree"),
        ("under Decree No. 147/2024/ND-CP", "147/2024/NĐ-CP", "decree"),
        ("under Decree No 53/2022/NĐ-CP", "53/2022/NĐ-CP", "decree"),
        ("Vietnam's Decree 8/2031", "08/2031/NĐ-CP", "decree"),
        ("Thông tư 38/2016/TT-BTTTT", "38/2016/TT-BTTTT", "circular"),
        ("Thông tư 29/2031 của Bộ Giáo dục và Đào tạo", "29/2031/TT-BGDĐT", "circular"),
        ("Quyết định số 1117/QĐ-TTg", "1117/QĐ-TTg", "decision"),
        ("Nghị quyết 57-NQ/TW", "57-NQ/TW", "resolution"),
        ("Luật số: 20/2023/QH15", "20/2023/QH15", "law"),
        ("Law 24/2018/QH14", "24/2018/QH14", "law"),
        ("Pháp lệnh số 44/2008/UBTVQH12", "44/2008/UBTVQH12", "ordinance"),
        ("văn bản (147/2024/NĐ-CP) mới", "147/2024/NĐ-CP", "decree"),
        ("Luật An ninh mạng (2018)", "24/2018/QH14", "law"),
        ("Luật An ninh mạng 2025", "116/2025/QH15", "law"),
        ("luật An ninh mạng năm 2018 quy định", "24/2018/QH14", "law"),
        ("luật Bảo vệ dữ liệu cá nhân quy định", "91/2025/QH15", "law"),
        ("Vietnam's 2018 Law on Cybersecurity", "24/2018/QH14", "law"),
        ("Luật Đầu tư số 61/2020/QH14", "61/2020/QH14", "law"),
    ],
)
def test_an_instrument_named_in_full_is_identified(text: str, instrument: str, type_: str) -> None:
    citation = only(text)
    assert (citation.instrument, citation.type) == (instrument, type_)


@pytest.mark.parametrize(
    ("text", "provision"),
    [
        ("điểm b khoản 5 Điều 23 Nghị định 147/2024/NĐ-CP", "art_23__para_5__point_b"),
        ("Điều 23 khoản 5 điểm b Nghị định 147/2024/NĐ-CP", "art_23__para_5__point_b"),
        ("khoản 4a Điều 23đ của Nghị định 147/2024/NĐ-CP", "art_23đ__para_4a"),
        ("điểm a, b khoản 1 Điều 5 Nghị định 147/2024/NĐ-CP", "art_5__para_1"),
        ("Article 23(5)(b) of Decree 147/2024/ND-CP", "art_23__para_5__point_b"),
        ("Point b, Clause 5, Article 23 of Decree 147/2024/ND-CP", "art_23__para_5__point_b"),
        ("Article 23 of the Decree 147/2024/ND-CP", "art_23"),
        ("Nghị định 147/2024/NĐ-CP", None),
    ],
)
def test_the_provision_before_an_instrument_belongs_to_it(text: str, provision: str | None) -> None:
    citation = only(f"Theo {text}.")
    assert citation.provision == provision
    assert citation.text == text


def test_a_provision_may_stand_alone_but_not_refer_to_its_own_text() -> None:
    assert only("theo khoản 5 Điều 23").provision == "art_23__para_5"
    assert find("theo khoản 5 Điều 23 Nghị định này") == []
    assert find("theo khoản 5 Điều này") == []


def test_an_article_of_the_penal_code_is_found_in_both_languages() -> None:
    vietnamese = only("bị khởi tố theo Điều 331 Bộ luật Hình sự")
    english = only("charged under Article 331 of Vietnam’s Penal Code")
    for citation in (vietnamese, english):
        assert (citation.instrument, citation.provision) == ("100/2015/QH13", "art_331")


def test_several_numbers_after_one_word_are_each_found() -> None:
    found = find("Nghị định 14/2031 và 83/2031/NĐ-CP, 9/2032 đều đã hết hiệu lực")
    assert [citation.instrument for citation in found] == [
        "14/2031/NĐ-CP",
        "83/2031/NĐ-CP",
        "09/2032/NĐ-CP",
    ]


def test_a_date_behind_the_number_gives_the_day_and_the_year() -> None:
    dated = only("Quyết định số 425/QĐ-TTg ngày 1/2/2031 của Thủ tướng")
    assert (dated.instrument, dated.year, dated.date) == ("425/QĐ-TTg", 2031, "2031-02-01")
    assert only("Decree 147/2024/ND-CP dated November 9, 2024").date == "2024-11-09"


@pytest.mark.parametrize(
    "text",
    [
        "the decree issued Nov 9 tells social media in Vietnam to verify users",
        "Vietnam's 9 November decree on social media and online games",
        "Nghị định ban hành ngày 9/11 về Internet và mạng xã hội",
    ],
)
def test_a_decree_named_by_its_day_gets_its_year_from_the_publication(text: str) -> None:
    citation = only(text, published=date(2024, 11, 13))
    assert (citation.date, citation.instrument) == ("2024-11-09", "147/2024/NĐ-CP")


def test_a_day_later_in_the_year_than_the_publication_was_last_years() -> None:
    citation = only("Vietnam's decree issued on December 24", published=date(2031, 1, 5))
    assert (citation.date, citation.year) == ("2030-12-24", 2030)


def test_a_bare_number_is_identified_only_where_the_subject_fits() -> None:
    day = date(2026, 5, 9)
    land = only("Nghị định 147 hướng dẫn tháo gỡ các dự án đất đai tồn đọng", published=day)
    assert (land.number, land.year, land.instrument) == ("147", None, None)
    games = only("sửa Nghị định 147 về trò chơi điện tử trên mạng xã hội", published=day)
    assert games.instrument == "147/2024/NĐ-CP"


def test_an_instrument_not_yet_adopted_cannot_be_meant() -> None:
    text = "Nghị định 147 về mạng xã hội và Internet"
    assert only(text, published=date(2020, 1, 1)).instrument is None


def test_the_year_of_another_instrument_is_never_overridden() -> None:
    citation = only("Nghị định 72/2026 về thuế xăng dầu, tin trên mạng xã hội, Internet")
    assert citation.instrument == "72/2026/NĐ-CP"


def test_a_number_named_in_full_once_is_identified_throughout_the_text() -> None:
    found = find("Nghị định 31/2031/NĐ-CP có hiệu lực. Theo Nghị định 31, đơn vị phải nộp.")
    assert [citation.instrument for citation in found] == ["31/2031/NĐ-CP"] * 2


def test_between_adoption_and_effect_a_laws_bare_name_stays_open() -> None:
    assert only("theo Luật Viễn thông", published=date(2023, 5, 9)).instrument == "41/2009/QH12"
    assert only("theo Luật Viễn thông", published=date(2024, 1, 9)).instrument is None
    assert only("theo Luật Viễn thông", published=date(2025, 1, 9)).instrument == "24/2023/QH15"


def test_a_draft_law_is_not_the_law_in_force() -> None:
    day = date(2025, 10, 1)
    assert only("dự thảo Luật An ninh mạng", published=day).instrument is None
    assert only("Luật An ninh mạng (sửa đổi)", published=day).instrument is None


@pytest.mark.parametrize(
    "text",
    [
        "đội bóng quyết định 2 suất đi tiếp",
        "Đại học Luật TP HCM tuyển sinh 2031",
        "luật sư nói pháp luật và kỷ luật năm 2031",
        "Directive 95/46/EC, Directive 2016/680 and Regulation 2016/679",
        "tỷ số 3/2024 hay 24/7",
        "ngày 9/11/2024, nhiệt độ 31 độ",
        "China's Cybersecurity Law worries Vietnam's firms",
        "luật An ninh mạng của Trung Quốc",
        "many countries want a cybersecurity law, Vietnam says",
        "Số: …/2031/NĐ-CP",
        "Dự thảo Nghị định số      /2031/NĐ-CP về bến phà",
    ],
)
def test_what_only_looks_like_an_instrument_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_another_countrys_decree_is_named_but_not_identified() -> None:
    citation = only("Argentina's president signed Decree 70/2031 on Friday")
    assert (citation.number, citation.instrument) == ("70", None)


@given(st.text(alphabet=list("Nghị định 147/2024NĐCPĐiềuLuậtdecree ,.-()\nàa"), max_size=200))
def test_offsets_are_exact_and_mentions_never_overlap(text: str) -> None:
    end = 0
    for citation in find(f"{text} {NUMBERED_VI} {text}"):
        assert citation.start >= end
        assert f"{text} {NUMBERED_VI} {text}"[citation.start : citation.end] == citation.text
        end = citation.end


@given(st.text(alphabet=list("abc ạếđ.,\n"), max_size=80))
def test_plain_words_around_an_instrument_do_not_hide_it(text: str) -> None:
    found = find(f"{text} {NUMBERED_VI} {text}")
    assert [citation.instrument for citation in found] == ["147/2024/NĐ-CP"]


def test_megabytes_of_near_misses_are_read_through() -> None:
    text = "Luật Abc " * 50_000 + "điểm a, b, " * 50_000 + "decree ab cd " * 50_000
    assert only(text + NUMBERED_VI).instrument == "147/2024/NĐ-CP"


def test_a_citation_has_the_fields_of_the_command() -> None:
    fields = ["text", "start", "end", "instrument", "type", "number", "year", "provision", "date"]
    assert list(asdict(only(NUMBERED_VI))) == fields


@pytest.mark.parametrize(
    ("seed", "published", "expected"),
    [
        ("2021-livestream-draft", date(2021, 7, 6), {"24/2018/QH14"}),
        (
            "2022-decree-53-fulcrum",
            date(2022, 9, 1),
            {"53/2022/NĐ-CP", "72/2013/NĐ-CP", "24/2018/QH14"},
        ),
        (
            "2023-05-compulsory-verification",
            date(2023, 5, 9),
            {"41/2009/QH12", "24/2018/QH14"},
        ),
        ("2023-05-registration-the-register", date(2023, 5, 10), set()),
        ("2024-11-decree-147-identities", date(2024, 11, 13), {"147/2024/NĐ-CP"}),
    ],
)
def test_the_seeds_name_the_instruments_they_are_about(
    corpus: Path, seed: str, published: date, expected: set[str]
) -> None:
    text = (corpus / "seeds" / f"{seed}.txt").read_text(encoding="utf-8")
    found = find(text, language="en", published=published)
    assert {citation.instrument for citation in found} == expected


def test_the_seed_of_november_dates_its_decree(corpus: Path) -> None:
    text = (corpus / "seeds" / "2024-11-decree-147-identities.txt").read_text(encoding="utf-8")
    assert [c.date for c in find(text, published=date(2024, 11, 13))] == ["2024-11-09"]

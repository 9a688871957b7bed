from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import instruments


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("147/2024/NĐ-CP", "147/2024/NĐ-CP"),
        ("147/2024/ND-CP", "147/2024/NĐ-CP"),
        ("147 / 2024 / nđ- cp", "147/2024/NĐ-CP"),
        ("Decree No. 53/2022/ND-CP", "53/2022/NĐ-CP"),
        ("38/2016/TT-BTTTT", "38/2016/TT-BTTTT"),
        ("8/2026/NĐ-CP", "08/2026/NĐ-CP"),
        ("24/2018/QH14", "24/2018/QH14"),
        ("425/QĐ-TTg", "425/QĐ-TTg"),
        ("425/QD-TTg", "425/QĐ-TTg"),
        ("60/2006/TTLT-BVHTT-BBCVT- BCA", "60/2006/TTLT-BVHTT-BBCVT-BCA"),
        ("66.12/2026/NQ-CP", "66.12/2026/NQ-CP"),
        ("Nghị định 147", None),
        ("ngày 9/11/2024", None),
        ("", None),
    ],
)
def test_a_number_has_one_canonical_form_however_it_is_written(
    written: str, expected: str | None
) -> None:
    assert instruments.canonical(written) == expected


@given(
    number=st.integers(1, 99999),
    year=st.integers(1945, 2099),
    suffix=st.sampled_from(["NĐ-CP", "ND-CP", "TT-BCA", "QĐ-TTg", "QH15", "NQ-CP", "CT-TTg"]),
)
def test_the_canonical_form_is_canonical_itself(number: int, year: int, suffix: str) -> None:
    once = instruments.canonical(f"{number}/{year}/{suffix}")
    assert once is not None
    assert instruments.canonical(once) == once
    assert instruments.canonical(once.lower()) == once


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("147/2024/NĐ-CP", "decree"),
        ("38/2016/TT-BTTTT", "circular"),
        ("60/2006/TTLT-BVHTT-BCA", "circular"),
        ("24/2018/QH14", "law"),
        ("425/QĐ-TTg", "decision"),
        ("01/2026/NQ-CP", "resolution"),
        ("10/CT-TTg", "directive"),
        ("44/2008/UBTVQH12", "ordinance"),
        ("12/2025/KH-UBND", None),
    ],
)
def test_the_suffix_tells_the_type(number: str, expected: str | None) -> None:
    assert instruments.type_of(number) == expected


def test_the_gazetteer_is_sound() -> None:
    known = instruments.gazetteer()
    numbers = [one.number for one in known if one.number]
    assert len(numbers) == len(set(numbers))
    for one in known:
        assert one.number == "" or instruments.canonical(one.number) == one.number
        assert one.type
        assert one.names or one.subjects
        assert all(word == word.lower() for word in one.subjects)
        assert one.adopted <= one.effective
        assert one.ended is None or one.effective < one.ended
        if one.number:
            assert str(one.adopted.year) in one.number


def test_well_known_instruments_are_told_from_others() -> None:
    assert instruments.is_well_known("147/2024/NĐ-CP")
    assert not instruments.is_well_known("147/2026/NĐ-CP")


def test_of_two_laws_of_one_name_the_day_decides() -> None:
    laws = instruments.by_name()["luật viễn thông"]
    chosen = [
        instruments.in_force(laws, day)
        for day in (date(2023, 5, 9), date(2024, 1, 15), date(2025, 3, 1))
    ]
    assert [one.number if one else None for one in chosen] == [
        "41/2009/QH12",
        None,
        "24/2023/QH15",
    ]

"""How texts and questions become the same terms."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.index_words import exact, folded, is_number, new_tones, number_keys, numbers, pairs

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ",
    max_size=40,
)


def bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


@given(VIETNAMESE)
def test_folding_loses_marks_and_case_and_nothing_else(text):
    assert folded(text) == bare(text).split()
    assert folded(text) == folded(text.upper()) == folded(unicodedata.normalize("NFD", text))
    assert folded(bare(text)) == folded(text)


@given(VIETNAMESE)
def test_the_place_of_a_tone_changes_no_term_but_its_kind_does(text):
    assert new_tones(new_tones(text)) == new_tones(text)
    assert folded(new_tones(text)) == folded(text)
    assert len(exact(text)) == len(folded(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [("hòa", "hoà"), ("HÒA", "HOÀ"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("qúy", "quý"),
     ("tòa án", "toà án")],
)  # fmt: skip
def test_old_and_new_tones_are_alike(old, new):
    assert new_tones(old) == new
    assert exact(old) == exact(new)


@pytest.mark.parametrize("text", ["của", "hoàn toán", "mùa", "quỳnh", "loáng thoáng", "người"])
def test_other_tones_stay_where_they_are(text):
    assert new_tones(text) == text


def test_numbers_are_kept_whole_and_found_by_their_beginning():
    assert numbers("Nghị định số 147/2024/NĐ-CP và Chỉ thị 57-CT/TW.") == [
        "147/2024/nd-cp", "147/2024", "57-ct/tw",
    ]  # fmt: skip
    assert number_keys("147/2024/NĐ-CP") == number_keys("147/2024/nđ-cp")
    assert is_number("147/2024") and not is_number("5G") and not is_number("2024")
    assert numbers("x147/2024 và 3/4") == ["3/4"]


def test_neighbours_are_pairs():
    assert pairs("Định danh số") == ["dinh_danh", "danh_so"]

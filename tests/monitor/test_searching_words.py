"""The words of a saved search: which texts they find, whatever their marks and tones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config_queries import parse_query
from monitor.searching_words import find

HEADLINE = "Nền tảng mạng xã hội phải định danh người dùng"


def search(query, *texts):
    return find(parse_query(query), texts)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("dinh danh", True),
        ("định danh", True),
        ("đinh danh", False),
        ("ĐỊNH DANH", True),
        ("danh định", True),
        ('"danh định"', False),
        ('"định danh người"', True),
        ('"mạng dinh danh"', False),
        ("định danh -livestream", True),
        ("định danh -nguoi", False),
        ('định danh -"người dùng"', False),
        ('định danh -"dùng người"', True),
        ("bến phà OR định danh", False),
        ("livestream OR định danh", True),
        ("định danh livestream OR mạng", True),
        ("định danh livestream OR phà", False),
        ("dan", False),
        ("nguoi-dung", True),
    ],
)
def test_words_phrases_exclusions_and_alternatives(query, is_found):
    assert (search(query, HEADLINE) is not None) is is_found


def test_tones_are_the_same_in_the_old_and_the_new_way_of_placing_them():
    assert search("hoà", "Chính sách hòa giải") and search("hòa", "Chính sách hoà giải")
    assert search("hoả", "Chính sách hòa giải") is None


def test_decomposed_texts_and_queries_are_read_as_composed_ones():
    decomposed = unicodedata.normalize("NFD", HEADLINE)
    assert search(unicodedata.normalize("NFD", "định danh"), HEADLINE)
    assert search("định danh", decomposed)


def test_words_may_stand_in_different_parts_of_a_text_but_a_phrase_in_one():
    assert search("phà livestream", "Bến phà", "", "Một buổi livestream.")
    assert search('"phà một"', "Bến phà", "Một buổi.") is None


def test_the_passage_shows_the_words_around_the_first_find():
    text = " ".join(f"từ{n}" for n in range(200)) + " bến phà cồn én " + "sau " * 200
    passage = search('"bến phà" sau', text)
    assert passage.startswith("từ175 ") and "bến phà cồn én" in passage
    assert len(passage.split()) == 51


WORDS = st.lists(st.sampled_from(["phà", "pha", "bến", "ben", "đò", "do"]), min_size=1, max_size=6)


@given(words=WORDS, rest=WORDS, start=st.integers(0, 5), length=st.integers(1, 3))
def test_a_text_is_found_by_every_phrase_cut_from_it_and_by_its_words_in_any_order(
    words, rest, start, length
):
    text = ", ".join([*words, *rest])
    piece = words[start : start + length] or words[:1]
    assert search(f'"{" ".join(piece)}"', text) is not None
    assert search(" ".join(sorted({*words, *rest})), text.upper()) is not None
    assert search(f'"{" ".join(piece)}" -{piece[0]}', text) is None


@pytest.mark.parametrize(
    "query", ["", '"', 'phà "bến', "-phà", "OR phà", "phà OR", "phà OR OR bến", "phà OR -bến", "…"]
)
def test_a_query_that_cannot_be_meant_is_refused(query):
    with pytest.raises(ValueError, match=r"word|phrase|OR"):
        parse_query(query)

"""Foreign text made fit to be shown, and differences of words."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from alerts.pieces import difference, fitted, joined, shortened
from alerts.places import place, places
from alerts.wording import cut, one_line, visible

TEXT = st.text(alphabet=st.sampled_from("aăâ  bc.\n1\u0301\U0001f1fb"), max_size=60)


def test_no_control_or_direction_character_gets_through():
    hostile = "a\x1b[2J\u202eb\u2066c\x07\x00\x9b\u200f\U000e0041\ud800"
    assert visible(hostile) == "a�[2J�b�c������"


def test_lines_of_all_kinds_become_lines():
    assert visible("a\r\nb\rc\u2028d\x85e\vf") == "a\nb\nc\nd\ne\nf"
    assert one_line(" a\r\n  b\tc ") == "a b c"


@given(st.text())
def test_what_is_visible_stays_as_it_is_and_can_be_sent(text):
    shown = visible(text)
    assert visible(shown) == shown
    shown.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in shown)


@given(TEXT, st.integers(1, 70))
def test_a_cut_text_keeps_its_limit_and_parts_no_letter_from_its_marks(text, limit):
    short = cut(text, limit)
    assert len(short) <= limit
    if len(text) <= limit:
        assert short == text
    else:
        assert short.endswith("…")
        kept = short[:-1]
        assert text.startswith(kept)
        assert not kept or not unicodedata.combining(text[len(kept)])


def test_a_cut_falls_before_a_word():
    assert cut("Nghị định về nền tảng số", 20) == "Nghị định về nền…"


@given(TEXT, TEXT)
def test_pieces_give_both_texts_exactly(old, new):
    pieces = difference(old, new)
    assert "".join(text for mark, text in pieces if mark != "+") == old
    assert "".join(text for mark, text in pieces if mark != "-") == new
    assert joined(pieces) == pieces


def test_equal_texts_differ_in_nothing():
    assert difference("một hai", "một hai") == (("=", "một hai"),)
    assert difference("", "") == ()


def test_a_changed_phrase_reads_as_one():
    pieces = difference("trong 48 giờ kể từ", "trong 3 ngày kể từ")
    assert pieces == (("=", "trong "), ("-", "48 giờ"), ("+", "3 ngày"), ("=", " kể từ"))


def test_a_huge_rewritten_passage_is_shown_as_replaced():
    old, new = "x " * 5000, "y " * 5000
    assert [mark for mark, _ in difference(old, new)] == ["-", "+", "="]


def test_a_text_made_to_be_slow_to_compare_is_shown_as_replaced():
    old, new = "x a " * 20_000, "b x " * 20_000
    assert len(difference(old, new)) < 5


@given(st.lists(st.tuples(st.sampled_from("=-+"), TEXT), max_size=5), st.integers(1, 100))
def test_fitted_pieces_fit(pieces, limit):
    assert sum(len(text) for _, text in fitted(pieces, limit)) <= limit


def test_long_equal_stretches_are_left_out_around_a_change():
    pieces = (("=", "một " * 100), ("-", "x"), ("=", "hai " * 100), ("+", "y"), ("=", "ba " * 100))
    head, removed, middle, added, tail = (text for _, text in shortened(pieces, around=20))
    assert (removed, added) == ("x", "y")
    assert head.startswith("… ") and len(head) < 60
    assert " … " in middle and len(middle) < 120
    assert tail.endswith(" …") and len(tail) < 60


def test_places_are_said_in_the_readers_words():
    assert place("art_23đ__para_5__point_b") == "Điều 23đ khoản 5 điểm b"
    assert place("chp_II__sec_1", "en") == "Chapter II Section 1"
    assert place("art_1__para_2__quoted_1__art_5") == "Điều 1 khoản 2 trích 1 Điều 5"
    assert place("art_3__intro") == "Điều 3 intro"
    assert places(["art_5"], ["art_7"]) == "Điều 5 → Điều 7"
    assert places([], ["art_7"]) == places(["art_7"], []) == "Điều 7"
    assert places([], ["art_8", "art_8__para_1", "art_8__para_2__point_a"]) == "Điều 8"
    assert places([], [f"art_{n}" for n in range(1, 9)]).endswith("Điều 6 …")

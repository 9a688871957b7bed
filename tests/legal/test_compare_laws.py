"""Laws that hold for every comparison, tried on decrees put together by hypothesis."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from invented_compare import ARTICLES, UNRELATED, decree

from monitor.legal import compare, parse
from monitor.legal.canon import one_tone_placement
from monitor.legal.inline import matched, pieces
from monitor.legal.model import Comparison

TOKENS = st.sampled_from(
    ["đèn", "lồng", " ", "\n", "3 giờ", "khoản 2", "Điều 5", ".", ",", "không được", "(ba)", "  "]
)
TEXTS = st.lists(TOKENS, max_size=30).map("".join)
WORDS = st.lists(st.sampled_from("abcd"), max_size=14)
EDITS = (
    ("48 giờ", "24 giờ"), ("không quá 02 lần", "không quá 01 lần"), ("phải hạ", "có quyền hạ"),
    ("10.000.000 đồng", "12.000.000 đồng"), ("tháp chuông", "chợ nổi"), ("15 ngày", "20 ngày"),
    ("tối thiểu 24 tháng", "tối đa 24 tháng"), ("Hướng gió, độ cao", "Độ cao, hướng gió"),
)  # fmt: skip


@st.composite
def decrees(draw: st.DrawFn) -> str:
    """An invented decree: some of the articles, in some order, with some edits."""
    chosen = draw(st.permutations(ARTICLES))[: draw(st.integers(3, len(ARTICLES)))]
    text = decree(tuple(chosen))
    for old, new in draw(st.lists(st.sampled_from(EDITS), max_size=4)):
        text = text.replace(old, new)
    return text


def swapped(comparison: Comparison) -> set[tuple[object, ...]]:
    turned = {"added": "removed", "removed": "added", "split": "merged", "merged": "split"}
    return {
        (link.new, link.old, turned.get(link.kind, link.kind), link.confidence, link.moved)
        for link in comparison.links
    }


def as_set(comparison: Comparison) -> set[tuple[object, ...]]:
    return {(k.old, k.new, k.kind, k.confidence, k.moved) for k in comparison.links}


@given(decrees())
@settings(max_examples=20, deadline=None)
def test_a_text_compared_with_itself_has_no_changes(text):
    parsed = parse(text)
    comparison = compare(parsed, parsed)
    assert comparison.changes == ()
    assert {link.kind for link in comparison.links} <= {"unchanged"}


@given(decrees(), decrees())
@settings(max_examples=40, deadline=None)
def test_swapping_the_texts_mirrors_the_comparison(first, second):
    one, other = parse(first), parse(second)
    assert as_set(compare(one, other)) == swapped(compare(other, one))


@given(decrees(), decrees())
@settings(max_examples=40, deadline=None)
def test_every_provision_of_both_sides_is_in_exactly_one_link(first, second):
    comparison = compare(parse(first), parse(second))
    for side, text in (("old", comparison.old), ("new", comparison.new)):
        stack, eids = list(text.provisions), []
        while stack:
            provision = stack.pop()
            stack += provision.children
            eids.append(provision.eid)
        assert sorted(e for link in comparison.links for e in getattr(link, side)) == sorted(eids)


@given(decrees(), st.integers(1, 40))
@settings(max_examples=20, deadline=None)
def test_new_numbers_alone_raise_nothing(text, first):
    new = text
    for number in range(9, 0, -1):
        new = new.replace(f"Điều {number}. ", f"Điều {number + first}. ")
        new = new.replace(f"Điều {number} Nghị định này", f"Điều {number + first} Nghị định này")
    assert compare(parse(text), parse(new)).changes == ()


@given(decrees(), st.integers(0, 7))
@settings(max_examples=20, deadline=None)
def test_one_unrelated_new_article_gives_exactly_one_added_change(text, place):
    articles = text.split("\nĐiều ")[1:]
    bodies = [article.split(". ", 1)[1].rstrip("\n") for article in articles]
    place = min(place, len(bodies))
    new = decree((*bodies[:place], UNRELATED, *bodies[place:]))
    kept = compare(parse(decree(tuple(bodies))), parse(new)).changes
    assert [change.kind for change in kept if change.kind == "added"] == ["added"]
    assert all(
        {value.type for value in change.values} <= {"reference"}
        for change in kept if change.kind != "added"
    )  # fmt: skip


@given(decrees(), st.sampled_from(["NFC", "NFD"]), st.booleans(), st.booleans())
@settings(max_examples=20, deadline=None)
def test_unicode_form_white_space_and_tone_placement_change_nothing(text, form, wide, tones):
    new = text.replace("lưu trữ", "lưu trữ hòa").replace("Lưu trữ", "Lưu trữ hòa")
    old = new
    if tones:
        new = new.replace("hòa", "hoà")
    if wide:
        new = new.replace(" đèn", "  đèn")
    assert compare(parse(old), parse(unicodedata.normalize(form, new))).changes == ()


@given(TEXTS, TEXTS)
def test_the_pieces_put_together_give_both_texts_exactly(old, new):
    found = pieces(old, new)
    assert "".join(said for sign, said in found if sign in "=-") == old
    assert "".join(said for sign, said in found if sign in "=+") == new


@given(TEXTS, TEXTS)
def test_swapped_texts_give_the_pieces_swapped(old, new):
    def gained(sign: str, found: tuple[tuple[str, str], ...]) -> str:
        return "|".join(said for mark, said in found if mark == sign)

    assert gained("-", pieces(old, new)) == gained("+", pieces(new, old))
    assert gained("=", pieces(old, new)) == gained("=", pieces(new, old))


@given(WORDS, WORDS)
def test_what_two_word_lists_share_is_as_long_as_can_be(old, new):
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, word in enumerate(old):
        for column, other in enumerate(new):
            table[row + 1][column + 1] = (
                table[row][column] + 1 if word == other
                else max(table[row][column + 1], table[row + 1][column])
            )  # fmt: skip
    found = matched(old, new)
    assert len(found) == table[-1][-1]
    assert all(old[a] == new[b] for a, b in found)
    assert found == sorted(found)


@given(st.sampled_from(["hoà", "khoẻ", "thuỷ", "quý", "hoàn", "ngoài", "khuya", "quả"]))
def test_tone_placement_is_unified_in_open_syllables_only(word):
    unified = {"hoà": "hòa", "khoẻ": "khỏe", "thuỷ": "thủy"}
    assert one_tone_placement(word) == unified.get(word, word)

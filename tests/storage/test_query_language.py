"""What a reader may type, and what is said of what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query_language import Parsed, Term, parse
from storage.search_request import QueryUnclear


def words(parsed: Parsed) -> list[list[str]]:
    return [[f"{t.field}:{t.text}" if t.field else t.text for t in g] for g in parsed.wanted]


def test_words_phrases_alternatives_and_what_is_not_wanted():
    found = parse('bến "mở lại" phà OR đò -"tin đồn" -cũ')
    assert words(found) == [["bến"], ["mở lại"], ["phà", "đò"]]
    assert [(t.text, t.quoted) for t in found.unwanted] == [("tin đồn", True), ("cũ", False)]


def test_fields_are_read_with_their_values_and_a_colon_in_a_text_is_none():
    found = parse('source:cong-bao topic:"personal-data" -side:state decree:147/2024 12:30')
    assert words(found) == [
        ["source:cong-bao"], ["topic:personal-data"], ["decree:147/2024"], ["12:30"],
    ]  # fmt: skip
    assert found.unwanted == (Term("state", 38, "side"),)


def test_the_words_without_fields_are_what_is_compared_by_meaning():
    assert parse("who fines source:x livestream -kind:document").words == "who fines livestream"


@pytest.mark.parametrize(
    ("query", "said", "at"),
    [
        ('bến "phà', "character 5", 4),
        ("OR phà", "character 1", 0),
        ("phà OR", "character 5", 4),
        ("phà OR OR đò", "character 8", 7),
        ("phà OR -đò", "not", 7),
        ("phà sorce:vnx", "did you mean source:?", 4),
        ("xyz:1", "there are decree:", 0),
        ("phà side:ours", "official", 4),
        ("since:soon", "2026-03-01", 0),
        ("-since:2026-03-01", "leave the - out", 0),
        ("a " * 70, "more than 64", 0),
        ("x" * 3000, "at most 2000", 2000),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(query, said, at):
    with pytest.raises(QueryUnclear) as unclear:
        parse(query)
    assert said in str(unclear.value)
    assert unclear.value.at == at


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        parsed = parse(text)
    except QueryUnclear as unclear:
        assert 0 <= unclear.at <= len(text) + 80
    else:
        assert all(group for group in parsed.wanted)


@given(st.lists(st.sampled_from(["phà", "đò", "bến", "Cồn-Én", "5G"]), min_size=1, max_size=6))
def test_plain_words_are_all_wanted_in_their_order(typed):
    assert words(parse(" ".join(typed))) == [[word] for word in typed]

"""The stage of saved searches: what is found, once, and never in what was read anew."""

import pytest
from archives import NOON, emptied, observe, seen
from classified_archives import later
from hypothesis import given, settings
from hypothesis import strategies as st
from light_model import LightModel

from config import Rule
from monitor.passages import VERSION
from monitor.searching import Searches, SearchStage
from monitor.stages import run_stages


@pytest.fixture
def archive(places):
    opened = places.open()
    yield opened
    opened.close()


def rule(**said):
    return Rule.model_validate({"id": "s", "on": "search", "channels": ["desk"], **said})


def run(archive, *rules, model=None):
    stage = SearchStage(rules, lambda: model or LightModel())
    (report,) = run_stages(archive, [stage], later())
    assert (report.problem, report.failed) == ("", 0)


def matches(archive):
    with archive.reading() as tx:
        return [
            (one.data["rule"], one.data["item"], one.data["how"])
            for one in tx.events.since(None, ["search.matched"])
        ]


PHA = rule(query="bến phà")


def test_a_new_text_is_found_once_however_often_it_is_edited(archive):
    observe(archive, seen(), seen(hour=1, text="Bến phà đóng lại."))
    run(archive, PHA)
    run(archive, PHA)
    observe(archive, seen(hour=2, text="Bến phà mở lại."))
    run(archive, PHA)
    assert matches(archive) == [("s", 1, "words")]


def test_an_edit_that_brings_the_words_in_is_found_and_one_that_keeps_them_is_not(archive):
    observe(archive, seen(title="Tin", text="Chuyện khác."))
    run(archive, PHA)
    observe(archive, seen(title="Tin", text="Bến phà.", hour=1))
    other = rule(id="other", query="mở lại")
    run(archive, PHA, other)
    assert matches(archive) == [("s", 1, "words")]
    observe(archive, seen("https://press.example/b"))
    late = rule(id="late", query="phà")
    run(archive, PHA, other)
    observe(archive, seen("https://press.example/b", hour=3, text="Bến phà mở lại, thêm tin."))
    run(archive, PHA, other, late)
    assert ("late", 2, "words") not in matches(archive)


def test_what_is_read_anew_or_came_from_an_old_collection_is_not_found(archive):
    observe(
        archive,
        seen(title="Tin", text="Chuyện khác."),
        seen(title="Tin", text="Bến phà.", extractor_version=2),
        seen("https://press.example/old", backfill=True),
    )
    run(archive, PHA)
    assert matches(archive) == []


def test_a_new_search_does_not_dig_up_what_the_rules_had_read_before(archive):
    observe(archive, seen())
    with archive.transaction() as tx:
        tx.events.move("alerts", tx.events.last(), NOON)
    observe(archive, seen("https://press.example/new", hour=1))
    run(archive, PHA)
    with archive.transaction() as tx:
        tx.events.move("alerts", tx.events.last(), NOON)
        tx.events.move("searching", 0, NOON)
    run(archive, PHA)
    assert matches(archive) == [("s", 2, "words")]


def test_a_search_that_is_not_enabled_finds_nothing(archive):
    observe(archive, seen())
    run(archive, rule(query="phà", enabled=False))
    assert matches(archive) == []


def test_a_meaning_finds_what_is_like_enough_and_says_which_passage(archive):
    sentence = "bến phà mở lại sau ba ngày"
    observe(
        archive,
        seen(title="Bến phà mở lại", text=""),
        seen("https://press.example/b", title="Giá vàng hôm nay tăng mạnh", text=""),
    )
    run(archive, rule(meaning=sentence, likeness=0.5))
    with archive.reading() as tx:
        (found,) = tx.events.since(None, ["search.matched"])
    assert (found.data["item"], found.data["how"]) == (1, "meaning")
    assert 0.5 <= found.data["score"] < 1
    assert found.data["passage"] == "Bến phà mở lại"


def test_a_rule_with_words_and_a_meaning_finds_by_either(archive):
    observe(
        archive,
        seen(title="Bến phà mở lại", text=""),
        seen("https://press.example/b", title="Giá vàng hôm nay tăng mạnh", text=""),
    )
    run(archive, rule(meaning="bến phà mở lại hôm qua", query="giá vàng"))
    assert matches(archive) == [("s", 1, "meaning"), ("s", 2, "words")]


def test_an_edit_that_leaves_the_meaning_is_not_found_again_by_a_later_rule(archive):
    observe(archive, seen(title="Bến phà mở lại", text=""))
    run(archive, PHA)
    observe(archive, seen(title="Bến phà mở lại rồi", text="", hour=1))
    run(archive, PHA, rule(id="late", meaning="bến phà mở lại"))
    assert matches(archive) == [("s", 1, "words")]


def test_the_model_is_loaded_only_where_a_rule_has_a_meaning(archive):
    observe(archive, seen())
    model = LightModel()
    run(archive, PHA, model=model)
    assert model.encoded == 0


def test_vectors_that_are_kept_are_not_computed_again(archive):
    observe(archive, seen(title="Bến phà mở lại", text=""))
    model = LightModel()
    vector = model.encode(["Bến phà mở lại"]).astype("<f2")
    with archive.transaction() as tx:
        tx.vectors.put(1, "light@1", VERSION, [0], vector.tobytes(), model.dimensions)
    sentence = rule(meaning="bến phà mở lại")
    run(archive, sentence, model=model)
    with_vectors = model.encoded
    assert matches(archive) == [("s", 1, "meaning")]
    other = LightModel()
    with archive.transaction() as tx:
        tx.events.move("searching", 0, NOON)
        tx.vectors.drop_others("other", 0)
    run(archive, sentence, model=other)
    assert other.encoded == with_vectors


TEXTS = st.sampled_from(["Bến phà mở lại.", "Giá vàng tăng.", "Bến cảng và con phà.", "Tin."])
LOOKS = st.lists(st.tuples(st.integers(1, 3), TEXTS, st.sampled_from([1, 1, 2])), max_size=10)


@settings(max_examples=10)
@given(looks=LOOKS, every=st.integers(1, 4))
def test_searching_at_once_finds_the_same_items_as_searching_while_they_come(places, looks, every):
    archive = places.open()
    emptied(archive)
    rules = [PHA, rule(id="m", meaning="giá vàng tăng", likeness=0.7)]
    for number, (item, text, version) in enumerate(looks):
        url = f"https://press.example/{item}"
        observe(archive, seen(url, number, title="", text=text, extractor_version=version))
        if number % every == 0:
            run(archive, *rules)
    run(archive, *rules)
    with archive.reading() as tx:
        events = tx.events.since(None, SearchStage.kinds)
    found = Searches(rules, LightModel).found(events, archive)
    at_once = {
        (one.rule, event.data["item"])
        for event, of in zip(events, found, strict=True)
        for one in of
    }
    live = [(name, item) for name, item, _ in matches(archive)]
    archive.close()
    assert len(live) == len(set(live))
    assert set(live) == at_once

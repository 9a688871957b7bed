"""Alerts on saved searches: what was found, by what, and only for the rule that searched."""

from newsdesk import configuration

from alerts.stage import RulesStage

WORDS = {"id": "ferries", "on": "search", "query": "bến phà"}
MEANING = {"id": "same", "on": "search", "meaning": "a ferry reopens"}


def found(desk, rule="ferries", how="words", score=1.0, **said):
    seen = desk.page("Bến phà mở lại.", url="https://tin-moi.example.org/f", **said)
    data = {"item": seen.item_id, "revision": seen.revision_id, "source": "tin-moi"}
    data |= {"rule": rule, "how": how, "score": score, "passage": "Bến phà mở lại."}
    desk.happens("search.matched", f"item:{seen.item_id}", **data)
    return seen


def test_what_a_search_found_is_told_with_the_words_and_the_passage(desk):
    seen = found(desk)
    (alert,) = desk.alerts(WORDS)
    assert alert.title == "Found by ferries: Tin về nền tảng"
    assert alert.subject == f"item:{seen.item_id}"
    for fact in (
        ["Search", "bến phà"],
        ["Found by", "words"],
        ["Passage", "Bến phà mở lại."],
        ["Source", "Tin Mới"],
    ):
        assert fact in alert.body["facts"]
    assert alert.body["about"] == "search"


def test_a_meaning_is_told_with_its_likeness(desk):
    found(desk, "same", "meaning", 0.613)
    (alert,) = desk.alerts(MEANING)
    assert ["Search", "a ferry reopens"] in alert.body["facts"]
    assert ["Found by", "meaning, likeness 0.61"] in alert.body["facts"]


def test_what_another_rules_search_found_is_not_told(desk):
    found(desk, "same")
    assert desk.alerts(WORDS) == []
    assert "found by the search of the rule same" in desk.reasons("search.matched", WORDS)


def test_a_search_is_narrowed_like_any_other_rule(desk):
    found(desk)
    assert desk.alerts(WORDS | {"sources": ["song-xanh"]}) == []


def test_a_second_find_in_the_same_text_raises_nothing(desk):
    found(desk)
    found(desk)
    assert len(desk.alerts(WORDS)) == 1


def test_the_rules_read_what_the_search_stage_writes():
    assert "search.matched" in RulesStage(configuration(WORDS)).kinds

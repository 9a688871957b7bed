"""Drifts that belong together are one trouble, over with the last of them."""

from datetime import datetime, timedelta

from archives import NOON

from monitor.source_troubles import Case, DriftVerdict, together
from storage.models import Event


def begins(source, *sorts):
    return [
        DriftVerdict(source, "source.drifted", sort, 0, {"since": "s", "words": f"{sort} fails"})
        for sort in sorts
    ]


def ends(source, *sorts):
    return [DriftVerdict(source, "source.mended", sort, 1, {"reasons": ["well"]}) for sort in sorts]


def lasts(trouble, *sorts, at: datetime = NOON):
    data = {"trouble": trouble, "thread": f"source:{trouble.partition(':')[0]}"}
    return {sort: Event(kind="source.drifted", at=at, data=data | {"sort": sort}) for sort in sorts}


def case(source, begun=(), ended=(), lasting=None, family="ims"):
    return Case(source, family, NOON, begun, ended, lasting or {})


def troubles(*cases):
    return [(one.source, one.sort, one.said["trouble"]) for one in together(cases)]


def test_what_begins_together_is_one_trouble_and_says_all_reasons():
    verdicts = together([case("a", begins("a", "selectors", "byline"))])
    assert {one.said["trouble"] for one in verdicts} == {"a:selectors:s"}
    assert verdicts[0].said["reasons"] == ["selectors fails", "byline fails"]


def test_a_family_whose_selectors_fail_on_two_sources_is_one_trouble():
    first, second = together(
        [case("a", begins("a", "selectors")), case("b", begins("b", "selectors"))]
    )
    assert first.said["trouble"] == second.said["trouble"]
    assert second.said["thread"] == "source:a"
    assert first.said["reasons"] == ["selectors fails", "b: selectors fails"]
    later = case("b", begins("b", "selectors"))
    lasting = lasts("a:selectors:s", "selectors", at=NOON - timedelta(hours=30))
    assert troubles(case("a", lasting=lasting), later) == [("b", "selectors", "a:selectors:s")]


def test_other_families_and_what_is_long_past_are_troubles_of_their_own():
    lasting = lasts("a:selectors:s", "selectors", at=NOON - timedelta(days=9))
    begun = case("b", begins("b", "selectors"))
    assert troubles(case("a", lasting=lasting), begun) == [("b", "selectors", "b:selectors:s")]
    other = case("c", begins("c", "selectors"), family="zce")
    found = together([case("a", begins("a", "selectors")), other])
    assert len({one.said["trouble"] for one in found}) == 2
    byline = together([case("a", begins("a", "byline")), case("b", begins("b", "byline"))])
    assert len({one.said["trouble"] for one in byline}) == 2


def test_a_trouble_is_over_with_its_last_drift_on_its_last_source():
    lasting = lasts("a:selectors:s", "selectors", "byline")
    assert troubles(case("a", ended=ends("a", "byline"), lasting=lasting)) == [("a", "byline", "")]
    both = case("a", ended=ends("a", "byline", "selectors"), lasting=lasting)
    assert [bool(trouble) for *_, trouble in troubles(both)] == [False, True]
    fellow = case("b", lasting=lasts("a:selectors:s", "selectors"))
    assert not any(trouble for *_, trouble in troubles(both, fellow))
    alone = case("b", ended=ends("b", "selectors"), lasting=lasts("a:selectors:s", "selectors"))
    assert troubles(alone) == [("b", "selectors", "a:selectors:s")]

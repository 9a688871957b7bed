"""What nobody is told of: further tellings of a story, what was told already, what is silenced."""

from datetime import timedelta

import pytest
from routing import NOW, alert, rule, store

from alerts.past import ArchivePast
from alerts.pipeline import Pass, Stop
from alerts.steps.deduplicate import WITHIN, Deduplicate
from alerts.steps.inhibit import Inhibit
from alerts.steps.silence import Silenced

LAW = "901/2031/NĐ-CP"
NAMED = alert(subject=f"instrument:{LAW}", thread=f"instrument:{LAW}", body={"speaks_of": [LAW]})
ENACTED = alert(
    key="law",
    subject="instrument:platforms",
    thread="instrument:platforms",
    body={"stage": "enacted", "speaks_of": ["platforms", LAW], "instruments": ["1/2031/QH15"]},
)


def decided(archive, step, raised, now=NOW, **said):
    with archive.reading() as tx:
        return step.decide(raised, rule(**said), now, ArchivePast(tx))


@pytest.fixture
def stored(archive):
    def write(raised, **said):
        with archive.transaction() as tx:
            return store(tx, raised, **said)

    return write


@pytest.mark.parametrize("on", ["coverage", "named"])
def test_a_rule_tells_a_story_once_however_many_outlets_tell_it(archive, stored, on):
    stored(alert(key="first", thread="story:4"))
    found = decided(archive, Deduplicate(), alert(thread="story:4", subject="item:2"), on=on)
    assert found == Stop("duplicate", "alert 1 told of the same story")


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ({"thread": "story:5"}, {}),
        ({"thread": "item:1"}, {}),
        ({"thread": "story:4"}, {"on": "edited"}),
        ({"thread": "story:4"}, {"on": "removed"}),
        ({"thread": "story:4"}, {"id": "another"}),
    ],
)
def test_another_story_an_edit_or_another_rule_is_no_duplicate(archive, stored, raised, said):
    stored(alert(key="first", thread="story:4"))
    assert isinstance(decided(archive, Deduplicate(), alert(**raised), **said), Pass)


def test_a_story_that_comes_up_again_is_news_however_often_it_was_repeated_meanwhile(
    archive, stored
):
    stored(alert(key="first", thread="story:4"))
    stored(alert(key="again", thread="story:4"), state="duplicate", at=NOW + WITHIN / 2)
    later = NOW + WITHIN + timedelta(seconds=1)
    found = decided(archive, Deduplicate(), alert(thread="story:4"), later)
    assert isinstance(found, Pass)


@pytest.mark.parametrize("state", ["silenced", "inhibited", "duplicate"])
def test_what_nobody_was_told_makes_no_duplicate(archive, stored, state):
    stored(alert(key="first", thread="story:4"), state=state)
    assert isinstance(decided(archive, Deduplicate(), alert(thread="story:4")), Pass)


def test_an_enactment_inhibits_that_its_number_is_named_in_coverage(archive, stored):
    stored(ENACTED)
    found = decided(archive, Inhibit(), NAMED, on="named")
    assert found == Stop("inhibited", f"alert 1 told of {LAW} already")
    assert isinstance(decided(archive, Inhibit(), NAMED, on="coverage"), Pass)


def test_a_new_status_inhibits_it_too(archive, stored):
    body = {"about": "status", "speaks_of": [LAW]}
    stored(alert(key="status", subject=f"instrument:{LAW}", body=body))
    assert isinstance(decided(archive, Inhibit(), NAMED, on="named"), Stop)


def test_an_instrument_that_the_enacted_text_merely_cites_is_still_told_of(archive, stored):
    stored(ENACTED)
    cited = alert(subject="instrument:1/2031/QH15", body={"speaks_of": ["1/2031/QH15"]})
    assert isinstance(decided(archive, Inhibit(), cited, on="named"), Pass)


@pytest.mark.parametrize("how", [{"state": "silenced"}, {"at": NOW - timedelta(days=15)}])
def test_an_enactment_nobody_was_told_of_or_long_ago_inhibits_nothing(archive, stored, how):
    stored(ENACTED, **how)
    assert isinstance(decided(archive, Inhibit(), NAMED, on="named"), Pass)


def test_a_named_alert_that_still_waits_is_withdrawn_by_the_enactment(archive):
    named = {"speaks_of": [LAW], "event": {"kind": "instrument.named"}}
    waiting = alert(key="waits", subject=f"instrument:{LAW}", body=named)
    gone = alert(key="gone", subject=f"instrument:{LAW}", body=named)
    soon = NOW + timedelta(seconds=30)
    with archive.transaction() as tx:
        store(tx, waiting, held_until=soon, group_key="g")
        store(tx, gone)
        law = store(tx, ENACTED)
        Inhibit().withdraw(law, NOW, tx)
        found = {one.key: (one.state, one.decisions) for one in tx.outbox.alerts()}
    assert found["gone"] == ("open", [])
    state, (decision,) = found["waits"]
    assert (state, decision["step"], decision["verdict"]) == ("inhibited", "inhibit", "stop")
    assert decision["reason"] == f"alert 3 tells of {LAW} before this one went"


ABOUT = {"topics": ("minors", "telecom"), "source": "tin-moi", "instruments": (LAW, "platforms")}


@pytest.mark.parametrize(
    ("silence", "stopped"),
    [
        ({"topic": "telecom"}, True),
        ({"topic": "games"}, False),
        ({"source": "tin-moi"}, True),
        ({"source": "song-xanh"}, False),
        ({"instrument": LAW}, True),
        ({"instrument": "1/2031/QH15"}, False),
        ({"rule": "r"}, True),
        ({"rule": "another"}, False),
        ({"topic": "minors", "source": "tin-moi"}, True),
        ({"topic": "minors", "source": "song-xanh"}, False),
        ({}, True),
    ],
)
def test_a_silence_speaks_of_what_matches_all_that_it_names(archive, silence, stopped):
    with archive.transaction() as tx:
        tx.silences.add(until=NOW + timedelta(hours=1), by="lan", at=NOW, **silence)
    found = decided(archive, Silenced(), alert(**ABOUT))
    assert isinstance(found, Stop) is stopped


def test_a_silence_ends_by_itself_or_earlier_and_says_whose_it_was(archive):
    with archive.transaction() as tx:
        tx.silences.add(until=NOW + timedelta(hours=1), by="lan", at=NOW, note="holiday")
    found = decided(archive, Silenced(), alert())
    assert found.state == "silenced"
    assert found.reason.startswith("silence 1 by lan holds until 2031-06-03T03:00")
    assert found.reason.endswith("(holiday)")
    over = NOW + timedelta(hours=1)
    assert isinstance(decided(archive, Silenced(), alert(), over), Pass)
    with archive.transaction() as tx:
        tx.silences.end(1, NOW)
    assert isinstance(decided(archive, Silenced(), alert()), Pass)

"""Trying a rule on the archive: it finds what it would have raised live, and writes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import LAW, Newsdesk, change, configuration

from alerts.rehearsal import Tally, rehearse
from alerts.rehearsal_report import reported
from alerts.stage import RulesStage
from storage.log import advance

COVERAGE = {"id": "cov", "on": "coverage", "topics": ["minors"]}
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
RULES = [
    COVERAGE,
    {"id": "ed", "on": "edited"},
    {"id": "gone", "on": "removed", "sources": ["tin-moi"]},
    {"id": "new", "on": "named"},
    {"id": "src", "on": "source-failing"},
    {"id": "draft", "on": "draft-revised"},
    {"id": "law", "on": "enacted"},
]


def tried(archive, rule, span=EVER, tally=None, **said):
    config = configuration(rule, **said)
    return list(rehearse(archive, config, config.rules[0], *span, tally=tally))


def live(archive, rule, now):
    """The keys of the alerts that the stage raises with this rule alone."""
    stage = RulesStage(configuration(rule), lambda: now)
    with archive.transaction() as tx:
        tx.events.move("alerts", 0, now)
    while advance(archive, stage, now).read:
        pass
    with archive.reading() as tx:
        return {alert.key for alert in tx.outbox.alerts() if alert.rule == rule["id"]}


def table_sizes(archive):
    with archive.reading() as tx:
        return tx.events.last(), tx.outbox.counts(), tx.events.cursors()


THINGS = st.lists(
    st.tuples(
        st.sampled_from(["page", "tag", "edit", "remove", "name", "fail", "draft", "law"]),
        st.integers(1, 4),
    ),
    max_size=12,
)


def play(desk, things):
    pages = {}
    for what, number in things:
        url = f"https://tin-moi.example.org/{number}"
        match what:
            case "page" | "edit":
                pages[number] = desk.page(f"Bản {desk.now:%H}.", url=url)
            case "tag" if number in pages:
                desk.tagged(pages[number], "minors")
            case "remove" if number in pages:
                desk.happens("item.removed", f"item:{number}", item=number, source="tin-moi")
            case "name":
                desk.happens("instrument.named", f"instrument:{number}", instrument=str(number))
            case "fail":
                desk.happens("source.failing", "source:tin-moi", reasons=[])
            case "draft" | "law":
                stage = "draft" if what == "draft" else "enacted"
                text = desk.page(f"Điều {number}.", url=f"{url}/{desk.now:%j%H}", kind="document")
                desk.version(text, stage, number=LAW)
                if "last" in pages:
                    desk.compared(pages["last"], text, stage, change())
                pages["last"] = text


@settings(max_examples=15)
@given(things=THINGS, rule=st.sampled_from(RULES))
def test_a_trial_finds_exactly_what_the_rule_raises_live(new_archive, things, rule):
    archive = new_archive()
    desk = Newsdesk(archive, datetime(2031, 6, 3, 2, tzinfo=UTC))
    play(desk, things)
    before = table_sizes(archive)
    found = {one.raised.key for one in tried(archive, rule)}
    assert table_sizes(archive) == before
    assert found == live(archive, rule, desk.now)


def test_a_rule_that_is_not_enabled_can_be_tried(desk):
    desk.tagged(desk.page("Trẻ em."), "minors")
    assert len(tried(desk.archive, COVERAGE | {"enabled": False})) == 1
    assert live(desk.archive, COVERAGE | {"enabled": False}, desk.now) == set()


def test_only_events_of_the_days_that_are_asked_for_count(desk):
    for number in range(4):
        url = f"https://tin-moi.example.org/{number}"
        desk.tagged(desk.page("Trẻ em.", url=url), "minors")
    span = (desk.now - timedelta(hours=2), desk.now - timedelta(hours=1))
    assert [one.at for one in tried(desk.archive, COVERAGE, span)] == list(span)


def test_many_events_are_read_batch_by_batch_in_order(desk, monkeypatch):
    monkeypatch.setattr("alerts.rehearsal.BATCH", 3)
    for number in range(8):
        desk.happens("source.failing", "source:tin-moi", reasons=[str(number)])
    found = tried(desk.archive, {"id": "src", "on": "source-failing"})
    assert [one.event for one in found] == list(range(1, 9))


def test_groups_are_counted_as_the_messages_they_would_have_been(desk):
    for number in range(3):
        desk.tagged(desk.page("Trẻ em.", url=f"https://tin-moi.example.org/{number}"), "minors")
    alone = [one.begins_message for one in tried(desk.archive, COVERAGE)]
    assert alone == [True, True, True]
    group = {"by": "topic", "wait": "90m", "interval": "30m"}
    found = tried(desk.archive, COVERAGE | {"group": group})
    assert [one.begins_message for one in found] == [True, False, True]


def test_quiet_hours_and_silences_are_rehearsed_too(desk):
    with desk.archive.transaction() as tx:
        end = desk.now + timedelta(hours=1, minutes=30)
        tx.silences.add(until=end, by="lan", at=desk.now, topic="minors")
    for number in range(3):
        desk.tagged(desk.page("Trẻ em.", url=f"https://tin-moi.example.org/{number}"), "minors")
    found = tried(desk.archive, COVERAGE | {"quiet": "10:30-11:30"})
    assert [one.route.state for one in found] == ["silenced", "open", "open"]
    assert [one.route.held_until is not None for one in found] == [False, True, False]


def test_what_was_told_of_by_another_rule_inhibits_in_the_trial_as_it_did_live(desk):
    law = desk.page("Toàn văn.", url="https://p.example.org/1", kind="document")
    desk.version(law, "enacted", number=LAW)
    desk.alerts({"id": "law", "on": "enacted"})
    desk.happens("instrument.named", f"instrument:{LAW}", instrument=LAW, number=LAW)
    (found,) = tried(desk.archive, {"id": "new", "on": "named"})
    assert found.route.state == "inhibited"


def test_an_old_collection_counts_only_where_one_asks_for_it(desk):
    desk.tagged(desk.page("Trẻ em.", backfill=True), "minors", backfill=True)
    config = configuration(COVERAGE)
    tally = Tally()
    assert tried(desk.archive, COVERAGE, tally=tally) == []
    assert tally.silent == {"came from an old collection": 1}
    found = rehearse(desk.archive, config, config.rules[0], *EVER, imported=True)
    assert len(list(found)) == 1


def test_the_report_counts_by_week_and_shows_the_first_and_the_reasons_for_silence(desk):
    desk.tagged(desk.page("Mạng.", url="https://tin-moi.example.org/x"), "telecom")
    for number in range(25):
        desk.tagged(desk.page("Trẻ em.", url=f"https://tin-moi.example.org/{number}"), "minors")
        desk.now += timedelta(hours=12)
    tally = Tally()
    config = configuration(COVERAGE)
    found = rehearse(desk.archive, config, config.rules[0], *EVER, tally=tally)
    said = reported(found, tally, config.zone)
    assert (said["events"], said["raised"], said["told"], said["messages"]) == (26, 25, 25, 25)
    assert sum(week["raised"] for week in said["weeks"]) == 25
    assert [week["week"] for week in said["weeks"]] == ["2031-W23", "2031-W24", "2031-W25"]
    assert len(said["alerts"]) == 20
    assert said["alerts"][0]["title"] == "Minors online: Tin về nền tảng"
    assert said["silent"] == [
        {"reason": "about none of the rule's topics, but telecom", "events": 1}
    ]


@pytest.mark.parametrize("how", [{}, {"topics": ["telecom"]}])
def test_an_empty_archive_gives_an_empty_report(archive, how):
    tally = Tally()
    config = configuration({"id": "cov", "on": "coverage", **how})
    said = reported(rehearse(archive, config, config.rules[0], *EVER, tally=tally), tally, UTC)
    assert (said["raised"], said["weeks"], said["alerts"]) == (0, [], [])

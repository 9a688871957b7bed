"""From an event to the messages that tell it: the steps together, and all of the way."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import LAW, Newsdesk, configuration
from outgoing import Scripted, passing
from routing import NOW, alert, rule

from alerts.delivery import deliver
from alerts.pipeline import Hold, Pass, Stop, route
from alerts.stage import RulesStage
from storage.log import advance

NOT_TOLD = ("silenced", "inhibited", "duplicate")
GROUPED = {"by": "topic", "wait": "30s", "interval": "5m"}
COVERAGE = {"id": "cov", "on": "coverage", "topics": ["minors"], "group": GROUPED}
FAILING = {"id": "src", "on": "source-failing", "severity": "critical"}
NAMED = {"id": "new", "on": "named", "group": {"by": "rule", "wait": "10m"}}
ENACTED = {"id": "law", "on": "enacted"}


class Says:
    """A step that always says the same."""

    def __init__(self, name, decision):
        self.name = name
        self.decision = decision

    def decide(self, raised, rule, now, past):
        return self.decision


def routed(*decisions):
    steps = [Says(f"step {number}", one) for number, one in enumerate(decisions)]
    return route(steps, alert(), rule(), NOW, None)


def minutes(number):
    return NOW + timedelta(minutes=number)


def test_an_alert_that_every_step_lets_pass_is_told_at_once():
    way = routed(Pass("fine"), Pass("fine too"))
    assert (way.state, way.held_until, way.group_key) == ("open", None, "")
    assert [one["reason"] for one in way.decisions] == ["fine", "fine too"]


def test_of_two_that_hold_it_the_longer_says_with_whom_it_is_told():
    short, long = Hold(minutes(5), "group", "g"), Hold(minutes(500), "night", "n")
    for order in ((short, long), (long, short)):
        way = routed(*order)
        assert (way.held_until, way.group_key) == (minutes(500), "n")
    assert way.decisions[0] == {
        "step": "step 0",
        "verdict": "hold",
        "reason": "night",
        "until": minutes(500).isoformat(),
    }


def test_a_hold_that_is_over_already_still_says_with_whom_it_is_told():
    way = routed(Hold(minutes(-5), "group", "g"))
    assert (way.held_until, way.group_key) == (NOW, "g")


def test_the_first_step_that_stops_an_alert_is_the_last_that_is_asked():
    way = routed(Hold(minutes(5), "group", "g"), Stop("silenced", "asked to"), Pass("never"))
    assert (way.state, way.held_until) == ("silenced", None)
    assert [one["verdict"] for one in way.decisions] == ["hold", "stop"]


class Desk(Newsdesk):
    """A newsdesk whose alerts are raised and told as time passes."""

    def __init__(self, archive, *rules, quiet="", channels=("desk",)):
        super().__init__(archive, datetime(2031, 6, 3, 2, tzinfo=UTC))
        declared = [{"id": name, "kind": "console"} for name in channels]
        config = configuration(*rules, channels=declared)
        config = config.model_copy(
            update={"quiet": config.quiet.model_copy(update={"hours": quiet})}
        )
        self.stage = RulesStage(config)
        self.channels = {name: Scripted(name) for name in channels}

    def raise_all(self):
        while advance(self.archive, self.stage.at(self.now), self.now).read:
            pass

    def tell(self, **span):
        """Raise what is to be raised, let time pass, and send what is due then."""
        self.raise_all()
        self.now += timedelta(**span)
        deliver(self.archive, self.channels, self.now, jitter=lambda: 0.5)
        return self.channels["desk"].taken

    def article(self, number, topic="minors"):
        seen = self.page(f"Bài {number}.", url=f"https://tin-moi.example.org/{number}")
        self.tagged(seen, topic)
        return seen

    def alerts_now(self):
        with self.archive.reading() as tx:
            return tx.outbox.alerts()[::-1]


def test_three_articles_on_a_topic_are_one_message(archive):
    desk = Desk(archive, COVERAGE)
    for number in range(3):
        desk.article(number)
    assert desk.tell(seconds=29) == []
    (told,) = desk.tell(seconds=1)
    assert [one.alert for one in told.group] == [1, 2, 3]
    assert told.title.startswith("3 alerts: Minors online")


def test_what_a_night_held_is_one_message_in_the_morning_and_critical_ones_are_told_at_once(
    archive,
):
    desk = Desk(archive, COVERAGE, FAILING, quiet="09:30-20:00")
    desk.article(1)
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    desk.raise_all()
    assert [one.rule for one in desk.tell(seconds=1)] == ["src"]
    desk.article(2)
    assert len(desk.tell(hours=1)) == 1
    night = desk.tell(hours=9)[-1]
    assert [one.alert for one in night.group] == [1, 3]


def test_a_source_that_recovers_resolves_its_alert_where_it_was_told(archive):
    desk = Desk(archive, FAILING)
    desk.channels["desk"].can_edit = True
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    desk.tell(seconds=1)
    desk.happens("source.recovered", "source:tin-moi")
    told = desk.tell(seconds=1)
    assert [(one.kind, one.alert, one.state) for one in told] == [
        ("alert", 1, "open"),
        ("alert", 2, "open"),
        ("update", 1, "resolved"),
    ]
    assert told[2].edits == {"number": 1}
    assert told[1].first == {"number": 1}


def test_a_source_that_recovers_resolves_its_alert_even_where_no_rule_tells_so(archive):
    desk = Desk(archive, FAILING)
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    desk.tell(seconds=1)
    desk.stage = Desk(archive, COVERAGE).stage
    desk.happens("source.recovered", "source:tin-moi")
    desk.tell(seconds=1)
    assert [one.state for one in desk.alerts_now()] == ["resolved"]


def test_a_source_that_speaks_again_does_not_end_that_it_cannot_be_read(archive):
    desk = Desk(archive, FAILING)
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    desk.happens("source.spoke", "source:tin-moi")
    desk.raise_all()
    assert desk.alerts_now()[0].state == "open"


def test_an_acknowledged_alert_is_edited_where_the_channel_can_and_left_alone_elsewhere(archive):
    desk = Desk(archive, ENACTED, channels=("desk", "paper"))
    desk.channels["desk"].can_edit = True
    desk.stage = RulesStage(
        configuration(
            ENACTED | {"channels": ["desk", "paper"]},
            channels=[{"id": name, "kind": "console"} for name in ("desk", "paper")],
        )
    )
    desk.version(desk.page("Luật.", kind="document"), "enacted")
    desk.tell(seconds=1)
    with archive.transaction() as tx:
        tx.outbox.acknowledge(1, "lan", desk.now)
    told = desk.tell(seconds=1)
    assert [one.kind for one in told] == ["alert", "update"]
    assert (told[1].state, told[1].acknowledged_by) == ("acknowledged", "lan")
    assert [one.kind for one in desk.channels["paper"].taken] == ["alert"]


def test_coverage_that_names_a_decree_first_is_withdrawn_when_its_text_comes_in_time(archive):
    desk = Desk(archive, NAMED, ENACTED)
    told = desk.page(f"Nghị định {LAW} vừa ban hành.")
    about = {"item": told.item_id, "revision": told.revision_id}
    desk.happens("instrument.named", f"instrument:{LAW}", instrument=LAW, number=LAW, **about)
    desk.raise_all()
    law = desk.page("Toàn văn.", url="https://p.example.org/1", kind="document")
    desk.version(law, "enacted", number=LAW)
    assert [one.rule for one in desk.tell(hours=1)] == ["law"]
    named, enacted = desk.alerts_now()
    assert (named.state, enacted.state) == ("inhibited", "open")
    assert named.decisions[-1]["step"] == "inhibit"


def test_every_alert_keeps_what_each_step_made_of_it(archive):
    desk = Desk(archive, COVERAGE)
    desk.article(1)
    with archive.transaction() as tx:
        tx.silences.add(until=desk.now + timedelta(days=1), by="lan", at=NOW, topic="telecom")
    desk.raise_all()
    (told,) = desk.alerts_now()
    assert [one["step"] for one in told.decisions] == [
        "deduplicate",
        "inhibit",
        "silence",
        "quiet hours",
        "group",
    ]


def test_a_part_that_went_is_handed_back_with_the_next_attempt_and_a_thread_its_beginning(archive):
    desk = Desk(archive, FAILING)
    desk.channels["desk"].script = [passing(facts={"parts": {"0": {"ts": "7"}}})]
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    desk.tell(seconds=1)
    (told,) = desk.tell(minutes=1)
    assert told.sent_parts == {"parts": {"0": {"ts": "7"}}}
    desk.happens("source.failing", "source:tin-moi", reasons=["gone still"])
    assert desk.tell(seconds=1)[1].first == {"number": 1}


class Killed(BaseException):
    """The worker's process dies."""


class Faulty(Scripted):
    """Fails in the ways of its script, before or after it took the message."""

    def __init__(self, name, script):
        super().__init__(name)
        self.faults = list(script)
        self.clean = True

    def send(self, message):
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault != "ok":
            self.clean = False
        if fault in ("ok", "fail after", "die after"):
            self.taken.append(message)
        if fault.startswith("die"):
            raise Killed
        if fault == "wait":
            raise passing(retry_after=40.0)
        if fault != "ok":
            raise passing()
        return super().send(self.taken.pop())


HAPPENS = st.one_of(
    st.tuples(st.just("article"), st.integers(1, 4)),
    st.tuples(st.just("failing"), st.sampled_from(["tin-moi", "song-xanh"])),
    st.tuples(st.just("recovered"), st.sampled_from(["tin-moi", "song-xanh"])),
    st.tuples(st.just("deliver"), st.sampled_from([0, 20, 31, 400, 4000])),
    st.tuples(st.just("acknowledge"), st.integers(1, 5)),
    st.tuples(st.just("set back"), st.sampled_from([600, 100_000])),
)
FAULTS = st.sampled_from(["ok", "ok", "fail", "fail after", "die before", "die after", "wait"])


def play(desk, happens):
    try:
        match happens:
            case ("article", number):
                desk.article(number)
            case ("failing" | "recovered" as what, source):
                desk.happens(f"source.{what}", f"source:{source}", reasons=[])
            case ("deliver", seconds):
                desk.tell(seconds=seconds)
            case ("set back", seconds):
                desk.now -= timedelta(seconds=seconds)
            case ("acknowledge", number):
                with desk.archive.transaction() as tx:
                    tx.outbox.acknowledge(number, "lan", desk.now)
    except Killed:
        pass


@settings(max_examples=25)
@given(events=st.lists(HAPPENS, max_size=14), faults=st.lists(FAULTS, max_size=8))
def test_whatever_happens_every_alert_arrives_once_and_in_the_order_of_its_thread(
    new_archive, events, faults
):
    desk = Desk(new_archive(), COVERAGE, FAILING, quiet="10:00-12:00")
    channel = desk.channels["desk"] = Faulty("desk", faults)
    for one in events:
        play(desk, one)
    for _ in range(200):
        play(desk, ("deliver", 3600))
        with desk.archive.reading() as tx:
            if not tx.outbox.unfinished():
                break
    alerts = desk.alerts_now()
    arrivals = [
        (one.alert, message.key)
        for message in channel.taken
        if message.kind == "alert"
        for one in message.group or (message,)
    ]
    with desk.archive.reading() as tx:
        assert tx.outbox.unfinished() == []
        held = {one.id for one in alerts if tx.outbox.deliveries(one.id)[0].group_key}
    told_under: dict[str, set[int]] = {}
    for message in channel.taken:
        together = {one.alert for one in message.group or (message,)}
        assert told_under.setdefault(message.key, together) == together, "a batch changed"
    assert {number for number, _ in arrivals} == {one.id for one in alerts}
    assert len(set(arrivals)) == len(alerts), "an alert came under two keys"
    if channel.clean:
        assert len(arrivals) == len(alerts), "an alert came twice though nothing failed"
    order = list(dict.fromkeys(number for number, _ in arrivals))
    for thread in {one.thread for one in alerts}:
        ours = [one for one in alerts if one.thread == thread]
        for earlier, later in pairwise(ours):
            overtakes = later.severity == "critical" and earlier.id in held
            assert overtakes or order.index(earlier.id) <= order.index(later.id)


@pytest.mark.parametrize("state", NOT_TOLD)
def test_what_is_stopped_is_kept_and_never_sent(archive, state):
    desk = Desk(archive, COVERAGE)
    desk.stage._steps = (Says("stopper", Stop(state, "for a reason")),)
    desk.article(1)
    while advance(archive, desk.stage, desk.now).read:
        pass
    deliver(archive, desk.channels, desk.now + timedelta(days=2))
    (kept,) = desk.alerts_now()
    assert (kept.state, kept.decisions[0]["reason"]) == (state, "for a reason")
    assert desk.channels["desk"].taken == []

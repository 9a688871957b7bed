"""Groups: the first waits a little, the next ones until the interval is over."""

from datetime import timedelta

import pytest
from routing import NOW, alert, rule, store

from alerts.past import ArchivePast
from alerts.pipeline import Hold, Pass
from alerts.steps.group import Gather
from storage.outbox import LONGEST_QUIET

BY_TOPIC = {"by": "topic", "wait": "30s", "interval": "5m"}


def decide(archive, raised=None, now=NOW, **group):
    with archive.reading() as tx:
        one = rule(topics=["minors", "telecom"], group=BY_TOPIC | group)
        return Gather().decide(raised or alert(topics=("minors",)), one, now, ArchivePast(tx))


def seconds(hold, now=NOW):
    return (hold.until - now).total_seconds()


def hold(archive, number, decision):
    with archive.transaction() as tx:
        store(tx, alert(key=f"k{number}"), held_until=decision.until, group_key=decision.group_key)


def send_all(archive, now):
    with archive.transaction() as tx:
        for row, _ in tx.outbox.due(now):
            claimed = tx.outbox.claim(row.id, now, timedelta(minutes=3))
            if claimed:
                tx.outbox.sent(claimed, now, {})


def test_the_first_of_a_group_waits_for_others_who_join_it(archive):
    first = decide(archive)
    assert seconds(first) == 30
    hold(archive, 1, first)
    assert decide(archive, now=NOW + timedelta(seconds=20)).until == first.until


def test_after_a_message_the_next_ones_wait_until_the_interval_is_over(archive):
    first = decide(archive)
    hold(archive, 1, first)
    send_all(archive, first.until)
    after = first.until + timedelta(seconds=60)
    assert seconds(decide(archive, now=after), first.until) == 300
    long_after = first.until + timedelta(hours=2)
    assert seconds(decide(archive, now=long_after), long_after) == 30


def test_a_group_that_a_blocked_channel_keeps_does_not_let_the_others_go_one_by_one(archive):
    first = decide(archive)
    hold(archive, 1, first)
    later = first.until + timedelta(seconds=10)
    assert seconds(decide(archive, now=later), later) == 30


def test_a_clock_set_back_after_a_message_holds_the_next_for_no_longer_than_the_interval(archive):
    hold(archive, 1, decide(archive))
    send_all(archive, NOW + timedelta(days=3))
    found = decide(archive)
    assert seconds(found) == 300
    assert timedelta(seconds=300) < LONGEST_QUIET


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("rule", "r:"),
        ("topic", "r:telecom"),
        ("source", "r:tin-moi"),
        ("thread", "r:story:4"),
    ],
)
def test_what_belongs_together_is_for_the_rule_to_say(archive, by, key):
    raised = alert(topics=("games", "telecom"), source="tin-moi", thread="story:4")
    assert decide(archive, raised, by=by).group_key == key


def test_what_is_critical_or_not_grouped_goes_alone_and_at_once(archive):
    assert isinstance(decide(archive, alert(severity="critical")), Pass)
    assert isinstance(decide(archive, by="none"), Pass)
    assert isinstance(decide(archive, alert()), Hold)

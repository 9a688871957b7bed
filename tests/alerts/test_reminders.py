"""Alerts that nobody acknowledged are told again, and no others."""

from datetime import timedelta

import pytest
from newsdesk import configuration
from outgoing import NOW, Scripted
from routing import alert, store

from alerts.delivery import deliver
from alerts.reminders import remind

HOURS = timedelta(hours=4)
BODY = {"topics": [{"topic": "minors"}], "source": {"id": "tin-moi"}, "instruments": []}


def configured(quiet="", **group):
    rules = [{"id": "r", "on": "coverage", "group": {"repeat": "4h", **group}}]
    config = configuration(*rules)
    return config.model_copy(update={"quiet": config.quiet.model_copy(update={"hours": quiet})})


@pytest.fixture
def told(archive):
    """An archive with a told alert for each name, a channel that took them, and a clock."""
    channel = Scripted("desk")

    def tell(*names, severity="major", **said):
        with archive.transaction() as tx:
            for name in names:
                raised = alert(
                    key=name, subject=f"item:{name}", thread=name, severity=severity, body=BODY
                )
                store(tx, raised, **said)
        deliver(archive, {"desk": channel}, NOW)
        channel.taken.clear()
        return channel

    return tell


def reminded(archive, channel, now, config=None):
    count = remind(archive, config or configured(), now)
    deliver(archive, {"desk": channel}, now)
    kinds = [one.kind for one in channel.taken]
    assert set(kinds) <= {"reminder", "update"}
    return count, kinds.count("reminder")


def test_an_open_alert_is_told_again_and_again_until_somebody_acknowledges_it(archive, told):
    channel = told("a")
    assert reminded(archive, channel, NOW + HOURS / 2) == (0, 0)
    later = NOW + HOURS + timedelta(minutes=1)
    assert reminded(archive, channel, later) == (1, 1)
    assert reminded(archive, channel, later + HOURS / 2) == (0, 1)
    assert reminded(archive, channel, later + HOURS * 2) == (1, 2)
    with archive.transaction() as tx:
        tx.outbox.acknowledge(1, "lan", NOW)
    assert reminded(archive, channel, later + HOURS * 9) == (0, 2)


def test_a_reminder_carries_a_key_of_its_own_and_stays_in_the_thread(archive, told):
    channel = told("a")
    reminded(archive, channel, NOW + HOURS * 2)
    (again,) = channel.taken
    with archive.reading() as tx:
        first, second = tx.outbox.deliveries(1)
    assert again.key == second.key != first.key
    assert again.first == {"number": 1}


def test_alerts_that_were_told_as_one_are_told_again_as_one(archive, told):
    channel = told("a", "b", held_until=NOW, group_key="g")
    assert reminded(archive, channel, NOW + HOURS * 2) == (2, 1)
    (again,) = channel.taken
    assert [one.alert for one in again.group] == [1, 2]
    assert {one.kind for one in (again, *again.group)} == {"reminder"}


def test_nobody_is_reminded_of_rules_without_repeat(archive, told):
    channel = told("a")
    config = configuration({"id": "r", "on": "coverage"})
    assert reminded(archive, channel, NOW + HOURS * 9, config) == (0, 0)


@pytest.mark.parametrize(("severity", "count"), [("major", 0), ("critical", 1)])
def test_in_quiet_hours_only_critical_alerts_are_told_again(archive, told, severity, count):
    channel = told("a", severity=severity)
    config = configured(quiet="12:00-20:00")
    at_three_in_the_afternoon = NOW + timedelta(hours=6)
    assert reminded(archive, channel, at_three_in_the_afternoon, config) == (count, count)


def test_what_a_silence_speaks_of_is_not_told_again_while_it_holds(archive, told):
    channel = told("a")
    later = NOW + HOURS * 2
    with archive.transaction() as tx:
        tx.silences.add(until=later, by="lan", at=NOW, topic="minors")
    assert reminded(archive, channel, later - timedelta(seconds=1)) == (0, 0)
    assert reminded(archive, channel, later) == (1, 1)


def test_an_alert_that_was_never_sent_is_not_told_again_before_it_was_told(archive, told):
    with archive.transaction() as tx:
        store(tx, alert())
    assert remind(archive, configured(), NOW + HOURS * 2) == 0

"""The outbox worker: order, retries, failures, and two workers at once."""

from datetime import timedelta

import pytest
from outgoing import NOW, Scripted, passing, raise_alerts, rows, until_done, watched_delivery

from alerts.delivery import LATE_ATTEMPTS, LONGEST_BACKOFF_S, backoff_s, deliver


def states(archive):
    return [state for _, _, state, _ in rows(archive)]


def test_due_messages_are_sent_in_order_and_marked(archive):
    raise_alerts(archive, "a", "a", "b", "a")
    slack = Scripted("slack")
    report = deliver(archive, {"slack": slack}, NOW)
    assert (report.sent, report.waiting, report.failed) == (4, 0, 0)
    assert [message.title[-1] for message in slack.taken] == list("0123")
    with archive.reading() as tx:
        assert tx.outbox.deliveries(1)[0].answer == {"number": 1}


def test_a_failed_message_is_tried_again_later_and_not_before(archive):
    raise_alerts(archive, "a")
    slack = Scripted("slack", passing())
    report = deliver(archive, {"slack": slack}, NOW, jitter=lambda: 1.0)
    assert (report.waiting, report.problems) == (1, ["slack: no answer"])
    assert deliver(archive, {"slack": slack}, NOW).sent == 0
    assert deliver(archive, {"slack": slack}, NOW + timedelta(minutes=1)).sent == 1


def test_waits_grow_and_are_bounded():
    waits = [backoff_s(attempt, 1.0) for attempt in range(1, 60)]
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == LONGEST_BACKOFF_S
    assert backoff_s(3, 0.0) == 4


def test_the_whole_channel_waits_as_long_as_it_asked_for(archive):
    raise_alerts(archive, "a", "b")
    slack = Scripted("slack", passing(retry_after=120.0))
    deliver(archive, {"slack": slack}, NOW)
    raise_alerts(archive, "c", at=NOW)
    assert deliver(archive, {"slack": slack}, NOW + timedelta(seconds=110)).sent == 0
    assert deliver(archive, {"slack": slack}, NOW + timedelta(seconds=130)).sent == 3


def test_a_channel_that_fails_does_not_hold_up_another(archive):
    raise_alerts(archive, "a", "b", channels=("slack", "hook"))
    slack, hook = Scripted("slack", passing(), passing()), Scripted("hook")
    report = deliver(archive, {"slack": slack, "hook": hook}, NOW)
    assert (report.sent, report.waiting) == (2, 1)
    assert len(hook.taken) == 2


def test_a_message_that_always_fails_holds_up_no_other_subject(archive):
    raise_alerts(archive, "poison", "a", "b")

    class Picky(Scripted):
        def send(self, message):
            if message.subject == "poison":
                raise passing()
            return super().send(message)

    slack = Picky("slack")
    now = NOW
    for _ in range(5):
        deliver(archive, {"slack": slack}, now)
        now += timedelta(seconds=1)
    assert [message.subject for message in slack.taken] == ["a", "b"]


def test_a_refusal_that_lasts_is_kept_and_told_through_another_channel(archive):
    raise_alerts(archive, "a", "b")
    refusal = passing(permanent=True)
    channels = {"slack": Scripted("slack", refusal, refusal), "hook": Scripted("hook")}
    report = watched_delivery(archive, channels, NOW)
    assert (report.failed, report.sent) == (2, 1)
    assert states(archive) == ["failed", "failed", "sent"]
    (told,) = channels["hook"].taken
    assert told.title == "Messages to the channel slack are refused"
    assert ("Reason", "no answer") in [(fact.label, fact.value) for fact in told.facts]


def test_two_channels_that_both_refuse_do_not_tell_each_other_for_ever(archive):
    raise_alerts(archive, "a")
    refusal = [passing(permanent=True) for _ in range(10)]
    channels = {"slack": Scripted("slack", *refusal), "hook": Scripted("hook", *refusal)}
    for hour in range(4):
        watched_delivery(archive, channels, NOW + timedelta(hours=hour))
    assert states(archive) == ["failed", "failed", "failed"]


def test_a_message_late_for_long_is_told_through_another_channel_and_still_tried(archive):
    raise_alerts(archive, "a")
    failures = [passing() for _ in range(LATE_ATTEMPTS)]
    channels = {"slack": Scripted("slack", *failures), "hook": Scripted("hook")}
    until_done(archive, channels)
    assert set(states(archive)) == {"sent"}
    assert channels["hook"].taken[0].title == "Messages to the channel slack are late"
    with archive.reading() as tx:
        told = [alert.state for alert in tx.outbox.in_thread("channel:slack")]
    assert told == ["resolved"]


def test_a_channel_that_is_late_once_more_after_it_had_mended_is_told_of_once_more(archive):
    failures = [passing() for _ in range(LATE_ATTEMPTS)]
    channels = {"slack": Scripted("slack", *failures, None, *failures), "hook": Scripted("hook")}
    raise_alerts(archive, "a")
    now = until_done(archive, channels)
    raise_alerts(archive, "b")
    until_done(archive, channels, start=now)
    assert [message.severity for message in channels["hook"].taken] == ["major", "major"]


def test_of_two_other_channels_the_one_that_works_is_told(archive):
    raise_alerts(archive, "a", "b", channels=("slack",))
    raise_alerts(archive, "c", channels=("mail",))
    refusal = passing(permanent=True)
    channels = {
        "mail": Scripted("mail", refusal),
        "slack": Scripted("slack", refusal, refusal),
        "hook": Scripted("hook"),
    }
    until_done(archive, channels)
    told = [message.title for message in channels["hook"].taken]
    assert "Messages to the channel mail are refused" in told


def test_a_declared_rule_says_how_severe_it_is_and_who_is_told(archive):
    raise_alerts(archive, "a")
    refusal = passing(permanent=True)
    channels = {one: Scripted(one) for one in ("mail", "slack", "hook")}
    channels["slack"].script = [refusal]
    rule = {"id": "ours", "on": "delivery", "severity": "critical", "channels": ["slack", "hook"]}
    watched_delivery(archive, channels, NOW, rules=[rule])
    (told,) = channels["hook"].taken
    assert (told.rule, told.severity) == ("ours", "critical")
    assert channels["mail"].taken == channels["slack"].taken == []


def test_a_rule_that_names_the_failing_channel_alone_is_told_through_any_other(archive):
    raise_alerts(archive, "a")
    channels = {"slack": Scripted("slack", passing(permanent=True)), "mail": Scripted("mail")}
    rule = {"id": "ours", "on": "delivery", "channels": ["slack"]}
    watched_delivery(archive, channels, NOW, rules=[rule])
    assert [message.rule for message in channels["mail"].taken] == ["ours"]


def test_a_channel_taken_out_of_the_configuration_fails_with_its_name(archive):
    raise_alerts(archive, "a", channels=("gone",))
    deliver(archive, {}, NOW)
    (row,) = rows(archive)
    assert row[2] == "failed"
    assert "'gone' is not declared any more" in row[3]


def test_a_channel_with_a_bug_is_a_failure_like_another(archive):
    raise_alerts(archive, "a", "b")
    slack = Scripted("slack", ZeroDivisionError("oops\nand more"))
    report = deliver(archive, {"slack": slack}, NOW)
    assert report.problems == [
        "slack: the message could not be sent: ZeroDivisionError: oops and more"
    ]
    until_done(archive, {"slack": slack})
    assert states(archive) == ["sent", "sent"]


def test_a_second_worker_sends_nothing_that_the_first_is_sending(archive):
    raise_alerts(archive, "a", "a", "b")
    second = Scripted("slack")
    first = Scripted("slack", lambda: deliver(archive, {"slack": second}, NOW))
    deliver(archive, {"slack": first}, NOW)
    assert [message.title for message in first.taken] == ["Alert 0", "Alert 1"]
    assert [message.title for message in second.taken] == ["Alert 2"]


def test_a_worker_told_to_stop_leaves_the_rest_for_the_next(archive):
    raise_alerts(archive, "a", "b", "c")
    slack = Scripted("slack")
    deliver(archive, {"slack": slack}, NOW, stopping=lambda: len(slack.taken) == 2)
    assert len(slack.taken) == 2
    assert states(archive) == ["sent", "sent", "pending"]


@pytest.mark.parametrize("limit", [1, 2])
def test_one_call_sends_no_more_than_its_limit(archive, limit):
    raise_alerts(archive, "a", "b", "c")
    assert deliver(archive, {"slack": Scripted("slack")}, NOW, limit=limit).sent == limit

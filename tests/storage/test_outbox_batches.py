"""Messages that are told together, overtake one another, are edited, withdrawn or sent again."""

from datetime import timedelta

import pytest
from raised_alerts import NOW

from storage.outbox_claims import LONGEST_QUIET, MOST_TOGETHER

LEASE = timedelta(minutes=3)
SOON = NOW + timedelta(seconds=30)


def tell(archive, name, *, thread="", severity="major", held=None, group="", channels=("slack",)):
    """Raise an alert named `name`; gives its number."""
    with archive.transaction() as tx:
        alert = tx.outbox.raise_alert(
            name,
            rule="r",
            severity=severity,
            subject=f"item:{name}",
            thread=thread,
            title=name,
            body={},
            channels=channels,
            at=NOW,
            held_until=held,
            group_key=group,
        )
    return alert.id


def due(archive, now):
    with archive.reading() as tx:
        return [alert.title for _, alert in tx.outbox.due(now)]


def claim(archive, title, now, kind="alert"):
    """Claim the first message of this alert; gives what was claimed, or None."""
    with archive.transaction() as tx:
        alert = tx.outbox.by_key(title)
        row = [one for one in tx.outbox.deliveries(alert.id) if one.kind == kind][-1]
        return tx.outbox.claim(row.id, now, LEASE)


def titles(claimed):
    return [alert.title for _, alert in claimed.messages]


def taken(archive, claimed, at=NOW):
    with archive.transaction() as tx:
        tx.outbox.sent(claimed, at, {"ts": "1"})


def failed(archive, claimed, again_at, **how):
    with archive.transaction() as tx:
        tx.outbox.failed(claimed, "no answer", again_at, **how)


def states(archive, title):
    with archive.reading() as tx:
        alert = tx.outbox.by_key(title)
        return [(one.kind, one.state) for one in tx.outbox.deliveries(alert.id)]


def test_messages_of_a_group_wait_and_go_as_one(archive):
    for name in "abc":
        tell(archive, name, held=SOON, group="g")
    assert due(archive, NOW) == []
    claimed = claim(archive, "a", SOON)
    assert titles(claimed) == ["a", "b", "c"]
    assert due(archive, SOON) == []
    taken(archive, claimed, SOON)
    assert [states(archive, name) for name in "abc"] == [[("alert", "sent")]] * 3


def test_a_batch_is_fixed_before_its_first_attempt_and_tried_whole_under_the_same_key(archive):
    for name in "ab":
        tell(archive, name, held=SOON, group="g")
    first = claim(archive, "a", SOON)
    tell(archive, "late", held=SOON, group="g")
    later = SOON + LEASE + timedelta(seconds=1)
    again = claim(archive, "b", later)
    assert (titles(again), again.key, again.attempts) == (["a", "b"], first.key, 2)
    failed(archive, again, later)
    once_more = claim(archive, "a", later)
    assert (titles(once_more), once_more.key) == (["a", "b"], first.key)
    assert titles(claim(archive, "late", later)) == ["late"]


def test_groups_of_different_channels_are_batches_of_their_own(archive):
    for name in "ab":
        tell(archive, name, held=SOON, group="g", channels=("slack", "mail"))
    with archive.transaction() as tx:
        keys = set()
        for row in tx.outbox.deliveries(1):
            claimed = tx.outbox.claim(row.id, SOON, LEASE)
            keys.add((claimed.channel, claimed.key, len(claimed.messages)))
    assert {(channel, count) for channel, _, count in keys} == {("slack", 2), ("mail", 2)}
    assert len({key for _, key, _ in keys}) == 2


def test_a_group_beyond_the_most_that_are_told_together_goes_in_several(archive):
    for number in range(MOST_TOGETHER + 2):
        tell(archive, f"n{number}", held=SOON, group="g")
    assert len(claim(archive, "n0", SOON).messages) == MOST_TOGETHER
    assert titles(claim(archive, f"n{MOST_TOGETHER}", SOON)) == ["n50", "n51"]


def test_a_message_that_must_wait_for_another_is_left_out_of_its_group(archive):
    tell(archive, "first", thread="story:1")
    tell(archive, "a", held=SOON, group="g")
    tell(archive, "b", held=SOON, group="g", thread="story:1")
    sending = claim(archive, "first", SOON)
    assert titles(claim(archive, "a", SOON)) == ["a"]
    assert claim(archive, "b", SOON) is None
    taken(archive, sending)
    assert titles(claim(archive, "b", SOON)) == ["b"]


def test_messages_of_one_thread_keep_their_order_whatever_their_subjects(archive):
    tell(archive, "a", thread="story:1")
    tell(archive, "b", thread="story:1")
    assert claim(archive, "b", NOW) is None
    failed(archive, claim(archive, "a", NOW), SOON)
    assert due(archive, NOW) == []
    taken(archive, claim(archive, "a", SOON))
    assert due(archive, SOON) == ["b"]


def test_a_critical_alert_overtakes_those_of_its_thread_that_only_wait(archive):
    tell(archive, "quiet", thread="t", held=NOW + timedelta(hours=8), group="night")
    tell(archive, "urgent", thread="t", severity="critical")
    tell(archive, "plain", thread="t")
    assert due(archive, NOW) == ["urgent"]
    assert titles(claim(archive, "urgent", NOW)) == ["urgent"]


def test_a_critical_alert_does_not_overtake_one_that_is_being_tried(archive):
    tell(archive, "before", thread="t")
    tell(archive, "urgent", thread="t", severity="critical")
    failed(archive, claim(archive, "before", NOW), SOON)
    assert due(archive, NOW) == []


def test_a_message_held_until_a_time_far_off_was_held_before_the_clock_was_set_back(archive):
    tell(archive, "a", held=NOW + LONGEST_QUIET * 2, group="g")
    tell(archive, "b", held=NOW + LONGEST_QUIET / 2, group="h")
    assert due(archive, NOW) == ["a"]


def test_an_acknowledged_alert_is_told_so_where_it_was_told(archive):
    number = tell(archive, "a", channels=("slack", "mail"))
    taken(archive, claim(archive, "a", NOW))
    with archive.transaction() as tx:
        assert tx.outbox.acknowledge(number, "lan", SOON).state == "acknowledged"
    kinds = states(archive, "a")
    assert kinds.count(("update", "pending")) == 1
    assert ("alert", "pending") in kinds


def test_an_update_overtakes_what_waits_for_the_morning(archive):
    number = tell(archive, "a", thread="t")
    taken(archive, claim(archive, "a", NOW))
    tell(archive, "tonight", thread="t", held=NOW + timedelta(hours=8), group="night")
    with archive.transaction() as tx:
        tx.outbox.resolve(number, NOW)
    assert claim(archive, "a", NOW, "update") is not None


def test_an_alert_acknowledged_while_its_message_is_on_its_way_is_edited_afterwards(archive):
    number = tell(archive, "a")
    claimed = claim(archive, "a", NOW)
    with archive.transaction() as tx:
        tx.outbox.acknowledge(number, "lan", NOW)
    taken(archive, claimed)
    assert states(archive, "a") == [("alert", "sent"), ("update", "pending")]


def test_acknowledged_and_then_resolved_is_told_in_that_order(archive):
    number = tell(archive, "a")
    taken(archive, claim(archive, "a", NOW))
    with archive.transaction() as tx:
        tx.outbox.acknowledge(number, "lan", NOW)
        tx.outbox.resolve(number, NOW)
        tx.outbox.acknowledge(number, "tam", NOW)
    with archive.reading() as tx:
        alert = tx.outbox.alert(number)
        assert (alert.state, alert.acknowledged_by) == ("resolved", "lan")
        updates = [one.ordinal for one in tx.outbox.deliveries(number) if one.kind == "update"]
    assert updates == [1, 2]


def test_only_what_nobody_tried_can_be_withdrawn(archive):
    waiting = tell(archive, "a", held=SOON, group="g")
    plain = tell(archive, "b")
    why = {"step": "inhibit", "verdict": "stop", "reason": "told already"}
    with archive.transaction() as tx:
        assert tx.outbox.withdraw(waiting, "inhibited", why)
        assert not tx.outbox.withdraw(plain, "inhibited", why)
        assert not tx.outbox.withdraw(99, "inhibited", why)
    assert states(archive, "a") == [("alert", "withdrawn")]
    assert due(archive, SOON) == ["b"]
    with archive.reading() as tx:
        assert tx.outbox.alert(waiting).decisions == [why]
        assert tx.outbox.alert(plain).state == "open"


def test_what_was_given_up_is_sent_again_whole(archive):
    for name in "ab":
        tell(archive, name, held=SOON, group="g")
    first = claim(archive, "a", SOON)
    failed(archive, first, None, facts={"parts": {"0": {"ts": "7"}}})
    with archive.transaction() as tx:
        assert tx.outbox.resend(2, SOON) == 2
        assert tx.outbox.resend(1, SOON) == 0
    again = claim(archive, "a", SOON)
    assert (again.key, titles(again)) == (first.key, ["a", "b"])
    assert again.messages[0][0].answer == {"parts": {"0": {"ts": "7"}}}


def test_a_failed_part_is_remembered_until_the_whole_is_taken(archive):
    tell(archive, "a")
    failed(archive, claim(archive, "a", NOW), NOW, facts={"parts": {"0": {"ts": "7"}}})
    again = claim(archive, "a", NOW)
    assert again.messages[0][0].answer == {"parts": {"0": {"ts": "7"}}}
    failed(archive, again, NOW)
    assert claim(archive, "a", NOW).messages[0][0].answer == {"parts": {"0": {"ts": "7"}}}


def test_a_group_is_joined_while_it_is_gathered_and_remembered_when_it_was_told(archive):
    with archive.reading() as tx:
        assert tx.outbox.group_waits_until("g", NOW) is None
        assert tx.outbox.group_told_at("g") is None
    tell(archive, "a", held=SOON, group="g")
    with archive.reading() as tx:
        assert tx.outbox.group_waits_until("g", NOW) == SOON
        assert tx.outbox.group_waits_until("g", SOON) is None
    taken(archive, claim(archive, "a", SOON), SOON)
    with archive.reading() as tx:
        assert tx.outbox.group_told_at("g") == SOON


def test_an_alert_that_nobody_is_told_of_is_kept_with_its_reason(archive):
    why = [{"step": "silence", "verdict": "stop", "reason": "silence 1"}]
    with archive.transaction() as tx:
        tx.outbox.raise_alert(
            "k", rule="r", severity="major", subject="s", title="t", body={}, at=NOW,
            channels=["slack"], state="silenced", decisions=why,
        )  # fmt: skip
    with archive.reading() as tx:
        assert tx.outbox.by_key("k").decisions == why
        assert tx.outbox.deliveries(1) == []
    assert due(archive, NOW) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["c", "b", "a"]),
        ({"states": ["acknowledged"]}, ["b"]),
        ({"limit": 2}, ["c", "b"]),
        ({"since": NOW + timedelta(seconds=1)}, []),
    ],
)
def test_alerts_are_listed_by_state_time_and_number(archive, wanted, found):
    for name in "abc":
        tell(archive, name)
    with archive.transaction() as tx:
        tx.outbox.acknowledge(2, "lan", NOW)
    with archive.reading() as tx:
        assert [alert.title for alert in tx.outbox.alerts(**wanted)] == found


def test_messages_of_many_alerts_are_read_at_once(archive):
    numbers = [tell(archive, name, channels=("slack", "mail")) for name in "ab"]
    with archive.reading() as tx:
        found = tx.outbox.deliveries_of(numbers)
    assert {number: [row.channel for row in rows] for number, rows in found.items()} == {
        1: ["slack", "mail"],
        2: ["slack", "mail"],
    }


def test_open_alerts_are_unanswered_once_their_last_message_is_old(archive):
    for name in "abc":
        tell(archive, name)
    for name in "ab":
        taken(archive, claim(archive, name, NOW), NOW)
    later = NOW + timedelta(hours=4)
    with archive.transaction() as tx:
        tx.outbox.acknowledge(1, "lan", NOW)
        assert [one.title for one in tx.outbox.unanswered("r", later)] == ["b"]
        assert tx.outbox.unanswered("r", NOW) == []
        assert tx.outbox.unanswered("other", later) == []
        assert tx.outbox.unanswered("r", later, severity="critical") == []
        assert tx.outbox.remind(2, later) == 1
        assert tx.outbox.unanswered("r", later + timedelta(hours=4)) == []
    taken(archive, claim(archive, "b", later, "reminder"), later)
    with archive.reading() as tx:
        assert tx.outbox.unanswered("r", later) == []
        assert len(tx.outbox.unanswered("r", later + timedelta(seconds=1))) == 1


def test_a_reminder_that_waits_is_withdrawn_when_somebody_acknowledges(archive):
    number = tell(archive, "a")
    taken(archive, claim(archive, "a", NOW))
    with archive.transaction() as tx:
        tx.outbox.remind(number, NOW)
        tx.outbox.acknowledge(number, "lan", NOW)
    assert states(archive, "a") == [
        ("alert", "sent"),
        ("reminder", "withdrawn"),
        ("update", "pending"),
    ]

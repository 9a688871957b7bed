"""Claiming messages of the outbox: each is sent by one worker, in order, and never lost."""

from datetime import timedelta

import pytest
from raised_alerts import NOW, raise_alerts

from storage.outbox import LONGEST_WAIT

LEASE = timedelta(minutes=3)


def due(archive, now=NOW, **how):
    with archive.reading() as tx:
        return [delivery.id for delivery, _ in tx.outbox.due(now, **how)]


def claim(archive, delivery_id, now=NOW):
    with archive.transaction() as tx:
        return tx.outbox.claim(delivery_id, now, LEASE)


def fail(archive, claimed, again_at, **how):
    with archive.transaction() as tx:
        tx.outbox.failed(claimed, "no answer", again_at, **how)


def state_of(archive, delivery_id):
    with archive.reading() as tx:
        return next(
            (one.state, one.attempts)
            for alert in tx.outbox.alerts()
            for one in tx.outbox.deliveries(alert.id)
            if one.id == delivery_id
        )


def test_of_two_workers_one_gets_the_message(archive):
    raise_alerts(archive, "a")
    assert claim(archive, 1) is not None
    assert claim(archive, 1) is None
    assert due(archive) == []


def test_a_claim_that_ran_out_is_due_again_under_the_same_key(archive):
    raise_alerts(archive, "a")
    first = claim(archive, 1).key
    later = NOW + LEASE + timedelta(seconds=1)
    assert due(archive, later) == [1]
    again = claim(archive, 1, later)
    assert (again.key, again.attempts) == (first, 2)


def test_a_later_message_of_a_subject_waits_for_the_earlier_one(archive):
    raise_alerts(archive, "a", "a", "b")
    assert due(archive) == [1, 2, 3]
    assert claim(archive, 2) is None
    claimed = claim(archive, 1)
    assert due(archive) == [3]
    fail(archive, claimed, NOW + timedelta(minutes=1))
    assert due(archive) == [3]
    claimed = claim(archive, 1, NOW + timedelta(minutes=2))
    with archive.transaction() as tx:
        tx.outbox.sent(claimed, NOW, {})
    assert due(archive) == [2, 3]


def test_messages_of_a_subject_to_different_channels_do_not_wait_for_each_other(archive):
    raise_alerts(archive, "a", channels=("slack", "console"))
    claim(archive, 1)
    assert due(archive) == [2]


def test_a_message_that_was_given_up_holds_up_no_later_one(archive):
    raise_alerts(archive, "a", "a")
    claimed = claim(archive, 1)
    fail(archive, claimed, None)
    assert state_of(archive, 1) == ("failed", 1)
    assert due(archive) == [2]


def test_a_held_channel_rests_whole_and_others_go_on(archive):
    raise_alerts(archive, "a", "b", channels=("slack", "console"))
    claimed = claim(archive, 1)
    fail(archive, claimed, NOW + timedelta(minutes=1), hold=True)
    raise_alerts(archive, "c")
    assert due(archive) == [2, 4]
    assert due(archive, NOW + timedelta(minutes=1)) == [1, 2, 3, 4, 5]
    assert due(archive, NOW + timedelta(minutes=1), without=["slack"]) == [2, 4]


def test_a_worker_that_lost_its_claim_cannot_undo_what_the_other_did(archive):
    raise_alerts(archive, "a")
    slow = claim(archive, 1)
    later = NOW + LEASE + timedelta(seconds=1)
    quick = claim(archive, 1, later)
    fail(archive, slow, None)
    assert state_of(archive, 1) == ("sending", 2)
    with archive.transaction() as tx:
        tx.outbox.sent(quick, later, {"ts": "1"})
    fail(archive, slow, NOW)
    assert state_of(archive, 1) == ("sent", 2)


def test_a_clock_set_back_holds_up_nobody_for_long(archive):
    raise_alerts(archive, "a", at=NOW + timedelta(days=2))
    assert due(archive) == [1]
    raise_alerts(archive, "b", at=NOW + LONGEST_WAIT / 2)
    assert due(archive) == [1]


def test_an_alert_raised_again_under_its_key_adds_no_message(archive):
    raise_alerts(archive, "a")
    with archive.transaction() as tx:
        again = tx.outbox.raise_alert(
            "key-0",
            rule="r",
            severity="major",
            subject="a",
            title="Again",
            body={},
            channels=["slack"],
            at=NOW,
        )
    assert again is None
    assert due(archive) == [1]


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_than_the_limit_is_handed_out(archive, limit):
    raise_alerts(archive, "a", "b", "c")
    assert len(due(archive, limit=limit)) == limit

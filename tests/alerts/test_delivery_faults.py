"""Whatever goes wrong on the way, every message arrives, in order, under one key."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outgoing import NOW, Scripted, bot, hook, passing, raise_alerts, rows, until_done
from slack_stand_in import SlackStandIn, keys

from alerts.delivery import deliver


class Killed(BaseException):
    """The worker's process dies."""


def die():
    raise Killed


class DyingAfterSending(Scripted):
    """Takes a message; then the worker dies before it can note that."""

    def send(self, message):
        step = self.script.pop(0) if self.script else None
        if step == "die before":
            die()
        if step == "fail":
            raise passing()
        if step == "wait":
            raise passing(retry_after=30.0)
        self.taken.append(message)
        if step == "die after":
            die()
        if step == "fail after":
            raise passing()
        return super().send(self.taken.pop())


STEPS = st.sampled_from(["ok", "die before", "die after", "fail", "fail after", "wait"])


@settings(max_examples=25)
@given(
    subjects=st.lists(st.sampled_from("abc"), min_size=1, max_size=6),
    steps=st.lists(STEPS, max_size=12),
)
def test_every_message_arrives_in_order_whatever_happens(new_archive, subjects, steps):
    archive = new_archive()
    expected = raise_alerts(archive, *subjects)
    script = [None if step == "ok" else step for step in steps]
    slack = DyingAfterSending("slack", *script)
    until_done(archive, {"slack": slack}, dying=(Killed,))
    arrived = [message.key for message in slack.taken]
    assert set(arrived) == set(expected)
    first_arrivals = list(dict.fromkeys(arrived))
    for subject in set(subjects):
        of_subject = [key for key, one in zip(expected, subjects, strict=True) if one == subject]
        assert [key for key in first_arrivals if key in of_subject] == of_subject


def in_order_of_subject(archive, arrived):
    firsts = list(dict.fromkeys(arrived))
    expected = [(subject, key) for subject, key, _, _ in rows(archive)]
    subjects = {subject for subject, _ in expected}
    return all(
        [key for key in firsts if (subject, key) in expected]
        == [key for one, key in expected if one == subject]
        for subject in subjects
    )


@pytest.mark.parametrize("way", [bot, hook])
def test_slack_gets_every_message_through_every_fault(archive, way):
    expected = raise_alerts(archive, "a", "b", "a", "c", "b")
    with SlackStandIn([*SlackStandIn.FAULTS, "ok", *SlackStandIn.FAULTS[::-1]]) as slack:
        until_done(archive, {"slack": way(slack.url, timeout=0.5)})
    arrived = keys(slack.taken)
    assert set(arrived) == set(expected)
    assert in_order_of_subject(archive, arrived)
    assert slack.violations == []
    assert {state for _, _, state, _ in rows(archive)} == {"sent"}


@pytest.mark.parametrize("fault", ["cut", "silent"])
def test_a_message_taken_without_a_word_comes_again_under_the_same_key(archive, fault):
    (key,) = raise_alerts(archive, "a")
    with SlackStandIn([fault]) as slack:
        until_done(archive, {"slack": bot(slack.url, timeout=0.5)})
    assert keys(slack.taken) == [key, key]
    payloads = [message["metadata"]["event_payload"]["key"] for message in slack.taken]
    assert payloads == [key, key]


def test_a_process_killed_between_slacks_taking_and_its_answer_loses_nothing(archive):
    expected = raise_alerts(archive, "a", "a")
    with SlackStandIn(["silent"]) as slack:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(archive.root), slack.url],
            cwd=Path(__file__).parents[2],
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        slack.on_request = lambda: worker.send_signal(signal.SIGKILL)
        assert worker.wait(60) == -signal.SIGKILL
        assert [state for _, _, state, _ in rows(archive)] == ["sending", "pending"]
        slack.on_request = lambda: None
        until_done(archive, {"slack": bot(slack.url)})
    assert keys(slack.taken) == [expected[0], expected[0], expected[1]]


WORKER = """
import sys
from pathlib import Path
from outgoing import NOW, bot
from alerts.delivery import deliver
from storage.archive import Archive
deliver(Archive.open(Path(sys.argv[1])), {"slack": bot(sys.argv[2], timeout=30)}, NOW)
"""


def test_slacks_wish_to_wait_is_kept_in_the_outbox(archive):
    raise_alerts(archive, "a")
    with SlackStandIn(["limited"]) as slack:
        channels = {"slack": bot(slack.url)}
        report = deliver(archive, channels, NOW, jitter=lambda: 0.0)
    assert report.problems == ["slack: Slack asks to wait 7 s"]
    with archive.reading() as tx:
        (delivery,) = tx.outbox.deliveries(1)
    assert delivery.state == "held"
    assert 7 <= (delivery.due_at - NOW).total_seconds() < 60

"""Alerts on the terminal, and their list."""

import io

import pytest
from messages import message, note
from newsdesk import configuration
from outgoing import NOW, Scripted, passing, raise_alerts

from alerts.channels import open_channels
from alerts.channels.channel import DeliveryError
from alerts.channels.console import ConsoleChannel
from alerts.delivery import deliver
from alerts.listing import listed
from alerts.message import grouped
from alerts.trial import send_test


def printed(archive, desk):
    stream = io.StringIO()
    channels = open_channels(configuration(), {}, stream=stream)
    deliver(archive, channels, desk.now)
    return stream.getvalue()


def test_an_edit_is_printed_with_its_words_marked(archive, desk):
    desk.page("Mức phạt là 20 triệu đồng.")
    desk.page("Mức phạt là 20 tỷ đồng.")
    desk.alerts({"id": "ed", "on": "edited", "severity": "critical"})
    said = printed(archive, desk)
    assert "CRITICAL" in said
    assert "Mức phạt là 20 [-triệu-]{+tỷ+} đồng." in said


def test_a_page_cannot_steer_the_terminal(archive, desk):
    seen = desk.page("x", title="\x1b[2J[bold]\x1b]8;;https://bad.example.org\x07link\u202e")
    desk.tagged(seen, "minors")
    desk.alerts({"id": "cov", "on": "coverage"})
    said = printed(archive, desk)
    assert not set(said) & set("\x1b\x07\u202e")
    assert "[bold]" in said


def test_a_terminal_that_is_gone_is_a_failure_to_try_again():
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as raised:
        send_test(ConsoleChannel("desk", stream))
    assert not raised.value.permanent


def test_a_test_message_says_what_it_is():
    stream = io.StringIO()
    send_test(ConsoleChannel("desk", stream))
    assert "TEST" in stream.getvalue()


def test_the_list_shows_what_became_of_each_message(archive):
    (first, second) = raise_alerts(archive, "a", "b", channels=("slack",))
    failing = Scripted("slack", lambda: None, passing(permanent=True))
    deliver(archive, {"slack": failing}, NOW)
    newest, oldest = listed(archive)
    assert newest["subject"] == "b"
    (failed,) = newest["deliveries"]
    (sent,) = oldest["deliveries"]
    assert (failed["state"], failed["error"], failed["key"]) == ("failed", "no answer", second)
    assert (sent["state"], sent["attempts"], sent["key"]) == ("sent", 1, first)
    assert sent["sent_at"].startswith("2031-06-03T02:00:00")
    assert {"id", "rule", "severity", "subject", "state", "deliveries"} <= set(newest)


def test_a_group_a_digest_and_a_standing_are_printed():
    stream = io.StringIO()
    terminal = ConsoleChannel("desk", stream)
    terminal.send(grouped([message(title="Một"), message(title="Hai", changes=(note(),))], "g"))
    terminal.send(message(body={"about": "digest", "text": "The day\x1b[2J"}))
    terminal.send(message(state="acknowledged", acknowledged_by="lan", first={}, thread="story:5"))
    said = stream.getvalue()
    assert "2 alerts: Một" in said and "Hai" in said and "[-48-]{+24+}" in said
    assert "The day" in said and "\x1b" not in said
    assert "acknowledged by lan" in said and "follow-up on story:5" in said

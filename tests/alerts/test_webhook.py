"""The webhook, as a receiver sees it that checks signatures and the schema."""

import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path

import pytest
from messages import message, note
from newsdesk import configuration
from outgoing import NOW, raise_alerts, rows, until_done
from posted import PostServer

from alerts.channels import open_channels
from alerts.channels.channel import DeliveryError, SecretMissing, retry_after_s
from alerts.channels.webhook import WebhookChannel
from alerts.message import grouped
from alerts.rendering import templates_in
from alerts.trial import trial_message

KEY = b"a key of the operator's"
SCHEMA = Path(__file__).parents[2] / "docs" / "webhook.schema.json"


class Receiver(PostServer):
    """Verifies what it gets, and answers as its script says, then 204."""

    def __init__(self, *script):
        self.script = list(script)
        self.taken = []
        self.forged = 0
        super().__init__()
        self.url += "/hook"

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        signed = request.headers["Decreewatch-Timestamp"].encode() + b"." + body
        expected = "v1=" + hmac.new(KEY, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers["Decreewatch-Signature"]):
            self.forged += 1
        status, headers = self.script.pop(0) if self.script else (204, {})
        if status == "cut":
            return request.connection.close()
        if status in (200, 204):
            said = json.loads(body)
            assert said["key"] == request.headers["Idempotency-Key"]
            self.taken.append(said)
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        return request.end_headers()


def channel(url, **how):
    return WebhookChannel("hook", url, KEY, timeout_s=5.0, **how)


def test_every_message_arrives_signed_under_its_key_through_passing_faults(archive):
    script = [(500, {}), ("cut", {}), (429, {"Retry-After": "3"}), (204, {}), (503, {})]
    keys = raise_alerts(archive, "a", "b", "a", channels=("hook",))
    with Receiver(*script) as receiver:
        until_done(archive, {"hook": channel(receiver.url)})
    assert sorted(one["key"] for one in receiver.taken) == sorted(keys)
    assert receiver.forged == 0


def test_what_is_sent_keeps_the_published_schema(archive, desk):
    jsonschema = pytest.importorskip("jsonschema", reason="no validator for JSON Schema here")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    desk.tagged(desk.page("Mức phạt 20 triệu."), "minors")
    desk.page("Mức phạt 20 tỷ.")
    desk.happens("source.failing", "source:tin-moi", reasons=["gone"])
    conditions = ("coverage", "edited", "source-failing")
    desk.alerts(*({"id": on, "on": on, "channels": ["desk"]} for on in conditions))
    with Receiver() as receiver:
        sender = channel(receiver.url)
        until_done(archive, {"desk": sender}, start=desk.now)
        sender.send(trial_message("hook", desk.now))
    assert len(receiver.taken) == 4
    for one in receiver.taken:
        jsonschema.validate(one, schema)
    assert receiver.taken[-1]["test"] is True
    assert "Mức phạt 20 [-triệu-]{+tỷ+}." in receiver.taken[1]["text"]


def test_threads_updates_groups_and_digests_keep_the_schema_too():
    jsonschema = pytest.importorskip("jsonschema", reason="no validator for JSON Schema here")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    group = grouped([message(key="a" * 64, changes=(note(),)), message(key="b" * 64)], "g" * 64)
    digest = {"about": "digest", "text": "t", "markdown": "# t", "html": "<p>t</p>", "day": "x"}
    with Receiver() as receiver:
        sender = channel(receiver.url)
        first = sender.send(message(thread="story:5")).facts
        sender.send(message(key="c" * 64, thread="story:5", first=first, kind="reminder"))
        update = message(key="d" * 64, kind="update", edits=first, state="acknowledged")
        sender.send(replace(update, acknowledged_by="lan"))
        sender.send(group)
        sender.send(message(body=digest))
    for one in receiver.taken:
        jsonschema.validate(one, schema)
    told, follow_up, updated, both, day = receiver.taken
    assert sender.can_edit
    assert (told["thread"], told["first_key"]) == ("story:5", None)
    assert follow_up["first_key"] == updated["edits_key"] == told["key"]
    assert (updated["state"], updated["acknowledged_by"]) == ("acknowledged", "lan")
    assert [one["key"] for one in both["group"]] == ["a" * 64, "b" * 64]
    assert both["group"][0]["changes"]
    assert day["digest"] == {"markdown": "# t", "html": "<p>t</p>", "day": "x"}


def test_a_broken_template_is_said_in_the_text_and_in_the_answer(tmp_path):
    (tmp_path / "message.txt.j2").write_text("{{ nothing }}")
    with Receiver() as receiver:
        answer = channel(receiver.url, templates=templates_in(tmp_path)).send(message())
    assert receiver.taken[0]["text"].rstrip().endswith(answer.warnings[0])


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410])
def test_an_answer_that_will_not_change_is_permanent(status):
    with (
        Receiver((status, {"Location": "http://127.0.0.1:1/elsewhere"})) as receiver,
        pytest.raises(DeliveryError, match=str(status)) as raised,
    ):
        channel(receiver.url).send(trial_message("hook", NOW))
    assert raised.value.permanent
    assert receiver.taken == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_an_answer_that_may_change_is_tried_again(status):
    with (
        Receiver((status, {"Retry-After": "9"})) as receiver,
        pytest.raises(DeliveryError) as raised,
    ):
        channel(receiver.url).send(trial_message("hook", NOW))
    assert not raised.value.permanent
    assert raised.value.retry_after == 9


def test_a_receiver_that_is_not_there_is_tried_again(archive):
    with Receiver() as receiver:
        url = receiver.url
    with pytest.raises(DeliveryError, match="did not answer") as raised:
        channel(url).send(trial_message("hook", NOW))
    assert not raised.value.permanent


def test_a_receiver_gone_for_good_leaves_its_messages_to_be_seen(archive):
    raise_alerts(archive, "a", channels=("hook",))
    with Receiver((410, {})) as receiver:
        until_done(archive, {"hook": channel(receiver.url)})
    (row,) = rows(archive)
    assert row[2] == "failed"
    assert "answered 410" in row[3]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("12", 12.0), ("0.5", 0.5), ("Tue, 03 Jun 2031 02:00:30 GMT", 30.0), ("soon", None),
     ("", None), (None, None), ("-3", None), ("Mon, 02 Jun 2031 02:00:00 GMT", 0.0)],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(header, seconds, now):
    assert retry_after_s(header, now) == seconds


CHANNELS = (
    {"id": "hook", "kind": "webhook", "url": "https://alerts.example.org/x"},
    {"id": "team", "kind": "slack", "channel": "#watch"},
    {"id": "desk", "kind": "console"},
)


def test_channels_open_with_their_secrets_from_the_environment():
    secrets = {"DECREEWATCH_WEBHOOK_SECRET": "w", "DECREEWATCH_SLACK_TOKEN": "xoxb-1"}
    opened = open_channels(configuration(channels=CHANNELS), secrets)
    assert {name: channel.id for name, channel in opened.items()} == {
        "hook": "hook",
        "team": "team",
        "desk": "desk",
    }


def test_missing_secrets_are_named_a_line_each():
    with pytest.raises(SecretMissing) as raised:
        open_channels(configuration(channels=CHANNELS), {"DECREEWATCH_SLACK_TOKEN": " "})
    first, second = str(raised.value).splitlines()
    assert "DECREEWATCH_WEBHOOK_SECRET" in first
    assert "DECREEWATCH_SLACK_TOKEN" in second

"""Threads, edits, long messages and digests in Slack, as its channel shows them."""

import base64
import json
from dataclasses import replace

import pytest
from messages import message, note
from outgoing import bot, hook
from slack_stand_in import SlackStandIn, keys

from alerts.channels.channel import DeliveryError
from alerts.message import Link, grouped

LONG = tuple(note("cũ " * 500, f"mới {n} " * 300) for n in range(12))
ENDLESS = LONG * 4
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
DIGEST = {
    "about": "digest",
    "text": "Digest",
    "markdown": "# Digest\n\n## Minors\n\n- **Phí mới** at [Tin Mới](https://tin.example.org/a?b&c)\n"
    "- <script>alert(1)</script>\n\n| a | b |\n|---|---|\n| một | 2 |\n",
    "png_base64": base64.b64encode(PNG).decode(),
}


def sent_in_parts(way, sent, slack):
    """Sends again and again, as the outbox does, until all of the message is there."""
    for _ in range(20):
        try:
            return way(slack.url).send(sent)
        except DeliveryError as error:
            assert not error.permanent
            sent = replace(sent, sent_parts=json.loads(json.dumps(error.facts)))
    raise AssertionError("never taken")


def test_a_follow_up_goes_into_the_thread_of_the_first_message():
    with SlackStandIn() as slack:
        first = bot(slack.url).send(message(thread="instrument:platforms"))
        answer = bot(slack.url).send(message(key="b" * 64, first=first.facts))
    begun, follow_up = slack.taken
    assert "thread_ts" not in begun
    assert follow_up["thread_ts"] == "1.0001"
    assert "reply_broadcast" not in follow_up or follow_up["reply_broadcast"] is False
    assert answer.facts["thread_ts"] == "1.0001"


def test_a_critical_follow_up_is_shown_in_the_channel_too():
    with SlackStandIn() as slack:
        first = bot(slack.url).send(message())
        bot(slack.url).send(message(severity="critical", first=first.facts))
    assert slack.taken[1]["reply_broadcast"] is True


def test_a_thread_that_is_gone_does_not_hold_up_its_messages():
    with SlackStandIn() as slack:
        gone = {"ts": "99.0001", "channel": "C1", "to": "#watch"}
        answer = bot(slack.url).send(message(first=gone, changes=LONG))
    assert "thread_ts" not in slack.taken[0]
    assert {one["thread_ts"] for one in slack.taken[1:]} == {"1.0001"}
    assert "thread_ts" not in answer.facts


def test_a_thread_in_a_channel_that_alerts_went_to_before_is_not_continued():
    with SlackStandIn() as slack:
        before = {"ts": "1.0001", "channel": "C9", "to": "#elsewhere"}
        bot(slack.url).send(message(first=before))
    assert "thread_ts" not in slack.taken[0]


@pytest.mark.parametrize(
    ("state", "by", "shown"),
    [("acknowledged", "lan", "✅ acknowledged by lan"), ("resolved", "", "✅ resolved")],
)
def test_the_first_message_is_edited_when_it_is_acknowledged_or_resolved(state, by, shown):
    with SlackStandIn() as slack:
        told = bot(slack.url).send(message())
        update = message(kind="update", edits=told.facts, state=state, acknowledged_by=by)
        answer = bot(slack.url).send(update)
    assert len(slack.taken) == 1
    assert shown in json.dumps(slack.edited["1.0001"]["blocks"], ensure_ascii=False)
    assert answer.facts["ts"] == "1.0001"


@pytest.mark.parametrize("group", [None, [7, 8]])
def test_what_cannot_be_edited_is_said_in_the_thread(group):
    edits = {"ts": "1.0001", "channel": "C1" if group else "C2"} | (
        {"group": group} if group else {}
    )
    with SlackStandIn() as slack:
        bot(slack.url).send(message())
        update = message(kind="update", edits=edits, state="acknowledged", acknowledged_by="lan")
        bot(slack.url).send(update)
    assert slack.edited == {}
    reply = slack.taken[1]
    assert reply["thread_ts"] == "1.0001"
    assert "acknowledged by lan" in reply["text"]


def test_a_webhook_says_that_it_follows_up_since_it_has_no_threads():
    with SlackStandIn() as slack:
        answer = hook(slack.url).send(message(first={"status": 200}, thread="story:5"))
        hook(slack.url).send(message(kind="update", edits={"status": 200}, state="resolved"))
    told, update = slack.taken
    assert "Follow-up to an earlier message on story:5" in json.dumps(told["blocks"])
    assert "resolved" in update["text"]
    assert answer.facts == {"status": 200}
    assert not hook("http://127.0.0.1:1").can_edit


def test_a_long_message_goes_on_in_its_own_thread_and_the_whole_is_attached():
    with SlackStandIn() as slack:
        answer = bot(slack.url).send(message(changes=ENDLESS))
    first, *further = slack.taken
    assert "thread_ts" not in first
    assert {one["thread_ts"] for one in further} == {"1.0001"}
    assert answer.facts["parts"] == len(slack.taken) == 5
    (file,) = slack.files
    assert (file["filename"], file["channel"], file["thread"]) == ("alert-7.txt", "C1", "1.0001")
    assert "mới 11 mới 11" in file["content"].decode()


@pytest.mark.parametrize("fault", ["limited", "error-500", "garbage", "cut"])
@pytest.mark.parametrize("place", [0, 1, 3, 5])
@pytest.mark.parametrize("way", [bot, hook])
def test_a_message_whose_part_failed_is_taken_up_where_it_failed(way, fault, place):
    sent = message(changes=ENDLESS)
    with SlackStandIn(["ok"] * place + [fault]) as slack:
        sent_in_parts(way, sent, slack)
    told = keys(slack.taken)
    wanted = [sent.key, *(f"{sent.key}.{number}" for number in range(1, 5))]
    assert list(dict.fromkeys(told)) == wanted
    assert len(told) - len(wanted) == (1 if fault == "cut" and place < 5 else 0)
    if way is bot:
        assert [file["filename"] for file in slack.files if "channel" in file] == ["alert-7.txt"]


def test_a_message_told_as_text_is_taken_up_as_text():
    with SlackStandIn(["invalid_blocks", "ok", "error-500"]) as slack:
        sent_in_parts(bot, message(changes=ENDLESS), slack)
    parts = [one["text"] for one in slack.taken if "blocks" not in one]
    assert len(parts) == len(set(parts))
    assert slack.violations == []


def test_a_group_shows_each_alert_first_and_then_its_changes():
    link = Link("Page", "https://tin.example.org/a")
    one = message(title="Một", changes=(note(),), links=(link,))
    two = message(title="Hai <!here>", severity="critical", alert=8)
    with SlackStandIn() as slack:
        answer = bot(slack.url).send(grouped([one, two], "g" * 64))
    (sent,) = slack.taken
    assert sent["text"] == "🔴 CRITICAL: 2 alerts: Hai &lt;!here&gt;"
    said = json.dumps(sent["blocks"], ensure_ascii=False)
    assert said.index("Hai &lt;!here&gt;") < said.index("🟠 MAJOR: Một")
    assert '"url": "https://tin.example.org/a"' in said
    assert '"strike": true' in said
    assert answer.facts["group"] == [8, 7]


def test_a_digest_is_told_as_blocks_with_its_chart_in_the_thread():
    with SlackStandIn() as slack:
        bot(slack.url).send(message(title="Digest of 3 June", body=DIGEST))
    (sent,) = slack.taken
    said = json.dumps(sent["blocks"], ensure_ascii=False)
    assert "Digest of 3 June" in said
    assert {"type": "text", "text": "Phí mới", "style": {"bold": True}} in spans(sent)
    link = {"type": "link", "text": "Tin Mới", "url": "https://tin.example.org/a?b&c"}
    assert link in spans(sent)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert "một  2" in said
    (file,) = slack.files
    assert (file["filename"], file["thread"]) == ("digest.png", "1.0001")


def spans(sent):
    return [
        one
        for block in sent["blocks"]
        if block["type"] == "rich_text"
        for listed in block["elements"]
        for part in listed.get("elements", [])
        for one in part.get("elements", [part])
    ]


def test_a_digest_by_webhook_goes_without_its_chart():
    with SlackStandIn() as slack:
        hook(slack.url).send(message(body=DIGEST))
    assert len(slack.taken) == 1
    assert slack.files == []


def test_a_file_that_slack_does_not_take_is_said_and_holds_nothing_up():
    with SlackStandIn(["ok", "missing_scope"]) as slack:
        answer = bot(slack.url).send(message(body=DIGEST))
    assert "could not be attached: missing_scope" in slack.taken[-1]["text"]
    assert slack.taken[-1]["thread_ts"] == "1.0001"
    assert answer.warnings == (
        "digest.png could not be attached: missing_scope; the app needs the scope files:write",
    )


def test_a_reminder_says_so():
    with SlackStandIn() as slack:
        bot(slack.url).send(message(kind="reminder"))
    assert slack.taken[0]["text"].startswith("🟠 REMINDER MAJOR:")

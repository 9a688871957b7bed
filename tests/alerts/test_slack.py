"""What Slack is sent: within its limits, with nothing of a page taken for its own marks."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outgoing import NOW, bot, hook
from slack_stand_in import SlackStandIn, keys, violation

from alerts.channels.channel import DeliveryError
from alerts.channels.slack_blocks import BLOCKS, TOTAL, blocks_of, notification, plain
from alerts.message import ChangeNote, Fact, Link, Message
from alerts.pieces import difference
from alerts.trial import trial_message


def message(**said):
    return Message(
        **{
            "key": "k" * 64,
            "alert": 7,
            "rule": "silent-edit",
            "severity": "major",
            "subject": "item:3",
            "title": "Edited: một bài báo",
            "raised_at": NOW,
            **said,
        }
    )


def note(old="trong 48 giờ", new="trong 24 giờ", **said):
    return ChangeNote(
        **{
            "where": "Điều 7",
            "kind": "modified",
            "severity": "critical",
            "summary": "48 → 24",
            "old_text": old,
            "new_text": new,
            "inline": difference(old, new),
            **said,
        }
    )


def elements(block):
    return [one for part in block["elements"] for one in part["elements"]]


def test_a_change_shows_removed_words_struck_and_added_ones_bold():
    blocks = blocks_of(message(changes=(note(),)))
    (change,) = [block for block in blocks if block["type"] == "rich_text"]
    styles = {one["text"]: one.get("style") for one in elements(change)}
    assert styles["48"] == {"strike": True}
    assert styles["24"] == {"bold": True}
    assert "style" not in {
        key for one in elements(change) if one["text"] == "trong " for key in one
    }


def test_what_does_not_fit_is_counted_and_the_page_stays_linked():
    changes = tuple(note("cũ " * 900, "mới " * 900) for _ in range(40))
    link = Link("Page", "https://tin-moi.example.org/a?b=1&c=2")
    blocks = blocks_of(message(changes=changes, more_changes=5, links=(link,)))
    shown = sum(block["type"] == "rich_text" for block in blocks)
    foot = blocks[-1]["elements"][0]["text"]
    assert 0 < shown < 40
    assert f"and {45 - shown} more changes in the archive" in foot
    assert "<https://tin-moi.example.org/a?b=1&amp;c=2|Page>" in foot
    assert violation({"blocks": blocks}) is None


HOSTILE = st.text(
    alphabet=st.sampled_from("ab&<>*_~`|:@#!\n\r\t\x1b\u202e\u0301\ud83d😀ế "), max_size=5000
)


@settings(max_examples=40)
@given(st.data())
def test_any_message_keeps_slacks_limits(data):
    text = data.draw(HOSTILE)
    count = data.draw(st.integers(0, 60))
    sent = message(
        title=text,
        facts=tuple(Fact(text[:40], text) for _ in range(count)),
        links=(Link(text[:100], "https://x.example.org/" + text[:300]),),
        changes=tuple(note(text, text[::2], summary=text, where=text) for _ in range(count)),
        ids={"item": 3},
    )
    blocks = blocks_of(sent)
    assert violation({"blocks": blocks, "text": notification(sent)}) is None
    assert violation({"text": plain(sent)}) is None
    assert len(blocks) <= BLOCKS
    assert len(json.dumps(blocks, ensure_ascii=False)) <= TOTAL


@pytest.mark.parametrize(
    "title", ["<!channel> hạn chót", "<https://bad.example.org|click>", "*bold* `code` @here"]
)
def test_nothing_in_a_title_calls_the_channel_or_makes_a_link(title):
    blocks = blocks_of(
        message(title=title, facts=(Fact("Passage", title),), changes=(note(title),))
    )
    for block in blocks[:-1]:
        said = json.dumps(block)
        assert "mrkdwn" not in said
        assert "<" not in said
    assert title not in blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "slack://x"])
def test_only_web_addresses_become_links(url):
    blocks = blocks_of(message(links=(Link("Page", url),)))
    assert url not in json.dumps(blocks)


def test_an_address_cannot_end_its_own_link():
    foot = blocks_of(message(links=(Link("Page", "https://x.example.org/>|<!here>"),)))[-1]
    assert "<https://x.example.org/%3E%7C%3C!here%3E|Page>" in foot["elements"][0]["text"]


def test_the_answer_keeps_what_a_thread_needs():
    with SlackStandIn() as slack:
        answer = bot(slack.url).send(message())
        assert slack.tokens == {"Bearer xoxb-secret"}
    assert answer.facts == {"ts": "1.0001", "channel": "C1"}


def test_a_test_message_is_marked_as_one():
    with SlackStandIn() as slack:
        bot(slack.url).send(trial_message("slack", NOW))
    (sent,) = slack.taken
    assert sent["text"].startswith("🔵 TEST MINOR: Test message")
    assert keys(slack.taken)[0].startswith("test-")


@pytest.mark.parametrize("way", [bot, hook])
@pytest.mark.parametrize("refusal", ["invalid_blocks", "msg_blocks_too_long"])
def test_a_form_that_slack_refuses_is_told_as_text(way, refusal):
    with SlackStandIn([refusal]) as slack:
        way(slack.url).send(message(changes=(note(),)))
    (sent,) = slack.taken
    assert "blocks" not in sent
    assert "trong [-48-]{+24+} giờ" in sent["text"]


@pytest.mark.parametrize(
    ("way", "refusal"),
    [
        (bot, "invalid_auth"),
        (bot, "channel_not_found"),
        (bot, "is_archived"),
        (hook, "no_service"),
        (hook, "unheard of"),
    ],
)
def test_a_refusal_that_lasts_is_permanent_and_says_what_to_mend(way, refusal):
    with SlackStandIn([refusal]) as slack, pytest.raises(DeliveryError) as raised:
        way(slack.url).send(message())
    assert raised.value.permanent
    assert "Mend the token, the app or the channel's name" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("way", [bot, hook])
@pytest.mark.parametrize("fault", [f for f in SlackStandIn.FAULTS if f not in ("silent", "cut")])
def test_a_passing_fault_is_not_permanent_and_tells_no_secret(way, fault):
    with SlackStandIn([fault]) as slack, pytest.raises(DeliveryError) as raised:
        way(slack.url).send(message())
    assert not raised.value.permanent
    assert "secret" not in str(raised.value)
    if fault == "limited":
        assert raised.value.retry_after == 7


def test_a_webhooks_address_is_never_told_even_by_an_error_that_holds_it():
    with pytest.raises(DeliveryError) as raised:
        hook("http://bad host").send(message())
    assert "services/T/B" not in str(raised.value)

"""What Slack is sent: within its limits, with nothing of a page taken for its own marks."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import message, note
from outgoing import NOW, bot, hook
from slack_stand_in import SlackStandIn, keys, violation

from alerts.channels.channel import DeliveryError
from alerts.channels.slack_parts import BLOCKS, MOST_PARTS, TOTAL, plain_plan, plan
from alerts.message import Fact, Link, grouped
from alerts.pieces import difference, joined
from alerts.rendering import text_of
from alerts.trial import trial_message

LINK = Link("Page", "https://tin-moi.example.org/a?b=1&c=2")


def planned(sent, *, able=True):
    return plan(sent, text_of(sent), files=able, threads=able)


def blocks_of(sent):
    return [block for part in planned(sent).parts for block in part.blocks]


def elements(block):
    return [one for part in block["elements"] for one in part["elements"]]


def buttons(blocks):
    actions = [block for block in blocks if block["type"] == "actions"]
    return [(one["text"]["text"], one["url"]) for block in actions for one in block["elements"]]


def test_a_change_shows_removed_words_struck_and_added_ones_bold():
    blocks = blocks_of(message(changes=(note(),)))
    (change,) = [block for block in blocks if block["type"] == "rich_text"]
    styles = {one["text"]: one.get("style") for one in elements(change)}
    assert styles["48"] == {"strike": True}
    assert styles["24"] == {"bold": True}
    assert styles["trong "] is None


def test_severity_and_what_changed_stand_first_in_one_line_each():
    header, gist, *_ = blocks_of(message(changes=(note(), note())))
    assert header["text"]["text"] == "🟠 MAJOR: Edited: một bài báo"
    assert gist["text"]["text"] == "Điều 7: 48 → 24 (and 1 more)"


def test_links_are_buttons():
    links = (LINK, Link("Capture", "https://x.example.org/c"), Link("Code", "javascript:alert(1)"))
    assert buttons(blocks_of(message(links=links))) == [
        ("Page", "https://tin-moi.example.org/a?b=1&c=2"),
        ("Capture", "https://x.example.org/c"),
    ]


def test_what_does_not_fit_follows_and_what_follows_no_more_is_counted():
    changes = tuple(note("cũ " * 900, "mới " * 900) for _ in range(40))
    found = planned(message(changes=changes, more_changes=5, links=(LINK,)), able=False)
    assert len(found.parts) == MOST_PARTS
    shown = sum(
        "rich_text_section" in json.dumps(block) for part in found.parts for block in part.blocks
    )
    foot = found.parts[0].blocks[-1]["elements"][0]["text"]
    assert 0 < shown < 40
    left_out = int(foot.split("and ")[1].split(" ")[0])
    assert 45 - shown <= left_out <= 46 - shown
    assert buttons(found.parts[0].blocks)
    assert found.files == ()


def test_what_follows_no_more_is_attached_where_slack_takes_files():
    changes = tuple(note("cũ " * 900, f"mới {n} " * 400) for n in range(40))
    found = planned(message(changes=changes))
    assert "the whole is attached" in found.parts[0].blocks[-1]["elements"][0]["text"]
    (file,) = found.files
    assert all(f"mới {n} mới {n}" in file.content.decode() for n in range(40))


def test_a_change_of_any_length_is_told_word_by_word():
    old = "".join(f"cũ{n} & <{n}> " for n in range(150))
    new = "".join(f"mới{n} & <{n}> " for n in range(150))
    change = note(old, new)
    told = [
        ("-" if one.get("style", {}).get("strike") else "+" if one.get("style") else "=", one)
        for block in blocks_of(message(changes=(change,)))
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
        for one in part["elements"]
    ]
    plain = [(mark, unescaped(one["text"])) for mark, one in told]
    assert joined(plain) == joined(difference(old, new))


def unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


HOSTILE = st.text(
    alphabet=st.sampled_from("ab&<>*_~`|:@#!\n\r\t\x1b\u202e\u0301\ud83d😀ế "), max_size=3000
)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_message_keeps_slacks_limits(data):
    text = data.draw(HOSTILE)
    count = data.draw(st.integers(0, 30))
    sent = message(
        title=text,
        facts=tuple(Fact(text[:40], text) for _ in range(count)),
        links=(Link(text[:100], "https://x.example.org/" + text[:300]),),
        changes=tuple(note(text, text[::2], summary=text, where=text) for _ in range(count)),
        ids={"item": 3},
    )
    for one in (sent, grouped([sent, sent], "g"), message(title=text, body=digest(text))):
        for part in planned(one).parts:
            assert violation({"blocks": part.blocks, "text": part.text}) is None
            assert len(part.blocks) <= BLOCKS
            assert len(json.dumps(part.blocks, ensure_ascii=False)) <= TOTAL
        for part in plain_plan(one, text_of(one), files=True).parts:
            assert violation({"text": part.text}) is None


def digest(text):
    markdown = f"# {text}\n\n{text}\n\n- {text}\n  1. {text}\n\n```\n{text}\n```\n\n> {text}"
    table = f"\n\n|a|b|\n|-|-|\n|{text}|{text}|\n"
    return {"about": "digest", "markdown": markdown + table, "text": text}


@pytest.mark.parametrize(
    "title", ["<!channel> hạn chót", "<https://bad.example.org|click>", "*bold* `code` @here"]
)
def test_nothing_in_a_title_calls_the_channel_or_makes_a_link(title):
    blocks = blocks_of(
        message(title=title, facts=(Fact("Passage", title),), changes=(note(title),))
    )
    for block in blocks[:-1]:
        assert "mrkdwn" not in json.dumps(block)
        assert "<" not in json.dumps(block)
    assert title not in blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "slack://x"])
def test_only_web_addresses_become_links(url):
    blocks = blocks_of(message(links=(Link("Page", url),)))
    assert url not in json.dumps(blocks)


def test_an_address_cannot_end_its_own_link():
    sent = message(links=(Link("Page", "https://x.example.org/>|<!here>"),))
    assert buttons(blocks_of(sent)) == [("Page", "https://x.example.org/%3E%7C%3C!here%3E")]


def test_the_answer_keeps_what_a_thread_needs():
    with SlackStandIn() as slack:
        answer = bot(slack.url).send(message())
        assert slack.tokens == {"Bearer xoxb-secret"}
    assert answer.facts == {"ts": "1.0001", "channel": "C1", "to": "#watch"}


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

"""A busy day's digest, as Slack, mail and a webhook take it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from mail_stand_in import Mailbox, mail_server
from messages import message
from newsdesk import configuration
from outgoing import bot
from slack_stand_in import SlackStandIn

from alerts.channels.channel import DeliveryError
from alerts.channels.mail import MailChannel
from alerts.channels.webhook import payload
from alerts.digest import gather
from alerts.digest_parts import StoryLine, Telling, TopicPart
from alerts.digest_sending import body_of
from alerts.rendering import text_of
from config import MailChannel as Declared

SCHEMA = Path(__file__).parents[2] / "docs" / "webhook.schema.json"
NOW = datetime(2031, 6, 4, 1, tzinfo=UTC)
TITLE = "Nền tảng <b>phải</b> *gỡ* nội dung [trong](javascript:x) 24 giờ & nộp phạt, số "


def story(number: int) -> StoryLine:
    url = f"https://tin-moi.example.org/{number}?a=1&b=2"
    tellings = tuple(
        Telling(source, source.title(), group, f"{TITLE}{number}", f"{url}&s={source}", NOW)
        for source, group in (("tin-moi", "state"), ("harbour", "international"))
    )
    return StoryLine(
        f"{TITLE}{number}", url, tellings, "Tin Mới", NOW, True, ("Telecoms",), number, (number,)
    )  # fmt: skip


@pytest.fixture
def busy(archive):
    """The message of a day of 13 topics with 40 stories each."""
    config = configuration()
    digest = gather(archive, config, date(2031, 6, 3), now=NOW)
    stories = tuple(story(number) for number in range(40))
    topics = tuple(TopicPart(f"t-{n}", f"Topic {n}", stories) for n in range(13))
    body = body_of(replace(digest, topics=topics), config)
    return message(title="Digest of Tuesday 3 June 2031", body=json.loads(json.dumps(body)))


def test_slack_takes_all_of_it_within_its_limits_with_the_chart(busy):
    with SlackStandIn() as slack:
        for _ in range(30):
            try:
                bot(slack.url).send(busy)
                break
            except DeliveryError as error:
                busy = replace(busy, sent_parts=error.facts)
    assert slack.taken
    assert all(len(one.get("blocks", [])) <= 50 for one in slack.taken)
    said = json.dumps([slack.taken, [one["filename"] for one in slack.files]], ensure_ascii=False)
    assert "digest.png" in said
    assert '"url": "javascript:' not in said


def test_mail_carries_the_page_and_the_picture(busy):
    mailbox = Mailbox()
    declared = Declared(
        id="post", kind="mail", host="127.0.0.1", tls="none", sender="w@desk.example.org",
        to=("lan@desk.example.org",),
    )  # fmt: skip
    with mail_server(mailbox) as port:
        MailChannel(declared.model_copy(update={"port": port})).send(busy)
    ((_, mail),) = mailbox.taken
    page = next(p.get_content() for p in mail.walk() if p.get_content_type() == "text/html")
    assert "&lt;b&gt;phải&lt;/b&gt;" in page
    assert "… and 10 more" in page
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content().startswith(b"\x89PNG")


def test_a_webhook_has_the_whole_document(busy):
    jsonschema = pytest.importorskip("jsonschema", reason="no validator for JSON Schema here")
    sent = payload(busy, text_of(busy))
    jsonschema.validate(sent, json.loads(SCHEMA.read_text("utf-8")))
    assert len(sent["digest"]["document"]["topics"][0]["stories"]) == 40

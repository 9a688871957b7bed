"""Mail, as a real SMTP server on loopback takes and refuses it."""

import base64
import logging
import re
from email import message_from_bytes
from email.policy import SMTP, default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_stand_in import PASSWORD, USER, Mailbox, certificate, mail_server
from messages import message, note
from newsdesk import configuration
from outgoing import NOW

from alerts.channels import open_channels
from alerts.channels.channel import DeliveryError, SecretMissing
from alerts.channels.mail import MailChannel
from alerts.channels.mail_message import composed
from alerts.message import Fact, Link, grouped
from alerts.rendering import BUILT_IN, templates_in
from config import MailChannel as Declared

LAN, MAI = "lan@desk.example.org", "mai@desk.example.org"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


def declared(port, **said):
    return Declared.model_validate(
        {
            "id": "post",
            "kind": "mail",
            "host": "127.0.0.1",
            "port": port,
            "sender": "watch@decrees.example.org",
            "to": [LAN, MAI],
            "tls": "none",
            **said,
        }
    )


def channel(port, login=None, **said):
    return MailChannel(declared(port, **said), login, timeout_s=3.0, clock=lambda: NOW)


def html_of(mail):
    return mail.get_body(preferencelist=("html",)).get_content()


def text_of(mail):
    return mail.get_body(preferencelist=("plain",)).get_content()


def test_a_mail_shows_the_difference_in_text_and_html():
    mailbox = Mailbox()
    sent = message(changes=(note(),), links=(Link("Page", "https://tin.example.org/a?b=1&c=2"),))
    with mail_server(mailbox) as port:
        answer = channel(port).send(sent)
    ((to, mail),) = mailbox.taken
    assert to == [LAN, MAI]
    assert mail["Subject"] == "[MAJOR] Edited: một bài báo"
    assert "trong [-48-]{+24+} giờ" in text_of(mail)
    assert re.search(r"<del [^>]*>48</del><ins [^>]*>24</ins> giờ", html_of(mail))
    assert '<a href="https://tin.example.org/a?b=1&amp;c=2">Page</a>' in html_of(mail)
    assert answer.facts == {
        "message_id": f"<{'k' * 64}@decrees.example.org>",
        "accepted": [LAN, MAI],
    }
    assert answer.warnings == ()


def test_mail_goes_encrypted_and_after_a_login(pem, monkeypatch):
    mailbox = Mailbox()
    with mail_server(mailbox, pem, login=True) as port:
        channel(port, (USER, PASSWORD), tls="starttls", ca_file=pem).send(message())
    assert mailbox.encrypted == [True]
    assert mailbox.users == [USER]


def test_mail_goes_to_a_server_that_speaks_tls_from_the_first_byte(pem):
    mailbox = Mailbox()
    with mail_server(mailbox, pem, implicit=True) as port:
        channel(port, tls="implicit", ca_file=pem).send(message())
    assert len(mailbox.taken) == 1


def test_a_server_without_starttls_gets_nothing():
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(DeliveryError) as raised:
        channel(port, (USER, PASSWORD), tls="starttls").send(message())
    assert raised.value.permanent
    assert "nothing was sent in the clear" in str(raised.value)
    assert mailbox.users == mailbox.taken == []


@pytest.mark.parametrize("host", ["localhost", "elsewhere.example.org"])
def test_a_server_whose_certificate_is_not_to_be_trusted_gets_nothing(pem, tmp_path, host):
    mailbox = Mailbox()
    trusted = {} if host == "localhost" else {"ca_file": certificate(tmp_path, host)}
    with mail_server(mailbox, pem) as port, pytest.raises(DeliveryError) as raised:
        channel(port, (USER, PASSWORD), tls="starttls", **trusted).send(message())
    assert "certificate is not to be trusted" in str(raised.value)
    assert not raised.value.permanent
    assert mailbox.users == mailbox.taken == []


def test_a_wrong_password_is_permanent_and_is_not_told(pem):
    with mail_server(Mailbox(), pem, login=True) as port, pytest.raises(DeliveryError) as raised:
        channel(port, (USER, "wrong-word"), tls="starttls", ca_file=pem).send(message())
    assert raised.value.permanent
    assert "does not let us in: 535" in str(raised.value)
    assert "wrong-word" not in str(raised.value)


def test_a_follow_up_answers_the_first_mail_of_its_thread():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        first = channel(port).send(message(key="a" * 64))
        channel(port).send(message(key="b" * 64, first=first.facts))
    (_, begun), (_, follow_up) = mailbox.taken
    assert begun["In-Reply-To"] is None
    assert follow_up["In-Reply-To"] == follow_up["References"] == begun["Message-ID"]
    assert follow_up["Message-ID"] != begun["Message-ID"]


def test_a_recipient_refused_for_good_is_reported_and_the_others_have_their_mail():
    mailbox = Mailbox(rcpt={MAI: ["550 no such person here"]})
    with mail_server(mailbox) as port:
        answer = channel(port).send(message())
    assert [to for to, _ in mailbox.taken] == [[LAN]]
    assert answer.facts["refused"] == {MAI: "550 no such person here"}
    assert answer.warnings == (f"the mail server refuses {MAI}: 550 no such person here",)


def test_a_recipient_refused_for_now_is_tried_again_without_the_others():
    mailbox = Mailbox(rcpt={MAI: ["450 greylisted, come back"]})
    with mail_server(mailbox) as port:
        with pytest.raises(DeliveryError, match="450 greylisted") as raised:
            channel(port).send(message())
        assert not raised.value.permanent
        answer = channel(port).send(message(sent_parts=raised.value.facts))
    assert [to for to, _ in mailbox.taken] == [[LAN], [MAI]]
    assert answer.facts["accepted"] == [LAN, MAI]


def test_a_recipient_refused_at_last_does_not_undo_the_others():
    mailbox = Mailbox(rcpt={MAI: ["450 come back", "550 no such person"]})
    with mail_server(mailbox) as port:
        with pytest.raises(DeliveryError) as raised:
            channel(port).send(message())
        answer = channel(port).send(message(sent_parts=raised.value.facts))
    assert answer.facts["accepted"] == [LAN]
    assert answer.facts["refused"] == {MAI: "550 no such person"}


@pytest.mark.parametrize(
    ("answers", "permanent"),
    [(("550 a", "550 b"), True), (("451 a", "550 b"), False), (("450 a", "451 b"), False)],
)
def test_when_nobody_is_taken_it_is_permanent_only_if_it_is_for_all(answers, permanent):
    rcpt = {one: [answer] for one, answer in zip((LAN, MAI), answers, strict=True)}
    with mail_server(Mailbox(rcpt=rcpt)) as port, pytest.raises(DeliveryError) as raised:
        channel(port).send(message())
    assert raised.value.permanent is permanent


@pytest.mark.parametrize(
    ("how", "permanent"),
    [("451 try later", False), ("452 disk full", False), ("554 looks like spam", True)],
)
def test_what_the_server_says_after_the_text_decides(how, permanent):
    mailbox = Mailbox(data=[how])
    with mail_server(mailbox) as port, pytest.raises(DeliveryError, match=how) as raised:
        channel(port).send(message())
    assert raised.value.permanent is permanent
    assert mailbox.taken == []


def test_a_mail_whose_acknowledgement_was_lost_comes_again_under_the_same_message_id():
    mailbox = Mailbox(data=["cut"])
    with mail_server(mailbox) as port:
        with pytest.raises(DeliveryError) as raised:
            channel(port).send(message())
        assert not raised.value.permanent
        channel(port).send(message(sent_parts=raised.value.facts))
    (_, first), (_, second) = mailbox.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_not_there_is_tried_again():
    with mail_server(Mailbox()) as port:
        pass
    with pytest.raises(DeliveryError, match="did not take the mail") as raised:
        channel(port).send(message())
    assert not raised.value.permanent


def test_a_digest_is_mailed_with_its_chart_inside():
    mailbox = Mailbox()
    html = '<html><body><h1>Digest</h1><img src="cid:chart"></body></html>'
    body = {"about": "digest", "text": "The day", "html": html}
    body["png_base64"] = base64.b64encode(PNG).decode()
    with mail_server(mailbox) as port:
        channel(port).send(message(body=body))
    ((_, mail),) = mailbox.taken
    assert text_of(mail).strip() == "The day"
    assert html_of(mail).strip() == html
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    assert picture.get_content() == PNG


def test_a_picture_that_the_page_does_not_show_stands_at_its_end():
    body = {"about": "digest", "html": "<p>x</p>", "png_base64": base64.b64encode(PNG).decode()}
    mail, _ = composed(message(body=body), declared(25), BUILT_IN, NOW)
    assert html_of(mail).rstrip().endswith('<img src="cid:chart" alt=""></p>')


def test_a_group_is_one_mail():
    group = grouped([message(title="Một", changes=(note(),)), message(title="Hai")], "g" * 64)
    mail, _ = composed(group, declared(25), BUILT_IN, NOW)
    assert mail["Subject"] == "[MAJOR] 2 alerts: Một"
    assert "Hai" in text_of(mail) and "Hai" in html_of(mail)


def test_a_broken_template_is_said_in_the_mail_and_in_the_answer(tmp_path):
    (tmp_path / "mail.html.j2").write_text("{{ nothing }}")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        answer = MailChannel(declared(port), None, templates_in(tmp_path)).send(message())
    assert "mail.html.j2 is broken" in answer.warnings[0]
    assert "mail.html.j2 is broken" in html_of(mailbox.taken[0][1])


def test_nothing_of_a_page_is_markup_in_the_mail():
    evil = "<img src=x onerror=alert(1)>"
    sent = message(
        title=evil,
        facts=(Fact(evil, evil),),
        links=(Link(evil, "javascript:alert(1)"), Link("x", 'https://x.example.org/"><script>')),
        changes=(note(evil, evil + " x", where=evil, summary=evil),),
    )
    mail, _ = composed(sent, declared(25), BUILT_IN, NOW)
    assert "<img" not in html_of(mail)
    assert "<script>" not in html_of(mail)
    assert "javascript:" not in html_of(mail)


ANY_LINE = st.text(alphabet=st.sampled_from('ab:<>@,;"\\\r\n\x00\x1b\u2028\u202e\ud83dế😀 =?'))


@settings(max_examples=60, deadline=None)
@given(ANY_LINE, ANY_LINE, ANY_LINE)
def test_no_text_breaks_out_of_its_header(title, key, first):
    sent = message(
        title=title + "\r\nBcc: thief@example.org\r\n\r\n<b>" + title,
        key=key,
        first={"message_id": f"<{first}>\r\nBcc: thief@example.org"},
        rule=title,
        severity=first,
    )
    mail, _ = composed(sent, declared(25), BUILT_IN, NOW)
    raw = mail.as_bytes()
    read = message_from_bytes(raw, policy=default)
    assert read["Bcc"] is None
    assert set(read.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "X-Auto-Response-Suppress", "X-Decreewatch-Key", "Content-Type",
    }  # fmt: skip
    assert re.fullmatch(r"<[A-Za-z0-9.-]*@decrees\.example\.org>", read["Message-ID"])
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert mail.policy.linesep == SMTP.linesep


def test_a_login_comes_from_the_environment():
    said = {
        "id": "post", "kind": "mail", "host": "mail.example.org", "sender": LAN, "to": [MAI],
        "user_env": "SMTP_USER", "password_env": "SMTP_PASSWORD",
    }  # fmt: skip
    config = configuration(channels=(said,))
    with pytest.raises(SecretMissing, match="SMTP_PASSWORD"):
        open_channels(config, {"SMTP_USER": "x"})
    assert open_channels(config, {"SMTP_USER": "x", "SMTP_PASSWORD": "y"})["post"].id == "post"

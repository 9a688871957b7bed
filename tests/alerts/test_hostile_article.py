"""A hostile article, edited and gone, told in Slack, by mail and on the terminal: it stays text."""

import io
import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from hostile_article import HARMFUL, appears, disappears
from indexed_archives import index
from mail_stand_in import Mailbox, mail_server
from slack_stand_in import SlackStandIn

from alerts.channels import open_channels
from alerts.delivery import deliver
from alerts.stage import RulesStage
from config import load
from decreewatch import main
from storage.archive import Archive
from storage.log import advance

CONFIG = """
[storage]
path = "{folder}/archive"
[politeness]
contact = "desk@example.org"
[[sources]]
id = "songviet"
name = "Sóng Việt"
kind = "independent"
language = "vi"
homepage = "https://hostile.example/"
feeds = ["https://hostile.example/rss"]
[[channels]]
id = "slack"
kind = "slack"
channel = "#watch"
base_url = "{slack}/api/"
[[channels]]
id = "mail"
kind = "mail"
host = "127.0.0.1"
port = {port}
sender = "watch@decrees.example.org"
to = ["lan@decrees.example.org"]
tls = "none"
[[channels]]
id = "terminal"
kind = "console"
[[rules]]
id = "edited"
on = "edited"
severity = "major"
channels = ["slack", "mail", "terminal"]
[[rules]]
id = "gone"
on = "removed"
severity = "major"
channels = ["slack", "mail", "terminal"]
"""


@pytest.fixture
def told(tmp_path, now):
    """The configuration, and what Slack, the mailbox and the terminal were given."""
    printed, mailbox = io.StringIO(), Mailbox()
    with SlackStandIn() as slack, mail_server(mailbox) as port:
        path = tmp_path / "config.toml"
        path.write_text(
            CONFIG.format(folder=tmp_path, slack=slack.url, port=port), encoding="utf-8"
        )
        config = load(path)
        archive = Archive.open(config.storage.path)
        appears(archive, now - timedelta(hours=1))
        disappears(archive, now)
        index(archive)
        advance(archive, RulesStage(config, now=lambda: now), now)
        secrets = {"DECREEWATCH_SLACK_TOKEN": "xoxb-1"}
        deliver(archive, open_channels(config, secrets, stream=printed), now)
        archive.close()
    return path, slack, mailbox, printed.getvalue()


def test_slack_takes_it_as_text(told):
    _, slack, _, _ = told
    assert len(slack.taken) == 2 and slack.violations == []
    for message in slack.taken:
        said = json.dumps(message, ensure_ascii=False)
        assert not HARMFUL & set(said)
        assert "<!channel>" not in said and "<script>" not in said
        assert "&lt;script&gt;" in said


def test_a_mail_says_it_as_text_in_every_part(told):
    _, _, mailbox, _ = told
    assert len(mailbox.taken) == 2
    for _, mail in mailbox.taken:
        assert not HARMFUL & set(str(mail["Subject"])) and len(str(mail["Subject"])) < 1000
        parts = [
            part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
        ]
        assert parts and not any(HARMFUL & set(part) for part in parts)
        page = BeautifulSoup(parts[-1], "lxml")
        assert not page.select("script, img[onerror], svg[onload], [href^='javascript:' i]")
        assert "<script>" in page.get_text()


def test_the_terminal_prints_it_and_is_not_steered(told):
    _, _, _, printed = told
    assert "<script>" in printed and not HARMFUL & set(printed)


@pytest.mark.parametrize(
    "command",
    [
        ("alerts", "list"),
        ("alerts", "explain", "1"),
        ("search", "xac thuc tai khoan"),
        ("search", "xac thuc tai khoan", "--mode", "words", "--json"),
        ("events",),
        ("rules", "try", "gone", "--days", "9"),
    ],
    ids=" ".join,
)
def test_no_command_hands_its_escapes_to_the_terminal(told, capsys, command):
    path, *_ = told
    assert main([*command, "--config", str(path)]) == 0
    said = capsys.readouterr().out
    assert said and not HARMFUL & set(said)

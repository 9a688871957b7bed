"""What `decreewatch alerts test` does with each kind of channel, end to end."""

from json import loads

import feedparser
import pytest
from apprise_stand_in import Service
from mail_stand_in import Mailbox, mail_server
from slack_stand_in import SlackStandIn

from decreewatch import main

CONFIG = """
[storage]
path = "archive"
[politeness]
contact = "desk@example.org"
[[sources]]
id = "vnexpress"
[templates]
folder = "templates"
[[channels]]
id = "one"
"""
TITLE = "Test message from Decree Watch: nothing has happened"


@pytest.fixture
def try_channel(tmp_path, monkeypatch, capsys):
    """Runs the command on a channel declared by these lines; gives what it said."""
    (tmp_path / "templates").mkdir()

    def run(lines, environ=(), json=False):
        (tmp_path / "config.toml").write_text(CONFIG + lines)
        monkeypatch.chdir(tmp_path)
        for name, value in dict(environ).items():
            monkeypatch.setenv(name, value)
        assert main(["alerts", "test", "one", *(["--json"] if json else [])]) == 0
        return capsys.readouterr()

    run.folder = tmp_path
    return run


def test_the_terminal_shows_a_marked_test(try_channel):
    said = try_channel('kind = "console"\n').out
    assert "TEST" in said and TITLE in said


def test_slack_takes_a_marked_test(try_channel):
    with SlackStandIn() as slack:
        lines = f'kind = "slack"\nchannel = "#watch"\nbase_url = "{slack.url}/api/"\n'
        try_channel(lines, {"DECREEWATCH_SLACK_TOKEN": "xoxb-1"})
    assert f"TEST MINOR: {TITLE}" in slack.taken[0]["text"]


def test_a_mail_server_takes_a_marked_test(try_channel):
    mailbox = Mailbox(rcpt={"mai@desk.example.org": ["550 unknown"]})
    with mail_server(mailbox) as port:
        said = try_channel(
            f'kind = "mail"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
            'sender = "w@desk.example.org"\n'
            'to = ["lan@desk.example.org", "mai@desk.example.org"]\n'
        )
    assert mailbox.taken[0][1]["Subject"] == f"[TEST · MINOR] {TITLE}"
    assert "the mail server refuses mai@desk.example.org: 550 unknown" in said.err


def test_a_feed_takes_a_marked_test(try_channel):
    try_channel('kind = "atom"\npath = "alerts.atom"\n')
    (entry,) = feedparser.parse((try_channel.folder / "alerts.atom").read_bytes()).entries
    assert entry.title == f"[TEST · MINOR] {TITLE}"


def test_a_service_of_apprise_takes_a_marked_test(try_channel):
    with Service() as service:
        try_channel('kind = "apprise"\nurl_env = "SERVICES"\n', {"SERVICES": service.address("a")})
    assert service.taken[0][1]["title"] == f"[TEST · MINOR] {TITLE}"


def test_a_broken_template_is_said_on_standard_error(try_channel):
    (try_channel.folder / "templates" / "subject.txt.j2").write_text("{{ message.titel }}")
    said = try_channel('kind = "atom"\npath = "alerts.atom"\n', json=True)
    assert "The team's template subject.txt.j2 is broken (subject.txt.j2 line 1" in said.err
    assert set(loads(said.out)) == {"channel", "answer"}

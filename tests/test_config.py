"""What a person is told about a configuration, right or wrong."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import Config, ConfigError, catalogue, load

MINIMAL = """
[politeness]
contact = "desk@example.org"

[[sources]]
id = "tin-moi"
name = "Tin Mới"
kind = "state"
language = "vi"
homepage = "https://tinmoi.example/"
feeds = ["https://tinmoi.example/rss"]
"""
CHANNEL = """
[[channels]]
id = "terminal"
kind = "console"
"""
MAIL = """
[[channels]]
id = "m"
kind = "mail"
host = "smtp.example.org"
sender = "desk@example.org"
to = ["watch@example.org"]
"""
ROOT = Path(__file__).parents[1]


def loaded(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return str(caught.value)


def test_the_shipped_configuration_is_valid_and_names_the_thirteen_topics() -> None:
    config = load(ROOT / "config.toml")
    assert [topic.id for topic in config.topics] == [
        "identity-verification", "livestream", "content-takedown", "data-localisation",
        "personal-data", "cybersecurity-law", "telecom", "platform-blocking", "online-games",
        "app-stores", "minors", "fake-news", "speech-prosecution",
    ]  # fmt: skip
    assert all(topic.description.vi and topic.description.en for topic in config.topics)
    assert {source.id for source in config.sources} <= set(catalogue("sources"))


def test_every_source_and_topic_of_the_catalogues_is_a_valid_declaration(tmp_path: Path) -> None:
    sources = "\n".join(f'[[sources]]\nid = "{name}"' for name in catalogue("sources"))
    topics = "\n".join(f'[[topics]]\nid = "{name}"' for name in catalogue("topics"))
    config = loaded(tmp_path, f'[politeness]\ncontact = "desk@example.org"\n{sources}\n{topics}')
    assert len(config.sources) == len(catalogue("sources"))


def test_a_minimal_configuration_has_the_defaults_of_the_manual(tmp_path: Path) -> None:
    config = loaded(tmp_path, MINIMAL)
    assert config.timezone == "Asia/Ho_Chi_Minh"
    assert config.politeness.delay == 2
    assert config.schedule.crawl == 15 * 60
    assert config.storage.models_path == Path("var/models")


def test_the_models_precision_is_measured_unless_the_configuration_names_one(
    tmp_path: Path,
) -> None:
    assert loaded(tmp_path, MINIMAL).embedding.precision == "auto"
    named = loaded(tmp_path, MINIMAL + '[embedding]\nprecision = "int8"\n')
    assert named.embedding.precision == "int8"
    said = complaint(tmp_path, MINIMAL + '[embedding]\nprecision = "int4"\n')
    assert "embedding.precision" in said
    assert "'bfloat16'" in said


def test_spans_of_time_are_read_with_their_unit(tmp_path: Path) -> None:
    config = loaded(tmp_path, MINIMAL + '[schedule]\ncrawl = "2h"\nhousekeeping = "1d"\n')
    assert (config.schedule.crawl, config.schedule.housekeeping) == (7200, 86400)


def test_a_catalogue_entry_can_be_overridden(tmp_path: Path) -> None:
    config = loaded(tmp_path, MINIMAL + '[[sources]]\nid = "vnexpress"\ndelay = "9s"\n')
    assert config.sources[1].delay == 9
    assert config.sources[1].feeds


def test_the_configuration_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    config = loaded(tmp_path, MINIMAL)
    with pytest.raises(ValidationError):
        config.timezone = "UTC"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1\n" + MINIMAL, r"colour: no such key"),
        (MINIMAL + "[storage]\nfolder = 'x'\n", r"storage\.folder: no such key"),
        (
            MINIMAL + "[politeness.more]\n",
            r"politeness\.more: no such key",
        ),
        (
            MINIMAL.replace('"desk@example.org"', "3"),
            r"politeness\.contact: expected a text in quotes; found 3",
        ),
        (MINIMAL[MINIMAL.index("[[sources]]") :], r"politeness: required"),
        (
            MINIMAL.replace('"https://tinmoi.example/rss"', '"tinmoi/rss"'),
            r"sources\[0\]\.feeds\[0\]: expected .*URL.*; found 'tinmoi/rss'",
        ),
        (MINIMAL.replace('"state"', '"royal"'), r"sources\[0\]\.kind: expected .*'state'"),
        (
            MINIMAL + MINIMAL[MINIMAL.index("[[sources]]") :],
            r"sources\[1\]\.id: 'tin-moi' is declared twice",
        ),
        (
            MINIMAL + '[[sources]]\nid = "nowhere"\n',
            r"sources\[1\]\.id: 'nowhere' is not in the catalogue; expected one of .*vnexpress",
        ),
        (
            MINIMAL + '[[rules]]\nid = "r"\non = "enacted"\nchannels = ["slack"]\n' + CHANNEL,
            r"rules\[0\]\.channels: 'slack' is not declared .* there are: terminal",
        ),
        (
            MINIMAL
            + CHANNEL
            + '[[rules]]\nid = "r"\non = "edited"\nchannels = ["terminal"]\nsources = ["x"]\n',
            r"rules\[0\]\.sources: 'x' is not declared .* there are: tin-moi",
        ),
        (
            MINIMAL + CHANNEL + '[[rules]]\nid = "r"\non = "rain"\nchannels = ["terminal"]\n',
            r"rules\[0\]\.on: expected .*'enacted'.*; found 'rain'",
        ),
        (
            MINIMAL + CHANNEL + '[[rules]]\nid = "r"\non = "search"\nchannels = ["terminal"]\n',
            r"rules\[0\]: expected query or meaning for a rule on search",
        ),
        (
            MINIMAL + CHANNEL + '[[rules]]\nid = "r"\non = "search"\nchannels = ["terminal"]\n'
            "query = '-phà'\n",
            r"rules\[0\]\.query: expected at least one word that is wanted; found '-phà'",
        ),
        (
            MINIMAL + CHANNEL + '[[rules]]\nid = "r"\non = "edited"\nchannels = ["terminal"]\n'
            'group = { by = "topic", wait = "3d" }\n',
            r"rules\[0\]\.group\.wait: expected at most a day",
        ),
        (
            MINIMAL + '[quiet]\nhours = "22-7"\n',
            r'quiet\.hours: expected hours such as "22:00-07:00"',
        ),
        (
            MINIMAL + '[[channels]]\nid = "s"\nkind = "slack"\n',
            r"channels\[0\]: expected channel \(with a bot token\) or webhook_env",
        ),
        (
            MINIMAL + '[[channels]]\nid = "s"\nkind = "webhook"\nurl = "nope"\n',
            r"channels\[0\]\.url: expected .*URL",
        ),
        (
            MINIMAL + '[[channels]]\nid = "s"\nkind = "pigeon"\n',
            r"channels\[0\]\.kind: expected one of 'slack', .*'console'; found 'pigeon'",
        ),
        (
            MINIMAL + MAIL + 'tls = "none"\n',
            r'channels\[0\]: expected tls "starttls" or "implicit": "none" is for a server on this',
        ),
        (
            MINIMAL + MAIL + 'user_env = "SMTP_USER"\n',
            r"channels\[0\]: expected user_env and password_env together",
        ),
        (
            MINIMAL + MAIL.replace("watch@", "watch\\r\\nBcc: x@"),
            r"channels\[0\]\.to\[0\]: expected a mail address such as",
        ),
        (
            MINIMAL + '[[channels]]\nid = "s"\nkind = "apprise"\nurl_env = "json://x"\n',
            r"channels\[0\]\.url_env: expected",
        ),
        (MINIMAL + '[[channels]]\nid = "s"\n', r"channels\[0\]\.kind: required"),
        ("channels = [3]\n" + MINIMAL, r"channels\[0\]: expected a section .*; found 3"),
        ("storage = 3\n" + MINIMAL, r"storage: expected a section of its own, with keys; found 3"),
        ('topics = "tax"\n' + MINIMAL, r"topics: expected a list; found 'tax'"),
        (MINIMAL + '[schedule]\ncrawl = "often"\n', r"schedule\.crawl: expected a span of time"),
        (MINIMAL + '[schedule]\ncrawl = "0s"\n', r"schedule\.crawl: expected greater than 0"),
        ('timezone = "Mars/Olympus"\n' + MINIMAL, r"timezone: expected a time zone"),
        (
            MINIMAL.replace('feeds = ["https://tinmoi.example/rss"]', ""),
            r"sources\[0\]: expected at least one address in feeds",
        ),
        (
            MINIMAL.replace("feeds", 'article_pattern = "("\nfeeds'),
            r"sources\[0\]\.article_pattern: expected a regular expression",
        ),
        ("[politeness\n", r"not valid TOML"),
    ],
)
def test_a_mistake_gives_one_line_with_the_key_and_what_was_expected(
    tmp_path: Path, text: str, said: str
) -> None:
    lines = complaint(tmp_path, text).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(str(tmp_path / "config.toml"))
    assert re.search(said, lines[0]), lines[0]


def test_several_mistakes_are_all_named_at_once(tmp_path: Path) -> None:
    text = MINIMAL.replace('"vi"', '"fr"') + "[storage]\nx = 1\n[schedule]\ny = 2\n"
    assert len(complaint(tmp_path, text).splitlines()) == 3


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config FILE"):
        load(tmp_path / "config.toml")


def test_a_file_that_is_not_text_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"not UTF-8 text \(byte 1\)"):
        load(path)


def test_a_folder_in_place_of_a_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)

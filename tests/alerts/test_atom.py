"""The Atom feed, as a feed reader reads it."""

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from messages import message, note
from outgoing import NOW

from alerts.channels.atom import AtomChannel
from alerts.channels.channel import DeliveryError
from alerts.message import Fact, Link, grouped
from config import AtomChannel as Declared


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feeds" / "alerts.atom"


def channel(path, **said):
    declared = Declared.model_validate({"id": "f", "kind": "atom", "path": path, **said})
    return AtomChannel(declared, clock=lambda: NOW)


def read(path):
    found = feedparser.parse(path.read_bytes())
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def test_an_alert_is_an_entry_with_its_page_and_its_difference(path):
    sent = message(
        changes=(note(),),
        links=(Link("Page", "https://tin.example.org/a?b=1&c=2"),),
        body={"topics": [{"topic": "minors"}]},
    )
    answer = channel(path).send(sent)
    feed = read(path)
    assert feed.feed.title == "Decree Watch"
    assert feed.feed.author == "Decree Watch"
    (entry,) = feed.entries
    assert entry.title == "[MAJOR] Edited: một bài báo"
    assert entry.link == "https://tin.example.org/a?b=1&c=2"
    assert entry.summary == "Điều 7: 48 → 24"
    assert "48</del><ins" in entry.content[0].value.replace(' style="', '"').replace('">', ">")
    assert [tag.term for tag in entry.tags] == ["major", "silent-edit", "minors"]
    assert entry.published == entry.updated == "2031-06-03T02:00:00+00:00"
    assert answer.facts == {"entries": {"7": entry.id}}


def test_the_newest_come_first_and_the_oldest_go(path):
    feed = channel(path, newest=3)
    for number in range(5):
        feed.send(message(key=f"{number}" * 64, title=f"Tin {number}"))
    assert [one.title[-1] for one in read(path).entries] == ["4", "3", "2"]


def test_a_repeat_makes_no_second_entry(path):
    first = channel(path).send(message())
    assert channel(path).send(message()).facts == first.facts
    assert len(read(path).entries) == 1


def test_an_update_takes_the_place_of_the_entry_that_told_it(path):
    feed = channel(path)
    told = feed.send(message(key="a" * 64))
    feed.send(message(key="b" * 64, alert=8, title="Hai"))
    update = message(
        key="c" * 64, kind="update", edits=told.facts, state="acknowledged", acknowledged_by="lan"
    )
    assert feed.can_edit
    feed.send(update)
    newest, edited = read(path).entries
    assert newest.title == "[MAJOR] Hai"
    assert edited.id == told.facts["entries"]["7"]
    assert "acknowledged by lan" in edited.content[0].value


def test_each_alert_of_a_group_has_an_entry_that_an_update_finds(path):
    feed = channel(path)
    members = [message(key=f"{number}" * 64, alert=number) for number in (1, 2)]
    told = feed.send(grouped(members, "g" * 64))
    assert len(read(path).entries) == 2
    feed.send(message(key="u" * 64, alert=2, kind="update", edits=told.facts, state="resolved"))
    assert sum("resolved" in one.content[0].value for one in read(path).entries) == 1
    assert len(read(path).entries) == 2


def test_a_digest_is_an_entry_with_its_own_page(path):
    channel(path).send(message(body={"about": "digest", "html": "<h1>The day</h1>", "text": "x"}))
    assert "<h1>The day</h1>" in read(path).entries[0].content[0].value


@pytest.mark.parametrize("found", [b"", b"<feed", b"<rss/>", b"\xff\x00"])
def test_a_feed_that_cannot_be_read_is_set_aside_and_said(path, found):
    path.parent.mkdir()
    path.write_bytes(found)
    answer = channel(path).send(message())
    assert len(read(path).entries) == 1
    assert path.with_name("alerts.atom.broken").read_bytes() == found
    assert "was not to be read" in answer.warnings[0]


def test_a_feed_with_an_entity_bomb_expands_nothing(path):
    path.parent.mkdir()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path.write_text(f'{bomb}<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>')
    channel(path).send(message())
    assert "aaaa" not in path.read_text()


def test_a_place_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="cannot be written") as raised:
        channel(tmp_path / "file" / "alerts.atom").send(message())
    assert not raised.value.permanent


def test_nothing_is_left_beside_the_feed(path):
    channel(path).send(message())
    assert {one.name for one in path.parent.iterdir()} <= {"alerts.atom", "alerts.atom.lock"}


@settings(max_examples=30, deadline=None)
@given(
    text=st.text(max_size=60) | st.text(alphabet="\x00\x1b]]>&<\ufffe\uffff\ud800\"'", max_size=9)
)
def test_any_text_makes_a_well_formed_feed_without_markup_of_its_own(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("feed") / "a.atom"
    evil = f"{text}<script>alert(1)</script>"
    sent = message(
        title=evil,
        rule=text,
        facts=(Fact(evil, evil),),
        links=(Link(evil, f"https://x.example.org/{text}"),),
        changes=(note(evil, text, summary=evil, where=evil),),
    )
    channel(path).send(sent)
    content = etree.fromstring(path.read_bytes()).findtext(".//{*}content")
    assert "<script" not in content

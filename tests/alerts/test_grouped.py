"""Several messages told as one."""

import pytest
from messages import message

from alerts.message import grouped


def test_the_most_severe_leads_and_gives_the_group_its_severity():
    group = grouped(
        [message(severity="minor"), message(severity="critical", title="Hạn chót")], "g"
    )
    assert (group.severity, group.title, group.key) == ("critical", "2 alerts: Hạn chót", "g")
    assert [one.severity for one in group.group] == ["critical", "minor"]


def test_a_group_on_one_thing_belongs_to_its_thread():
    first = {"ts": "1"}
    both = [message(thread="story:5", first=first), message(thread="story:5", first=first)]
    assert (grouped(both, "g").thread, grouped(both, "g").first) == ("story:5", first)


def test_a_group_on_several_things_begins_a_thread_of_its_own():
    group = grouped([message(thread="story:5", first={"ts": "1"}), message(thread="story:6")], "g")
    assert (group.thread, group.first) == ("group:g", None)


def test_what_was_sent_of_a_group_is_remembered_whichever_alert_leads():
    sent = {"parts": {"0": {"ts": "1"}}}
    assert grouped([message(), message(sent_parts=sent)], "g").sent_parts == sent


def test_a_group_of_one_is_that_message():
    assert grouped([message()], "g") == message(key="g")


def test_there_is_no_group_of_none():
    with pytest.raises(ValueError, match="at least one"):
        grouped([], "g")

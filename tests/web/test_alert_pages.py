"""Alerts on the pages: found, explained, acknowledged, resolved, silenced, and put on record."""

import pytest
from watched_archive import Browser


@pytest.fixture
def desk(copy):
    return Browser(copy)


def state_of(archive, number):
    with archive.reading() as tx:
        return tx.outbox.alert(number).state


def record(archive):
    with archive.reading() as tx:
        return [(one.by, one.action, one.subject) for one in tx.audit.recent()]


def test_an_alert_says_what_changed_and_why_it_was_raised(desk):
    enacted = desk.page("/alerts?severity=critical").select_one(".rows a")["href"]
    page = desk.page(enacted)
    said = " ".join(page.main.get_text(" ").split())
    assert "Enacted: Decree on lanterns" in said
    assert (page.find("del").get_text(), page.find("ins").get_text()) == ("36 giờ", "24 giờ")
    assert "on enacted" in said and "instrument.compared" in said
    assert page.find("a", string="The whole comparison")["href"].startswith("/instruments/lanterns")
    other = " ".join(
        desk.page(f"{enacted}?rules=1").find(id="rules").find_next("ul").get_text().split()
    )
    assert "broken" in other


def test_filters_leave_what_they_say(desk):
    every = len(desk.page("/alerts").select(".ticked > li"))
    major = len(desk.page("/alerts?severity=major").select(".ticked > li"))
    assert 0 < major < every
    assert desk.page("/alerts?rule=drafts&severity=critical").select(".ticked > li") == []
    assert len(desk.page("/alerts?until=2031-06-01").select(".ticked > li")) == 0


def test_acknowledging_and_resolving_are_kept_and_put_on_record(copy, desk):
    desk.send("/alerts/1", "/alerts/1/acknowledge")
    assert state_of(copy, 1) == "acknowledged"
    desk.send("/alerts/1", "/alerts/1/resolve")
    assert state_of(copy, 1) == "resolved"
    assert record(copy) == [
        ("local", "alert.resolved", "alert:1"),
        ("local", "alert.acknowledged", "alert:1"),
    ]


def test_what_changes_nothing_is_not_put_on_record(copy, desk):
    desk.send("/alerts/1", "/alerts/1/acknowledge")
    desk.send("/alerts/1", "/alerts/1/acknowledge")
    assert len(record(copy)) == 1


def test_several_are_acknowledged_at_once_or_none(copy, desk):
    desk.send("/alerts", "/alerts/acts", 404, act="acknowledge", alert=[1, 999])
    assert state_of(copy, 1) == "open"
    desk.send("/alerts", "/alerts/acts", act="acknowledge", alert=[1, 2], back="/alerts?state=open")
    assert {state_of(copy, 1), state_of(copy, 2)} == {"acknowledged"}


def test_a_form_leads_back_to_our_own_pages_alone(copy, desk):
    token = desk.page("/alerts").find("input", attrs={"name": "csrf_token"})["value"]
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example", "/a\r\nX: y"):
        answer = desk.client.post(
            "/alerts/acts",
            data={"csrf_token": token, "act": "acknowledge", "back": back},
            follow_redirects=False,
        )
        assert answer.headers["location"] == "/alerts"


def test_a_silence_is_begun_shown_and_ended(copy, desk):
    desk.send("/alerts/1", "/silences", what="rule:drafts", span="1d", note="Tết <b>")
    said = desk.words("/alerts")
    assert "rule drafts until" in said and "Tết <b>" in said
    with copy.reading() as tx:
        (row,) = tx.silences.all()
    desk.send("/alerts", f"/silences/{row.id}/end")
    assert "No silence holds" in desk.words("/alerts")
    assert [action for _, action, _ in record(copy)] == ["silence.ended", "silence.begun"]


def test_a_silence_of_nothing_or_for_ever_is_refused(copy, desk):
    for what, span in (
        ("rule:", "1d"),
        ("all:x", "1d"),
        ("rule:nobody", "1d"),
        ("instrument:\x00", "1d"),
        ("rule:drafts", "9y"),
    ):
        desk.send("/alerts/1", "/silences", 422, what=what, span=span)
    assert record(copy) == []


def test_nothing_is_changed_without_the_token_of_a_page(copy, desk):
    assert desk.client.post("/alerts/1/acknowledge").status_code == 403
    assert state_of(copy, 1) == "open"

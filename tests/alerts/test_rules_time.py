"""Alerts on what time brings about: states, days, surges and silent sources."""

from datetime import timedelta

import pytest
from newsdesk import LAW

STATUS = {"id": "st", "on": "status"}
DEADLINE = {"id": "due", "on": "deadline"}
SURGE = {"id": "up", "on": "surge"}
SILENT = {"id": "quiet", "on": "source-silent"}
WORDS = "Nghị định này có hiệu lực thi hành từ ngày 12 tháng 3 năm 2032."
INSTRUMENT = {"instrument": "platforms", "number": LAW, "name": "Platform decree"}
PAGE = {"source": "tin-moi", "url": "https://portal.example.org/d", "title": "Nghị định"}


def happens(desk, kind, subject, data):
    with desk.archive.transaction() as tx:
        tx.events.append(kind, subject, desk.now, data)


def near(desk, **said):
    data = INSTRUMENT | PAGE | {
        "kind": "effective",
        "on": "2032-03-12",
        "left": 7,
        "step": 7,
        "by": "",
        "deadlines": [{"id": 1, "place": "art_33__para_1", "text": WORDS}],
        "evidence": {"item": 1, "revision": 2},
    }  # fmt: skip
    happens(desk, "deadline.near", "instrument:platforms", data | said)


def status(desk, status="in-force", **said):
    data = INSTRUMENT | PAGE | {
        "row": 4,
        "status": status,
        "before": "issued",
        "since": "2031-06-02",
        "by": "",
        "by_name": "",
        "basis": "clock",
        "reason": WORDS,
        "first": False,
        "late": False,
        "evidence": {"item": 1, "revision": 2},
    }  # fmt: skip
    desk.happens("instrument.status", "instrument:platforms", **data | said)


def test_a_day_that_comes_near_is_told_with_the_words_and_the_place(desk):
    near(desk)
    (alert,) = desk.alerts(DEADLINE)
    assert alert.title == f"In 7 days: Platform decree ({LAW}) takes effect (12 March 2032)"
    assert alert.thread == "instrument:platforms"
    assert ["Điều 33 khoản 1", f"“{WORDS}”"] in alert.body["facts"]
    assert ["Page", "https://portal.example.org/d"] in alert.body["links"]
    assert alert.body["gist"] == f"“{WORDS}”"
    assert alert.body["ids"] == {"deadline1": 1, "item": 1, "revision": 2}


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"left": 0, "step": 1}, "Today: Platform decree (901/2031/NĐ-CP) takes effect"),
        ({"left": 1, "step": 1}, "In 1 day: Platform decree (901/2031/NĐ-CP) takes effect"),
        (
            {"kind": "consultation"},
            "In 7 days: consultation on Platform decree (901/2031/NĐ-CP) ends",
        ),
        (
            {
                "kind": "compliance",
                "deadlines": [{"id": n, "place": "", "text": ""} for n in (1, 2)],
            },
            "In 7 days: 2 periods to comply with Platform decree (901/2031/NĐ-CP) end",
        ),
    ],
)
def test_the_title_says_what_happens_and_when(desk, said, title):
    near(desk, **said)
    (alert,) = desk.alerts(DEADLINE)
    assert alert.title == f"{title} (12 March 2032)"


def test_a_rule_is_silent_at_steps_that_it_does_not_ask_for(desk):
    near(desk, left=14, step=14)
    assert desk.alerts(DEADLINE) == []
    assert "does not ask for" in desk.reasons("deadline.near", DEADLINE)


def test_each_rule_is_told_at_its_own_steps(desk):
    near(desk, left=14, step=14)
    near(desk, left=14, step=30)
    fortnight = {"id": "fortnight", "on": "deadline", "days": [14]}
    assert [alert.rule for alert in desk.alerts(DEADLINE, fortnight)] == ["fortnight", "due"]


def test_a_rule_on_other_instruments_is_silent(desk):
    near(desk, instrument="12/2031/NĐ-CP", number="12/2031/NĐ-CP")
    assert desk.alerts(DEADLINE | {"instruments": ["platforms"]}) == []


def move(**said):
    return {
        "kind": "effective", "from": "2032-03-12", "to": "2032-06-01", "text": WORDS,
        "place": "art_33__para_1", "confidence": "certain", "by": "", "deadline": 3,
    } | said  # fmt: skip


def test_a_day_that_moved_is_told_with_both_days(desk):
    data = INSTRUMENT | PAGE | {"evidence": {"item": 1, "revision": 2}}
    moves = [move(), move(kind="compliance")]
    desk.happens("deadline.moved", "instrument:platforms", moves=moves, **data)
    (alert,) = desk.alerts(DEADLINE)
    assert alert.title == (
        f"Moved: Platform decree ({LAW}): takes effect on 1 June 2032 instead of 12 March 2032 "
        "(and 1 more)"
    )
    assert ["Takes effect", "12 March 2032 → 1 June 2032"] in alert.body["facts"]


def test_a_planned_day_that_moved_raises_nothing(desk):
    data = INSTRUMENT | PAGE | {"evidence": {"item": 1, "revision": 2}}
    probable = [move(confidence="probable")]
    desk.happens("deadline.moved", "instrument:platforms", moves=probable, **data)
    assert desk.alerts(DEADLINE) == []
    assert "only probable" in desk.reasons("deadline.moved", DEADLINE)


def test_a_change_of_status_is_told_with_who_says_so(desk):
    status(desk, "repealed", by="955/2031/NĐ-CP", by_name="Decree 955/2031/NĐ-CP", basis="text")
    (alert,) = desk.alerts(STATUS)
    assert alert.title == (
        f"Platform decree ({LAW}) is repealed by Decree 955/2031/NĐ-CP, since 2 June 2031"
    )
    assert ["Said by", "the words of the law"] in alert.body["facts"]
    assert alert.body["about"] == "status"


def test_a_change_to_come_is_told_as_one(desk, later):
    status(desk, "replaced", by="955/2031/NĐ-CP", since="2032-01-01")
    (alert,) = desk.alerts(STATUS)
    assert alert.title.endswith("will be replaced by 955/2031/NĐ-CP, from 1 January 2032")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"status": "issued"}, "rules on drafts and enactments"),
        ({"status": "draft"}, "rules on drafts and enactments"),
        ({"backfill": True}, "old collection"),
        ({"reread": True}, "re-extraction"),
        ({"late": True}, "long before it was learned of"),
        ({"first": True}, "no change"),
    ],
)
def test_what_is_no_news_of_a_status_is_silent(desk, said, reason):
    status(desk, **said)
    assert desk.alerts(STATUS) == []
    assert reason in desk.reasons("instrument.status", STATUS)


def test_a_surge_is_told_beside_what_is_usual(desk):
    desk.happens(
        "topic.surged",
        "topic:minors",
        topic="minors",
        topics=[{"topic": "minors", "score": 1.0}],
        day="2031-06-01",
        count=14,
        expected=3.2,
        probability=1e-5,
        weeks=8,
        outlets=4,
        left_out=["song-xanh"],
        articles=[{"item": 1, "url": "https://a.example/1", "title": "Tin", "source": "tin-moi"}],
    )
    (alert,) = desk.alerts(SURGE | {"topics": ["minors"]})
    assert alert.title == "Surge: Minors online, 14 stories on 1 June 2031 where 3.2 are usual"
    assert alert.thread == "topic:minors"
    assert ["Not counted", "too new to be compared: Sóng Xanh"] in alert.body["facts"]
    assert alert.body["links"] == [["Tin Mới: Tin", "https://a.example/1"]]
    assert "none of the rule's topics" in desk.reasons(
        "topic.surged", SURGE | {"topics": ["telecom"]}
    )


def test_a_silent_source_is_told_with_reasons_and_resolved_when_it_speaks(desk):
    since = (desk.now - timedelta(days=2)).isoformat()
    desk.happens(
        "source.silent", "source:tin-moi", why="blocked", since=since, pages=False,
        reasons=["nothing new for 48 hours", "blocked: the server answered 403"],
    )  # fmt: skip
    (alert,) = desk.alerts(SILENT)
    assert alert.title == "Tin Mới refuses us"
    assert ["Reason", "blocked: the server answered 403"] in alert.body["facts"]
    desk.happens("source.spoke", "source:tin-moi", reasons=["something new came"])
    first, spoke = desk.alerts(SILENT)
    assert (first.state, spoke.title) == ("resolved", "Tin Mới speaks again")
    assert spoke.severity == "minor"

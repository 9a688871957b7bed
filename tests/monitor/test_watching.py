"""What the clock brings about: told once, in time, whatever happened meanwhile."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from archives import Places, seen
from hypothesis import given
from hypothesis import strategies as st
from laws import NOON, decree, effect, publish

from config import Config
from monitor.deadlines import DeadlinesStage
from monitor.stages import run_stages
from monitor.status import StatusesStage
from monitor.watching import watch
from storage.archive import Archive
from storage.deadlines import step_of
from storage.findings import FoundTag

DAY = timedelta(days=1)
NUMBER = "901/2031/NĐ-CP"
EFFECT = datetime(2031, 8, 1, 5, tzinfo=NOON.tzinfo)


def configuration(*rules):
    return Config.model_validate(
        {
            "politeness": {"contact": "desk@example.org"},
            "sources": [
                {
                    "id": name,
                    "name": name.title(),
                    "kind": "state",
                    "language": "vi",
                    "homepage": f"https://{name}.example/",
                    "feeds": [f"https://{name}.example/rss"],
                }
                for name in ("press", "portal")
            ],
            "topics": [
                {"id": "telecom", "name": "Telecoms", "description": {"en": "t", "vi": "t"}}
            ],
            "channels": [{"id": "desk", "kind": "console"}],
            "rules": [
                {"id": f"r{n}", "on": "deadline", "channels": ["desk"], **rule}
                for n, rule in enumerate(rules)
            ],
        }
    )


CONFIG = configuration()


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def understand(archive):
    readers = [DeadlinesStage(()), StatusesStage((), CONFIG.sources, CONFIG.zone)]
    for report in run_stages(archive, readers, NOON):
        assert not report.problem and not report.failed


def near(archive):
    """The days told as near: kind, day, how many days were left, and by which step."""
    with archive.reading() as tx:
        events = tx.events.after(0, ["deadline.near"])
    return [(e.data["kind"], e.data["on"], e.data["left"], e.data["step"]) for e in events]


def statuses(archive):
    with archive.reading() as tx:
        events = tx.events.after(0, ["instrument.status"])
    return [(e.data["status"], e.data["basis"]) for e in events]


def kinds(archive, *wanted):
    with archive.reading() as tx:
        return [event.kind for event in tx.events.after(0, wanted)]


def test_a_day_is_told_30_7_and_1_days_before_and_once_each(archive):
    publish(archive, decree(effect()))
    understand(archive)
    at = NOON
    while at < EFFECT + 3 * DAY:
        watch(archive, CONFIG, at)
        watch(archive, CONFIG, at + timedelta(hours=3))
        at += DAY
    day = "2031-08-01"
    assert near(archive) == [("effective", day, n, n) for n in (30, 7, 1)]


def test_of_the_steps_that_were_missed_only_the_nearest_is_caught_up(archive):
    publish(archive, decree(effect()))
    understand(archive)
    watch(archive, CONFIG, EFFECT - 5 * DAY)
    assert near(archive) == [("effective", "2031-08-01", 5, 7)]


def test_a_day_that_has_passed_is_told_no_more_but_today_is(archive):
    publish(archive, decree(effect()))
    understand(archive)
    watch(archive, CONFIG, EFFECT)
    watch(archive, CONFIG, EFFECT + DAY)
    assert near(archive) == [("effective", "2031-08-01", 0, 1)]


def test_the_day_is_that_of_the_readers_zone(archive):
    publish(archive, decree(effect()))
    understand(archive)
    noon = EFFECT - 7 * DAY
    watch(archive, CONFIG, noon - timedelta(hours=12, minutes=1))
    assert near(archive) == [("effective", "2031-08-01", 8, 30)]
    watch(archive, CONFIG, noon - timedelta(hours=11, minutes=59))
    assert near(archive)[1:] == [("effective", "2031-08-01", 7, 7)]


def test_every_rule_has_the_steps_it_asks_for(archive):
    publish(archive, decree(effect()))
    understand(archive)
    config = configuration({"days": [30, 7]}, {"days": [14]}, {"days": [3], "enabled": False})
    watch(archive, config, EFFECT - 10 * DAY)
    assert [step for *_, step in near(archive)] == [14, 30]


def test_a_probable_day_is_listed_but_not_told(archive):
    text = "Đăng ký\nChủ bến phải đăng ký trong thời hạn 10 ngày làm việc kể từ ngày Nghị định này "
    publish(archive, decree(text + "có hiệu lực.", effect()))
    understand(archive)
    watch(archive, CONFIG, EFFECT + 10 * DAY)
    assert near(archive) == []


def test_many_provisions_of_one_day_are_told_together(archive):
    one = "trong thời hạn 30 ngày kể từ ngày Nghị định này có hiệu lực."
    publish(archive, decree(f"Một\nPhải làm {one}", f"Hai\nPhải xong {one}", effect()))
    understand(archive)
    watch(archive, CONFIG, EFFECT + 25 * DAY)
    with archive.reading() as tx:
        (event,) = tx.events.after(0, ["deadline.near"])
    assert [one["place"] for one in event.data["deadlines"]] == ["art_1", "art_2"]


def test_a_day_that_moved_is_told_anew(archive):
    publish(archive, decree(effect()))
    understand(archive)
    watch(archive, CONFIG, EFFECT - 7 * DAY)
    publish(archive, decree(effect("08 tháng 8 năm 2031")), hour=24 * 54)
    understand(archive)
    watch(archive, CONFIG, EFFECT)
    assert [(on, step) for _, on, _, step in near(archive)] == [
        ("2031-08-01", 7),
        ("2031-08-08", 7),
    ]


def test_a_law_is_in_force_on_its_day_by_the_clock_and_once(archive):
    publish(archive, decree(effect(), "Bãi bỏ\nBãi bỏ Nghị định số 12/2024/NĐ-CP."))
    understand(archive)
    watch(archive, CONFIG, EFFECT - DAY)
    assert ("in-force", "clock") not in statuses(archive)
    watch(archive, CONFIG, EFFECT)
    watch(archive, CONFIG, EFFECT + 9 * DAY)
    assert statuses(archive).count(("in-force", "clock")) == 1
    with archive.reading() as tx:
        event = tx.events.after(0, ["instrument.status"])[-1]
    assert event.data["others"] == [{"name": "Decree 12/2024/NĐ-CP", "status": "repealed"}]
    assert (event.data["before"], event.data["late"]) == ("issued", False)


def test_a_law_expires_on_the_day_after_its_last(archive):
    until = "01 tháng 8 năm 2031 đến hết ngày 31 tháng 8 năm 2031"
    publish(archive, decree(effect(until)))
    understand(archive)
    for days in (0, 30, 31, 32):
        watch(archive, CONFIG, EFFECT + days * DAY)
    assert [status for status, basis in statuses(archive) if basis == "clock"] == [
        "in-force",
        "expired",
    ]


@given(
    st.sets(st.integers(0, 60), min_size=1, max_size=5),
    st.integers(0, 70),
    st.sets(st.integers(0, 70), max_size=30),
)
def test_however_often_the_machine_was_off_no_step_is_told_twice_or_late(days, first, on):
    told = []
    for left in sorted({first, *on}, reverse=True):
        step = step_of(days, left)
        if step is not None and step not in told:
            told.append(step)
            assert step >= left
            assert not any(left <= other < step for other in days)
    assert told == sorted(set(told), reverse=True)


def article(archive, at, source="press", **said):
    with archive.transaction() as tx:
        hour = (at - NOON) / timedelta(hours=1)
        url = f"https://{source}.example/{at:%Y%m%d%H%M}/{said.get('title', '')}"
        recorded = tx.items.observe(seen(url, hour=hour, source_id=source, **said))
        tx.findings.tag(recorded.revision_id, [FoundTag("telecom", 0.9, 0.5, "")], "test")


def asked(archive, at, source="press"):
    with archive.transaction() as tx:
        tx.sources.round_ended(source, at, reasons=[], items=1)


def test_a_source_falls_silent_once_and_speaks_again(archive):
    for day in range(40):
        for hour in (0, 4, 8):
            article(archive, NOON + day * DAY + timedelta(hours=hour))
    last = NOON + 39 * DAY + timedelta(hours=8)
    for hours in range(0, 120, 6):
        asked(archive, last + timedelta(hours=hours))
        watch(archive, CONFIG, last + timedelta(hours=hours))
    assert kinds(archive, "source.silent", "source.spoke") == ["source.silent"]
    article(archive, last + timedelta(hours=121))
    asked(archive, last + timedelta(hours=121))
    watch(archive, CONFIG, last + timedelta(hours=122))
    watch(archive, CONFIG, last + timedelta(hours=123))
    assert kinds(archive, "source.silent", "source.spoke") == ["source.silent", "source.spoke"]


def test_a_machine_that_was_off_finds_no_silence_before_it_has_asked(archive):
    for day in range(40):
        article(archive, NOON + day * DAY)
        asked(archive, NOON + day * DAY)
    watch(archive, CONFIG, NOON + 60 * DAY)
    assert kinds(archive, "source.silent") == []


def test_a_source_that_never_yielded_is_silent_after_the_configured_time(archive):
    with archive.transaction() as tx:
        url = "https://press.example/rss"
        tx.sources.trouble("press", url, "http-error", f"{url}: the server answered 403", NOON)
        tx.sources.round_ended("press", NOON + 7 * DAY, reasons=["refused"], items=0)
        tx.sources.trouble(
            "press", url, "http-error", f"{url}: the server answered 403", NOON + 7 * DAY
        )
    watch(archive, CONFIG, NOON + 7 * DAY)
    with archive.reading() as tx:
        (event,) = tx.events.after(0, ["source.silent"])
    assert event.data["why"] == "blocked"
    assert any("answered 403" in reason for reason in event.data["reasons"])


def test_a_source_whose_pages_are_all_refused_is_blocked_though_its_feed_speaks(archive):
    with archive.transaction() as tx:
        for number in range(8):
            url = f"https://press.example/{number}"
            tx.sources.remember(url, "press").checked_at = NOON
            tx.sources.trouble("press", url, "needs-javascript", f"{url}: a challenge", NOON)
    article(archive, NOON)
    asked(archive, NOON)
    watch(archive, CONFIG, NOON)
    with archive.transaction() as tx:
        (event,) = tx.events.after(0, ["source.silent"])
        assert event.data["why"] == "blocked"
        for number in range(8):
            tx.sources.mended("press", f"https://press.example/{number}", NOON)
    watch(archive, CONFIG, NOON + timedelta(hours=1))
    assert kinds(archive, "source.silent", "source.spoke") == ["source.silent", "source.spoke"]


def test_a_surge_of_yesterday_is_told_once(archive):
    for day in range(64):
        for number in range(2):
            article(archive, NOON + day * DAY, title=f"Tin {number}")
    for number in range(12):
        article(archive, NOON + 64 * DAY, title=f"Tin {number}")
    for hours in (24, 25, 40):
        report = watch(archive, CONFIG, NOON + 64 * DAY + timedelta(hours=hours))
        assert report.surges == (hours == 24)
    with archive.reading() as tx:
        (event,) = tx.events.after(0, ["topic.surged"])
    assert (event.data["topic"], event.data["count"]) == ("telecom", 12)
    assert event.data["day"] == "2031-08-05"


def test_a_surge_of_a_day_that_the_machine_missed_is_told_later_once(archive):
    for day in range(64):
        for number in range(2):
            article(archive, NOON + day * DAY, title=f"Tin {number}")
    for number in range(12):
        article(archive, NOON + 62 * DAY, title=f"Tin thêm {number}")
    back = NOON + 65 * DAY
    assert [watch(archive, CONFIG, back + n * DAY).surges for n in range(2)] == [1, 0]
    with archive.reading() as tx:
        (event,) = tx.events.after(0, ["topic.surged"])
    assert event.data["day"] == "2031-08-03"


def test_too_little_history_is_said(archive):
    article(archive, NOON)
    report = watch(archive, CONFIG, NOON + DAY)
    assert "too little history" in report.notes[0]


KILLED = """
import os, sys
from datetime import datetime
sys.path[:0] = {paths!r}
import test_watching as t
from storage import log
count = int(sys.argv[2])
append = log.Events.append
def dying(self, *args, **said):
    global count
    count -= 1
    if count < 0:
        os._exit(9)
    return append(self, *args, **said)
log.Events.append = dying
from pathlib import Path
archive = t.Archive.open(Path(sys.argv[1]))
t.watch(archive, t.CONFIG, datetime.fromisoformat(sys.argv[3]))
"""


def test_a_kill_at_any_moment_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive = Archive.open(folder)
    publish(archive, decree(effect()))
    publish(
        archive,
        decree(effect("02 tháng 8 năm 2031"), number="902/2031/NĐ-CP"),
        url="https://portal.example/902",
        number="902/2031/NĐ-CP",
    )
    understand(archive)
    script = KILLED.format(paths=[str(Path(__file__).parent), *sys.path])
    ends = []
    for moment in range(3):
        at = (EFFECT - 6 * DAY).isoformat()
        ended = subprocess.run(
            [sys.executable, "-c", script, str(folder), str(moment), at], check=False, timeout=60
        )
        ends.append(ended.returncode)
    assert ends[0] == 9
    assert ends[-1] == 0
    watch(archive, CONFIG, EFFECT - 6 * DAY)
    assert sorted(near(archive)) == [
        ("effective", "2031-08-01", 6, 7),
        ("effective", "2031-08-02", 7, 7),
    ]
    archive.close()

"""The calendar file of what falls due, as calendar programs read it."""

from datetime import date, timedelta

import icalendar
import pytest
from newsdesk import configuration

from alerts.calendar import CalendarNotWritten, calendar, entries, replace_file, rewrite
from config import Calendar
from storage.deadlines import FoundDeadline

WORDS = "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 8 năm 2031."


def found(on="2031-08-01", kind="effective", place="art_2__para_1", **said):
    day = date.fromisoformat(on)
    return FoundDeadline(
        said.pop("instrument", "platforms"), kind, day, WORDS, place, said.pop("sure", "certain")
    )


@pytest.fixture
def says(desk):
    """A document states these days, an hour after it last did."""
    page = desk.page("Nghị định.", kind="document")

    def state(*days):
        desk.now += timedelta(hours=1)
        with desk.archive.transaction() as tx:
            return tx.deadlines.settle(page.item_id, page.revision_id, days, desk.now)

    return state


def read(desk, days=(30, 7, 1)):
    """The file's events, as icalendar reads them back."""
    written = calendar(entries(desk.archive, configuration(), desk.now), "Desk", days)
    made = icalendar.Calendar.from_ical(written)
    assert not made.errors
    assert made["x-wr-calname"] == "Desk"
    for event in made.walk("VEVENT"):
        assert not event.errors
    return list(made.walk("VEVENT"))


def test_a_deadline_is_an_event_of_the_whole_day_with_reminders(desk, says):
    says(found())
    (event,) = read(desk)
    assert event.decoded("dtstart") == date(2031, 8, 1)
    assert event.decoded("dtend") == date(2031, 8, 2)
    assert str(event["summary"]) == "Takes effect: Platform decree"
    assert WORDS in event["description"] and "Điều 2 khoản 1" in event["description"]
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(hours=9) - timedelta(days=n) for n in (30, 7, 1)]


def test_an_event_that_moves_keeps_its_uid_and_grows_in_sequence(desk, says):
    says(found())
    (before,) = read(desk)
    says(found("2031-09-01"))
    (after,) = read(desk)
    says(found())
    (back,) = read(desk)
    assert before["uid"] == after["uid"] == back["uid"]
    assert after.decoded("dtstart") == date(2031, 9, 1)
    assert before["sequence"] < after["sequence"] < back["sequence"]


def test_an_event_that_is_gone_is_cancelled_without_reminders(desk, says):
    says(found())
    (before,) = read(desk)
    says()
    (gone,) = read(desk)
    assert (gone["uid"], gone["status"]) == (before["uid"], "CANCELLED")
    assert gone["sequence"] > before["sequence"]
    assert gone.walk("VALARM") == []


def test_a_probable_day_is_tentative_and_says_so(desk, says):
    says(found(sure="probable"))
    (event,) = read(desk)
    assert event["status"] == "TENTATIVE"
    assert "Probable" in event["description"]


def test_uids_differ_between_places_and_kinds(desk, says):
    says(found(), found(kind="compliance"), found(place="art_3"))
    assert len({str(event["uid"]) for event in read(desk)}) == 3


def test_what_passed_long_ago_is_left_out(desk, says):
    says(found("2031-01-01"))
    assert read(desk) == []


def test_hostile_words_stay_within_their_line(desk, says):
    says(found(place="art_1"))
    with desk.archive.transaction() as tx:
        (row,) = tx.deadlines.of("platforms")
        row.text = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\x1b[31m;,\\n"
    (event,) = read(desk)
    assert "evil" not in str(event["uid"])
    assert "\x1b" not in str(event["description"])


def test_the_configured_file_is_written_only_when_something_changed(desk, says, tmp_path):
    path = tmp_path / "feeds" / "dates.ics"
    config = configuration().model_copy(update={"calendar": Calendar(path=path)})
    says(found())
    assert rewrite(desk.archive, config, desk.now)
    first = path.read_bytes()
    assert not rewrite(desk.archive, config, desk.now + timedelta(days=1))
    says(found("2031-09-01"))
    assert rewrite(desk.archive, config, desk.now)
    assert path.read_bytes() != first
    assert [one.name for one in path.parent.iterdir()] == ["dates.ics"]


def test_only_the_instruments_asked_for_are_in_the_file(desk, says, tmp_path):
    path = tmp_path / "dates.ics"
    only = Calendar(path=path, instruments=("platforms",))
    says(found(), found(instrument="12/2031/NĐ-CP"))
    rewrite(desk.archive, configuration().model_copy(update={"calendar": only}), desk.now)
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 1


def test_without_a_configured_calendar_nothing_is_written(desk):
    assert not rewrite(desk.archive, configuration(), desk.now)


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "dates.ics"
    replace_file(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(CalendarNotWritten, match="disk full"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]

"""What is kept of the days that documents state, and what is told when they move."""

from collections.abc import Iterator

import pytest
from archives import Places
from laws import NOON, decree, effect, publish

from config import Instrument
from monitor.deadlines import DeadlinesStage
from monitor.lineage import LineageStage
from monitor.stages import run_stages
from storage.archive import Archive
from storage.log import rewind

WATCHED = Instrument(
    id="ferries",
    name="Decree on ferries",
    drafts=("https://portal.example/drafts/ferries",),
    number="901/2031/NĐ-CP",
    keywords=("phà",),
)
DRAFT = {"url": "https://portal.example/drafts/ferries", "number": "", "stage": "draft"}
PERIOD = (
    "Đăng ký\nChủ bến phải đăng ký trong thời hạn 30 ngày kể từ ngày Nghị định này có hiệu lực."
)


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def understand(archive, *watched):
    readers = [LineageStage(watched), DeadlinesStage(watched)]
    for report in run_stages(archive, readers, NOON):
        assert not report.problem and not report.failed


def days(archive, instrument="901/2031/NĐ-CP"):
    """The days that stand, as (kind, day)."""
    with archive.reading() as tx:
        rows = [row for row in tx.deadlines.of(instrument) if row.gone_at is None]
    return [(row.kind, row.on_date.isoformat()) for row in rows]


def moved(archive):
    with archive.reading() as tx:
        events = tx.events.after(0, ["deadline.moved"])
    return [
        [(one["kind"], one["from"], one["to"]) for one in event.data["moves"]] for event in events
    ]


def test_a_document_of_a_known_number_says_its_days(archive):
    publish(archive, decree(PERIOD, effect()))
    understand(archive)
    assert days(archive) == [("effective", "2031-08-01"), ("compliance", "2031-08-31")]


def test_a_document_of_no_known_instrument_and_a_consolidated_text_say_none(archive):
    publish(archive, decree(effect(), number=""), number="", title="Nghị định")
    publish(archive, decree(effect()), number="12/VBHN-BGTVT", url="https://portal.example/2")
    understand(archive)
    assert days(archive) == days(archive, "12/VBHN-BGTVT") == []


def test_a_day_that_moves_is_told_once_with_the_days_that_count_from_it(archive):
    publish(archive, decree(PERIOD, effect()))
    publish(archive, decree(PERIOD, effect("01 tháng 9 năm 2031")), hour=1)
    understand(archive)
    assert days(archive) == [("effective", "2031-09-01"), ("compliance", "2031-10-01")]
    expected = [
        ("effective", "2031-08-01", "2031-09-01"),
        ("compliance", "2031-08-31", "2031-10-01"),
    ]
    assert moved(archive) == [expected]
    with archive.transaction() as tx:
        assert {row.sequence for row in tx.deadlines.of("901/2031/NĐ-CP")} >= {1, 2}


def test_a_day_that_a_later_text_no_longer_states_is_gone_and_comes_back(archive):
    publish(archive, decree(PERIOD, effect()))
    publish(archive, decree(effect()), hour=1)
    understand(archive)
    assert days(archive) == [("effective", "2031-08-01")]
    publish(archive, decree(PERIOD, effect()), hour=2)
    understand(archive)
    assert ("compliance", "2031-08-31") in days(archive)
    assert moved(archive) == []


def test_our_own_better_reading_moves_days_silently(archive):
    publish(archive, decree(effect()))
    publish(archive, decree(effect("01 tháng 9 năm 2031")), hour=1, version=2)
    understand(archive)
    assert days(archive) == [("effective", "2031-09-01")]
    assert moved(archive) == []


def test_reading_the_log_again_says_nothing_twice(archive):
    publish(archive, decree(PERIOD, effect()))
    publish(archive, decree(PERIOD, effect("01 tháng 9 năm 2031")), hour=1)
    understand(archive)
    before = days(archive), moved(archive)
    rewind(archive, "deadlines", 0, NOON)
    understand(archive)
    assert days(archive) == before[0]
    assert moved(archive)[:1] == before[1]


def test_a_drafts_days_give_way_to_the_enacted_texts(archive):
    publish(archive, decree(PERIOD, effect(), number=""), consultation_until="2031-06-20", **DRAFT)
    understand(archive, WATCHED)
    assert days(archive, "ferries") == [
        ("consultation", "2031-06-20"),
        ("effective", "2031-08-01"),
        ("compliance", "2031-08-31"),
    ]
    publish(archive, decree(effect("01 tháng 9 năm 2031")), hour=24)
    understand(archive, WATCHED)
    assert days(archive, "ferries") == [("effective", "2031-09-01")]
    publish(archive, decree(effect(), number="") + "Điều 2. Thêm\nThêm.", hour=48, **DRAFT)
    understand(archive, WATCHED)
    assert days(archive, "ferries") == [("effective", "2031-09-01")]


def test_a_consultation_that_is_extended_is_told(archive):
    publish(archive, decree(effect(), number=""), consultation_until="2031-06-20", **DRAFT)
    publish(archive, decree(effect(), number=""), hour=1, consultation_until="2031-07-04", **DRAFT)
    understand(archive, WATCHED)
    assert moved(archive) == [[("consultation", "2031-06-20", "2031-07-04")]]


def test_two_portals_say_the_same_day_each_for_itself(archive):
    publish(archive, decree(effect()))
    publish(archive, decree(effect()), url="https://other.example/901", source_id="other")
    publish(archive, decree("Phạm vi\nVề phà."), hour=1)
    understand(archive)
    assert days(archive) == [("effective", "2031-08-01")]


POSTPONING = (
    "Lùi thời hạn\nLùi thời điểm có hiệu lực của Nghị định số 901/2031/NĐ-CP đến ngày 01 tháng 12 "
    "năm 2031."
)
OTHER = {"url": "https://portal.example/doc/955", "number": "955/2031/NĐ-CP"}


def test_a_decree_that_puts_anothers_effect_off_outranks_it(archive):
    publish(archive, decree(PERIOD, effect()))
    understand(archive)
    publish(archive, decree(POSTPONING, number="955/2031/NĐ-CP"), hour=24, **OTHER)
    understand(archive)
    put_off = [("effective", "2031-12-01"), ("compliance", "2031-12-31")]
    assert days(archive) == put_off
    assert ("effective", "2031-08-01", "2031-12-01") in moved(archive)[0]
    publish(archive, decree(PERIOD, effect()) + "Điều 3. Thêm\nThêm.\n", hour=48)
    understand(archive)
    assert days(archive) == put_off


def test_a_decree_that_was_put_off_before_it_was_read_has_the_later_day(archive):
    publish(archive, decree(POSTPONING, number="955/2031/NĐ-CP"), **OTHER)
    publish(archive, decree(PERIOD, effect()), hour=1)
    understand(archive)
    assert days(archive) == [("effective", "2031-12-01"), ("compliance", "2031-12-31")]


def test_a_text_that_cannot_be_read_keeps_the_portals_field(archive):
    publish(archive, "", effective_on="2031-08-01")
    understand(archive)
    assert days(archive) == [("effective", "2031-08-01")]

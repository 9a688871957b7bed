"""What becomes of instruments over time, who says so, and which word counts."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from archives import Places
from laws import NOON, decree, effect, publish

from config import Instrument, SourceDeclaration
from monitor.deadlines import DeadlinesStage
from monitor.lineage import LineageStage
from monitor.stages import run_stages
from monitor.standing import status_in_field
from monitor.status import StatusesStage
from storage.archive import Archive
from storage.log import rewind

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WATCHED = Instrument(
    id="ferries",
    name="Decree on ferries",
    drafts=("https://portal.example/drafts/ferries",),
    number="901/2031/NĐ-CP",
    keywords=("phà",),
)
OLDER = "12/2024/NĐ-CP"
REPEALS = f"{effect()}\n2. Bãi bỏ Nghị định số {OLDER}."
OLD = {"url": "https://portal.example/doc/12", "number": OLDER, "status": "Còn hiệu lực"}
OLD_TEXT = decree(effect("01 tháng 7 năm 2024"), number=OLDER)


def source(name, kind):
    address = f"https://{name}.example/"
    return SourceDeclaration(
        id=name, name=name, kind=kind, language="vi", homepage=address, feeds=(address,)
    )


SOURCES = [source("portal", "official"), source("library", "independent")]


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def understand(archive, *watched):
    readers = [
        LineageStage(watched),
        DeadlinesStage(watched),
        StatusesStage(watched, SOURCES, ZONE),
    ]
    for report in run_stages(archive, readers, NOON):
        assert not report.problem and not report.failed


def stated(archive, instrument):
    with archive.reading() as tx:
        return [(row.status, row.by_instrument) for row in tx.statuses.of(instrument)]


def standing(archive, instrument, on):
    with archive.reading() as tx:
        row = tx.statuses.standing(instrument, on)
    return row.status if row else None


def events(archive, kind="instrument.status"):
    with archive.reading() as tx:
        return [event.data for event in tx.events.after(0, [kind])]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Tình trạng hiệu lực: Còn hiệu lực", "in-force"),
        ("Hết hiệu lực một phần", "partly-repealed"),
        ("HẾT HIỆU LỰC TOÀN BỘ", "expired"),
        ("Chưa có hiệu lực", "issued"),
        ("Ngưng hiệu lực một phần", "suspended"),
        ("Đã biết", None),
        ("Sắp hết hiệu lực", None),
        ("Dữ liệu đang cập nhật", None),
        ("", None),
        ("No longer in force", "expired"),
    ],
)
def test_a_portals_field_on_effect_is_read_or_left_unknown(words, status):
    assert status_in_field(words) == status


def test_an_instrument_goes_from_draft_to_issued(archive):
    draft = {"url": "https://portal.example/drafts/ferries", "number": "", "stage": "draft"}
    publish(archive, decree(effect(), number=""), **draft)
    understand(archive, WATCHED)
    publish(archive, decree(effect()), hour=24, status="Chưa có hiệu lực")
    understand(archive, WATCHED)
    assert stated(archive, "ferries") == [("draft", ""), ("issued", "")]
    assert [(one["before"], one["status"]) for one in events(archive)] == [
        ("", "draft"),
        ("draft", "issued"),
    ]


def test_a_law_already_in_effect_is_in_force_since_its_day(archive):
    publish(archive, OLD_TEXT, **OLD)
    understand(archive)
    assert standing(archive, OLDER, date(2031, 6, 2)) == "in-force"
    assert standing(archive, OLDER, date(2024, 6, 30)) is None
    assert events(archive)[0]["first"] and events(archive)[0]["late"]


def test_a_repeal_counts_from_the_repealing_laws_own_day(archive):
    publish(archive, OLD_TEXT, **OLD)
    publish(archive, decree(REPEALS), hour=1)
    understand(archive)
    assert standing(archive, OLDER, date(2031, 7, 31)) == "in-force"
    assert standing(archive, OLDER, date(2031, 8, 1)) == "repealed"
    told = events(archive)[-1]
    assert (told["instrument"], told["by"], told["since"]) == (
        OLDER,
        "901/2031/NĐ-CP",
        "2031-08-01",
    )
    assert OLDER in told["reason"] and not told["late"] and not told["first"]


def test_what_a_draft_would_repeal_stands(archive):
    draft = {"url": "https://portal.example/drafts/ferries", "number": "", "stage": "draft"}
    publish(archive, OLD_TEXT, **OLD)
    publish(archive, decree(REPEALS, number=""), relations=[["replaces", OLDER]], **draft)
    understand(archive, WATCHED)
    assert stated(archive, OLDER) == [("in-force", "")]


def test_a_portals_relation_says_closer_what_the_text_calls_a_repeal(archive):
    publish(archive, decree(REPEALS), relations=[["replaces", f"Nghị định {OLDER}"]])
    understand(archive)
    assert stated(archive, OLDER) == [("replaced", "901/2031/NĐ-CP")]


def test_a_page_that_names_its_successor_tells_the_same(archive):
    publish(archive, OLD_TEXT, **OLD | {"relations": [["replaced_by", "901/2031/NĐ-CP"]]})
    understand(archive)
    assert ("replaced", "901/2031/NĐ-CP") in stated(archive, OLDER)


def test_amendments_are_kept_beside_each_other_and_leave_a_law_in_force(archive):
    amending = "Sửa đổi\nSửa đổi Điều 3 của Nghị định số {} như sau:\n“Điều 3. Mới\nMới.”"
    publish(archive, OLD_TEXT, **OLD)
    publish(archive, decree(amending.format(OLDER), effect()), hour=1)
    other = {"url": "https://portal.example/doc/955", "number": "955/2031/NĐ-CP"}
    text = decree(amending.format(OLDER), effect(), number="955/2031/NĐ-CP")
    publish(archive, text, hour=2, **other)
    understand(archive)
    assert stated(archive, OLDER)[1:] == [
        ("amended", "901/2031/NĐ-CP"),
        ("amended", "955/2031/NĐ-CP"),
    ]
    assert standing(archive, OLDER, date(2031, 12, 1)) == "in-force"


def test_the_same_said_again_by_another_portal_or_reading_is_no_change(archive):
    publish(archive, OLD_TEXT, **OLD)
    publish(archive, decree(REPEALS), hour=1)
    understand(archive)
    before = events(archive)
    publish(
        archive, decree(REPEALS), hour=2, url="https://library.example/901", source_id="library"
    )
    rewind(archive, "statuses", 0, NOON)
    understand(archive)
    assert events(archive) == before


def test_an_official_field_is_believed_over_anothers_and_both_are_named(archive):
    publish(archive, OLD_TEXT, **OLD)
    other = {"url": "https://library.example/12", "source_id": "library", "number": OLDER}
    publish(archive, OLD_TEXT, hour=1, status="Hết hiệu lực", **other)
    understand(archive)
    assert stated(archive, OLDER) == [("in-force", "")]
    (told,) = events(archive, "instrument.contradicted")
    assert (told["status"], told["said"], told["source"]) == ("in-force", "expired", "library")


def test_the_law_that_repeals_is_believed_over_a_portal_that_has_not_noticed(archive):
    enacted = decree(REPEALS.replace("01 tháng 8 năm 2031", "01 tháng 6 năm 2031"))
    publish(archive, enacted)
    understand(archive)
    publish(archive, OLD_TEXT, hour=24, **OLD)
    understand(archive)
    assert standing(archive, OLDER, date(2031, 6, 5)) == "repealed"


def test_a_portal_that_takes_its_own_word_back_is_followed(archive):
    publish(archive, "", **OLD)
    publish(archive, "", hour=24, **OLD | {"status": "Hết hiệu lực"})
    publish(archive, "", hour=48, **OLD)
    understand(archive)
    assert [status for status, _ in stated(archive, OLDER)] == ["in-force", "expired", "in-force"]
    assert standing(archive, OLDER, date(2031, 6, 5)) == "in-force"


def test_a_law_that_is_put_off_is_so_until_its_new_day(archive):
    publish(archive, decree(effect()))
    text = (
        "Lùi\nLùi thời điểm có hiệu lực của Nghị định số 901/2031/NĐ-CP đến ngày 01 tháng 12 "
        "năm 2031."
    )
    other = {"url": "https://portal.example/doc/955", "number": "955/2031/NĐ-CP"}
    publish(archive, decree(text, number="955/2031/NĐ-CP"), hour=24, **other)
    understand(archive)
    assert stated(archive, "901/2031/NĐ-CP") == [("issued", ""), ("postponed", "955/2031/NĐ-CP")]
    (told,) = [one for one in events(archive) if one["status"] == "postponed"]
    assert (told["until"], told["by"]) == ("2031-12-01", "955/2031/NĐ-CP")


def test_what_an_old_collection_says_is_marked_as_such(archive):
    publish(archive, decree(REPEALS), backfill=True)
    understand(archive)
    assert all(one["backfill"] for one in events(archive))

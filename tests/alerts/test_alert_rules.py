"""Which events raise an alert, what it says, and why the others raise none."""

from datetime import timedelta
from typing import get_args

import pytest
from newsdesk import change, configuration

from alerts.rules import CONDITIONS
from alerts.stage import RulesStage
from config_rules import Condition
from config_web import Web
from storage.log import advance, rewind

COVERAGE = {"id": "cov", "on": "coverage", "topics": ["minors"]}
EDITED = {"id": "ed", "on": "edited"}
ENACTED = {"id": "law", "on": "enacted"}
DRAFT = {"id": "draft", "on": "draft-revised"}


def test_an_article_on_a_topic_is_told_once_with_the_passage_that_earned_it(desk):
    seen = desk.page("Trẻ em dưới 16 tuổi.")
    desk.tagged(seen, "minors")
    desk.tagged(seen, "minors", appeared=False, rerun=True)
    (alert,) = desk.alerts(COVERAGE)
    assert alert.title == "Minors online: Tin về nền tảng"
    assert ["Source", "Tin Mới"] in alert.body["facts"]
    assert alert.body["topics"][0]["passage"] == "một đoạn văn"
    assert alert.body["ids"]["revision"] == seen.revision_id


def test_an_article_found_on_topic_when_its_body_came_is_told(desk):
    desk.page("", summary="Tóm tắt")
    body = desk.page("Trẻ em dưới 16 tuổi.", summary="Tóm tắt")
    desk.tagged(body, "minors", appeared=False)
    assert len(desk.alerts(COVERAGE)) == 1


def test_coverage_outside_the_rules_topics_sources_or_instruments_is_silent(desk):
    seen = desk.page("Mạng viễn thông.")
    desk.tagged(seen, "telecom")
    desk.cited(seen, "1/2031/QH15")
    rules = [
        COVERAGE,
        {"id": "a", "on": "coverage", "sources": ["song-xanh"]},
        {"id": "b", "on": "coverage", "instruments": ["platforms"]},
    ]
    assert desk.alerts(*rules) == []
    said = desk.reasons("item.tagged", *rules)
    assert "none of the rule's topics, but telecom" in said
    assert "not from one of the rule's sources" in said
    assert "none of the rule's instruments" in said


def test_coverage_that_cites_a_watched_number_belongs_to_its_instrument(desk):
    seen = desk.page("Nghị định mới.")
    desk.cited(seen, "901/2031/NĐ-CP")
    desk.tagged(seen, "minors")
    assert len(desk.alerts({"id": "a", "on": "coverage", "instruments": ["platforms"]})) == 1


def test_a_silent_edit_is_told_with_both_texts_and_the_differing_words(desk):
    desk.page("Mức phạt là 20 triệu đồng.\nĐoạn hai không đổi.")
    desk.page("Mức phạt là 20 tỷ đồng.\nĐoạn hai không đổi.")
    (alert,) = desk.alerts(EDITED)
    assert alert.title == "Edited: Tin về nền tảng"
    assert alert.body["silent"] is True
    (found,) = alert.body["changes"]
    assert found["old_text"] == "Mức phạt là 20 triệu đồng."
    assert ["-", "triệu"] in found["inline"]
    assert ["+", "tỷ"] in found["inline"]


def test_an_edit_that_the_page_owns_up_to_says_so(desk, later):
    desk.page("Bản một.", modified_at=later(hours=1))
    desk.page("Bản hai.", modified_at=later(hours=2))
    (alert,) = desk.alerts(EDITED)
    assert alert.body["silent"] is False


def test_an_edit_that_takes_the_topic_out_of_an_article_is_told_once(desk):
    rule = EDITED | {"topics": ["minors"]}
    first = desk.page("Trẻ em dưới 16 tuổi.")
    desk.tagged(first, "minors")
    desk.page("Không còn gì.")
    assert len(desk.alerts(rule)) == 1


def test_an_edit_that_brings_a_topic_in_is_told_once_it_is_tagged(desk):
    rule = EDITED | {"topics": ["minors"]}
    desk.page("Chuyện khác.")
    second = desk.page("Trẻ em dưới 16 tuổi.")
    assert desk.alerts(rule) == []
    desk.tagged(second, "minors", appeared=False)
    assert len(desk.alerts(rule)) == 1


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"text": "Một  hai\n\nba."}, "say the same"),
        ({"text": "Một hai bốn.", "version": 2}, "re-extraction"),
        ({"text": "Một hai bốn.", "backfill": True}, "old collection"),
    ],
)
def test_what_is_no_edit_by_the_newsroom_is_silent(desk, second, reason):
    desk.page("Một hai\nba.")
    desk.page(**second)
    assert reason in desk.reasons("item.revised", EDITED)


def test_an_edited_document_is_left_to_the_rules_on_its_versions(desk):
    desk.page("Một hai ba.", kind="document")
    desk.page("Một hai bốn.", kind="document")
    assert desk.alerts(EDITED) == []
    assert "a document" in desk.reasons("item.revised", EDITED)


def test_a_body_that_completes_a_summary_is_no_edit(desk):
    desk.page("", summary="Tóm tắt")
    desk.page("Cả bài.", summary="Tóm tắt")
    assert desk.alerts(EDITED) == []
    assert "a completion" in desk.reasons("item.revised", EDITED)


def test_an_imported_article_is_never_news_however_it_is_tagged(desk):
    seen = desk.page("Trẻ em.", backfill=True)
    desk.tagged(seen, "minors", backfill=True)
    full = desk.page("Trẻ em và mạng xã hội.", version=2)
    desk.tagged(full, "minors", appeared=True)
    assert desk.alerts(COVERAGE) == []


def test_a_removed_article_is_told_with_its_last_title(desk):
    seen = desk.page("Vụ án.")
    desk.tagged(seen, "minors")
    with desk.archive.transaction() as tx:
        url = "https://tin-moi.example.org/a1"
        later = desk.now + timedelta(hours=9)
        assert tx.items.missing(url, desk.now + timedelta(hours=1), later, 410)
    (alert,) = desk.alerts({"id": "gone", "on": "removed", "topics": ["minors"]})
    assert alert.title == "Removed: Tin về nền tảng"
    assert ["Answer", "HTTP 410"] in alert.body["facts"]


def test_a_new_draft_is_told_once_with_its_certain_changes_most_severe_first(desk):
    base = desk.page("Luật cũ", url="https://p.example.org/0", kind="document")
    one = desk.page("Dự thảo 1", url="https://p.example.org/1", kind="document")
    two = desk.page("Dự thảo 2", url="https://p.example.org/2", kind="document")
    desk.version(base, "base")
    desk.version(one, "draft")
    desk.version(two, "draft", ordinal=2)
    changes = [change("minor"), change("critical", summary="48 → 24"), change("major", "probable")]
    desk.compared(one, two, "draft", *changes)
    desk.compared(base, two, "draft", change())
    first, told = desk.alerts(DRAFT)
    assert first.title == "First draft: Platform decree"
    assert told.title == (
        "New draft: Platform decree, with 1 critical and 1 minor changes from the draft before"
    )
    assert [one["summary"] for one in told.body["changes"]] == ["48 → 24", "A change"]
    assert told.body["changes"][0]["where"] == "Điều 5 khoản 2 → Điều 7 khoản 2"
    assert ["To review", "1 probable, not stated here"] in told.body["facts"]
    assert told.severity == "major"
    assert told.subject == first.subject == "instrument:platforms"


def test_the_first_draft_is_told_beside_what_it_replaces(desk):
    base = desk.page("Luật cũ", url="https://p.example.org/0", kind="document")
    one = desk.page("Dự thảo 1", url="https://p.example.org/1", kind="document")
    desk.version(base, "base")
    desk.version(one, "draft")
    desk.compared(base, one, "draft", change())
    (alert,) = desk.alerts(DRAFT)
    assert alert.title == "First draft: Platform decree, with 1 major change to what it replaces"


def test_an_empty_or_merely_probable_comparison_of_drafts_is_silent(desk):
    one = desk.page("Dự thảo 1", url="https://p.example.org/1", kind="document")
    two = desk.page("Dự thảo 2", url="https://p.example.org/2", kind="document")
    desk.version(one, "draft")
    desk.alerts(DRAFT)
    desk.version(two, "draft", ordinal=2)
    desk.compared(one, two, "draft", change(confidence="probable"))
    assert len(desk.alerts(DRAFT)) == 1
    assert "only probable changes (1)" in desk.reasons("instrument.compared", DRAFT)
    desk.compared(one, two, "draft")
    assert "say the same" in desk.reasons("instrument.compared", DRAFT)


def test_a_draft_that_changes_only_wording_is_minor(desk):
    one = desk.page("Dự thảo 1", url="https://p.example.org/1", kind="document")
    two = desk.page("Dự thảo 2", url="https://p.example.org/2", kind="document")
    desk.compared(one, two, "draft", change("editorial"))
    assert [alert.severity for alert in desk.alerts(DRAFT)] == ["minor"]


@pytest.mark.parametrize(("worst", "severity"), [("critical", "critical"), ("minor", "major")])
def test_an_enactment_with_a_critical_change_is_critical(desk, worst, severity):
    one = desk.page("Dự thảo", url="https://p.example.org/1", kind="document")
    law = desk.page("Nghị định", url="https://p.example.org/2", kind="document")
    desk.version(one, "draft")
    desk.version(law, "enacted")
    desk.compared(one, law, "enacted", change(worst), change("major"))
    (alert,) = desk.alerts(ENACTED)
    assert alert.severity == severity
    assert alert.body["ids"]["comparison"] == 1


def test_an_enactment_is_told_even_unchanged_or_uncompared(desk):
    one = desk.page("Dự thảo", url="https://p.example.org/1", kind="document")
    law = desk.page("Nghị định", url="https://p.example.org/2", kind="document")
    desk.version(one, "draft")
    desk.version(law, "enacted")
    (alone,) = desk.alerts(ENACTED)
    assert alone.title == "Enacted: Platform decree"
    desk.compared(one, law, "enacted")
    _, compared = desk.alerts(ENACTED)
    assert "with no changes from the draft before" in compared.title


def test_an_enactment_read_from_pictures_says_so_and_what_is_to_be_reviewed(desk):
    notes = ("ocr:tesseract vie", "number-disagrees:page 9/2031/NĐ-CP, document 8/2031/NĐ-CP")
    unread = ("pages-without-text:2 of 9 (4-5)",)
    one = desk.page("Dự thảo", url="https://p.example.org/1", kind="document", notes=unread)
    law = desk.page("Nghị định", url="https://p.example.org/2", kind="document", notes=notes)
    desk.compared(one, law, "enacted", change("critical", confidence="probable"))
    (alert,) = desk.alerts(ENACTED)
    assert "with 1 change to review from the text before" in alert.title
    assert alert.severity == "major"
    facts = dict(alert.body["facts"])
    assert facts["Read from pictures"] == "letters may be misread (OCR)"
    assert facts["Page and document disagree"].startswith("number: page 9/2031/NĐ-CP")
    assert facts["Pages not read, the text before"] == "2 of 9 (4-5)"


def test_an_enactment_is_told_beside_its_draft_and_not_again_beside_what_it_replaces(desk):
    base = desk.page("Luật cũ", url="https://p.example.org/0", kind="document")
    one = desk.page("Dự thảo", url="https://p.example.org/1", kind="document")
    law = desk.page("Nghị định", url="https://p.example.org/2", kind="document")
    desk.version(base, "base")
    desk.version(one, "draft")
    desk.version(law, "enacted")
    desk.compared(one, law, "enacted", change("minor"))
    desk.compared(base, law, "enacted", change("critical"))
    assert [alert.body["ids"]["previous"] for alert in desk.alerts(ENACTED)] == [one.revision_id]
    assert "told beside the text just before" in desk.reasons("instrument.compared", ENACTED)


def test_an_imported_or_reread_text_of_an_instrument_is_silent(desk):
    old = desk.page("Nghị định", url="https://p.example.org/2", kind="document", backfill=True)
    desk.version(old, "enacted")
    reread = desk.page("Nghị định.", url="https://p.example.org/2", kind="document", version=2)
    desk.compared(old, reread, "enacted", change("critical"))
    assert desk.alerts(ENACTED) == []
    assert "re-extraction" in desk.reasons("instrument.compared", ENACTED)


def test_an_instrument_named_for_the_first_time_is_told(desk):
    seen = desk.page("Nghị định 77/2031/NĐ-CP vừa ban hành.")
    desk.happens(
        "instrument.named",
        "instrument:77/2031/NĐ-CP",
        item=seen.item_id,
        revision=seen.revision_id,
        instrument="77/2031/NĐ-CP",
        number="77/2031/NĐ-CP",
        type="decree",
    )
    (alert,) = desk.alerts({"id": "new", "on": "named"})
    assert alert.title == "Named for the first time: decree 77/2031/NĐ-CP"
    assert alert.body["links"] == [["Page", "https://tin-moi.example.org/a1"]]


def test_where_the_archive_is_served_alerts_lead_to_capture_comparison_and_alert(desk):
    old = desk.page("Điều 1. Trong 48 giờ.", url="https://portal.example.org/1", kind="document")
    new = desk.page("Điều 1. Trong 24 giờ.", url="https://portal.example.org/2", kind="document")
    desk.version(old, "draft")
    desk.version(new, "enacted", ordinal=2)
    desk.compared(old, new, "enacted", change())
    desk.page("Nền tảng phải gỡ bài trong 48 giờ.")
    edited = desk.page("Nền tảng phải gỡ bài trong 24 giờ.")
    desk.tagged(edited, "telecom", appeared=False)
    served = Web(listen="127.0.0.1:8420", address="https://archive.example.org/")
    config = configuration(ENACTED, {"id": "edits", "on": "edited"})
    stage = RulesStage(config.model_copy(update={"web": served}))
    while advance(desk.archive, stage, desk.now).read:
        pass
    with desk.archive.reading() as tx:
        links = {alert.rule: dict(alert.body["links"]) for alert in tx.outbox.alerts()}
        numbers = {alert.rule: alert.id for alert in tx.outbox.alerts()}
    ours = "https://archive.example.org"
    sides = f"old={old.revision_id}&new={new.revision_id}"
    assert links[ENACTED["id"]]["Comparison"] == f"{ours}/instruments/platforms/compare?{sides}"
    assert links[ENACTED["id"]]["Alert"] == f"{ours}/alerts/{numbers[ENACTED['id']]}"
    item = f"{ours}/items/{edited.item_id}"
    assert links["edits"]["Edit"] == f"{item}/revisions/{edited.revision_id}"
    assert links["edits"]["In the archive"] == item


def test_a_source_that_breaks_and_mends_is_told_both_times(desk):
    desk.happens("source.failing", "source:tin-moi", reasons=["the feed stops half-way"])
    desk.happens("source.recovered", "source:tin-moi")
    broke, mended = desk.alerts({"id": "src", "on": "source-failing", "severity": "critical"})
    assert (broke.title, broke.severity) == ("Tin Mới cannot be read", "critical")
    assert ["Reason", "the feed stops half-way"] in broke.body["facts"]
    assert (mended.title, mended.severity) == ("Tin Mới can be read again", "minor")
    assert mended.subject == broke.subject


def test_reading_the_log_again_from_its_beginning_raises_nothing_twice(desk):
    desk.tagged(desk.page("Trẻ em."), "minors")
    desk.page("Trẻ em, sửa.")
    rules = [COVERAGE, EDITED]
    before = [alert.key for alert in desk.alerts(*rules)]
    assert len(before) == 2
    rewind(desk.archive, "alerts", 0, desk.now)
    assert [alert.key for alert in desk.alerts(*rules)] == before


def test_an_event_that_cannot_be_judged_holds_up_no_other(desk):
    desk.happens("instrument.named", "instrument:x", number="no instrument")
    desk.happens("source.failing", "source:tin-moi", reasons=[])
    rules = [{"id": "new", "on": "named"}, {"id": "src", "on": "source-failing"}]
    progress = advance(desk.archive, RulesStage(configuration(*rules)), desk.now)
    assert (progress.read, progress.failed) == (2, 1)
    with desk.archive.reading() as tx:
        assert [alert.rule for alert in tx.outbox.alerts()] == ["src"]


def test_every_condition_that_a_configuration_may_name_is_known_to_the_rules():
    assert set(CONDITIONS) == set(get_args(Condition))

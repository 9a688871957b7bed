"""Which days fall due by a law's own words and its portal's fields, and how sure that is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import decree, effect

from monitor.due_days import due_days
from monitor.law_sentences import parsed
from monitor.terms import end_of_term, is_day_off


def due(*articles, draft=False, number="901/2031/NĐ-CP", overruled=None, **fields):
    """Each day due as (kind, day, confidence)."""
    law = parsed(decree(*articles, number=number))
    found = due_days(law, fields, draft=draft, overruled=overruled)
    return [(one.kind, one.on.isoformat(), one.confidence) for one in found]


PERIOD = (
    "Trách nhiệm của chủ bến\nChủ bến phải đăng ký lại trong thời hạn {} "
    "kể từ ngày Nghị định này có hiệu lực thi hành."
)


def test_the_day_of_effect_is_read_with_the_words_that_say_it_and_their_place():
    law = parsed(decree("Phạm vi\nVề bến phà.", effect()))
    (found,) = due_days(law, {}, draft=False)
    assert (found.on, found.place) == (date(2031, 8, 1), "art_2__para_1")
    assert found.text == "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 8 năm 2031."


@pytest.mark.parametrize(
    ("length", "day"),
    [
        ("90 ngày", "2031-10-30"),
        ("60 (sáu mươi) ngày", "2031-09-30"),
        ("06 tháng", "2032-02-01"),
        ("02 năm", "2033-08-01"),
        ("02 tuần", "2031-08-15"),
    ],
)
def test_a_period_is_counted_from_the_day_of_effect(length, day):
    found = due(PERIOD.format(length), effect())
    assert ("compliance", day, "certain") in found


def test_a_period_in_working_days_is_probable_since_days_off_may_change():
    found = due(PERIOD.format("10 ngày làm việc"), effect())
    assert ("compliance", "2031-08-15", "probable") in found


def test_a_period_is_not_counted_where_the_day_of_effect_is_unknown():
    assert due(PERIOD.format("90 ngày")) == []


def test_a_period_from_another_event_is_no_day():
    reply = "Trả lời\nBộ trả lời trong thời hạn 30 ngày kể từ ngày nhận được đơn."
    assert [one[0] for one in due(reply, effect())] == ["effective"]


def test_what_may_go_on_for_a_while_is_a_transition():
    kept = "Chuyển tiếp\nGiấy phép đã cấp được tiếp tục sử dụng đến hết ngày 31 tháng 12 năm 2032."
    lost = "Giấy phép\nGiấy phép cũ hết hiệu lực sau 90 ngày kể từ ngày Nghị định này có hiệu lực."
    assert due(kept, lost, effect())[1:] == [
        ("transition", "2031-10-30", "certain"),
        ("transition", "2032-12-31", "certain"),
    ]


def test_parts_that_take_effect_on_another_day_are_told_apart():
    text = effect("01 tháng 8 năm 2031, trừ quy định tại khoản 2 Điều này")
    text += "\n2. Quy định tại Điều 1 của Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2032."
    assert due("Phí\nMiễn phí.", text) == [
        ("effective", "2031-08-01", "certain"),
        ("effective-part", "2032-01-01", "certain"),
    ]


def test_a_pilot_scheme_ends_on_its_last_day():
    text = (
        "Hiệu lực\nNghị định này có hiệu lực thi hành từ ngày 01 tháng 8 năm 2031 đến hết ngày "
        "31 tháng 7 năm 2034."
    )
    assert due(text) == [
        ("effective", "2031-08-01", "certain"),
        ("expiry", "2034-07-31", "certain"),
    ]


def test_a_duty_with_a_last_day_falls_due_then():
    text = "Báo cáo\nChủ bến phải báo cáo chậm nhất là ngày 15 tháng 9 năm 2031."
    assert ("compliance", "2031-09-15", "certain") in due(text, effect())


def test_what_was_done_before_a_day_is_a_condition_and_no_duty():
    text = "Hồ sơ\nHồ sơ đã nộp trước ngày 15 tháng 9 năm 2031 phải được giải quyết."
    assert [one[0] for one in due(text, effect())] == ["effective"]


@pytest.mark.parametrize(
    "article",
    [
        "Giấy phép\nGiấy phép có hiệu lực từ ngày 01 tháng 9 năm 2031.",
        "Luật khác\nNghị định số 12/2030/NĐ-CP có hiệu lực từ ngày 01 tháng 9 năm 2030.",
        "Hồ sơ\nHồ sơ nộp trước ngày Nghị định này có hiệu lực mà đến ngày 01 tháng 9 năm 2031 "
        "chưa giải quyết thì trả lại.",
        "Sửa đổi Nghị định số 12/2030/NĐ-CP\nSửa đổi Điều 5 như sau:\n“Điều 5. Hiệu lực\n"
        "Nghị định này có hiệu lực từ ngày 01 tháng 9 năm 2030.”",
    ],
)
def test_the_effect_of_something_else_is_not_the_laws_own(article):
    assert due(article, effect()) == [("effective", "2031-08-01", "certain")]


def test_effect_on_the_day_of_signing_is_that_day():
    text = "Hiệu lực\nNghị định này có hiệu lực kể từ ngày ký ban hành."
    assert due(text) == [("effective", "2031-06-06", "certain")]


def test_effect_days_after_signing_is_sure_once_the_portal_says_the_same():
    text = "Hiệu lực\nNghị định này có hiệu lực thi hành sau 45 ngày, kể từ ngày ký."
    assert due(text) == [("effective", "2031-07-21", "probable")]
    assert due(text, effective_on="2031-07-21") == [("effective", "2031-07-21", "certain")]


def test_the_laws_words_outrank_the_portals_field():
    assert due(effect(), effective_on="2031-09-01") == [
        ("effective", "2031-08-01", "certain"),
        ("effective", "2031-09-01", "probable"),
    ]
    assert due("Phạm vi\nVề phà.", effective_on="2031-09-01") == [
        ("effective", "2031-09-01", "certain")
    ]


def test_what_a_draft_plans_is_probable_but_the_end_of_its_consultation_is_certain():
    found = due(effect(), draft=True, consultation_until="2031-06-20")
    assert ("effective", "2031-08-01", "probable") in found
    assert ("consultation", "2031-06-20", "certain") in found


def test_a_notice_without_articles_says_when_its_consultation_ends():
    law = parsed("Mời góp ý dự thảo Nghị định về bến phà trước ngày 20 tháng 6 năm 2031.")
    (found,) = due_days(law, {}, draft=True)
    assert (found.kind, found.on.isoformat()) == ("consultation", "2031-06-20")


def test_a_day_set_by_another_law_moves_the_periods_that_count_from_it():
    assert due(PERIOD.format("90 ngày"), effect(), overruled=date(2031, 12, 1)) == [
        ("compliance", "2032-02-29", "certain")
    ]


def test_english_laws_are_read_too():
    law = parsed(
        "DECREE\nON FERRIES\n\nArticle 1\nScope\nThis Decree governs ferries.\n\n"
        "Article 2\nRegistration\nOwners shall register within 90 days from the date this Decree "
        "takes effect.\n\nArticle 3\nEffect\n1. This Decree shall take effect on 1 August 2031.\n"
    )
    assert [(one.kind, one.on.isoformat()) for one in due_days(law, {}, draft=False)] == [
        ("effective", "2031-08-01"),
        ("compliance", "2031-10-30"),
    ]


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 400),
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
)
def test_a_longer_term_never_ends_earlier(start, number, unit):
    first, second = end_of_term(start, number, unit), end_of_term(start, number + 1, unit)
    if first is not None and second is not None:
        assert start < first < second


@given(st.dates(date(2024, 1, 1), date(2035, 1, 1)), st.integers(1, 40))
def test_a_term_in_working_days_ends_on_one_and_has_that_many(start, number):
    end = end_of_term(start, number, "working_day")
    days = [start + timedelta(days=n + 1) for n in range((end - start).days)]
    assert not is_day_off(end)
    assert sum(not is_day_off(day) for day in days) == number

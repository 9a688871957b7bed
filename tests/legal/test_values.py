import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.legal.evidence import quantity_changes, values_of
from monitor.legal.modality import find_modality
from monitor.legal.model import ValueChange
from monitor.legal.pairing import compare_wording
from monitor.legal.readnumber import read_figures, read_words
from monitor.legal.values import find_values


def read(text: str, language: str = "vi") -> list[tuple[str, str, float | str | None, str]]:
    found, _ = find_values(text, language)
    return [(v.type, v.quantity.comparator, v.quantity.value, v.quantity.unit) for v in found]


def changes(old: str, new: str, language: str = "vi") -> list[ValueChange]:
    wording = compare_wording(old, new)
    return quantity_changes(wording, values_of(old, language)[0], values_of(new, language)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hạ đèn chậm nhất (là) 24 giờ", ("deadline", "<=", 24, "hour")),
        ("không quá 03 (ba) giờ", ("deadline", "<=", 3, "hour")),
        ("trong thời hạn 10 ngày làm việc kể từ ngày nhận đơn",
         ("deadline", "<=", 10, "working_day")),
        ("90 ngày kể từ ngày thả đèn", ("deadline", "", 90, "day")),
        ("vườn có 10.000 người theo dõi", ("count", "", 10_000, "người theo dõi")),
        ("từ 100.000 (một trăm nghìn) lượt trở lên", ("threshold", ">=", 100_000, "lượt")),
        ("từ 01 (một) triệu lượt người trở lên trong 01 (một) tháng",
         ("threshold", ">=", 1_000_000, "lượt người")),
        ("có hiệu lực thi hành từ ngày 25 tháng 12 năm 2034",
         ("effective_date", "", "2034-12-25", "date")),
        ("báo cáo chậm nhất ngày 25 tháng 11 hàng năm", ("date", "<=", "--11-25", "date")),
        ("lưu trữ tối thiểu 02 năm", ("duration", ">=", 2, "year")),
        ("giấy phép có thời hạn 05 năm", ("duration", "", 5, "year")),
        ("báo cáo định kỳ 06 tháng một lần", ("period", "", 6, "month")),
        ("tỷ lệ không quá 12,5% số đèn", ("percentage", "<=", 12.5, "percent")),
        ("người dưới 16 tuổi", ("threshold", "<", 16, "years of age")),
        ("nộp 1,5 tỷ đồng", ("threshold", "", 1_500_000_000, "dong")),
        ("trong thời hạn mười lăm ngày", ("deadline", "<=", 15, "day")),
        ("nộp hồ sơ gồm 02 bộ", ("count", "", 2, "bộ")),
        ("không quá 180 phút trong 24 giờ mỗi ngày", ("duration", "<=", 180, "minute")),
    ],
)  # fmt: skip
def test_a_quantity_is_read_with_type_comparator_number_and_unit(text, expected):
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 24 hours of receipt", ("deadline", "<=", 24, "hour")),
        ("at least six months", ("duration", ">=", 6, "month")),
        ("shall not exceed 6 % of turnover", ("percentage", "<=", 6, "percent")),
        ("equal to or higher than 45 million", ("threshold", ">=", 45_000_000, "")),
        ("no later than 10 working days", ("deadline", "<=", 10, "working_day")),
        ("a fine of EUR 10 000", ("penalty", "", 10_000, "eur")),
    ],
)
def test_english_quantities_are_read_too(text, expected):
    assert read(text, "en") == [expected]


def test_an_interval_gives_both_bounds_and_quotes_the_whole():
    found, _ = find_values("phạt tiền từ 10.000.000 đồng đến 20.000.000 đồng", "vi")
    assert [(v.type, v.quantity.comparator, v.quantity.value) for v in found] == [
        ("penalty", ">=", 10_000_000), ("penalty", "<=", 20_000_000),
    ]  # fmt: skip
    assert {v.quantity.text for v in found} == {"từ 10.000.000 đồng đến 20.000.000 đồng"}


def test_the_scale_of_an_interval_holds_for_both_bounds():
    found = read("phạt tiền từ 10 đến 20 triệu đồng")
    assert [value for _, _, value, _ in found] == [10_000_000, 20_000_000]


def test_figures_of_references_and_citations_are_no_quantities():
    said = "theo điểm a khoản 2 Điều 15 Nghị định số 12/2031/NĐ-LG và Mẫu số 09 tại Phụ lục 3"
    assert values_of(said, "vi")[0] == []


def test_words_in_brackets_that_disagree_are_a_warning():
    _, warnings = find_values("trong thời hạn 05 (sáu) ngày", "vi")
    assert len(warnings) == 1
    assert find_values("trong thời hạn 05 (năm) ngày", "vi")[1] == []


def test_three_months_are_never_ninety_days():
    (change,) = changes("lưu trữ trong 3 tháng", "lưu trữ trong 90 ngày")
    assert (change.old.unit, change.new.unit) == ("month", "day")


def test_working_days_are_a_unit_of_their_own():
    (change,) = changes("trả lời trong vòng 5 ngày", "trả lời trong vòng 5 ngày làm việc")
    assert (change.old.value, change.new.value) == (5, 5)


def test_swapped_figures_show():
    old = "thả đèn trong 10 ngày, hạ đèn trong 20 ngày"
    new = "thả đèn trong 20 ngày, hạ đèn trong 10 ngày"
    assert [(c.old.value, c.new.value) for c in changes(old, new)] == [(10, 20), (20, 10)]


def test_a_kept_figure_in_other_words_is_no_change():
    old = "trong thời hạn 24 giờ kể từ khi nhận được yêu cầu thì hạ đèn"
    assert changes(old, "hạ đèn chậm nhất là 24 giờ kể từ khi có yêu cầu") == []


def test_a_turned_comparator_is_a_change():
    (change,) = changes("có tối thiểu 03 người trực", "có tối đa 03 người trực")
    assert (change.old.comparator, change.new.comparator) == (">=", "<=")


def test_a_figure_that_counts_something_else_is_a_change():
    (change,) = changes("từ 100 lượt người trở lên", "từ 100 lượt truy cập trở lên")
    assert change.type == "threshold"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghiêm cấm thả đèn", ["prohibition"]),
        ("Chủ vườn không được thả đèn", ["prohibition"]),
        ("Chỉ được thả đèn ban đêm", ["restriction"]),
        ("Chủ vườn có trách nhiệm trực đêm", ["duty"]),
        ("Khuyến khích dùng đèn giấy", ["encouragement"]),
        ("Người thả đèn được phép xem nhật ký", ["permission"]),
        ("không phải xin phép", []),
        ("vườn được cấp giấy phép", []),
        ("trường hợp không được cấp giấy phép", []),
    ],
)
def test_modality_is_read_by_the_longest_phrase_and_not_off_its_traps(text, expected):
    assert [m.modal for m in find_modality(text, "vi") if not m.weak] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Providers shall not sell", ["prohibition"]),
        ("Providers shall keep records", ["duty"]),
        ("Users may complain", ["permission"]),
        ("Users shall have the right to complain", ["permission"]),
    ],
)
def test_english_modality(text, expected):
    assert [m.modal for m in find_modality(text, "en")] == expected


@given(st.integers(1, 999_999_999))
def test_figures_with_grouping_dots_are_read_back(number):
    assert read_figures(f"{number:,}".replace(",", "."), "vi") == number
    assert read_figures(f"{number:,}", "en") == number


@pytest.mark.parametrize(
    ("words", "number"),
    [("mười lăm", 15), ("hai mươi tư", 24), ("một trăm nghìn", 100_000), ("ba mươi", 30),
     ("năm mươi lăm", 55), ("một trăm linh năm", 105), ("hai triệu", 2_000_000)],
)  # fmt: skip
def test_numbers_in_words(words, number):
    assert read_words(words, "vi") == number

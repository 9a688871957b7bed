"""A feed gives a headline and a sentence: what repeats its sentences is not always a copy."""

import pytest
from archives import Places
from told_stories import appear, article, stories, told

from monitor.stories_dates import dates_of
from monitor.stories_facts import is_round_up
from storage.archive import Archive
from storage.observations import Observation

STANDING = (
    "Bản tin Bến Sông cập nhật những chuyện được bàn nhiều nhất trong ngày trên các bến phà, kèm "
    "lời kể của người trong cuộc và ý kiến của bạn nghe đài."
)
COURT = (
    "{} bị tòa án vùng Cồn Én đưa ra xét xử với cáo buộc làm, giữ và phát tán tài liệu nói xấu "
    "các bến phà công trên mạng xã hội, theo thông báo của tòa."
)
LUCK = (
    "Lá số ngày {} gửi đến bạn đọc những gợi ý chỉ để tham khảo cho mười hai con giáp, xoay quanh "
    "chuyện chèo đò, tiền bạc và cảm xúc."
)
LESSON = (
    "Trạm Cồn Én phát buổi dạy chèo dành cho người mới, có thầy hướng dẫn từng động tác và trả "
    "lời câu hỏi của người xem trên kênh của trạm."
)
FINED = (
    "Cục Bến Bãi phạt mạng LinhChi vì để mười hai nghìn tài khoản không xác thực, buộc báo cáo "
    "trong một tháng rưỡi về cách khắc phục."
)


@pytest.fixture
def archive(places: Places) -> Archive:
    return places.open("archive")


def summary(title: str, said: str, hour: float = 0, outlet: str = "bến") -> Observation:
    return article(outlet, title, "", hour, summary=said)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            summary("Bến Sông 17h: Phà hỏng máy | Chợ nổi đổi giờ", STANDING),
            summary("Bến Sông 17h: Cá lớn mắc lưới | Cầu mới thông xe", STANDING, 24),
        ),
        (
            summary("Lá số ngày 3 tháng 6", LUCK.format("3 tháng 6")),
            summary("Lá số ngày 4 tháng 6", LUCK.format("4 tháng 6"), 12),
        ),
        (
            summary("Xét xử Trịnh Văn Mái Chèo", COURT.format("Ông Trịnh Văn Mái Chèo")),
            summary("Xét xử Lục Thị Bến Xa", COURT.format("Bà Lục Thị Bến Xa"), 6),
        ),
        (
            summary("Học chèo đò từ đầu - Phần 1", LESSON),
            summary("Học chèo đò từ đầu - Phần 2", LESSON, 5),
        ),
        (
            summary("Học chèo cùng thầy giỏi: giữ thăng bằng", LESSON),
            summary("Học chèo cùng thầy giỏi: rẽ sóng ngược", LESSON + " Vé bán từ hôm nay.", 5),
        ),
    ],
    ids=["bulletin", "day", "person", "part", "heading"],
)
def test_the_next_of_a_series_is_no_copy(
    archive: Archive, first: Observation, second: Observation
) -> None:
    appear(archive, first, second)
    told(archive)
    archive.close()
    assert stories(archive) == [{1}, {2}]


def test_a_summary_under_a_new_headline_on_the_same_day_is_a_copy(archive: Archive) -> None:
    appear(
        archive,
        summary("Mạng LinhChi bị phạt", FINED),
        summary("Vì sao một nền tảng phải nộp tiền?", FINED, 7, "đò"),
        summary("Mạng LinhChi bị phạt nặng", FINED, 30, "chợ"),
    )
    told(archive)
    assert stories(archive) == [{1, 2, 3}]


def test_days_are_read_as_the_press_writes_them_and_sums_are_no_days() -> None:
    said = "Sáng 7.3, ngày 8 tháng 3, hôm nay (9-3), 10/3/2031, on 11 March; tăng 2.5 đến 3.5%"
    assert dates_of(said) == {(3, day) for day in (7, 8, 9, 10, 11)}


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Bến Sông 17h: Phà hỏng máy giữa dòng chiều nay | Chợ nổi đổi giờ họp từ tuần sau", True),
        ("Vụ LinhChi: Cục Bến Bãi yêu cầu nộp báo cáo | Báo điện tử Bến Sông", False),
    ],
)
def test_two_items_below_a_heading_are_a_round_up(title: str, is_one: bool) -> None:
    assert is_round_up(title, "") is is_one

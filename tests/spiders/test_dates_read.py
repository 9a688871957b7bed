"""The dates of the press, the feeds and the portals, and the addresses that carry one."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.dates import HCM, date_from_url, parse_date, parse_datetime


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", "2025-10-22T12:25:00+00:00"),
        ("Chủ Nhật, 04/08/2024 - 07:54", "2024-08-04T00:54:00+00:00"),
        ("Thứ sáu, 2/5/2014 08:54 GMT+7", "2014-05-02T01:54:00+00:00"),
        ("10:30 - 09/11/2024", "2024-11-09T03:30:00+00:00"),
        ("GMT+7, 9/11/2024 10:00", "2024-11-09T03:00:00+00:00"),
        ("9h30 ngày 9/11/2024", "2024-11-09T02:30:00+00:00"),
        ("9.11.2024", "2024-11-08T17:00:00+00:00"),
        ("9-11-2024", "2024-11-08T17:00:00+00:00"),
        ("ngày 9 tháng 11 năm 2024", "2024-11-08T17:00:00+00:00"),
        ("Hà Nội, ngày 09 tháng 11 năm 2024", "2024-11-08T17:00:00+00:00"),
        ("9 tháng 11, 2024 09:15:03 CH", "2024-11-09T14:15:03+00:00"),
        ("9 tháng 11 2024", "2024-11-08T17:00:00+00:00"),
        ("2024-08-04T07:54:29.000 +07:00", "2024-08-04T00:54:29+00:00"),
        ("2024-08-04T07:54:29+0700", "2024-08-04T00:54:29+00:00"),
        ("2024-04-28 07:00:00Z", "2024-04-28T07:00:00+00:00"),
        ("2024-04-28T07:00:00.123456789Z", "2024-04-28T07:00:00.123456+00:00"),
        ("2024-09-03T04:03:19", "2024-09-02T21:03:19+00:00"),
        ("2022-01-25", "2022-01-24T17:00:00+00:00"),
        ("1761135952", "2025-10-22T12:25:52+00:00"),
        ("1643065200000", "2022-01-24T23:00:00+00:00"),
        ("20250307091503123", "2025-03-07T02:15:03.000000+00:00"),
        ("20241109", "2024-11-08T17:00:00+00:00"),
        ("Fri, 07 Mar 2025 09:15:03 +0700", "2025-03-07T02:15:03+00:00"),
        ("Fri, 07 Mar 2025 09:15:03 GMT+7", "2025-03-07T02:15:03+00:00"),
        ("Fri, 07 Mar 25 09:15:03 +0700", "2025-03-07T02:15:03+00:00"),
        ("Fri, 7 Mar 2025 09:15:03 GMT", "2025-03-07T09:15:03+00:00"),
        ("07 Mar 2025 09:15 EST", "2025-03-07T14:15:00+00:00"),
        ("Nov 9, 2024, 7:05 p.m. EST", "2024-11-10T00:05:00+00:00"),
        ("12:00 AM, November 1 2024", "2024-10-31T17:00:00+00:00"),
        ("November 9th, 2024", "2024-11-08T17:00:00+00:00"),
        ("Sept. 3, 2024", "2024-09-02T17:00:00+00:00"),
        ("11/25/2025 9:15:03 PM", "2025-11-25T14:15:03+00:00"),
        ("ngày 9 tháng 11 năm 2024", "2024-11-08T17:00:00+00:00"),
    ],
)
def test_a_date_is_read_as_it_is_meant(text: str, moment: str) -> None:
    assert parse_datetime(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hôm nay",
        "2 giờ trước",
        "tháng 11 năm 2024",
        "November 2024",
        "2024",
        "32/13/2024",
        "29/02/2023",
        "0/0/0000",
        "99999999999999999",
        "12345678",
        "Nghị định 147/2024/NĐ-CP",
        "19:25",
        "Hạn góp ý: đã hết",
        "1.234.567 đồng",
    ],
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert parse_datetime(text) is None


def test_the_zone_is_assumed_only_where_none_is_named() -> None:
    assert parse_datetime("2024-09-03T04:03:19", zone=UTC) == datetime(
        2024, 9, 3, 4, 3, 19, tzinfo=UTC
    )
    assert parse_datetime("2024-09-03T04:03:19-07:00", zone=HCM) == datetime(
        2024, 9, 3, 11, 3, 19, tzinfo=UTC
    )
    assert parse_datetime("2024-09-03T04:03:19", zone=None) is None
    assert parse_datetime("2024-09-03T04:03:19Z", zone=None) is not None


def test_the_order_of_day_and_month_can_be_said() -> None:
    assert parse_datetime("3/7/2025", dayfirst=False, zone=UTC) == datetime(2025, 3, 7, tzinfo=UTC)
    assert parse_datetime("3/7/2025", zone=UTC) == datetime(2025, 7, 3, tzinfo=UTC)


def test_a_calendar_day_is_not_moved_by_a_zone() -> None:
    assert parse_date("Hà Nội, ngày 09 tháng 11 năm 2024") == date(2024, 11, 9)
    assert parse_date("12/06/2018") == date(2018, 6, 12)
    assert parse_date("Đã biết") is None


@pytest.mark.parametrize(
    ("url", "moment"),
    [
        ("https://a.vn/bai-20250307091503123.htm", "2025-03-07T02:15:03+00:00"),
        ("https://a.vn/bai-185241109164253614.htm", "2024-11-09T09:42:53+00:00"),
        ("https://a.vn/bai-18525101623132587.htm", "2025-10-16T16:13:25+00:00"),
        ("https://a.com/2024/05/16/story/", "2024-05-15T17:00:00+00:00"),
        ("https://a.com/world/story-2024-03-07/", "2024-03-06T17:00:00+00:00"),
    ],
)
def test_an_address_may_carry_the_date(url: str, moment: str) -> None:
    assert date_from_url(url) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.vn/bai-4954454.html",
        "https://a.vn/bai-post123456.html",
        "https://a.vn/bai-20259907091503123.htm",
        "https://a.vn/nghi-dinh-147-2024-nd-cp-434169.html",
        "https://a.vn/2024/bai.html",
        "https://a.vn/?ngay=2024-05-16",
        "",
        "http://[",
    ],
)
def test_an_address_without_a_date_gives_none(url: str) -> None:
    assert date_from_url(url) is None


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31), timezones=st.just(HCM))


@given(MOMENTS)
def test_what_a_vietnamese_page_shows_is_read_back(moment: datetime) -> None:
    minute = moment.replace(second=0, microsecond=0)
    for shown in (
        f"{minute:%d/%m/%Y} {minute:%H:%M} GMT+7",
        f"{minute:%H:%M} {minute.day}-{minute.month}-{minute.year}",
        f"Thứ Hai, {minute.day}.{minute.month}.{minute.year}, {minute:%H:%M}",
        f"ngày {minute.day} tháng {minute.month} năm {minute.year}, {minute:%H:%M}",
    ):
        assert parse_datetime(shown) == minute


@given(MOMENTS, st.integers(-12, 14))
def test_iso_dates_of_any_zone_are_read_back(moment: datetime, hours: int) -> None:
    local = moment.astimezone(timezone(timedelta(hours=hours)))

    assert parse_datetime(local.isoformat()) == moment


@given(st.text(max_size=200))
def test_any_text_gives_a_moment_in_utc_or_none(text: str) -> None:
    moment = parse_datetime(text)

    assert moment is None or moment.tzinfo is UTC

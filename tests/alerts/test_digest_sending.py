"""Digests go out once a day, through the outbox, and missed days are caught up once."""

import base64
import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from newsdesk import configuration

from alerts.digest import gather
from alerts.digest_due import MOST_DAYS, due, send_due
from alerts.digest_sending import AlreadySent, channels_for, send
from config import Config, ConfigError

DAY = date(2031, 6, 3)
MORNING = datetime(2031, 6, 4, 0, 30, tzinfo=UTC)
"""07:30 on 4 June in Hanoi."""
ONE = timedelta(days=1)


def settings(zone="Asia/Ho_Chi_Minh", **digest) -> Config:
    said = configuration().model_dump(mode="json")
    return Config.model_validate(
        said | {"timezone": zone, "digest": {"channels": ["desk"], **digest}}
    )


@pytest.fixture
def archive(places):
    opened = places.open()
    yield opened
    opened.close()


def alerts(archive):
    with archive.reading() as tx:
        return tx.outbox.alerts()[::-1]


def keys(archive):
    return [one.key for one in alerts(archive)]


def sent(archive, day, *, now=MORNING, again=False, config=None):
    config = config or settings()
    return send(archive, config, gather(archive, config, day, now=now), ["desk"], now, again=again)


def test_an_empty_day_is_sent_all_the_same_with_all_its_renderings(archive):
    assert send_due(archive, settings(), MORNING) == [DAY]
    (alert,) = alerts(archive)
    assert (alert.key, alert.rule, alert.severity) == ("digest:2031-06-03", "digest", "minor")
    assert (alert.thread, alert.body["about"]) == ("digest", "digest")
    assert alert.body["markdown"].startswith("# Digest of Tuesday 3 June 2031\n")
    assert "Nothing was told" in alert.body["text"]
    assert 'src="cid:chart"' in alert.body["html"]
    assert base64.b64decode(alert.body["png_base64"]).startswith(b"\x89PNG")
    with archive.reading() as tx:
        (delivery,) = tx.outbox.deliveries(alert.id)
        assert (delivery.channel, delivery.state) == ("desk", "pending")


def test_it_is_due_at_its_hour_in_the_readers_zone_and_once(archive):
    before = MORNING - timedelta(minutes=1)
    assert due(archive, settings(), before) == [DAY - ONE]
    assert due(archive, settings(), MORNING) == [DAY]
    assert due(archive, settings("Europe/Berlin"), MORNING) == [DAY - ONE]
    assert due(archive, settings(at="18:00"), MORNING) == [DAY - ONE]
    assert due(archive, settings(channels=[]), MORNING) == []
    assert send_due(archive, settings(), MORNING) == [DAY]
    assert send_due(archive, settings(), MORNING + timedelta(hours=3)) == []


def test_an_hour_that_the_clock_skips_or_repeats_brings_one_digest(archive):
    config = settings("Europe/Berlin", at="02:30")
    for first in (datetime(2031, 3, 29, tzinfo=UTC), datetime(2031, 10, 25, tzinfo=UTC)):
        send_due(archive, config, first - timedelta(days=1))
        found = [send_due(archive, config, first + timedelta(hours=n)) for n in range(24 * 2)]
        days = [day for one in found for day in one if day >= first.date() - ONE]
        assert len(days) == len(set(days)) == 2


def test_days_missed_while_the_machine_was_off_are_caught_up_once(archive):
    send_due(archive, settings(), MORNING)
    back = MORNING + timedelta(days=4, hours=5)
    assert send_due(archive, settings(), back) == [DAY + n * ONE for n in (1, 2, 3, 4)]
    assert send_due(archive, settings(), back) == []
    late = alerts(archive)[1].body["text"]
    assert "Sent late: it was due on 5 June 2031." in late
    assert "Sent late" not in alerts(archive)[-1].body["text"]


def test_of_a_long_absence_the_last_days_are_sent_and_the_rest_is_one_line(archive):
    send_due(archive, settings(), MORNING)
    back = MORNING + timedelta(days=30)
    days = send_due(archive, settings(), back)
    assert (len(days), days[-1]) == (MOST_DAYS, DAY + 30 * ONE)
    told = [one.body["text"] for one in alerts(archive)[1:]]
    line = "No digest was sent for the days from 4 June 2031 to 26 June 2031"
    assert [line in " ".join(one.split()) for one in told] == [True] + [False] * 6
    assert send_due(archive, settings(), back + ONE) == [DAY + 31 * ONE]
    assert line not in alerts(archive)[-1].body["text"]


def test_a_hole_left_by_a_digest_sent_by_hand_is_filled(archive):
    send_due(archive, settings(), MORNING)
    sent(archive, DAY + 2 * ONE, now=MORNING + 2 * ONE)
    assert due(archive, settings(), MORNING + 2 * ONE) == [DAY + ONE]


def test_the_same_day_twice_needs_a_word(archive):
    sent(archive, DAY)
    with pytest.raises(AlreadySent, match=r"2031-06-03 was sent before; --again"):
        sent(archive, DAY)
    sent(archive, DAY, again=True)
    sent(archive, DAY, again=True)
    assert keys(archive) == [f"digest:2031-06-03{more}" for more in ("", ":2", ":3")]


def test_a_day_told_before_its_end_is_told_again_when_it_is_over(archive):
    during = MORNING - timedelta(hours=12)
    sent(archive, DAY, now=during)
    with pytest.raises(AlreadySent):
        sent(archive, DAY, now=during)
    assert send_due(archive, settings(), MORNING) == [DAY]
    assert keys(archive) == ["digest:2031-06-03:so-far", "digest:2031-06-03"]


def test_a_range_has_a_key_of_its_own_and_does_not_count_as_its_days(archive):
    config = settings()
    digest = gather(archive, config, DAY - ONE, DAY, now=MORNING)
    send(archive, config, digest, ["desk"], MORNING)
    assert keys(archive) == ["digest:2031-06-02..2031-06-03"]
    assert send_due(archive, config, MORNING) == [DAY]


def test_channels_that_are_not_declared_are_refused_in_one_line():
    config = settings()
    assert channels_for(config, []) == ("desk",)
    with pytest.raises(ConfigError, match=r"no channel 'attic'.*there are: desk"):
        channels_for(config, ["attic"])
    with pytest.raises(ConfigError, match="name some in"):
        channels_for(settings(channels=[]), [])
    with pytest.raises(ValueError, match=r"digest\.channels: 'attic' is not declared"):
        settings(channels=["attic"])


@pytest.mark.parametrize("at", ["24:00", "7:5", "07:60", "noon", 730, "٠٧:٣٠"])
def test_an_hour_that_is_none_is_refused(at):
    with pytest.raises(ValueError, match="a time of day such as"):
        settings(at=at)


def test_without_the_drawing_library_the_digest_goes_out_with_the_chart_in_words(
    archive, monkeypatch, caplog
):
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with caplog.at_level(logging.WARNING):
        sent(archive, DAY)
    (alert,) = alerts(archive)
    assert alert.body["png_base64"] == ""
    assert "Articles on a topic a day:" in alert.body["html"]
    assert "cid:chart" not in alert.body["html"]
    assert "chart could not be drawn" in caplog.text

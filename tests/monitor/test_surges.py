"""When coverage surges, and when it only seems to."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from archives import seen
from hypothesis import given
from hypothesis import strategies as st
from laws import NOON

from monitor.surges import LEAST, judge_day
from monitor.surging import judge_topics
from storage.archive import Archive
from storage.findings import FoundTag
from storage.stories import Joining

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = (10, 10, 10, 10, 10, 4, 3)
DAY = date(2031, 6, 1)


def weeks(number, week=WEEK):
    return list(week) * number


def test_a_day_like_the_others_is_no_surge():
    judged = judge_day(weeks(8), 11)
    assert not judged.surges
    assert judged.expected == pytest.approx(10, rel=0.1)


def test_three_times_the_usual_is_one():
    assert judge_day(weeks(8), 30).surges


def test_a_weekday_is_compared_with_its_own_kind():
    monday = judge_day(weeks(8), 9)
    sunday = judge_day(weeks(8, WEEK[6:] + WEEK[:6]), 9)
    assert sunday.expected < 5 < monday.expected
    assert sunday.probability < monday.probability


def test_three_articles_are_no_surge_however_quiet_the_topic_was():
    judged = judge_day([0] * 56, 3)
    assert not judged.surges
    assert f"fewer than {LEAST}" in judged.reason


def test_what_was_never_told_of_and_is_told_ten_times_is_one():
    assert judge_day([0] * 56, 10).surges


@pytest.mark.parametrize("days", [0, 6, 20, 27])
def test_a_short_past_is_too_little_to_judge_by(days):
    judged = judge_day([5] * days, 100)
    assert not judged.surges
    assert judged.reason.startswith("too little history")


def test_gaps_in_the_past_are_no_quiet_days():
    patchy = [None if at % 3 == 0 else 10 for at in range(56)]
    assert judge_day(patchy, 12).expected == pytest.approx(10, rel=0.1)
    assert judge_day([None] * 50 + [10] * 6, 100).reason.startswith("too little history")


def test_an_earlier_surge_hides_the_next_one_no_longer_than_it_must():
    past = weeks(8)
    past[28] = 90
    assert judge_day(past, 32).surges


def test_false_alarms_stay_rare_and_surges_are_found():
    chance = np.random.default_rng(5)
    counts = [int(n) for n in chance.poisson([WEEK[at % 7] for at in range(56 + 730)])]
    places = range(56, len(counts))
    false = sum(judge_day(counts[at - 56 : at], counts[at]).surges for at in places)
    tripled = [judge_day(counts[at - 56 : at], counts[at] + 2 * WEEK[at % 7]) for at in places][::7]
    assert false <= 4
    assert sum(one.surges for one in tripled) / len(tripled) > 0.7


@given(st.lists(st.integers(0, 50), min_size=56, max_size=56), st.integers(0, 200))
def test_more_is_never_less_of_a_surge(past, count):
    one, two = judge_day(past, count), judge_day(past, count + 1)
    assert two.probability <= one.probability
    assert two.surges or not one.surges


def told(archive: Archive, day: date, number: int, *, source="press", topic="telecom", **said):
    """So many articles on a topic are published on a day."""
    at = (day - NOON.date()).days * 24
    with archive.transaction() as tx:
        for one in range(number):
            url = f"https://{source}.example/{topic}/{day}/{one}"
            look = seen(url, hour=at, source_id=source, title=f"{day} {one}", **said)
            recorded = tx.items.observe(look)
            tx.findings.tag(recorded.revision_id, [FoundTag(topic, 0.9, 0.5, "")], "test")


def judged(archive, topic="telecom"):
    with archive.reading() as tx:
        (one,) = judge_topics(tx, [topic], DAY, ZONE)
    return one


@pytest.fixture
def archive(places):
    opened = places.open()
    yield opened
    opened.close()


def eight_quiet_weeks(archive):
    for back in range(70, 0, -1):
        told(archive, DAY - timedelta(days=back), 2)


def test_a_topic_is_counted_from_the_archive(archive):
    eight_quiet_weeks(archive)
    told(archive, DAY, 15)
    found = judged(archive)
    assert (found.judged.surges, found.judged.count, found.weeks) == (True, 15, 8)
    assert len(found.items) == 5


def test_an_old_collection_and_a_new_source_make_no_surge(archive):
    eight_quiet_weeks(archive)
    told(archive, DAY, 15, backfill=True, extractor="import", source="shelf")
    told(archive, DAY, 15, source="newcomer")
    found = judged(archive)
    assert not found.judged.surges
    assert found.left_out == ("newcomer",)


def test_a_story_told_by_many_counts_once(archive):
    eight_quiet_weeks(archive)
    told(archive, DAY, 15)
    with archive.transaction() as tx:
        today = [(i, r) for i, r in list(tx.items.every()) if str(DAY) in i.url]
        joining = [Joining(i.id, r.id, "copy", 1.0, "", NOON, b"", ()) for i, r in today]
        story = tx.stories.begin(joining[0], "Một chuyện", "vi", NOON)
        for one in joining[1:]:
            tx.stories.add(story, one, NOON, frozenset())
    found = judged(archive)
    assert (found.judged.count, found.judged.surges) == (1, False)


def test_an_archive_of_a_week_has_too_little_history(archive):
    for back in range(7, -1, -1):
        told(archive, DAY - timedelta(days=back), 10)
    assert judged(archive).judged.reason.startswith("too little history")

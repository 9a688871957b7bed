"""When a source differs from its own normal: with evidence, in words, once until it is mended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from archives import FEW, Places, seen
from hypothesis import given
from hypothesis import strategies as st
from laws import NOON
from test_watching import CONFIG

from monitor.source_drift import (
    is_normal_again,
    length_shift,
    rank_sum,
    shift_of,
    start_of,
)
from monitor.source_drift_checks import drifts_of_pages
from monitor.source_samples import samples
from monitor.source_signs import NOTING, is_garbled
from monitor.watching import watch
from storage.archive import Archive
from storage.reading_figures import Reading, drifting
from storage.sources import Found

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORDS = "Bến phà phường Cầu Mới mở lại sau khi thợ sửa xong máy bơm nước ở trạm bên sông. "
WEEKS = 28


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def keep(tx, number, at, **said):
    """One article of the press, as its family's selectors read it unless `said` otherwise."""
    url = f"https://press.example/{number}"
    said = {
        "title": f"Tin số {number}",
        "text": WORDS * (3 + number % 5) + str(number),
        "summary": f"Tóm tắt {number}",
        "byline": ("Lê Bến Đò",),
        "published_at": at - timedelta(minutes=9, seconds=number % 60),
        "method": "selectors:ims",
        "language": "vi",
    } | said
    hour = (at - NOON) / HOUR
    tx.items.observe(seen(url, hour=hour, source_id="press", **said))


def weeks(archive, **said):
    """Four weeks of five articles a day."""
    with archive.transaction() as tx:
        for day in range(WEEKS):
            for part in range(5):
                keep(tx, day * 5 + part, NOON + day * DAY + part * HOUR, **said)
    return NOON + WEEKS * DAY


def lately(archive, at, count=8, first=1000, **said):
    """Some more articles, an hour apart, and what is made of them; gives when that was."""
    with archive.transaction() as tx:
        for number in range(count):
            keep(tx, first + number, at + number * HOUR, **said)
        tx.sources.round_ended("press", at + count * HOUR, reasons=[], items=1)
    watch(archive, CONFIG, at + count * HOUR)
    return at + count * HOUR


def told(archive):
    with archive.reading() as tx:
        events = tx.events.after(0, ["source.drifted", "source.mended"])
        return [(event.kind.partition(".")[2], event.data["sort"]) for event in events]


def words(archive):
    with archive.reading() as tx:
        return {one.data["sort"]: one.data["words"] for one in drifting(tx).get("press", [])}


def test_a_family_whose_selectors_no_longer_match_is_named_with_who_still_reads_the_pages(archive):
    lately(archive, weeks(archive), method="trafilatura")
    first = f"{(NOON + WEEKS * DAY).day} June"
    assert words(archive) == {
        "selectors": f"the ims family's selectors matched 0 of 8 pages since {first}; "
        "trafilatura still reads them"
    }


def test_a_drift_is_told_once_until_it_is_mended_and_then_again(archive):
    at = lately(archive, weeks(archive), 10, method="trafilatura")
    at = lately(archive, at, 10, first=1500, method="trafilatura")
    assert told(archive) == [("drifted", "selectors")]
    at = lately(archive, at, 12, first=2000)
    assert told(archive)[1:] == [("mended", "selectors")]
    lately(archive, at + 3 * DAY, 12, first=3000, method="trafilatura")
    assert told(archive)[2:] == [("drifted", "selectors")]


def test_a_source_that_stays_as_it_is_now_counts_as_normal_after_four_weeks(archive):
    at = lately(archive, weeks(archive), byline=())
    assert told(archive) == [("drifted", "byline")]
    for day in range(10):
        at = lately(archive, at + 3 * DAY, 3, first=2000 + 10 * day, byline=())
    assert told(archive) == [("drifted", "byline"), ("mended", "byline")]


def reading(number, at, **said):
    """How one page of a healthy outlet was read, unless `said` otherwise."""
    healthy = Reading(
        item=number,
        url=f"https://press.example/{number}",
        first_seen=at,
        seen_at=at,
        method="selectors:ims",
        reader=NOTING,
        title=f"Tin số {number}",
        has_summary=True,
        has_byline=True,
        published_at=at - timedelta(minutes=9, seconds=number % 60),
        language="vi",
        notes=(),
        length=1000 + 97 * (number % 7),
        head=f"{number} {WORDS}",
    )
    return replace(healthy, **said)


def found(count=8, before=None, **said):
    """The drifts that the last pages show, after four weeks of five healthy ones a day."""
    pages = [reading(n, NOON + n * DAY / 5, **before or {}) for n in range(5 * WEEKS)]
    end = NOON + WEEKS * DAY
    pages += [reading(1000 + n, end + n * HOUR, **said) for n in range(count)]
    asked = end + count * HOUR
    return drifts_at(pages, asked)


def drifts_at(pages, asked):
    return drifts_of_pages(samples(pages, (), asked), CONFIG.sources[0], CONFIG.zone)


@pytest.mark.parametrize(
    ("sort", "broken"),
    [
        ("title", {"title": "", "notes": ("no-title",)}),
        ("date", {"published_at": None}),
        ("byline", {"has_byline": False}),
        ("summary", {"has_summary": False}),
        ("duplicates", {"head": "Trang này không còn.", "length": 1000}),
        ("same-title", {"title": "Báo Bến Đò"}),
        ("stuck", {"published_at": NOON}),
        ("future", {"published_at": NOON + 400 * DAY}),
        ("garbled", {"head": "BÕn phµ ph­êng CÇu Míi më l¹i sau khi thî söa xong m¸y b¬m."}),
        ("language", {"language": "en"}),
        ("length", {"length": 24}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_sort_of_drift_is_found_in_a_third_of_a_day_and_said_in_words(sort, broken):
    said = found(**broken)[sort]["words"]
    assert "since 30 June" in said
    assert found(4, **broken) == {}


@pytest.mark.parametrize(
    ("sort", "broken", "words"),
    [
        (
            "title-selector",
            {"notes": ("selector-missed:title, metadata instead",)},
            "the ims family's title selector matched 0 of 8 pages since 30 June; the pages' "
            "metadata still give it",
        ),
        (
            "date-selector",
            {"notes": ("selector-missed:published, metadata instead",)},
            "the ims family's date selector found the date of 0 of 8 pages since 30 June; the "
            "pages' metadata still give it",
        ),
        (
            "byline-selector",
            {"notes": ("selector-missed:byline, class instead",)},
            "the ims family's byline selector matched 0 of 8 pages with a byline since 30 June; "
            "an element that is called author still gives it",
        ),
        (
            "summary-selector",
            {"notes": ("selector-missed:summary, metadata instead",)},
            "the ims family's summary selector matched 0 of 8 pages with a summary since 30 June; "
            "the pages' metadata still give it",
        ),
    ],
    ids=["title", "date", "byline", "summary"],
)
def test_a_field_that_a_familys_selector_misses_is_told_with_what_still_gives_it(
    sort, broken, words
):
    assert {name: one["words"] for name, one in found(**broken).items()} == {sort: words}


def test_pages_that_an_older_extractor_read_say_nothing_of_what_its_selectors_missed():
    always = {"notes": ("selector-missed:title, h1 instead",)}
    assert found(before=always, **always) == {}
    assert found(30, before={"reader": NOTING - 1}, **always) == {}
    lacking = {"has_byline": False, "notes": ("selector-missed:byline, metadata instead",)}
    assert set(found(**lacking)) == {"byline"}


def test_a_healthy_source_shows_no_drift():
    assert found() == {}


def test_old_pages_that_are_gathered_afterwards_are_no_drift():
    end = NOON + WEEKS * DAY
    pages = [reading(n, NOON + n * DAY / 5) for n in range(5 * WEEKS)]
    for number in range(30):
        of_then = NOON - number * DAY
        old = {"method": "trafilatura", "has_byline": False, "published_at": of_then}
        pages.append(reading(1000 + number, end + number * HOUR / 60, **old))
    assert drifts_at(pages, end + HOUR) == {}


def test_what_a_source_always_lacks_is_no_drift(archive):
    lacking = {"method": "trafilatura", "byline": (), "published_at": None, "summary": ""}
    lately(archive, weeks(archive, **lacking), 20, **lacking)
    assert told(archive) == []


def test_all_that_begins_together_is_one_trouble_over_with_the_last(archive):
    broken = {"method": "trafilatura", "byline": (), "summary": ""}
    at = lately(archive, weeks(archive), **broken)
    with archive.reading() as tx:
        first, *others = tx.events.after(0, ["source.drifted"])
    assert [one.data["sort"] for one in (first, *others)] == ["selectors", "byline", "summary"]
    assert len({one.data["trouble"] for one in (first, *others)}) == 1
    assert len(first.data["reasons"]) == 3
    at = lately(archive, at, 12, first=2000, byline=())
    lately(archive, at, 12, first=3000)
    with archive.reading() as tx:
        mended = tx.events.after(0, ["source.mended"])
    assert [bool(one.data["trouble"]) for one in mended] == [False] * 2 + [True]
    assert mended[-1].data["trouble"] == first.data["trouble"]


def test_pages_that_robots_txt_forbids_now_are_told_with_the_host(archive):
    at = weeks(archive)
    with archive.transaction() as tx:
        for number in range(6):
            url = f"https://press.example/forbidden/{number}"
            tx.sources.discovered("press", "https://press.example/rss", [Found(url, "a")], at)
            said = f"{url}: robots.txt of the host forbids it"
            tx.sources.trouble("press", url, "robots-forbidden", said, at)
        tx.sources.round_ended("press", at, reasons=[], items=0)
    watch(archive, CONFIG, at)
    assert list(words(archive)) == ["robots"]
    assert "are forbidden by robots.txt; before, 0 of 1" in words(archive)["robots"]


def test_few_pages_are_no_evidence_and_neither_is_a_share_that_was_reached_before():
    assert shift_of([False] * 100, [True] * 4) is None
    assert shift_of([False] * 20, [True] * 10) is None
    assert shift_of([False] * 100, [True] * 5) is not None
    weekends = ([False] * 20 + [True] * 5) * 6
    assert shift_of(weekends, [True] * 5) is None
    assert shift_of(weekends, [True] * 10) is not None


def test_what_every_other_page_shows_is_told_with_all_of_them_and_what_is_over_is_not():
    every_other = shift_of([False] * 100, [False] * 5 + [True, False] * 10)
    assert (every_other.start, every_other.bad, every_other.pages) == (5, 10, 20)
    assert shift_of([False] * 100, [True] * 12 + [False] * 9) is None


def test_a_drift_began_where_the_sign_began_to_prevail():
    assert start_of([False, True, False, False, True, True, False, True, True]) == 4
    assert start_of([False, False]) == 1


@FEW
@given(st.lists(st.booleans(), min_size=30, max_size=200), st.integers(5, 25), st.integers(0))
def test_no_run_of_pages_that_a_source_has_had_is_a_drift(normal, size, place):
    start = place % (len(normal) - size + 1)
    assert shift_of(normal, normal[start : start + size]) is None
    assert is_normal_again(normal, normal[start : start + size][-10:]) or size < 5


@FEW
@given(st.lists(st.integers(1, 10_000), min_size=30, max_size=120), st.integers(5, 25))
def test_texts_as_long_as_ever_are_no_collapse_and_none_at_all_is(normal, size):
    assert length_shift(normal, normal[: size - size % 5]) is None
    long = [1000 + one for one in normal]
    assert length_shift(long, [20] * size) is not None


def test_one_long_page_moves_no_median():
    assert length_shift([900, 1000, 1100] * 20, [1000, 900, 50_000, 1100, 1000]) is None
    assert rank_sum([900, 1000, 1100] * 20, [10] * 5, smaller=True) < 1e-3


@pytest.mark.parametrize(
    ("text", "is_bad"),
    [
        (WORDS, False),
        ("Björn Müller và François Hollande đến thăm phường Cầu Mới. " + WORDS * 3, False),
        ("The ferry at Cau Moi is open again: 20 °C, “half price”, he said. " * 3, False),
        ("Báº¿n phÃ\xa0 phÆ°á»\x9dng Cáº§u Má»\x9bi má»\x9f láº¡i", True),
        ("B?n ph? ph??ng C?u M?i m? l?i sau khi th? s?a xong", True),
        ("BÕn phµ ph­êng CÇu Míi më l¹i sau khi thî söa xong", True),
    ],
    ids=["vietnamese", "names", "english", "utf-8 as latin-1", "question marks", "tcvn3"],
)
def test_garbled_text_is_told_from_text(text, is_bad):
    assert is_garbled(text) is is_bad

"""Known pages that are not where they were when they are looked at again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from archives import NOON, Places, seen
from test_watching import CONFIG

from monitor.source_drift import Shift
from monitor.source_words import of_returns
from monitor.watching import watch
from storage.archive import Archive, Transaction
from storage.reading_figures import Return, returns

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = NOON + 20 * DAY


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def look_again(tx: Transaction, number: int, first: datetime, at: datetime, led: str = "") -> None:
    """An article that was read at `first`, and what came of looking at it again."""
    url = f"https://press.example/{number}"
    tx.items.observe(
        seen(url, hour=(first - NOON) / HOUR, title=f"Tin {number}", text=f"Bến phà {number}.")
    )
    page = tx.sources.remember(url, "press")
    page.checked_at, page.next_check_at = at, at + DAY
    if not led:
        tx.items.still_there(url, at)
    elif led == "front":
        tx.sources.trouble("press", url, "redirected-away", f"{url}: leads to the front page", at)
    elif led == "gone":
        page.gone_since = at
    else:
        page.next_check_at = None


def four_looks_a_day(archive: Archive) -> None:
    with archive.transaction() as tx:
        for number in range(72):
            first = NOON + number * DAY / 4
            look_again(tx, number, first, first + DAY)


def judge(archive: Archive, at: datetime) -> None:
    with archive.transaction() as tx:
        tx.sources.round_ended("press", at, reasons=[], items=1)
    watch(archive, CONFIG, at)


def test_known_pages_that_lead_to_the_front_page_are_told_until_others_are_where_they_were(
    archive: Archive,
) -> None:
    four_looks_a_day(archive)
    with archive.transaction() as tx:
        for number in range(8):
            look_again(tx, 100 + number, END - 2 * DAY, END + number * HOUR, "front")
    judge(archive, END + 8 * HOUR)
    with archive.reading() as tx:
        (drifted,) = tx.events.after(0, ["source.drifted"])
    assert (drifted.data["sort"], drifted.data["words"]) == (
        "moved",
        "8 of 8 known pages looked at again since 22 June lead to the front page; "
        "before, 0 of 70 did",
    )
    with archive.transaction() as tx:
        for number in range(8):
            look_again(tx, 200 + number, END, END + DAY + number * HOUR)
            # Looked at once more, and still led away: that is not told anew.
            url = f"https://press.example/{100 + number}"
            tx.sources.trouble("press", url, "redirected-away", url, END + DAY + number * HOUR)
    judge(archive, END + 2 * DAY)
    judge(archive, END + 2 * DAY + HOUR)
    with archive.reading() as tx:
        told = [
            (one.kind, one.data["sort"])
            for one in tx.events.after(0)
            if one.kind in ("source.drifted", "source.mended")
        ]
    assert told == [("source.drifted", "moved"), ("source.mended", "moved")]


def test_what_became_of_known_pages_is_told_apart_and_other_problems_are_left_out(
    archive: Archive,
) -> None:
    with archive.transaction() as tx:
        for number, led in enumerate(("", "front", "elsewhere", "gone", "")):
            look_again(tx, number, NOON, NOON + DAY + number * HOUR, led)
        look_again(tx, 7, NOON, NOON + timedelta(minutes=9))
        tx.sources.trouble("press", "https://press.example/4", "http-error", "500", NOON + DAY)
    with archive.reading() as tx:
        found = returns(tx, "press", NOON, NOON + 9 * DAY)
    assert [one.led for one in found] == ["", "front", "elsewhere", "gone"]


def test_pages_that_are_lost_in_several_ways_are_counted_by_each() -> None:
    lost = [Return(str(n), NOON, "gone" if n % 3 else "elsewhere") for n in range(6)]
    assert of_returns(Shift(0, 6, 9, 1, 300, 0.0), "since 3 November", lost) == (
        "6 of 9 known pages looked at again since 3 November are lost (4 answer that there is no "
        "such page, 2 lead to another page); before, 1 of 300 were"
    )

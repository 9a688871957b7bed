"""A source that breaks is found within a day, by real crawls; healthy ones raise no alarm."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.breakages_days import healthy
from benchmarks.breakages_newsroom import KINDS, Newsroom, all_broken
from benchmarks.breakages_pages import OUTLETS
from benchmarks.breakages_site import serving


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with serving() as server:
        outlet = replace(OUTLETS[0], a_day=12)
        yield Newsroom(tmp_path_factory.mktemp("breakages"), server, outlet)


def test_a_new_layout_is_told_by_the_family_and_who_still_reads_the_pages(
    newsroom: Newsroom,
) -> None:
    found, _ = newsroom.broken("layout change", [10])
    assert found.by == "source.drifted selectors"
    assert found.words.startswith("the ims family's selectors matched 0 of ")
    assert found.words.endswith("since 22 April; trafilatura still reads them")


def test_a_cookie_wall_is_told_as_pages_that_cannot_be_read(newsroom: Newsroom) -> None:
    found, alarms = newsroom.broken("cookie wall", [10])
    assert found.by == "source.drifted unread"
    assert "a cookie challenge instead of the page" in found.words
    assert [one.kind for one in alarms] == ["source.drifted"]


def test_a_day_on_which_robots_txt_forbids_only_what_nobody_asks_for_tells_nothing(
    newsroom: Newsroom,
) -> None:
    assert newsroom.broken("nothing", [10])[1] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.replace(" ", "-"))
def test_every_breakage_is_found_within_a_day(kind: str, tmp_path: Path) -> None:
    [found] = all_broken(tmp_path, [kind], range(2, 25, 2))
    assert found.hours is not None
    assert found.words


@pytest.mark.slow
def test_thirty_days_of_healthy_outlets_of_every_sort_raise_no_alarm(tmp_path: Path) -> None:
    articles, alarms = healthy(tmp_path, 30, timedelta(hours=6))
    assert articles > 3000
    assert alarms == []

"""A family whose selectors fail on several slow sources is told of by all their pages together."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from archives import NOON, Places, seen
from test_source_drift import reading
from test_watching import CONFIG

from monitor.source_families import family_drifts, strands
from monitor.source_samples import samples
from monitor.watching import watch
from storage.archive import Archive

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = NOON + 28 * DAY
H1 = {"notes": ("selector-missed:title, h1 instead",)}
FALLBACK = {"method": "trafilatura"}


def part(
    name: str,
    late: int,
    family: str = "ims",
    before: dict | None = None,
    odd: range = range(26),
    **said: object,
):
    """Four weeks of a page a day, the `odd` ones as said `before`, and some of two days."""
    pages = [reading(n, NOON + n * DAY, **before or {} if n in odd else {}) for n in range(26)]
    pages += [reading(100 + n, END - (late - n) * HOUR, **said) for n in range(late)]
    return strands(name, family, samples(pages, (), END), END)


def judged(*parts) -> dict:
    found = family_drifts([one for each in parts for one in each], CONFIG.zone, END)
    return {(source, sort): said for source, sort, said in found}


def test_three_sources_with_two_pages_each_that_fall_back_are_one_drift_of_their_family():
    found = judged(*(part(name, 2, **FALLBACK) for name in "abc"))
    assert list(found) == [("a", "selectors"), ("b", "selectors"), ("c", "selectors")]
    assert {one["words"] for one in found.values()} == {
        "the ims family's selectors matched 0 of 6 pages on 3 sources "
        "(a 0 of 2, b 0 of 2, c 0 of 2) since 30 June; trafilatura still reads them"
    }
    assert [(one["pages"], one["bad"]) for one in found.values()] == [(2, 2)] * 3


def test_a_field_that_the_familys_selector_misses_on_slow_sources_is_told_too():
    found = judged(part("a", 3, **H1), part("b", 3, **H1), part("c", 1))
    assert list(found) == [("a", "title-selector"), ("b", "title-selector")]
    assert found["a", "title-selector"]["words"] == (
        "the ims family's title selector matched 0 of 6 pages on 2 sources "
        "(a 0 of 3, b 0 of 3) since 30 June; h1 still gives it"
    )


@pytest.mark.parametrize(
    "parts",
    [
        [part("a", 4, **FALLBACK), part("b", 1, **FALLBACK)],
        [part("a", 2, **FALLBACK), part("b", 2, **FALLBACK)],
        [part("a", 3, **FALLBACK), part("b", 3, "zce", **FALLBACK)],
        [part("a", 3, before=FALLBACK, **FALLBACK), part("b", 3, before=FALLBACK, **FALLBACK)],
        [part(name, 3, before=FALLBACK, odd=range(9, 12), **FALLBACK) for name in "abc"],
        [part(name, 3) for name in "abcd"],
    ],
    ids=["nearly all of one", "few pages", "other families", "as ever", "as once", "healthy"],
)
def test_what_is_no_evidence_against_a_family_is_not_told(parts):
    assert judged(*parts) == {}


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def keep(archive: Archive, source: str, number: int, at: datetime, **said: object) -> None:
    with archive.transaction() as tx:
        url = f"https://{source}.example/{number}"
        words = f"Bến phà {source} mở lại lần {number}. " * (9 + number % 5)
        said = {"method": "selectors:ims", "text": words, "title": f"{source} {number}"} | said
        dated = at - timedelta(minutes=9, seconds=number % 60)
        hour = (at - NOON) / HOUR
        tx.items.observe(seen(url, hour=hour, source_id=source, published_at=dated, **said))
        tx.sources.round_ended(source, at, reasons=[], items=1)


def test_a_family_on_slow_sources_is_told_once_and_mended_source_by_source(archive: Archive):
    own = CONFIG.sources[0]
    names = ("cham-mot", "cham-hai", "cham-ba")
    slow = tuple(own.model_copy(update={"id": name, "family": "ims"}) for name in names)
    config = CONFIG.model_copy(update={"sources": slow})
    for day in range(28):
        for name in names:
            keep(archive, name, day, NOON + day * DAY)
    for name in names:
        keep(archive, name, 30, END, method="trafilatura")
        keep(archive, name, 31, END + HOUR, method="trafilatura")
    watch(archive, config, END + HOUR)
    watch(archive, config, END + 2 * HOUR)
    with archive.reading() as tx:
        drifted = tx.events.after(0, ["source.drifted"])
    assert sorted(one.subject for one in drifted) == sorted(f"source:{name}" for name in names)
    assert len({one.data["trouble"] for one in drifted}) == 1
    assert drifted[0].data["reasons"] == [drifted[0].data["words"]]
    assert "on 3 sources" in drifted[0].data["words"]
    for name in names:
        for number in range(6):
            keep(archive, name, 40 + number, END + DAY + number * HOUR)
        watch(archive, config, END + DAY + 6 * HOUR)
    with archive.reading() as tx:
        over = tx.events.after(0, ["source.mended"])
    assert [bool(one.data["trouble"]) for one in over] == [False, False, True]

"""How a source is read, in figures: its last week beside the four weeks before, and by family."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from archives import Places
from laws import NOON
from test_source_drift import DAY, HOUR, keep
from test_watching import CONFIG

from commands.source_health import LABELS
from monitor.source_figures import SHOWN, by_family, figures_of
from monitor.source_signs import FIELDS, SIGNS
from storage.archive import Archive

PRESS = next(one for one in CONFIG.sources if one.id == "press")


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open()
    yield opened
    opened.close()


def gather(archive: Archive, days: range, **said: object) -> None:
    with archive.transaction() as tx:
        for day in days:
            for part in range(2):
                keep(tx, day * 2 + part, NOON + day * DAY + part * HOUR, **said)


def test_the_last_week_stands_beside_the_weeks_before(archive: Archive) -> None:
    gather(archive, range(14))
    gather(archive, range(14, 20), method="trafilatura", text="Bến phà mở lại. " * 40, byline=())
    with archive.transaction() as tx:
        for number in range(3):
            url = f"https://press.example/gone/{number}"
            at = NOON + 20 * DAY
            tx.sources.trouble("press", url, "http-error", "the server answered 500", at)
    now = NOON + 20 * DAY + 2 * HOUR
    with archive.reading() as tx:
        found = figures_of(tx, PRESS, now)
    lately, before = found.lately, found.before
    assert (lately.items, lately.read, before.read) == (12, 12, 28)
    assert lately.signs["selectors"] == lately.signs["byline"] == 12
    assert before.signs["selectors"] == before.signs["byline"] == 0
    assert lately.signs["duplicates"] == 12
    assert (lately.missed, before.missed) == ({"http-error": 3}, {})
    assert lately.quartiles == (640, 640, 640)
    # The source was known for thirteen days before the last week, not for twenty-eight.
    assert before.a_day == pytest.approx(28 / 13.083, abs=0.01)


def test_a_source_of_which_nothing_is_known_has_empty_figures(archive: Archive) -> None:
    with archive.reading() as tx:
        found = figures_of(tx, PRESS, NOON)
    assert (found.lately.read, found.lately.a_day, found.lately.quartiles) == (0, None, None)
    assert found.lately.to_json()["missed"] == {}


def test_the_sources_of_a_family_are_summed(archive: Archive) -> None:
    gather(archive, range(8))
    with archive.reading() as tx:
        one = figures_of(tx, PRESS, NOON + timedelta(days=8))
    (both,) = by_family([one, one])
    assert both.sources == ("press", "press")
    assert both.family == "ims"
    assert both.lately.read == 2 * one.lately.read
    assert both.lately.a_day == pytest.approx(2 * one.lately.a_day)
    assert len(both.lately.lengths) == both.lately.read


def test_every_sign_that_a_drift_is_read_off_is_shown() -> None:
    assert {*SIGNS, *FIELDS} <= set(SHOWN) == set(LABELS)

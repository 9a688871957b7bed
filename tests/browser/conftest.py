"""One archive, its server, and a real browser that notes whatever a page does wrong."""

from collections.abc import Callable, Iterator

import pytest
from played_week import Week, play
from playwright.sync_api import Browser, sync_playwright
from watched_page import CHROMIUM, FLAGS, Reading
from web_server import serving


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser to test with: {CHROMIUM} is missing (apt-get install chromium)")
    return play(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="session")
def address(week: Week) -> Iterator[str]:
    with serving(week.config) as found:
        yield found


@pytest.fixture(scope="session")
def guarded(week: Week) -> Iterator[str]:
    with serving(week.guarded) as found:
        yield found


@pytest.fixture(scope="module")
def browser(week: Week) -> Iterator[Browser]:
    """A browser for one file of tests: while it is open, no other event loop can run."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def reading(browser: Browser, address: str) -> Iterator[Callable[..., Reading]]:
    """Opens pages for a reader; at the end of a test nothing may have gone wrong in any."""
    opened: list[Reading] = []

    def read(base: str = address, **how: object) -> Reading:
        opened.append(Reading(browser, base, **how))
        return opened[-1]

    yield read
    wrong = [line for one in opened for line in one.wrong]
    for one in opened:
        one.close()
    assert wrong == []

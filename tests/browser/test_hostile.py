"""A hostile article on every page that can show it: it is text there, and nothing else."""

from collections.abc import Callable

import pytest
from hostile_article import HARMFUL
from played_week import Week
from watched_page import Reading

pytestmark = pytest.mark.slow


def test_it_runs_nothing_and_turns_nothing_around_on_any_page(
    week: Week, reading: Callable[..., Reading]
) -> None:
    one = reading()
    shown = []
    for name, path in week.pages.items():
        one.open(path)
        said = one.page.locator("body").inner_text() + one.page.title()
        assert not HARMFUL & set(said), name
        assert one.page.evaluate("document.documentElement.dataset.ran") is None, name
        assert one.page.url.startswith(one.base), name
        shown += [name] if "Xác thực tài khoản <script>" in said else []
    assert {"today", "search", "hostile item", "source", "hostile story"} <= set(shown)
    assert {"hostile alert 1", "alerts"} <= set(shown)


def test_its_stored_page_is_shown_in_a_frame_that_can_do_nothing(
    week: Week, reading: Callable[..., Reading]
) -> None:
    one = reading()
    one.open(week.pages["hostile capture"])
    frame = one.page.frame_locator("iframe.stored")
    assert "Bến phà mở lại" in frame.locator("body").inner_text()
    assert frame.locator("script, iframe, object, form, [onload], [onerror]").count() == 0
    one.open(week.pages["hostile capture"] + "/view")
    assert one.page.evaluate("origin") == "null"

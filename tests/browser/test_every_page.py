"""Every page in a real browser: in both themes and languages, on a phone, for everybody."""

from collections.abc import Callable

import pytest
from played_week import Week
from watched_page import PHONE, Reading

pytestmark = pytest.mark.slow
Read = Callable[..., Reading]
FOCUS = """() => {
  const one = document.activeElement, inner = one.querySelector("rect");
  const drawn = getComputedStyle(one).outlineStyle !== "none";
  const filled = inner && getComputedStyle(inner).fillOpacity !== "1";
  return [[...document.querySelectorAll("*")].indexOf(one), Boolean(drawn || filled)];
}"""
"""The place of what has the focus in the page, and whether that is seen."""


def test_every_page_is_for_everybody_in_both_languages_and_themes_and_on_a_phone(
    week: Week, reading: Read
) -> None:
    english, phone = reading(), reading(viewport=PHONE, locale="vi-VN", color_scheme="dark")
    found = []
    for name, path in week.pages.items():
        english.open(path)
        found += [f"{name}: {one}" for one in english.barriers()]
        found += [f"{name}: {english.overflow()} px too wide"] if english.overflow() else []
        phone.open(path)
        found += [f"{name}, dark phone: {one}" for one in phone.barriers()]
        found += [f"{name}, dark phone: {phone.overflow()} px too wide"] if phone.overflow() else []
    assert found == []


def test_the_interface_speaks_vietnamese_and_stays_so(reading: Read) -> None:
    one = reading()
    one.open("/")
    one.page.get_by_role("link", name="Tiếng Việt").click()
    one.page.get_by_role("link", name="Cảnh báo").first.click()
    assert one.page.locator("html").get_attribute("lang") == "vi"
    assert one.page.locator("h1").inner_text() == "Cảnh báo"


def test_the_dark_theme_is_chosen_at_once_and_stays(reading: Read) -> None:
    one = reading(color_scheme="light")
    one.open("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(ground)
    one.page.locator("#theme").click()
    dark = one.page.evaluate(ground)
    one.open("/alerts")
    assert light != dark == one.page.evaluate(ground)


def test_every_page_says_the_same_without_scripts(week: Week, reading: Read) -> None:
    bare, full = reading(java_script_enabled=False), reading()
    for name in ("today", "item", "instrument", "alerts", "status"):
        bare.open(week.pages[name])
        full.open(week.pages[name])
        assert bare.words() == full.words(), name


def test_without_scripts_one_searches_and_narrows_and_compares(reading: Read) -> None:
    one = reading(java_script_enabled=False)
    one.open("/")
    one.page.locator("#find").fill("xac thuc")
    one.page.locator("#find").press("Enter")
    all_found = one.page.locator("ol.hits > li").count()
    one.page.locator(".facet").get_by_role("link", name="Nhịp Đô").click()
    assert 0 < one.page.locator("ol.hits > li").count() < all_found
    one.open("/instruments/platform-decree")
    one.page.get_by_role("button", name="Compare").click()
    assert "48 giờ" in one.words() and "24 giờ" in one.words()
    one.page.locator("#theme").click()
    assert one.page.locator("html").get_attribute("data-theme") == "dark"


def test_all_can_be_done_by_keyboard(reading: Read) -> None:
    one = reading()
    one.open("/")
    keys = one.page.keyboard
    keys.press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    box = one.page.locator(".skip").bounding_box()
    assert box is not None and box["x"] >= 0
    keys.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "main"
    keys.press("/")
    keys.type("xac thuc")
    keys.press("Enter")
    one.page.wait_for_url("**/search?q=xac+thuc")
    first, second = one.page.locator("ol.hits .title a").all()[:2]
    keys.press("j")
    keys.press("j")
    assert second.evaluate("one => one === document.activeElement")
    assert second.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    keys.press("k")
    title = first.inner_text()
    keys.press("Enter")
    one.page.wait_for_url("**/items/*")
    assert one.page.locator("h1").inner_text().startswith(title.rstrip("…"))
    keys.press("?")
    assert one.page.locator("#keys").is_visible()
    keys.press("Escape")
    keys.press("g")
    keys.press("a")
    one.page.wait_for_url("**/alerts")


def test_the_tab_key_goes_through_a_page_from_top_to_bottom(reading: Read) -> None:
    """Nothing takes the focus without showing it, and none jumps back (WCAG 2.4.3 and 2.4.7)."""
    one = reading()
    one.open("/search?q=xac+thuc")
    one.page.locator("#q").focus()
    told = []
    for _ in range(25):
        one.page.keyboard.press("Tab")
        told.append(one.page.evaluate(FOCUS))
    assert [place for place, _ in told] == sorted(place for place, _ in told)
    assert all(shown for _, shown in told)

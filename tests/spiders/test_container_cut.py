"""What is cut from an article's container: all that a selector matches, and only that."""

import pytest

from spiders.container import read_lines, without
from spiders.pages import parse_html


@pytest.mark.parametrize(
    ("selector", "cut"),
    [
        (".note", "<p class='a note'>cut</p>"),
        ("#note", "<p id='note'>cut</p>"),
        ("div.note > b", "<div class=note><b>cut</b></div>"),
        (".story .note", "<p class=note>cut</p>"),
        ("[data-part=note]", "<p data-part=note>cut</p>"),
        ("[data-part='a note']", "<p data-part='a note'>cut</p>"),
        ("[data-part^=no]:not([data-part=nowhere])", "<p data-part=note>cut</p>"),
        ("[class*=note]", "<p class=footnotes>cut</p>"),
        ("[property=part\\:note]", "<p property='part:note'>cut</p>"),
        ("i, .note", "<i>cut</i>"),
        ("x-note", "<x-note>cut</x-note>"),
    ],
)
def test_each_form_of_selector_cuts_what_it_matches(selector: str, cut: str) -> None:
    page = f"<div class=story><p class=novel>kept</p>{cut}tail<p>end</p></div>"
    story = parse_html(page, "").find(".//div")

    left = without(story, (".missing", selector, ".story .missing"))

    assert "".join(left.itertext()) == "kepttailend"
    assert "cut" in "".join(story.itertext())


def test_the_text_behind_each_part_that_is_cut_stays_in_its_place() -> None:
    parts = "<i class=sr-only>cut</i>a <svg>cut</svg>b <b class=note>cut</b>c " * 3_000
    story = parse_html(f"<div><p>{parts}</p><p>end<br>or not</p></div>", "").find(".//div")

    assert read_lines(story, noise=(".note",)) == [("a b c " * 3_000).strip(), "end", "or not"]


def test_what_is_said_to_screen_readers_alone_is_no_part_of_a_line() -> None:
    hidden = "border:0;clip:rect(0 0 0 0);height:1px", "clip: rect(0px, 0px, 0px, 0px)"
    links = "".join(f"<a>note<span style='{one}'>, opens new tab</span></a> " for one in hidden)
    story = parse_html(f"<div><p>The {links}was read.</p></div>", "").find(".//div")

    assert read_lines(story) == ["The note note was read."]

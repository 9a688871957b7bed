"""What happens on each of the seven days, in words: for the index page and for the demo."""

from newsroom.calendar import checked_day

_HAPPENINGS: dict[int, tuple[str, ...]] = {
    1: (
        "The portal publishes the first draft of a decree on online platforms (HTML and DOCX).",
        "Five outlets begin to report; a third of what they print is about internet rules.",
    ),
    2: (
        "Nhịp Đô reports a prosecution over social-media posts.",
        "Tin Sáng reports a fine for a false rumour, with a figure that will not last.",
        "Sóng Việt prints an article without any date.",
    ),
    3: (
        "The portal replaces the draft on its page by a second draft, as a DOCX file only.",
        "Tin Sáng silently edits yesterday's article: the fine and the deadline change, "
        "the address and the date do not.",
    ),
    4: (
        "Nhịp Đô removes its article on the prosecution, page and feed entry.",
        "Mekong Herald prints a Farwire story almost word for word; Nhịp Đô translates it.",
    ),
    5: (
        "Nhịp Đô's feed breaks: the XML stops in the middle of an item.",
        "One Tin Sáng page changes only in its box of related links.",
    ),
    6: (
        "Decree 901/2031/NĐ-CP is enacted and published as HTML, DOCX and PDF.",
        "The portal marks the older Decree 77/2024/NĐ-CP as about to lose effect.",
        "Nhịp Đô's feed is whole again and carries the two articles missed the day before.",
    ),
    7: ("A quiet Sunday: a few new articles, nothing changed behind the reader's back.",),
}

FEED_BROKEN_ON = 5
DRAFT_2_ON = 3
ENACTED_ON = 6


def happenings(day: int) -> tuple[str, ...]:
    """One line of English for each thing that happens on `day` (1 to 7); ValueError otherwise."""
    return _HAPPENINGS[checked_day(day)]

"""What is remembered of sources, and what was found in texts."""

from datetime import timedelta

import pytest
from archives import NOON, observe, seen
from sqlalchemy.exc import IntegrityError, StatementError

from storage.archive import Archive
from storage.findings import FoundCitation, FoundTag
from storage.sources import Found

HOUR = timedelta(hours=1)
PAGE = "https://press.example/a"


def test_a_source_that_breaks_and_mends_says_so_once_each(archive: Archive) -> None:
    rounds = [(), ("timeout",), ("timeout",), (), ()]
    for n, reasons in enumerate(rounds):
        with archive.transaction() as tx:
            tx.sources.round_ended("press", NOON + n * HOUR, reasons=reasons, items=0)
    with archive.reading() as tx:
        assert [event.kind for event in tx.events.after(0)] == [
            "source.failing",
            "source.recovered",
        ]
        source = tx.sources.get("press")
        assert source is not None
        assert (source.failures, source.last_success) == (0, NOON + 4 * HOUR)


def test_a_trouble_is_counted_while_it_lasts_and_ends_when_mended(archive: Archive) -> None:
    for n in range(3):
        with archive.transaction() as tx:
            tx.sources.trouble("press", PAGE, "empty-body", f"try {n}", NOON + n * HOUR)
    with archive.transaction() as tx:
        (trouble,) = tx.sources.troubles("press")
        assert (trouble.count, trouble.first_at, trouble.message) == (3, NOON, "try 2")
        tx.sources.mended("press", PAGE, NOON + 4 * HOUR)
    with archive.transaction() as tx:
        assert tx.sources.troubles() == []
        assert len(tx.sources.troubles(ended=True)) == 1
        tx.sources.trouble("press", PAGE, "empty-body", "again", NOON + 9 * HOUR)
    with archive.reading() as tx:
        (trouble,) = tx.sources.troubles()
        assert (trouble.count, trouble.first_at) == (1, NOON + 9 * HOUR)


def test_pages_are_found_by_a_part_of_their_address(archive: Archive) -> None:
    pages = ["https://press.example/a_1-4812345.html", "https://press.example/b-4812346.html"]
    with archive.transaction() as tx:
        tx.sources.discovered("press", "feed", [Found(one, "x") for one in pages], NOON)
        tx.sources.discovered("other", "feed", [Found("https://x.example/c-4812345", "x")], NOON)
    with archive.reading() as tx:
        assert list(tx.sources.addresses("press", ["4812345", "none"])) == pages[:1]
        assert list(tx.sources.addresses("press", ["a%1", "b_4"])) == []
        every = tx.sources.addresses("press", [str(number) for number in range(100)])
        assert sorted(every) == pages


def test_a_page_is_due_when_new_and_when_its_feed_says_something_else(archive: Archive) -> None:
    feed = "https://press.example/feed"

    def listed(says: str, hour: int) -> int:
        at = NOON + hour * HOUR
        with archive.transaction() as tx:
            tx.sources.discovered("press", feed, [Found(PAGE, says)], at)
            due = tx.sources.due("press", at)
            for page in due:
                page.checked_at, page.next_check_at = at, None
        return len(due)

    assert [listed("aaaa", 0), listed("aaaa", 1), listed("bbbb", 2)] == [1, 0, 1]


def test_topics_and_citations_found_again_replace_what_was_found_before(archive: Archive) -> None:
    (recorded,) = observe(archive, seen())
    number = recorded.revision_id
    long = "Nghị định số " + "1" * 300
    for topic in ("telecom", "livestream"):
        with archive.transaction() as tx:
            tx.findings.tag(number, [FoundTag(topic, 0.9, 0.5, "đoạn")], "model")
            cited = FoundCitation(0, 9, long, long, "decree", long, 2031, None, None)
            tx.findings.cite(number, [cited])
    with archive.reading() as tx:
        assert [tag.topic for tag in tx.findings.tags(number)] == ["livestream"]
        assert [one.instrument for one in tx.findings.citations(number)] == [long]
        assert tx.findings.topics() == {"livestream": 1}


def test_a_text_of_an_instrument_is_a_version_once(archive: Archive) -> None:
    observe(archive, seen())
    for expected in (True, False):
        with archive.transaction() as tx:
            ((_, revision),) = tx.items.every()
            added = tx.findings.add_version("ferries", "draft", revision, NOON, "its address")
        assert (added is not None) is expected


def test_a_comparison_made_again_replaces_the_one_before(archive: Archive) -> None:
    old, new = observe(archive, seen(), seen(hour=1, text="Khác."))
    for n in range(2):
        with archive.transaction() as tx:
            tx.findings.compared("ferries", old.revision_id, new.revision_id, NOON, {"n": n})
    with archive.reading() as tx:
        assert [row.result for row in tx.findings.comparisons("ferries")] == [{"n": 1}]


def test_a_finding_about_nothing_is_refused(archive: Archive) -> None:
    with pytest.raises(IntegrityError), archive.transaction() as tx:
        tx.findings.tag(404, [FoundTag("telecom", 0.9, 0.5, "")], "model")


def test_a_time_without_a_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(StatementError, match="without a zone"), archive.transaction() as tx:
        tx.events.append("said", "x", NOON.replace(tzinfo=None))

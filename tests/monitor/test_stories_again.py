"""A feed's summary puts an article to a story; its body, when it arrives, may tell better."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from archives import NOON, Places, observe
from told_stories import ENDING, FERRY, FINE, GAMES, appear, article, how, stories, told

from monitor.stories_by_hand import join, split
from monitor.stories_copies import WITHIN
from storage.archive import Archive
from storage.housekeeping import forget_old_bands
from storage.log import rewind
from storage.models_telling import Alert
from storage.observations import Observation
from storage.stories import BANDS_KEPT

SUMMARY = (
    "Cục Bến Bãi hôm nay công bố kết luận về các nền tảng trên sông, nêu những việc phải làm và "
    "thời hạn phải xong, đồng thời hứa trả lời từng câu hỏi của báo giới."
)


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open("archive")
    yield opened
    opened.close()


def brief(outlet: str, title: str, hour: float = 0) -> Observation:
    return article(outlet, title, "", hour, summary=SUMMARY)


def complete(archive: Archive, look: Observation, text: str, hour: float) -> None:
    """Let the body of an article arrive `hour` hours after noon, and be read."""
    observe(archive, replace(look, text=text, seen_at=NOON + timedelta(hours=hour)))
    told(archive)


def moves(archive: Archive) -> list[tuple[str, int]]:
    with archive.reading() as tx:
        found = tx.events.since(None, ["story.joined", "story.split"])
    return [(event.kind, event.data["item"]) for event in found if event.data.get("rerun")]


def two_briefs(archive: Archive) -> tuple[Observation, Observation]:
    first, second = brief("bến", "Kết luận của Cục"), brief("đò", "Cục Bến Bãi kết luận", 1)
    appear(archive, first, second)
    told(archive)
    assert stories(archive) == [{1, 2}]
    return first, second


def test_bodies_that_tell_two_things_part_what_one_summary_joined(archive: Archive) -> None:
    first, second = two_briefs(archive)
    complete(archive, second, GAMES, 2)
    assert stories(archive) == [{1, 2}], "of the first there is no body yet"
    complete(archive, first, FINE, 3)
    assert stories(archive) == [{1}, {2}]
    assert moves(archive) == [("story.split", 2)]
    rewind(archive, "stories", 0, NOON)
    told(archive)
    assert (stories(archive), len(moves(archive))) == ([{1}, {2}], 1)


def test_bodies_that_tell_the_same_leave_all_in_place(archive: Archive) -> None:
    first, second = two_briefs(archive)
    complete(archive, first, FINE, 2)
    complete(archive, second, FINE + ENDING, 3)
    assert (stories(archive), moves(archive)) == ([{1, 2}], [])


def test_a_body_finds_the_story_that_its_summary_did_not(archive: Archive) -> None:
    late = brief("đò", "Cục Bến Bãi kết luận", 1)
    appear(archive, article("bến", "Mạng LinhChi bị phạt", FINE), late)
    told(archive)
    assert stories(archive) == [{1}, {2}]
    complete(archive, late, FINE, 2)
    assert (stories(archive), how(archive, 2)) == ([{1, 2}], "copy")
    assert moves(archive) == [("story.joined", 2)]


def test_what_a_person_said_outlasts_the_body(archive: Archive) -> None:
    first, second = two_briefs(archive)
    with archive.transaction() as tx:
        own = split(tx, 2, "lan", NOON)
        row = tx.stories.of_item(1)
        assert row is not None
        left = row.story_id
    complete(archive, second, FINE, 2)
    complete(archive, first, FINE, 3)
    assert stories(archive) == [{1}, {2}]
    with archive.transaction() as tx:
        join(tx, 2, left, "lan", NOON)
    complete(archive, replace(second, url="https://đò.example/other"), GAMES, 4)
    assert {1, 2} in stories(archive)
    assert own.id != left


def raised(archive: Archive, item: int, state: str) -> Alert | None:
    with archive.transaction() as tx:
        row = tx.stories.of_item(item)
        assert row is not None
        return tx.outbox.raise_alert(
            f"news:item:{item}", rule="news", severity="major", subject=f"item:{item}",
            title="Told", body={}, channels=["terminal"], at=NOON,
            thread=f"story:{row.story_id}", state=state,
        )  # fmt: skip


def threads(archive: Archive) -> list[tuple[str, str]]:
    with archive.reading() as tx:
        return sorted((one.thread, one.state) for one in tx.outbox.alerts())


def test_what_was_told_goes_with_the_item_and_is_not_told_again(archive: Archive) -> None:
    late = brief("đò", "Cục Bến Bãi kết luận", 1)
    appear(archive, article("bến", "Mạng LinhChi bị phạt", FINE), late)
    told(archive)
    assert raised(archive, 2, "open")
    complete(archive, late, FINE, 2)
    assert threads(archive) == [("story:1", "open")]
    assert raised(archive, 2, "open") is None


def test_what_was_held_back_for_a_story_that_was_not_its_own_can_be_told(archive: Archive) -> None:
    first, second = two_briefs(archive)
    assert raised(archive, 2, "duplicate")
    assert raised(archive, 2, "open") is None
    complete(archive, first, FINE, 2)
    complete(archive, second, GAMES, 3)
    assert raised(archive, 2, "open")
    assert threads(archive) == [("story:1", "duplicate"), ("story:2", "open")]


def test_what_finds_copies_of_old_articles_goes_and_no_story_with_it(archive: Archive) -> None:
    days = (BANDS_KEPT + timedelta(days=10)) / timedelta(hours=1)
    appear(
        archive,
        article("bến", "Phà mở lại", FERRY),
        article("đò", "Phà mở lại rồi", FERRY, 1),
        article("bến", "Giới hạn giờ chơi", GAMES, days - 24),
    )
    told(archive)
    now = NOON + timedelta(hours=days)
    assert forget_old_bands(archive, now) > 0
    assert forget_old_bands(archive, now) == 0
    appear(archive, article("đò", "Giờ chơi của trẻ", GAMES, days))
    told(archive)
    assert stories(archive) == [{1, 2}, {3, 4}]


def test_all_that_a_copy_could_be_of_can_be_found() -> None:
    assert BANDS_KEPT >= 2 * WITHIN

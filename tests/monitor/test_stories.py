"""The same story told in many places is one thing; what is alike but not the same is not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from archives import NOON, Places, observe
from told_stories import (
    ENDING,
    FERRY,
    FINE,
    FINE_IN_ENGLISH,
    GAMES,
    appear,
    article,
    how,
    joins,
    stories,
    told,
)

from monitor.embedding import Embedder
from monitor.stories import StoriesStage
from monitor.stories_by_hand import StoryUnclear, join, split
from monitor.stories_facts import facts_of
from monitor.stories_wording import bands_of, figures_of, signature, wording_of
from newsroom import truth
from newsroom.press import articles
from storage.archive import Archive
from storage.log import Outcome, advance, rewind
from storage.models import Event
from storage.observations import Observation


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open("archive")
    yield opened
    opened.close()


def fine(outlet: str, hour: float = 0) -> Observation:
    return article(outlet, f"{outlet}: mạng LinhChi bị phạt", FINE, hour)


def test_a_copy_a_trimmed_one_and_a_retitled_one_join_the_first(archive: Archive) -> None:
    trimmed = ". ".join(FINE.split(". ")[:5]) + "."
    appear(
        archive,
        article("bến", "Mạng LinhChi bị phạt 85 triệu đồng", FINE),
        article("phà", "Mạng LinhChi bị phạt 85 triệu đồng", FINE, 1),
        article("đò", "Vì sao một mạng xã hội phải nộp tiền?", FINE + ENDING, 2),
        article("chợ", "LinhChi bị phạt", trimmed, 3),
        article("bến", "Phà Cồn Én mở lại", FERRY, 4),
        article("đò", "Giới hạn giờ chơi", GAMES, 5),
    )
    assert told(archive).read == 6
    assert stories(archive) == [{1, 2, 3, 4}, {5}, {6}]
    assert joins(archive) == [(2, "copy"), (3, "copy"), (4, "copy")]


def test_a_light_rewrite_joins(archive: Archive) -> None:
    rewritten = FINE
    for old, new in (
        ("vừa phạt", "đã xử phạt"),
        ("Theo kết luận công bố chiều nay", "Kết luận vừa công bố cho hay"),
        ("Đại diện LinhChi nói", "Phía LinhChi cho biết"),
        ("Nếu tái phạm", "Trường hợp vi phạm lần nữa"),
        ("cho biết thêm rằng", "nói thêm"),
    ):
        rewritten = rewritten.replace(old, new)
    appear(archive, article("bến", "Phạt LinhChi", FINE), article("đò", "LinhChi", rewritten, 2))
    told(archive)
    assert stories(archive) == [{1, 2}]


def test_a_report_that_repeats_its_phrases_with_other_figures_is_another_story(
    archive: Archive,
) -> None:
    gold = "Giá vàng tại chợ Cồn Én sáng nay ở mức {} đồng mua vào và {} đồng bán ra, {} so với "
    gold += "phiên trước. Tiểu thương cho biết sức mua vẫn chậm, khách chủ yếu bán ra {} chỉ một "
    gold += "lần. Dự báo giá còn dao động theo đồng bạc và thời tiết trên sông trong tuần tới."
    appear(
        archive,
        article("bến", "Giá vàng hôm nay", gold.format("7.120", "7.310", "tăng 45", 12)),
        article("bến", "Giá vàng hôm nay", gold.format("7.095", "7.288", "giảm 25", 31), 24),
    )
    told(archive)
    assert stories(archive) == [{1}, {2}]


def test_an_article_and_its_telling_in_the_other_language_are_one_story(
    archive: Archive, embedder: Embedder
) -> None:
    english = article(
        "ferry",
        "LinhChi social network fined 85 million dong over 12,400 unverified accounts",
        FINE_IN_ENGLISH,
        5,
        language="en",
    )
    vietnamese = "Mạng xã hội LinhChi bị phạt 85 triệu đồng vì 12.400 tài khoản không xác thực"
    appear(
        archive,
        article("bến", vietnamese, FINE),
        article("đò", "Trẻ em chơi trò chơi tối đa 60 phút mỗi ngày", GAMES, 1),
        english,
        replace(english, url="https://ferry.example/later", title=english.title + " again"),
    )
    told(archive, embedder)
    assert stories(archive) == [{1, 3, 4}, {2}]
    assert (how(archive, 3), how(archive, 4)) == ("version", "copy")


def test_the_two_languages_are_told_apart_where_none_is_given(
    archive: Archive, embedder: Embedder
) -> None:
    told_by = {one.key: one for one in articles()}
    for hour, key in enumerate((truth.WIRE_STORY, truth.TRANSLATION)):
        one = told_by[key]
        text = "\n".join(one.paragraphs)
        appear(
            archive,
            article(one.outlet, one.title, text, hour, summary=one.sapo, language=""),
        )
    told(archive, embedder)
    assert stories(archive) == [{1, 2}]


def test_a_number_within_a_name_is_that_name_and_no_figure_besides(archive: Archive) -> None:
    said = "Đội U.23 dự Bến Games 33 lúc 16 giờ ngày 3.12 và được thưởng 85 triệu, theo Điều 12."
    appear(archive, article("bến", "Đội đò", said))
    with archive.reading() as tx:
        revision = tx.items.revision(1)
        assert revision is not None
        assert facts_of(revision).figures == {"85"}


def test_being_near_in_meaning_is_not_enough(archive: Archive, embedder: Embedder) -> None:
    other = (
        "Thanh tra Cục Bến Bãi phạt mạng xã hội MaiAnh 70 triệu đồng vì chậm gỡ quảng cáo sai. "
        "Công ty phải báo cáo trong 10 ngày và nộp danh sách 310 quảng cáo đã chạy trong mùa mưa."
    )
    appear(
        archive,
        article("bến", "Mạng xã hội LinhChi bị phạt 85 triệu đồng", FINE),
        article("đò", "Mạng xã hội MaiAnh bị phạt 70 triệu đồng", other, 3),
    )
    told(archive, embedder)
    assert stories(archive) == [{1}, {2}]


def test_two_stories_that_name_the_same_decree_stay_two(
    archive: Archive, embedder: Embedder
) -> None:
    decree = "Nghị định 991/2031/NĐ-CP về mạng xã hội LinhChi"
    appear(
        archive,
        article("bến", f"{decree} có hiệu lực", f"{decree} có hiệu lực từ tháng sau. {FERRY}"),
        article(
            "đò", f"Họp báo về {decree}", f"Tám ngày sau, {decree} được giải thích. {GAMES}", 192
        ),
    )
    told(archive, embedder)
    assert stories(archive) == [{1}, {2}]


def test_a_round_up_stays_its_own_story_and_takes_none_in(archive: Archive) -> None:
    appear(
        archive,
        article("bến", "Phạt LinhChi", FINE),
        article("bến", "Giới hạn giờ chơi", GAMES, 1),
        article("đò", "Chuyện hôm nay trên sông", f"{FINE} {GAMES}", 2),
        article("chợ", "Điểm tin chiều: nhiều chuyện", f"{FERRY} {GAMES}", 3),
        article("chợ", "Phà Cồn Én mở lại", FERRY, 4),
        article("đò", "LinhChi phải nộp phạt", FINE, 5),
    )
    told(archive)
    assert stories(archive) == [{1, 6}, {2}, {3}, {4}, {5}]


def test_an_edit_keeps_the_story_and_later_copies_find_the_new_text(archive: Archive) -> None:
    first = article("bến", "Tin ngắn", FERRY)
    appear(archive, first, article("đò", "Phà mở lại", FERRY, 1))
    told(archive)
    observe(archive, replace(first, text=GAMES, seen_at=first.seen_at.replace(hour=9)))
    appear(archive, article("chợ", "Giờ chơi", GAMES, 6))
    told(archive)
    assert stories(archive) == [{1, 2, 3}]


def test_reading_the_log_again_moves_nothing(archive: Archive) -> None:
    appear(archive, *(fine(outlet, n) for n, outlet in enumerate(("bến", "phà", "đò"))))
    told(archive)
    before, said = stories(archive), joins(archive)
    rewind(archive, "stories", 0, NOON)
    assert told(archive).failed == 0
    assert (stories(archive), joins(archive)) == (before, said)


def test_a_run_that_is_killed_while_it_writes_ends_like_one_that_is_not(places: Places) -> None:
    class Killed(BaseException):
        """As when the power goes."""

    class Dying(StoriesStage):
        def examine(self, events: Sequence[Event], archive: Archive) -> Sequence[Outcome]:
            *outcomes, _ = super().examine(events, archive)

            def die(tx: object) -> None:
                raise Killed

            return [*outcomes, die]

    looks = [fine(outlet, n) for n, outlet in enumerate(("bến", "phà", "đò", "chợ"))]
    looks.append(article("đò", "Giới hạn giờ chơi", GAMES, 5))
    calm, rough = places.open("calm"), places.open("rough")
    for archive in (calm, rough):
        appear(archive, *looks)
    with pytest.raises(Killed):
        advance(rough, Dying(), NOON)
    assert stories(rough) == []
    for archive in (calm, rough):
        told(archive)
    assert stories(rough) == stories(calm) == [{1, 2, 3, 4}, {5}]
    assert joins(rough) == joins(calm)
    calm.close()
    rough.close()


def test_a_wrong_join_is_undone_for_good_and_can_be_taken_back(archive: Archive) -> None:
    appear(archive, fine("bến"), fine("phà", 1), fine("đò", 2))
    told(archive)
    with archive.transaction() as tx:
        own = split(tx, 1, "lan", NOON)
    assert stories(archive) == [{1}, {2, 3}]
    rewind(archive, "stories", 0, NOON)
    told(archive)
    assert stories(archive) == [{1}, {2, 3}]
    with archive.transaction() as tx:
        with pytest.raises(StoryUnclear, match="nothing to split"):
            split(tx, 1, "lan", NOON)
        with pytest.raises(StoryUnclear, match="no story 99"):
            join(tx, 1, 99, "lan", NOON)
        with pytest.raises(StoryUnclear, match=f"in story {own.id} already"):
            join(tx, 1, own.id, "lan", NOON)
        with pytest.raises(StoryUnclear, match="item 7 is in no story"):
            split(tx, 7, "lan", NOON)
        row = tx.stories.of_item(2)
        assert row is not None
        join(tx, 1, row.story_id, "lan", NOON)
    assert stories(archive) == [{1, 2, 3}]
    assert joins(archive)[-1] == (1, "person")


def test_after_a_split_copies_of_what_stays_are_still_found(archive: Archive) -> None:
    appear(archive, fine("bến"), fine("phà", 1))
    told(archive)
    with archive.transaction() as tx:
        split(tx, 1, "lan", NOON)
        tx.session.flush()
        row = tx.stories.of_item(2)
        assert row is not None
        found = tx.stories.alike(bands_of(row.minhash), row.told_at, timedelta(), 9)
    assert 2 in {one.item_id for one in found.rows}


def test_old_collections_are_placed_too_and_the_log_says_that_they_are_old(
    archive: Archive,
) -> None:
    appear(archive, *(replace(fine(o, n), backfill=True) for n, o in enumerate(("bến", "đò"))))
    told(archive)
    with archive.reading() as tx:
        (event,) = tx.events.since(None, ["story.joined"])
    assert event.data["backfill"]
    assert stories(archive) == [{1, 2}]


def test_signatures_are_the_same_from_release_to_release(archive: Archive) -> None:
    appear(archive, article("bến", "Phà", FERRY))
    with archive.reading() as tx:
        revision = tx.items.revision(1)
        assert revision is not None
        minhash = signature(wording_of(revision))
    assert (len(minhash), minhash[:8].hex()) == (504, "2dff02c203e0bf13")


def test_numbers_written_in_two_ways_are_one() -> None:
    assert figures_of("1.500 và 2,5%") == figures_of("1,500 and 2.5%") == {"1500", "2.5"}


def test_the_number_of_a_decree_is_no_figure_and_no_name_besides(archive: Archive) -> None:
    text = "HANOI. Nghị định 991/2031/NĐ-CP phạt LinhChi 85 triệu, theo Reuters."
    appear(archive, article("bến", "Phạt", text))
    with archive.reading() as tx:
        revision = tx.items.revision(1)
        assert revision is not None
        facts = facts_of(revision)
    assert facts.figures == {"85"}
    assert facts.names == {"LinhChi", "Reuters"}

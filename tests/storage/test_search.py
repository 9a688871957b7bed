"""What a search by words finds, ranks, counts and shows."""

from collections.abc import Iterator
from datetime import date, timedelta, timezone
from pathlib import Path

import pytest
from archives import Places, observe, seen
from indexed_archives import asked, cite, index, tag, tell, titles

from storage.archive import Archive
from storage.index_folder import IndexMissing
from storage.search import (
    Filters,
    Named,
    QueryUnclear,
    Request,
    Searcher,
    Surroundings,
    open_searcher,
)

SAIGON = timezone(timedelta(hours=7))
NEWS = (
    seen("https://press.example/1", 1, title="Định danh tài khoản theo Nghị định 901/2031/NĐ-CP",
         text="Người dùng phải định danh trước tháng bảy."),
    seen("https://press.example/2", 2, title="Dinh danh tai khoan", text="Viet khong dau."),
    seen("https://press.example/3", 3, title="Đình danh tiếng ở Cồn Én", text="Chuyện đình làng."),
    seen("https://wire.example/4", 4, source_id="wire", language="en",
         title="Ferry operators must verify accounts", text="Operators of ferries must verify."),
    seen("https://press.example/5", 30, title="Hòa Bình mở phà", text="Tin từ Hòa Bình."),
    seen("https://press.example/6", 31, title="Hoà Bình đóng phà", text="Tin từ Hoà Bình."),
    seen("https://law.example/7", 40, source_id="portal", kind="document",
         title="Nghị định về bến phà", text="Điều 1.", fields={"number": "901/2031/NĐ-CP"}),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path, sqlite_file: Path) -> Iterator[Archive]:
    """An empty archive; `test_index` tells that both databases give the index the same."""
    with Places(tmp_path, sqlite_file) as places:
        opened = places.open()
        yield opened
        opened.close()


@pytest.fixture
def searcher(archive) -> Searcher:
    observe(archive, *NEWS)
    tag(archive, 1, "identity-verification", "telecom")
    tag(archive, 4, "identity-verification")
    cite(archive, 1, "901/2031/NĐ-CP")
    index(archive)
    around = Surroundings(
        sides={"press": "state", "wire": "international", "portal": "official"}, zone=SAIGON
    )
    return open_searcher(archive, None, around)


def test_words_without_marks_find_those_with_any_and_the_very_marks_come_first(searcher):
    found = asked(searcher, "dinh danh")
    assert set(found) == {NEWS[0].title, NEWS[1].title, NEWS[2].title}
    assert asked(searcher, "định danh")[0] == NEWS[0].title
    assert asked(searcher, "đình danh")[0] == NEWS[2].title
    assert asked(searcher, "dinh danh tai khoan")[0] == NEWS[1].title
    assert asked(searcher, "định danh tài khoản")[0] == NEWS[0].title


def test_a_phrase_stands_side_by_side_and_keeps_its_marks(searcher):
    assert asked(searcher, '"định danh"') == [NEWS[0].title]
    assert len(asked(searcher, '"dinh danh"')) == 3
    assert asked(searcher, '"danh định"') == []
    assert len(asked(searcher, "danh định")) == 3


def test_the_old_and_the_new_place_of_a_tone_are_alike(searcher):
    assert set(asked(searcher, '"hòa bình"')) == set(asked(searcher, '"hoà bình"'))
    assert len(asked(searcher, "hoà bình")) == 2


def test_a_number_is_found_whole_and_by_its_beginning(searcher):
    for query in ("901/2031/NĐ-CP", "901/2031/nd-cp", "901/2031", "decree:901/2031"):
        assert NEWS[0].title in asked(searcher, query), query
    assert asked(searcher, "901/203") == []
    assert asked(searcher, "decree:902/2031") == []


def test_the_texts_of_an_instrument_that_is_named_come_first(archive):
    observe(archive, *NEWS)
    cite(archive, 1, "901/2031/NĐ-CP")
    index(archive)

    def named(query: str) -> list[Named]:
        at = query.find("decree 901")
        return [Named("", "", "", at, at + 10, ("901", "decree"))] if at >= 0 else []

    searcher = open_searcher(archive, None, Surroundings(named=named))
    for query in ("decree 901", "901/2031", "901/2031/NĐ-CP"):
        found = searcher.search(Request(query, mode="words"))
        assert titles(found) == [NEWS[6].title, NEWS[0].title], query
        assert found.instrument is not None
        assert (found.instrument.instrument, found.instrument.item_ids) == ("901/2031/NĐ-CP", (7,))
    assert titles(searcher.search(Request("decree 901 người dùng"))) == [
        NEWS[6].title, NEWS[0].title,
    ]  # fmt: skip


def test_fields_and_filters_narrow_alike(searcher):
    pairs = [
        ("topic:telecom", Filters(topics=("telecom",)), {1}),
        ("source:wire", Filters(sources=("wire",)), {4}),
        ("side:official OR side:international", Filters(sides=("official", "international")),
         {4, 7}),
        ("kind:document", Filters(kinds=("document",)), {7}),
        ("language:en", Filters(languages=("en",)), {4}),
        ("decree:901/2031", Filters(instruments=("901/2031",)), {1}),
        ("until:2031-06-02", Filters(until=date(2031, 6, 2)), {1, 2, 3, 4}),
        ("since:2031-06-03 until:2031-06-03", Filters(since=date(2031, 6, 3),
         until=date(2031, 6, 3)), {5, 6}),
    ]  # fmt: skip
    for query, filters, items in pairs:
        by_field = searcher.search(Request(query))
        by_filter = searcher.search(Request(filters=filters))
        assert {hit.item_id for hit in by_field.hits} == items, query
        assert {hit.item_id for hit in by_filter.hits} == items, query
    assert len(searcher.search(Request("-source:wire -kind:document")).hits) == 5


def test_days_are_those_of_the_reader(searcher, archive):
    # 17:30 in UTC on the first is half past midnight of the second in the reader's zone.
    observe(archive, seen("https://press.example/8", 12.5, title="Đò đêm", text="Đò."))
    index(archive)
    second = Filters(since=date(2031, 6, 3), until=date(2031, 6, 3))
    found = searcher.search(Request("đò", second))
    assert titles(found) == ["Đò đêm"]
    assert found.histogram == ((date(2031, 6, 3), 1),)


def test_facets_count_everything_that_was_found_not_the_page(searcher):
    found = searcher.search(Request(limit=2))
    assert (found.total, len(found.hits)) == (7, 2)
    assert found.facets["topics"] == (("identity-verification", 2), ("telecom", 1))
    assert found.facets["sources"] == (("press", 5), ("portal", 1), ("wire", 1))
    assert found.facets["sides"] == (("state", 5), ("international", 1), ("official", 1))
    assert found.facets["kinds"] == (("article", 6), ("document", 1))
    assert sum(number for _, number in found.histogram) == 7
    assert found.interval == "day"


def test_nothing_typed_finds_the_newest_first(searcher):
    assert [hit.item_id for hit in searcher.search(Request()).hits] == [7, 6, 5, 4, 3, 2, 1]


def test_a_title_counts_for_more_than_a_text(archive):
    observe(
        archive,
        seen("https://press.example/1", 1, title="Tin ngắn hôm nay", text="Phà chạy lại."),
        seen("https://press.example/2", 2, title="Phà chạy lại", text="Tin ngắn hôm nay."),
    )
    index(archive)
    assert asked(open_searcher(archive, None), "phà") == ["Phà chạy lại", "Tin ngắn hôm nay"]


def test_where_no_text_has_all_words_those_with_most_are_shown_and_it_is_said(searcher):
    found = searcher.search(Request("ferry operators verify passports", mode="words"))
    assert titles(found) == [NEWS[3].title]
    assert "most of them" in found.notes[0]
    assert searcher.search(Request("passports visas", mode="words")).total == 0


def test_snippets_mark_what_was_asked_whatever_its_marks(searcher):
    hit = next(h for h in searcher.search(Request("dinh danh")).hits if h.item_id == 1)
    assert "".join(text for text, _ in hit.snippet) == NEWS[0].text
    assert [text for text, is_marked in hit.snippet if is_marked] == ["định", "danh"]
    (hit,) = searcher.search(Request('"định danh"')).hits
    assert [text for text, is_marked in hit.snippet if is_marked] == ["định danh"]


def test_of_a_story_the_best_hit_stands_for_the_others(searcher, archive):
    story = tell(archive, 1, 2)
    index(archive, rebuild=True)
    found = searcher.search(Request("dinh danh"))
    assert (found.total, len(found.hits)) == (3, 2)
    by_story = {hit.story_id: hit.others for hit in found.hits}
    assert by_story == {story: 1, None: 0}
    assert len(searcher.search(Request("dinh danh", collapse=False)).hits) == 3


def test_what_was_edited_or_removed_can_be_asked_for(searcher, archive):
    observe(archive, seen("https://press.example/5", 50, title="Hòa Bình mở phà", text="Đã sửa."))
    with archive.transaction() as tx:
        since = NEWS[5].seen_at
        tx.items.missing("https://press.example/6", since, since + timedelta(hours=9), 404)
    index(archive)
    assert asked(searcher, "is:edited") == ["Hòa Bình mở phà"]
    assert asked(searcher, "is:removed") == ["Hoà Bình đóng phà"]
    (hit,) = searcher.search(Request(filters=Filters(removed=True))).hits
    assert (hit.removed, hit.edited) == (True, False)


def test_a_hit_is_explained(searcher):
    hit = searcher.search(Request("định danh")).hits[0]
    assert "words: place 1" in hit.why[0]
    assert "in the title: dinh, danh" in hit.why[0]


def test_more_like_an_item_leaves_out_itself_and_its_story(searcher, archive):
    tell(archive, 5, 1)
    index(archive, rebuild=True)
    found = [hit.item_id for hit in searcher.like(5).hits]
    assert found[0] == 6
    assert not {5, 1} & set(found)
    with pytest.raises(KeyError):
        searcher.like(99)


def test_all_hits_can_be_had_for_export(searcher):
    assert [hit.item_id for hit in searcher.every(Request(limit=1))] == [7, 6, 5, 4, 3, 2, 1]


def test_before_there_is_an_index_the_reader_is_told_what_to_do(archive):
    with pytest.raises(IndexMissing, match="decreewatch index"):
        open_searcher(archive, None).search(Request("phà"))


@pytest.mark.parametrize("limit", [0, 201])
def test_a_page_has_a_size(searcher, limit):
    with pytest.raises(QueryUnclear, match="1 to 200"):
        searcher.search(Request(limit=limit))


def test_how_far_the_index_is_behind_is_said(searcher, archive):
    observe(archive, seen("https://press.example/9", 60))
    assert "1 event behind" in searcher.search(Request("phà", mode="words")).notes[0]


def test_a_topic_or_source_that_nothing_has_is_named(searcher):
    found = searcher.search(Request("topic:telekom phà", mode="words"))
    assert found.notes == ("no item of the archive has the topic 'telekom'",)
    narrowed = Request("phà", Filters(sources=("presse",)), mode="words")
    assert "the source 'presse'" in searcher.search(narrowed).notes[0]

"""Vectors of what was gathered: computed once, newest first, and found by meaning."""

from pathlib import Path
from threading import Event as Signal

import pytest
from archives import NOON, observe, seen
from indexed_archives import cite, titles
from light_model import LightModel

from config import Config
from monitor import indexing, passages
from monitor.asking import surroundings
from monitor.indexing import Indexer
from storage import index_following, index_vectors
from storage.archive import Archive
from storage.index_folder import VECTORS, folder_of
from storage.search import Filters, Request, open_searcher

HEADLINES = (
    "Ferry to Con En opens again after two weeks",
    "Market of Con En sells more fish than ever",
    "Schools of Con En teach children to swim",
    "Ferry operators must register their captains",
)


@pytest.fixture
def archive(tmp_path: Path):
    opened = Archive.open(tmp_path / "archive")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def config() -> Config:
    return Config.model_validate(
        {
            "politeness": {"contact": "a@b.example"},
            "sources": [
                {"id": "press", "name": "Press", "kind": "state", "language": "vi",
                 "homepage": "https://press.example/", "feeds": ["https://press.example/feed"]},
            ],
            "instruments": [{"id": "ferries", "name": "Ferry Decree", "number": "901/2031/NĐ-CP"}],
        }
    )  # fmt: skip


def publish(archive: Archive, *headlines: str, first: int = 1) -> None:
    observe(
        archive,
        *(
            seen(f"https://press.example/{n}", n, title=title, text="", language="en")
            for n, title in enumerate(headlines, first)
        ),
    )


def indexed(archive: Archive, indexer: Indexer, **how: object) -> indexing.Embedded:
    indexer.words(archive, NOON)
    return indexer.vectors(archive, NOON, thorough=True, **how)  # type: ignore[arg-type]


def items_of(archive: Archive) -> list[int]:
    mark = index_vectors.read(folder_of(archive.root))
    assert mark is not None
    return index_vectors.Rows(folder_of(archive.root), mark).items.tolist()


def test_each_text_is_encoded_once_and_its_vector_is_kept_in_the_archive(archive, config):
    publish(archive, *HEADLINES)
    model = LightModel()
    assert indexed(archive, Indexer(config, lambda: model)).computed == 4
    with archive.reading() as tx:
        assert tx.vectors.counts() == {"light@1": 4}
    again = Indexer(config, lambda: model)
    assert indexed(archive, again).added == 0
    assert indexed(archive, again, rebuild=True) == indexing.Embedded(4, 0, 0)


def test_vectors_that_the_topics_were_found_with_are_taken(archive, config):
    publish(archive, HEADLINES[0])
    model = LightModel()
    vector = model.encode([HEADLINES[0]]).astype("float16")
    with archive.transaction() as tx:
        tx.vectors.put(1, "light@1", passages.VERSION, [0], vector.tobytes(), 48)
    assert indexed(archive, Indexer(config, lambda: model)).computed == 0


def test_a_vector_of_the_head_is_put_beside_those_of_the_body(archive, config):
    publish(archive, HEADLINES[0])
    model = LightModel()
    body = model.encode(["body"]).astype("float16")
    with archive.transaction() as tx:
        tx.vectors.put(1, "light@1", passages.VERSION, [3], body.tobytes(), 48)
    indexed(archive, Indexer(config, lambda: model))
    with archive.reading() as tx:
        kept = tx.vectors.get([1], "light@1", passages.VERSION)[1]
    assert kept.passages == (0, 3)
    assert kept.vectors.endswith(body.tobytes())


def test_the_newest_come_first_and_a_run_that_ends_is_taken_up(archive, config, monkeypatch):
    publish(archive, *(f"Ferry number {n}" for n in range(1, 8)))
    monkeypatch.setattr(indexing, "BATCH", 3)
    indexer = Indexer(config, LightModel)
    stop = Signal()
    stop.set()
    assert indexed(archive, indexer, stop=stop).left == 4
    assert set(items_of(archive)) == {7, 6, 5}
    assert indexed(archive, indexer, seconds=0.0).left == 1
    publish(archive, "Ferry number 8", first=8)
    assert indexed(archive, indexer).left == 0
    found = items_of(archive)
    assert (set(found[3:6]), found[6:]) == ({4, 3, 2}, [8, 1])


def test_with_many_waiting_the_newest_come_first_too(archive, config, monkeypatch):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    monkeypatch.setattr(index_following, "MOST_FOLLOWED", 2)
    publish(archive, "A", "B", "C", first=5)
    assert indexed(archive, indexer).added == 3
    assert sorted(items_of(archive)[4:]) == [5, 6, 7]


def test_an_edited_text_is_found_by_its_newest_meaning(archive, config):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    observe(archive, seen("https://press.example/2", 20, title=HEADLINES[0], text="",
                          language="en"))  # fmt: skip
    indexed(archive, indexer)
    searcher = open_searcher(archive, indexer.encode)
    found = searcher.search(Request(HEADLINES[0], mode="meaning"))
    assert {hit.item_id for hit in found.hits[:2]} == {1, 2}
    assert [hit.item_id for hit in found.hits].count(2) == 1


def test_meaning_finds_what_shares_no_strict_word_and_hybrid_puts_both_together(archive, config):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    searcher = open_searcher(archive, indexer.encode, surroundings(config))
    question = "Which ferry operators register captains"
    assert searcher.search(Request(question, mode="words")).hits[0].title == HEADLINES[3]
    found = searcher.search(Request(question))
    assert found.hits[0].title == HEADLINES[3]
    assert [line.split(":")[0] for line in found.hits[0].why] == ["words", "meaning", "together"]
    meant = searcher.search(Request("ferry ferry Con En", mode="meaning"))
    assert meant.hits[0].title == HEADLINES[0]
    assert "likeness" in meant.hits[0].why[0]
    assert titles(searcher.like(1))[0] in HEADLINES[1:3]


def test_filters_and_phrases_hold_for_meaning_too(archive, config):
    publish(archive, *HEADLINES)
    observe(archive, seen("https://wire.example/1", 9, source_id="wire", title=HEADLINES[0],
                          text="", language="en"))  # fmt: skip
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    searcher = open_searcher(archive, indexer.encode)
    of_wire = Request("ferry opens", Filters(sources=("wire",)), mode="meaning")
    assert [hit.item_id for hit in searcher.search(of_wire).hits] == [5]
    for query in ('"two weeks" ferry', "ferry opens -operators source:press"):
        found = searcher.search(Request(query, collapse=False))
        assert HEADLINES[3] not in titles(found), query
        assert found.total == sum(number for _, number in found.facets["sources"])


def test_without_a_model_or_vectors_words_are_found_and_the_reader_is_told(archive, config):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexer.words(archive, NOON)
    found = open_searcher(archive, indexer.encode).search(Request("ferry"))
    assert (len(found.hits), found.notes) == (
        2, ("meaning is not available yet: no text has a vector",),
    )  # fmt: skip
    assert "no model" in open_searcher(archive, None).search(Request("ferry")).notes[0]


def test_vectors_of_another_model_are_not_compared_but_made_anew(archive, config):
    publish(archive, *HEADLINES)
    indexed(archive, Indexer(config, LightModel))
    other = Indexer(config, lambda: LightModel("2"))
    searcher = open_searcher(archive, other.encode, surroundings(config, model=other.model))
    assert "another model's" in searcher.search(Request("ferry")).notes[0]
    assert indexed(archive, other).computed == 4
    assert searcher.search(Request("ferry")).notes == ()


@pytest.mark.parametrize("harm", ["short", "unfinished", "mark"])
def test_a_torn_file_of_vectors_is_mended(archive, config, harm):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    folder = folder_of(archive.root)
    rows = next(folder.glob("vectors-*.i8"))
    if harm == "short":
        rows.write_bytes(rows.read_bytes()[:-7])
    elif harm == "unfinished":
        rows.write_bytes(rows.read_bytes() + b"\x01" * 99)
    else:
        (folder / VECTORS).write_text("{", encoding="utf-8")
    publish(archive, "Ferry number 5", first=5)
    indexed(archive, indexer)
    assert sorted(items_of(archive)) == [1, 2, 3, 4, 5]
    found = open_searcher(archive, indexer.encode).search(Request("Ferry number 5"))
    assert found.hits[0].item_id == 5


def test_beyond_a_tail_a_graph_answers_the_same(archive, config, monkeypatch):
    publish(archive, *(f"Ferry number {n} of {n % 7} to port {n % 5}" for n in range(60)))
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    request = Request("Ferry number 17 to port 2", mode="meaning", collapse=False)
    flat = open_searcher(archive, indexer.encode).search(request)
    monkeypatch.setattr(index_vectors, "TAIL", 10)
    publish(archive, "Ferry number 60", first=61)
    indexed(archive, indexer)
    mark = index_vectors.read(folder_of(archive.root))
    assert mark is not None
    assert mark.graphed == 61
    graphed = open_searcher(archive, indexer.encode).search(request)
    near, first = ([hit.item_id for hit in found.hits[:10]] for found in (graphed, flat))
    assert near[:5] == first[:5]
    assert len({*near, *first}) <= 12


def test_any_form_of_a_citation_names_the_watched_instrument(archive, config):
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexer.words(archive, NOON)
    searcher = open_searcher(archive, None, surroundings(config))
    for query in ("Nghị định 901/2031/NĐ-CP", "Decree No. 901/2031/ND-CP", "ferry decree"):
        found = searcher.search(Request(query)).instrument
        assert found is not None, query
        assert found.instrument == "ferries"


def test_a_watched_instrument_is_asked_for_by_its_id_as_by_its_number(archive, config):
    publish(archive, *HEADLINES)
    cite(archive, 2, "901/2031/NĐ-CP")
    Indexer(config, LightModel).words(archive, NOON)
    searcher = open_searcher(archive, None, surroundings(config))
    for query in ("decree:ferries", "decree:901/2031/NĐ-CP"):
        assert titles(searcher.search(Request(query))) == [HEADLINES[1]], query
    by_id = Request(filters=Filters(instruments=("ferries",)))
    assert titles(searcher.search(by_id)) == [HEADLINES[1]]


def test_outdated_vectors_are_cleared_away_once_they_are_most(archive, config, monkeypatch):
    monkeypatch.setattr(index_vectors, "SPARE", 0)
    publish(archive, *HEADLINES)
    indexer = Indexer(config, LightModel)
    indexed(archive, indexer)
    for edition in range(5, 11):
        observe(archive, seen("https://press.example/1", 10 + edition, text="", language="en",
                              title=f"{HEADLINES[0]} in its edition {edition}"))  # fmt: skip
        indexed(archive, indexer)
    assert len(items_of(archive)) <= 9
    found = open_searcher(archive, indexer.encode).search(Request("edition 10", mode="meaning"))
    assert found.hits[0].item_id == 1


BOTH = {
    "vi": (
        "Mạng xã hội phải xác thực tài khoản bằng số điện thoại",
        "Bão gây mưa lớn, nhiều hồ chứa xả nước",
        "Giá vàng trong nước lập kỷ lục mới",
        "Trường học cấm học sinh dùng điện thoại trong lớp",
        "Đội bóng đá nữ giành huy chương vàng",
        "Bệnh viện mổ cấp cứu cứu sống sản phụ",
    ),
    "en": (
        "Airline cancels flights after engine trouble",
        "Police arrest gang that sold fake medicine",
        "Court jails blogger for criticising the state",
        "Coffee exports reach a record value",
        "Power cuts hit factories during the heat wave",
        "University cuts tuition fees for poor students",
    ),
}


def test_a_question_in_either_language_finds_coverage_in_the_other(archive, config, embedder):
    observe(
        archive,
        *(
            seen(f"https://press.example/{language}{n}", n, title=title, text="", language=language)
            for language, titles_ in BOTH.items()
            for n, title in enumerate(titles_)
        ),
    )
    indexer = Indexer(config, lambda: embedder)
    indexed(archive, indexer)
    searcher = open_searcher(archive, indexer.encode)
    for question, wanted in (
        ("social networks must verify users by phone", BOTH["vi"][0]),
        ("heavy rain from a storm fills reservoirs", BOTH["vi"][1]),
        ("phones banned in classrooms", BOTH["vi"][3]),
        ("công an bắt nhóm bán thuốc giả", BOTH["en"][1]),
        ("tòa phạt tù người viết blog", BOTH["en"][2]),
        ("mất điện làm nhà máy ngừng việc vì nắng nóng", BOTH["en"][4]),
    ):
        assert wanted in titles(searcher.search(Request(question)))[:2], question

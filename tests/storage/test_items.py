"""What an observation becomes: an item, a revision, an event, or nothing."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from archives import FEW, NOON, capture, emptied, everything, exchange, observe, seen
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from storage.addresses import AddressRefused, canonical_url
from storage.archive import Archive
from storage.models import Event
from storage.observations import Observation
from storage.problems import Problem

ARTICLE = "https://press.example/a"


def events(archive: Archive) -> list[Event]:
    with archive.reading() as tx:
        return tx.events.after(0)


def causes(archive: Archive, item_id: int = 1) -> list[str]:
    with archive.reading() as tx:
        return [revision.cause for revision in tx.items.revisions(item_id)]


def test_a_page_seen_for_the_first_time_is_a_new_item_and_one_event(archive: Archive) -> None:
    (recorded,) = observe(archive, seen())
    assert recorded.result == "new"
    (event,) = events(archive)
    assert (event.kind, event.subject) == ("item.appeared", f"item:{recorded.item_id}")
    assert event.data["revision"] == recorded.revision_id
    assert event.at == NOON


def test_the_same_text_fetched_again_is_no_new_revision(archive: Archive) -> None:
    first, again = observe(archive, seen(), seen(hour=30))
    assert again.result == "unchanged"
    assert again.revision_id == first.revision_id
    assert len(events(archive)) == 1
    with archive.reading() as tx:
        item = tx.items.get(first.item_id)
        assert item is not None
        assert item.last_seen - item.first_seen == timedelta(hours=30)


def test_a_changed_text_is_an_edit_that_names_the_text_before(archive: Archive) -> None:
    first, edit = observe(archive, seen(), seen(hour=1, text="Bến phà đóng cửa."))
    assert edit.result == "revised"
    event = events(archive)[-1]
    assert event.kind == "item.revised"
    assert event.data["cause"] == "edit"
    assert event.data["previous"] == first.revision_id


def test_a_feed_summary_that_gains_its_body_is_a_completion(archive: Archive) -> None:
    observe(archive, seen(text="", summary="Phà mở lại.", method="feed"), seen(hour=1))
    assert causes(archive) == ["first", "completion"]


def test_what_a_newer_extractor_reads_is_a_reextraction_and_no_edit(archive: Archive) -> None:
    _, again = observe(archive, seen(), seen(hour=1, text="Khác.", extractor_version=2))
    assert again.result == "reextracted"
    assert events(archive)[-1].data["cause"] == "reextraction"


def test_stored_bytes_read_again_after_the_page_was_last_seen_become_the_newest_text(
    archive: Archive,
) -> None:
    (number,) = capture(archive, exchange(b"x"))
    _, _, again = observe(
        archive,
        seen(capture_id=number),
        seen(hour=50, capture_id=number),
        seen(hour=1, capture_id=number, text="Đọc kỹ hơn.", extractor_version=2),
    )
    assert again.result == "reextracted"
    with archive.reading() as tx:
        item = tx.items.by_url(ARTICLE)
        assert item is not None
        newest = tx.items.latest(item)
        assert newest is not None
        assert newest.text == "Đọc kỹ hơn."


def test_an_older_text_learned_of_later_completes_the_history_silently(archive: Archive) -> None:
    old = seen(hour=20, text="Bản cũ.", extractor="import", backfill=True)
    observe(archive, seen(), seen(hour=48), old)
    assert causes(archive) == ["first", "late"]
    assert len(events(archive)) == 1
    with archive.reading() as tx:
        ((item, newest),) = tx.items.every()
        assert newest.text == "Bến phà mở lại sau ba ngày."
        assert item.latest == 1


def test_an_edit_is_told_though_the_clock_was_set_back_before_it_was_seen(
    archive: Archive,
) -> None:
    observe(archive, seen(), seen(hour=26, text="Sửa."), seen(hour=2, text="Sửa nữa."))
    observe(archive, seen(hour=3))
    assert causes(archive) == ["first", "edit", "edit", "edit"]
    assert [event.kind for event in events(archive)][1:] == ["item.revised"] * 3
    with archive.reading() as tx:
        ((_, newest),) = tx.items.every()
        assert newest.text == seen().text


def test_what_comes_from_an_old_collection_says_so_in_its_event(archive: Archive) -> None:
    observe(archive, seen(backfill=True))
    assert events(archive)[0].data["backfill"] is True


@pytest.mark.parametrize(
    "other",
    [
        "HTTPS://Press.Example:443/a#binh-luan",
        "https://press.example/a?utm_source=feed&fbclid=zz",
        "  https://press.example/a ",
    ],
)
def test_one_page_under_many_addresses_is_one_item(archive: Archive, other: str) -> None:
    first, again = observe(archive, seen(), seen(other, hour=1))
    assert again.item_id == first.item_id


def test_parameters_in_another_order_name_the_same_document(archive: Archive) -> None:
    url = "https://portal.example/doc?id=7&part=2"
    first, again = observe(archive, seen(url), seen("https://portal.example/doc?part=2&id=7"))
    assert again.item_id == first.item_id


def test_a_parameter_given_twice_is_kept_twice(archive: Archive) -> None:
    url = "https://portal.example/list?tag=a&tag=b"
    first, other = observe(archive, seen(url), seen("https://portal.example/list?tag=a"))
    assert other.item_id != first.item_id


@given(
    st.text("abAB0/?&=#%+._-~ộ ", max_size=40),
    st.sampled_from(["", ":80", ":443", ":8080"]),
)
def test_a_canonical_address_is_its_own_canonical_form(rest: str, port: str) -> None:
    url = canonical_url(f"http://Press.example{port}/{rest}")
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a:port/", "https://a.example/" + "a" * 3000]
)
def test_an_unusable_address_is_refused_in_one_line(archive: Archive, url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        observe(archive, seen(url))
    assert "\n" not in str(refused.value)
    assert events(archive) == []


def test_text_is_stored_composed_and_decomposed_text_is_no_change(archive: Archive) -> None:
    plain = seen(title="Nghị định về bến", fields={"cơ quan": "Bộ Phà", "số": ["một", 2]})
    apart = seen(
        hour=1,
        title=unicodedata.normalize("NFD", plain.title),
        text=unicodedata.normalize("NFD", plain.text),
        fields={unicodedata.normalize("NFD", "cơ quan"): "Bộ Phà", "số": ["một", 2]},
    )
    assert [one.result for one in observe(archive, apart, plain)] == ["new", "unchanged"]
    with archive.reading() as tx:
        ((_, revision),) = tx.items.every()
        assert revision.title == "Nghị định về bến"


def test_characters_that_a_database_refuses_stop_nothing(archive: Archive) -> None:
    look = seen(
        title="Tên\x00 \ud800lạ",
        text="\udcff",
        language="vi-VN-x-very-long",
        method="m" * 300,
        byline=("A\x00",),
        notes=("\ud800",),
        fields={"k\x00": "\ud800"},
    )
    results = [one.result for one in observe(archive, look, look)]
    assert results == ["new", "unchanged"]
    with archive.transaction() as tx:
        tx.sources.trouble("press", "https://press.example/\x00", "empty-body", "\ud800\x00", NOON)
    with archive.reading() as tx:
        ((_, revision),) = tx.items.every()
        assert revision.title == "Tên \N{REPLACEMENT CHARACTER}lạ"


def test_a_failed_transaction_leaves_neither_revision_nor_event(archive: Archive) -> None:
    with pytest.raises(RuntimeError), archive.transaction() as tx:
        tx.items.observe(seen())
        tx.events.append("source.failing", "source:press", NOON)
        raise RuntimeError("power cut")
    assert everything(archive) == []


def test_a_part_that_fails_is_undone_alone(archive: Archive) -> None:
    with archive.transaction() as tx:
        tx.items.observe(seen())
        with pytest.raises(RuntimeError), tx.savepoint():
            tx.items.observe(seen("https://press.example/b"))
            raise RuntimeError("half-way")
    assert [event.data["url"] for event in events(archive)] == [ARTICLE]


def test_a_transaction_that_reads_cannot_write(archive: Archive) -> None:
    with pytest.raises((Problem, DBAPIError)), archive.reading() as tx:
        tx.items.observe(seen())
    assert everything(archive) == []


def test_a_page_missing_for_hours_is_removed_once(archive: Archive) -> None:
    observe(archive, seen())
    said = []
    for hour in (10, 11, 13, 20):
        with archive.transaction() as tx:
            at = NOON + timedelta(hours=hour)
            said.append(tx.items.missing(ARTICLE, NOON + timedelta(hours=10), at, 404))
    assert said == [False, False, True, False]
    assert [event.kind for event in events(archive)] == ["item.appeared", "item.removed"]
    assert events(archive)[-1].data["status"] == 404


def test_a_page_that_came_back_can_be_removed_again(archive: Archive) -> None:
    observe(archive, seen())
    for gone, back in ((10, 20), (30, 40)):
        with archive.transaction() as tx:
            at = NOON + timedelta(hours=gone)
            assert tx.items.missing(ARTICLE, at - timedelta(hours=3), at, 410)
        observe(archive, seen(hour=back))
    with archive.reading() as tx:
        ((item, _),) = tx.items.every()
        assert item.removed_at is None
    assert [event.kind for event in events(archive)].count("item.removed") == 2


def test_a_page_that_nobody_knows_cannot_be_removed(archive: Archive) -> None:
    with archive.transaction() as tx:
        assert not tx.items.missing(ARTICLE, NOON, NOON + timedelta(days=1), 404)


LOOKS = st.lists(
    st.builds(
        lambda hour, text, version: seen(
            hour=hour, text=text, extractor_version=version, backfill=True
        ),
        st.integers(0, 6),
        st.sampled_from(["", "một", "hai", "ba"]),
        st.just(1),
    ),
    min_size=1,
    max_size=8,
)


@FEW
@given(looks=LOOKS)
def test_observing_everything_again_changes_nothing(
    archive: Archive, looks: list[Observation]
) -> None:
    emptied(archive)
    observe(archive, *looks)
    before = everything(archive)
    assert {one.result for one in observe(archive, *looks)} == {"unchanged"}
    assert everything(archive) == before


@FEW
@given(looks=LOOKS)
def test_the_latest_revision_says_what_was_seen_last(
    archive: Archive, looks: list[Observation]
) -> None:
    emptied(archive)
    observe(archive, *looks)
    last = max(look.seen_at for look in looks)
    with archive.reading() as tx:
        ((item, newest),) = tx.items.every()
    assert item.last_seen == last
    assert item.first_seen == min(look.seen_at for look in looks)
    assert newest.text in {look.text for look in looks if look.seen_at == last}


@FEW
@given(looks=LOOKS)
def test_every_text_that_was_seen_is_kept(archive: Archive, looks: list[Observation]) -> None:
    emptied(archive)
    observe(archive, *looks)
    with archive.reading() as tx:
        kept = {revision.text for revision in tx.items.every_revision()}
    assert kept == {look.text for look in looks}


def test_a_reader_that_was_mended_wins_over_the_one_that_broke(archive: Archive) -> None:
    (number,) = capture(archive, exchange(b"x"))
    looks = [
        seen(capture_id=number, text=text, extractor_version=version)
        for version, text in ((1, "đúng"), (2, "sai"), (3, "đúng"))
    ]
    assert [one.result for one in observe(archive, *looks)] == ["new", "reextracted", "reextracted"]
    assert {one.result for one in observe(archive, *looks)} == {"unchanged"}
    with archive.reading() as tx:
        ((_, newest),) = tx.items.every()
    assert (newest.text, newest.extractor_version) == ("đúng", 3)


def test_long_tables_are_read_page_by_page_without_loss(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.paging.PAGE", 2)
    for text in ("một", "hai"):
        looks = [seen(f"https://press.example/{n}", text=text) for n in range(5)]
        observe(archive, *(replace(look, source_id=f"s{n % 2}") for n, look in enumerate(looks)))
    with archive.reading() as tx:
        assert [item.id for item, _ in tx.items.every()] == [1, 2, 3, 4, 5]
        assert [item.id for item, _ in tx.items.every(source="s0")] == [1, 3, 5]
        assert [one.id for one in tx.items.every_revision()] == list(range(1, 11))

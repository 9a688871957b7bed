"""What the classifier learns from and leaves behind, as the archive keeps it."""

from datetime import timedelta

import pytest
from archives import NOON, observe, seen

from storage.archive import Archive
from storage.findings import FoundTag
from storage.heads import NoSuchHead
from storage.labels import Verdict, Words
from storage.vectors import StoredVectors

ROW = b"\x00\x3c" * 4


def say(archive: Archive, item: int, *words: tuple[Verdict, str | None]) -> None:
    with archive.transaction() as tx:
        for verdict, topic in words:
            tx.labels.add(item, item, verdict=verdict, topic=topic, passage=f"{topic}", at=NOON)


def words_on(archive: Archive, item: int) -> Words | None:
    with archive.reading() as tx:
        return tx.labels.words([item]).get(item)


def test_the_newest_word_on_a_topic_counts_and_the_others_are_kept(archive: Archive) -> None:
    observe(archive, seen())
    say(archive, 1, ("right", "telecom"), ("also", "minors"), ("wrong", "telecom"))
    assert words_on(archive, 1) == Words(frozenset({"minors"}), frozenset({"telecom"}))
    with archive.reading() as tx:
        assert [one.verdict for one in tx.labels.of(1)] == ["right", "also", "wrong"]
        assert tx.labels.last() == 3


def test_off_topic_is_a_word_on_every_topic_until_a_later_one_on_one(archive: Archive) -> None:
    observe(archive, seen())
    say(archive, 1, ("right", "telecom"), ("wrong", None))
    assert words_on(archive, 1) == Words(only=True)
    with archive.reading() as tx:
        assert tx.labels.lessons()[0].off_topic
    say(archive, 1, ("also", "minors"))
    assert words_on(archive, 1) == Words(frozenset({"minors"}), only=True)
    with archive.reading() as tx:
        (lesson,) = tx.labels.lessons()
        assert not lesson.off_topic
        assert lesson.passages == ("None", "minors")


def test_lessons_up_to_a_label_are_what_was_known_then(archive: Archive) -> None:
    observe(archive, seen(), seen("https://press.example/b", published_at=NOON - timedelta(days=9)))
    say(archive, 2, ("right", "telecom"))
    say(archive, 1, ("right", "minors"))
    say(archive, 2, ("wrong", None))
    with archive.reading() as tx:
        then, now = tx.labels.lessons(2), tx.labels.lessons()
        assert tx.labels.lessons(0) == []
    assert [(one.item_id, set(one.right)) for one in then] == [(1, {"minors"}), (2, {"telecom"})]
    assert [(one.item_id, one.off_topic) for one in now] == [(1, False), (2, True)]
    assert [one.published_at for one in now] == [NOON, NOON - timedelta(days=9)]


def test_a_lesson_is_the_text_that_was_labelled_whatever_became_of_it(archive: Archive) -> None:
    observe(archive, seen(text="Trước."))
    say(archive, 1, ("right", "telecom"))
    observe(archive, seen(hour=1, text="Sau."))
    with archive.reading() as tx:
        assert [one.text for one in tx.labels.lessons()] == ["Trước."]


@pytest.mark.parametrize(("verdict", "topic"), [("perhaps", "telecom"), ("right", None)])
def test_a_word_that_says_nothing_is_refused(
    archive: Archive, verdict: Verdict, topic: str | None
) -> None:
    observe(archive, seen())
    with pytest.raises(ValueError, match=r"perhaps|needs a topic"):
        say(archive, 1, (verdict, topic))


def test_vectors_are_given_back_for_the_same_model_and_cut_alone(archive: Archive) -> None:
    observe(archive, seen())
    with archive.transaction() as tx:
        tx.vectors.put(1, "m@1", 1, (0, 3), ROW, 2)
    with archive.reading() as tx:
        assert tx.vectors.get([1, 2], "m@1", 1) == {1: StoredVectors((0, 3), ROW, 2)}
        assert tx.vectors.get([1], "m@2", 1) == tx.vectors.get([1], "m@1", 2) == {}


def test_vectors_of_a_new_cut_replace_the_old_and_of_a_new_model_stand_beside(
    archive: Archive,
) -> None:
    observe(archive, seen())
    for model, cut in (("m@1", 1), ("m@1", 2), ("m@2", 2)):
        with archive.transaction() as tx:
            tx.vectors.put(1, model, cut, (0,), ROW, 4)
    with archive.transaction() as tx:
        assert tx.vectors.counts() == {"m@1": 1, "m@2": 1}
        assert tx.vectors.drop_others("m@2", 2) == 1
        assert tx.vectors.counts() == {"m@2": 1}


def test_vectors_that_do_not_fit_their_passages_are_refused(archive: Archive) -> None:
    observe(archive, seen())
    with pytest.raises(ValueError, match="3 vectors of 4 dimensions"), archive.transaction() as tx:
        tx.vectors.put(1, "m@1", 1, (0, 1, 2), ROW, 4)


def test_one_head_is_in_use_or_none(archive: Archive) -> None:
    with archive.transaction() as tx:
        for note in ("first", "second"):
            tx.heads.add(NOON, "m@1", {"kind": "svm"}, 7, {"f1": 0.9}, note)
        assert tx.heads.active() is None
    for number in (1, 2, 1):
        with archive.transaction() as tx:
            tx.heads.use(number, NOON)
        with archive.reading() as tx:
            active = tx.heads.active()
            assert active is not None
            assert (active.number, active.recipe, active.labels_upto) == (
                number, {"kind": "svm"}, 7,
            )  # fmt: skip
    with archive.transaction() as tx:
        tx.heads.use(0, NOON)
        assert tx.heads.active() is None
        assert [head.note for head in tx.heads.all()] == ["first", "second"]


def test_a_head_that_is_not_there_is_named_with_those_that_are(archive: Archive) -> None:
    with archive.transaction() as tx:
        tx.heads.add(NOON, "m@1", {}, 0, {})
        tx.heads.use(1, NOON)
    with pytest.raises(NoSuchHead, match=r"no head 7.* and 1"), archive.transaction() as tx:
        tx.heads.use(7, NOON)
    with archive.reading() as tx:
        assert tx.heads.active() is not None


def test_what_another_classifier_read_is_found_newest_first(archive: Archive) -> None:
    addresses = [f"https://press.example/{n}" for n in range(4)]
    observe(archive, *(seen(url, hour) for url, hour in zip(addresses, (3, 0, 3, 1), strict=True)))
    with archive.transaction() as tx:
        old = tx.readings.classifier("old")
        for revision in (1, 2, 3):
            tx.readings.note([revision], old)
        tx.findings.tag(2, [FoundTag("telecom", 0.9, 0.5, "")], "old")
        new = tx.readings.classifier("new")
        assert [one.item.id for one in tx.readings.stale("new", 9)] == [3, 1, 2]
        first = tx.readings.stale("new", 1)[0].item
        after = tx.readings.stale("new", 9, before=(first.first_seen, first.id))
        assert [one.item.id for one in after] == [1, 2]
        assert tx.readings.stale_count("new") == 3
        assert tx.readings.stale_count("new", tagged=True) == 1
        tx.readings.note([1], new)
        assert [one.item.id for one in tx.readings.stale("new", 9)] == [3, 2]
        tx.readings.count_all_as_stale()
        assert tx.readings.stale_count("new") == 3


def test_the_present_classifier_is_the_one_that_came_to_use_last(archive: Archive) -> None:
    numbers = []
    for version in ("a", "b", "a", "a"):
        with archive.transaction() as tx:
            numbers.append(tx.readings.classifier(version))
            present = tx.readings.present()
            assert present is not None
            assert present.version == version
    assert numbers[0] == numbers[2] == numbers[3] != numbers[1]

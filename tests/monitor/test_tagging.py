"""The topics stage on a real archive: nothing is lost, nothing is encoded twice, words count."""

import struct
from collections.abc import Iterator

import pytest
from archives import Places, observe, seen
from classified_archives import (
    FERRY,
    SAYS,
    TOPICS,
    classifiers,
    classify,
    later,
    publish,
    topics,
    use_head,
)
from light_model import LightModel

from monitor import passages
from monitor.citing import CitationsStage
from monitor.classifier import Classifiers, HeadUnusable
from monitor.embedding import Embedder
from monitor.labelling import act, label
from monitor.stages import run_stages
from monitor.tagging import TopicsStage
from storage.archive import Archive
from storage.labels import Verdict
from storage.log import Reader, rewind
from storage.problems import Problem


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open("archive")
    yield opened
    opened.close()


def tagged(archive: Archive) -> list[tuple[int, set[str], bool]]:
    """What the log says was tagged: item, topics, and whether it had been read before."""
    with archive.reading() as tx:
        return [
            (
                event.data["item"],
                {topic["topic"] for topic in event.data["topics"]},
                bool(event.data.get("rerun")),
            )
            for event in tx.events.since(None, ["item.tagged"])
        ]


def say(archive: Archive, item: int, *words: tuple[Verdict, str | None]) -> None:
    with archive.transaction() as tx:
        found = tx.items.get(item)
        assert found is not None
        for verdict, topic in words:
            label(tx, found, verdict, topic, by="lan", at=later())
        act(tx, found, later())


def test_each_article_gets_its_topics_with_passage_and_nearest_example(archive: Archive) -> None:
    publish(archive, SAYS["minors"], FERRY, SAYS["livestream"])
    assert classify(archive, classifiers()).read == 3
    assert topics(archive) == {1: {"minors"}, 2: set(), 3: {"livestream"}}
    assert tagged(archive) == [(1, {"minors"}, False), (3, {"livestream"}, False)]
    with archive.reading() as tx:
        (tag,) = tx.findings.tags(1)
        assert SAYS["minors"] in tag.passage
        assert tag.nearest == SAYS["minors"]
        assert tag.score >= tag.threshold > 0
        present = tx.readings.present()
        assert present is not None
        assert tag.model == present.version
        assert tx.readings.of([1, 2, 3]) == dict.fromkeys((1, 2, 3), present.number)


def test_without_a_model_everything_else_runs_and_no_item_is_lost(archive: Archive) -> None:
    class Missing(Problem):
        """As when there is no model and no way to get it."""

    there = False

    def load() -> Embedder:
        if not there:
            raise Missing("no model: install one")
        return LightModel()

    stages: list[Reader] = [TopicsStage(Classifiers(TOPICS, load)), CitationsStage(())]
    publish(archive, SAYS["minors"], "Nghị định 147/2024/NĐ-CP có hiệu lực", FERRY)
    topics_stage, citations = run_stages(archive, stages, later())
    assert (topics_stage.read, topics_stage.problem) == (0, "no model: install one")
    assert citations.read == 3
    with archive.reading() as tx:
        assert tx.events.cursor("topics") == 0
        assert tx.events.cursor("citations") == tx.events.last()
        assert tx.events.failures() == []
        assert tx.findings.citations(2)
    there = True
    publish(archive, SAYS["livestream"])
    assert run_stages(archive, stages, later())[0].read == 4
    assert topics(archive) == {1: {"minors"}, 2: set(), 3: set(), 4: {"livestream"}}


def test_what_was_encoded_is_not_encoded_again(archive: Archive) -> None:
    model = LightModel()
    publish(archive, SAYS["minors"], SAYS["livestream"], FERRY)
    using = classifiers(model)
    classify(archive, using)
    before, encoded = topics(archive), model.encoded
    rewind(archive, "topics", 0, later())
    assert classify(archive, using).read == 3
    assert model.encoded == encoded
    assert topics(archive) == before
    assert len(tagged(archive)) == 2


def test_vectors_are_kept_as_halves_under_the_model_and_the_cut(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    classify(archive, classifiers())
    with archive.reading() as tx:
        assert tx.vectors.counts() == {"light@1": 1}
        kept = tx.vectors.get([1], "light@1", passages.VERSION)[1]
    rows = struct.unpack(f"{len(kept.vectors) // 2}e", kept.vectors)
    assert len(rows) == len(kept.passages) * kept.dimensions
    assert sum(x * x for x in rows[: kept.dimensions]) == pytest.approx(1, abs=0.01)


def test_another_model_encodes_anew_and_keeps_its_vectors_beside(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    classify(archive, classifiers())
    rewind(archive, "topics", 0, later())
    model = LightModel("2")
    classify(archive, classifiers(model))
    assert model.encoded > 0
    with archive.reading() as tx:
        assert tx.vectors.counts() == {"light@1": 1, "light@2": 1}


def test_a_head_is_taken_up_without_a_restart(archive: Archive) -> None:
    using = classifiers()
    publish(archive, SAYS["minors"])
    classify(archive, using)
    use_head(archive, {"kind": "svm", "thresholds": {"minors": 1.01}})
    publish(archive, SAYS["minors"])
    classify(archive, using)
    assert topics(archive) == {1: {"minors"}, 2: set()}
    with archive.transaction() as tx:
        tx.heads.use(0, later())
    publish(archive, SAYS["minors"])
    classify(archive, using)
    assert topics(archive)[3] == {"minors"}


def test_a_head_learns_from_the_labels_up_to_its_number(archive: Archive) -> None:
    publish(archive, SAYS["minors"], SAYS["minors"])
    using = classifiers()
    classify(archive, using)
    before = using.of(archive).version
    say(archive, 1, ("wrong", "minors"))
    use_head(archive, {"kind": "svm"}, upto=1)
    taught = using.of(archive).version
    say(archive, 2, ("right", "minors"))
    assert using.of(archive).version == taught != before


def test_a_head_of_another_program_is_named_with_what_to_do(archive: Archive) -> None:
    use_head(archive, {"kind": "svm", "depth": 9})
    with pytest.raises(HeadUnusable, match=r"head 1 .*decreewatch train"):
        classifiers().of(archive)


def test_words_change_the_tags_at_once_and_the_log_says_so(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    classify(archive, classifiers())
    say(archive, 1, ("wrong", "minors"), ("also", "livestream"))
    assert topics(archive) == {1: {"livestream"}}
    assert tagged(archive)[1:] == [(1, {"livestream"}, True)]
    with archive.reading() as tx:
        (tag,) = tx.findings.tags(1)
        assert (tag.score, tag.model) == (1.0, "label")
        wrong, also = tx.labels.of(1)
        assert SAYS["minors"] in wrong.passage
        assert also.passage == ""
    say(archive, 1, ("wrong", None))
    assert topics(archive) == {1: set()}
    assert tagged(archive)[2:] == [(1, set(), True)]


def test_a_word_that_confirms_changes_no_tag_and_says_nothing(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    classify(archive, classifiers())
    say(archive, 1, ("right", "minors"))
    with archive.reading() as tx:
        (tag,) = tx.findings.tags(1)
        assert tag.model != "label"
    assert len(tagged(archive)) == 1


def test_words_hold_when_the_stage_reads_again_and_when_the_article_is_edited(
    archive: Archive,
) -> None:
    publish(archive, SAYS["minors"])
    using = classifiers()
    classify(archive, using)
    say(archive, 1, ("wrong", "minors"), ("also", "livestream"))
    rewind(archive, "topics", 0, later())
    classify(archive, using)
    assert topics(archive) == {1: {"livestream"}}
    observe(archive, seen("https://press.example/1", 30, title=SAYS["minors"], text="Sửa lại."))
    classify(archive, using)
    with archive.reading() as tx:
        (item,) = (item for item, _ in tx.items.every())
        assert item.latest == 2
    assert topics(archive) == {1: {"livestream"}}


def test_words_on_an_item_that_waits_are_heeded_when_it_is_read(archive: Archive) -> None:
    publish(archive, FERRY, SAYS["minors"])
    say(archive, 1, ("also", "livestream"))
    say(archive, 2, ("wrong", None))
    assert topics(archive) == {1: {"livestream"}, 2: set()}
    classify(archive, classifiers())
    assert topics(archive) == {1: {"livestream"}, 2: set()}
    assert tagged(archive) == [(1, {"livestream"}, True), (1, {"livestream"}, False)]


def test_a_word_on_a_topic_that_is_no_longer_declared_puts_nothing_on(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    say(archive, 1, ("also", "sea-cables"))
    classify(archive, classifiers())
    assert topics(archive) == {1: {"minors"}}

"""The archive read again: complete after a kill, cheap where vectors are kept, never news."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

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

from alerts.stage import RulesStage
from config import Config
from monitor.classifier import Classifiers, NoTopics
from monitor.labelling import act, label
from monitor.reclassify import BATCH, ReclassifyReport, reclassify
from storage.archive import Archive
from storage.log import advance

ROOT = Path(__file__).parents[2]
STRICT = {"kind": "svm", "thresholds": {"minors": 1.01}}
TITLES = (SAYS["minors"], FERRY, SAYS["livestream"])
KILLED = """
import sys, time
from pathlib import Path
from classified_archives import classifiers, later
from light_model import LightModel
from monitor.reclassify import reclassify
from storage.archive import Archive

def tell(done, total):
    print(done, "read", flush=True)
    model.before = wait

def wait():
    print("encoding", flush=True)
    time.sleep(600)

model = LightModel("2")
archive = Archive.open(Path(sys.argv[1]), sys.argv[2] or None)
reclassify(archive, classifiers(model), later, on_progress=tell)
"""


@pytest.fixture
def archive(places: Places) -> Iterator[Archive]:
    opened = places.open("archive")
    yield opened
    opened.close()


def again(archive: Archive, using: Classifiers | None = None, **how: Any) -> ReclassifyReport:
    return reclassify(archive, using or classifiers(), later, **how)


def tagged(archive: Archive) -> list[tuple[int, set[str], bool]]:
    with archive.reading() as tx:
        return [
            (
                event.data["item"],
                {topic["topic"] for topic in event.data["topics"]},
                bool(event.data.get("rerun")),
            )
            for event in tx.events.since(None, ["item.tagged"])
        ]


def found(archive: Archive) -> dict[str, Any]:
    """All that a run leaves behind."""
    with archive.reading() as tx:
        return {
            "tags": [
                (item.url, tag.topic, tag.score, tag.passage, tag.nearest, tag.model)
                for item, revision in tx.items.every()
                for tag in tx.findings.tags(revision.id)
            ],
            "said": sorted(map(str, tagged(archive))),
            "readings": tx.readings.of([revision.id for revision in tx.items.every_revision()]),
            "vectors": tx.vectors.counts(),
        }


def test_a_new_head_reads_all_again_and_costs_no_transformer(
    archive: Archive, tmp_path: Path
) -> None:
    model = LightModel(folder=tmp_path)
    using = classifiers(model)
    publish(archive, *TITLES)
    classify(archive, using)
    encoded = model.encoded
    use_head(archive, STRICT)
    assert again(archive, using).to_json() == {"read": 3, "changed": 1, "encoded": 0, "left": 0}
    assert model.encoded == encoded
    assert topics(archive) == {1: set(), 2: set(), 3: {"livestream"}}
    assert tagged(archive)[2:] == [(1, set(), True)]


def test_what_this_classifier_has_read_is_not_read_again_unless_told_to(archive: Archive) -> None:
    using = classifiers()
    publish(archive, *TITLES)
    classify(archive, using)
    assert again(archive, using).read == 0
    assert again(archive, using, restart=True).to_json() == {
        "read": 3, "changed": 0, "encoded": 0, "left": 0,
    }  # fmt: skip


def test_a_new_model_encodes_all_and_the_old_vectors_go_when_it_is_through(
    archive: Archive,
) -> None:
    publish(archive, *TITLES)
    classify(archive, classifiers())
    report = again(archive, classifiers(LightModel("2")))
    assert report.read == 3
    assert report.encoded >= 2
    with archive.reading() as tx:
        assert set(tx.vectors.counts()) == {"light@2"}


def test_other_topics_are_found_in_what_was_read_before(archive: Archive) -> None:
    without = [topic for topic in TOPICS if topic.id != "minors"]
    publish(archive, *TITLES)
    classify(archive, classifiers(topics=without))
    assert "minors" not in topics(archive)[1]
    again(archive)
    assert topics(archive) == {1: {"minors"}, 2: set(), 3: {"livestream"}}


def test_the_newest_are_read_first_and_of_each_item_its_newest_text(archive: Archive) -> None:
    publish(archive, *TITLES[:2])
    observe(archive, seen("https://press.example/1", 40, title=FERRY, text="Nay khác."))
    using = classifiers()
    classify(archive, using)
    use_head(archive, STRICT)
    with archive.reading() as tx:
        assert [one.item.id for one in tx.readings.stale(using.of(archive).version, 9)] == [2, 1]
        old = [(tag.topic, tag.model) for tag in tx.findings.tags(1)]
    again(archive, using)
    with archive.reading() as tx:
        assert [(tag.topic, tag.model) for tag in tx.findings.tags(1)] == old
    assert topics(archive)[1] == set()


def test_what_people_said_holds(archive: Archive) -> None:
    using = classifiers()
    publish(archive, *TITLES)
    classify(archive, using)
    with archive.transaction() as tx:
        ferry, show = tx.items.get(2), tx.items.get(3)
        assert ferry is not None and show is not None
        label(tx, ferry, "also", "minors", by="lan", at=later())
        label(tx, show, "wrong", "livestream", by="lan", at=later())
        act(tx, ferry, later())
        act(tx, show, later())
    use_head(archive, STRICT)
    again(archive, using)
    assert topics(archive) == {1: set(), 2: {"minors"}, 3: set()}


def test_what_the_stage_has_yet_to_read_is_left_to_it(archive: Archive) -> None:
    using = classifiers()
    publish(archive, SAYS["livestream"])
    classify(archive, using)
    publish(archive, SAYS["minors"])
    again(archive, using, restart=True)
    assert topics(archive) == {1: {"livestream"}, 2: set()}
    classify(archive, using)
    assert tagged(archive) == [(1, {"livestream"}, False), (2, {"minors"}, False)]


def test_a_head_put_to_use_meanwhile_reads_everything(archive: Archive) -> None:
    using = classifiers()
    publish(archive, *([SAYS["minors"]] * (BATCH + 3)))
    classify(archive, using)
    use_head(archive, {"kind": "svm", "thresholds": {"minors": 0.2}})

    def switch(done: int, total: int) -> None:
        if done == BATCH:
            use_head(archive, STRICT)

    assert again(archive, using, on_progress=switch).left == 0
    assert set(map(frozenset, topics(archive).values())) == {frozenset()}


def test_new_items_are_classified_while_it_runs(archive: Archive) -> None:
    publish(archive, *TITLES)
    classify(archive, classifiers())
    reading, go_on = Signal(), Signal()

    def wait() -> None:
        reading.set()
        assert go_on.wait(120)

    slow = classifiers(LightModel("4", before=wait))
    beside = Thread(target=lambda: again(archive, slow))
    beside.start()
    try:
        assert reading.wait(120)
        publish(archive, SAYS["minors"])
        assert classify(archive, classifiers(LightModel("4"))).read == 1
        assert topics(archive)[4] == {"minors"}
    finally:
        go_on.set()
        beside.join(120)
    assert tagged(archive)[2] == (4, {"minors"}, False)
    with archive.reading() as tx:
        assert set(tx.vectors.counts()) == {"light@4"}


def test_an_item_that_was_edited_or_read_by_another_meanwhile_is_left_alone(
    archive: Archive,
) -> None:
    publish(archive, SAYS["minors"], SAYS["livestream"])
    classify(archive, classifiers())
    use_head(archive, STRICT)
    edited = seen("https://press.example/1", 40, title=FERRY, text="Nay khác.")
    meanwhile = iter([lambda: (observe(archive, edited), classify(archive, classifiers()))])

    class Meanwhile(Classifiers):
        """Something happens between the reading of a batch and its writing."""

        def of(self, archive: Archive | None) -> Any:
            using = super().of(archive)
            read = using.tagger.read

            def then(*args: Any, **how: Any) -> Any:
                given = read(*args, **how)
                next(meanwhile, lambda: None)()
                return given

            using.tagger.read = then  # type: ignore[method-assign]
            return using

    again(archive, Meanwhile(TOPICS, LightModel))
    assert topics(archive) == {1: set(), 2: {"livestream"}}
    with archive.reading() as tx:
        assert [event.data["item"] for event in tx.events.since(None, ["item.revised"])] == [1]
        assert tx.readings.stale_count(classifiers().of(archive).version) == 0


def test_no_topics_to_classify_by_is_said_and_takes_nothing_off(archive: Archive) -> None:
    publish(archive, SAYS["minors"])
    classify(archive, classifiers())
    with pytest.raises(NoTopics, match=r"\[\[topics\]\]"):
        again(archive, classifiers(topics=()))
    assert topics(archive) == {1: {"minors"}}


@pytest.mark.slow
def test_killed_in_the_middle_and_run_again_it_ends_as_if_undisturbed(places: Places) -> None:
    left = {}
    for name in ("killed", "undisturbed"):
        archive = places.open(name)
        publish(archive, *(TITLES * BATCH)[: BATCH + 5])
        classify(archive, classifiers())
        use_head(archive, STRICT)
        if name == "killed":
            kill_after_a_batch(places, name)
        report = again(archive, classifiers(LightModel("2")))
        assert report.read == (5 if name == "killed" else BATCH + 5)
        left[name] = found(archive)
        archive.close()
    assert left["killed"] == left["undisturbed"]


def kill_after_a_batch(places: Places, name: str) -> None:
    """Run it in another process, which is killed while it has the second batch encoded."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(places.root(name)), places.url(name) or ""],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"{BATCH} read\n"
    assert process.stdout.readline() == "encoding\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def test_a_topic_that_a_rerun_finds_raises_no_alert_of_coverage_or_of_an_edit(
    archive: Archive,
) -> None:
    rules = RulesStage(watching("minors"))
    using = classifiers()
    use_head(archive, STRICT)
    publish(archive, FERRY, SAYS["minors"])
    observe(archive, seen("https://press.example/1", 40, title=SAYS["minors"], text="Sửa."))
    classify(archive, using)
    assert told(archive, rules) == []
    with archive.transaction() as tx:
        tx.heads.use(0, later())
    again(archive, using)
    assert topics(archive) == {1: {"minors"}, 2: {"minors"}}
    assert [(item, rerun) for item, _, rerun in tagged(archive)] == [(2, True), (1, True)]
    assert told(archive, rules) == []
    with archive.reading() as tx:
        event = tx.events.since(None, ["item.tagged"])[-1]
    asked = [one for one in rules.verdicts(event, archive) if one.rule.on != "delivery"]
    assert len(asked) == 2
    for judged in asked:
        assert "re-classification" in getattr(judged.verdict, "reason", "raised")
    publish(archive, SAYS["minors"])
    classify(archive, using)
    assert told(archive, rules) == ["cov"]


def watching(topic: str) -> Config:
    """A configuration with rules on coverage and on edits of one topic."""
    return Config.model_validate(
        {
            "politeness": {"contact": "desk@example.org"},
            "sources": [
                {
                    "id": "press",
                    "name": "Press",
                    "kind": "state",
                    "language": "vi",
                    "homepage": "https://press.example/",
                    "feeds": ["https://press.example/rss"],
                }
            ],
            "topics": [one.model_dump() for one in TOPICS],
            "channels": [{"id": "desk", "kind": "console"}],
            "rules": [
                {"id": "cov", "on": "coverage", "topics": [topic], "channels": ["desk"]},
                {"id": "ed", "on": "edited", "topics": [topic], "channels": ["desk"]},
            ],
        }
    )


def told(archive: Archive, rules: RulesStage) -> list[str]:
    """The rules of all alerts, once they have read the whole log."""
    while advance(archive, rules, later()).read:
        pass
    with archive.reading() as tx:
        assert not tx.events.failures()
        return [alert.rule for alert in tx.outbox.alerts()]

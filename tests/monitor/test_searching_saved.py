"""Rules that hang on searches which people saved."""

from pathlib import Path

import pytest
from archives import NOON, observe, seen
from indexed_archives import cite, tag
from light_model import LightModel
from pydantic import ValidationError

from config_rules import Rule
from monitor.searching import SearchStage
from monitor.searching_saved import Around
from monitor.stages import run_stages
from storage.archive import Archive
from storage.search import Filters, Request

AROUND = Around({"press": "state", "wire": "international"}, NOON.tzinfo)


@pytest.fixture
def archive(tmp_path: Path):
    opened = Archive.open(tmp_path / "archive")
    yield opened
    opened.close()


def rule(**said: object) -> Rule:
    return Rule.model_validate({"id": "s", "on": "search", "channels": ["c"]} | said)


SAVED = rule(saved="ferries")


def save(archive: Archive, request: Request, name: str = "ferries") -> None:
    with archive.transaction() as tx:
        tx.searches.save(name, request, "lan", NOON)


def matched(archive: Archive, *rules: Rule) -> set[int]:
    (report,) = run_stages(archive, [SearchStage(rules, LightModel, AROUND)], NOON)
    assert (report.problem, report.failed) == ("", 0)
    with archive.reading() as tx:
        return {one.data["item"] for one in tx.events.since(None, ["search.matched"])}


def publish(archive: Archive) -> None:
    observe(
        archive,
        seen(title="Bến phà mở lại", text="Phà chạy."),
        seen("https://wire.example/2", 1, source_id="wire", language="en",
             title="Ferry opens", text="A ferry opens, says Decree 901."),
        seen("https://press.example/3", 2, title="Chợ nổi đóng cửa", text="Chợ."),
    )  # fmt: skip
    tag(archive, 1, "telecom")
    cite(archive, 2, "901/2031/NĐ-CP")


@pytest.mark.parametrize(
    ("request_", "items"),
    [
        (Request("phà OR ferry"), {1, 2}),
        (Request("bến phà -chợ"), {1}),
        (Request("-phà -ferry"), {3}),
        (Request("topic:telecom OR source:wire"), {1, 2}),
        (Request("side:international"), {2}),
        (Request("decree:901/2031"), {2}),
        (Request("title:opens language:en kind:article"), {2}),
        (Request("phà OR ferry until:2031-06-01"), set()),
        (Request("phà OR ferry", Filters(sides=("state",))), {1}),
        (Request("phà OR ferry", Filters(instruments=("901/2031/NĐ-CP",))), {2}),
        (Request("phà OR ferry", Filters(topics=("telecom",), languages=("vi",))), {1}),
        (Request("bến phà mở lại hôm nay", mode="meaning"), {1}),
        (Request("bến phà mở lại source:wire", mode="meaning"), set()),
    ],
)
def test_a_rule_finds_what_the_saved_search_looks_for(archive, request_, items):
    save(archive, request_)
    publish(archive)
    assert matched(archive, SAVED) == items


def test_an_edit_that_brings_nothing_new_is_no_find(archive):
    save(archive, Request("phà"))
    publish(archive)
    late = rule(id="late", saved="ferries")
    assert matched(archive, late) == {1}
    observe(archive, seen("https://press.example/3", 9, title="Chợ nổi", text="Có phà."))
    observe(archive, seen(hour=9, title="Bến phà mở lại", text="Phà chạy, thêm tin."))
    assert matched(archive, late) == {1, 3}


def test_the_search_counts_as_it_is_saved_now(archive):
    save(archive, Request("phà"))
    publish(archive)
    assert matched(archive, SAVED) == {1}
    save(archive, Request("đò"))
    observe(archive, seen("https://press.example/4", 5, title="Đò ngang", text="Đò."))
    assert matched(archive, SAVED) == {1, 4}


def test_a_rule_on_a_search_that_is_not_there_stands_until_it_is(archive):
    publish(archive)
    (report,) = run_stages(archive, [SearchStage([SAVED], LightModel, AROUND)], NOON)
    assert "searches save" in report.problem
    save(archive, Request("phà"))
    assert matched(archive, SAVED) == {1}


@pytest.mark.parametrize(
    "said",
    [{}, {"saved": "x", "query": "phà"}, {"saved": "x", "meaning": "phà"}],
)
def test_a_rule_says_one_thing_to_look_for(said):
    with pytest.raises(ValidationError):
        rule(**said)
    with pytest.raises(ValidationError):
        Rule.model_validate({"id": "s", "on": "edited", "channels": ["c"], "saved": "x"})

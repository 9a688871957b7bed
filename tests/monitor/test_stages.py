"""The order in which stages read the log, whatever hinders one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from archives import NOON, Places, seen

from monitor.e5_package import ModelMissing
from monitor.stages import run_stages
from storage.archive import Archive
from storage.engine import ArchiveBusy, ArchiveFull
from storage.log import Outcome
from storage.models import Event
from storage.problems import Problem


def nothing(events: Sequence[Event]) -> None:
    return None


@dataclass
class Stage:
    name: str
    before: Callable[[Sequence[Event]], None] = nothing
    kinds: tuple[str, ...] = ("item.appeared",)
    batch: int = 10
    read: list[int] = field(default_factory=list)

    def examine(self, events: Sequence[Event], archive: Archive) -> list[Outcome | Problem]:
        self.before(events)
        self.read += [event.seq for event in events]
        return [lambda tx: None for _ in events]


def hindered(times: int, problem: Problem) -> Callable[[Sequence[Event]], None]:
    left = [problem] * times

    def before(events: Sequence[Event]) -> None:
        if left:
            raise left.pop()

    return before


@pytest.fixture
def archive(places: Places) -> Archive:
    archive = places.open("archive")
    with archive.transaction() as tx:
        for n in range(3):
            tx.items.observe(seen(f"https://press.example/{n}"))
    return archive


@pytest.mark.parametrize("problem", [ArchiveBusy("held"), ArchiveFull("no room")], ids=str)
def test_what_a_stage_could_not_read_for_a_moment_is_not_read_by_the_next_one_first(
    archive: Archive, problem: Problem
) -> None:
    first, last = Stage("first", hindered(1, problem)), Stage("last")
    reports = run_stages(archive, [first, last], NOON)
    assert [report.problem for report in reports] == [str(problem), ""]
    assert last.read == []
    run_stages(archive, [first, last], NOON)
    assert first.read == last.read
    assert len(last.read) == 3


def test_a_stage_that_cannot_work_at_all_holds_up_no_other(archive: Archive) -> None:
    first, last = Stage("first", hindered(9, ModelMissing("no model"))), Stage("last")
    run_stages(archive, [first, last], NOON)
    assert len(last.read) == 3


def test_the_rules_alone_read_no_further_than_the_stages_behind_which_they_go(
    archive: Archive,
) -> None:
    stage, rules = Stage("stage"), Stage("rules")
    run_stages(archive, [rules], NOON, behind=[stage])
    assert rules.read == []
    run_stages(archive, [stage], NOON)
    run_stages(archive, [rules], NOON, behind=[stage])
    assert rules.read == stage.read

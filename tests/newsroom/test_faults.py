"""Killed, hindered and badly answered, the program ends as if nothing had happened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playing import MODELS

from benchmarks.faults import Outcome, measure
from benchmarks.faults_plan import Plan
from benchmarks.faults_program import CRAWL, DELIVERY, STAGES
from benchmarks.faults_slack import Taken
from benchmarks.faults_told import came_again


def is_sound(outcome: Outcome) -> bool:
    one = outcome.told
    assert one.expected
    assert (one.lost, one.unasked, one.unexcused, one.disorder) == ((), (), (), ())
    assert {part: lines for part, lines in outcome.differs.items() if lines} == {}
    assert (outcome.complaints, outcome.damaged) == ((), ())
    return outcome.is_sound


@pytest.mark.slow
def test_killed_in_each_phase_of_a_round_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    plan = Plan(
        days=(1,),
        hours=(9,),
        seed=7,
        in_order=(CRAWL, STAGES, DELIVERY),
        topics=False,
        is_brief=True,
        sources=("tinsang",),
    )
    outcome = measure(tmp_path / "runs", plan, MODELS)
    assert outcome.played.kills.total() == 3
    assert is_sound(outcome)


@pytest.mark.slow
def test_three_days_of_every_fault_end_as_if_undisturbed(tmp_path: Path) -> None:
    plan = Plan(days=(1, 2, 3), seed=2, kills=12, full=1, locked=1, jumps=2, topics=False)
    outcome = measure(tmp_path / "runs", plan, MODELS)
    assert outcome.played.kills.total() == 12
    assert is_sound(outcome)


@pytest.fixture
def taken() -> Callable[..., Taken]:
    def make(key: str, run: int, *, said: bool = True) -> Taken:
        return Taken(key, 0, f"{run}.1", "", said, run, "")

    return make


def test_what_slack_took_in_silence_may_come_again(taken: Callable[..., Taken]) -> None:
    messages = [taken("a", 1, said=False), taken("a", 2)]
    assert came_again(messages, broken=set()) == (1, 0, ())


def test_the_last_message_of_a_killed_run_may_come_again(taken: Callable[..., Taken]) -> None:
    messages = [taken("a", 1), taken("b", 1), taken("b", 2)]
    assert came_again(messages, broken={1}) == (0, 1, ())


@pytest.mark.parametrize("broken", [set(), {1}])
def test_no_other_message_may_come_again(taken: Callable[..., Taken], broken: set[int]) -> None:
    messages = [taken("a", 1), taken("b", 1), taken("a", 2)]
    _, _, wrong = came_again(messages, broken)
    assert wrong == ("a part 0: runs 1 and 2",)

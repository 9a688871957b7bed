"""Floors under the comparison's quality, on the project's invented decrees."""

from pathlib import Path

import pytest

from benchmarks.edits import HARD, ORDINARY, Rates, make_pair
from benchmarks.scores import LEVELS, Tally, score, told_by
from monitor.legal import compare, parse
from monitor.legal.model import Comparison, LegalText, ValueChange
from newsroom import truth

DECREES = Path(__file__).parents[2] / "newsroom" / "decrees"
PAIRS = [truth.second_draft(), truth.enactment()]


def text(name: str) -> LegalText:
    return parse((DECREES / f"{name}.txt").read_text(encoding="utf-8"))


def compared(told: truth.Comparison) -> Comparison:
    return compare(text(told.old_name), text(told.new_name))


def article_links(comparison: Comparison) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    return {
        (link.old, link.new)
        for link in comparison.links
        if all(eid.startswith("art_") and "__" not in eid for eid in (*link.old, *link.new))
    }


def states(told: truth.ChangedValue, value: ValueChange) -> bool:
    if told.type in ("modality", "reference"):
        return value.type == told.type and value.change == told.change
    sides = [(told.old_value, value.old), (told.new_value, value.new)]
    for wanted, found in sides:
        if (wanted is None) != (found is None):
            return False
        bounds = wanted if isinstance(wanted, tuple) else (wanted,)
        if found is not None and found.value not in bounds:
            return False
    return True


@pytest.mark.parametrize("told", PAIRS, ids=lambda told: f"{told.old_name} to {told.new_name}")
def test_every_article_of_the_invented_decrees_is_linked_as_it_is_true(told):
    assert article_links(compared(told)) == {(link.old, link.new) for link in told.links}


@pytest.mark.parametrize("told", PAIRS, ids=lambda told: f"{told.old_name} to {told.new_name}")
def test_moved_and_split_articles_are_called_so(told):
    kinds = {(link.old, link.new): link.kind for link in compared(told).links}
    for link in told.links:
        if link.kind in ("moved", "split", "merged", "added", "removed"):
            assert kinds[link.old, link.new] == link.kind


@pytest.mark.parametrize("told", PAIRS, ids=lambda told: f"{told.old_name} to {told.new_name}")
def test_every_figure_that_changed_is_told_with_both_sides_right(told):
    comparison = compared(told)
    missing = [
        value
        for value in told.values
        if not any(
            states(value, found)
            for change in comparison.changes
            if (value.new or value.old) in (change.new if value.new else change.old)
            for found in change.values
        )
    ]
    assert missing == []


@pytest.mark.parametrize("told", PAIRS, ids=lambda told: f"{told.old_name} to {told.new_name}")
def test_nothing_else_is_told_but_what_changed(told):
    true = {eid for p in told.provisions for eid in (p.old, p.new) if eid}
    true |= {eid for link in told.links if link.own for eid in (*link.old, *link.new)}
    true |= {eid for link in told.links if link.kind == "moved" for eid in link.new}
    extra = [
        change.summary
        for change in compared(told).changes
        if not {*change.old, *change.new} & true and not change.new[0].startswith("app_")
    ]
    assert extra == []


def test_a_decree_about_something_else_has_nothing_in_common():
    comparison = compare(text("fisheries"), text("enacted"))
    assert comparison.changes == ()
    assert len(comparison.links) == 2


FLOORS = {
    "ordinary": (ORDINARY, dict.fromkeys(LEVELS.values(), 0.99), 0.95, 0.97, 0.95, 0.5),
    "hard": (HARD, {"articles": 0.95, "khoản": 0.97, "điểm": 0.97}, 0.85, 0.97, 0.92, 1.6),
}


@pytest.mark.parametrize("name", FLOORS)
def test_generated_edits_are_told_as_well_as_the_floors_ask(name):
    rates: Rates
    rates, links, moved, values, groups, false = FLOORS[name]
    tally = Tally()
    for document in (text("enacted"), text("older")):
        for seed in range(2):
            pair = make_pair(document, [text("fisheries")], seed, rates)
            score(tally, pair, told_by(compare(parse(pair.old), parse(pair.new))))
    for level in LEVELS.values():
        assert (tally.f1(level) or 0) >= links[level], level
    assert (tally.rate("moved precision") or 0) >= moved
    assert (tally.rate("moved recall") or 0) >= moved
    assert (tally.rate("values") or 0) >= values
    assert (tally.rate("modality") or 0) >= 0.9
    assert (tally.rate("groups") or 0) >= groups
    assert (tally.rate("false changes") or 0) <= false
    assert (tally.rate("false values") or 0) <= 0.5


def test_the_generator_gives_the_same_pair_for_the_same_seed():
    documents = [text("older"), text("enacted")]
    pairs = [make_pair(documents[0], documents[1:], 7, HARD) for _ in range(2)]
    assert pairs[0] == pairs[1]

"""Whether two articles that say it in other words, or in another language, tell the same story.

Nearness of their vectors (of headline and summary) never decides alone: regulators do alike things
every week, and a model finds those near. Facts of at least two sorts must be shared (figures,
names, cited instruments), enough of them such as few other stories of these days have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.stories_facts import Facts
from monitor.stories_names import longest

WITHIN = timedelta(hours=72)
LONGEST = timedelta(days=7)
"""A story that goes on longer is followed by others, not joined."""

NEAR = 0.90
NEAR_ACROSS = 0.86
"""Least cosines (multilingual-e5-small) within a language and across two: the model puts texts of
two languages further apart, whatever they say."""

ENOUGH = 2.0
ALIKE, ENOUGH_OF_ALIKE = 0.97, 1.5
"""Headlines that are nearly the same need less."""
ENOUGH_ACROSS = 1.75
"""Across two languages fewer facts can be shared: English leaves the marks of Vietnamese names."""
CITATION = 1.0
FIGURE, SMALL_FIGURE = 1.0, 0.75
NAME, ONE_WORD = 1.0, 0.75
"""A number of two digits, or a name of one word, tells less than a longer one."""
MOST_OF_A_SORT = 2.5
SOON = timedelta(hours=24)
ENOUGH_LATER = 2.5
"""What is told later is as often what happened next."""
CONTRADICTED = 3
AGREED = 0.4
"""Where both state at least three figures, and fewer than this share of the shorter list stand in
the other, they speak of two things."""
SHARE = 0.005
FEW = 3
"""A fact that more stories of the days around state than these is common: an anniversary, a cup."""


@dataclass(frozen=True, slots=True)
class Told:
    """A telling, as versions are found by it.

    Attributes:
        item, story, revision: numbers; `story` is 0 of one that belongs to none so far.
        at: when it was told.
        language: may be "" (unknown).
        facts, citations: what it states, and the numbers of the instruments it names.
        is_round_up: whether it holds several unrelated items.
    """

    item: int
    story: int
    revision: int
    at: datetime
    language: str
    facts: Facts
    citations: frozenset[str]
    is_round_up: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """In how many stories of the window each figure, name and instrument stands.

    Attributes:
        stories: how many stories there are.
        of: for each fact, how many of them state it.
    """

    stories: int
    of: Mapping[str, int]

    def is_rare(self, fact: str) -> bool:
        """Whether few enough stories state this for it to tell one from another."""
        return self.of.get(fact, 0) <= max(FEW, SHARE * self.stories)


def is_version(new: Told, old: Told, cosine: float, spread: Spread) -> str:
    """The reason that `new` tells the story of `old` in other words; "" when it does not.

    Args:
        new, old: the two tellings.
        cosine: of their vectors, -1..1.
        spread: how common each fact is among the stories of the window.
    """
    floor = NEAR if new.language == old.language else NEAR_ACROSS
    if new.is_round_up or old.is_round_up or abs(new.at - old.at) > WITHIN or cosine < floor:
        return ""
    if new.facts.days and old.facts.days and new.facts.days.isdisjoint(old.facts.days):
        return ""
    figures = new.facts.figures & old.facts.figures
    fewest = min(len(new.facts.figures), len(old.facts.figures))
    if fewest >= CONTRADICTED and len(figures) / fewest < AGREED:
        return ""
    sorts = [
        ("figures", figures),
        ("names", longest(new.facts.names & old.facts.names)),
        ("citations", new.citations & old.citations),
    ]
    points = sum(
        min(sum(_worth(sort, fact) for fact in _rare(facts, spread)), MOST_OF_A_SORT)
        for sort, facts in sorts
    )
    shared = [
        f"the {sort} {', '.join((_rare(facts, spread) or sorted(facts))[:4])}"
        for sort, facts in sorts
        if facts
    ]
    if len(shared) < 2 or points < _enough(new, old, cosine):
        return ""
    return f"near in meaning ({cosine:.2f}), and both give {'; '.join(shared)}"


def _rare(facts: frozenset[str], spread: Spread) -> list[str]:
    return sorted(fact for fact in facts if spread.is_rare(fact))


def _enough(new: Told, old: Told, cosine: float) -> float:
    if abs(new.at - old.at) > SOON:
        return ENOUGH_LATER
    if cosine >= ALIKE:
        return ENOUGH_OF_ALIKE
    return ENOUGH if new.language == old.language else ENOUGH_ACROSS


def _worth(sort: str, fact: str) -> float:
    if sort == "figures":
        return FIGURE if len(fact) > 2 else SMALL_FIGURE
    if sort == "names":
        return NAME if " " in fact else ONE_WORD
    return CITATION

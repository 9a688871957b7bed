"""Labelled items split for cross-validation, so that nothing tested was all but trained on.

Items of one outlet share its manner, items of one week its news: they stand on one side together.
What tells a story that is being tested is besides left out of the training.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 5
"""Folds of a cross-validation; fewer where there are fewer outlets or days."""
ENOUGH_OUTLETS = 3
SAME_STORY = 0.4
"""Two texts that share this much of their words tell the same story (Jaccard's coefficient)."""

By = Literal["outlet", "time"]


class Dated(Protocol):
    """What is known of a labelled item besides its labels."""

    @property
    def title(self) -> str:
        """The headline."""

    @property
    def summary(self) -> str:
        """The summary."""

    @property
    def source_id(self) -> str:
        """The outlet."""

    @property
    def published_at(self) -> datetime:
        """When it appeared."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Parts of n items, named by their places 0..n-1.

    Attributes:
        by: what holds the items of one part together.
        parts: every item in one part.
        alike: for each item the others that tell the same story.
    """

    by: By
    parts: tuple[tuple[int, ...], ...]
    alike: tuple[frozenset[int], ...]

    def outside(self, *held_out: int) -> list[int]:
        """Return the places that may be trained on while these parts are held out."""
        tested = {place for part in held_out for place in self.parts[part]}
        alike = set[int]().union(*(self.alike[place] for place in tested))
        return [place for place in range(len(self.alike)) if place not in tested | alike]


def split(items: Sequence[Dated], by: By | None = None) -> Folds:
    """Split items by outlet or by time.

    By default by outlet where there are three or more and none has most of the items: whoever
    labels one outlet wants to know how the head does on the others. Else by time.
    """
    alike = _same_stories([f"{item.title} {item.summary}" for item in items])
    outlets = Counter(item.source_id for item in items)
    if by is None:
        spread = len(outlets) >= ENOUGH_OUTLETS and 2 * max(outlets.values()) <= len(items)
        by = "outlet" if spread else "time"
    parts = _by_outlet(items) if by == "outlet" else _by_time(items)
    return Folds(by, tuple(tuple(part) for part in parts), alike)


def _by_outlet(items: Sequence[Dated]) -> list[list[int]]:
    """Put the outlets, the largest first, each into the part that is smallest so far."""
    places = defaultdict(list)
    for place, item in enumerate(items):
        places[item.source_id].append(place)
    parts: list[list[int]] = [[] for _ in range(min(MOST, len(places)))]
    for _, of_outlet in sorted(places.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        min(parts, key=len).extend(of_outlet)
    return parts


def _by_time(items: Sequence[Dated]) -> list[list[int]]:
    """Cut the items, oldest first, into spans of nearly equal size that share no day."""
    days: list[date] = [item.published_at.date() for item in items]
    ordered = sorted(range(len(items)), key=lambda place: (days[place], place))
    parts: list[list[int]] = []
    for number, place in enumerate(ordered):
        full = number * MOST >= len(parts) * len(items)
        if not parts or (full and days[place] != days[parts[-1][-1]]):
            parts.append([])
        parts[-1].append(place)
    return parts


def _same_stories(texts: Sequence[str]) -> tuple[frozenset[int], ...]:
    """Return for each text the places of the others that share most of its words."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    if not any(any(letter.isalnum() for letter in text) for text in texts):
        return tuple(frozenset() for _ in texts)
    counter = CountVectorizer(binary=True, token_pattern=r"\w+", dtype=np.float32)
    words = counter.fit_transform(texts)
    sizes: NDArray[np.float64] = np.asarray(words.sum(axis=1)).ravel()
    found = []
    for place in range(len(texts)):
        shared = (words @ words[place].T).toarray().ravel()
        together = np.maximum(sizes + sizes[place] - shared, 1)
        near = np.flatnonzero(shared / together >= SAME_STORY)
        found.append(frozenset(int(other) for other in near) - {place})
    return tuple(found)

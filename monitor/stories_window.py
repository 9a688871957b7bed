"""The tellings of the days around an article, with their vectors: where its versions may be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.signals import language_of
from monitor.stories_facts import facts_of, is_round_up
from monitor.stories_versions import NEAR, NEAR_ACROSS, WITHIN, Spread, Told, is_version
from storage.archive import Transaction
from storage.models_telling import StoryItem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_KEPT = 20_000
"""Tellings remembered between articles; what is read of a revision never changes."""


ALL_RARE = Spread(0, {})
"""Nothing is common: what is no version by this is none."""


@dataclass(frozen=True, slots=True)
class Version:
    """A telling of the same story in other words: whose, how near (a cosine), and the reason."""

    told: Told
    cosine: float
    reason: str


class Window:
    """Finds the versions of an article. Remembers what it read of revisions, and nothing else."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Told, dict[str, NDArray[np.float32]]]] = {}

    def versions(self, tx: Transaction, row: StoryItem, barred: frozenset[int]) -> list[Version]:
        """The versions of an item that is in no story yet, the nearest first.

        Args:
            tx: an open transaction.
            row: the item as it would join; its `story_id` is not looked at.
            barred: the stories that it must not join.
        """
        self._read(tx, [row])
        mine = self._known.get(row.revision_id)
        if mine is None:
            return []
        new, vectors = mine
        around = tx.stories.with_vectors(row.told_at - WITHIN, row.told_at + WITHIN)
        others = [one for one in around if one.item_id != row.item_id]
        self._read(tx, others)
        window = [(one, known) for one in others if (known := self._known.get(one.revision_id))]
        near = [
            (_placed(told, window[place][0]), cosine)
            for place, cosine in _nearest(vectors, [found for _, (_, found) in window])
            for told in [window[place][1][0]]
        ]
        new = replace(new, at=row.told_at)
        near = [
            (told, cosine)
            for told, cosine in near
            if told.story not in barred and is_version(new, told, cosine, ALL_RARE)
        ]
        if not near:
            return []
        spread = _spread([(one.story_id, told) for one, (told, _) in window])
        return [
            Version(told, cosine, reason)
            for told, cosine in near
            if (reason := is_version(new, told, cosine, spread))
        ]

    def has_vectors(self, tx: Transaction, row: StoryItem) -> bool:
        """Whether the text of an item can be compared by meaning."""
        self._read(tx, [row])
        return row.revision_id in self._known

    def _read(self, tx: Transaction, rows: Sequence[StoryItem]) -> None:
        """Read those of these tellings that are not known."""
        import numpy as np

        missing = {row.revision_id: row for row in rows if row.revision_id not in self._known}
        if len(self._known) + len(missing) > MOST_KEPT:
            self._known.clear()
            missing = {row.revision_id: row for row in rows}
        for number, heads in tx.stories.head_vectors(list(missing)).items():
            revision = tx.items.revision(number)
            if revision is None:
                continue
            row = missing[number]
            cited = (found.instrument for found in tx.findings.citations(number))
            told = Told(
                item=row.item_id,
                story=0,
                revision=number,
                at=row.told_at,
                language=language_of(f"{revision.title} {revision.summary}", revision.language),
                facts=facts_of(revision),
                citations=frozenset(one for one in cited if one),
                is_round_up=is_round_up(revision.title, revision.summary),
            )
            vectors = {
                f"{head.model}/{head.cut}": np.frombuffer(head.vector, "<f2").astype(np.float32)
                for head in heads
            }
            self._known[number] = (told, vectors)


def _placed(told: Told, row: StoryItem) -> Told:
    return replace(told, story=row.story_id, item=row.item_id, at=row.told_at)


def _nearest(
    vectors: "Mapping[str, NDArray[np.float32]]",
    window: "Sequence[Mapping[str, NDArray[np.float32]]]",
) -> list[tuple[int, float]]:
    """The places of what a model finds near, with their cosines, the nearest first."""
    import numpy as np

    found: dict[int, float] = {}
    for model, vector in vectors.items():
        places = [place for place, own in enumerate(window) if model in own]
        if not places:
            continue
        cosines = np.stack([window[place][model] for place in places]) @ vector
        for near in np.flatnonzero(cosines >= min(NEAR, NEAR_ACROSS)):
            place = places[near]
            found[place] = max(found.get(place, -1.0), float(cosines[near]))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _spread(window: Sequence[tuple[int, Told]]) -> Spread:
    stated = {
        (fact, story)
        for story, told in window
        for fact in (*told.facts.figures, *told.facts.names, *told.citations)
    }
    return Spread(len({story for story, _ in window}), Counter(fact for fact, _ in stated))

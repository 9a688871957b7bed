"""Scores that labelled texts get from heads that have not seen them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from monitor.learners import Kind
from monitor.prototypes import vectors_of
from monitor.topic_examples import gathered
from monitor.topic_head import Example, Recipe
from monitor.topics import TaggedText, TopicTagger
from monitor.training_folds import Folds
from monitor.training_labels import Truth
from monitor.training_thresholds import calibrated

if TYPE_CHECKING:
    from monitor.embedding import Embedder
    from monitor.gate import Gate
    from monitor.passage_vectors import PassageVectors
    from monitor.topics import Topic

Scores = Mapping[str, float]
"""Of a text, by topic, 0..1; none where the gate rejected it."""


@dataclass(frozen=True, slots=True)
class Course:
    """What texts scored in a cross-validation.

    Attributes:
        scores: of each text, by a head that was taught nothing of its fold.
        outside: for each fold the scores of the texts outside it, by place, given by heads that
            were taught nothing of their fold nor of this one.
    """

    scores: tuple[Scores, ...]
    outside: tuple[Mapping[int, Scores], ...]

    def found(
        self, folds: Folds, thresholds: Mapping[str, float], truths: Sequence[Truth] | None
    ) -> list[frozenset[str]]:
        """Return the topics that each text carries.

        Where `truths` are given, the thresholds of each fold are first calibrated on the texts
        outside it.
        """
        found = [frozenset[str]()] * len(self.scores)
        for part, outside in zip(folds.parts, self.outside, strict=True):
            level = dict(thresholds)
            if truths is not None:
                places = sorted(outside)
                level |= calibrated(
                    [outside[place] for place in places],
                    [truths[place] for place in places],
                    thresholds,
                )
            for place in part:
                scores = self.scores[place]
                found[place] = frozenset(
                    topic for topic, score in scores.items() if score >= level[topic]
                )
        return found


class Classroom:
    """Labelled texts, split into folds, on which heads are tried. Encodes each text once."""

    def __init__(
        self,
        embedder: "Embedder",
        topics: Sequence["Topic"],
        texts: Sequence[TaggedText],
        folds: Folds,
        lessons: Sequence[Example],
        *,
        gate: "Gate | None" = None,
        known: Sequence["PassageVectors | None"] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Encode what will be taught.

        Args:
            embedder: the model.
            topics: what is told apart.
            texts: what is scored.
            folds: of the texts.
            lessons: all that any course teaches.
            gate: stands before every head alike.
            known: the vectors of the texts' passages where there are any.
            progress: told how many of how many fits are done.
        """
        self._embedder = embedder
        self._topics = topics
        self._texts = texts
        self._folds = folds
        self._gate = gate
        self._known = list(known or [None] * len(texts))
        self._progress = progress
        self._done, self._all = 0, 0
        # Kept beside the model together, so that every head finds its share there.
        vectors_of(embedder, [one.text for one in gathered(topics, lessons)])

    def courses(
        self, wanted: Mapping[tuple[Kind, int], Sequence[Sequence[Example]]]
    ) -> dict[tuple[Kind, int], Course]:
        """Return the course of each learner and the lessons of each text it is taught."""
        from threadpoolctl import threadpool_limits

        count = len(self._folds.parts)
        self._done = 0
        self._all = sum(
            count * (count + 1) // 2 if any(lessons) else 1 for lessons in wanted.values()
        )
        # On a busy machine several threads fit models this small ten times slower than one.
        with threadpool_limits(limits=1, user_api="blas"):
            return {
                key: self._taught(key[0], lessons) if any(lessons) else self._untaught(key[0])
                for key, lessons in wanted.items()
            }

    def _untaught(self, kind: Kind) -> Course:
        """Score by the configuration alone: one head, which has seen no text."""
        scores = self._scores(kind, [], range(len(self._texts)))
        return self._course(scores, [scores] * len(self._folds.parts))

    def _taught(self, kind: Kind, lessons: Sequence[Sequence[Example]]) -> Course:
        """Score by heads that are taught the lessons of other folds.

        One that is taught nothing of two folds tells of each what the other's calibration needs.
        """
        folds = self._folds
        scores: dict[int, Scores] = {}
        for number, part in enumerate(folds.parts):
            scores |= self._scores(kind, _of(lessons, folds.outside(number)), part)
        outside: list[dict[int, Scores]] = [{} for _ in folds.parts]
        for one, other in combinations(range(len(folds.parts)), 2):
            both = (*folds.parts[one], *folds.parts[other])
            inner = self._scores(kind, _of(lessons, folds.outside(one, other)), both)
            outside[one] |= {place: inner[place] for place in folds.parts[other]}
            outside[other] |= {place: inner[place] for place in folds.parts[one]}
        return self._course(scores, outside)

    def _course(
        self, scores: Mapping[int, Scores], outside: Sequence[Mapping[int, Scores]]
    ) -> Course:
        return Course(
            tuple(scores[place] for place in range(len(self._texts))),
            tuple(
                {place: inner[place] for place in self._folds.outside(number)}
                for number, inner in enumerate(outside)
            ),
        )

    def _scores(
        self, kind: Kind, lessons: Sequence[Example], places: Sequence[int]
    ) -> dict[int, Scores]:
        tagger = TopicTagger(
            self._embedder,
            self._topics,
            lessons=lessons,
            recipe=Recipe(kind),
            gate=self._gate,
        )
        readings = tagger.read(
            [self._texts[place] for place in places], [self._known[place] for place in places]
        )
        self._done += 1
        if self._progress:
            self._progress(self._done, self._all)
        for place, reading in zip(places, readings, strict=True):
            self._known[place] = reading.vectors or self._known[place]
        return {
            place: {tag.topic: tag.score for tag in reading.scored}
            for place, reading in zip(places, readings, strict=True)
        }


def _of(lessons: Sequence[Sequence[Example]], places: Sequence[int]) -> list[Example]:
    return [example for place in places for example in lessons[place]]

"""Heads learned from readers' labels, each judged on labels that it has not seen.

A head is a recipe: the learner, whether it is taught the labels besides what the configuration
says, and whether its thresholds are calibrated on them. All recipes are cross-validated over the
labels beside the one in use. The configuration's examples are always trained on and never tested
on. A head whose thresholds are calibrated is judged with thresholds that were calibrated without
the texts in question.

Only the head is learned. To fine-tune the model itself, as SetFit does (Tunstall and others, 2022,
arXiv:2209.11055), one core trains on 4.6 headlines a second (measured): two hours a fit with its
usual 20 rounds of pairs over 400 labels, and as often again for each fold that is to be reported.
It makes every stored vector stale, and each version weighs as much as the model, where a recipe
weighs nothing and is fitted again in a second.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, get_args

from monitor.learners import Kind
from monitor.rereading import body_of
from monitor.topic_head import Example, Recipe
from monitor.topics import TaggedText
from monitor.training_courses import Classroom
from monitor.training_figures import Figures, figures, gain
from monitor.training_folds import By, split
from monitor.training_labels import Truth, lessons_of, lessons_of_item, truth_of
from monitor.training_thresholds import calibrated

if TYPE_CHECKING:
    from monitor.embedding import Embedder
    from monitor.gate import Gate
    from monitor.passage_vectors import PassageVectors
    from monitor.topics import Topic
    from storage.labels import LabelledItem

__all__ = ["Method", "Report", "Trial", "lessons_of", "train"]

KINDS: tuple[Kind, ...] = get_args(Kind)
FEWEST = 30
"""Labelled texts below which no head is called better than another."""
FEWEST_OF_A_KIND = 5
"""The same for those on topic, and for those off topic."""


@dataclass(frozen=True, slots=True)
class Method:
    """How a head is made.

    Attributes:
        kind: the learner.
        labels_upto: the number of the last label it is taught; 0 is none.
        calibrated: whether its thresholds are calibrated on the labels.
    """

    kind: Kind
    labels_upto: int
    calibrated: bool

    def in_words(self) -> str:
        """Return what a person calls it."""
        labels = " + labels" if self.labels_upto else ""
        return f"{self.kind}{labels}" + (", calibrated" if self.calibrated else "")


CONFIGURATION = Method("svm", 0, False)
"""What is used where there is no head."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A head and how it did.

    Attributes:
        method: how it is made.
        recipe: the same with its thresholds, calibrated on all labels.
        figures: cross-validated.
        gain: how much more merit it has than the head in use.
        error: the standard error of that.
    """

    method: Method
    recipe: Recipe
    figures: Figures
    gain: float = 0.0
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a training.

    Attributes:
        labels, relevant, off_topic: items that the labels speak of, and of these on and off topic.
        by, folds: how they were split, and into how many parts.
        current: the head in use; None where there is nothing to learn from.
        candidates: the others, best first.
        too_few: why the labels are too few to judge by, else "".
    """

    labels: int
    relevant: int
    off_topic: int
    by: By
    folds: int
    current: Trial | None
    candidates: tuple[Trial, ...]
    too_few: str

    @property
    def best(self) -> Trial | None:
        """The best candidate; where nothing can be judged, the plainest that knows all labels."""
        if not self.too_few:
            return self.candidates[0] if self.candidates else None
        plain = (CONFIGURATION.kind, CONFIGURATION.calibrated)
        return next(
            (
                trial
                for trial in self.candidates
                if trial.method.labels_upto
                and (trial.method.kind, trial.method.calibrated) == plain
            ),
            None,
        )

    @property
    def is_better(self) -> bool:
        """Whether the best candidate beats the head in use by more than its standard error."""
        return self.best is not None and not self.too_few and self.best.gain > self.best.error


@dataclass(frozen=True, slots=True)
class _Labels:
    """What labels say of each item, and the lessons that it gives."""

    truths: tuple[Truth, ...]
    lessons: tuple[list[Example], ...]


def train(
    labelled: Sequence["LabelledItem"],
    embedder: "Embedder",
    topics: Sequence["Topic"],
    *,
    upto: int,
    current: Method = CONFIGURATION,
    current_labelled: Sequence["LabelledItem"] = (),
    gate: "Gate | None" = None,
    known: "Mapping[int, PassageVectors] | None" = None,
    by: By | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Cross-validate the head in use and all others over the labels.

    Args:
        labelled: the items that readers spoke of.
        embedder: the model.
        topics: the declared topics.
        upto: the number of the newest label.
        current: how the head in use is made.
        current_labelled: the items as the labels have them that the head in use was taught.
        gate: stands before every head alike.
        known: vectors by revision, of this model and this way of cutting passages.
        by: what holds the items of a fold together; None chooses.
        progress: told how many of how many fits are done.

    Raises:
        TopicUnclear: a topic has neither a description nor an example.
    """
    declared = frozenset(topic.id for topic in topics)
    silent = Truth(None, frozenset(), declared)
    judged = [item for item in labelled if truth_of(item, declared) != silent]
    older = {item.item_id: item for item in current_labelled}
    # What calibrates a head that is taught nothing are the newest labels.
    labels = {
        current.labels_upto: _labels([older.get(one.item_id) for one in judged], declared),
        upto: (newest := _labels(judged, declared)),
        0: _Labels(newest.truths, tuple([] for _ in judged)),
    }
    counts = Counter(truth.relevant for truth in newest.truths)
    too_few = _too_few(counts[True], counts[False])
    if not judged:
        return Report(0, 0, 0, by or "time", 0, None, (), too_few)

    folds = split(judged, by)
    methods = [
        current,
        *(
            Method(kind, taught, moved)
            for taught, kind, moved in product((upto, 0), KINDS, (False, True))
            if Method(kind, taught, moved) != current
        ),
    ]
    room = Classroom(
        embedder,
        topics,
        [
            TaggedText(one.title, one.summary, body_of(one.text, one.kind), one.language)
            for one in judged
        ],
        folds,
        [example for one in labels.values() for lessons in one.lessons for example in lessons],
        gate=gate,
        known=[(known or {}).get(item.revision_id) for item in judged],
        progress=progress,
    )
    courses = room.courses(
        {
            (method.kind, method.labels_upto): labels[method.labels_upto].lessons
            for method in methods
        }
    )
    base = {topic.id: topic.threshold for topic in topics}
    trials: list[Trial] = []
    present: list[frozenset[str]] = []
    for method in methods:
        course = courses[method.kind, method.labels_upto]
        truths = labels[method.labels_upto].truths
        moved = calibrated(course.scores, truths, base) if method.calibrated else {}
        found = course.found(folds, base, truths if moved else None)
        present = present or found
        more, error = gain(newest.truths, present, found, folds.parts)
        if moved or not method.calibrated:
            recipe = Recipe(method.kind, moved)
            trials.append(Trial(method, recipe, figures(newest.truths, found), more, error))
    in_use, *others = trials
    return Report(
        len(judged),
        counts[True],
        counts[False],
        folds.by,
        len(folds.parts),
        in_use,
        tuple(sorted(others, key=lambda trial: -trial.figures.merit)),
        too_few,
    )


def _labels(items: Sequence["LabelledItem | None"], declared: frozenset[str]) -> _Labels:
    silent = Truth(None, frozenset(), declared)
    return _Labels(
        tuple(truth_of(item, declared) if item else silent for item in items),
        tuple(lessons_of_item(item, declared) if item else [] for item in items),
    )


def _too_few(relevant: int, off_topic: int) -> str:
    if not relevant + off_topic:
        return "no label says of an item whether it is on topic"
    if relevant + off_topic < FEWEST:
        return f"{relevant + off_topic} labelled items; {FEWEST} are the fewest to judge by"
    for count, name in ((relevant, "on-topic"), (off_topic, "off-topic")):
        if count < FEWEST_OF_A_KIND:
            return f"{count} {name} items labelled; {FEWEST_OF_A_KIND} are the fewest to judge by"
    return ""

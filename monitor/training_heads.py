"""Training on an archive: what its labels say, its stored vectors, and the heads that it keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.training import CONFIGURATION, KINDS, Method, Report, Trial, train
from monitor.training_folds import By
from storage.archive import Archive
from storage.models_topics import Head

if TYPE_CHECKING:
    from monitor.embedding import Embedder
    from monitor.gate import Gate
    from monitor.passage_vectors import PassageVectors
    from monitor.topics import Topic
    from storage.vectors import StoredVectors


@dataclass(frozen=True, slots=True)
class Examined:
    """A training's report, and what it was made from.

    Attributes:
        report: the figures.
        model: the embedder's name@version.
        upto: the number of the newest label.
        head: the number of the head in use; 0 is the configuration alone.
    """

    report: Report
    model: str
    upto: int
    head: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of a training.

    Attributes:
        number: that of the best candidate; None where it was not worth keeping.
        in_use: the number of the head in use now.
        switched: whether that is another than before.
    """

    number: int | None
    in_use: int
    switched: bool


def examine(
    archive: Archive,
    topics: Sequence["Topic"],
    embedder: "Embedder",
    *,
    gate: "Gate | None" = None,
    by: By | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Examined:
    """Try heads on the labels of an archive. Writes nothing.

    Args:
        archive: whose labels and vectors are used.
        topics: the declared topics.
        embedder: the model; vectors stored of it are not computed again.
        gate: stands before every head alike.
        by: what holds the items of a fold together; None chooses.
        progress: told how many of how many fits are done.

    Raises:
        TopicUnclear: a topic has neither a description nor an example.
    """
    from monitor import passages

    model = f"{embedder.name}@{embedder.version}"
    with archive.reading() as tx:
        upto = tx.labels.last()
        labelled = tx.labels.lessons(upto)
        head = tx.heads.active()
        current = method_of(head)
        older = tx.labels.lessons(current.labels_upto) if current.labels_upto else []
        numbers = [item.revision_id for item in labelled]
        stored = tx.vectors.get(numbers, model, passages.VERSION)
    report = train(
        labelled,
        embedder,
        topics,
        upto=upto,
        current=current,
        current_labelled=older,
        gate=gate,
        known={number: _unpacked(one) for number, one in stored.items()},
        by=by,
        progress=progress,
    )
    return Examined(report, model, upto, head.number if head else 0)


def keep(archive: Archive, examined: Examined, at: datetime, *, switch: bool = False) -> Kept:
    """Keep the best candidate as a head, and use it where it does better or `switch` is given.

    One that does no better by judgeable figures is not kept. One that is there already is not
    kept twice.
    """
    report, best = examined.report, examined.report.best
    if best is None or not (switch or report.too_few or best.gain > 0):
        return Kept(None, examined.head, False)
    use = switch or report.is_better
    with archive.transaction() as tx:
        number = 0
        if best.method != CONFIGURATION:
            same = [head for head in tx.heads.all() if _is_same(head, best, examined)]
            number = (same[-1] if same else _added(tx.heads.add, best, examined, at)).number
        if use:
            tx.heads.use(number, at)
    return Kept(number, number if use else examined.head, use and number != examined.head)


def method_of(head: Head | None) -> Method:
    """Return how a stored head is made.

    None, and one of a kind that this version of the program does not know, count as the
    configuration alone: to train a new head is the way out.
    """
    if head is None or head.recipe.get("kind") not in KINDS:
        return CONFIGURATION
    return Method(head.recipe["kind"], head.labels_upto, bool(head.recipe.get("thresholds")))


def figures_of(trial: Trial, report: Report) -> dict[str, Any]:
    """Return a head's figures as they are stored and printed."""
    return {
        "labels": report.labels,
        "relevant": report.relevant,
        "off_topic": report.off_topic,
        "folds": {"by": report.by, "number": report.folds},
        "too_few": report.too_few,
        **trial.figures.to_json(),
    }


def recipe_of(trial: Trial) -> dict[str, Any]:
    """Return a head's recipe as it is stored."""
    return {"kind": trial.recipe.kind, "thresholds": dict(trial.recipe.thresholds)}


def _added(add: Callable[..., Head], best: Trial, examined: Examined, at: datetime) -> Head:
    return add(
        at,
        examined.model,
        recipe_of(best),
        best.method.labels_upto,
        figures_of(best, examined.report),
        best.method.in_words(),
    )


def _is_same(head: Head, best: Trial, examined: Examined) -> bool:
    made = (head.model, head.recipe, head.labels_upto)
    return made == (examined.model, recipe_of(best), best.method.labels_upto)


def _unpacked(stored: "StoredVectors") -> "PassageVectors":
    import numpy as np

    from monitor.passage_vectors import PassageVectors

    rows = np.frombuffer(stored.vectors, np.float16).reshape(-1, stored.dimensions)
    return PassageVectors(stored.passages, rows)

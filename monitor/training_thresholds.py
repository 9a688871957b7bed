"""Thresholds of topics, from scores that a head gave to texts that it was not trained on."""

from collections.abc import Mapping, Sequence

from monitor.training_labels import Truth

ENOUGH = 5
"""Labels of a topic from which its threshold is moved at all."""
PRIOR = 10
"""The configuration's threshold weighs as much as this many labels."""
GRID = tuple(step / 50 for step in range(10, 41))


def calibrated(
    scores: Sequence[Mapping[str, float]], truths: Sequence[Truth], base: Mapping[str, float]
) -> dict[str, float]:
    """Return the thresholds, by topic, of the topics with enough labels to move theirs.

    Args:
        scores: of each text, by topic, 0..1; a topic that is missing scored nothing.
        truths: what the labels say, in the same order.
        base: the thresholds to begin with, of all topics.

    The best threshold by F1 over few texts is mostly chance. Of the thresholds that do equally
    well the one in the middle is taken, and the threshold moves towards it the farther the more
    texts of the topic there are: half the way with `PRIOR` of them.
    """
    moved = {}
    for topic, threshold in base.items():
        judged = [
            (score.get(topic, 0.0), topic in truth.topics)
            for score, truth in zip(scores, truths, strict=True)
            if topic not in truth.silent
        ]
        count = sum(is_about for _, is_about in judged)
        if count >= ENOUGH:
            share = count / (count + PRIOR)
            moved[topic] = round(threshold + share * (_best(judged) - threshold), 3)
    return moved


def _best(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the middle one of the thresholds with the best F1."""
    f1 = {threshold: _f1(judged, threshold) for threshold in GRID}
    best = [threshold for threshold in GRID if f1[threshold] == max(f1.values())]
    return best[len(best) // 2]


def _f1(judged: Sequence[tuple[float, bool]], threshold: float) -> float:
    right = sum(is_about and score >= threshold for score, is_about in judged)
    wrong = sum(is_about != (score >= threshold) for score, is_about in judged)
    return 2 * right / max(2 * right + wrong, 1)

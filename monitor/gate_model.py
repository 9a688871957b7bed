"""A linear model of words and neighbouring pairs of words that says what can't be on-topic.

Logistic regression over a text's different words and pairs, scaled to unit length, fitted on a few
hundred texts. It is no classifier: its threshold lies below nearly every on-topic text that a fold
of the cross-validation had not seen (the leave-out scores of split conformal prediction: Vovk,
Gammerman and Shafer, Algorithmic Learning in a Random World, 2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from monitor.gate_terms import features_of, words_of

# Chosen by the share of a real stream let through at equal recall; flat from 1 to 100.
REGULARISATION = 10.0
FOLDS = 10


@dataclass(frozen=True, slots=True)
class WordModel:
    """What was fitted.

    Attributes:
        weights: by word or pair.
        constant: the score of a text of unknown words.
        threshold: the score from which a text may be on-topic.
    """

    weights: Mapping[str, float]
    constant: float
    threshold: float

    def score(self, words: Sequence[str]) -> float:
        """Return how far a text, given as its words, lies above the threshold; below 0: off."""
        features = features_of(words)
        known = self.weights.keys() & features
        total = sum(self.weights[feature] for feature in sorted(known))
        return total / sqrt(max(len(features), 1)) + self.constant - self.threshold


def fit(on: Sequence[str], off: Sequence[str], *, loss: float) -> WordModel:
    """Fit a model on on-topic and off-topic texts.

    Args:
        on: at least two texts.
        off: at least two texts.
        loss: the share of unseen on-topic texts that may fall below the threshold.
    """
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.preprocessing import normalize
    from threadpoolctl import threadpool_limits

    counter = CountVectorizer(analyzer=_features, binary=True)
    rows = normalize(counter.fit_transform([*on, *off]).astype(float))
    target = np.array([True] * len(on) + [False] * len(off))
    learner = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=1_000)
    folds = StratifiedKFold(min(FOLDS, len(on), len(off)), shuffle=True, random_state=0)
    # On a busy machine several threads are twenty times slower at systems this small than one.
    with threadpool_limits(limits=1):
        unseen = cross_val_predict(learner, rows, target, cv=folds, method="decision_function")
        learner.fit(rows, target)
    weights = dict(zip(counter.get_feature_names_out(), learner.coef_[0].tolist(), strict=True))
    threshold = float(np.quantile(unseen[target], loss, method="lower"))
    return WordModel(weights, float(learner.intercept_[0]), threshold)


def _features(text: str) -> set[str]:
    return features_of(words_of(text))

"""How alike two provisions read: words, phrases and headings, weighed by rarity."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.legal.nodes import MASK, Node, Nodes

Vector = dict[str | tuple[str, ...], float]
Scores = dict[int, dict[int, float]]

_WORDS, _PHRASES, _HEADING = 0.5, 0.3, 0.2
_KEEP = 12
_PAIR_LIMIT = 1_500_000


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare each word is among the provisions of both texts (smoothed idf)."""

    weights: Mapping[str, float]
    unseen: float

    def of(self, word: str) -> float:
        """Give a word's weight; a reference's placeholder weighs little."""
        return self.weights.get(word, self.unseen)


def rarity(old: Nodes, new: Nodes) -> Rarity:
    """Count in how many provisions of the two texts each word stands."""
    counts: Counter[str] = Counter()
    for nodes in (old, new):
        for node in nodes.all:
            counts.update(set(node.words))
    total = len(old.all) + len(new.all)
    weights = {word: math.log((total + 1) / (n + 0.5)) + 0.1 for word, n in counts.items()}
    weights[MASK] = 0.1
    return Rarity(weights, math.log(total + 1) + 0.1)


def _scaled(features: Vector, share: float) -> Vector:
    norm = math.sqrt(sum(w * w for w in features.values()))
    if not norm:
        return {}
    factor = math.sqrt(share) / norm
    return {feature: weight * factor for feature, weight in features.items()}


def vector(node: Node, rare: Rarity) -> Vector:
    """Give a provision's features so that the dot product of two vectors is their likeness.

    Words by TF-IDF (they survive reordering), two- and three-word phrases, and the heading; a
    provision without heading shares its weight out among the other two.
    """
    idf = {word: rare.of(word) for word in set(node.whole)}
    counts = Counter(node.whole)
    by_word: Vector = {word: (1 + math.log(n)) * idf[word] for word, n in counts.items()}
    whole = node.whole
    phrases: Vector = {}
    for pair in itertools.pairwise(whole):
        phrases[pair] = idf[pair[0]] + idf[pair[1]]
    for triple in zip(whole, whole[1:], whole[2:], strict=False):
        phrases[triple] = idf[triple[0]] + idf[triple[1]] + idf[triple[2]]
    heading: Vector = {("heading", word): rare.of(word) for word in node.heading}
    rest = 1 - _HEADING if heading else 1.0
    share = rest / (_WORDS + _PHRASES)
    if not phrases:
        return _scaled(by_word, rest) | _scaled(heading, _HEADING)
    return (
        _scaled(by_word, _WORDS * share)
        | _scaled(phrases, _PHRASES * share)
        | _scaled(heading, _HEADING)
    )


def likeness(olds: Sequence[Vector], news: Sequence[Vector], floor: float) -> Scores:
    """Give for each old vector the new ones that are alike at `floor` or more, by position.

    Sparse: only the best dozen per row and column are kept.
    """
    if not olds or not news:
        return {}
    postings: dict[object, list[tuple[int, float]]] = defaultdict(list)
    for column, features in enumerate(news):
        for feature, weight in features.items():
            postings[feature].append((column, weight))
    work = sum(len(postings[f]) for features in olds for f in features if f in postings)
    if work > _PAIR_LIMIT:
        rows = _by_matrix(olds, news, floor)
    else:
        rows = _by_postings(olds, postings, floor)
    return _best(rows)


def _by_postings(
    olds: Sequence[Vector], postings: Mapping[object, list[tuple[int, float]]], floor: float
) -> Iterable[tuple[int, dict[int, float]]]:
    for row, features in enumerate(olds):
        scores: dict[int, float] = defaultdict(float)
        for feature, weight in features.items():
            for column, other in postings.get(feature, ()):
                scores[column] += weight * other
        yield row, {column: score for column, score in scores.items() if score >= floor}


def _by_matrix(
    olds: Sequence[Vector], news: Sequence[Vector], floor: float
) -> Iterable[tuple[int, dict[int, float]]]:
    import numpy as np
    from scipy.sparse import csr_matrix

    ids: dict[object, int] = {}

    def matrix(vectors: Sequence[Vector]) -> "csr_matrix":
        pointers, columns, values = [0], [], []
        for features in vectors:
            for feature, weight in features.items():
                columns.append(ids.setdefault(feature, len(ids)))
                values.append(weight)
            pointers.append(len(columns))
        return csr_matrix(
            (np.array(values, np.float32), np.array(columns, np.int32), np.array(pointers)),
            shape=(len(vectors), len(ids)),
        )

    left, right = matrix(olds), matrix(news)
    left.resize((len(olds), len(ids)))
    across = right.T.tocsr()
    block = max(1, 4_000_000 // len(news))
    for start in range(0, len(olds), block):
        product = (left[start : start + block] @ across).tocsr()
        for offset in range(product.shape[0]):
            low, high = product.indptr[offset], product.indptr[offset + 1]
            scores, columns = product.data[low:high], product.indices[low:high]
            kept = np.flatnonzero(scores >= floor)
            if len(kept) > 4 * _KEEP:
                kept = kept[np.argpartition(-scores[kept], 4 * _KEEP)[: 4 * _KEEP]]
            yield start + offset, {int(columns[k]): float(scores[k]) for k in kept}


def _best(rows: Iterable[tuple[int, dict[int, float]]]) -> Scores:
    scores = dict(rows)
    by_column: dict[int, list[tuple[float, int]]] = defaultdict(list)
    kept: set[tuple[int, int]] = set()
    for row, found in scores.items():
        ranked = sorted(found.items(), key=lambda item: -item[1])
        kept.update((row, column) for column, _ in ranked[:_KEEP])
        for column, score in found.items():
            by_column[column].append((score, row))
    for column, ranked_rows in by_column.items():
        kept.update((row, column) for _, row in sorted(ranked_rows, reverse=True)[:_KEEP])
    best: Scores = {}
    for row, column in sorted(kept):
        best.setdefault(row, {})[column] = scores[row][column]
    return best


def in_order(old: Sequence[str], news: Sequence[Sequence[str]]) -> list[float]:
    """Give for each new word list how much of it and the old one runs in the same order, 0 to 1.

    The length of the longest common subsequence over the geometric mean of the lengths;
    bit-parallel (Hyyrö 2004). It survives words replaced here and there, which phrases do not.
    """
    places: dict[str, int] = {}
    for at, word in enumerate(old):
        places[word] = places.get(word, 0) | (1 << at)
    full = (1 << len(old)) - 1
    shares = []
    for new in news:
        row = full
        for word in new:
            hit = row & places.get(word, 0)
            if hit:
                row = ((row + hit) | (row - hit)) & full
        common = len(old) - row.bit_count()
        shares.append(common / math.sqrt(len(old) * len(new)) if old and new else 0.0)
    return shares

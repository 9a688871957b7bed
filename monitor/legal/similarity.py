"""How alike two provisions read: words, phrases and headings, weighed by rarity."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from monitor.legal.nodes import MASK, Node, Nodes

Vector = dict[int, float]
Scores = dict[int, dict[int, float]]

_WORDS, _PHRASES, _HEADING = 0.5, 0.3, 0.2
_KEEP = 12
_PAIR_LIMIT = 400_000
_RARE = 30
_NOTABLE = 0.2
_LONGEST = 50_000


# A word's number takes 21 bits, so that a phrase of two or three words is one number as well.
_BITS = 21


def rarity(old: Nodes, new: Nodes) -> list[float]:
    """Give each word's weight by its number: how few provisions of both texts have it (idf).

    A reference's placeholder weighs little.
    """
    counts: Counter[int] = Counter()
    for nodes in (old, new):
        for node in nodes.all:
            counts.update(set(node.words))
    total = len(old.all) + len(new.all)
    weights = [math.log(total + 1) + 0.1] * (len(old.vocabulary) + MASK + 1)
    for word, count in counts.items():
        weights[word] = math.log((total + 1) / (count + 0.5)) + 0.1
    weights[MASK] = 0.1
    return weights


def _scaled(features: Mapping[int, float], share: float) -> Vector:
    norm = math.sqrt(sum(w * w for w in features.values()))
    if not norm:
        return {}
    factor = math.sqrt(share) / norm
    return {feature: weight * factor for feature, weight in features.items()}


def phrases(words: Sequence[int], rare: Sequence[float]) -> dict[int, float]:
    """Weigh the two- and three-word phrases of a text: rarity times how often they stand there."""
    found: dict[int, float] = {}
    weights = [rare[word] for word in words]
    twos = [(first << _BITS) | second for first, second in pairwise(words)]
    for place, two in enumerate(twos):
        found[two] = found.get(two, 0.0) + weights[place] + weights[place + 1]
    for place, two in enumerate(twos[:-1]):
        three = (two << _BITS) | words[place + 2]
        found[three] = (
            found.get(three, 0.0) + weights[place] + weights[place + 1] + weights[place + 2]
        )
    return found


def vector(node: Node, rare: Sequence[float], by_phrase: Mapping[int, float]) -> Vector:
    """Give a provision's features so that the dot product of two vectors is their likeness.

    Words by TF-IDF (they survive reordering), phrases as weighed by `phrases`, and the heading
    (negative numbers); a provision without heading shares its weight out among the other two.
    """
    by_word = {word: (1 + math.log(n)) * rare[word] for word, n in Counter(node.whole).items()}
    heading = {-word: rare[word] for word in node.heading}
    rest = 1 - _HEADING if heading else 1.0
    share = rest / (_WORDS + _PHRASES)
    if not by_phrase:
        return _scaled(by_word, rest) | _scaled(heading, _HEADING)
    return (
        _scaled(by_word, _WORDS * share)
        | _scaled(by_phrase, _PHRASES * share)
        | _scaled(heading, _HEADING)
    )


def product(left: Vector, right: Vector) -> float:
    """Give the dot product of two vectors: how alike two provisions are, 0 to 1."""
    return sum(left[feature] * right[feature] for feature in left.keys() & right.keys())


def likeness(olds: Sequence[Vector], news: Sequence[Vector], floor: float) -> Scores:
    """Give for each old vector the new ones that are alike at `floor` or more, by position.

    Sparse: only the best dozen per row and column are kept, and long lists are only compared
    where two share something rare.
    """
    if not olds or not news:
        return {}
    postings: dict[int, list[tuple[int, float]]] = {}
    wanted = set[int]().union(*olds)
    for column, features in enumerate(news):
        for feature in wanted.intersection(features):
            postings.setdefault(feature, []).append((column, features[feature]))
    work = sum(len(postings[f]) for features in olds for f in features.keys() & postings.keys())
    if work > _PAIR_LIMIT:
        return _best(_by_rarity(olds, news, postings, floor))
    return _best(_by_postings(olds, postings, floor))


def _by_postings(
    olds: Sequence[Vector], postings: Mapping[int, list[tuple[int, float]]], floor: float
) -> Iterable[tuple[int, dict[int, float]]]:
    for row, features in enumerate(olds):
        scores: dict[int, float] = defaultdict(float)
        for feature in features.keys() & postings.keys():
            weight = features[feature]
            for column, other in postings[feature]:
                scores[column] += weight * other
        yield row, {column: score for column, score in scores.items() if score >= floor}


def _by_rarity(
    olds: Sequence[Vector],
    news: Sequence[Vector],
    postings: Mapping[int, list[tuple[int, float]]],
    floor: float,
) -> Iterable[tuple[int, dict[int, float]]]:
    """Compare each old vector with the new ones that share most of what few others have."""
    for row, features in enumerate(olds):
        shared: dict[int, float] = defaultdict(float)
        for feature in features.keys() & postings.keys():
            sharing = postings[feature]
            if len(sharing) <= _RARE:
                weight = features[feature]
                for column, other in sharing:
                    shared[column] += weight * other
        ranked = sorted(shared, key=lambda column: (-shared[column], column))[:_KEEP]
        least = _NOTABLE * shared[ranked[0]] if ranked else 0.0
        scores = {}
        for column in ranked:
            if shared[column] >= least:
                score = product(features, news[column])
                if score >= floor:
                    scores[column] = score
        yield row, scores


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


def in_order(old: Sequence[int], news: Sequence[Sequence[int]]) -> list[float]:
    """Give for each new word list how much of it and the old one runs in the same order, 0 to 1.

    The length of the longest common subsequence over the geometric mean of the lengths;
    bit-parallel (Hyyrö 2004). It survives words replaced here and there, which phrases do not.
    Beyond 50,000 words the order is left aside, so that time stays bounded.
    """
    if max(map(len, (old, *news)), default=0) > _LONGEST:
        bag = Counter(old)
        return [
            (bag & Counter(new)).total() / math.sqrt(len(old) * len(new)) if old and new else 0.0
            for new in news
        ]
    places: dict[int, int] = {}
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

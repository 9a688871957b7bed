"""Which provisions of one list became which of another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.legal.assign import best_assignment
from monitor.legal.groups import Groups
from monitor.legal.nodes import Node
from monitor.legal.order import between_anchors, heaviest_run
from monitor.legal.pieces import add_pieces
from monitor.legal.sides import Pairing, Sides, may_pair, of_fitting_kinds
from monitor.legal.similarity import Scores, in_order, likeness

_STRONG = 0.48
_FAR, _FAR_SAME_HEADING, _SAME_HEADING = 0.6, 0.45, 0.6
_WEAK = 0.32
_CERTAIN = 0.5
_CLEAR_LEAD = 0.15
_FLOOR = 0.1
_RECONSIDERED = 8
_DOUBTLESS = 0.6
_IN_ORDER, _SAME_LABEL, _OTHER_KIND = 0.06, 0.04, 0.12


def exact_pairs(sides: Sides, olds: Sequence[int], news: Sequence[int]) -> list[tuple[int, int]]:
    """Pair the provisions of one kind that read the same, where both sides have as many."""
    by_key: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index in olds:
        node = sides.old[index]
        by_key[node.provision.kind, _key(node)][0].append(index)
    for index in news:
        node = sides.new[index]
        by_key[node.provision.kind, _key(node)][1].append(index)
    pairs = []
    for left, right in by_key.values():
        if len(left) == len(right):
            pairs += list(zip(left, right, strict=True))
    return pairs


def _key(node: Node) -> int:
    return node.whole_key if node.whole else hash((node.provision.num, len(node.children)))


def _clear_pairs(scores: Scores) -> list[tuple[int, int]]:
    """Give the pairs that are each other's best by a clear lead."""
    by_column: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for row, found in scores.items():
        for column, score in found.items():
            by_column[column].append((score, row))
    pairs = []
    for row, found in scores.items():
        ranked = sorted(found.items(), key=lambda item: -item[1])
        column, score = ranked[0]
        rivals = [s for c, s in ranked[1:2]] + [s for s, r in by_column[column] if r != row]
        if score >= _STRONG and all(score - rival >= _CLEAR_LEAD for rival in rivals):
            pairs.append((row, column))
    return pairs


def _in_order(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    ordered = sorted(pairs)
    run = heaviest_run([new for _, new in ordered], [1.0] * len(ordered))
    return [pair for place, pair in enumerate(ordered) if place in run]


def _with_priors(
    sides: Sides, scores: Scores, anchors: Sequence[tuple[int, int]]
) -> dict[int, dict[int, float]]:
    weighed: dict[int, dict[int, float]] = {}
    for row, found in scores.items():
        old = sides.old[row]
        for column, score in found.items():
            new = sides.new[column]
            taken = row in sides.spoken_for[0] or column in sides.spoken_for[1]
            if not may_pair(old, new) or (taken and score < _DOUBTLESS):
                continue
            if between_anchors(anchors, row, column):
                score += _IN_ORDER
            if old.provision.kind != new.provision.kind:
                score -= _OTHER_KIND
            elif old.provision.num == new.provision.num:
                score += _SAME_LABEL
            if score >= _WEAK:
                weighed.setdefault(row, {})[column] = score - _WEAK + 1e-6
    return weighed


def match(sides: Sides, olds: Sequence[int], news: Sequence[int]) -> list[Pairing]:
    """Pair two lists of provisions: the children of partners, or all articles of two texts.

    Exact matches first, then the best assignment by likeness with a weak prior on order and
    label. What is left over, or fits its partner badly, may be a piece of a provision that was
    split or merged. Weak pairs come last, and only where they keep the order.
    """
    exact = exact_pairs(sides, olds, news)
    paired_old, paired_new = {o for o, _ in exact}, {n for _, n in exact}
    rest_old = [o for o in olds if o not in paired_old]
    rest_new = [n for n in news if n not in paired_new]
    rest_old, rest_new = of_fitting_kinds(sides, rest_old, rest_new)
    scores = combined_scores(sides, rest_old, rest_new, _FLOOR)
    anchors = _in_order([*exact, *_clear_pairs(scores)])
    groups = Groups(dict.fromkeys(exact, 1.0))
    for (old, new), score in _assigned(sides, scores, anchors).items():
        if _trusted(sides, old, new, score, anchors, _STRONG):
            groups.join(old, new, score)
    add_pieces(sides, groups, olds, news)
    anchors = _in_order((old[0], new[0]) for old, new, _ in groups.all())
    rest = {
        old: {new: score for new, score in found.items() if not groups.has_new(new)}
        for old, found in scores.items()
        if not groups.has_old(old)
    }
    for (old, new), score in _assigned(sides, rest, anchors).items():
        if _trusted(sides, old, new, score, anchors, 0.0):
            groups.join(old, new, score)
    exact_set = set(exact)
    return [
        Pairing(old, new, round(score, 4), (old[0], new[0]) in exact_set or score >= _CERTAIN)
        for old, new, score in groups.all()
    ]


def _trusted(
    sides: Sides, old: int, new: int, score: float, anchors: Sequence[tuple[int, int]], least: float
) -> bool:
    """Tell whether a pair may stand: in order at `least`, out of order only where much alike."""
    if between_anchors(anchors, old, new):
        return score >= least
    headings = sides.old[old].heading, sides.new[new].heading
    shared = len(set(headings[0]) & set(headings[1])) / max(1, *map(len, headings))
    return score >= (_FAR_SAME_HEADING if shared >= _SAME_HEADING else _FAR)


def combined_scores(sides: Sides, olds: Sequence[int], news: Sequence[int], floor: float) -> Scores:
    """Give how alike the provisions of two lists are, by index, where it is enough to count.

    The mean of likeness by words and phrases and of what runs in the same order.
    """
    by_place = likeness(
        [sides.old_vector(o) for o in olds], [sides.new_vector(n) for n in news], floor
    )
    scores: Scores = {}
    for row, found in by_place.items():
        old = olds[row]
        best = sorted(found, key=lambda column: (-found[column], column))[:_RECONSIDERED]
        orders = in_order(sides.old[old].whole, [sides.new[news[c]].whole for c in best])
        scores[old] = {
            news[column]: (found[column] + order) / 2
            for column, order in zip(best, orders, strict=True)
        }
    return scores


def _assigned(
    sides: Sides, scores: Scores, anchors: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    weighed = _with_priors(sides, scores, anchors)
    return {(old, new): scores[old][new] for old, new in best_assignment(weighed).items()}

"""Which provisions of one list became which of another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.legal.assign import best_assignment
from monitor.legal.coverage import Features, Piece, features, find_pieces
from monitor.legal.nodes import Node, Nodes
from monitor.legal.order import between_anchors, heaviest_run
from monitor.legal.similarity import Rarity, Scores, Vector, likeness, rarity, vector

_STRONG = 0.42
_WEAK = 0.2
_CERTAIN = 0.5
_CLEAR_LEAD = 0.15
_FLOOR = 0.12
_IN_ORDER, _SAME_LABEL, _OTHER_KIND = 0.06, 0.04, 0.12
_SEPARATE = frozenset({"article", "appendix", "quoted"})


@dataclass(frozen=True, slots=True)
class Pairing:
    """Provisions of the old text (by index) that became those of the new one."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    score: float
    certain: bool
    across: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """Both texts with what is worked out about their provisions once and kept."""

    old: Nodes
    new: Nodes
    rare: Rarity
    _vectors: tuple[dict[int, Vector], dict[int, Vector]] = field(default=({}, {}))
    _features: tuple[dict[int, Features], dict[int, Features]] = field(default=({}, {}))

    def old_vector(self, index: int) -> Vector:
        """Give the vector of an old provision."""
        return self._vector(0, self.old[index])

    def new_vector(self, index: int) -> Vector:
        """Give the vector of a new provision."""
        return self._vector(1, self.new[index])

    def _vector(self, side: int, node: Node) -> Vector:
        cache = self._vectors[side]
        if node.index not in cache:
            cache[node.index] = vector(node, self.rare)
        return cache[node.index]

    def old_features(self, index: int) -> Features:
        """Count the words and phrases of an old provision's subtree."""
        return self._counted(0, self.old[index])

    def new_features(self, index: int) -> Features:
        """Count the words and phrases of a new provision's subtree."""
        return self._counted(1, self.new[index])

    def _counted(self, side: int, node: Node) -> Features:
        cache = self._features[side]
        if node.index not in cache:
            cache[node.index] = features(node.whole)
        return cache[node.index]


def make_sides(old: Nodes, new: Nodes) -> Sides:
    """Put two texts side by side."""
    return Sides(old, new, rarity(old, new), ({}, {}), ({}, {}))


def _may_pair(old: Node, new: Node) -> bool:
    kinds = (old.provision.kind, new.provision.kind)
    return kinds[0] == kinds[1] or not (_SEPARATE & set(kinds))


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
    sides: Sides, scores: Scores, olds: Sequence[int], news: Sequence[int],
    anchors: Sequence[tuple[int, int]],
) -> Scores:  # fmt: skip
    weighed: Scores = {}
    for row, found in scores.items():
        old = sides.old[olds[row]]
        for column, score in found.items():
            new = sides.new[news[column]]
            if not _may_pair(old, new):
                continue
            if between_anchors(anchors, old.index, new.index):
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
    label; what is left over may be a split or a merge of strong pairs; weak pairs come last.
    """
    exact = exact_pairs(sides, olds, news)
    paired_old, paired_new = {o for o, _ in exact}, {n for _, n in exact}
    rest_old = [o for o in olds if o not in paired_old]
    rest_new = [n for n in news if n not in paired_new]
    scores = likeness(
        [sides.old_vector(o) for o in rest_old], [sides.new_vector(n) for n in rest_new], _FLOOR
    )
    clear = [(rest_old[row], rest_new[column]) for row, column in _clear_pairs(scores)]
    anchors = _in_order([*exact, *clear])
    weighed = _with_priors(sides, scores, rest_old, rest_new, anchors)
    chosen = {
        (rest_old[row], rest_new[column]): scores[row][column]
        for row, column in best_assignment(weighed).items()
    }
    strong = {pair: score for pair, score in chosen.items() if score >= _STRONG}
    groups = _Groups({**dict.fromkeys(exact, 1.0), **strong})
    _add_pieces(sides, groups, rest_old, rest_new)
    for (old, new), score in chosen.items():
        if not groups.has_old(old) and not groups.has_new(new):
            groups.join(old, new, score)
    exact_set = set(exact)
    return [
        Pairing(old, new, round(score, 4), (old[0], new[0]) in exact_set or score >= _CERTAIN)
        for old, new, score in groups.all()
    ]


class _Groups:
    """Which old provisions belong together with which new ones, while pairing goes on."""

    def __init__(self, pairs: Mapping[tuple[int, int], float]) -> None:
        self._members: dict[int, tuple[list[int], list[int], list[float]]] = {}
        self._of_old: dict[int, int] = {}
        self._of_new: dict[int, int] = {}
        for (old, new), score in pairs.items():
            self.join(old, new, score)

    def has_old(self, index: int) -> bool:
        return index in self._of_old

    def has_new(self, index: int) -> bool:
        return index in self._of_new

    def partners_of_old(self, index: int) -> list[int]:
        group = self._of_old.get(index)
        return [] if group is None else self._members[group][1]

    def partners_of_new(self, index: int) -> list[int]:
        group = self._of_new.get(index)
        return [] if group is None else self._members[group][0]

    def join(self, old: int, new: int, score: float) -> None:
        """Put two provisions into one group, where at least one of them has none yet."""
        group = self._of_old.get(old, self._of_new.get(new, len(self._members)))
        olds, news, scores = self._members.setdefault(group, ([], [], []))
        if old not in self._of_old:
            olds.append(old)
            self._of_old[old] = group
        if new not in self._of_new:
            news.append(new)
            self._of_new[new] = group
        scores.append(score)

    def all(self) -> list[tuple[tuple[int, ...], tuple[int, ...], float]]:
        return [
            (tuple(sorted(olds)), tuple(sorted(news)), min(scores))
            for olds, news, scores in self._members.values()
        ]


def _add_pieces(sides: Sides, groups: _Groups, olds: Sequence[int], news: Sequence[int]) -> None:
    """Add to the groups what is covered by the rest of a provision: splits, then merges."""

    def explained_old(index: int) -> Features:
        total: Features = features(())
        for partner in groups.partners_of_old(index):
            total += sides.new_features(partner)
        return total

    def explained_new(index: int) -> Features:
        total: Features = features(())
        for partner in groups.partners_of_new(index):
            total += sides.old_features(partner)
        return total

    lone_new = [n for n in news if not groups.has_new(n)]
    for piece in find_pieces(
        lone_new, olds, sides.new_features, sides.old_features, explained_old, sides.rare
    ):
        _join_if_fit(sides, groups, piece, piece_is_new=True)
    lone_old = [o for o in olds if not groups.has_old(o)]
    for piece in find_pieces(
        lone_old, news, sides.old_features, sides.new_features, explained_new, sides.rare
    ):
        _join_if_fit(sides, groups, piece, piece_is_new=False)


def _join_if_fit(sides: Sides, groups: _Groups, piece: Piece, piece_is_new: bool) -> None:
    old, new = (piece.source, piece.piece) if piece_is_new else (piece.piece, piece.source)
    if _may_pair(sides.old[old], sides.new[new]):
        groups.join(old, new, piece.covered)

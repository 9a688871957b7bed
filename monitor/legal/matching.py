"""Which provisions of one list became which of another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.legal.assign import best_assignment
from monitor.legal.coverage import Content, Phrases, Piece, covered, find_pieces
from monitor.legal.nodes import Node, Nodes
from monitor.legal.order import between_anchors, heaviest_run
from monitor.legal.similarity import (
    Scores,
    Vector,
    in_order,
    likeness,
    phrases,
    rarity,
    vector,
)

_STRONG = 0.48
_FAR, _FAR_SAME_HEADING, _SAME_HEADING = 0.6, 0.45, 0.6
_WEAK = 0.32
_CERTAIN = 0.5
_CLEAR_LEAD = 0.15
_FLOOR = 0.1
_RECONSIDERED = 8
_FIRM = 0.65
_DISTINCT, _DOUBTLESS = 8, 0.6
_FAR_BETTER, _BETTER_BESIDE, _STILL = 0.25, 0.05, 0.7
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
    """Both texts with what is worked out about their provisions once and kept.

    `spoken_for` are the provisions (old ones, new ones) whose words stand exactly once on either
    side: a doubtful pair must not take them away from each other.
    """

    old: Nodes
    new: Nodes
    rare: list[float]
    spoken_for: tuple[frozenset[int], frozenset[int]]
    _vectors: tuple[dict[int, Vector], dict[int, Vector]]
    _phrases: tuple[dict[int, Phrases], dict[int, Phrases]]
    _contents: tuple[dict[int, Content], dict[int, Content]]

    def old_vector(self, index: int) -> Vector:
        """Give the vector of an old provision."""
        return self._vector(0, self.old[index])

    def new_vector(self, index: int) -> Vector:
        """Give the vector of a new provision."""
        return self._vector(1, self.new[index])

    def _vector(self, side: int, node: Node) -> Vector:
        cache = self._vectors[side]
        if node.index not in cache:
            cache[node.index] = vector(node, self.rare, self.phrases(side, node))
        return cache[node.index]

    def phrases(self, side: int, node: Node) -> Phrases:
        """Weigh the phrases of a provision's subtree; side 0 is the old text, 1 the new one."""
        cache = self._phrases[side]
        if node.index not in cache:
            cache[node.index] = phrases(node.whole, self.rare)
        return cache[node.index]

    def old_content(self, index: int) -> Content:
        """Give what an old provision's subtree holds."""
        return self._content(0, self.old, index)

    def new_content(self, index: int) -> Content:
        """Give what a new provision's subtree holds."""
        return self._content(1, self.new, index)

    def _content(self, side: int, nodes: Nodes, index: int) -> Content:
        cache = self._contents[side]
        if index not in cache:
            parts: Counter[int] = Counter()
            for below in nodes.below(index):
                parts[nodes[below].key] += len(nodes[below].words)
            cache[index] = Content(self.phrases(side, nodes[index]), parts)
        return cache[index]


def make_sides(old: Nodes, new: Nodes) -> Sides:
    """Put two texts side by side."""
    return Sides(old, new, rarity(old, new), _once_each(old, new), ({}, {}), ({}, {}), ({}, {}))


def _once_each(old: Nodes, new: Nodes) -> tuple[frozenset[int], frozenset[int]]:
    places: list[dict[tuple[str, int], list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, nodes in enumerate((old, new)):
        for node in nodes.all:
            if len(node.whole) >= _DISTINCT:
                places[side][node.provision.kind, node.whole_key].append(node.index)
    shared = [
        key for key, found in places[0].items() if len(found) == len(places[1].get(key, ())) == 1
    ]
    return (
        frozenset(places[0][key][0] for key in shared),
        frozenset(places[1][key][0] for key in shared),
    )


def _may_pair(old: Node, new: Node) -> bool:
    kinds = (old.provision.kind, new.provision.kind)
    return kinds[0] == kinds[1] or not (_SEPARATE & set(kinds))


def _of_fitting_kinds(
    sides: Sides, olds: Sequence[int], news: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Leave out what has nothing of its kind on the other side: forms where there are none."""

    def group(node: Node) -> str:
        kind = node.provision.kind
        return kind if kind in _SEPARATE else ""

    left, right = {group(sides.old[o]) for o in olds}, {group(sides.new[n]) for n in news}
    return (
        [o for o in olds if group(sides.old[o]) in right],
        [n for n in news if group(sides.new[n]) in left],
    )


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
            if not _may_pair(old, new) or (taken and score < _DOUBTLESS):
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
    rest_old, rest_new = _of_fitting_kinds(sides, rest_old, rest_new)
    scores = combined_scores(sides, rest_old, rest_new, _FLOOR)
    anchors = _in_order([*exact, *_clear_pairs(scores)])
    groups = _Groups(dict.fromkeys(exact, 1.0))
    for (old, new), score in _assigned(sides, scores, anchors).items():
        if _trusted(sides, old, new, score, anchors, _STRONG):
            groups.join(old, new, score)
    _add_pieces(sides, groups, olds, news)
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


class _Groups:
    """Which old provisions belong together with which new ones, while pairing goes on."""

    def __init__(self, pairs: Mapping[tuple[int, int], float]) -> None:
        self._made = 0
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

    def exact_old(self, index: int) -> bool:
        """Tell whether an old provision has a partner that reads the same."""
        return self._exact(self._of_old.get(index))

    def exact_new(self, index: int) -> bool:
        """Tell whether a new provision has a partner that reads the same."""
        return self._exact(self._of_new.get(index))

    def _exact(self, group: int | None) -> bool:
        return group is not None and min(self._members[group][2]) == 1.0

    def loose_old(self, index: int) -> bool:
        """Tell whether an old provision has no partner or a single one that fits badly."""
        return self._loose(self._of_old.get(index))

    def loose_new(self, index: int) -> bool:
        """Tell whether a new provision has no partner or a single one that fits badly."""
        return self._loose(self._of_new.get(index))

    def _loose(self, group: int | None) -> bool:
        if group is None:
            return True
        olds, news, scores = self._members[group]
        return len(olds) == len(news) == 1 and scores[0] < _FIRM

    def free_old(self, index: int) -> None:
        """Take an old provision's badly fitting pair apart, if it has one."""
        self._take_apart(self._of_old.get(index))

    def free_new(self, index: int) -> None:
        """Take a new provision's badly fitting pair apart, if it has one."""
        self._take_apart(self._of_new.get(index))

    def _take_apart(self, group: int | None) -> None:
        if group is None:
            return
        olds, news, _ = self._members.pop(group)
        for old in olds:
            del self._of_old[old]
        for new in news:
            del self._of_new[new]

    def join(self, old: int, new: int, score: float) -> None:
        """Put two provisions into one group, where at least one of them has none yet."""
        group = self._of_old.get(old, self._of_new.get(new, self._made))
        self._made += group == self._made
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
    """Add to the groups what is covered by the rest of a provision: splits, then merges.

    A pair that fits badly gives way where the rest of another provision covers it better.
    """
    place_old = {old: place for place, old in enumerate(olds)}
    place_new = {new: place for place, new in enumerate(news)}

    def explained_old(index: int) -> list[Content]:
        return [sides.new_content(partner) for partner in groups.partners_of_old(index)]

    def explained_new(index: int) -> list[Content]:
        return [sides.old_content(partner) for partner in groups.partners_of_new(index)]

    def beside_new(piece: int, source: int) -> bool:
        partners = groups.partners_of_old(source)
        return any(abs(place_new[p] - place_new[piece]) == 1 for p in partners)

    def beside_old(piece: int, source: int) -> bool:
        partners = groups.partners_of_new(source)
        return any(abs(place_old[p] - place_old[piece]) == 1 for p in partners)

    olds, news = _of_fitting_kinds(sides, olds, news)
    articles = any(sides.old[o].provision.kind == "article" for o in olds)
    loose = [n for n in news if groups.loose_new(n)]
    inexact = [o for o in olds if not groups.exact_old(o)]
    for piece in find_pieces(
        loose, inexact, sides.new_content, sides.old_content, explained_old, beside_new, articles
    ):
        old, new = piece.source, piece.piece
        by_now = _explained(sides.new_content(new), explained_new(new))
        still = _held(sides.new_content(new), sides.old_content(old), explained_old(old))
        if _may_pair(sides.old[old], sides.new[new]) and _better(piece, still, by_now):
            groups.free_new(new)
            groups.join(old, new, piece.covered)
    loose = [o for o in olds if groups.loose_old(o)]
    inexact = [n for n in news if not groups.exact_new(n)]
    for piece in find_pieces(
        loose, inexact, sides.old_content, sides.new_content, explained_new, beside_old, articles
    ):
        old, new = piece.piece, piece.source
        by_now = _explained(sides.old_content(old), explained_old(old))
        still = _held(sides.old_content(old), sides.new_content(new), explained_new(new))
        if _may_pair(sides.old[old], sides.new[new]) and _better(piece, still, by_now):
            groups.free_old(old)
            groups.join(old, new, piece.covered)


def _held(piece: Content, source: Content, taken: Sequence[Content]) -> float:
    return covered(piece.phrases, source.phrases, (other.phrases for other in taken))


def _better(piece: Piece, still: float, by_now: float) -> bool:
    """Tell whether a piece may leave the partner that holds `by_now` of it.

    `still` is what the source holds of it after the pieces before it have joined.
    """
    if still < _STILL * piece.covered:
        return False
    return piece.covered >= by_now + (_BETTER_BESIDE if piece.beside else _FAR_BETTER)


def _explained(content: Content, partners: Sequence[Content]) -> float:
    """Give how much of a provision its partners hold; less than nothing without any."""
    if not partners:
        return -1.0
    return max(covered(content.phrases, partner.phrases) for partner in partners)

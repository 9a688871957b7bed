"""Two texts side by side, with what is worked out about their provisions once and kept."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.legal.coverage import Content, Phrases
from monitor.legal.nodes import Node, Nodes
from monitor.legal.similarity import Vector, phrases, rarity, vector

_DISTINCT = 8
SEPARATE = frozenset({"article", "appendix", "quoted"})


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


def may_pair(old: Node, new: Node) -> bool:
    """Tell whether two provisions are of kinds that may become one another."""
    kinds = (old.provision.kind, new.provision.kind)
    return kinds[0] == kinds[1] or not (SEPARATE & set(kinds))


def of_fitting_kinds(
    sides: Sides, olds: Sequence[int], news: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Leave out what has nothing of its kind on the other side: forms where there are none."""

    def group(node: Node) -> str:
        kind = node.provision.kind
        return kind if kind in SEPARATE else ""

    left, right = {group(sides.old[o]) for o in olds}, {group(sides.new[n]) for n in news}
    return (
        [o for o in olds if group(sides.old[o]) in right],
        [n for n in news if group(sides.new[n]) in left],
    )

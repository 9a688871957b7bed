"""Parts, chapters and sections paired by their headings and by what they hold."""

from collections import Counter
from collections.abc import Sequence

from monitor.legal.assign import best_assignment
from monitor.legal.nodes import CONTAINERS, Node, Nodes
from monitor.legal.sides import Pairing

_LEAST = 0.34


def _holders(nodes: Nodes) -> dict[int, list[int]]:
    """Give for each provision the containers around it."""
    around: dict[int, list[int]] = {}
    for node in nodes.all:
        above = around.get(node.parent, [])
        around[node.index] = [*above, node.index] if node.provision.kind in CONTAINERS else above
    return around


def _alike(old: Node, new: Node, shared: int, held: int) -> float:
    if old.provision.kind != new.provision.kind:
        return 0.0
    ours, theirs = Counter(old.heading or old.words), Counter(new.heading or new.words)
    common = sum((ours & theirs).values())
    said = max(sum(ours.values()), sum(theirs.values()))
    heading = common / said if said else 0.0
    inside = shared / held if held else 0.0
    return 0.5 * heading + 0.5 * inside


def pair_containers(old: Nodes, new: Nodes, pairings: Sequence[Pairing]) -> list[Pairing]:
    """Pair the containers of two texts whose provisions are paired already."""
    olds, news = old.containers(), new.containers()
    if not olds or not news:
        return []
    around_old, around_new = _holders(old), _holders(new)
    shared: Counter[tuple[int, int]] = Counter()
    held_old: Counter[int] = Counter()
    held_new: Counter[int] = Counter()
    for pairing in pairings:
        if old[pairing.old[0]].provision.kind != "article":
            continue
        left, right = around_old[pairing.old[0]], around_new[pairing.new[0]]
        held_old.update(left)
        held_new.update(right)
        shared.update((o, n) for o in left for n in right)
    weights: dict[int, dict[int, float]] = {}
    for o in olds:
        for n in news:
            held = max(held_old[o], held_new[n])
            alike = _alike(old[o], new[n], shared[o, n], held)
            if alike >= _LEAST:
                weights.setdefault(o, {})[n] = alike
    return [
        Pairing((o,), (n,), round(weights[o][n], 4), weights[o][n] >= 0.5)
        for o, n in best_assignment(weights).items()
    ]

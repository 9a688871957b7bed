"""What found no partner under its own parent, sought in the whole of the other text."""

from collections.abc import Container, Iterator, Mapping, Sequence

from monitor.legal.assign import best_assignment
from monitor.legal.matching import combined_scores, exact_pairs
from monitor.legal.nodes import Node, Nodes
from monitor.legal.sides import SEPARATE, Pairing, Sides
from monitor.legal.similarity import Scores

_ALIKE, _ALIKE_FAR, _ALIKE_ARTICLE = 0.62, 0.88, 0.85
_CERTAIN = 0.8
_NEAR = 0.3
_OTHER_KIND = 0.08
_SHORTEST = 8
_FEWEST_SHARED, _LEAST_SHARED = 3, 0.15
# A paragraph may have become an article and the other way round; a form nothing but a form.
_FIXED = SEPARATE - {"article"}
_SHORTEST_CERTAIN = 12


def match_across(
    sides: Sides,
    olds: Sequence[int],
    news: Sequence[int],
    partners: Mapping[int, Container[int]],
) -> tuple[list[Pairing], dict[int, float], dict[int, float]]:
    """Pair what is left over on both sides, most alike first; a parent may be among it.

    `partners` gives those of an old article: what stays within partners needs less likeness.

    Also gives how alike each left-over provision is to its nearest on the other side, so that
    "removed" and "added" are only certain where nothing comes near.
    """
    regions = {_appended(sides.old, o) for o in olds} & {_appended(sides.new, n) for n in news}
    olds = [o for o in olds if _worth(sides.old, o, regions)]
    news = [n for n in news if _worth(sides.new, n, regions)]
    exact = exact_pairs(sides, olds, news)
    found = [
        Pairing((o,), (n,), 1.0, len(sides.old[o].whole) >= _SHORTEST_CERTAIN, across=True)
        for o, n in exact
    ]
    paired_old, paired_new = {o for o, _ in exact}, {n for _, n in exact}
    rest_old = [o for o in olds if o not in paired_old]
    rest_new = [n for n in news if n not in paired_new]
    rest_old, rest_new = _worth_comparing(sides, rest_old, rest_new)
    scores = combined_scores(sides, rest_old, rest_new, _NEAR)
    for old, new in best_assignment(_weighed(sides, scores, partners)).items():
        score = scores[old][new]
        found.append(Pairing((old,), (new,), round(score, 4), score >= _CERTAIN, across=True))
    found.sort(key=lambda p: (-len(sides.old[p.old[0]].whole) if p.score >= _CERTAIN else 0,
                              -p.score, p.old))  # fmt: skip
    nearest_old = {old: max(near.values()) for old, near in scores.items()}
    nearest_new: dict[int, float] = {}
    for near in scores.values():
        for new, score in near.items():
            nearest_new[new] = max(score, nearest_new.get(new, 0.0))
    return found, nearest_old, nearest_new


def _appended(nodes: Nodes, index: int) -> bool:
    return nodes[index].provision.eid.startswith("app_")


def _worth(nodes: Nodes, index: int, regions: Container[bool]) -> bool:
    """Tell whether a provision says enough and the other side has any from its region."""
    return len(nodes[index].whole) >= _SHORTEST and _appended(nodes, index) in regions


def _worth_comparing(
    sides: Sides, olds: Sequence[int], news: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Leave out what shares too few three-word phrases with all of the other side together."""
    whole_old, whole_new = sides.old, sides.new
    ours = set().union(*(_triples(whole_old[o]) for o in olds)) if olds else set()
    theirs = set().union(*(_triples(whole_new[n]) for n in news)) if news else set()
    shared = ours & theirs

    def enough(node: Node) -> bool:
        found = sum(triple in shared for triple in _triples(node))
        return found >= max(_FEWEST_SHARED, _LEAST_SHARED * len(node.whole))

    return [o for o in olds if enough(whole_old[o])], [n for n in news if enough(whole_new[n])]


def _triples(node: Node) -> Iterator[tuple[int, int, int]]:
    return zip(node.whole, node.whole[1:], node.whole[2:], strict=False)


def _weighed(sides: Sides, scores: Scores, partners: Mapping[int, Container[int]]) -> Scores:
    weighed: Scores = {}
    for old, near in scores.items():
        for new, score in near.items():
            kinds = sides.old[old].provision.kind, sides.new[new].provision.kind
            if kinds[0] != kinds[1] and not _FIXED.isdisjoint(kinds):
                continue
            if _appended(sides.old, old) != _appended(sides.new, new):
                continue
            home = partners.get(sides.old.article(old), ())
            least = _ALIKE if sides.new.article(new) in home else _ALIKE_FAR
            least += _OTHER_KIND if kinds[0] != kinds[1] else 0
            if "article" in kinds and kinds[0] != kinds[1]:
                least = _ALIKE_ARTICLE
            if score >= least:
                weighed.setdefault(old, {})[new] = score - least + 1e-6
    return weighed

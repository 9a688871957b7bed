"""What found no partner under its own parent, sought in the whole of the other text."""

from collections.abc import Sequence

from monitor.legal.assign import best_assignment
from monitor.legal.matching import Pairing, Sides, exact_pairs
from monitor.legal.similarity import Scores, likeness

_ALIKE = 0.58
_CERTAIN = 0.8
_NEAR = 0.3
_OTHER_KIND = 0.08
_SHORTEST = 8
_SHORTEST_CERTAIN = 12
_SEPARATE = frozenset({"article", "appendix", "quoted"})


def match_across(
    sides: Sides, olds: Sequence[int], news: Sequence[int]
) -> tuple[list[Pairing], dict[int, float], dict[int, float]]:
    """Pair what is left over on both sides, most alike first; a parent may be among it.

    Also gives how alike each left-over provision is to its nearest on the other side, so that
    "removed" and "added" are only certain where nothing comes near.
    """
    olds = [o for o in olds if len(sides.old[o].whole) >= _SHORTEST]
    news = [n for n in news if len(sides.new[n].whole) >= _SHORTEST]
    exact = exact_pairs(sides, olds, news)
    found = [
        Pairing((o,), (n,), 1.0, len(sides.old[o].whole) >= _SHORTEST_CERTAIN, across=True)
        for o, n in exact
    ]
    paired_old, paired_new = {o for o, _ in exact}, {n for _, n in exact}
    rest_old = [o for o in olds if o not in paired_old]
    rest_new = [n for n in news if n not in paired_new]
    scores = likeness(
        [sides.old_vector(o) for o in rest_old], [sides.new_vector(n) for n in rest_new], _NEAR
    )
    weighed = _weighed(sides, scores, rest_old, rest_new)
    for row, column in best_assignment(weighed).items():
        score = scores[row][column]
        pair = (rest_old[row],), (rest_new[column],)
        found.append(Pairing(*pair, round(score, 4), score >= _CERTAIN, across=True))
    found.sort(key=lambda p: (-len(sides.old[p.old[0]].whole) if p.score >= _CERTAIN else 0,
                              -p.score, p.old))  # fmt: skip
    nearest_old = {rest_old[row]: max(near.values()) for row, near in scores.items()}
    nearest_new: dict[int, float] = {}
    for near in scores.values():
        for column, score in near.items():
            index = rest_new[column]
            nearest_new[index] = max(score, nearest_new.get(index, 0.0))
    return found, nearest_old, nearest_new


def _weighed(sides: Sides, scores: Scores, olds: Sequence[int], news: Sequence[int]) -> Scores:
    weighed: Scores = {}
    for row, near in scores.items():
        old = sides.old[olds[row]].provision.kind
        for column, score in near.items():
            new = sides.new[news[column]].provision.kind
            if old != new and {old, new} & _SEPARATE:
                continue
            least = _ALIKE + (_OTHER_KIND if old != new else 0)
            if score >= least:
                weighed.setdefault(row, {})[column] = score - least + 1e-6
    return weighed

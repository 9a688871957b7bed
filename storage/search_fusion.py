"""Two orders become one: reciprocal rank fusion.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009.
"""

from collections.abc import Sequence

from storage.search_ranking import Ranked

DAMPING = 60
"""The paper's k: how little the first places count above the next."""
LOOSE = 0.5
"""The weight of an order whose hits have only most of the words: it moves what meaning found, and
puts nothing of its own before."""


def fused(*orders: Sequence[Ranked], weights: Sequence[float] = ()) -> list[Ranked]:
    """The hits of several orders by the sum of weight / (k + place) over the orders that have them.

    An order without a weight has the weight 1. Of equal sums the hit that an earlier order has
    comes first.
    """
    sums: dict[int, float] = {}
    hits: dict[int, Ranked] = {}
    for number, order in enumerate(orders):
        weight = weights[number] if number < len(weights) else 1.0
        for place, hit in enumerate(order, 1):
            known = hits.get(hit.item)
            sums[hit.item] = sums.get(hit.item, 0.0) + weight / (DAMPING + place)
            legs = (*known.legs, *hit.legs) if known else hit.legs
            hits[hit.item] = Ranked(hit.item, 0.0, hit.story, legs)
    ordered = sorted(sums, key=lambda item: -sums[item])
    return [
        Ranked(item, round(sums[item], 6), hits[item].story, hits[item].legs) for item in ordered
    ]

"""Splits and merges: what one partner leaves unexplained, another provision may hold."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.legal.similarity import Rarity

Features = Counter[str | tuple[str, str]]

COVERED = 0.45
_WORTH_LOOKING = 0.4
_CANDIDATES = 4
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A provision found in what another one's partners leave over, and how much of it is."""

    piece: int
    source: int
    covered: float


def features(words: Sequence[str]) -> Features:
    """Count the words and the two-word phrases of a text."""
    counts: Features = Counter(words)
    counts.update(itertools.pairwise(words))
    return counts


def _weight(feature: str | tuple[str, str], rare: Rarity) -> float:
    if isinstance(feature, str):
        return rare.of(feature)
    return rare.of(feature[0]) + rare.of(feature[1])


def covered(piece: Features, rest: Features, rare: Rarity) -> float:
    """Give the share of a piece's weight, 0 to 1, that stands in `rest`."""
    total = shared = 0.0
    for feature, count in piece.items():
        weight = _weight(feature, rare)
        total += count * weight
        shared += min(count, rest.get(feature, 0)) * weight
    return shared / total if total else 0.0


def find_pieces(
    lone: Iterable[int],
    sources: Sequence[int],
    lone_features: Callable[[int], Features],
    source_features: Callable[[int], Features],
    explained: Callable[[int], Features],
    rare: Rarity,
) -> list[Piece]:
    """Find which unmatched provisions lie in the rest of which source on the other side.

    The rest of a source is what its partners (`explained`) do not hold already, so that a
    near-copy of a partner is no piece. Best covered first; each lone provision at most once.
    """
    pieces = [p for p in lone if sum(lone_features(p).values()) >= 2 * _SHORTEST - 1]
    if not pieces or not sources:
        return []
    holders: dict[object, list[int]] = defaultdict(list)
    for source in sources:
        for feature in source_features(source):
            if not isinstance(feature, str):
                holders[feature].append(source)
    common = max(20, len(sources) // 2)
    found = []
    for piece in pieces:
        own = lone_features(piece)
        hits: dict[int, float] = defaultdict(float)
        for feature in own:
            sharing = holders.get(feature, ())
            if len(sharing) <= common:
                for source in sharing:
                    hits[source] += _weight(feature, rare)
        ranked = sorted(hits, key=lambda s: (-hits[s], s))[:_CANDIDATES]
        best = Piece(piece, -1, 0.0)
        for source in ranked:
            whole = source_features(source)
            if covered(own, whole, rare) < _WORTH_LOOKING:
                continue
            rest = whole - explained(source)
            share = covered(own, rest, rare)
            if share > best.covered:
                best = Piece(piece, source, share)
        if best.covered >= COVERED:
            found.append(best)
    return sorted(found, key=lambda p: (-p.covered, p.piece))

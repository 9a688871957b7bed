"""Splits and merges: what one partner leaves unexplained, another provision may hold."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.legal.similarity import Rarity

Features = Counter[tuple[str, ...]]

COVERED = 0.45
_COVERED_WITH_PARTS = 0.25
_COVERED_BESIDE = 0.28
_VERBATIM = 0.25
_CANDIDATES = 4
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Content:
    """What a provision holds: its phrases, and its parts word for word (key → words)."""

    phrases: Features
    parts: Counter[int]

    def without(self, others: Iterable["Content"]) -> "Content":
        """Give what is left once the content of others is taken away."""
        phrases, parts = Counter(self.phrases), Counter(self.parts)
        for other in others:
            phrases -= other.phrases
            parts -= other.parts
        return Content(phrases, parts)


@dataclass(frozen=True, slots=True)
class Piece:
    """A provision found in what another one's partners leave over, and how much of it is.

    `beside` tells whether it stands next to one of those partners.
    """

    piece: int
    source: int
    covered: float
    beside: bool


def features(words: Sequence[str]) -> Features:
    """Count the two- and three-word phrases of a text: single words say too little."""
    counts: Features = Counter(pairwise(words))
    counts.update(zip(words, words[1:], words[2:], strict=False))
    return counts


def _weight(feature: tuple[str, ...], rare: Rarity) -> float:
    return sum(map(rare.of, feature))


def covered(piece: Features, rest: Features, rare: Rarity) -> float:
    """Give the share of a piece's weight, 0 to 1, that stands in `rest`."""
    total = shared = 0.0
    for feature, count in piece.items():
        weight = _weight(feature, rare)
        total += count * weight
        shared += min(count, rest.get(feature, 0)) * weight
    return shared / total if total else 0.0


def _verbatim(piece: Content, rest: Content) -> float:
    """Give the share of a piece's parts, by words, that stand word for word in `rest`."""
    total = sum(piece.parts.values())
    return sum((piece.parts & rest.parts).values()) / total if total else 0.0


def find_pieces(
    pieces: Iterable[int],
    sources: Sequence[int],
    piece_content: Callable[[int], Content],
    source_content: Callable[[int], Content],
    explained: Callable[[int], Sequence[Content]],
    beside: Callable[[int, int], bool],
    rare: Rarity,
) -> list[Piece]:
    """Find which provisions lie in the rest of which source on the other side.

    The rest of a source is what its partners (`explained`) do not hold already, so that a
    near-copy of a partner is no piece. Enough is nearly half of the phrases, or a quarter where
    whole parts stand there word for word or the piece stands right beside such a partner, as the
    parts of a split mostly do. Best covered first; each at most once.
    """
    pieces = [p for p in pieces if len(piece_content(p).phrases) >= 2 * _SHORTEST - 3]
    if not pieces or not sources:
        return []
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for source in sources:
        for feature in source_content(source).phrases:
            holders[feature].append(source)
    common = max(20, len(sources) // 2)
    found = []
    for piece in pieces:
        own = piece_content(piece)
        hits: dict[int, float] = defaultdict(float)
        for feature in own.phrases:
            sharing = holders.get(feature, ())
            if len(sharing) <= common:
                for source in sharing:
                    hits[source] += _weight(feature, rare)
        best = Piece(piece, -1, 0.0, False)
        for source in sorted(hits, key=lambda s: (-hits[s], s))[:_CANDIDATES]:
            whole = source_content(source)
            if covered(own.phrases, whole.phrases, rare) < _COVERED_WITH_PARTS:
                continue
            rest = whole.without(explained(source))
            share = covered(own.phrases, rest.phrases, rare)
            close = beside(piece, source)
            enough = (
                share >= COVERED
                or (close and share >= _COVERED_BESIDE)
                or (share >= _COVERED_WITH_PARTS and _verbatim(own, rest) >= _VERBATIM)
            )
            if enough and share > best.covered:
                best = Piece(piece, source, share, close)
        if best.source >= 0:
            found.append(best)
    return sorted(found, key=lambda p: (-p.covered, p.piece))

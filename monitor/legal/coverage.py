"""Splits and merges: what one partner leaves unexplained, another provision may hold."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Phrases = dict[int, float]

COVERED = 0.45
_COVERED_WITH_PARTS = 0.25
_ARTICLE_BESIDE, _BESIDE = 0.28, 0.4
_LEAST_PART = 0.1
_VERBATIM = 0.25
_CANDIDATES = 4
_FEWEST_PHRASES = 9


@dataclass(frozen=True, slots=True)
class Content:
    """What a provision holds: its phrases with their weight, its parts word for word.

    A phrase weighs its rarity times how often it stands there; a part (the key of its words) its
    number of words.
    """

    phrases: Phrases
    parts: Counter[int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A provision found in what another one's partners leave over, and how much of it is.

    `beside` tells whether it stands next to one of those partners.
    """

    piece: int
    source: int
    covered: float
    beside: bool


def covered(piece: Phrases, source: Phrases, taken: Iterable[Phrases] = ()) -> float:
    """Give the share of a piece's weight, 0 to 1, that what `taken` leaves of a source holds."""
    others = list(taken)
    shared = 0.0
    for phrase in piece.keys() & source.keys():
        left = source[phrase]
        for other in others:
            left -= other.get(phrase, 0.0)
        if left > 0:
            shared += min(piece[phrase], left)
    total = sum(piece.values())
    return shared / total if total else 0.0


def _verbatim(piece: Content, source: Content, taken: Sequence[Content]) -> float:
    """Give the share of a piece's parts, by words, that stand word for word in the rest."""
    total = sum(piece.parts.values())
    rest = piece.parts & source.parts
    for other in taken:
        rest -= other.parts
    return sum(rest.values()) / total if total else 0.0


def find_pieces(
    pieces: Iterable[int],
    sources: Sequence[int],
    piece_content: Callable[[int], Content],
    source_content: Callable[[int], Content],
    explained: Callable[[int], Sequence[Content]],
    beside: Callable[[int, int], bool],
    articles: bool,
) -> list[Piece]:
    """Find which provisions lie in the rest of which source on the other side.

    The rest of a source is what its partners (`explained`) do not hold already, so that a
    near-copy of a partner is no piece. Enough is nearly half of the phrases, or a quarter where
    whole parts stand there word for word; less where the piece stands right beside such a
    partner, as the parts of a split mostly do. A piece is no less than a tenth of its source,
    but for `articles`, which may grow tenfold. Best covered first; each at most once.
    """
    least_beside = _ARTICLE_BESIDE if articles else _BESIDE
    pieces = [p for p in pieces if len(piece_content(p).phrases) >= _FEWEST_PHRASES]
    if not pieces or not sources:
        return []
    holders: dict[int, list[int]] = {}
    wanted = set[int]().union(*(piece_content(piece).phrases for piece in pieces))
    for source in sources:
        for phrase in wanted.intersection(source_content(source).phrases):
            holders.setdefault(phrase, []).append(source)
    common = max(20, len(sources) // 2)
    found = []
    for piece in pieces:
        own = piece_content(piece)
        hits: dict[int, float] = defaultdict(float)
        for phrase in own.phrases.keys() & holders.keys():
            sharing = holders[phrase]
            if len(sharing) <= common:
                weight = own.phrases[phrase]
                for source in sharing:
                    hits[source] += weight
        size = sum(own.phrases.values())
        least = _COVERED_WITH_PARTS / 2 * size
        best = Piece(piece, -1, 0.0, False)
        for source in sorted(hits, key=lambda s: (-hits[s], s))[:_CANDIDATES]:
            if hits[source] < least:
                break
            whole, taken = source_content(source), explained(source)
            if (taken or not articles) and size < _LEAST_PART * sum(whole.phrases.values()):
                continue
            share = covered(own.phrases, whole.phrases, (other.phrases for other in taken))
            close = beside(piece, source)
            enough = (
                share >= COVERED
                or (close and share >= least_beside)
                or (share >= _COVERED_WITH_PARTS and _verbatim(own, whole, taken) >= _VERBATIM)
            )
            if enough and share > best.covered:
                best = Piece(piece, source, share, close)
        if best.source >= 0:
            found.append(best)
    return sorted(found, key=lambda p: (-p.covered, p.piece))

"""Splits and merges added to what is paired already."""

from collections.abc import Sequence

from monitor.legal.coverage import Content, Piece, covered, find_pieces
from monitor.legal.groups import Groups
from monitor.legal.sides import Sides, may_pair, of_fitting_kinds

_FAR_BETTER, _BETTER_BESIDE, _STILL = 0.25, 0.05, 0.7
_ALIKE = 0.6


def add_pieces(sides: Sides, groups: Groups, olds: Sequence[int], news: Sequence[int]) -> None:
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

    olds, news = of_fitting_kinds(sides, olds, news)
    articles = any(sides.old[o].provision.kind == "article" for o in olds)
    loose = [n for n in news if groups.loose_new(n)]
    inexact = [o for o in olds if not groups.exact_old(o)]
    for piece in find_pieces(
        loose, inexact, sides.new_content, sides.old_content, explained_old, beside_new, articles
    ):
        old, new = piece.source, piece.piece
        by_now = _explained(sides.new_content(new), explained_new(new))
        still = _held(sides.new_content(new), sides.old_content(old), explained_old(old))
        inside = [sides.old_content(c) for c in sides.old[old].children]
        whole = not sides.new[new].children
        if articles and whole and _is_one_of(sides.new_content(new), inside):
            continue
        if may_pair(sides.old[old], sides.new[new]) and _better(piece, still, by_now):
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
        inside = [sides.new_content(c) for c in sides.new[new].children]
        whole = not sides.old[old].children
        if articles and whole and _is_one_of(sides.old_content(old), inside):
            continue
        if may_pair(sides.old[old], sides.new[new]) and _better(piece, still, by_now):
            groups.free_old(old)
            groups.join(old, new, piece.covered)


def _is_one_of(piece: Content, inside: Sequence[Content]) -> bool:
    """Tell whether a piece, an article in one, is a paragraph of its source and so no split."""
    return any(
        covered(piece.phrases, child.phrases) >= _ALIKE
        and covered(child.phrases, piece.phrases) >= _ALIKE
        for child in inside
    )


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

"""Every provision of two texts aligned: articles first, then downwards, then across parents."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.legal.containers import pair_containers
from monitor.legal.coverage import COVERED, covered
from monitor.legal.kindred import match_kindred
from monitor.legal.matching import match
from monitor.legal.model import LegalText
from monitor.legal.nodes import CONTAINERS, Node, Nodes, Vocabulary, make_nodes
from monitor.legal.order import heaviest_run
from monitor.legal.pool import match_across
from monitor.legal.sides import Pairing, Sides, make_sides
from monitor.legal.similarity import in_order, phrases

_WEAKLY_HELD = 0.4
_MOVED_WORDS, _MOVED_SHARE = 12, 0.15


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts' provisions and how they belong together; the rest stands alone.

    `moved` are the pairings that left their order or their parent.
    """

    old: Nodes
    new: Nodes
    pairings: tuple[Pairing, ...]
    moved: frozenset[Pairing]
    nearest_old: dict[int, float]
    nearest_new: dict[int, float]


def align(old: LegalText, new: LegalText) -> Alignment:
    """Align two parsed texts of one language.

    The work is done in one canonical direction, so that swapping the texts mirrors the result.
    """
    vocabulary = Vocabulary()
    if (len(old.text), old.text) > (len(new.text), new.text):
        return _mirrored(_align(make_nodes(new, vocabulary), make_nodes(old, vocabulary)))
    return _align(make_nodes(old, vocabulary), make_nodes(new, vocabulary))


def _mirrored(alignment: Alignment) -> Alignment:
    turned = {p: replace(p, old=p.new, new=p.old) for p in alignment.pairings}
    return Alignment(
        alignment.new,
        alignment.old,
        tuple(turned.values()),
        frozenset(turned[p] for p in alignment.moved),
        alignment.nearest_new,
        alignment.nearest_old,
    )


def _align(old: Nodes, new: Nodes) -> Alignment:
    sides = make_sides(old, new)
    done = _Done([], set(), set(), set())
    _descend(sides, match(sides, old.units(old.roots), new.units(new.roots)), done)
    across, nearest_old, nearest_new = match_across(
        sides,
        [n.index for n in old.all if _stands_alone(n, done.old)],
        [n.index for n in new.all if _stands_alone(n, done.new)],
        {o: p.new for p in done.pairings for o in p.old},
    )
    for pairing in across:
        if done.old.isdisjoint(pairing.old) and done.new.isdisjoint(pairing.new):
            place = len(done.pairings)
            _descend(sides, [pairing], done)
            done.moved.add(done.pairings[place])
    _join_by_children(sides, done)
    _pair_kindred(sides, done)
    containers = pair_containers(old, new, done.pairings)
    return Alignment(
        old, new, (*done.pairings, *containers), frozenset(done.moved), nearest_old, nearest_new
    )


def align_known(
    old: LegalText, new: LegalText, known: Mapping[str, str], reworked: Container[str]
) -> Alignment:
    """Align two texts where it is known by eid what became of each provision.

    The insides of the new provisions in `reworked` were written anew and are matched as usual.
    """
    vocabulary = Vocabulary()
    sides = make_sides(make_nodes(old, vocabulary), make_nodes(new, vocabulary))
    done = _Done([], set(), set(), set())
    inside: set[int] = set()
    for node in sides.new.all:
        if node.parent in inside or (
            node.parent >= 0 and sides.new[node.parent].provision.eid in reworked
        ):
            inside.add(node.index)
    for before, after in known.items():
        left, right = sides.old.by_eid[before], sides.new.by_eid[after]
        if right in inside or left in done.old:
            continue
        pairing = Pairing((left,), (right,), _likeness(sides, left, right), certain=True)
        if after in reworked:
            _descend(sides, [pairing], done)
        else:
            done.pairings.append(pairing)
            done.old.add(left)
            done.new.add(right)
    return Alignment(sides.old, sides.new, tuple(done.pairings), frozenset(done.moved), {}, {})


def _likeness(sides: Sides, old: int, new: int) -> float:
    left, right = sides.old[old], sides.new[new]
    return 1.0 if left.key == right.key else round(in_order(left.words, [right.words])[0], 4)


def _join_by_children(sides: Sides, done: "_Done") -> None:
    """Take a lone article into the pairing from which much of what it holds has come.

    Its children were found across parents; within a split or a merge they did not move.
    """
    came: dict[tuple[int, Pairing], list[Pairing]] = defaultdict(list)
    went: dict[tuple[int, Pairing], list[Pairing]] = defaultdict(list)
    of_old = {o: p for p in done.pairings for o in p.old}
    of_new = {n: p for p in done.pairings for n in p.new}
    for pairing in done.pairings:
        if pairing.across and pairing.certain:
            left, right = sides.old[pairing.old[0]].parent, sides.new[pairing.new[0]].parent
            if right >= 0 and right not in done.new and left in of_old:
                came[right, of_old[left]].append(pairing)
            if left >= 0 and left not in done.old and right in of_new:
                went[left, of_new[right]].append(pairing)
    for (article, home), children in came.items():
        words = sum(len(sides.new[n].whole) for p in children for n in p.new)
        if _makes_up(words, sides.new[article]) and home in done.pairings:
            done.replace(home, replace(home, new=(*home.new, article)), children)
    for (article, home), children in went.items():
        words = sum(len(sides.old[o].whole) for p in children for o in p.old)
        if _makes_up(words, sides.old[article]) and home in done.pairings:
            done.replace(home, replace(home, old=(*home.old, article)), children)


def _makes_up(words: int, article: Node) -> bool:
    return article.provision.kind == "article" and words >= max(
        _MOVED_WORDS, _MOVED_SHARE * len(article.whole)
    )


def _pair_kindred(sides: Sides, done: "_Done") -> None:
    """Pair what is alone, or in a weak pair that gives way, by the duties it states."""
    weak = {
        p for p in done.pairings
        if p.score < _WEAKLY_HELD and not p.certain and len(p.old) == len(p.new) == 1
    }  # fmt: skip
    held_old = {p.old[0]: p for p in weak}
    held_new = {p.new[0]: p for p in weak}
    partners = {o: p.new for p in done.pairings for o in p.old}
    kindred = match_kindred(
        sides,
        [n.index for n in sides.old.all if n.index in held_old or _stands_alone(n, done.old)],
        [n.index for n in sides.new.all if n.index in held_new or _stands_alone(n, done.new)],
        lambda index: partners.get(index, ()),
    )
    for pairing in kindred:
        given_up = {held_old[o] for o in pairing.old if o in held_old}
        given_up |= {held_new[n] for n in pairing.new if n in held_new}
        if any(pairing.old == p.old and pairing.new == p.new for p in given_up):
            continue
        for held in given_up:
            if held in done.pairings:
                done.give_up(held)
        if done.old.isdisjoint(pairing.old) and done.new.isdisjoint(pairing.new):
            _descend(sides, [pairing], done)


@dataclass(frozen=True, slots=True)
class _Done:
    """What is paired so far; filled while the alignment goes on."""

    pairings: list[Pairing]
    moved: set[Pairing]
    old: set[int]
    new: set[int]

    def replace(self, pairing: Pairing, by: Pairing, stayed: Sequence[Pairing]) -> None:
        """Put a larger pairing in a pairing's place; those that `stayed` did not move after all."""
        self.pairings[self.pairings.index(pairing)] = by
        self.old.update(by.old)
        self.new.update(by.new)
        if pairing in self.moved:
            self.moved.discard(pairing)
            self.moved.add(by)
        self.moved.difference_update(stayed)

    def give_up(self, pairing: Pairing) -> None:
        """Take a pairing back; what is under it stays paired."""
        self.pairings.remove(pairing)
        self.moved.discard(pairing)
        self.old.difference_update(pairing.old)
        self.new.difference_update(pairing.new)


def _stands_alone(node: Node, paired: set[int]) -> bool:
    return node.index not in paired and node.provision.kind not in CONTAINERS


def _descend(sides: Sides, found: Sequence[Pairing], done: _Done) -> None:
    """Take in the pairings of one level, mark the moved ones, and go on with their children."""
    moved = out_of_order(sides, found)
    for pairing in found:
        olds = [c for o in pairing.old for c in sides.old.units(sides.old[o].children)]
        news = [c for n in pairing.new for c in sides.new.units(sides.new[n].children)]
        olds = [o for o in olds if o not in done.old]
        news = [n for n in news if n not in done.new]
        below = match(sides, olds, news) if olds and news else []
        whole = _with_own_text(sides, pairing, below, olds, news)
        done.pairings.append(whole)
        done.old.update(whole.old)
        done.new.update(whole.new)
        if pairing in moved:
            done.moved.add(whole)
        _descend(sides, below, done)


def _with_own_text(
    sides: Sides, pairing: Pairing, below: Sequence[Pairing], olds: list[int], news: list[int]
) -> Pairing:
    """Take children into the pairing whose words stand in the partner's own, unlisted text."""
    lone_old = [o for o in olds if not any(o in p.old for p in below)]
    lone_new = [n for n in news if not any(n in p.new for p in below)]
    if not lone_old and not lone_new:
        return pairing
    own_old = phrases([w for o in pairing.old for w in sides.old[o].words], sides.rare)
    own_new = phrases([w for n in pairing.new for w in sides.new[n].words], sides.rare)
    return replace(
        pairing,
        old=pairing.old
        + tuple(
            o for o in lone_old
            if covered(sides.old_content(o).phrases, own_new, [own_old]) >= COVERED
        ),
        new=pairing.new
        + tuple(
            n for n in lone_new
            if covered(sides.new_content(n).phrases, own_old, [own_new]) >= COVERED
        ),
    )  # fmt: skip


def out_of_order(sides: Sides, found: Sequence[Pairing]) -> set[Pairing]:
    """Give the pairings outside the heaviest run of those that kept their order."""
    ordered = sorted(found, key=lambda p: min(p.old))
    sizes = [
        sum(len(sides.old[o].whole) for o in p.old) + sum(len(sides.new[n].whole) for n in p.new)
        for p in ordered
    ]
    total = sum(sizes) + 1
    run = heaviest_run([min(p.new) for p in ordered], [1 + size / total for size in sizes])
    return {p for place, p in enumerate(ordered) if place not in run}

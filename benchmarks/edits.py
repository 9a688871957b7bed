"""A seeded generator of edits on a parsed regulation, with the truth about every provision.

The old and the new text are both written out from the same parts, so that the identity of each
provision is known: what was inserted, deleted, moved, split, merged, reworded, copied with small
differences (a twin), and which figure, unit, comparator, date or modality changed. Numbers run on
and references are rewritten with the new labels, as a legislator does.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.parts import (
    Part,
    Source,
    eid_of,
    labels_of,
    lost_references,
    read_source,
    walk,
    write,
)
from benchmarks.rewording import FACTS, change_number, reword_heavily, reword_lightly
from monitor.legal.canon import words
from monitor.legal.model import LegalText


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that changed in the new provision `eid`: number, unit, comparator, date, modality."""

    eid: str
    fact: str
    old: str | float
    new: str | float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts with the truth about them, by eid.

    `links` holds every (old, new) pair, `groups` those of splits and merges; `unchanged` are the
    new provisions whose own words are the same and that did not move.
    """

    old: str
    new: str
    links: frozenset[tuple[str, str]]
    old_eids: frozenset[str]
    new_eids: frozenset[str]
    moved: frozenset[str]
    groups: tuple[frozenset[tuple[str, str]], ...]
    unchanged: frozenset[str]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """How many edits per 100 articles, and per 100 khoản and điểm without children.

    `heaviness` is the share of words that heavy rewording replaces.
    """

    article_delete: float
    article_insert: float
    article_twin: float
    article_move: float
    article_split: float
    article_merge: float
    delete: float
    insert: float
    twin: float
    move: float
    cross: float
    split: float
    merge: float
    light: float
    heavy: float
    heaviness: float
    fact: float


ORDINARY = Rates(4, 4, 2, 4, 3, 3, 3, 3, 1, 2, 1, 1.5, 1.5, 10, 3, 0.2, 3)
HARD = Rates(10, 10, 8, 10, 6, 6, 7, 7, 4, 5, 3, 3, 3, 20, 10, 0.35, 5)


@dataclass(slots=True, eq=False)
class _Edit:
    """A document while it is edited."""

    source: Source
    parts: list[Part]
    donors: list[Part]
    vocabulary: list[str]
    rng: random.Random

    def leaves(self) -> list[Part]:
        """Give the parts without children, still untouched, that say enough to be edited."""
        return [
            p for p in walk(self.parts)
            if not p.children and not p.touched and len(p.text.split()) >= 8
        ]  # fmt: skip

    def items(self) -> list[Part]:
        """Give the khoản and điểm without children that are untouched."""
        return [leaf for leaf in self.leaves() if leaf.kind != "article"]

    def siblings(self, part: Part) -> list[Part]:
        """Give the list that holds a part."""
        if part.kind == "article":
            return self.parts
        return next(p.children for p in walk(self.parts) if part in p.children)


def make_pair(text: LegalText, donors: Sequence[LegalText], seed: int, rates: Rates) -> Pair:
    """Edit a parsed text at the given rates; inserted provisions come from the donors.

    The same seed gives the same pair.
    """
    source = read_source(text)
    foreign = [part for donor in donors for part in read_source(donor).parts]
    vocabulary = sorted(
        {w for part in walk(foreign) for w in words(part.text) if w.isalpha() and len(w) > 1}
    )
    edit = _Edit(
        source, [_copied(p) for p in source.parts], foreign, vocabulary, random.Random(seed)
    )
    articles, items = len(edit.parts), len(edit.items())
    for act, rate, size in (
        (_split_article, rates.article_split, articles),
        (_merge_articles, rates.article_merge, articles),
        (_delete_article, rates.article_delete, articles),
        (_move_article, rates.article_move, articles),
        (_delete, rates.delete, items),
        (_move, rates.move, items),
        (_move_across, rates.cross, items),
        (_split, rates.split, items),
        (_merge, rates.merge, items),
        *((_changing(fact), rates.fact, items) for fact in FACTS),
        (lambda e: _reword(e, rates.heaviness), rates.heavy, items),
        (lambda e: _reword(e, 0.0), rates.light, items),
        (_insert, rates.insert, items),
        (_twin, rates.twin, items),
        (_insert_article, rates.article_insert, articles),
        (_twin_article, rates.article_twin, articles),
    ):
        for _ in range(max(1, round(rate * size / 100))):
            act(edit)
    return _told(source, edit)


def _copied(part: Part) -> Part:
    children = [_copied(child) for child in part.children]
    return Part(part.kind, part.heading, part.text, children, part.origins)


def _foreign(part: Part) -> Part:
    text = re.sub(r"⟦\d+⟧", "quy định khác", part.text)
    fresh = Part(part.kind, part.heading, text, [_foreign(child) for child in part.children])
    fresh.touched = True
    return fresh


def _touch(part: Part) -> None:
    for each in walk([part]):
        each.touched = True


def _move_article(edit: _Edit) -> None:
    free = [p for p in edit.parts if not p.touched and not p.moved]
    if len(free) < 2 or len(edit.parts) < 8:
        return
    part = edit.rng.choice(free)
    at = edit.parts.index(part)
    places = [p for p in range(len(edit.parts)) if abs(p - at) >= 4]
    edit.parts.remove(part)
    edit.parts.insert(edit.rng.choice(places), part)
    part.moved = True


def _split_article(edit: _Edit) -> None:
    fit = [p for p in edit.parts if len(p.children) >= 4 and not p.touched and not p.moved]
    if not fit:
        return
    part = edit.rng.choice(fit)
    cut = edit.rng.randint(2, len(part.children) - 2)
    rest = Part("article", f"{part.heading} trong trường hợp khác", "", part.children[cut:])
    del part.children[cut:]
    rest.origins = part.origins
    part.touched = rest.touched = True
    edit.parts.insert(edit.parts.index(part) + 1, rest)


def _merge_articles(edit: _Edit) -> None:
    fit = [
        (a, b) for a, b in pairwise(edit.parts)
        if not (a.touched or b.touched or a.moved or b.moved) and a.children and b.children
        and a.children[0].kind == b.children[0].kind == "paragraph"
        and len(b.text.split()) < 8
    ]  # fmt: skip
    if not fit:
        return
    first, second = edit.rng.choice(fit)
    first.heading = f"{first.heading} và {second.heading[:1].lower()}{second.heading[1:]}"
    first.children += second.children
    first.origins += second.origins
    first.touched = True
    edit.parts.remove(second)


def _delete_article(edit: _Edit) -> None:
    free = [p for p in edit.parts if not p.touched and not p.moved]
    if len(free) > 4:
        edit.parts.remove(edit.rng.choice(free))


def _delete(edit: _Edit) -> None:
    fit = [p for p in edit.items() if len(edit.siblings(p)) > 2]
    if fit:
        part = edit.rng.choice(fit)
        siblings = edit.siblings(part)
        siblings.remove(part)


def _move(edit: _Edit) -> None:
    fit = [
        p for p in edit.items()
        if len(edit.siblings(p)) >= 6 and not any(s.moved for s in edit.siblings(p))
    ]  # fmt: skip
    if not fit:
        return
    part = edit.rng.choice(fit)
    siblings = edit.siblings(part)
    at = siblings.index(part)
    places = [p for p in range(len(siblings)) if abs(p - at) >= 3]
    siblings.pop(at)
    siblings.insert(edit.rng.choice(places), part)
    part.moved = part.touched = True


def _move_across(edit: _Edit) -> None:
    fit = [p for p in edit.items() if len(edit.siblings(p)) >= 3 and len(p.text.split()) >= 15]
    if not fit:
        return
    part = edit.rng.choice(fit)
    home = edit.siblings(part)
    lists = [
        p.children for p in walk(edit.parts)
        if len(p.children) >= 4 and p.children is not home and p.children[0].kind == part.kind
        and not p.touched
    ]  # fmt: skip
    if not lists:
        return
    home.remove(part)
    target = edit.rng.choice(lists)
    target.insert(edit.rng.randint(0, len(target)), part)
    part.moved = part.touched = True


def _split(edit: _Edit) -> None:
    fit = [
        p for p in edit.items()
        if len(p.text.split()) >= 30 and len(_sentences(p.text)) >= 2
    ]  # fmt: skip
    if not fit:
        return
    part = edit.rng.choice(fit)
    sentences = _sentences(part.text)
    cut = min(range(1, len(sentences)), key=lambda c: abs(
        len(" ".join(sentences[:c])) - len(" ".join(sentences[c:]))
    ))  # fmt: skip
    rest = Part(part.kind, "", " ".join(sentences[cut:]), [], part.origins)
    if min(len(rest.text.split()), len(" ".join(sentences[:cut]).split())) < 10:
        return
    part.text = " ".join(sentences[:cut])
    part.touched = rest.touched = True
    siblings = edit.siblings(part)
    siblings.insert(siblings.index(part) + 1, rest)


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.;])\s+", text) if s]


def _merge(edit: _Edit) -> None:
    items = edit.items()
    fit = [
        (a, b) for a, b in pairwise(items)
        if a.kind == b.kind and b in edit.siblings(a)
        and min(len(a.text.split()), len(b.text.split())) >= 10
    ]  # fmt: skip
    if not fit:
        return
    first, second = edit.rng.choice(fit)
    edit.siblings(first).remove(second)
    first.text = f"{first.text.rstrip(';.')}. {second.text}"
    first.origins += second.origins
    first.touched = True


def _reword(edit: _Edit, heaviness: float) -> None:
    leaves = edit.leaves()
    if not leaves:
        return
    part = edit.rng.choice(leaves)
    language = edit.source.language
    if heaviness:
        part.text = reword_heavily(part.text, language, edit.vocabulary, edit.rng, heaviness)
    else:
        part.text = reword_lightly(part.text, language, edit.vocabulary, edit.rng)
    part.touched = True


def _changing(fact: str) -> Callable[[_Edit], None]:
    def act(edit: _Edit) -> None:
        leaves = edit.leaves()
        edit.rng.shuffle(leaves)
        for part in leaves:
            edited = FACTS[fact](part.text, edit.source.language, edit.rng)
            if edited is not None:
                part.text = edited.text
                part.facts.append((edited.fact, edited.old, edited.new))
                part.touched = True
                return

    return act


def _insert(edit: _Edit) -> None:
    hosts = [p for p in walk(edit.parts) if p.children and p.origins]
    host = edit.rng.choice(hosts)
    kind = host.children[0].kind
    pool = [p for p in walk(edit.donors) if p.kind == kind and not p.children
            and len(p.text.split()) >= 8]  # fmt: skip
    if pool:
        host.children.insert(
            edit.rng.randint(0, len(host.children)), _foreign(edit.rng.choice(pool))
        )


def _insert_article(edit: _Edit) -> None:
    fresh = _foreign(edit.rng.choice(edit.donors))
    edit.parts.insert(edit.rng.randint(0, len(edit.parts)), fresh)


def _twinned(edit: _Edit, part: Part) -> Part:
    """Copy a part with a few words and a figure changed: a provision for the neighbouring case."""
    twin = _foreign(_copied(part))
    language = edit.source.language
    for each in walk([twin]):
        if len(each.text.split()) >= 6 and (each is twin or edit.rng.random() < 0.7):
            each.text = reword_heavily(each.text, language, edit.vocabulary, edit.rng, 0.12)
            edited = change_number(each.text, language, edit.rng)
            each.text = edited.text if edited else each.text
    if twin.heading:
        twin.heading = f"{twin.heading} {' '.join(edit.rng.sample(edit.vocabulary, 2))}"
    return twin


def _twin(edit: _Edit) -> None:
    fit = edit.items()
    if fit:
        part = edit.rng.choice(fit)
        siblings = edit.siblings(part)
        siblings.insert(siblings.index(part) + edit.rng.randint(0, 1), _twinned(edit, part))


def _twin_article(edit: _Edit) -> None:
    fit = [p for p in edit.parts if p.origins and not p.moved and len(p.origins) == 1]
    part = edit.rng.choice(fit)
    edit.parts.insert(edit.parts.index(part) + edit.rng.randint(0, 1), _twinned(edit, part))


def _told(source: Source, edit: _Edit) -> Pair:
    old_labels = labels_of(source.parts, source.language)
    new_labels = labels_of(edit.parts, source.language)
    old_eids = {p.ident: eid_of(p, old_labels[p.ident]) for p in walk(source.parts)}
    links, moved, unchanged, facts = set(), set(), set(), []
    lost = lost_references(edit.parts, source)
    made_of: dict[int, set[tuple[str, str]]] = {}
    parts = list(walk(edit.parts))
    for part in parts:
        eid = eid_of(part, new_labels[part.ident])
        pairs = {(old_eids[origin], eid) for origin in part.origins}
        links |= pairs
        for origin in part.origins:
            made_of.setdefault(origin, set()).update(pairs)
        if part.moved:
            moved.add(eid)
        referring = {int(n) for n in re.findall(r"⟦(\d+)⟧", part.text)}
        unclear = referring & lost or source.unclear.intersection(part.origins)
        if part.origins and not (part.touched or part.moved or unclear):
            unchanged.add(eid)
        facts += [Fact(eid, *fact) for fact in part.facts]
    groups = {frozenset(pairs) for pairs in made_of.values() if len(pairs) > 1}
    return Pair(
        write(source.parts, source), write(edit.parts, source),
        frozenset(links), frozenset(old_eids.values()),
        frozenset(eid_of(p, new_labels[p.ident]) for p in parts),
        frozenset(moved), tuple(sorted(groups, key=sorted)), frozenset(unchanged), tuple(facts),
    )  # fmt: skip

"""What the page of a comparison shows, in the order in which it is read."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from alerts.pieces import Piece, fitted, shortened
from alerts.places import listed, place
from alerts.wording import cut
from monitor.legal.model import (
    Change,
    Comparison,
    LegalText,
    Link,
    LinkKind,
    Provision,
    Quantity,
    Severity,
    ValueChange,
)

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
MOST_FIRST = 25
LONGEST_CHIP = 90
LONGEST = 5000
"""A longer text is shown around its changes, with the whole to be opened below."""


@dataclass(frozen=True, slots=True)
class Place:
    """A provision: its name for a reader ("Điều 7 khoản 2") and its article's heading."""

    eid: str
    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A typed value of a change: `said` in the text's own words, "48 giờ → 24 giờ"."""

    type: str
    change: str
    said: str


@dataclass(frozen=True, slots=True)
class Card:
    """One change. `number` is its rank by severity from 1, and names its anchor; `old` and
    `new` name its places.

    `left` and `right` are the marked pieces of the two texts; `whole` tells that they are
    shown around the changes only. `row` is the old article whose line of the correspondence
    tells where it went (empty without one).
    """

    number: int
    change: Change
    old: str
    new: str
    chips: tuple[Chip, ...]
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    whole: bool
    row: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one article (or chapter, or appendix), in the order of its text."""

    anchor: str
    name: str
    heading: str
    was: str
    cards: tuple[Card, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the correspondence of articles; `group` is the anchor of its changes."""

    old: tuple[Place, ...]
    new: tuple[Place, ...]
    kind: str
    probable: bool
    group: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows. `first` holds the gravest certain changes."""

    old: LegalText
    new: LegalText
    warnings: tuple[str, ...]
    counts: tuple[tuple[str, int, int], ...]
    kinds: tuple[tuple[str, int], ...]
    first: tuple[Card, ...]
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    total: int
    probable: int


def page_of(comparison: Comparison) -> Page:
    """Arrange a comparison for reading: changes by article of the new text, then the rest."""
    olds, news = _index(comparison.old), _index(comparison.new)
    links = [link for link in comparison.links if _is_of_articles(link)]
    corresponding = {eid for link in links for eid in link.old}
    cards = [
        _card(number, change, comparison.new.language, corresponding)
        for number, change in enumerate(comparison.changes, 1)
    ]
    groups = _groups(comparison, cards, olds, news)
    group_of = {card.number: group.anchor for group in groups for card in group.cards}
    certain = [card for card in cards if card.change.confidence == "certain"]
    counted = Counter((one.severity, one.confidence) for one in comparison.changes)
    kinds = Counter(one.kind for one in comparison.changes)
    return Page(
        old=comparison.old,
        new=comparison.new,
        warnings=comparison.warnings,
        counts=tuple(
            (name, counted[name, "certain"], counted[name, "probable"]) for name in SEVERITIES
        ),
        kinds=tuple((kind, kinds[kind]) for kind in KINDS if kind in kinds),
        first=tuple(certain[:MOST_FIRST]),
        groups=tuple(groups),
        rows=tuple(_rows(comparison, links, cards, group_of, olds, news)),
        total=len(cards),
        probable=len(cards) - len(certain),
    )


def _index(text: LegalText) -> dict[str, Provision]:
    return {one.eid: one for one in _walk(text.provisions)}


def _walk(provisions: Iterable[Provision]) -> Iterator[Provision]:
    for one in provisions:
        yield one
        yield from _walk(one.children)


def _article(eid: str) -> str:
    """The article an identifier lies in; what holds no article stands for itself."""
    steps = eid.split("__")
    for count, step in enumerate(steps, 1):
        if step.startswith("art_"):
            return "__".join(steps[:count])
    return steps[0]


def _place(eid: str, index: dict[str, Provision], language: str) -> Place:
    article = index.get(_article(eid))
    return Place(eid, place(eid, language), article.heading if article else "")


def _card(
    number: int,
    change: Change,
    language: str,
    corresponding: Collection[str],
) -> Card:
    long = max(len(change.old_text), len(change.new_text)) > LONGEST
    pieces = fitted(shortened(change.inline, 300), 2 * LONGEST) if long else change.inline
    return Card(
        number=number,
        change=change,
        old=listed(change.old, language),
        new=listed(change.new, language),
        chips=tuple(_chip(value) for value in change.values),
        left=tuple(piece for piece in pieces if piece[0] != "+"),
        right=tuple(piece for piece in pieces if piece[0] != "-"),
        whole=long,
        row=next((one for one in map(_article, change.old) if one in corresponding), ""),
    )


def _chip(value: ValueChange) -> Chip:
    if value.old is not None and value.new is not None:
        return Chip(value.type, "changed", f"{_said(value.old)} → {_said(value.new)}")
    side = value.new or value.old
    return Chip(value.type, value.change, _said(side) if side else "")


def _said(quantity: Quantity) -> str:
    anchor = f", {quantity.anchor}" if quantity.anchor else ""
    return cut(f"{quantity.text or quantity.value}{anchor}", LONGEST_CHIP)


def _groups(
    comparison: Comparison,
    cards: Sequence[Card],
    olds: dict[str, Provision],
    news: dict[str, Provision],
) -> list[Group]:
    """Articles of the new text in its order; what was removed stands where its article went,
    or after all the rest when that is gone too."""
    went = _went(comparison.links)
    held: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        held.setdefault(_home(card.change, went), []).append(card)
    sides = {"new": news, "old": olds}
    order = sorted(held, key=lambda home: (home[0] == "old", _start(home[1], sides[home[0]])))
    came: dict[str, list[str]] = {}
    for old, new in went.items():
        came.setdefault(new, []).append(old)
    return [
        _group(side, eid, held[side, eid], sides[side], came, comparison.new.language, news, olds)
        for side, eid in order
    ]


def _group(
    side: str,
    eid: str,
    cards: list[Card],
    index: dict[str, Provision],
    came: dict[str, list[str]],
    language: str,
    news: dict[str, Provision],
    olds: dict[str, Provision],
) -> Group:
    here = _place(eid, index, language)
    before = [place(one, language) for one in came.get(eid, [])] if side == "new" else []
    counts = Counter(card.change.severity for card in cards)
    return Group(
        anchor=f"{side}-{eid}",
        name=here.name,
        heading=here.heading,
        was=", ".join(name for name in before if name != here.name),
        cards=tuple(sorted(cards, key=lambda card: _reading_order(card.change, news, olds))),
        counts=tuple((name, counts[name]) for name in SEVERITIES if name in counts),
    )


def _went(links: Iterable[Link]) -> dict[str, str]:
    """Which article of the new text each article of the old one became."""
    return {
        old: link.new[0]
        for link in links
        if link.new
        for old in link.old
        if _article(old) == old and _article(link.new[0]) == link.new[0]
    }


def _home(change: Change, went: dict[str, str]) -> tuple[str, str]:
    if change.new:
        return "new", _article(change.new[0])
    article = _article(change.old[0])
    return ("new", went[article]) if article in went else ("old", article)


def _reading_order(
    change: Change, news: dict[str, Provision], olds: dict[str, Provision]
) -> tuple[bool, int]:
    if change.new:
        return False, _start(change.new[0], news)
    return True, _start(change.old[0], olds)


def _start(eid: str, index: dict[str, Provision]) -> int:
    found = index.get(eid)
    return found.start if found else 0


def _rows(
    comparison: Comparison,
    links: Sequence[Link],
    cards: Sequence[Card],
    group_of: dict[int, str],
    olds: dict[str, Provision],
    news: dict[str, Provision],
) -> Iterator[Row]:
    anchors: dict[str, str] = {}
    for card in cards:
        for side, eids in (("new", card.change.new), ("old", card.change.old)):
            for eid in eids:
                anchors.setdefault(f"{side}-{_article(eid)}", group_of[card.number])
    language = comparison.new.language
    for link in sorted(links, key=lambda link: _link_order(link, olds, news)):
        homes = [f"new-{eid}" for eid in link.new] + [f"old-{eid}" for eid in link.old]
        yield Row(
            old=tuple(_place(eid, olds, language) for eid in link.old),
            new=tuple(_place(eid, news, language) for eid in link.new),
            kind=link.kind,
            probable=link.confidence == "probable",
            group=next((anchors[home] for home in homes if home in anchors), ""),
        )


def _is_of_articles(link: Link) -> bool:
    return all(_article(eid) == eid and "art_" in eid for eid in (*link.old, *link.new))


def _link_order(
    link: Link, olds: dict[str, Provision], news: dict[str, Provision]
) -> tuple[bool, int]:
    if link.old:
        return False, _start(link.old[0], olds)
    return True, _start(link.new[0], news)

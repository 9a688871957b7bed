"""What the page of a comparison shows, in the order in which it is read."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from alerts.pieces import Piece, fitted, shortened
from alerts.places import listed
from alerts.wording import cut
from monitor.legal.model import (
    Change,
    Comparison,
    LegalText,
    Link,
    LinkKind,
    Quantity,
    Severity,
    ValueChange,
)
from web.comparison_places import Place, Places, article_of

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
MOST_FIRST = 25
LONGEST_CHIP = 90
LONGEST = 5000
"""A longer text is shown around its changes, with the whole to be opened below."""


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
    places = Places.of(comparison)
    links = [link for link in comparison.links if _is_of_articles(link)]
    corresponding = {eid for link in links for eid in link.old}
    cards = [
        _card(number, change, places.language, corresponding)
        for number, change in enumerate(comparison.changes, 1)
    ]
    groups = _groups(_went(comparison.links), cards, places)
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
        rows=tuple(_rows(links, groups, places)),
        total=len(cards),
        probable=len(cards) - len(certain),
    )


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
        row=next((one for one in map(article_of, change.old) if one in corresponding), ""),
    )


def _chip(value: ValueChange) -> Chip:
    if value.old is not None and value.new is not None:
        return Chip(value.type, "changed", f"{_said(value.old)} → {_said(value.new)}")
    side = value.new or value.old
    return Chip(value.type, value.change, _said(side) if side else "")


def _said(quantity: Quantity) -> str:
    anchor = f", {quantity.anchor}" if quantity.anchor else ""
    return cut(f"{quantity.text or quantity.value}{anchor}", LONGEST_CHIP)


def _groups(went: Mapping[str, str], cards: Sequence[Card], places: Places) -> list[Group]:
    """Articles of the new text in its order; what was removed stands where its article `went`,
    or after all the rest when that is gone too."""
    held: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        held.setdefault(_home(card.change, went), []).append(card)
    came: dict[str, list[str]] = {}
    for old, new in went.items():
        came.setdefault(new, []).append(old)
    order = sorted(held, key=lambda home: (home[0] == "old", places.start(*home)))
    return [
        _group(home, held[home], came.get(home[1], []) if home[0] == "new" else [], places)
        for home in order
    ]


def _group(
    home: tuple[str, str], cards: list[Card], before: Sequence[str], places: Places
) -> Group:
    """The changes of an article; `before` are the old articles that became it."""
    side, eid = home
    here = places.place(side, eid)
    names = [places.place("old", one).name for one in before]
    counts = Counter(card.change.severity for card in cards)
    return Group(
        anchor=f"{side}-{eid}",
        name=here.name,
        heading=here.heading,
        was=", ".join(name for name in names if name != here.name),
        cards=tuple(sorted(cards, key=lambda card: places.order(card.change))),
        counts=tuple((name, counts[name]) for name in SEVERITIES if name in counts),
    )


def _went(links: Iterable[Link]) -> dict[str, str]:
    """Which article of the new text each article of the old one became."""
    return {
        old: link.new[0]
        for link in links
        if link.new
        for old in link.old
        if article_of(old) == old and article_of(link.new[0]) == link.new[0]
    }


def _home(change: Change, went: Mapping[str, str]) -> tuple[str, str]:
    """The side and the article where a change is shown."""
    if change.new:
        return "new", article_of(change.new[0])
    article = article_of(change.old[0])
    return ("new", went[article]) if article in went else ("old", article)


def _rows(links: Sequence[Link], groups: Sequence[Group], places: Places) -> Iterator[Row]:
    """The correspondence of articles in the order of the old text."""
    anchors: dict[str, str] = {}
    shown = [(card, group.anchor) for group in groups for card in group.cards]
    for card, anchor in sorted(shown, key=lambda one: one[0].number):
        for side, eids in (("new", card.change.new), ("old", card.change.old)):
            for eid in eids:
                anchors.setdefault(f"{side}-{article_of(eid)}", anchor)
    for link in sorted(links, key=places.old_order):
        homes = [f"new-{eid}" for eid in link.new] + [f"old-{eid}" for eid in link.old]
        yield Row(
            old=tuple(places.place("old", eid) for eid in link.old),
            new=tuple(places.place("new", eid) for eid in link.new),
            kind=link.kind,
            probable=link.confidence == "probable",
            group=next((anchors[home] for home in homes if home in anchors), ""),
        )


def _is_of_articles(link: Link) -> bool:
    return all(article_of(eid) == eid and "art_" in eid for eid in (*link.old, *link.new))

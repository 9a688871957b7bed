"""Provisions that lost their words but kept their matter: the same duty with another figure.

A duty may go from one article's conditions into another's responsibilities, newly worded. What
finds it is the typed figure it states, the rare words around it and where it stands. Such pairs
are only ever probable.
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.legal.assign import best_assignment
from monitor.legal.canon import words
from monitor.legal.evidence import values_of
from monitor.legal.lexicon import TIME_UNITS
from monitor.legal.nodes import Nodes, own_text
from monitor.legal.sides import Pairing, Sides
from monitor.legal.similarity import in_order, product

_TELLING = frozenset({"deadline", "threshold", "penalty", "duration", "percentage"})
_OWN, _AROUND = 0.75, 0.25
_SAME_EVENT, _RELATED = 0.08, 0.2
_WORTH_READING, _PLAIN = 0.24, 0.36
_LEAST, _LEAST_RELATED = 0.3, 0.27
_EVENT_WORDS = 3
_FROM = re.compile(
    r"^(?:kể\s+từ|tính\s+từ|kể\s+cả|từ|sau|trước|from|after|of|before|following)?\s*"
    r"(?:khi|ngày|thời\s+điểm|lúc|the\s+date|the)?\s*",
    re.IGNORECASE,
)
_FEWEST_WORDS = 10
_MOST = 400
_SENTENCE = re.compile(r"[.;](?=\s)|\n")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure's sort, the weighed words of its sentence, and the event that a term runs from."""

    sort: tuple[str, str]
    said: dict[int, float]
    event: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Duty:
    """A provision with figures, and the weighed words of what leads in to it."""

    index: int
    figures: tuple[_Figure, ...]
    around: dict[int, float]


def _weighed(said: Iterable[int], rare: Sequence[float]) -> dict[int, float]:
    plain = {word: rare[word] for word in set(said)}
    norm = math.sqrt(sum(weight * weight for weight in plain.values()))
    return {word: weight / norm for word, weight in plain.items()} if norm else {}


def _sort(kind: str, unit: str) -> tuple[str, str]:
    return ("time", "") if unit in TIME_UNITS else (kind, unit.split()[0] if unit else "")


def _sentence(text: str, start: int) -> str:
    """Give the sentence of a provision in which a figure stands."""
    before = _SENTENCE.split(text[:start])[-1]
    return before + _SENTENCE.split(text[start:])[0]


def _numbered(nodes: Nodes, text: str) -> list[int]:
    """Give a text's words, figures left out, as numbers of the vocabulary."""
    known = nodes.vocabulary
    return [known[word] for word in words(text) if word in known and not word[0].isdigit()]


def _duties(nodes: Nodes, indexes: Sequence[int], rare: Sequence[float]) -> list[_Duty]:
    found = []
    for index in indexes:
        node = nodes[index]
        if len(node.words) < _FEWEST_WORDS or node.provision.eid.startswith("app_"):
            continue
        text = own_text(node.provision)
        values, _ = values_of(text, nodes.text.language)
        figures = tuple(
            _Figure(
                _sort(v.type, v.quantity.unit),
                _weighed(_numbered(nodes, _sentence(text, v.start)), rare),
                frozenset(pairwise(words(_FROM.sub("", v.quantity.anchor))[:_EVENT_WORDS])),
            )
            for v in values
            if v.type in _TELLING
        )
        if not figures:
            continue
        around = nodes[node.parent].words if node.parent >= 0 else ()
        found.append(_Duty(index, figures, _weighed(around, rare)))
    return found


def _alike(old: _Duty, new: _Duty) -> float:
    own = max(
        (
            _OWN * product(ours.said, theirs.said)
            + _SAME_EVENT * (not ours.event.isdisjoint(theirs.event))
            for ours in old.figures
            for theirs in new.figures
            if ours.sort == theirs.sort
        ),
        default=0.0,
    )
    return own + _AROUND * product(old.around, new.around) if own else 0.0


def match_kindred(
    sides: Sides,
    olds: Sequence[int],
    news: Sequence[int],
    partners: Callable[[int], Container[int]],
) -> list[Pairing]:
    """Pair provisions that state a figure of one sort about the same matter, one to one.

    `partners` gives those of an old provision: the children of partners are nearer.
    """
    left, right = _duties(sides.old, olds, sides.rare), _duties(sides.new, news, sides.rare)
    if not left or not right or max(len(left), len(right)) > _MOST:
        return []
    weights: dict[int, dict[int, float]] = {}
    for row, old in enumerate(left):
        related = partners(sides.old.article(old.index))
        for column, new in enumerate(right):
            alike = _alike(old, new)
            if alike >= _WORTH_READING:
                alike = (alike + _as_a_whole(sides, old.index, new.index)) / 2
                near = sides.new.article(new.index) in related
                if alike >= (_LEAST_RELATED if near else _LEAST):
                    weights.setdefault(row, {})[column] = alike + _RELATED * near
    return [
        Pairing(
            (left[row].index,), (right[column].index,), round(min(1.0, weights[row][column]), 4),
            certain=False, across=True,
        )
        for row, column in sorted(best_assignment(_kept(weights)).items())
    ]  # fmt: skip


def _kept(weights: Mapping[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """Leave out the fainter pairs that are not each other's best."""
    best_of_column: dict[int, float] = {}
    for found in weights.values():
        for column, alike in found.items():
            best_of_column[column] = max(alike, best_of_column.get(column, 0.0))
    return {
        row: {
            column: alike
            for column, alike in found.items()
            if alike >= _PLAIN or alike == max(found.values()) == best_of_column[column]
        }
        for row, found in weights.items()
    }


def _as_a_whole(sides: Sides, old: int, new: int) -> float:
    left, right = sides.old_vector(old), sides.new_vector(new)
    return (product(left, right) + in_order(sides.old[old].whole, [sides.new[new].whole])[0]) / 2

"""Where references point, in one text and through an alignment in the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.legal.nodes import Nodes
from monitor.legal.references import THIS, Reference, Target

_INSIDE_ARTICLE = frozenset({"paragraph", "point", "subpoint"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a reference names: the deepest provision that exists, and labels left over."""

    index: int
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The articles of a text by number; those of appendices under their appendix."""

    articles: Mapping[tuple[int, str], int]


def label_index(nodes: Nodes) -> Labels:
    """Index the articles of a text for resolving; the first of a number wins."""
    found: dict[tuple[int, str], int] = {}
    for node in nodes.all:
        if node.provision.kind == "article":
            found.setdefault((_region(nodes, node.index), node.provision.num.lower()), node.index)
    return Labels(found)


def _region(nodes: Nodes, index: int) -> int:
    """Give the appendix or quoted body that holds a provision, -1 for the main text."""
    while index >= 0:
        if nodes[index].provision.kind in ("appendix", "quoted"):
            return index
        index = nodes[index].parent
    return -1


def _above(nodes: Nodes, index: int, kind: str) -> int:
    while index >= 0 and nodes[index].provision.kind != kind:
        index = nodes[index].parent
    return index


def _child(nodes: Nodes, index: int, kinds: frozenset[str], num: str) -> int:
    for child in nodes[index].children:
        provision = nodes[child].provision
        if provision.kind in kinds and provision.num.lower() == num:
            return child
    return -1


def resolve(nodes: Nodes, labels: Labels, at: int, target: Target) -> Place | None:
    """Give what a target named in provision `at` is; None where the text has no such article."""
    if target.article and target.article != THIS:
        region = _region(nodes, at)
        base = labels.articles.get((region, target.article), -1)
        if base < 0:
            base = labels.articles.get((-1, target.article), -1)
    else:
        base = _above(nodes, at, "article")
    if base < 0:
        return None
    if target.paragraph == THIS or (target.point and not target.paragraph and not target.article):
        inner = _above(nodes, at, "paragraph")
        base = inner if inner >= 0 else base
    path = [label for label in (target.paragraph, target.point) if label and label != THIS]
    for depth, label in enumerate(path):
        kinds = (
            frozenset({"paragraph"})
            if target.paragraph == label and not depth
            else (_INSIDE_ARTICLE)
        )
        below = _child(nodes, base, kinds, label)
        if below < 0:
            return Place(base, tuple(path[depth:]))
        base = below
    return Place(base)


def places(nodes: Nodes, labels: Labels, at: int, reference: Reference) -> frozenset[Place]:
    """Give all that an internal reference in provision `at` names in its own text."""
    found = (resolve(nodes, labels, at, target) for target in reference.targets)
    return frozenset(place for place in found if place is not None)


def carried(found: frozenset[Place], partners: Mapping[int, tuple[int, ...]]) -> frozenset[Place]:
    """Give where places stand in the other text; a place without partner is left out."""
    return frozenset(
        Place(partner, place.rest) for place in found for partner in partners.get(place.index, ())
    )

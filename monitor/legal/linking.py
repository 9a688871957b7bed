"""An alignment told as links: what every provision became."""

from dataclasses import dataclass

from monitor.legal.align import Alignment
from monitor.legal.model import Confidence, Link, LinkKind, ValueChange
from monitor.legal.nodes import CONTAINERS, own_text
from monitor.legal.pairing import compare_wording
from monitor.legal.rereference import Crossing, make_crossing, reference_changes
from monitor.legal.sides import Pairing
from monitor.legal.wordchange import same_wording

_UNSURE_FROM = 0.42


@dataclass(frozen=True, slots=True)
class Linked:
    """A link with the provisions (by index) and own texts behind it.

    `references` are the references that changed; found here because a link is only unchanged
    when its references still point to the same.
    """

    link: Link
    old: tuple[int, ...]
    new: tuple[int, ...]
    old_text: str
    new_text: str
    references: tuple[ValueChange, ...] = ()


def link_all(alignment: Alignment) -> list[Linked]:
    """Give every link: pairs and removals in the old text's order, then what was added."""
    crossing = make_crossing(alignment)
    linked = [_pair(alignment, crossing, pairing) for pairing in alignment.pairings]
    taken_old = {o for found in linked for o in found.old}
    taken_new = {n for found in linked for n in found.new}
    for node in alignment.old.all:
        if node.index not in taken_old:
            near = alignment.nearest_old.get(node.index, 0.0)
            sure = _sureness(near < _UNSURE_FROM)
            link = Link((node.provision.eid,), (), "removed", sure, 0.0)
            linked.append(Linked(link, (node.index,), (), own_text(node.provision), ""))
    linked.sort(key=lambda found: found.old)
    for node in alignment.new.all:
        if node.index not in taken_new:
            near = alignment.nearest_new.get(node.index, 0.0)
            sure = _sureness(near < _UNSURE_FROM)
            link = Link((), (node.provision.eid,), "added", sure, 0.0)
            linked.append(Linked(link, (), (node.index,), "", own_text(node.provision)))
    return linked


def _sureness(certain: bool) -> Confidence:
    return "certain" if certain else "probable"


def _pair(alignment: Alignment, crossing: Crossing, pairing: Pairing) -> Linked:
    olds = [alignment.old[o] for o in pairing.old]
    news = [alignment.new[n] for n in pairing.new]
    old_text = "\n".join(filter(None, (own_text(node.provision) for node in olds)))
    new_text = "\n".join(filter(None, (own_text(node.provision) for node in news)))
    container = olds[0].provision.kind in CONTAINERS
    moved = pairing in alignment.moved and not container
    renumbered = (
        len(olds) == len(news) == 1
        and olds[0].provision.num.lower() != news[0].provision.num.lower()
    )
    references: tuple[ValueChange, ...] = ()
    simple = len(olds) == len(news) == 1
    if simple and (olds[0].references or news[0].references):
        references = tuple(
            reference_changes(
                crossing,
                compare_wording(old_text, new_text),
                (olds[0].index, old_text),
                (news[0].index, new_text),
            )
        )
    kind: LinkKind
    if len(olds) < len(news):
        kind = "split"
    elif len(olds) > len(news):
        kind = "merged"
    elif (
        not simple
        or references
        or not same_wording(
            _folded(old_text, olds[0].provision.heading),
            _folded(new_text, news[0].provision.heading),
            olds[0].references,
            news[0].references,
        )
    ):
        kind = "modified"
    elif moved:
        kind = "moved"
    else:
        kind = "renumbered" if renumbered else "unchanged"
    link = Link(
        tuple(node.provision.eid for node in olds),
        tuple(node.provision.eid for node in news),
        kind,
        _sureness(pairing.certain),
        pairing.score,
        moved=moved,
        renumbered=renumbered,
    )
    return Linked(link, pairing.old, pairing.new, old_text, new_text, references)


def _folded(text: str, heading: str) -> str:
    """Give a text with its heading in lower case: portals print headings in capitals."""
    return heading.lower() + text[len(heading) :] if heading else text

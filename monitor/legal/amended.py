"""An amending text compared with its base: what each instruction changes there."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.legal.align import Alignment, align_known
from monitor.legal.amendment import Applied, Consolidation
from monitor.legal.changes import one_sided, tree_text, two_sided
from monitor.legal.linking import Linked, link_all
from monitor.legal.model import Change, Comparison, LegalText, Link
from monitor.legal.nodes import Nodes
from monitor.legal.severity import RANK

_SAID = 160


def compare_amended(consolidation: Consolidation, amending: LegalText) -> Comparison:
    """Tell what an amending text changes in its base, one change for each target.

    The new side is the consolidated text under the amending text's name. An instruction that
    could not be carried out is a warning that quotes it.
    """
    reworked = {eid for one in consolidation.applied if one.kind == "modified" for eid in one.new}
    alignment = align_known(consolidation.base, consolidation.text, consolidation.kept, reworked)
    linked = link_all(alignment)
    by_old = {one.link.old[0]: one for one in linked if one.link.old}
    changes = [
        _change(alignment, applied, by_old) for applied in _last_of_each(consolidation.applied)
    ]
    told = [change for change in changes if change.old_text != change.new_text]
    told.sort(key=lambda change: RANK[change.severity])
    new = replace(
        consolidation.text, title=amending.title, number=amending.number, date=amending.date,
        type=amending.type, effective_date=amending.effective_date,
    )  # fmt: skip
    return Comparison(
        consolidation.base, new, tuple(one.link for one in linked), tuple(told),
        tuple(_warnings(consolidation, amending)),
    )  # fmt: skip


def _last_of_each(applied: Sequence[Applied]) -> list[Applied]:
    """Give one instruction for each target: the texts compared are those after the last."""
    by_target: dict[tuple[tuple[str, ...], tuple[str, ...]], Applied] = {}
    for one in applied:
        if one.old or one.new:
            by_target.setdefault((one.old, one.new), one)
    return list(by_target.values())


def _tree(nodes: Nodes, eids: Sequence[str]) -> list[int]:
    return [index for eid in eids for index in nodes.below(nodes.by_eid[eid])]


def _change(alignment: Alignment, applied: Applied, by_old: dict[str, Linked]) -> Change:
    old_tree, new_tree = _tree(alignment.old, applied.old), _tree(alignment.new, applied.new)
    old_eids = tuple(alignment.old[index].provision.eid for index in old_tree)
    new_eids = tuple(alignment.new[index].provision.eid for index in new_tree)
    if not applied.old:
        link = Link((), new_eids, "added", "certain", 0.0)
        return one_sided(alignment.new, Linked(link, (), tuple(new_tree), "", ""), set(new_tree))
    if not applied.new:
        link = Link(old_eids, (), "removed", "certain", 0.0)
        return one_sided(alignment.old, Linked(link, tuple(old_tree), (), "", ""), set(old_tree))
    whole = applied.kind == "modified"
    if not whole:
        old_tree, new_tree = old_tree[:1], new_tree[:1]
        old_eids, new_eids = old_eids[:1], new_eids[:1]
    inside = [by_old[eid] for eid in old_eids if eid in by_old]
    return two_sided(
        alignment,
        Linked(
            Link(old_eids, new_eids, "modified", "certain", 1.0),
            (old_tree[0],), (new_tree[0],),
            tree_text(alignment.old, old_tree), tree_text(alignment.new, new_tree),
            tuple(value for one in inside for value in one.references),
        ),
    )  # fmt: skip


def _warnings(consolidation: Consolidation, amending: LegalText) -> list[str]:
    found = []
    for refused in consolidation.refused:
        sentence = " ".join(refused.instruction.sentence.split())
        said = sentence if len(sentence) <= _SAID else f"{sentence[:_SAID]}…"
        found.append(f"not applied: {refused.instruction.source} “{said}”: {refused.reason}")
    if consolidation.elsewhere:
        number = len(consolidation.elsewhere)
        found.append(
            f"{number} instructions of {amending.number or 'the amending text'} are for other "
            "instruments than the base and are not listed"
        )
    return found

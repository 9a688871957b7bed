"""What a reader must know: links turned into changes, most severe first."""

from collections.abc import Container, Sequence

from monitor.legal.align import Alignment
from monitor.legal.evidence import modality_changes, quantity_changes, stated, values_of
from monitor.legal.inline import pieces
from monitor.legal.labels import english_label, vietnamese_label
from monitor.legal.linking import Linked
from monitor.legal.model import Change, LinkKind, ValueChange
from monitor.legal.nodes import CONTAINERS, Nodes, own_text
from monitor.legal.pairing import compare_wording
from monitor.legal.scope import article_heading, scope_changes
from monitor.legal.severity import RANK, severity, value_severity
from monitor.legal.summaries import summarise
from monitor.legal.wordchange import only_spelling

_SILENT: frozenset[LinkKind] = frozenset({"unchanged", "renumbered"})


def find_changes(alignment: Alignment, linked: Sequence[Linked]) -> list[Change]:
    """Turn links into changes; a provision that comes or goes takes along what is under it.

    Where one of the texts has no chapters at all, as codifications have not, those of the other
    are no change.
    """
    found: list[tuple[int, int, Change]] = []
    bare = not alignment.old.containers() or not alignment.new.containers()
    lone_old = {f.old[0] for f in linked if f.link.kind == "removed"}
    lone_new = {f.new[0] for f in linked if f.link.kind == "added"}
    for one in linked:
        if one.link.kind in _SILENT or (bare and _is_container(alignment, one)):
            continue
        if one.link.kind == "removed":
            if not _within(alignment.old, one.old[0], lone_old):
                change = one_sided(alignment.old, one, lone_old)
                found.append((_place(alignment, one), one.old[0], change))
        elif one.link.kind == "added":
            if not _within(alignment.new, one.new[0], lone_new):
                change = one_sided(alignment.new, one, lone_new)
                found.append((one.new[0], 0, change))
        else:
            found.append((one.new[0], one.old[0], two_sided(alignment, one)))
    found.sort(key=lambda entry: (RANK[entry[2].severity], entry[0], entry[1]))
    return [change for _, _, change in found]


def _is_container(alignment: Alignment, one: Linked) -> bool:
    node = alignment.old[one.old[0]] if one.old else alignment.new[one.new[0]]
    return node.provision.kind in CONTAINERS


def _place(alignment: Alignment, one: Linked) -> int:
    """Give a removed provision a place among the new ones: in proportion to its old one."""
    return one.old[0] * len(alignment.new.all) // max(1, len(alignment.old.all))


def _within(nodes: Nodes, index: int, lone: set[int]) -> bool:
    parent = nodes[index].parent
    return parent in lone and nodes[parent].provision.kind not in CONTAINERS


def lone_tree(nodes: Nodes, index: int, lone: Container[int]) -> list[int]:
    """Give a lone provision and what is alone under it, in document order."""
    if nodes[index].provision.kind in CONTAINERS:
        return [index]
    tree, stack = [], [index]
    while stack:
        at = stack.pop()
        tree.append(at)
        stack += [c for c in reversed(nodes[at].children) if c in lone]
    return tree


def tree_text(nodes: Nodes, tree: Sequence[int]) -> str:
    """Give the text of provisions, the first of which is the top, the others with their labels."""
    return "\n".join(filter(None, (_labelled(nodes, at, at == tree[0]) for at in tree)))


def _labelled(nodes: Nodes, index: int, top: bool) -> str:
    provision = nodes[index].provision
    text = own_text(provision)
    if top or provision.kind not in ("paragraph", "point", "subpoint") or not provision.num:
        return text
    mark = "." if provision.kind == "paragraph" else ")"
    return f"{provision.num}{mark} {text}"


def one_sided(nodes: Nodes, one: Linked, lone: Container[int]) -> Change:
    """Tell of a provision that came or went, with what is alone (`lone`) under it."""
    index = (one.old or one.new)[0]
    tree = lone_tree(nodes, index, lone)
    text = tree_text(nodes, tree)
    kind = one.link.kind
    values = stated(text, nodes.text.language, "added" if kind == "added" else "removed")
    values.sort(key=lambda value: RANK[value_severity(value, kind)[0]])
    level, reason = severity(values, kind, editorial=False, moved=False)
    summary, summary_vi = summarise(
        kind, _labels(nodes, index), values, ("", ""), nodes[index].provision.heading, None, False
    )
    eids = tuple(nodes[at].provision.eid for at in tree)
    added = kind == "added"
    return Change(
        kind=kind,
        old=() if added else eids,
        new=eids if added else (),
        severity=level,
        confidence=one.link.confidence,
        summary=summary,
        old_text="" if added else text,
        new_text=text if added else "",
        inline=pieces("", text) if added else pieces(text, ""),
        values=tuple(values),
        summary_vi=summary_vi,
        reason=reason,
    )


def _labels(nodes: Nodes, index: int) -> tuple[str, str]:
    return english_label(nodes, index), vietnamese_label(nodes, index)


def two_sided(alignment: Alignment, one: Linked) -> Change:
    """Tell of provisions that became others, from their old and new text."""
    values = _values(alignment, one)
    link = one.link
    editorial = not values and link.kind == "modified" and only_spelling(one.old_text, one.new_text)
    level, reason = severity(values, link.kind, editorial, link.moved)
    new_place, old_place = (
        _labels(alignment.new, one.new[0]),
        _labels(alignment.old, one.old[0]),
    )
    if len(one.new) > 1:
        new_place = _joined([_labels(alignment.new, n) for n in one.new])
    if len(one.old) > 1:
        old_place = _joined([_labels(alignment.old, o) for o in one.old])
    elsewhere = old_place if old_place != new_place else None
    summary, summary_vi = summarise(
        link.kind, new_place, values, (one.old_text, one.new_text), "", elsewhere, editorial
    )
    return Change(
        kind=link.kind,
        old=link.old,
        new=link.new,
        severity=level,
        confidence=link.confidence,
        summary=summary,
        old_text=one.old_text,
        new_text=one.new_text,
        inline=pieces(one.old_text, one.new_text),
        values=tuple(values),
        summary_vi=summary_vi,
        reason=reason,
        moved=link.moved,
        renumbered=link.renumbered,
    )


def _joined(labels: Sequence[tuple[str, str]]) -> tuple[str, str]:
    return ", ".join(e for e, _ in labels), ", ".join(v for _, v in labels)


def _values(alignment: Alignment, one: Linked) -> list[ValueChange]:
    """Compare what two wordings state, gravest first."""
    old, new, kind = one.old_text, one.new_text, one.link.kind
    if old == new:
        return list(one.references)
    language = alignment.new.text.language
    wording = compare_wording(old, new)
    values = quantity_changes(wording, values_of(old, language)[0], values_of(new, language)[0])
    values += modality_changes(wording, old, new, language)
    values += one.references
    editorial = not values and only_spelling(old, new)
    if not editorial and kind == "modified":
        heading = article_heading(alignment.new, one.new[0])
        values += scope_changes(old, new, heading, language)
    return sorted(values, key=lambda value: RANK[value_severity(value, kind)[0]])

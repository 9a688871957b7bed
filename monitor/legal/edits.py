"""A provision tree that can be changed, and its way back to a legal text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .akn_names import label
from .amendment import Address
from .model import Kind, LegalText, Provision
from .numbering import Key, letter_key, number_key
from .rows import Draft, freeze
from .scribe import Scribe

_ORDERED: tuple[Kind, ...] = ("article", "paragraph", "point", "subpoint")


@dataclass(slots=True, eq=False)
class Edited:
    """A provision that may change; `origin` is its eid in the base text, "" for a new one.

    `notes` are the numbers of the changes that it went through.
    """

    kind: Kind
    num: str
    heading: str
    text: str
    name: str = ""
    origin: str = ""
    children: list["Edited"] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def thaw(provision: Provision, *, new: bool = False) -> Edited:
    """Make a provision and all below it changeable; `new` ones come from no base text."""
    last = provision.eid.rsplit("__", 1)[-1]
    return Edited(
        kind=provision.kind,
        num=provision.num,
        heading=provision.heading,
        text=provision.text,
        name="form" if last.startswith("form_") else "",
        origin="" if new else provision.eid,
        children=[thaw(child, new=new) for child in provision.children],
    )


def walk(nodes: Sequence[Edited]) -> Iterator[Edited]:
    """Give the nodes and all below them in the order of the text, quoted bodies aside."""
    for node in nodes:
        yield node
        if node.kind != "quoted":
            yield from walk(node.children)


def find(roots: Sequence[Edited], address: Address) -> Edited | None:
    """Find the provision at an address; None where there is none.

    An article's place does not need its chapter. Where the address leaves out the paragraph,
    a point is one of the article's own.
    """
    scope = roots
    if address.appendix or address.form:
        node = _appendix(roots, address)
        if node is None or not (address.article or address.paragraph):
            return node
        scope = node.children
    else:
        scope = [node for node in roots if node.kind != "appendix"]
    if not address.article:
        return _division(scope, address) if address.chapter or address.section else None
    found = next(
        (n for n in walk(scope) if n.kind == "article" and _same(n.num, address.article)), None
    )
    for kind in ("paragraph", "point", "subpoint"):
        wanted = getattr(address, kind)
        if wanted and found is not None:
            found = next(
                (n for n in found.children if n.kind == kind and _same(n.num, wanted)), None
            )
    return found


def _appendix(roots: Sequence[Edited], address: Address) -> Edited | None:
    nodes = [node for node in walk(roots) if node.kind == "appendix"]
    if address.appendix:
        nodes = [n for n in nodes if n.name != "form" and _same(n.num, address.appendix)]
        if address.form:
            nodes = [inner for node in nodes for inner in walk(node.children)]
    if address.form:
        nodes = [n for n in nodes if n.name == "form" and _same(n.num, address.form)]
    return nodes[0] if nodes else None


def _division(scope: Sequence[Edited], address: Address) -> Edited | None:
    nodes: Sequence[Edited] = list(walk(scope))
    for kind in ("chapter", "section"):
        wanted = getattr(address, kind)
        if wanted:
            nodes = [n for n in nodes if n.kind == kind and _same(n.num, wanted)]
            if kind == "chapter" and address.section:
                nodes = [inner for node in nodes for inner in walk(node.children)]
    return nodes[0] if nodes else None


def _same(num: str, wanted: str) -> bool:
    mine, other = number_key(num), number_key(wanted)
    if mine is not None and other is not None:
        return mine == other
    return num.lower() == wanted.lower()


def parent_of(roots: list[Edited], node: Edited) -> list[Edited]:
    """Give the list of siblings that a node stands in."""
    if any(root is node for root in roots):
        return roots
    return next(up.children for up in walk(roots) if any(child is node for child in up.children))


def insert(siblings: list[Edited], node: Edited) -> None:
    """Put a provision behind the last sibling of its kind with a smaller number."""
    key = _key(node)
    place = len(siblings)
    same = [index for index, one in enumerate(siblings) if one.kind == node.kind]
    if same:
        smaller = [index for index in same if _key(siblings[index]) < key]
        place = smaller[-1] + 1 if smaller else same[0]
    siblings.insert(place, node)


def article_home(roots: list[Edited], node: Edited) -> list[Edited]:
    """Give the list that a new article belongs in: that of the article before it."""
    key = _key(node)
    best: Edited | None = None
    for one in walk([root for root in roots if root.kind != "appendix"]):
        if one.kind == "article" and _key(one) < key and (best is None or _key(one) >= _key(best)):
            best = one
    return parent_of(roots, best) if best is not None else roots


def _key(node: Edited) -> Key:
    reader = letter_key if node.kind == "point" else number_key
    return reader(node.num) or (0, 0)


def refreeze(base: LegalText, roots: Sequence[Edited]) -> tuple[LegalText, dict[int, str]]:
    """Write the changed tree down as a legal text; give also the eid of each node by id()."""
    scribe = Scribe()
    lead = [span for span in base.removed if span.reason in ("lead-in", "title")]
    ending = [span for span in base.removed if span.reason in ("signature", "recipients")]
    for span in lead:
        for line in base.text[span.start : span.end].split("\n"):
            if line:
                scribe.remove(line, span.reason)
    body = [_draft(node, scribe, base.language) for node in roots if node.kind != "appendix"]
    for span in ending:
        for line in base.text[span.start : span.end].split("\n"):
            if line:
                scribe.remove(line, span.reason)
    annexed = [_draft(node, scribe, base.language) for node in roots if node.kind == "appendix"]
    provisions = freeze([*body, *annexed], 0)
    ordered = [n for n in roots if n.kind != "appendix"] + [
        n for n in roots if n.kind == "appendix"
    ]
    eids: dict[int, str] = {}
    _pair(ordered, provisions, eids)
    text = replace(
        base, text=scribe.text(), provisions=provisions, removed=scribe.removed(), warnings=()
    )
    return text, eids


def _draft(node: Edited, scribe: Scribe, language: str) -> Draft:
    written = label(node.kind, node.num, language)
    if node.kind == "appendix":
        word = ("Mẫu số" if node.name == "form" else "PHỤ LỤC") if language == "vi" else "ANNEX"
        written = f"{word} {node.num}".strip()
    lines = node.text.split("\n") if node.text else []
    if node.kind in ("paragraph", "point", "subpoint", "intro", "tail") or not written:
        first = lines.pop(0) if lines else ""
        own, opening = ([first] if first else []), f"{written} {first}".strip()
    else:
        stop = "." if node.kind == "article" and node.heading else ""
        own, opening = [], f"{written}{stop} {node.heading}".strip()
    if node.kind == "quoted":
        opening = "“" + opening
    start, end = scribe.write(opening or "·")
    draft = Draft(node.kind, node.num, node.heading, start, end, name=node.name, own=own)
    for line in lines:
        _, draft.end = scribe.write(line)
        draft.own.append(line)
    for child in node.children:
        draft.adopt(_draft(child, scribe, language))
    return draft


def _pair(nodes: Sequence[Edited], provisions: Sequence[Provision], eids: dict[int, str]) -> None:
    for node, provision in zip(nodes, provisions, strict=True):
        eids[id(node)] = provision.eid
        _pair(node.children, provision.children, eids)

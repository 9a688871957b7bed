"""A parsed regulation as editable parts, and parts written out as text again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from monitor.legal.model import LegalText, Provision
from monitor.legal.references import THIS, Target, find_references

_VI_LETTERS = [
    "a",
    "b",
    "c",
    "d",
    "đ",
    "e",
    "g",
    "h",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "r",
    "s",
    "t",
    "u",
    "v",
    "x",
    "y",
]
_EN_LETTERS = list("abcdefghijklmnopqrstuvwxyz")
_NESTING = frozenset({("article", "paragraph"), ("article", "point"), ("paragraph", "point")})
_DIVISIONS = frozenset({"part", "chapter", "section", "subsection"})
_FRESH = count(1)


@dataclass(slots=True, eq=False)
class Part:
    """A provision while it is edited; `origins` are the old ones it is made of, by ident.

    A reference in `text` is written ⟦n⟧, n being its number in `Source.references`.
    """

    kind: str
    heading: str
    text: str
    children: list["Part"]
    origins: tuple[int, ...] = ()
    ident: int = field(default_factory=lambda: next(_FRESH))
    touched: bool = False
    moved: bool = False
    facts: list[tuple[str, str | float, str | float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A document's articles as parts, and its references: number → (targets by ident, as said).

    `paths` gives each part's labels as the document has them; `unclear` are the parts with a
    reference to a provision that the document does not have, which renumbering cannot renew.
    """

    parts: tuple[Part, ...]
    references: Mapping[int, tuple[tuple[int, ...], str]]
    paths: Mapping[int, tuple[str, ...]]
    unclear: frozenset[int]
    language: str
    title: str


def walk(parts: Sequence[Part]) -> Iterator[Part]:
    """Give all parts in document order."""
    for part in parts:
        yield part
        yield from walk(part.children)


def articles_of(provisions: Sequence[Provision]) -> Iterator[Provision]:
    """Give the articles of the main text, whatever chapters hold them."""
    for provision in provisions:
        if provision.kind in _DIVISIONS:
            yield from articles_of(provision.children)
        elif provision.kind == "article":
            yield provision


def _flat(provision: Provision) -> list[str]:
    lines = [part for part in (provision.heading, provision.text) if part]
    for child in provision.children:
        lines += _flat(child)
    return lines


def _part(
    provision: Provision, above: tuple[str, ...], places: dict[tuple[str, ...], int],
    paths: dict[int, tuple[str, ...]],
) -> Part:  # fmt: skip
    part = Part(provision.kind, provision.heading, "", [])
    path = (*above, provision.num.lower())
    part.origins = (part.ident,)
    places.setdefault(path, part.ident)
    paths[part.ident] = path
    lines = [provision.text] if provision.text else []
    for child in provision.children:
        if (provision.kind, child.kind) in _NESTING:
            part.children.append(_part(child, path, places, paths))
        else:
            lines += _flat(child)
    part.text = "\n".join(lines)
    return part


def _absolute(target: Target, here: tuple[str, ...]) -> tuple[str, ...]:
    article = target.article if target.article not in ("", THIS) else here[0]
    paragraph = target.paragraph
    if paragraph == THIS or (target.point and not paragraph and not target.article):
        paragraph = here[1] if len(here) > 1 else ""
    return tuple(label for label in (article, paragraph, target.point) if label)


def read_source(text: LegalText) -> Source:
    """Make a parsed text's articles editable, its internal references marked."""
    places: dict[tuple[str, ...], int] = {}
    paths: dict[int, tuple[str, ...]] = {}
    parts = tuple(_part(p, (), places, paths) for p in articles_of(text.provisions))
    references: dict[int, tuple[tuple[int, ...], str]] = {}
    unclear: set[int] = set()
    for part in walk(parts):
        pieces, at = [], 0
        for reference in find_references(part.text, text.language):
            found = [places.get(_absolute(t, paths[part.ident])) for t in reference.targets]
            targets = tuple(ident for ident in found if ident is not None)
            if reference.instrument:
                continue
            if not targets or len(targets) < len(found):
                unclear.add(part.ident)
                continue
            number = len(references) + 1
            references[number] = (targets, part.text[reference.start : reference.end])
            pieces += [part.text[at : reference.start], f"⟦{number}⟧"]
            at = reference.end
        part.text = "".join([*pieces, part.text[at:]])
    return Source(
        parts, references, paths, frozenset(unclear), text.language, text.title or "QUY ĐỊNH"
    )


def labels_of(parts: Sequence[Part], language: str) -> dict[int, tuple[str, ...]]:
    """Give every part's labels from the article down; points beyond the alphabet go on "zz1"."""
    letters = _VI_LETTERS if language == "vi" else _EN_LETTERS
    labels: dict[int, tuple[str, ...]] = {}

    def name(siblings: Sequence[Part], above: tuple[str, ...]) -> None:
        for place, part in enumerate(siblings, start=1):
            is_point = part.kind == "point"
            label = letters[place - 1] if is_point and place <= len(letters) else str(place)
            labels[part.ident] = (*above, label)
            name(part.children, labels[part.ident])

    name(parts, ())
    return labels


def eid_of(part: Part, labels: tuple[str, ...]) -> str:
    """Give the eid that the parser will give a part with these labels."""
    eid = f"art_{labels[0]}"
    if part.kind == "paragraph":
        return f"{eid}__para_{labels[1]}"
    if part.kind == "point":
        inner = f"__para_{labels[1]}" if len(labels) == 3 else ""
        return f"{eid}{inner}__point_{labels[-1]}"
    return eid


def _refer(labels: tuple[str, ...], kind: str, language: str) -> str:
    article = labels[0]
    paragraph = labels[1] if kind == "paragraph" or len(labels) == 3 else ""
    point = labels[-1] if kind == "point" else ""
    if language == "vi":
        named = [("điểm", point), ("khoản", paragraph), ("Điều", article)]
        return " ".join(f"{word} {label}" for word, label in named if label)
    said = f"Article {article}" + (f"({paragraph})" if paragraph else "")
    return said + (f", point ({point})" if point else "")


def lost_references(parts: Sequence[Part], source: Source) -> set[int]:
    """Give the references, by number, of which a target is no longer there."""
    alive = {origin for part in walk(parts) for origin in part.origins}
    return {n for n, (targets, _) in source.references.items() if not alive.issuperset(targets)}


def write(parts: Sequence[Part], source: Source) -> str:
    """Write parts out as plain text; references are renewed where their targets' labels changed."""
    labels = labels_of(parts, source.language)
    now: dict[int, tuple[tuple[str, ...], str]] = {}
    for part in walk(parts):
        for origin in part.origins:
            now.setdefault(origin, (labels[part.ident], part.kind))

    def refer(number: int) -> str:
        targets, said = source.references[number]
        alive = [t for t in targets if t in now]
        if not alive or (
            alive == list(targets) and all(now[t][0] == source.paths[t] for t in alive)
        ):
            return said
        named = dict.fromkeys(_refer(*now[t], source.language) for t in alive)
        return (" và " if source.language == "vi" else " and ").join(named)

    def resolved(text: str) -> str:
        pieces = text.split("⟦")
        done = [pieces[0]]
        for piece in pieces[1:]:
            number, _, rest = piece.partition("⟧")
            done += [refer(int(number)), rest]
        return "".join(done)

    lines = [source.title, ""]

    def put(part: Part, label: str) -> None:
        text = resolved(part.text)
        if part.kind == "article" and source.language == "vi":
            lines.append(f"Điều {label}. {part.heading}".rstrip())
        elif part.kind == "article":
            lines.extend([f"Article {label}", *([part.heading] if part.heading else [])])
        elif part.kind == "paragraph":
            lines.append(f"{label}. {text}")
        else:
            lines.append(f"({label}) {text}" if source.language == "en" else f"{label}) {text}")
        if part.kind == "article" and text:
            lines.append(text)
        for child in part.children:
            put(child, labels[child.ident][-1])

    for part in parts:
        put(part, labels[part.ident][-1])
    return "\n".join(lines) + "\n"

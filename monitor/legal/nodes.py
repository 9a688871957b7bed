"""The provisions of a text made ready for comparing: words, keys, references, places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.legal.canon import words
from monitor.legal.model import LegalText, Provision
from monitor.legal.references import Reference, find_references

CONTAINERS = frozenset({"part", "chapter", "section", "subsection"})
MASK = 1


class Vocabulary(dict[str, int]):
    """The words of two texts by number, from 2 on; a word that is new gets the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + MASK + 1
        return number


@dataclass(frozen=True, slots=True)
class Node:
    """A provision at its place in the tree.

    `words` are those of its own heading and text, references masked, `whole` those of the whole
    subtree, as numbers of the vocabulary. `key` and `whole_key` are equal for equal words.
    Indexes run in document order.
    """

    index: int
    provision: Provision
    parent: int
    children: tuple[int, ...]
    references: tuple[Reference, ...]
    heading: tuple[int, ...]
    words: tuple[int, ...]
    whole: tuple[int, ...]
    key: int
    whole_key: int


@dataclass(frozen=True, slots=True)
class Nodes:
    """All provisions of one text by index, and its top-level ones."""

    text: LegalText
    all: tuple[Node, ...]
    roots: tuple[int, ...]
    by_eid: dict[str, int]
    vocabulary: Vocabulary

    def __getitem__(self, index: int) -> Node:
        return self.all[index]

    def units(self, indexes: Sequence[int]) -> list[int]:
        """Give what a list of provisions holds once parts, chapters and sections are opened."""
        found: list[int] = []
        for index in indexes:
            node = self.all[index]
            if node.provision.kind in CONTAINERS:
                found += self.units(node.children)
            else:
                found.append(index)
        return found

    def article(self, index: int) -> int:
        """Give the article that holds a provision or is it, -1 where there is none."""
        while index >= 0 and self.all[index].provision.kind != "article":
            index = self.all[index].parent
        return index

    def containers(self) -> list[int]:
        """Give the parts, chapters and sections outside of articles."""
        return [n.index for n in self.all if n.provision.kind in CONTAINERS]

    def below(self, index: int) -> Iterator[int]:
        """Give a provision and everything under it, in document order."""
        yield index
        for child in self.all[index].children:
            yield from self.below(child)


def own_text(provision: Provision) -> str:
    """Give a provision's heading and own text, a line each, without its children's."""
    return "\n".join(part for part in (provision.heading, provision.text) if part)


def _masked_words(text: str, references: Sequence[Reference], vocabulary: Vocabulary) -> list[int]:
    if not references:
        return [vocabulary[word] for word in words(text)]
    found, at = [], 0
    for reference in references:
        found += [vocabulary[word] for word in words(text[at : reference.start])]
        found.append(MASK)
        at = reference.end
    return found + [vocabulary[word] for word in words(text[at:])]


def make_nodes(text: LegalText, vocabulary: Vocabulary) -> Nodes:
    """Make a parsed text ready for comparing; two texts to compare share one vocabulary."""
    made: dict[int, Node] = {}

    def make(provision: Provision, parent: int) -> int:
        index = len(made)
        made[index] = _PENDING
        own = own_text(provision)
        references = find_references(own, text.language)
        own_words = tuple(_masked_words(own, references, vocabulary))
        heading = tuple(vocabulary[word] for word in words(provision.heading))
        children = tuple(make(child, index) for child in provision.children)
        whole = own_words + tuple(w for child in children for w in made[child].whole)
        made[index] = Node(
            index, provision, parent, children, tuple(references), heading, own_words, whole,
            hash(own_words), hash(whole),
        )  # fmt: skip
        return index

    roots = tuple(make(provision, -1) for provision in text.provisions)
    nodes = tuple(made[index] for index in range(len(made)))
    by_eid: dict[str, int] = {}
    for node in nodes:
        by_eid.setdefault(node.provision.eid, node.index)
    return Nodes(text, nodes, roots, by_eid, vocabulary)


_PENDING = Node(-1, Provision("", "tail", "", "", "", 0, 0), -1, (), (), (), (), (), 0, 0)

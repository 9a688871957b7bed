"""Laws that every parsed text obeys, and small views of its tree."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.legal.model import LegalText, Provision

TEXTS = Path(__file__).parent / "texts"


def walk(provisions: Iterable[Provision]) -> Iterator[Provision]:
    for provision in provisions:
        yield provision
        yield from walk(provision.children)


def find(text: LegalText, eid: str) -> Provision:
    return next(provision for provision in walk(text.provisions) if provision.eid == eid)


def eids(text: LegalText) -> list[str]:
    return [provision.eid for provision in walk(text.provisions)]


def main_articles(text: LegalText) -> list[str]:
    """Numbers of the articles that are neither quoted nor in an appendix."""
    return [p.num for p in walk(text.provisions) if p.kind == "article" and "__" not in p.eid]


def owners(text: LegalText) -> list[int]:
    """How many provisions' own spans and removed spans each character lies in."""
    counts = [0] * len(text.text)
    for span in text.removed:
        for offset in range(span.start, span.end):
            counts[offset] += 1
    taken = [bool(count) for count in counts]
    for provision in walk(text.provisions):
        inner = [False] * (provision.end - provision.start)
        for child in provision.children:
            for offset in range(child.start, child.end):
                inner[offset - provision.start] = True
        for offset in range(provision.start, provision.end):
            if not inner[offset - provision.start] and not taken[offset]:
                counts[offset] += 1
    return counts


def assert_lawful(text: LegalText) -> None:
    """Nothing lost, nothing twice, children inside their parents, identifiers unique."""
    wrong = [offset for offset, count in enumerate(owners(text)) if count != 1]
    assert not wrong, repr(text.text[max(0, wrong[0] - 30) : wrong[0] + 30])
    for provision in walk(text.provisions):
        place = provision.start
        for child in provision.children:
            assert place <= child.start < child.end <= provision.end, child.eid
            place = child.end
    twice = [eid for eid, count in Counter(eids(text)).items() if count > 1]
    assert not twice

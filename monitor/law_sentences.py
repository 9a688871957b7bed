"""A legal text's own sentences, each with its place: not what it quotes, nor its appendices."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.legal.model import LegalText, Provision

NOT_ITS_OWN = ("quoted", "appendix")
"""Quoted provisions belong to the instrument that is amended, appendices hold forms."""
INTRODUCES = re.compile(r":\s*$")
LONGEST = 4_000
"""No sentence of a law is longer; what seems to be one is cut, so that work on it is bounded."""
_ENDS = re.compile(r"(?<=\.)\s+(?=[^\W\d_])|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the provision `eid`; `lead` is the one that introduces its list, if any."""

    eid: str
    text: str
    lead: str = ""


@lru_cache(maxsize=8)
def parsed(text: str) -> "LegalText":
    """Parse a legal text, which may be empty; the last few are remembered.

    Raises `monitor.legal.LegalTextError`.
    """
    from monitor.legal import parse
    from monitor.legal.model import LegalText

    return parse(text) if text.strip() else LegalText(text="", provisions=())


def sentences(law: "LegalText") -> list[Sentence]:
    """The sentences of a law's own provisions, in the order of the text."""
    return list(_walk(law.provisions, ""))


def walked(law: "LegalText") -> "Iterator[Provision]":
    """Every provision of a law, parents first."""
    waiting = list(reversed(law.provisions))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def in_sentences(text: str) -> list[str]:
    """Cut a text at the ends of its sentences, on single spaces."""
    said = (" ".join(part.split()) for part in _ENDS.split(text))
    return [one[at : at + LONGEST] for one in said for at in range(0, len(one), LONGEST)]


def _walk(provisions: "Sequence[Provision]", lead: str) -> Iterator[Sentence]:
    for node in provisions:
        if node.kind in NOT_ITS_OWN:
            continue
        own = [*in_sentences(node.heading), *in_sentences(node.text)]
        for said in own:
            yield Sentence(node.eid, said, lead)
        yield from _walk(node.children, own[-1] if own and INTRODUCES.search(own[-1]) else "")

"""The wording of an article as sets that can be compared: sequences of words, and a signature.

MinHash (Broder, On the resemblance and containment of documents, 1997) over sequences of three
words, its signature cut into bands of three: articles of which half the sequences are the same
share a band in 99 of 100 cases, those of which a third is (a round-up and what it holds) in 79,
those of which a fiftieth is in less than one. What shares a band is then compared exactly. In
Vietnamese a "word" here is a syllable, as it is written.
"""

import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from storage.models import Revision

SEQUENCE = 3
HASHES = 126
BANDS = 42
SEED = 1
MOST_CHARACTERS = 200_000
OPENING = 600
LEAST = 8
"""Fewer sequences say too little to be told apart by them."""
ENOUGH_WORDS = 20
"""A summary of so many words is compared without the headline, which each outlet writes anew."""
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says, word by word.

    Attributes:
        sequences: its different sequences of three words, without case, with all diacritics.
        figures: the numbers in it, written in one way.
        title: the words of its headline.
        headline, opening: the headline, and what stands first in the text, as written.
    """

    sequences: frozenset[str]
    figures: frozenset[str]
    title: frozenset[str]
    headline: str
    opening: str


def wording_of(revision: Revision) -> Wording:
    """The wording of a revision: of its body, or of its summary where there is no body."""
    text = body_of(revision)
    words = words_of(text)
    sequences = frozenset(
        " ".join(words[start : start + SEQUENCE]) for start in range(len(words) - SEQUENCE + 1)
    )
    return Wording(
        sequences,
        figures_of(text),
        frozenset(words_of(revision.title)),
        unicodedata.normalize("NFC", revision.title),
        text[:OPENING],
    )


def body_of(revision: Revision) -> str:
    """What of an article is compared word by word, in NFC."""
    text = "\n".join(part for part in (revision.summary, revision.text) if part)
    if len(text.split()) < ENOUGH_WORDS:
        text = f"{revision.title}\n{text}"
    return unicodedata.normalize("NFC", text[:MOST_CHARACTERS])


def words_of(text: str) -> list[str]:
    """The words of a text in NFC, without case."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def figures_of(text: str) -> frozenset[str]:
    """The numbers of a text: 1.500, 1,500 and 1500 are one, as are 2,5 and 2.5."""
    found = set()
    for match in _FIGURE.finditer(text):
        written = match.group()
        if _THOUSANDS.match(written):
            found.add(written.replace(".", "").replace(",", ""))
        else:
            found.add(written.replace(",", "."))
    return frozenset(found)


def signature(wording: Wording) -> bytes:
    """The MinHash of a wording, 126 little-endian 32-bit words; empty where it says too little."""
    from rensa import RMinHash

    if len(wording.sequences) < LEAST:
        return b""
    sketch = RMinHash(num_perm=HASHES, seed=SEED)
    sketch.update(sorted(wording.sequences))
    return struct.pack(f"<{HASHES}I", *sketch.digest())


def bands_of(minhash: bytes) -> tuple[int, ...]:
    """The bands of a signature as numbers of 64 bits with a sign; () of an empty one."""
    width = 4 * HASHES // BANDS
    return tuple(
        _number(place, minhash[place * width : (place + 1) * width])
        for place in range(BANDS if minhash else 0)
    )


def _number(place: int, words: Sequence[int] | bytes) -> int:
    digest = blake2b(bytes([place]) + bytes(words), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)

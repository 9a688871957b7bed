"""Vectors to search among: the model's where they are kept, others drawn to lie as those do.

To encode a million texts takes most of a day, and how fast vectors are searched depends on how
they lie, not on what they say. A drawn vector is a kept one moved by a part of the difference of
two others: so drawn ones have the mean, the spread in every direction and about the nearness to
one another that the model's have. Where none is kept they lie around centres drawn at random.
"""

import hashlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor import passages, signals
from monitor.centring import Centring

DIMENSIONS = 384
CENTRES = 4_000
"""Without kept ones, drawn vectors lie around so many centres, as texts around their subjects."""
SPREAD = 0.9
MOVED = 0.3
"""The part of a difference by which a kept vector is moved: with it the cosines between drawn ones,
and those to their nearest, are those of the model's to within 0.02."""
CHUNK = 5_000


def head_of(title: str, summary: str) -> str:
    """What of an item is encoded."""
    return passages.of(title, summary, "")[0].in_context()


class Kept:
    """Vectors of heads that were encoded before, by the hash of the text."""

    def __init__(self, folder: Path, version: str, centring: Centring) -> None:
        path = folder / f"vectors-{version}.sqlite"
        self._centring = centring
        self._known = sqlite3.connect(f"file:{path}?mode=ro", uri=True) if path.exists() else None
        self.taken = 0

    def of(self, heads: Sequence[str]) -> list[NDArray[np.float32] | None]:
        """The aligned vectors of these texts, None where there is none."""
        found: list[NDArray[np.float32] | None] = []
        for head in heads:
            row = None
            if self._known is not None:
                key = hashlib.sha256(head.encode()).digest()
                asked = "select vector from vectors where text = ?"
                row = self._known.execute(asked, (key,)).fetchone()
            if row is None:
                found.append(None)
                continue
            self.taken += 1
            vector = np.frombuffer(row[0], np.float16).astype(np.float32)[None]
            found.append(self._centring.aligned(vector, [signals.language_of(head, "vi")])[0])
        return found

    def every(self) -> NDArray[np.float32]:
        """All that are kept, aligned as Vietnamese ones, shape (n, DIMENSIONS)."""
        if self._known is None:
            return np.zeros((0, DIMENSIONS), np.float32)
        rows = self._known.execute("select vector from vectors order by text")
        vectors = [np.frombuffer(row[0], np.float16) for row in rows]
        if not vectors:
            return np.zeros((0, DIMENSIONS), np.float32)
        return self._centring.aligned(np.stack(vectors).astype(np.float32), ["vi"] * len(vectors))


def drawn(size: int, known: NDArray[np.float32], seed: int) -> Iterator[NDArray[np.float32]]:
    """Unit vectors that lie as the known ones do, in chunks of shape (n, DIMENSIONS)."""
    chance = np.random.default_rng(seed)
    centres = _unit(np.random.default_rng(3).normal(size=(CENTRES, DIMENSIONS)))
    for start in range(0, size, CHUNK):
        count = min(CHUNK, size - start)
        if len(known):
            one, two, three = (known[chance.integers(0, len(known), count)] for _ in range(3))
            yield _unit(one + MOVED * (two - three))
            continue
        near = centres[chance.integers(0, CENTRES, count)]
        noise = _unit(chance.normal(size=(count, DIMENSIONS)))
        yield _unit(near + SPREAD * noise)


def of_items(heads: Iterable[str], kept: Kept | None, size: int) -> Iterator[NDArray[np.float32]]:
    """The vectors of items in their order, in chunks; drawn where none is kept of a head, and
    where there are no more heads."""
    named = iter(heads)
    known = kept.every() if kept is not None else np.zeros((0, DIMENSIONS), np.float32)
    for chunk in drawn(size, known, 7):
        texts = list(itertools.islice(named, len(chunk)))
        for place, vector in enumerate(kept.of(texts) if kept is not None else ()):
            if vector is not None:
                chunk[place] = vector
        yield chunk


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)

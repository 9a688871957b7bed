"""Vectors to search among: those kept from real texts, invented ones where there are none."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor import passages, signals
from monitor.centring import Centring

DIMENSIONS = 384
CENTRES = 4_000
"""Invented vectors lie around so many centres, as texts lie around their subjects."""
SPREAD = 0.9
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

    def of(self, heads: Sequence[str]) -> list[NDArray[np.float32] | None]:
        """The centred vectors of these texts, None where there is none."""
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
            vector = np.frombuffer(row[0], np.float16).astype(np.float32)[None]
            found.append(self._centring.aligned(vector, [signals.language_of(head, "vi")])[0])
        return found


def invented(size: int) -> Iterator[NDArray[np.float32]]:
    """Unit vectors around centres drawn at random, in chunks of shape (n, DIMENSIONS)."""
    chance = np.random.default_rng(3)
    centres = _unit(chance.normal(size=(CENTRES, DIMENSIONS)))
    for start in range(0, size, CHUNK):
        count = min(CHUNK, size - start)
        near = centres[chance.integers(0, CENTRES, count)]
        noise = _unit(chance.normal(size=(count, DIMENSIONS)))
        yield _unit(near + SPREAD * noise)


def of_items(heads: Iterable[str], kept: Kept | None, size: int) -> Iterator[NDArray[np.float32]]:
    """The vectors of items in their order, in chunks; invented where none is kept."""
    named = iter(heads)
    for chunk in invented(size):
        if kept is not None:
            texts = [next(named) for _ in range(len(chunk))]
            for place, vector in enumerate(kept.of(texts)):
                if vector is not None:
                    chunk[place] = vector
        yield chunk


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)

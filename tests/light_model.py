"""An embedder for the tests of what is built on vectors: quick, and the same in every process.

A text's vector is the sum of those of its words, drawn from their hashes. So equal texts have equal
vectors and texts that share words are near each other, which is all that a head needs to tell the
examples of the configuration from the rest.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.embedding import Embedder


class LightModel(Embedder):
    """An embedder that loads nothing; `encoded` counts the texts that it was given."""

    def __init__(
        self,
        version: str = "1",
        *,
        folder: Path | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = "light"
        self.version = version
        self.dimensions = 48
        self.folder = folder
        self.encoded = 0
        self.before = before

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of unit length a text; calls `before` first."""
        self.before()
        self.encoded += len(texts)
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), np.float32)

    def _vector(self, text: str) -> NDArray[np.float32]:
        words = [_word(word, self.version, self.dimensions) for word in text.lower().split()]
        total = np.sum(words, axis=0) if words else np.ones(self.dimensions)
        return np.asarray(total / np.linalg.norm(total), np.float32)


@cache
def _word(word: str, version: str, dimensions: int) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(f"{version} {word}".encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=dimensions)

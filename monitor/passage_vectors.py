"""Passages to vectors: long calls in bounded chunks, and rounded as they are stored.

A vector is rounded to float16 before anything is made of it, so what is read from stored vectors
equals what was read when they were new.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder

# Encoded at once: enough for batches of equal lengths, few enough for little memory.
CHUNK = 512


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of some of an article's passages.

    Attributes:
        passages: their places in the article as `monitor.passages` cuts it.
        vectors: float16, of unit length, shape (len(passages), dimensions).
    """

    passages: tuple[int, ...]
    vectors: "NDArray[np.float16]"

    def covers(self, passages: Iterable[int]) -> bool:
        """Tell whether all these passages are among them."""
        return set(passages) <= set(self.passages)

    def of(self, passages: Sequence[int]) -> "NDArray[np.float16]":
        """Return the vectors of these passages in this order; `covers` says whether it can."""
        place = {passage: row for row, passage in enumerate(self.passages)}
        return self.vectors[[place[passage] for passage in passages]]


def encode(
    embedder: "Embedder",
    texts: Iterable[str],
    progress: Callable[[int, int], None] | None = None,
) -> "dict[str, NDArray[np.float16]]":
    """Return the vector of each different text.

    Short texts come before long ones over the whole call, so that those encoded together are of
    one length. `progress` is told how many of how many are done.
    """
    import numpy as np

    ordered = sorted(set(texts), key=lambda text: (len(text), text))
    vectors: dict[str, NDArray[np.float16]] = {}
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        vectors.update(zip(chunk, embedder.encode(chunk).astype(np.float16), strict=True))
        if progress:
            progress(len(vectors), len(ordered))
    return vectors

"""Vectors without their language: what is left says the subject, alike in Vietnamese and English.

The mean of each language is that of the shipped background. Likeness to a sentence is measured with
the whole mean taken out (`centred`): what is left is near 0 between texts that have nothing in
common. Search only ranks, and ranks better with what both languages share left in (`aligned`).
"""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder

LANGUAGES = ("vi", "en")


class Centring:
    """Takes its language out of a vector.

    Attributes:
        unlike: the cosine of two aligned texts that have no more in common than most.
    """

    def __init__(self, embedder: "Embedder") -> None:
        """Compute the means; of the built-in model they are kept beside it."""
        import numpy as np

        from monitor.prototypes import vectors_of
        from monitor.topic_examples import gathered

        background = gathered([], [])
        vectors = vectors_of(embedder, [one.text for one in background])
        of = np.asarray([one.language for one in background])
        self._means = {language: vectors[of == language].mean(axis=0) for language in LANGUAGES}
        self._shared = np.mean(list(self._means.values()), axis=0)
        apart = self.aligned(vectors, [str(language) for language in of])
        self.unlike = float(np.median(apart @ apart.T))

    def centred(
        self, vectors: "NDArray[np.float32]", languages: "Sequence[str]"
    ) -> "NDArray[np.float32]":
        """Unit vectors without their language, shape (n, dimensions); `languages` are vi or en."""
        import numpy as np

        if not len(vectors):
            return np.asarray(vectors, np.float32)
        return _unit(vectors - np.stack([self._means[language] for language in languages]))

    def aligned(
        self, vectors: "NDArray[np.float32]", languages: "Sequence[str]"
    ) -> "NDArray[np.float32]":
        """Unit vectors of which only what sets their language apart was taken, shape
        (n, dimensions); `languages` are vi or en."""
        import numpy as np

        if not len(vectors):
            return np.asarray(vectors, np.float32)
        apart = [self._means[language] - self._shared for language in languages]
        return _unit(vectors - np.stack(apart))


def _unit(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def version() -> str:
    """What changes when the means do, whatever the model."""
    from monitor.topic_examples import gathered

    texts = "\n".join(f"{one.language} {one.text}" for one in gathered([], []))
    return hashlib.sha256(texts.encode()).hexdigest()[:12]

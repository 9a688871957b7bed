"""The vectors of the texts that topics are learned from, kept between starts.

They depend on the texts and the model alone, so they are computed once and kept beside the model.
The file is a convenience: what can't be read is computed again.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import passage_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder

# Kept at most, those asked for last: enough for several heads and their lessons, 8 MB.
MOST = 10_000


def vectors_of(
    embedder: "Embedder",
    texts: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> "NDArray[np.float32]":
    """Return the vectors of texts, shape (len(texts), dimensions), encoding only unknown ones.

    They are rounded to float16, whether they are new or were kept. `progress` is told how many of
    how many unknown ones are encoded.
    """
    import numpy as np

    if not texts:
        return np.zeros((0, embedder.dimensions), np.float32)
    path = embedder.folder / f"prototypes-{embedder.version}.npz" if embedder.folder else None
    known = _read(path, embedder.dimensions) if path else {}
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = {text: key for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = passage_vectors.encode(embedder, missing, progress)
        known |= {missing[text]: vector for text, vector in fresh.items()}
        if path:
            asked = dict.fromkeys(keys)
            older = [key for key in known if key not in asked]
            _write(path, {key: known[key] for key in [*older, *asked][-MOST:]})
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _read(path: Path, dimensions: int) -> "dict[str, NDArray[np.float16]]":
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"].astype(np.float16)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if vectors.shape != (len(keys), dimensions):
        return {}
    return {str(key): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(path: Path, known: "dict[str, NDArray[np.float16]]") -> None:
    import numpy as np

    part = path.with_name(f".{path.name}.{os.getpid()}.npz")
    try:
        np.savez(part, keys=np.asarray(list(known)), vectors=np.stack(list(known.values())))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)

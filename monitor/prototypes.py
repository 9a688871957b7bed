"""The vectors of the texts that topics are learned from, kept between starts.

They depend on the texts and the model alone, so they are computed once and kept beside the model.
The file is a convenience: what can't be read is computed again.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder


def vectors_of(embedder: "Embedder", texts: Sequence[str]) -> "NDArray[np.float32]":
    """Return the vectors of texts, shape (len(texts), dimensions), encoding only unknown ones."""
    import numpy as np

    path = embedder.folder / f"prototypes-{embedder.version}.npz" if embedder.folder else None
    known = _read(path, embedder.dimensions) if path else {}
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = embedder.encode(list(missing.values()))
        known |= dict(zip(missing, fresh, strict=True))
        if path:
            _write(path, {key: known[key] for key in keys})
    return np.stack([known[key] for key in keys])


def _read(path: Path, dimensions: int) -> "dict[str, NDArray[np.float32]]":
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if vectors.shape != (len(keys), dimensions):
        return {}
    return {str(key): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(path: Path, known: "dict[str, NDArray[np.float32]]") -> None:
    import numpy as np

    part = path.with_name(f".{path.name}.{os.getpid()}.npz")
    try:
        np.savez(part, keys=np.asarray(list(known)), vectors=np.stack(list(known.values())))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)

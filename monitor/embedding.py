"""Texts to vectors, through sentence-transformers.

`builtin` is multilingual-e5-small, prepared once from an installed package without a network; any
other name is a local folder or a hub model. Vectors of different models, or of different versions
of one, are never comparable: store `Embedder.version` beside them.

Precision was measured: bfloat16 is two to four times as fast as float32 where the processor has
AMX (`amx_bf16`), and slower everywhere else, AVX512-BF16 included.
"""

import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import e5_folder, e5_package
from monitor.e5_package import ModelCorrupt, ModelMissing

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

__all__ = ["Embedder", "ModelCorrupt", "ModelMissing", "load", "prepare_builtin"]

BUILTIN = "builtin"
BUILTIN_NAME = "multilingual-e5-small"
# Raised whenever the folder written from the same package would differ.
BUILTIN_LAYOUT = 1
QUERY = "query: "
BATCH = 16
# 512 tokens never come from more; what lies behind would only be tokenised to be cut off.
MAX_CHARACTERS = 6_000
LOCK_SECONDS = 600
OTHER_RUNTIMES = ("onnx/*", "openvino/*", "*.onnx", "*.h5", "*.ot", "*.msgpack")


class Embedder:
    """A loaded model.

    Attributes:
        name: the model as a person knows it.
        version: a hash of the model's files; equal versions give comparable vectors.
        dimensions: the length of a vector.
        folder: where what is derived from the model may be kept, or None.
    """

    def __init__(
        self, model: "SentenceTransformer", name: str, version: str, folder: Path | None = None
    ) -> None:
        self._model = model
        self.folder = folder
        self.name = name
        self.version = version
        self.dimensions: int = int(model.get_embedding_dimension() or 0)
        self._is_e5 = "e5" in name.lower()

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one vector of unit length a text, float32, shape (len(texts), dimensions).

        Texts are made NFC first (the tokenizer loses marks of decomposed Vietnamese) and cut at
        the model's 512 tokens. E5's prefix is left out for other models. Longer
        texts are batched with longer ones, so one large call is faster than many small ones.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        clean = [unicodedata.normalize("NFC", text[:MAX_CHARACTERS]) for text in texts]
        vectors = self._model.encode(
            clean,
            prompt=QUERY if self._is_e5 else None,
            batch_size=BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        exact = np.asarray(vectors, np.float32)
        lengths = np.linalg.norm(exact, axis=1, keepdims=True)
        return np.asarray(exact / np.maximum(lengths, 1e-12), np.float32)


def load(
    model: str,
    folder: Path,
    *,
    progress: Callable[[str, float], None] | None = None,
    threads: int | None = None,
) -> Embedder:
    """Load a model.

    Args:
        model: `builtin`, the path of a sentence-transformers folder, or a hub name.
        folder: where the built-in model is prepared and kept.
        progress: told what is being done and the share done, 0..1, while a model is prepared.
        threads: how many the process computes with; by default one less than it has cores,
            because beside a busy process all cores are two to three times slower than one less.

    Raises:
        ModelMissing: no such model, and no way to get it.
        ModelCorrupt: its files are damaged.
    """
    _compute_with(threads or max(1, _cores() - 1))
    if model == BUILTIN:
        path = prepare_builtin(folder, progress=progress)
        name, version = BUILTIN_NAME, _checked_version(path)
    elif Path(model).expanduser().is_dir():
        path = Path(model).expanduser()
        name, version = path.name, _folder_version(path)
    else:
        return _load_from_hub(model, folder)
    return Embedder(_open(str(path)), name, version, folder)


def prepare_builtin(folder: Path, *, progress: Callable[[str, float], None] | None = None) -> Path:
    """Return the built-in model's folder inside `folder`, writing it first where it is absent.

    The folder appears whole or not at all: it is written beside its place, under a lock, and
    moved there in one step. Two processes at once make it once; what a killed one left is removed.

    Raises:
        ModelMissing, ModelCorrupt: the package that carries the weights is absent or damaged, or
            `folder` can't be written.
    """
    name = f"{BUILTIN_NAME}-{e5_package.PACKAGE_VERSION}-{BUILTIN_LAYOUT}"
    target = folder / name
    if target.is_dir():
        return target
    packed = e5_package.read(e5_package.locate())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_locked(packed, target, progress or _silent)
    except OSError as error:
        raise ModelMissing(f"the embedding model can't be written to {target}: {error}") from error
    return target


def _write_locked(
    packed: e5_package.PackedModel, target: Path, progress: Callable[[str, float], None]
) -> None:
    from filelock import FileLock

    with FileLock(target.parent / f".{target.name}.lock", timeout=LOCK_SECONDS):
        if target.is_dir():
            return
        for leftover in target.parent.glob(f".{target.name}.part-*"):
            shutil.rmtree(leftover)
        part = target.parent / f".{target.name}.part-{os.getpid()}"
        part.mkdir()
        e5_folder.write(packed, part, progress)
        _write_manifest(part)
        part.replace(target)
        progress("embedding model ready", 1.0)


def _write_manifest(folder: Path) -> None:
    hashes = {name: _sha256(folder / name) for name in _file_names(folder)}
    for name in hashes:
        with (folder / name).open("rb") as stream:
            os.fsync(stream.fileno())
    text = json.dumps({"name": BUILTIN_NAME, "sha256": hashes}, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _checked_version(folder: Path) -> str:
    """Return the version of a prepared folder after checking every file against its manifest."""
    manifest = folder / "manifest.json"
    remedy = "delete that folder, it is prepared again at the next start"
    try:
        hashes = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
        bad = [name for name, expected in hashes.items() if _sha256(folder / name) != expected]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorrupt(f"the embedding model in {folder} is damaged: {remedy}") from error
    if bad:
        raise ModelCorrupt(
            f"the embedding model in {folder} is damaged ({', '.join(bad)}): {remedy}"
        )
    return _digest(hashes)


def _folder_version(folder: Path) -> str:
    return _digest({name: _sha256(folder / name) for name in _file_names(folder)})


def _file_names(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    return [name for name in names if name != "manifest.json" and not name.startswith(".")]


def _digest(hashes: dict[str, str]) -> str:
    lines = "\n".join(f"{name} {value}" for name, value in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _load_from_hub(model: str, folder: Path) -> Embedder:
    """Load a hub model: from the hub's cache on this machine, else over the network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        try:
            path = snapshot_download(model, local_files_only=True)
        except LocalEntryNotFoundError:
            path = snapshot_download(model, ignore_patterns=list(OTHER_RUNTIMES))
    except (HFValidationError, HfHubHTTPError, OSError) as error:
        raise _missing(model, error) from error
    return Embedder(_open(path), model, Path(path).name, folder)


def _open(path: str) -> "SentenceTransformer":
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    console: Any = logging
    console.disable_progress_bar()
    try:
        return SentenceTransformer(
            path, device="cpu", local_files_only=True, model_kwargs={"dtype": _precision()}
        )
    except SafetensorError as error:
        raise ModelCorrupt(f"the embedding model {path} is damaged: {error}") from error
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise _missing(path, error) from error


def _missing(model: str, error: Exception) -> ModelMissing:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ModelMissing(
        f"the embedding model {model!r} can't be loaded ({reason}): name a folder with a "
        f"sentence-transformers model, or {BUILTIN!r}, in config.toml"
    )


def _compute_with(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _precision() -> "torch.dtype":
    import torch

    return torch.bfloat16 if "amx_bf16" in _processor_flags() else torch.float32


def _processor_flags() -> frozenset[str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    line = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return frozenset(line.partition(":")[2].split())


def _silent(_what: str, _share: float) -> None:
    return None

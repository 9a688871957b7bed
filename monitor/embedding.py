"""Texts to vectors, through sentence-transformers.

`builtin` is multilingual-e5-small, prepared once from an installed package without a network; any
other name is a local folder or a hub model. Vectors of different models, or of different versions
of one, are never comparable: store `Embedder.version` beside them. Vectors of one version are,
whatever precision they were computed in (see `monitor.precision`).
"""

import logging
import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import e5_preparation
from monitor.e5_folder import is_latin_or_mark
from monitor.e5_package import ModelCorrupt, ModelMissing
from monitor.model_files import folder_version
from monitor.precision import Choice, Precision, Wanted, choose, convert, this_machine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

__all__ = ["Embedder", "ModelCorrupt", "ModelMissing", "load"]

BUILTIN = "builtin"
QUERY = "query: "
# A batch is bounded by what it holds: larger ones spill out of the processor's caches.
BATCH_TEXTS = 16
BATCH_CHARACTERS = 2_000
# No tokenizer makes fewer tokens of ordinary text; what lies behind would only be cut off.
CHARACTERS_PER_TOKEN = 12
DEFAULT_TOKENS = 512
OTHER_RUNTIMES = ("onnx/*", "openvino/*", "*.onnx", "*.h5", "*.ot", "*.msgpack")
HUB_SECONDS = 5

log = logging.getLogger("decreewatch.embedding")


@dataclass(frozen=True, slots=True)
class _Found:
    """A model on this machine: its folder, the name a person knows, a hash of its files."""

    path: str
    name: str
    version: str
    reads_all_scripts: bool = True

    @property
    def prompt(self) -> str | None:
        return QUERY if "e5" in self.name.lower() else None


class Embedder:
    """A loaded model.

    Attributes:
        name: the model as a person knows it.
        version: a hash of the model's files; equal versions give comparable vectors.
        precision: what it computes in on this machine, and why.
        dimensions: the length of a vector.
        folder: where what is derived from the model may be kept, or None.
    """

    def __init__(
        self, model: "SentenceTransformer", found: _Found, precision: Choice, folder: Path | None
    ) -> None:
        self._model = model
        self._found = found
        self._has_warned = found.reads_all_scripts
        self.folder = folder
        self.name = found.name
        self.precision = precision
        suffix = "" if precision.is_comparable else f"-{precision.precision}"
        self.version = found.version + suffix
        self.dimensions: int = int(model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one vector of unit length a text, float32, shape (len(texts), dimensions).

        A text in which the model finds no token has zeros; the built-in model always finds some.
        Texts are made NFC first (the tokenizer loses marks of decomposed Vietnamese) and cut at
        the model's limit of tokens. E5's prefix is left out for other models. Batches hold texts
        of like length, so one large call is faster than many small ones.

        A text in a script that the model cannot read gets a vector too, one that says nothing; a
        warning is logged once. `reads` tells beforehand.
        """
        if not self._has_warned and not all(self.reads(text) for text in texts):
            self._has_warned = True
            log.warning(
                "a text is not in Latin script: the built-in model reads Vietnamese and English, "
                "and nothing it says of that text means anything; name a model for more scripts "
                "as model under [embedding] in config.toml"
            )
        return _vectors(self._model, texts, self._found.prompt)

    def reads(self, text: str) -> bool:
        """Return whether the model's vocabulary has the script of most of a text's letters."""
        if self._found.reads_all_scripts or text.isascii():
            return True
        letters = [char for char in text[:1000] if char.isalpha()]
        return 2 * sum(map(is_latin_or_mark, letters)) >= len(letters)


def load(
    model: str,
    folder: Path,
    *,
    progress: Callable[[str, float], None] | None = None,
    threads: int | None = None,
    precision: Wanted = "auto",
) -> Embedder:
    """Load a model.

    Args:
        model: `builtin`, the path of a sentence-transformers folder, or a hub name.
        folder: where the built-in model is prepared and what is measured is kept.
        progress: told what is being done and the share done, 0..1, while a model is prepared.
        threads: how many the process computes with; by default one less than it has cores,
            because beside a busy process all cores are two to three times slower than one less.
        precision: what to compute in; "auto" measures once what is fastest on this machine.

    Raises:
        ModelMissing: no such model, and no way to get it.
        ModelCorrupt: its files are damaged.
    """
    found = _find(model, folder, progress)
    threads = threads or max(1, _cores() - 1)
    _compute_with(threads)
    choice = choose(
        precision,
        lambda tried: _open(found.path, tried),
        lambda opened, texts: _vectors(opened, texts, found.prompt),
        this_machine(threads),
        folder / f"precision-{found.version}.json",
    )
    if precision not in ("auto", choice.precision):
        log.warning("the embedding model can't compute in %s here: %s", precision, choice)
    opened = _open(found.path, choice.precision)
    _give_back_memory()
    log.info("embedding model %s, %d threads, %s", found.name, threads, choice)
    return Embedder(opened, found, choice, folder)


def _find(model: str, folder: Path, progress: Callable[[str, float], None] | None) -> _Found:
    if model == BUILTIN:
        path, version = e5_preparation.prepared(folder, progress=progress)
        return _Found(str(path), e5_preparation.NAME, version, reads_all_scripts=False)
    local = Path(model).expanduser()
    if local.is_dir():
        if not any((local / name).is_file() for name in ("modules.json", "config.json")):
            raise _missing(model, "no modules.json or config.json lies in that folder")
        is_builtin = local.name == e5_preparation.FOLDER
        return _Found(str(local), local.name, folder_version(local), not is_builtin)
    path_or_name = model.startswith((".", "/", "~")) or model.count("/") > 1
    if path_or_name:
        raise _missing(model, "there is no such folder")
    return _fetched(model)


def _fetched(model: str) -> _Found:
    """Find a hub model: in the hub's cache on this machine, else over the network."""
    import httpx2
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        path = snapshot_download(model, local_files_only=True)
    except HFValidationError as error:
        raise _missing(model, error) from error
    except LocalEntryNotFoundError:
        try:
            # The download itself would wait without end for a hub that never answers.
            HfApi().model_info(model, timeout=HUB_SECONDS)
            path = snapshot_download(model, ignore_patterns=list(OTHER_RUNTIMES))
        except HfHubHTTPError as error:
            raise _missing(model, error) from error
        except (httpx2.HTTPError, OSError) as error:
            reason = "it is not on this machine, and the model hub can't be reached"
            raise _missing(model, reason) from error
    return _Found(path, model, Path(path).name)


def _open(path: str, precision: Precision) -> "SentenceTransformer":
    """Open a model and let it compute in a precision. The weights stay mapped where they can."""
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    _give_back_memory()
    console: Any = transformers_logging
    console.disable_progress_bar()
    # It would advise against half precision, in which the weights are stored but not computed.
    logging.getLogger("sentence_transformers.base.model").setLevel(logging.ERROR)
    try:
        model = SentenceTransformer(
            path, device="cpu", local_files_only=True, model_kwargs={"dtype": "auto"}
        )
    except SafetensorError as error:
        raise ModelCorrupt(f"the embedding model {path} is damaged: {error}") from error
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise _missing(path, error) from error
    convert(model, precision)
    return model


def _vectors(
    model: "SentenceTransformer", texts: Sequence[str], prompt: str | None
) -> "NDArray[np.float32]":
    import numpy as np

    longest = CHARACTERS_PER_TOKEN * (model.max_seq_length or DEFAULT_TOKENS)
    clean = [_clean(text[:longest]) for text in texts]
    found = np.zeros((len(texts), int(model.get_embedding_dimension() or 0)), np.float32)
    for batch in _batches(clean):
        found[batch] = model.encode(
            [clean[at] for at in batch],
            prompt=prompt,
            batch_size=len(batch),
            show_progress_bar=False,
            convert_to_numpy=True,
        )
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(lengths, 1e-12), np.float32)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts, longest first, so that the texts of a batch are of like length."""
    batch: list[int] = []
    for at in sorted(range(len(texts)), key=lambda at: -len(texts[at])):
        longest = len(texts[batch[0]]) if batch else 0
        if batch and (len(batch) == BATCH_TEXTS or longest * (len(batch) + 1) > BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _clean(text: str) -> str:
    """Return a text in NFC; halves of surrogate pairs, which are no characters, become "?"."""
    return unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")


def _missing(model: str, error: Exception | str) -> ModelMissing:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ModelMissing(
        f"the embedding model {model!r} can't be loaded ({reason}): name a folder with a "
        f"sentence-transformers model, or {BUILTIN!r}, as model under [embedding] in config.toml"
    )


def _compute_with(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _give_back_memory() -> None:
    """Hand back what preparing and loading took for a moment.

    A model refers to itself in circles, and the C library keeps freed memory for later.
    """
    import ctypes
    import gc

    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

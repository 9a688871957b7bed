"""In which precision a model computes on this machine: measured, not assumed.

bfloat16 is up to four times as fast as float32 where the processor has AMX, twice where it has
AVX512-BF16, and slower elsewhere; 8-bit whole numbers gain two to three times with AVX512-VNNI and
may lose without. So the first load of a model on a machine times each on a few sentences, keeps
the fastest that is accurate enough, and writes that down beside the model.
"""

import contextlib
import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

Precision = Literal["float32", "bfloat16", "int8"]
Wanted = Literal["auto", "float32", "bfloat16", "int8"]
Encode = Callable[["SentenceTransformer", Sequence[str]], "NDArray[np.float32]"]

# The least cosine to float32 with which a precision may be chosen.
ACCURATE = 0.995
# From this cosine on, vectors differ from float32's by no more than a changed comma does, and may
# be compared with them; below it they are another version of the model.
COMPARABLE = 0.999
# An inexact precision has to be faster than float32 by this factor.
WORTHWHILE = 1.1
ROUNDS = 5
BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16", "bf16"})
# Models whose code takes the type to compute in from the activations: their table of tokens, the
# largest part, can stay as it is stored.
TABLE_STAYS = frozenset({"bert", "xlm-roberta"})

SENTENCES = (
    "A new decree obliges social networks to verify every account by telephone number.",
    "Nghị định mới buộc mạng xã hội xác thực tài khoản người dùng bằng số điện thoại.",
    "The club won the final 3-1 after extra time, its first title in eleven years.",
    "Giá cà phê ở Tây Nguyên sáng nay tăng nhẹ, nông dân vẫn chờ mưa để bón phân.",
    "Online games with rewards of real money may not be advertised to minors.",
    "Nhà mạng phải cung cấp dữ liệu trong vòng 24 giờ kể từ khi có yêu cầu bằng văn bản.",
)
PASSAGE = " ".join((SENTENCES[1], SENTENCES[5], SENTENCES[0], SENTENCES[4], SENTENCES[3]))


@dataclass(frozen=True, slots=True)
class Choice:
    """The precision that a model has on this machine.

    Attributes:
        precision: what it computes in.
        cosine: the least cosine of its vectors to float32's, on a few sentences.
        milliseconds: how long each precision that was tried took for the same sentences.
        chosen_by: "measured", or "config.toml" where that names a precision.
    """

    precision: Precision
    cosine: float
    milliseconds: Mapping[Precision, float]
    chosen_by: str

    @property
    def is_comparable(self) -> bool:
        """Whether its vectors may be compared with those that float32 gives."""
        return self.cosine >= COMPARABLE

    def __str__(self) -> str:
        times = ", ".join(f"{name} {took:.0f} ms" for name, took in self.milliseconds.items())
        return f"{self.precision} ({self.chosen_by}: {times}; cosine {self.cosine:.4f})"


@dataclass(frozen=True, slots=True)
class Machine:
    """What a measurement depends on, beside the model."""

    processor: str
    flags: frozenset[str]
    torch: str
    threads: int

    @property
    def key(self) -> str:
        """A name for this machine; another one measures again."""
        facts = [self.processor, sorted(self.flags), self.torch, self.threads]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def this_machine(threads: int) -> Machine:
    """Return this machine, computing with so many threads. Imports no torch."""
    from importlib.metadata import version

    facts = _processor_facts()
    name = facts.get("model name") or platform.processor() or platform.machine()
    flags = facts.get("flags") or facts.get("Features") or ""
    return Machine(name, frozenset(flags.split()), version("torch"), threads)


def choose(
    wanted: Wanted,
    open_with: Callable[[Precision], "SentenceTransformer"],
    encode: Encode,
    machine: Machine,
    kept: Path,
) -> Choice:
    """Return the precision for a model on this machine, measuring where it is not yet known.

    Args:
        wanted: a precision to be used whatever it costs, or "auto".
        open_with: opens the model in a precision; raises RuntimeError where there is none such.
        encode: gives the vectors of texts, of unit length.
        machine: where it is to compute.
        kept: the file in which choices are kept; what cannot be read there is measured again.
    """
    if wanted == "float32":
        return Choice("float32", 1.0, {}, "config.toml")
    question = f"{machine.key}/{wanted}"
    known = _read(kept).get(question)
    if known is None:
        known = _measured(wanted, open_with, encode, machine)
        _keep(kept, question, known)
    return known


def fastest_accurate(
    wanted: Wanted,
    cosines: Mapping[Precision, float],
    milliseconds: Mapping[Precision, float],
) -> Precision:
    """Return the fastest of the precisions that were tried and are accurate enough.

    An inexact one has to pay: it must be faster than float32 by a tenth. One that is wanted by
    name is taken whatever it gives, and float32 where it could not be tried.
    """
    if wanted != "auto":
        return wanted if wanted in cosines else "float32"
    limit = milliseconds["float32"] / WORTHWHILE
    paying: list[Precision] = [
        name for name in cosines if cosines[name] >= ACCURATE and milliseconds[name] < limit
    ]
    return min(paying, key=lambda name: milliseconds[name], default="float32")


def convert(model: "SentenceTransformer", precision: Precision) -> None:
    """Let an opened model compute in a precision, in place.

    Raises:
        RuntimeError: it cannot.
    """
    import torch

    if precision == "int8":
        # First, from the weights as they are stored: widened they would take twice as much.
        from monitor.int8_linear import replace_linear_layers

        replace_linear_layers(model)
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    kind = getattr(getattr(getattr(model[0], "model", None), "config", None), "model_type", "")
    for module in model.modules():
        if isinstance(module, torch.nn.Embedding) and kind in TABLE_STAYS:
            module.register_forward_hook(lambda _module, _inputs, found: found.to(dtype))
            continue
        for parameter in module.parameters(recurse=False):
            if parameter.is_floating_point():
                parameter.data = parameter.data.to(dtype)


def _measured(
    wanted: Wanted,
    open_with: Callable[[Precision], "SentenceTransformer"],
    encode: Encode,
    machine: Machine,
) -> Choice:
    model = open_with("float32")
    exact = encode(model, SENTENCES)
    milliseconds: dict[Precision, float] = {"float32": _timed(model, encode, machine)}
    cosines: dict[Precision, float] = {"float32": 1.0}
    for precision in _candidates(wanted, machine):
        # Two models at once would be the most memory that the daemon ever takes.
        del model
        try:
            model = open_with(precision)
            cosines[precision] = float((encode(model, SENTENCES) * exact).sum(axis=1).min())
        except RuntimeError:
            model = open_with("float32")
            continue
        milliseconds[precision] = _timed(model, encode, machine)
    best = fastest_accurate(wanted, cosines, milliseconds)
    by = "measured" if wanted == "auto" else "config.toml"
    return Choice(best, round(cosines[best], 5), milliseconds, by)


def _candidates(wanted: Wanted, machine: Machine) -> tuple[Precision, ...]:
    if wanted == "auto":
        return ("bfloat16", "int8") if machine.flags & BFLOAT16_FLAGS else ("int8",)
    return () if wanted == "float32" else (wanted,)


def _timed(model: "SentenceTransformer", encode: Encode, machine: Machine) -> float:
    """Return the best of a few rounds in milliseconds: short texts and passages, then one alone.

    With one thread the processor's time is taken: on a busy machine the clock shows how busy.
    """
    clock = time.process_time if machine.threads == 1 else time.perf_counter
    took = []
    for _ in range(ROUNDS):
        start = clock()
        encode(model, [*SENTENCES, PASSAGE, PASSAGE])
        encode(model, [PASSAGE])
        took.append(clock() - start)
    return round(min(took) * 1000, 1)


def _read(path: Path) -> dict[str, Choice]:
    from pydantic import TypeAdapter

    try:
        return TypeAdapter(dict[str, Choice]).validate_json(path.read_bytes())
    except (OSError, ValueError):
        return {}


def _keep(path: Path, question: str, choice: Choice) -> None:
    """Add a choice to the file; where it can't be written, the next start measures again."""
    choices = _read(path) | {question: choice}
    text = json.dumps({key: asdict(one) for key, one in choices.items()}, indent=2)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _processor_facts() -> dict[str, str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    first = text.partition("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}

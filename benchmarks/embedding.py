"""What does a vector cost? The model in each precision, beside simpler ways to run it.

    python -m benchmarks.embedding [--threads 1] [--models var/models]

Each way has a process of its own, so that its memory is its own. Times of one text are the
processor's, the best of several (with more threads than one, the clock's): a busy machine shows
less in them. A text of 1,600 tokens is an article, read in passages of 160. Cosines are to plain
float32, on sentences in both languages.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import memory

ROOT = Path(__file__).resolve().parents[1]
LENGTHS = (40, 100, 250, 500)
PASSAGE, PASSAGES = 160, 10
STREAM = ((32, 40), (32, 100), (16, 250))
ROUNDS = 4
PLAIN = "plain float32"
TORCH_INT8 = "torch's dynamic int8"
WAYS = (PLAIN, TORCH_INT8, "float32", "bfloat16", "int8", "auto")
SENTENCES = (
    "The ferry company must answer a complaint within two working days.",
    "Chủ tàu phải trả lời khiếu nại của hành khách trong hai ngày làm việc.",
    "A draft decree would oblige forums to remove unlawful posts within 24 hours.",
    "Dự thảo nghị định buộc diễn đàn gỡ bài vi phạm trong 24 giờ kể từ khi có yêu cầu.",
    "Rain is expected over the delta until Thursday, the weather service said.",
    "Giá gạo xuất khẩu tuần này giảm nhẹ vì nhu cầu từ các nước láng giềng yếu đi.",
    "Children under fourteen need their parents' consent to open an account.",
    "Người dưới mười bốn tuổi cần cha mẹ đồng ý mới được mở tài khoản chơi game.",
)

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Costs:
    """What one way costs; times in milliseconds a text, memory in MB."""

    load_s: float
    loaded: float
    peak: float
    single: list[float]
    article: float
    per_second: list[float]
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        costs, vectors = measured(args.way, args.models, args.threads)
        print(json.dumps({"costs": asdict(costs), "vectors": vectors.tolist()}))
        return
    from monitor.e5_preparation import prepared

    prepared(args.models)
    report(args.models, args.threads)


def report(models: Path, threads: int) -> None:
    """Measure each way in a process of its own and print a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"multilingual-e5-small, {threads} threads")
    heads = ["", "load", "loaded / peak", *(f"{n} tokens" for n in LENGTHS), "1,600", "cosine"]
    for head in [*heads, *(f"{length} tokens" for _, length in STREAM)]:
        table.add_column(head, justify="right" if head else "left")
    exact: NDArray[np.float64] | None = None
    said = ""
    for way in WAYS:
        child = [sys.executable, "-W", "ignore", "-m", "benchmarks.embedding", "--way", way]
        options = ["--models", str(models), "--threads", str(threads)]
        ran = subprocess.run([*child, *options], cwd=ROOT, check=True, capture_output=True)
        told = json.loads(ran.stdout.splitlines()[-1])
        costs, vectors = Costs(**told["costs"]), np.asarray(told["vectors"])
        exact = vectors if exact is None else exact
        table.add_row(
            way,
            f"{costs.load_s:.1f} s",
            f"{costs.loaded:.0f} / {costs.peak:.0f} MB",
            *(f"{one:.0f} ms" for one in costs.single),
            f"{costs.article:.0f} ms",
            f"{(vectors * exact).sum(axis=1).min():.4f}",
            *(f"{one:.0f}/s" for one in costs.per_second),
        )
        said = costs.said
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    console.print(f"auto took {said}")


def measured(way: str, models: Path, threads: int) -> tuple[Costs, NDArray[np.float32]]:
    """Load the model in one way and use it."""
    start = time.perf_counter()
    encode, tokens_of, said = opened(way, models, threads)
    encode(SENTENCES[:1])
    load_s = time.perf_counter() - start
    loaded = memory("VmRSS")
    clock = time.process_time if threads == 1 else time.perf_counter
    single = [best(encode, [text_of(length, tokens_of)], clock) for length in LENGTHS]
    article = best(encode, [text_of(PASSAGE, tokens_of)] * PASSAGES, clock)
    per_second = [
        1000 * count / best(encode, [text_of(length, tokens_of)] * count, clock, rounds=1)
        for count, length in STREAM
    ]
    costs = Costs(load_s, loaded, memory("VmHWM"), single, article, per_second, said)
    return costs, encode(SENTENCES)


def opened(way: str, models: Path, threads: int) -> tuple[Encode, Callable[[str], int], str]:
    """Return how to encode, how to count tokens, and what is to be said of it."""
    if way not in (PLAIN, TORCH_INT8):
        from monitor.embedding import load

        wanted: Any = way
        ours = load("builtin", models, threads=threads, precision=wanted)
        tokenizer: Any = ours._model.tokenizer
        return ours.encode, lambda text: len(tokenizer(text)["input_ids"]), str(ours.precision)
    import torch
    from sentence_transformers import SentenceTransformer

    from monitor.e5_preparation import FOLDER

    torch.set_num_threads(threads)
    model: Any = SentenceTransformer(
        str(models / FOLDER), device="cpu", model_kwargs={"dtype": torch.float32}
    )
    if way == TORCH_INT8:
        quantise: Any = torch.ao.quantization.quantize_dynamic
        quantise(model[0].model, {torch.nn.Linear}, inplace=True)

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        found = model.encode(list(texts), prompt="query: ", batch_size=16)
        return np.asarray(found, np.float32)

    return encode, lambda text: len(model.tokenizer(text)["input_ids"]), way


def text_of(tokens: int, tokens_of: Callable[[str], int]) -> str:
    """Return a text of about so many tokens, never more, in both languages."""
    words = " ".join(SENTENCES * (tokens // 40 + 1)).split()
    while tokens_of(" ".join(words)) > tokens:
        words = words[: len(words) - max(1, (tokens_of(" ".join(words)) - tokens) // 3)]
    return " ".join(words)


def best(
    encode: Encode, texts: Sequence[str], clock: Callable[[], float], rounds: int = ROUNDS
) -> float:
    """Return the milliseconds that encoding takes, the best of some rounds after a first."""
    took = []
    encode(texts[:2])
    for _ in range(rounds):
        start = clock()
        encode(texts)
        took.append(clock() - start)
    return min(took) * 1000


if __name__ == "__main__":
    main()

"""How fast the archive is searched and how well it finds, beside SQLite FTS5 and a vector scan.

    python -m benchmarks.search [--sizes 10000 178638 1000000] [--vectors FOLDER]
        [--quality] [--work FOLDER] [--keep FOLDER]

Each size is indexed and asked 200 questions drawn from its titles, by one reader and by eight at
once, each system in a process of its own, one after the other. Sizes up to that of the corpus'
feed (`../shared/corpus`, where present) are its first items; larger ones are invented. A text's
vector is the model's where one is kept in `--vectors`, else drawn to lie as those do (see
`benchmarks.search_vectors`): what is found depends on it, speed does not. Questions' vectors are at
hand while search is timed; what encoding takes stands by itself.

`--quality` measures what is found: see `benchmarks.search_quality`.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.search_items import feed

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = {"ours": "Decree Watch", "fts5": "SQLite FTS5", "scan": "numpy scan"}
WIDTH = 120
KINDS = ("words", "words, facets", "meaning", "hybrid, facets")


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--vectors", type=Path, default=ROOT / "var" / "benchmarks")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--work", type=Path, help="where indexes lie meanwhile")
    parser.add_argument("--keep", type=Path, help="where indexes are kept, and asked again later")
    parser.add_argument("--quality", action="store_true", help="measure what is found instead")
    options = parser.parse_args(arguments)
    if options.quality:
        from benchmarks.search_quality import measured

        return measured(options.corpus, options.vectors)
    there = sum(1 for _ in feed(options.corpus)) if options.corpus.is_dir() else 0
    for size in options.sizes:
        _run_all(size, options, is_real=size <= there)
    return 0


def _run_all(size: int, options: argparse.Namespace, *, is_real: bool) -> None:
    results = {}
    for system in SYSTEMS:
        if options.keep:
            folder = options.keep / f"{system}-{size}"
            folder.mkdir(parents=True, exist_ok=True)
            results[system] = _run(system, size, folder, options, is_real=is_real)
            continue
        with tempfile.TemporaryDirectory(prefix="decreewatch-bench-", dir=options.work) as folder:
            results[system] = _run(system, size, Path(folder), options, is_real=is_real)
            shutil.rmtree(folder, ignore_errors=True)
            Path(folder).mkdir()
    _print(size, results, "the corpus' feed items" if is_real else "invented items")


def _run(
    system: str, size: int, folder: Path, options: argparse.Namespace, *, is_real: bool
) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.search_runs", system, str(folder), str(size)]
    if is_real:
        command += ["--corpus", str(options.corpus)]
    if is_real or any(options.vectors.glob("vectors-*.sqlite")):
        command += ["--vectors", str(options.vectors)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the run of {system} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _print(size: int, results: dict[str, dict[str, Any]], what: str) -> None:
    made = Table(title=f"{size:,} of {what}: made in", title_justify="left")
    for column in ("", "words", "vectors", "words on disk", "vectors", "memory", "of its own"):
        made.add_column(column, justify="right" if column else "left")
    for system, found in results.items():
        made.add_row(
            SYSTEMS[system],
            _said(found, "words_s", "s"),
            _said(found, "vectors_s", "s"),
            _said(found, "words_mb", "MB"),
            _said(found, "vectors_mb", "MB"),
            _said(found, "rss_mb", "MB"),
            _said(found, "own_mb", "MB"),
        )
    asked = Table(title="Asked, milliseconds", title_justify="left")
    for column in ("", "", "p50", "p95", "CPU p50", "p95", "p50 of 8 readers", "p95", "a second"):
        asked.add_column(column, justify="right" if column else "left")
    for system, found in results.items():
        for kind in KINDS:
            if kind in found:
                one = found[kind]
                names = ("p50", "p95", "CPU p50", "CPU p95", "p50 of 8", "p95 of 8")
                values = [one[name] for name in names]
                asked.add_row(
                    SYSTEMS[system], kind, *(f"{value:.1f}" for value in values),
                    f"{one['a second']:.0f}",
                )  # fmt: skip
    out = Console(width=WIDTH)
    out.print(made)
    out.print(asked)
    ours = results["ours"]
    out.print(
        f"Vectors: {ours['kept']:,} are the model's, the others drawn "
        + (f"to lie as {ours['like']:,} of it do" if ours["like"] else "around invented centres")
    )
    if "encode" in ours:
        said = ", ".join(f"{name} {value:.1f} ms" for name, value in ours["encode"].items())
        out.print(f"A question's own vector, which the times above leave out: {said}")


def _said(found: dict[str, Any], name: str, unit: str) -> str:
    return f"{found[name]:,.0f} {unit}" if name in found else "–"


if __name__ == "__main__":
    sys.exit(main())

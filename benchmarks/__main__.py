"""Runs every benchmark, one after the other: `python -m benchmarks [NAME…]`."""

import runpy
import sys
from pathlib import Path

QUESTIONS = (
    "ingest", "extraction", "polling", "compare", "embedding", "topics", "cascade", "surges",
    "silence", "breakages", "scans", "stories", "faults", "latency", "replay", "search", "readers",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them; 1 where one of them failed."""
    failed = False
    unknown = [name for name in names if name not in QUESTIONS]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(QUESTIONS)}", file=sys.stderr)
        return 2
    for name in names or QUESTIONS:
        print(f"\n{name}: {Path('benchmarks') / name}.py", flush=True)
        sys.argv = [f"benchmarks.{name}"]
        try:
            runpy.run_module(f"benchmarks.{name}", run_name="__main__")
        except SystemExit as end:
            failed = failed or bool(end.code)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

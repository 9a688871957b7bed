"""How fast pages become stored articles, and what that costs.

The same pages are served on loopback to a bare Scrapy spider that calls trafilatura and
keeps nothing, and to our crawl, which extracts, captures and stores; both without delays, in
turns, in one run. Ours asks one page at a time; Scrapy alone, told to keep to one connection,
opens several where it has no delay to keep. Pages are the real ones saved in
`../shared/corpus` where that is present, else the newsroom's.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.ingest_pages import Served, article_pages


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="pages in one run")
    parser.add_argument("--turns", type=int, default=3, help="runs of each")
    parser.add_argument("--items", type=int, default=20_000, help="items to import")
    options = parser.parse_args(arguments)
    pages, origin = article_pages(options.pages)
    size = sum(map(len, pages)) / len(pages)
    runs: dict[str, list[dict[str, Any]]] = {"bare": [], "ours": []}
    with Served(pages) as server:
        for _ in range(options.turns):
            for role in runs:
                runs[role].append(_run(role, server.url, len(pages)))
    imported = _run("import", "", options.items)
    _print(runs, imported, f"{len(pages)} {origin} pages of {size / 1000:.0f} kB")
    return 0


def _run(role: str, url: str, number: int) -> dict[str, Any]:
    """Run one side in a process of its own, so that its time and memory are its own."""
    with tempfile.TemporaryDirectory(prefix="decreewatch-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.ingest_runs", role, folder, url, str(number)]
        done = subprocess.run(
            command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(f"the run of {role} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _print(runs: dict[str, list[dict[str, Any]]], imported: dict[str, Any], what: str) -> None:
    table = Table(title=f"Ingest: {what}")
    for column in ("", "articles", "pages/s", "CPU/page", "peak memory", "stored/article"):
        table.add_column(column, justify="left" if not column else "right")
    names = {"bare": "bare Scrapy + trafilatura", "ours": "fetch, extract, store"}
    rates = {}
    for role, results in runs.items():
        rates[role] = median(one["pages"] / one["seconds"] for one in results)
        last = results[-1]
        stored = f"{last['stored'] / last['articles']:,.0f} B" if last.get("stored") else "–"
        table.add_row(
            names[role],
            str(last["articles"]),
            f"{rates[role]:.1f}",
            f"{median(one['cpu'] / one['pages'] for one in results) * 1000:.0f} ms",
            f"{last['peak_mb']:.0f} MB",
            stored,
        )
    out = Console()
    out.print(table)
    out.print(f"ours / bare: {rates['ours'] / rates['bare']:.0%} (aim: 70% or more)")
    out.print(
        f"import: {imported['items'] / imported['seconds']:,.0f} items/s, "
        f"{imported['peak_mb']:.0f} MB peak; again, with nothing new: "
        f"{imported['items'] / imported['again_seconds']:,.0f} items/s"
    )


if __name__ == "__main__":
    sys.exit(main())

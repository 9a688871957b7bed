"""How well are two versions of a regulation compared? Beside other tools, in one run.

    python -m benchmarks.compare [--corpus FOLDER] [--seeds N] [--tune] [--slow] [--vectors]

Real documents are edited by a seeded generator that knows the truth; every system gets the same
parsed texts. By default the documents are those that were not looked at while tuning; `--tune`
takes the others. `--slow` adds xmldiff, `--vectors` the nearest neighbour by the embedding model.
Without the corpus the invented decrees of the newsroom are taken.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.baselines import SYSTEMS, vector_argmax
from benchmarks.edits import HARD, ORDINARY, Pair, Rates, make_pair
from benchmarks.scores import LEVELS, Tally, Told, score, told_by
from monitor.legal import compare, parse
from monitor.legal.model import LegalText

TUNING = (
    "vn-internet/24-2018-qh14.phapdien.txt",
    "vn-internet/41-2009-qh12.vbpl.txt",
    "vn-internet/13-2023-nd-cp.phapdien.txt",
    "vn-internet/72-2013-nd-cp.phapdien.txt",
)
UNSEEN = (
    "vn-internet/tvpl_Luat-Vien-thong-24-2023-QH15-535782.txt",
    "vn-internet/20-2023-qh15.gazette.md",
    "vn-internet/90-2008-nd-cp.vbpl.txt",
    "vn-internet/97-2008-nd-cp.vbpl.txt",
    "vn-internet/91-2025-qh15.gazette.md",
    "vn-internet/147-2024-nd-cp.txt",
)
INVENTED = ("draft-1.txt", "older.txt", "enacted.txt")
GOALS: tuple[tuple[str, str, float, float, bool], ...] = (
    ("link F1, articles", "articles", 0.99, 0.98, True),
    ("link F1, khoản", "khoản", 0.98, 0.96, True),
    ("link F1, điểm", "điểm", 0.97, 0.94, True),
    ("moved, precision", "moved precision", 0.97, 0.97, True),
    ("moved, recall", "moved recall", 0.95, 0.95, True),
    ("splits and merges found", "groups", 0.95, 0.95, True),
    ("changed values found", "values", 0.98, 0.98, True),
    ("changed modality found", "modality", 0.93, 0.93, True),
    ("changes per 100 unchanged", "false changes", 0.5, 0.5, False),
    ("value changes per 100", "false values", 0.1, 0.1, False),
    ("seconds a pair", "seconds", 0.0, 0.0, False),
)
LEVEL_NAMES = frozenset(LEVELS.values())
OURS = "decreewatch"


def _figure(tally: Tally, name: str) -> float | None:
    return tally.f1(name) if name in LEVEL_NAMES else tally.rate(name)


def _ours(old: LegalText, new: LegalText) -> Told:
    return told_by(compare(old, new))


def _cells(tally: Tally) -> list[str]:
    cells = []
    for _, name, *_ in GOALS:
        value = _figure(tally, name)
        cells.append(
            "—" if value is None else f"{value:.3f}".lstrip("0") if value < 1 else f"{value:.2f}"
        )
    return cells


def _print_table(tallies: dict[str, Tally], hard: bool) -> None:
    rows = [("", *tallies, "goal")]
    cells = {name: _cells(tally) for name, tally in tallies.items()}
    for place, (title, name, ordinary, tough, high) in enumerate(GOALS):
        goal = (
            f"{'≥' if high else '≤'} {tough if hard else ordinary:g}" if name != "seconds" else ""
        )
        rows.append((title, *(cells[system][place] for system in tallies), goal))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def measure(
    documents: Sequence[LegalText], rates: Rates, seeds: int,
    systems: dict[str, Callable[[LegalText, LegalText], Told]],
) -> dict[str, Tally]:  # fmt: skip
    """Edit every document `seeds` times and score every system on every pair."""
    tallies = {name: Tally() for name in systems}
    for place, document in enumerate(documents):
        donors = [other for at, other in enumerate(documents) if at != place]
        for seed in range(seeds):
            pair: Pair = make_pair(document, donors, seed, rates)
            old, new = parse(pair.old), parse(pair.new)
            for name, system in systems.items():
                started = time.process_time()
                told = system(old, new)
                tallies[name].add("seconds", time.process_time() - started, 1)
                score(tallies[name], pair, told)
    return tallies


def legal_texts(corpus: Path, *, tune: bool = False) -> list[LegalText]:
    """Give the real texts that are measured on, or tuned on; without them the invented ones."""
    names = TUNING if tune else UNSEEN
    if corpus.is_dir():
        return [parse((corpus / n).read_text(encoding="utf-8"), media_type="") for n in names]
    print(f"{corpus} is not there: measured on the newsroom's invented decrees", file=sys.stderr)
    folder = Path(__file__).parent.parent / "newsroom" / "decrees"
    return [parse((folder / name).read_text(encoding="utf-8")) for name in INVENTED]


def _encoder() -> Callable[[list[str]], object]:
    from monitor.embedding import load

    return load("builtin", Path("var") / "model").encode


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for ordinary and one for hard edits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus/legal"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--alone", action="store_true", help="no other systems")
    args = parser.parse_args(arguments)
    systems: dict[str, Callable[[LegalText, LegalText], Told]] = {OURS: _ours}
    if not args.alone:
        for name, system in SYSTEMS.items():
            if name != "xmldiff" or args.slow:
                systems[name] = system
        if args.vectors:
            systems["vectors"] = vector_argmax(_encoder())
    documents = legal_texts(args.corpus, tune=args.tune)
    for title, rates in (("ordinary edits", ORDINARY), ("hard edits", HARD)):
        print(f"\n{title}, {len(documents)} documents, {args.seeds} seeds each")
        _print_table(measure(documents, rates, args.seeds, systems), hard=rates is HARD)
    return 0


if __name__ == "__main__":
    sys.exit(main())

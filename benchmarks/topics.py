"""How well, and how fast, are articles tagged with topics? Ours beside the simple ways to do it.

    python -m benchmarks.topics [--corpus ../shared/corpus] [--cache var/benchmarks] [--quick]

Nothing is trained on what is reported. Every system learns from the descriptions, the examples and
the background of the shipped configuration; where it says "+ labels", from the labelled feed items
of the corpus besides: out of fold where these are themselves reported, by spans of time and by
outlets, and without what tells the same story elsewhere. Vectors are kept between runs. What a
system costs is measured in a process of its own, where nothing is looked up; the first tiers on
the whole stream of feed items are compared by `benchmarks.cascade`.

`--quick`: the invented sets only, without labels and costs.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from rich.console import Console
from rich.table import Table

from benchmarks.topic_languages import crossed
from benchmarks.topic_scores import FEWEST, Scores, scored
from benchmarks.topic_sets import (
    ROOT,
    Labelled,
    TestSet,
    Topics,
    all_sets,
    declared_topics,
    labelled_items,
    without_stories_of,
)
from benchmarks.topic_systems import SYSTEMS, Setting, System
from benchmarks.topic_vectors import NoModel

CONFIGURATION = "configuration"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "benchmarks")
    parser.add_argument("--quick", action="store_true", help="the invented sets, without labels")
    args = parser.parse_args()
    console = Console(width=max(140, Console().width))
    corpus = args.corpus if args.corpus.is_dir() and not args.quick else None
    if corpus is None:
        console.print("[bold]Without the corpus[/bold]: the invented sets only, and no labels.")
    setting = Setting(tuple(declared_topics()), args.models, args.cache)
    systems = available(setting, console)
    labelled = labelled_items(corpus) if corpus else []
    sets = all_sets(corpus)
    if labelled:
        console.print(
            _table("labelled feed items", labelled, _labelled_rows(systems, setting, labelled))
        )
    tested = [row for one in sets for row in one.rows]
    lessons = without_stories_of(labelled, tested)
    if labelled:
        console.print(f"Below, {len(lessons)} of {len(labelled)} labelled items are learned from.")
    for one in sets:
        console.print(_table(one.name, one.rows, _set_rows(systems, setting, one, lessons)))
    console.print(crossed(systems, setting, sets, lessons))
    if not args.quick:
        console.print(_costs(systems, args, corpus))


def available(setting: Setting, console: Console) -> dict[str, System]:
    """Return the systems whose model is there; the others are named."""
    found = {}
    for name, system in SYSTEMS.items():
        try:
            if system.model:
                setting.model(system.model)
        except NoModel as missing:
            console.print(f"left out: {name}: {missing}")
        else:
            found[name] = system
    return found


Row = tuple[str, str, Scores]


def _labelled_rows(
    systems: dict[str, System], setting: Setting, rows: Sequence[Labelled]
) -> list[Row]:
    from monitor.training_folds import split

    shown = []
    for name, system in systems.items():
        found = system.learn(setting, [], "")([row.item for row in rows])
        shown.append((name, CONFIGURATION, _scored(system, setting, rows, found)))
        if not system.learns:
            continue
        for by in ("time", "outlet"):
            folds = split(rows, by)
            found = [frozenset[str]()] * len(rows)
            for number, part in enumerate(folds.parts):
                tag = system.learn(setting, [rows[place] for place in folds.outside(number)], "")
                tagged = tag([rows[place].item for place in part])
                for place, topics in zip(part, tagged, strict=True):
                    found[place] = topics
            shown.append((name, f"+ labels, by {by}", _scored(system, setting, rows, found)))
    return shown


def _set_rows(
    systems: dict[str, System], setting: Setting, one: TestSet, lessons: Sequence[Labelled]
) -> list[Row]:
    items = [row.item for row in one.rows]
    shown = []
    for name, system in systems.items():
        found = system.learn(setting, [], "")(items)
        shown.append((name, CONFIGURATION, _scored(system, setting, one.rows, found)))
        if system.learns and lessons:
            found = system.learn(setting, lessons, "")(items)
            shown.append((name, "+ labels", _scored(system, setting, one.rows, found)))
    return shown


def _scored(
    system: System, setting: Setting, rows: Sequence[Labelled], found: Sequence[Topics]
) -> Scores:
    return scored(rows, found, setting.ids if system.tells_topics else ())


def _table(name: str, rows: Sequence[Labelled], shown: Sequence[Row]) -> Table:
    relevant = sum(row.relevant for row in rows)
    table = Table(
        title=f"{name}: {len(rows)} articles, {relevant} on-topic",
        caption=f"macro-F1 over the topics with at least {FEWEST} articles; false alarms of all",
    )
    for heading in ("system", "learned from"):
        table.add_column(heading)
    for heading in ("precision", "recall", "F1", "near", "foreign", "easy", "macro-F1"):
        table.add_column(heading, justify="right")
    for system, learned_from, got in shown:
        macro = "-" if got.macro is None else f"{got.macro:.3f} ({got.topics})"
        alarms = (f"{false}/{count}" if count else "-" for false, count in got.alarms.values())
        measures = (f"{value:.3f}" for value in (got.precision, got.recall, got.f1))
        table.add_row(system, learned_from, *measures, *alarms, macro)
    return table


def _costs(systems: dict[str, System], args: argparse.Namespace, corpus: Path | None) -> Table:
    from benchmarks import topic_costs as costs

    source = "of the feeds" if corpus else "invented"
    table = Table(
        title="costs on one thread, each system in a process of its own, nothing looked up",
        caption=f"{costs.STREAM} items {source}, titles with summaries, at once; "
        f"{costs.ARTICLES} invented articles at once; the median of {costs.ALONE} one by one",
    )
    for heading in ("system", "items/s", "articles/s", "one article, ms", "peak MB"):
        table.add_column(heading, justify="left" if heading == "system" else "right")
    folders = [str(args.models), str(args.cache), *([str(corpus)] if corpus else [])]
    for name in (name for name, system in systems.items() if system.costed):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.topic_costs", name, *folders],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        got = costs.Costs(**json.loads(done.stdout.splitlines()[-1]))
        table.add_row(
            name,
            f"{got.stream:,.1f}",
            f"{got.articles:,.1f}",
            f"{got.alone_ms:,.1f}",
            f"{got.peak_mb:,.0f}",
        )
    return table


if __name__ == "__main__":
    main()

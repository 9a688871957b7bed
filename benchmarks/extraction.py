"""How well, and how fast, is a page read as an article? Ours beside four libraries.

`python -m benchmarks.extraction` reads three sets of pages: those written in the structure of
each publishing system that is declared, invented ones of no such system, and, with `--corpus
FOLDER`, real saved pages with their expectation: once as they are, once as if their outlet were
not declared. Text is scored by F1 over words; a date by its day (some libraries give no more)
and by its moment (pages of the first set are dated ahead of time, where newspaper4k and
news-please look for no date); `invented` are dates given for a page that names none, `foreign`
the pages whose text holds a line of a related story, a subscription box or a menu. Times are
CPU seconds, each page's best of three.
"""

import argparse
import gzip
import json
import re
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

from benchmarks.extraction_pages import FOREIGN, Expected, pages
from benchmarks.extraction_readers import Read, Reader, no_family_declared, readers
from tests.corpus_expectations import expectations, f1, same_quotes

TESTS = Path(__file__).resolve().parents[1] / "tests"
LINES = (FOREIGN, "This line is no part of the story")
RUNS = 3


@dataclass(frozen=True, slots=True)
class Score:
    """What a reader's answer for one page is worth; None where there is nothing to score."""

    title: bool
    text: float
    day: bool | None
    moment: bool | None
    invented: bool | None
    byline: float | None
    foreign: bool
    failed: bool
    seconds: float


def main() -> None:
    """Print the table and what it says of the aims."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--corpus", type=Path, default=TESTS.parents[1] / "shared" / "corpus")
    args = parser.parse_args()
    real = _saved(args.corpus) if (args.corpus / "news" / "html").is_dir() else []
    sets = (
        ("declared: one page a layout", _declared(), True),
        ("declared: real saved pages", real, True),
        ("other: invented layouts", pages(), False),
        ("other: real saved pages, no outlet declared", real, False),
    )
    table = Table(title="A page read as an article")
    for column in (
        "reader", "title", "body F1", "least", "day", "moment", "invented", "byline", "foreign",
        "failed", "ms a page", "pages a second",
    ):  # fmt: skip
        table.add_column(column, justify="left" if column == "reader" else "right")
    said = []
    known = readers()
    for name, due, declared in sets:
        if not due:
            said.append(f"{name}: left out, there are none below {args.corpus}")
            continue
        table.add_section()
        table.add_row(f"[b]{name} ({len(due)})[/b]")
        results = {}
        for reader, read in known.items():
            if isinstance(read, str):
                table.add_row(reader, read)
                continue
            with nullcontext() if declared else no_family_declared():
                results[reader] = [_scored(read, one) for one in due]
            table.add_row(reader, *_row(results[reader]))
        said.extend(_aims(name, results, declared=declared))
    console = Console(width=140)
    console.print(table)
    for line in said:
        console.print(line)


def _declared() -> list[Expected]:
    found = []
    for file in sorted((TESTS / "spiders" / "pages").glob("*.expected.json")):
        due = json.loads(file.read_text(encoding="utf-8"))
        page = file.with_name(file.name.replace(".expected.json", ".html"))
        moment = due["published_at"]
        found.append(
            Expected(
                name=page.stem,
                body=page.read_bytes(),
                url=due["url"],
                title=due["title"],
                texts=(due["text"], f"{due['summary']}\n{due['text']}"),
                published=datetime.fromisoformat(moment) if moment else None,
                byline=tuple(due["byline"]),
            )
        )
    return found


def _saved(corpus: Path) -> list[Expected]:
    found = []
    for name, due in expectations(corpus):
        body = (corpus / "news" / "html" / name).read_bytes()
        body = gzip.decompress(body) if name.endswith(".gz") else body
        own = re.search(rb'<link[^>]*rel="canonical"[^>]*href="([^"]+)', body)
        lines = [
            line
            for section in due["body"]["sections"]
            for line in (*section["headline"], *section["paragraphs"])
        ]
        found.append(
            Expected(
                name=name,
                body=body,
                url=own[1].decode() if own else "https://unknown.example/a",
                title=due["title"],
                texts=("\n".join(lines), "\n".join([*due["body"]["summary"], *lines])),
                published=datetime.fromisoformat(due["publishing_date"]),
                byline=tuple(due["authors"]),
            )
        )
    return found


def _scored(read: Reader, due: Expected) -> Score:
    seconds, found, failed = [], Read(), False
    for _ in range(RUNS):
        start = time.process_time()
        try:
            found = read(due.body, due.url)
        # A library may fail in any way on a page; that is a result.
        except Exception:
            failed = True
        seconds.append(time.process_time() - start)
    dated = due.published is not None
    return Score(
        title=same_quotes(" ".join(found.title.split())) == same_quotes(due.title),
        text=max(f1(found.text, text) for text in due.texts),
        day=found.is_of(due.published) if due.published else None,
        moment=(found.moment == due.published) if dated else None,
        invented=None if dated else found.day is not None,
        byline=_names_f1(found.byline, due.byline) if due.byline else None,
        foreign=any(line in found.text for line in LINES),
        failed=failed or not found.text,
        seconds=min(seconds),
    )


def _names_f1(found: Sequence[str], due: Sequence[str]) -> float:
    given = {" ".join(name.lower().split()) for name in found}
    wanted = {" ".join(name.lower().split()) for name in due}
    return 2 * len(given & wanted) / (len(given) + len(wanted)) if given else 0.0


def _row(scores: Sequence[Score]) -> list[str]:
    seconds = sum(one.seconds for one in scores)
    undated = [one.invented for one in scores if one.invented is not None]
    return [
        _share([one.title for one in scores]),
        f"{mean(one.text for one in scores):.3f}",
        f"{min(one.text for one in scores):.2f}",
        _share([one.day for one in scores if one.day is not None]),
        _share([one.moment for one in scores if one.moment is not None]),
        f"{sum(undated)} of {len(undated)}",
        _share([one.byline for one in scores if one.byline is not None]),
        str(sum(one.foreign for one in scores)),
        str(sum(one.failed for one in scores)),
        f"{seconds / len(scores) * 1000:.2f}",
        f"{len(scores) / seconds:,.0f}",
    ]


def _share(values: Sequence[float]) -> str:
    return f"{mean(values):.3f}" if values else "–"


def _aims(name: str, results: dict[str, list[Score]], *, declared: bool) -> list[str]:
    """Say of each aim whether it is met on a set of pages."""
    mine, theirs = results["Decree Watch"], results.get("trafilatura")
    text = mean(one.text for one in mine)
    dated = [one.moment for one in mine if one.moment is not None]
    invented = sum(bool(one.invented) for one in mine)
    lines = [
        _aim(f"{name}: dates exact on {mean(dated):.3f} (aim .97)", mean(dated) >= 0.97),
        _aim(f"{name}: {invented} dates invented (aim 0)", not invented),
        _aim(f"{name}: {sum(o.foreign for o in mine)} with foreign lines (aim 0)",
             not any(one.foreign for one in mine)),
    ]  # fmt: skip
    if declared:
        lines.append(_aim(f"{name}: body F1 {text:.3f} (aim .97)", text >= 0.97))
    if theirs is None:
        return lines
    if declared:
        times = sum(one.seconds for one in theirs) / sum(one.seconds for one in mine)
        said = f"{name}: {times:.1f} times trafilatura's pages a second (aim 10)"
        return [*lines, _aim(said, times >= 10)]
    other = mean(one.text for one in theirs)
    said = f"{name}: body F1 {text:.3f}, trafilatura {other:.3f} (aim: no worse)"
    return [*lines, _aim(said, text >= other)]


def _aim(said: str, met: bool) -> str:
    return f"{'met' if met else 'missed'}  {said}"


if __name__ == "__main__":
    main()

"""Are tellings of one story put together, and what is not one story kept apart?

    python -m benchmarks.stories [--stories 150] [--sizes 1000 170000] [--timed 300]

Generated stories with known truth (`stories_sets`): copied, trimmed, re-titled, rewritten and
translated tellings, and round-ups. Of each kind the share that came to its story (recall); over
all pairs of tellings put together the share that belongs together (precision). Beside ours: an
exact hash of the text, Jaccard of the headlines' words, and the embedding of headline and summary
alone, each joining an article to the nearest earlier one within 72 hours.

Then the time an article takes in an archive of so many: the archive is filled with signatures
spread over a year, of which the last three days have vectors, and further articles are timed, each
placed alone in a transaction of its own. `stories_feed` asks the same of real feed items, and lets
a reader judge the joins.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.stories_filling import fill
from benchmarks.stories_sets import KINDS, Telling, tellings
from benchmarks.topic_vectors import open_model
from monitor import passages
from monitor.citing import CitationsStage
from monitor.embedding import Embedder
from monitor.stages import run_stages
from monitor.stories import StoriesStage
from monitor.stories_wording import words_of
from storage.archive import Archive
from storage.housekeeping import forget_old_bands
from storage.log import advance
from storage.observations import Observation

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2031, 6, 2, tzinfo=UTC)
HOURS = 72
TITLES = 0.5
COSINE = 0.90

Likeness = Callable[[int, int], float]


def ours(found: Sequence[Telling], vectors: np.ndarray, model: str, folder: Path) -> list[int]:
    """The story that the stage puts each telling to."""
    archive = Archive.open(folder)
    keep(archive, found, vectors, model)
    run_stages(archive, [CitationsStage(()), StoriesStage()], START)
    with archive.reading() as tx:
        rows = [tx.stories.of_item(number) for number in range(1, len(found) + 1)]
    archive.close()
    return [row.story_id if row else 0 for row in rows]


def keep(
    archive: Archive, found: Sequence[Telling], vectors: np.ndarray, model: str, start: int = 0
) -> None:
    """Let tellings appear in an archive, with their vectors; `start` numbers their addresses."""
    for place, one in enumerate(found, start):
        at = START + timedelta(hours=one.hour)
        with archive.transaction() as tx:
            seen = tx.items.observe(
                Observation(
                    url=f"https://press.example/{place}",
                    source_id="press",
                    kind="article",
                    seen_at=at,
                    published_at=at,
                    title=one.title,
                    summary=one.summary,
                    text=one.text,
                    language=one.language,
                    extractor="benchmark",
                    extractor_version=1,
                    method="rules",
                )
            )
            vector = vectors[place - start].astype(np.float16)
            tx.vectors.put(
                seen.revision_id, model, passages.VERSION, [0], vector.tobytes(), len(vector)
            )


def nearest(found: Sequence[Telling], like: Likeness, least: float) -> list[int]:
    """The story of each telling where it joins the likest earlier one within 72 hours."""
    story: list[int] = []
    for new in range(len(found)):
        near = [old for old in range(new) if found[new].hour - found[old].hour <= HOURS]
        best = max(near, key=lambda old: like(new, old), default=None)
        joins = best is not None and like(new, best) >= least
        story.append(story[best] if joins and best is not None else new)
    return story


def baselines(found: Sequence[Telling], vectors: np.ndarray) -> dict[str, list[int]]:
    """What three simpler ways make of the same tellings."""
    titles = [frozenset(words_of(one.title)) for one in found]
    cosines = vectors @ vectors.T

    def exact(new: int, old: int) -> float:
        return float(found[new].text == found[old].text)

    def headlines(new: int, old: int) -> float:
        return len(titles[new] & titles[old]) / max(len(titles[new] | titles[old]), 1)

    def meaning(new: int, old: int) -> float:
        return float(cosines[new, old])

    return {
        "exact hash of the text": nearest(found, exact, 1.0),
        f"headlines, Jaccard ≥ {TITLES}": nearest(found, headlines, TITLES),
        f"embedding alone, cosine ≥ {COSINE}": nearest(found, meaning, COSINE),
    }


def scored(found: Sequence[Telling], story: Sequence[int]) -> list[str]:
    """Precision and recall over pairs, recall of each kind, round-ups that stayed alone."""
    truth = [one.story for one in found]
    together = _pairs(story)
    right = _pairs(list(zip(story, truth, strict=True)))
    cells = [_share(right, together), _share(right, _pairs(truth))]
    for kind in KINDS:
        places = [place for place, one in enumerate(found) if one.kind == kind]
        joined = [
            place
            for place in places
            if any(
                story[other] == story[place] and truth[other] == truth[place]
                for other in range(len(found))
                if other != place
            )
        ]
        cells.append(_share(len(joined), len(places)))
    sizes = Counter(story)
    round_ups = [place for place, one in enumerate(found) if one.kind == "round-up"]
    alone = sum(sizes[story[place]] == 1 for place in round_ups)
    return [*cells, _share(alone, len(round_ups))]


def _pairs(groups: Sequence[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def quality(embedder: Embedder, stories: int) -> Table:
    """The table of what is joined by us and by simpler ways."""
    found = tellings(stories)
    vectors = encoded(embedder, found)
    table = Table(title=f"{len(found)} tellings of {stories} stories", title_justify="left")
    for column in ("", "precision", "recall", *KINDS, "round-ups alone"):
        table.add_column(column)
    model = f"{embedder.name}@{embedder.version}"
    with tempfile.TemporaryDirectory() as folder:
        table.add_row("ours", *scored(found, ours(found, vectors, model, Path(folder))))
    for name, story in baselines(found, vectors).items():
        table.add_row(name, *scored(found, story))
    return table


def encoded(embedder: Embedder, found: Sequence[Telling]) -> np.ndarray:
    """The vectors of the first passages of these tellings, a row each."""
    return np.asarray(
        embedder.encode([passages.of(o.title, o.summary, o.text)[0].in_context() for o in found])
    )


def timing(embedder: Embedder, sizes: Sequence[int], timed: int) -> Table:
    """The table of the time an article takes in archives of several sizes."""
    table = Table(title=f"Time of {timed} further articles", title_justify="left")
    columns = ("articles before", "ms an article: median", "95th percentile", "database MB")
    for column in (*columns, "after housekeeping", "filled in s"):
        table.add_column(column, justify="right")
    found = tellings(timed // 4 + 8, seed=11)[:timed]
    vectors = encoded(embedder, found)
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            archive = Archive.open(Path(folder))
            began = time.perf_counter()
            fill(archive, size, START, f"{embedder.name}@{embedder.version}")
            filled = time.perf_counter() - began
            keep(archive, found, vectors, f"{embedder.name}@{embedder.version}", start=10_000_000)
            spent = one_by_one(archive)
            megabytes = _megabytes(archive)
            forget_old_bands(archive, START + timedelta(days=30))
            archive.tidy()
            kept = _megabytes(archive)
            archive.close()
        each = (f"{statistics.median(spent):.1f}", f"{statistics.quantiles(spent, n=20)[-1]:.1f}")
        table.add_row(f"{size:,}", *each, f"{megabytes:.0f}", f"{kept:.0f}", f"{filled:.0f}")
    return table


def one_by_one(archive: Archive) -> list[float]:
    """Let the stage place what is new, each item in a transaction of its own; gives the ms."""
    stage = StoriesStage()
    stage.batch = 1
    spent: list[float] = []
    while True:
        began = time.perf_counter()
        if not advance(archive, stage, START).read:
            return spent
        spent.append(1000 * (time.perf_counter() - began))


def _megabytes(archive: Archive) -> float:
    return (archive.root / "archive.db").stat().st_size / 1e6


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.stories", description=__doc__)
    parser.add_argument("--stories", type=int, default=150)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 170_000])
    parser.add_argument("--timed", type=int, default=300)
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--vectors", type=Path, default=ROOT / "var" / "benchmarks")
    args = parser.parse_args()
    console = Console(width=150)
    embedder = open_model("e5", args.models, args.vectors)
    if args.stories:
        console.print(quality(embedder, args.stories))
    if args.sizes:
        console.print(timing(embedder, args.sizes, args.timed))


if __name__ == "__main__":
    main()

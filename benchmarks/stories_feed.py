"""What is joined among real feed items, drawn at random so that a person can judge it.

    python -m benchmarks.stories_feed [--start 2026-03-02] [--weeks 8] [--texts WHICH]
        [--draw FILE] [--count 200] [--seed 1] [--judged FILE]

The corpus' feed items of these weeks appear in their order, with vectors where the topics' gate
lets them through, and each joins a story or begins one. `--texts through` takes only those (a year
of them in minutes), `--texts vectors` gives every item its vector. Each is placed alone, in a
transaction of its own.

`--draw` writes joins drawn at random, evenly from the kinds, beside the telling that each was found
to be like; the reader writes right, wrong, series (another part, day or person of the same form) or
round-up into the first column, and `--judged` counts that. "Right" is: both tell of one event. The
file holds texts of the outlets: keep it out of the tree.
"""

import argparse
import csv
import gzip
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.stories import one_by_one
from benchmarks.topic_sets import declared_topics
from benchmarks.topic_vectors import Remembering, open_model
from monitor import gate, passages
from monitor.citing import CitationsStage
from monitor.stages import run_stages
from storage.archive import Archive, Transaction
from storage.observations import Observation

ROOT = Path(__file__).resolve().parents[1]
HANOI = timezone(timedelta(hours=7))
CHUNK = 500
COLUMNS = ("verdict", "kind", "item", "story", "hours", "score", "reason", "joined", "told before")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as a feed gave it, and when that was first seen."""

    seen_at: datetime
    source: str
    link: str
    title: str
    summary: str


def feed_items(corpus: Path, start: datetime, weeks: int) -> list[FeedItem]:
    """The items first seen in these weeks, in their order."""
    path = corpus / "news" / "feed_items.tsv.gz"
    end = start + timedelta(weeks=weeks)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [
            FeedItem(at, row["source"], row["link"], row["title"] or "", row["summary"] or "")
            for row in rows
            if start <= (at := _hanoi(row["first_fetched"])) < end
        ]
    return sorted(found, key=lambda item: item.seen_at)


def _hanoi(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return (at if at.tzinfo else at.replace(tzinfo=HANOI)).astimezone(UTC)


def appear(
    archive: Archive, items: Sequence[FeedItem], memory: Remembering, texts: str
) -> tuple[int, int]:
    """Let items appear with the vectors that they get; gives how many appeared, and had any."""
    chooses = gate.fit(declared_topics())
    seen = with_vectors = 0
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        cut = [passages.of(item.title, item.summary, "") for item in chunk]
        chosen = [(0,)] * len(cut) if texts == "vectors" else chooses.choose(cut)
        heads = {place: cut[place][0].in_context() for place, own in enumerate(chosen) if 0 in own}
        vectors = dict(zip(heads, memory.encode(list(heads.values())), strict=True))
        with archive.transaction() as tx:
            for place, item in enumerate(chunk):
                if texts == "through" and place not in vectors:
                    continue
                revision = _observe(tx, item)
                if revision is None:
                    continue
                seen += 1
                if place in vectors:
                    with_vectors += 1
                    _keep(tx, revision, memory, vectors[place])
    return seen, with_vectors


def _observe(tx: Transaction, item: FeedItem) -> int | None:
    found = tx.items.observe(
        Observation(
            url=item.link,
            source_id=item.source,
            kind="article",
            seen_at=item.seen_at,
            title=item.title,
            summary=item.summary,
            language="vi",
            extractor="benchmark",
            extractor_version=1,
            method="feed",
        )
    )
    return found.revision_id


def _keep(tx: Transaction, revision: int, memory: Remembering, vector: np.ndarray) -> None:
    model = f"{memory.name}@{memory.version}"
    half = vector.astype(np.float16)
    tx.vectors.put(revision, model, passages.VERSION, [0], half.tobytes(), len(half))


def joins(archive: Archive) -> Iterator[dict[str, str]]:
    """Each join beside the telling that it was found to be like."""
    with archive.reading() as tx:
        for event in tx.events.since(None, ["story.joined"]):
            row, like = (tx.stories.of_item(event.data[name]) for name in ("item", "like"))
            if row is None or like is None:
                continue
            hours = abs(row.told_at - like.told_at) / timedelta(hours=1)
            yield {
                "verdict": "",
                "kind": event.data["how"],
                "item": str(row.item_id),
                "story": str(row.story_id),
                "hours": f"{hours:.1f}",
                "score": f"{row.score:.2f}",
                "reason": row.reason,
                "joined": _said(tx, row.revision_id),
                "told before": _said(tx, like.revision_id),
            }


def _said(tx: Transaction, revision_id: int) -> str:
    revision = tx.items.revision(revision_id)
    return " ".join(f"{revision.title} // {revision.summary}".split()) if revision else ""


def drawn(found: Sequence[dict[str, str]], count: int, seed: int) -> list[dict[str, str]]:
    """So many joins at random, evenly from the kinds as far as each has as many."""
    chance = random.Random(seed)
    kinds = sorted({one["kind"] for one in found}, key=lambda k: sum(o["kind"] == k for o in found))
    chosen: list[dict[str, str]] = []
    for place, kind in enumerate(kinds):
        own = [one for one in found if one["kind"] == kind]
        share = (count - len(chosen)) // (len(kinds) - place)
        chosen += chance.sample(own, min(share, len(own)))
    return chosen


def judged(path: Path) -> Table:
    """What a person said of the joins that were drawn."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    verdicts = sorted({row["verdict"] for row in rows})
    table = Table(title=f"{len(rows)} joins judged by reading", title_justify="left")
    for column in ("kind", "joins", *verdicts, "precision"):
        table.add_column(column, justify="right")
    for kind in sorted({row["kind"] for row in rows}):
        counts = Counter(row["verdict"] for row in rows if row["kind"] == kind)
        whole = counts.total()
        shares = [str(counts[one]) for one in verdicts]
        table.add_row(kind, str(whole), *shares, f"{counts['right'] / whole:.3f}")
    return table


def main() -> None:
    """Join the items of the weeks asked for, and print what came of it; or count verdicts."""
    parser = argparse.ArgumentParser(prog="benchmarks.stories_feed", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--vectors", type=Path, default=ROOT / "var" / "benchmarks")
    parser.add_argument("--start", type=datetime.fromisoformat, default=datetime(2026, 3, 2))
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--texts", choices=("all", "through", "vectors"), default="all")
    parser.add_argument("--draw", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judged", type=Path)
    args = parser.parse_args()
    console = Console(width=150)
    if args.judged:
        console.print(judged(args.judged))
        return
    if not args.corpus.is_dir():
        sys.exit(f"{args.corpus} is absent: there are no feed items to read")
    memory = open_model("e5", args.models, args.vectors)
    items = feed_items(args.corpus, args.start.replace(tzinfo=HANOI), args.weeks)
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(Path(folder))
        seen, with_vectors = appear(archive, items, memory, args.texts)
        run_stages(archive, [CitationsStage(())], datetime.now(UTC))
        spent = one_by_one(archive)
        found = list(joins(archive))
        archive.close()
    kinds = Counter(one["kind"] for one in found)
    told = ", ".join(f"{number} by {kind}" for kind, number in kinds.most_common())
    p95 = statistics.quantiles(spent, n=20)[-1]
    console.print(
        f"{seen:,} feed items of {args.weeks} weeks, {with_vectors:,} with vectors: "
        f"{len(found):,} joined a story ({told}); "
        f"ms an item: median {statistics.median(spent):.1f}, 95th percentile {p95:.1f}"
    )
    if args.draw:
        with args.draw.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, delimiter="\t")
            writer.writeheader()
            writer.writerows(drawn(found, args.count, args.seed))


if __name__ == "__main__":
    main()

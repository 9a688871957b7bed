"""One system over one set of items, in a process of its own: `ours`, `fts5` or `scan`.

Prints a JSON object: how long indexing took, what lies on the disk, how long questions took with
one reader and with eight, and the memory that it took.
"""

import argparse
import itertools
import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import memory
from benchmarks.search_items import Told, feed, fill, generated
from benchmarks.search_questions import Question, questions
from benchmarks.search_vectors import DIMENSIONS, Kept, drawn, head_of, of_items

if TYPE_CHECKING:
    from monitor.embedding import Embedder
    from storage.archive import Archive
    from storage.search import Searcher

ASKED = 200
READERS = 8
ASKED_BY_EACH = 50
SAMPLE = 20_000
"""Items that questions are drawn from."""
Ask = Callable[[Question], object]


def main(arguments: list[str] | None = None) -> int:
    """Run one system."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_runs")
    parser.add_argument("system", choices=("ours", "fts5", "scan"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("--corpus", type=Path, help="the corpus; without it items are invented")
    parser.add_argument("--vectors", type=Path, help="the folder of kept vectors")
    options = parser.parse_args(arguments)
    run = {"ours": _ours, "fts5": _fts5, "scan": _scan}[options.system]
    print(json.dumps(run(options)))
    return 0


def items_of(options: argparse.Namespace) -> Iterator[Told]:
    """The items of a run: the first of the corpus, else invented ones."""
    if options.corpus is None:
        return generated(options.size)
    return itertools.islice(feed(options.corpus), options.size)


def _sample(options: argparse.Namespace) -> list[Told]:
    step = max(1, options.size // SAMPLE)
    return list(itertools.islice(items_of(options), 0, None, step))


def _ours(options: argparse.Namespace) -> dict[str, Any]:
    from storage.archive import Archive
    from storage.search import Surroundings, open_searcher

    archive = Archive.open(options.folder)
    result = _made(options, lambda: _index(archive, options))
    asked = questions(_sample(options), ASKED)
    vectors = _question_vectors(options, asked, result)
    others = itertools.cycle(list(vectors.values()))

    def encode(text: str, _language: str) -> NDArray[np.float32]:
        # A question that got its marks back is another text.
        return vectors.setdefault(text, next(others)) if text not in vectors else vectors[text]

    searcher = open_searcher(archive, encode, Surroundings(sides={"press": "state"}))
    kinds: dict[str, dict[str, Any]] = {
        "words": {"mode": "words", "facets": False, "histogram": False},
        "words, facets": {"mode": "words"},
        "meaning": {"mode": "meaning", "facets": False, "histogram": False},
        "hybrid, facets": {"mode": "hybrid"},
    }
    for name, how in kinds.items():
        result[name] = _timed(_asking(searcher, how), asked)
    return result | _memory()


def _index(archive: "Archive", options: argparse.Namespace) -> dict[str, Any]:
    """Fill an archive and index it; says how long the index took and how large it is."""
    from storage import index_vectors
    from storage.index import keep_up
    from storage.index_folder import folder_of, written_alone

    size = fill(archive, items_of(options))
    began = time.perf_counter()
    keep_up(archive, datetime.now(UTC))
    result: dict[str, Any] = {"words_s": time.perf_counter() - began}
    folder = folder_of(archive.root)
    result["words_mb"] = _megabytes(folder)
    began = time.perf_counter()
    with written_alone(archive.root, "vectors"):
        writer = index_vectors.Writer(
            folder, index_vectors.begun(folder, "benchmark", -1.0, DIMENSIONS, 1, "", 0)
        )
        next_item = 1
        for chunk in _vectors(options, size, result):
            numbers = range(next_item, next_item + len(chunk))
            writer.add(numbers, numbers, chunk, writer.mark)
            next_item += len(chunk)
        while writer.grow():
            pass
    result["vectors_s"] = time.perf_counter() - began
    result["vectors_mb"] = _megabytes(folder) - result["words_mb"]
    return result


def _made(options: argparse.Namespace, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What making an index took: now, or when it was made in this folder by an earlier run."""
    path = options.folder / "made.json"
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    made = make()
    path.write_text(json.dumps(made), encoding="utf-8")
    return made


def _asking(searcher: "Searcher", how: dict[str, Any]) -> Ask:
    from storage.search import Request

    def ask(one: Question) -> object:
        return searcher.search(Request(one.query, one.filters, **how))

    return ask


def _fts5(options: argparse.Namespace) -> dict[str, Any]:
    path = options.folder / "fts5.db"

    def make() -> dict[str, Any]:
        made = sqlite3.connect(path)
        made.execute(
            "create virtual table texts using fts5(title, summary, source unindexed, "
            'tokenize = "unicode61 remove_diacritics 2")'
        )
        began = time.perf_counter()
        rows = ((told.title, told.summary, told.source) for told in items_of(options))
        made.executemany("insert into texts values (?, ?, ?)", rows)
        made.commit()
        made.execute("insert into texts(texts) values ('optimize')")
        made.commit()
        made.close()
        return {"words_s": time.perf_counter() - began, "words_mb": _megabytes(options.folder)}

    result = _made(options, make)
    own = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(own, "opened"):
            own.opened = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        opened: sqlite3.Connection = own.opened
        return opened

    def words(one: Question) -> object:
        top = connection().execute(
            "select rowid, snippet(texts, 1, '[', ']', '…', 30) from texts where texts match ? "
            "order by bm25(texts, 3.0, 1.0) limit 20",
            (matched(one),),
        )
        return top.fetchall()

    def with_facets(one: Question) -> object:
        counted = connection().execute(
            "select source, count(*) from texts where texts match ? group by source",
            (matched(one),),
        )
        return words(one), counted.fetchall()

    asked = questions(_sample(options), ASKED)
    result["words"] = _timed(words, asked)
    result["words, facets"] = _timed(with_facets, asked)
    return result | _memory()


def matched(one: Question) -> str:
    """A question as FTS5 takes it: all words, or the phrase."""
    if one.phrase:
        return '"' + " ".join(one.words) + '"'
    return " ".join(f'"{word}"' for word in one.words)


def _scan(options: argparse.Namespace) -> dict[str, Any]:
    from threadpoolctl import threadpool_limits

    began = time.perf_counter()
    every = np.concatenate(list(_vectors(options, options.size)))
    result: dict[str, Any] = {
        "vectors_s": time.perf_counter() - began,
        "vectors_mb": every.nbytes / 1e6,
    }
    asked = questions(_sample(options), ASKED)
    vectors = _question_vectors(options, asked, {})

    def nearest(one: Question) -> object:
        scores = every @ vectors[one_text(one)]
        best = np.argpartition(-scores, 200)[:200]
        return best[np.argsort(-scores[best])]

    with threadpool_limits(limits=1):
        result["meaning"] = _timed(nearest, asked)
    return result | _memory()


def one_text(one: Question) -> str:
    """What of a question is compared by meaning."""
    return " ".join(one.words)


def _vectors(
    options: argparse.Namespace, size: int, result: dict[str, Any] | None = None
) -> Iterable[NDArray[np.float32]]:
    """The vectors of a run's items; `result` is told how many of them are the model's."""
    kept = _kept(options)
    told = items_of(options) if options.corpus is not None else iter(())
    yield from of_items((head_of(one.title, one.summary) for one in told), kept, size)
    if result is not None:
        result["kept"] = kept.taken if kept is not None else 0
        result["like"] = len(kept.every()) if kept is not None else 0


def _kept(options: argparse.Namespace) -> Kept | None:
    from monitor.centring import Centring

    if options.vectors is None:
        return None
    embedder = _model()
    return Kept(options.vectors, embedder.version, Centring(embedder))


@cache
def _model() -> "Embedder":
    from monitor.embedding import load

    return load("builtin", Path(__file__).parents[1] / "var" / "models", threads=1)


def _question_vectors(
    options: argparse.Namespace, asked: Sequence[Question], result: dict[str, Any]
) -> dict[str, NDArray[np.float32]]:
    """The vectors of questions: the model's, which is timed, where items are real; else drawn.

    What the model takes for a question is told of drawn ones, too.
    """
    texts = [one_text(one) for one in asked]
    found: dict[str, NDArray[np.float32]] = {}
    if options.vectors is not None:
        found = _encoded(texts, result)
    if options.corpus is None:
        kept = _kept(options)
        known = kept.every() if kept is not None else np.zeros((0, DIMENSIONS), np.float32)
        own = np.concatenate(list(drawn(len(texts), known, 17)))
        found = dict(zip(texts, own, strict=True))
    return found


def _encoded(texts: Sequence[str], result: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    from config import Config
    from monitor.indexing import Indexer

    indexer = Indexer(Config.model_construct(topics=()), _model)
    indexer.encode("một câu để bắt đầu", "")
    found, took, worked = {}, [], []
    for text in texts:
        began, busy = time.perf_counter(), time.thread_time()
        found[text] = indexer.encode(text, "")
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - busy) * 1000)
    result["encode"] = _spread(took) | {f"CPU {name}": v for name, v in _spread(worked).items()}
    return found


def _timed(ask: Ask, asked: Sequence[Question]) -> dict[str, float]:
    """Milliseconds of each question with one reader, of which it computed, and with eight at once;
    and the throughput. On a busy machine what is computed says more than what passes."""
    for one in asked:
        ask(one)
    alone, worked = [], []
    for one in asked:
        began = time.thread_time()
        alone.append(_took(ask, one))
        worked.append((time.thread_time() - began) * 1000)
    together: list[float] = []

    def read(own: Sequence[Question]) -> None:
        for one in own:
            together.append(_took(ask, one))

    threads = [
        threading.Thread(target=read, args=([*asked, *asked][n * 25 : n * 25 + ASKED_BY_EACH],))
        for n in range(READERS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    many = {f"{name} of 8": value for name, value in _spread(together).items()}
    cpu = {f"CPU {name}": value for name, value in _spread(worked).items()}
    return _spread(alone) | cpu | many | {"a second": len(together) / seconds}


def _took(ask: Ask, one: Question) -> float:
    began = time.perf_counter()
    ask(one)
    return (time.perf_counter() - began) * 1000


def _spread(took: Sequence[float]) -> dict[str, float]:
    return {"p50": float(np.percentile(took, 50)), "p95": float(np.percentile(took, 95))}


def _memory() -> dict[str, float]:
    return {"rss_mb": memory("VmRSS"), "own_mb": memory("RssAnon")}


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(main())

"""How well the archive is searched: known items, and questions of a watch desk.

The sample is the 10,000 items of the corpus' feed whose addresses' hashes come first; their
vectors are computed by the first run, which takes minutes, and kept. Known items are looked for by
their titles without marks, with the words in another order, both at once, and, for 60, by what a
reader asks in English (`search_known.toml`). `search_topical.toml` has 40 questions and the items
that a reader judged to answer them, among those that the systems here put first; an item that
nobody judged counts as none.
"""

import csv
import hashlib
import itertools
import random
import sqlite3
import sys
import tempfile
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.search_items import Told, feed, fill
from benchmarks.search_questions import Question
from benchmarks.search_runs import matched
from benchmarks.search_vectors import head_of
from benchmarks.topic_vectors import open_model
from monitor.centring import Centring
from monitor.indexing import Indexer
from storage import index_vectors
from storage.archive import Archive
from storage.index import keep_up
from storage.index_folder import folder_of, written_alone
from storage.search import Filters, Mode, Request, Searcher, Surroundings, open_searcher

SAMPLE = 10_000
TITLES = 200
TOP = 10
WIDTH = 120
System = Callable[[str], list[int]]
"""Gives the numbers of the items that it finds for a question, the best first."""


def measured(corpus: Path, vectors: Path, pool: Path | None = None) -> int:
    """Measure and print; with `pool` write what is to be judged there instead."""
    if not corpus.is_dir():
        print("the corpus of real texts is not beside this checkout (../shared/corpus)",
              file=sys.stderr)  # fmt: skip
        return 1
    items = sample(corpus)
    with tempfile.TemporaryDirectory(prefix="decreewatch-bench-") as folder:
        systems = _systems(items, Path(folder), vectors)
        if pool is not None:
            _write_pool(items, systems, pool)
            return 0
        out = Console(width=WIDTH)
        out.print(_known_table(items, systems))
        out.print(_topical_table(items, systems))
    return 0


def sample(corpus: Path) -> list[Told]:
    """The items that are searched: numbered from 1 in this order."""
    ordered = sorted(feed(corpus), key=lambda told: _key(told.url))
    return ordered[:SAMPLE]


def _systems(items: Sequence[Told], folder: Path, vectors: Path) -> dict[str, System]:
    model = open_model("e5", Path(__file__).parents[1] / "var" / "models", vectors)
    heads = [head_of(told.title, told.summary) for told in items]
    encoded = model.encode(heads)
    centring = Centring(model)
    archive = Archive.open(folder / "archive")
    fill(archive, items, stories=False)
    keep_up(archive, datetime.now(UTC))
    where = folder_of(archive.root)
    with written_alone(archive.root, "vectors"):
        mark = index_vectors.begun(where, "benchmark", centring.unlike, encoded.shape[1], 1, "", 0)
        writer = index_vectors.Writer(where, mark)
        numbers = range(1, len(items) + 1)
        writer.add(numbers, numbers, centring.aligned(encoded, ["vi"] * len(items)), mark)
        while writer.grow():
            pass
    from config import Config

    indexer = Indexer(Config.model_construct(topics=()), lambda: model)
    searcher = open_searcher(archive, indexer.encode, Surroundings())

    def scan(question: str) -> list[int]:
        scores = encoded @ model.encode([question])[0]
        return [int(place) + 1 for place in np.argsort(-scores)[:TOP]]

    fts = _fts5(items)
    return {
        "words": _asks(searcher, "words"),
        "meaning": _asks(searcher, "meaning"),
        "hybrid": _asks(searcher, "hybrid"),
        "SQLite FTS5": fts,
        "vector scan": scan,
    }


def _asks(searcher: Searcher, mode: Mode) -> System:
    def ask(question: str) -> list[int]:
        request = Request(
            question.replace('"', " "), Filters(), mode, limit=TOP,
            collapse=False, facets=False, histogram=False,
        )  # fmt: skip
        return [hit.item_id for hit in searcher.search(request).hits]

    return ask


def _fts5(items: Sequence[Told]) -> System:
    """FTS5 with all words, or with any of them where no text has all."""
    made = sqlite3.connect(":memory:")
    made.execute(
        "create virtual table texts using fts5(title, summary, "
        'tokenize = "unicode61 remove_diacritics 2")'
    )
    made.executemany(
        "insert into texts values (?, ?)", ((told.title, told.summary) for told in items)
    )
    asked = "select rowid from texts where texts match ? order by bm25(texts, 3.0, 1.0) limit ?"

    def ask(question: str) -> list[int]:
        words = tuple("".join(c if c.isalnum() else " " for c in question).split())
        every = matched(Question(question, Filters(), words, phrase=False))
        for query in (every, every.replace('" "', '" OR "')):
            found = [row[0] for row in made.execute(asked, (query, TOP))]
            if found:
                return found
        return []

    return ask


def _known_table(items: Sequence[Told], systems: dict[str, System]) -> Table:
    chance = random.Random(2)
    chosen = chance.sample(range(len(items)), TITLES)
    numbers = {told.url: number for number, told in enumerate(items, 1)}
    translated = _toml("search_known.toml")["known"]
    sets: dict[str, list[tuple[int, str]]] = {
        "as typed": [(at + 1, items[at].title) for at in chosen],
        "without marks": [(at + 1, bare(items[at].title)) for at in chosen],
        "in another order": [(at + 1, _shuffled(items[at].title, chance)) for at in chosen],
        "both": [(at + 1, bare(_shuffled(items[at].title, chance))) for at in chosen],
        "three words of it": [(at + 1, _few(items[at].title, chance)) for at in chosen],
        "in English": [(numbers[one["url"]], one["query"]) for one in translated],
    }
    table = Table(title=f"Known items among {len(items):,}: recall at {TOP} (first place)",
                  title_justify="left")  # fmt: skip
    table.add_column("")
    for name, asked in sets.items():
        table.add_column(f"{name} ({len(asked)})", justify="right")
    for system, ask in systems.items():
        row = [system]
        for asked in sets.values():
            found = [(n, ask(question)) for n, question in asked]
            recall = sum(n in hits for n, hits in found) / len(asked)
            first = sum(hits[:1] == [n] for n, hits in found) / len(asked)
            row.append(f"{recall:.2f} ({first:.2f})")
        table.add_row(*row)
    return table


def _topical_table(items: Sequence[Told], systems: dict[str, System]) -> Table:
    keys = [_key(told.url) for told in items]
    questions = _toml("search_topical.toml")["question"]
    table = Table(title=f"{len(questions)} questions, judged", title_justify="left")
    table.add_column("")
    for kind in ("", "English: ", "Vietnamese: ", "without marks: "):
        table.add_column(f"{kind}precision at {TOP}", justify="right")
        table.add_column("nDCG", justify="right")
    for system, ask in systems.items():
        scored: dict[str, list[tuple[float, float]]] = {"": [], "en": [], "vi": [], "bare": []}
        for one in questions:
            relevant = set(one["relevant"])
            value = _worth([keys[number - 1] in relevant for number in ask(one["query"])], relevant)
            scored[""].append(value)
            scored[one["language"]].append(value)
            if one["language"] == "vi":
                found = ask(bare(one["query"]))
                scored["bare"].append(_worth([keys[n - 1] in relevant for n in found], relevant))
        cells = [f"{np.mean([v[side] for v in values]):.2f}" if values else "–"
                 for values in scored.values() for side in (0, 1)]  # fmt: skip
        table.add_row(system, *cells)
    return table


def _worth(hits: Sequence[bool], relevant: set[str]) -> tuple[float, float]:
    """Precision, of as many as there are to find, and nDCG of an answer."""
    best = sum(1 / log2(place + 2) for place in range(min(TOP, len(relevant))))
    gained = sum(hit / log2(place + 2) for place, hit in enumerate(hits))
    return sum(hits) / min(TOP, len(relevant) or 1), gained / best if best else 0.0


def _write_pool(items: Sequence[Told], systems: dict[str, System], path: Path) -> None:
    """What any system puts among its first, to be judged: keep the file out of the tree."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter="\t")
        for one in _toml("search_topical.toml")["question"]:
            found = itertools.chain.from_iterable(ask(one["query"]) for ask in systems.values())
            for number in sorted(set(found)):
                told = items[number - 1]
                rows.writerow([one["query"], _key(told.url), told.title, told.summary])


def bare(text: str) -> str:
    """A text as it is typed by somebody in a hurry: without marks."""
    decomposed = unicodedata.normalize("NFD", text)
    found = "".join(char for char in decomposed if not unicodedata.combining(char))
    return found.replace("đ", "d").replace("Đ", "D")


def _shuffled(title: str, chance: random.Random) -> str:
    words = title.split()
    chance.shuffle(words)
    return " ".join(words)


def _few(title: str, chance: random.Random) -> str:
    words = title.split()
    return " ".join(chance.sample(words, min(3, len(words))))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def _toml(name: str) -> Any:
    return tomllib.loads(files("benchmarks").joinpath(name).read_text(encoding="utf-8"))

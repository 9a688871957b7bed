"""How much of what is known to be there search finds, at least: on invented items."""

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.search_items import Told, fill, generated
from benchmarks.search_quality import bare
from storage import index_vectors
from storage.archive import Archive
from storage.index import keep_up
from storage.index_folder import folder_of, written_alone
from storage.index_words import exact
from storage.search import Mode, Request, Searcher, open_searcher

SIZE = 600
ASKED = 40
DIMENSIONS = 256


@pytest.fixture(scope="module")
def items() -> list[Told]:
    return list(generated(SIZE))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, items: list[Told]) -> Iterator[Searcher]:
    """Searches the items; by meaning, texts are alike that share words with their marks."""
    folder: Path = tmp_path_factory.mktemp("floors")
    archive = Archive.open(folder)
    fill(archive, items, stories=False)
    keep_up(archive, datetime(2031, 6, 1, tzinfo=UTC))
    where = folder_of(archive.root)
    with written_alone(archive.root, "vectors"):
        mark = index_vectors.begun(where, "test", 0.0, DIMENSIONS, 1, "", 0)
        numbers = range(1, SIZE + 1)
        rows = np.stack([_vector(f"{one.title} {one.summary}") for one in items])
        index_vectors.Writer(where, mark).add(numbers, numbers, rows, mark)
    yield open_searcher(archive, lambda text, _language: _vector(text))
    archive.close()


def _vector(text: str) -> NDArray[np.float32]:
    vector = np.zeros(DIMENSIONS, np.float32)
    for word in exact(text):
        vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _as_typed(words: Sequence[str], _chance: random.Random) -> str:
    return " ".join(words)


def _without_marks(words: Sequence[str], _chance: random.Random) -> str:
    return bare(" ".join(words))


def _in_another_order(words: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.sample(words, len(words)))


def _both(words: Sequence[str], chance: random.Random) -> str:
    return bare(_in_another_order(words, chance))


@pytest.mark.parametrize(
    ("mode", "asked", "floor"),
    [
        ("words", _as_typed, 0.98),
        ("words", _without_marks, 0.98),
        ("words", _in_another_order, 0.98),
        ("words", _both, 0.98),
        ("hybrid", _as_typed, 0.98),
        ("hybrid", _without_marks, 0.98),
        ("hybrid", _both, 0.95),
        ("meaning", _as_typed, 0.9),
        ("meaning", _without_marks, 0.85),
    ],
)
def test_an_item_is_among_the_first_ten_of_a_question_made_of_its_title(
    searcher: Searcher,
    items: list[Told],
    mode: Mode,
    asked: Callable[[Sequence[str], random.Random], str],
    floor: float,
) -> None:
    chance = random.Random(1)
    found = 0
    for number in chance.sample(range(SIZE), ASKED):
        question = asked(items[number].title.split(), chance)
        hits = searcher.search(Request(question, mode=mode, limit=10, facets=False)).hits
        found += number + 1 in [hit.item_id for hit in hits]
    assert found / ASKED >= floor

"""The folder of the index: how far each projection is, who writes it, and what may go wrong."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from storage.engine import refused_by_system
from storage.file_lock import FileHeld, file_held
from storage.problems import Problem

WORDS = "words.json"
NEXT_WORDS = "words.next.json"
"""The watermark of a words index that is still being built beside the one in use."""
VECTORS = "vectors.json"


class IndexTorn(Problem):
    """The index cannot be used as it lies there."""

    kind: ClassVar[str] = "index-torn"


class IndexMissing(Problem):
    """There is no index yet."""

    kind: ClassVar[str] = "index-missing"


class IndexHeld(Problem):
    """Another process writes the index."""

    kind: ClassVar[str] = "index-held"


@dataclass(frozen=True, slots=True)
class WordsMark:
    """How far the words index is.

    Attributes:
        format: that of `storage.index_words`.
        folder: where its files lie, below the index's folder.
        seq: the number of the last event that it has seen, and `event` what that was, by which
            another archive is known.
        settled: up to which event each stage had said what it finds when it was written.
        items: how many items it holds; `highest` is the highest of their numbers.
        building: the number of the last item of an index that is being built, else None.
        at: when it was written, ISO 8601.
    """

    format: int
    folder: str
    seq: int
    event: str
    settled: dict[str, int]
    items: int
    highest: int
    building: int | None
    at: str


@dataclass(frozen=True, slots=True)
class VectorsMark:
    """How far the vectors are.

    Attributes:
        format: that of `storage.index_vectors`.
        model: whose vectors, and what was made of them; those of another are made anew.
        least: cosines below this are no likeness.
        dimensions: numbers to a vector.
        file: the name of their files.
        rows: how many rows of the files count; what lies behind them was never finished.
        graph: the file of the graph over the first `graphed` rows, "" while there is none.
        seq: the number of the last event that was read, and `event` what that was.
        below: items with numbers from here on have been looked at, newest first; 0: all have.
        at: when it was written, ISO 8601.
    """

    format: int
    model: str
    least: float
    dimensions: int
    file: str
    rows: int
    graph: str
    graphed: int
    seq: int
    event: str
    below: int
    at: str


Mark = TypeVar("Mark", WordsMark, VectorsMark)


def folder_of(root: Path) -> Path:
    """Where the index of the archive below `root` lies."""
    return root / "index"


def read_mark(path: Path, kind: type[Mark]) -> Mark | None:
    """The watermark in this file; None where there is none, or it cannot be read."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return kind(**{field.name: said[field.name] for field in fields(kind)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_mark(path: Path, mark: WordsMark | VectorsMark) -> None:
    """Write a watermark so that a reader, or the next start, finds the old one or this.

    Raises ArchiveFull or ArchiveUnreachable.
    """
    said: dict[str, Any] = asdict(mark)
    aside = path.with_name(f"{path.name}.new")
    try:
        with aside.open("w", encoding="utf-8") as stream:
            json.dump(said, stream)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
        synced(path.parent)
    except OSError as error:
        raise refused_by_system(error, path) from error


def stamp_of(path: Path) -> tuple[int, int]:
    """What changes whenever a watermark is written; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino


def synced(folder: Path) -> None:
    """Make what was created, renamed or removed in a folder outlast a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_others(folder: Path, pattern: str, keep: set[str]) -> None:
    """Remove what earlier builds left in the index's folder, all but `keep`."""
    for path in folder.glob(pattern):
        if path.name in keep:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def written_alone(root: Path, part: str) -> Iterator[Path]:
    """Hold a part of the index (`words`, `vectors`) while it is written; gives the folder.

    The system lets go of it however the process ends.

    Raises IndexHeld, naming who writes it; ArchiveFull or ArchiveUnreachable.
    """
    folder = folder_of(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused_by_system(error, folder) from error
    try:
        with file_held(folder / f"{part}.lock"):
            yield folder
    except FileHeld as error:
        raise IndexHeld(
            f"the {part} of the index in {folder} are being written by {error.holder}; wait "
            "until it is done"
        ) from error

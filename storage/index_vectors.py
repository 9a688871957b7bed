"""The vectors of the newest texts: rows in a file, and a graph over most of them.

A row is a unit vector in 8-bit numbers (times 127), in the order in which they came; an item's
newest row counts. While there are few rows, all are compared; over more lies an HNSW graph
(Malkov and Yashunin, https://arxiv.org/abs/1603.09320, as usearch has it), and what came after it
is compared one by one.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from storage.engine import refused_by_system
from storage.index_folder import VECTORS, IndexTorn, VectorsMark, read_mark, synced, write_mark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from usearch.index import Index

FORMAT = 1
SCALE = 127
TAIL = 5_000
"""How many rows are compared one by one at most, before a graph takes them in."""
GROWN_AT_ONCE = 100_000
OUTDATED = 2
SPARE = 1_000
"""With more rows than so many times the items, and some, most are outdated and in the way."""
LINKS = 16
WIDTH_BUILDING = 96
WIDTH_SEARCHING = 96
"""HNSW's M, efConstruction and ef."""


def rows_file(folder: Path, mark: VectorsMark) -> Path:
    """The file of 8-bit rows."""
    return folder / f"{mark.file}.i8"


def ids_file(folder: Path, mark: VectorsMark) -> Path:
    """The file that says of each row which item and revision it is of, two 64-bit numbers."""
    return folder / f"{mark.file}.ids"


def whole(folder: Path, mark: VectorsMark) -> bool:
    """Whether the files hold what the watermark says."""
    try:
        rows, ids = rows_file(folder, mark), ids_file(folder, mark)
        return (
            rows.stat().st_size >= mark.rows * mark.dimensions
            and ids.stat().st_size >= mark.rows * 16
            and (not mark.graph or (folder / mark.graph).stat().st_size > 0)
        )
    except OSError:
        return False


class Rows:
    """The rows as a watermark has them, to be searched.

    Attributes:
        items, revisions: of each row, int64, shape (rows,).
        distinct: how many items have a row.
    """

    def __init__(self, folder: Path, mark: VectorsMark) -> None:
        """Open the files. Raises IndexTorn when they do not hold what the watermark says."""
        self.mark = mark
        try:
            ids = np.fromfile(ids_file(folder, mark), "<i8", 2 * mark.rows).reshape(-1, 2)
            self.items = np.ascontiguousarray(ids[:, 0])
            self.revisions = np.ascontiguousarray(ids[:, 1])
            shape = (mark.rows, mark.dimensions)
            self._rows = _mapped(rows_file(folder, mark), shape)
            self._graph = _opened(folder / mark.graph, mark.dimensions) if mark.graph else None
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexTorn(
                f"the vectors in {folder} are damaged ({error}); they are made again by the next "
                "`decreewatch index`"
            ) from error
        if len(self.items) != mark.rows:
            raise IndexTorn(f"the vectors in {folder} are cut off")
        self._asking = Lock()
        self._tail = np.array(self._rows[mark.graphed :])
        self._ordered, self._newest = _newest_rows(self.items)
        self.distinct = len(self._ordered)

    def is_crowded(self) -> bool:
        """Whether outdated rows are so many that the file is better made anew."""
        return self.mark.rows > OUTDATED * self.distinct + SPARE

    def row_of(self, items: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """The newest row of each item, -1 where there is none."""
        if not len(self._ordered):
            return np.full(len(items), -1, np.int64)
        at = np.minimum(np.searchsorted(self._ordered, items), len(self._ordered) - 1)
        return np.where(self._ordered[at] == items, self._newest[at], -1)

    def revision_of(self, items: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Of which revision each item's vector is, -1 where it has none."""
        rows = self.row_of(items)
        if not len(self.revisions):
            return rows
        return np.where(rows >= 0, self.revisions[np.maximum(rows, 0)], -1)

    def vector(self, item: int) -> "NDArray[np.float32] | None":
        """The unit vector of an item, None where it has none."""
        row = int(self.row_of(np.asarray([item], np.int64))[0])
        if row < 0:
            return None
        vector = self._rows[row].astype(np.float32)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)

    def nearest(self, vector: "NDArray[np.float32]", count: int) -> list[tuple[int, float]]:
        """The items nearest to a unit vector with their cosines, the nearest first."""
        asked = np.rint(vector * SCALE).astype(np.int8)
        rows, scores = _compared(self._tail, asked, count)
        rows += self.mark.graphed
        if self._graph is not None:
            # usearch refuses more searches at once than the machine has cores.
            with self._asking:
                found = self._graph.search(asked, count, threads=1)
            keys = np.asarray(found.keys, np.int64)
            rows = np.concatenate([rows, keys])
            scores = np.concatenate([scores, 1 - np.asarray(found.distances, np.float32)])
        return self._best(rows, scores, count)

    def among(
        self, vector: "NDArray[np.float32]", items: Sequence[int], count: int
    ) -> list[tuple[int, float]]:
        """Of these items those nearest to a unit vector, all of them compared."""
        rows = self.row_of(np.asarray(items, np.int64))
        rows = np.sort(rows[rows >= 0])
        asked = np.rint(vector * SCALE).astype(np.int8)
        places, scores = _compared(self._rows[rows], asked, count)
        return self._best(rows[places], scores, count)

    def _best(
        self, rows: "NDArray[np.int64]", scores: "NDArray[np.float32]", count: int
    ) -> list[tuple[int, float]]:
        items = self.items[rows]
        current = self.row_of(items) == rows
        items, scores = items[current], scores[current]
        order = np.lexsort((items, -scores))[:count]
        return [(int(items[at]), float(scores[at])) for at in order]


class Writer:
    """Adds rows; use it while the index is held (`written_alone`)."""

    def __init__(self, folder: Path, mark: VectorsMark) -> None:
        """Take up the files where the watermark left them: what lies behind it was never said."""
        self.folder = folder
        self.mark = mark
        try:
            for path, size in (
                (rows_file(folder, mark), mark.rows * mark.dimensions),
                (ids_file(folder, mark), mark.rows * 16),
            ):
                with path.open("ab") as stream:
                    stream.truncate(size)
        except OSError as error:
            raise refused_by_system(error, folder) from error

    def add(
        self,
        items: Sequence[int],
        revisions: Sequence[int],
        vectors: "NDArray[np.float32]",
        mark: VectorsMark,
    ) -> None:
        """Add the unit vectors of these items' revisions, then write this watermark.

        `mark` says how far the archive has been read; its rows are counted here.
        """
        rows = np.clip(np.rint(vectors * SCALE), -SCALE, SCALE).astype(np.int8)
        ids = np.stack([np.asarray(items, "<i8"), np.asarray(revisions, "<i8")], axis=1)
        try:
            for path, content in (
                (rows_file(self.folder, self.mark), rows.tobytes()),
                (ids_file(self.folder, self.mark), ids.astype("<i8").tobytes()),
            ):
                with path.open("ab") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
        except OSError as error:
            raise refused_by_system(error, self.folder) from error
        self.say(replace(mark, rows=self.mark.rows + len(items)))

    def say(self, mark: VectorsMark) -> None:
        """Write a watermark."""
        write_mark(self.folder / VECTORS, mark)
        self.mark = mark

    def grow(self) -> bool:
        """Take rows into the graph where too many lie outside it; says whether there are more."""
        if self.mark.rows - self.mark.graphed <= TAIL:
            return False
        mark = self.mark
        end = min(mark.rows, mark.graphed + GROWN_AT_ONCE)
        shape = (mark.rows, mark.dimensions)
        rows = _mapped(rows_file(self.folder, mark), shape)
        graph = _new(mark.dimensions)
        if mark.graph:
            graph = _opened(self.folder / mark.graph, mark.dimensions, to_grow=True)
        graph.add(np.arange(mark.graphed, end), np.asarray(rows[mark.graphed : end]))
        name = f"{mark.file}.graph-{end}"
        aside = self.folder / f"{name}.new"
        try:
            graph.save(str(aside))
            aside.replace(self.folder / name)
            synced(self.folder)
        except (OSError, RuntimeError) as error:
            raise _refused(error, self.folder) from error
        self.say(replace(mark, graph=name, graphed=end))
        if mark.graph:
            (self.folder / mark.graph).unlink(missing_ok=True)
        return end < mark.rows


def begun(
    folder: Path, model: str, least: float, dimensions: int, seq: int, event: str, below: int
) -> VectorsMark:
    """A watermark of vectors that are made from the beginning, in files of their own; arguments
    as in `VectorsMark`."""
    taken = {path.stem for path in folder.glob("vectors-*.ids")}
    name = next(f"vectors-{n}" for n in range(1, len(taken) + 2) if f"vectors-{n}" not in taken)
    return VectorsMark(FORMAT, model, least, dimensions, name, 0, "", 0, seq, event, below, "")


def read(folder: Path) -> VectorsMark | None:
    """The watermark of the vectors; None where there are none that can be used."""
    mark = read_mark(folder / VECTORS, VectorsMark)
    return mark if mark is not None and mark.format == FORMAT and whole(folder, mark) else None


def _compared(
    rows: "NDArray[np.int8]", asked: "NDArray[np.int8]", count: int
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """The places of the rows nearest to a vector, and their cosines.

    usearch compares 8-bit numbers as they are, on one thread: a product of matrices would take
    all cores, and wait for each of them on a busy machine.
    """
    from usearch.index import search

    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    found = search(rows, asked, min(count, len(rows)), exact=True, threads=1)
    return np.asarray(found.keys, np.int64), 1 - np.asarray(found.distances, np.float32)


def _mapped(path: Path, shape: tuple[int, int]) -> "NDArray[np.int8]":
    """The rows of a file, read as they are needed; no rows are no file to map."""
    if not shape[0]:
        return np.zeros(shape, np.int8)
    return np.memmap(path, np.int8, "r", shape=shape)


def _newest_rows(items: "NDArray[np.int64]") -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """The items in order, and the last row of each."""
    ordered, from_end = np.unique(items[::-1], return_index=True)
    return ordered, len(items) - 1 - from_end


def _new(dimensions: int) -> "Index":
    from usearch.index import Index

    return Index(
        ndim=dimensions,
        metric="cos",
        dtype="i8",
        connectivity=LINKS,
        expansion_add=WIDTH_BUILDING,
        expansion_search=WIDTH_SEARCHING,
    )


def _opened(path: Path, dimensions: int, *, to_grow: bool = False) -> "Index":
    graph = _new(dimensions)
    if to_grow:
        graph.load(str(path))
    else:
        graph.view(str(path))
    return graph


def _refused(error: Exception, folder: Path) -> Exception:
    if isinstance(error, OSError):
        return refused_by_system(error, folder)
    return IndexTorn(f"the graph of vectors in {folder} cannot be written ({error})")

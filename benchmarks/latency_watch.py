"""Looks at an archive while a daemon writes it, and notes when each thing could be read."""

import threading
import time
from collections import defaultdict
from typing import Self

from storage.archive import Archive

EVERY_S = 0.01


class Watch:
    """By the steady clock: when each event was there, and how far each reader was when.

    A context manager that looks a hundred times a second, in a thread.
    """

    def __init__(self, archive: Archive) -> None:
        self.seen: dict[int, float] = {}
        self._archive = archive
        self._moves: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def passed(self, reader: str, seq: int) -> float | None:
        """When a reader had dealt with an event."""
        return next((at for at, cursor in self._moves[reader] if cursor >= seq), None)

    def _look(self) -> None:
        last = 0
        while not self._stop.wait(EVERY_S):
            with self._archive.reading() as tx:
                newest, cursors = tx.events.last(), tx.events.cursors()
            now = time.monotonic()
            for seq in range(last + 1, newest + 1):
                self.seen[seq] = now
            last = newest
            for reader, cursor in cursors.items():
                moves = self._moves[reader]
                if not moves or moves[-1][1] != cursor:
                    moves.append((now, cursor))

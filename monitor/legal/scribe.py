"""Writing the normalised text of a document that came with its own tree."""

import re

from .model import Removed
from .rows import Row
from .text import Line, normalise

# A list that a converter glued into one paragraph: "…:(a)first;(b)second".
_GLUED = re.compile(r"(?<=[:;,.\w])(?=\((?:[a-z]{1,2}|[ivxl]{1,5})\)[^\s,.;:()\[\]])")
_TIGHT = re.compile(r"(?<=[;:])(?=[^\W\d_])")


class Scribe:
    """A text that grows line by line and knows the offsets of each."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._removed: list[Removed] = []
        self._length = 0

    def write(self, line: str) -> tuple[int, int]:
        """Add a line; give its offsets, the line break included."""
        clean = normalise(line).replace("\n", " ") or "·"
        start = self._length
        self._lines.append(clean + "\n")
        self._length += len(clean) + 1
        return start, self._length

    def row(self, line: str) -> Row:
        """Add a line; give it as a row."""
        start, end = self.write(line)
        text = self._lines[-1][:-1]
        return Row(Line(start, end, text), text)

    def remove(self, line: str, reason: str) -> None:
        """Add a line that belongs to no provision."""
        start, end = self.write(line)
        if self._removed and self._removed[-1].end == start and self._removed[-1].reason == reason:
            start = self._removed.pop().start
        self._removed.append(Removed(start, end, reason))

    def text(self) -> str:
        """Give the whole text."""
        return "".join(self._lines)

    def removed(self) -> tuple[Removed, ...]:
        """Give what was added as belonging to no provision."""
        return tuple(self._removed)


def split_glued(line: str) -> list[str]:
    """Cut a paragraph at the list labels that stand in it without a space behind them."""
    pieces = [piece for piece in _GLUED.split(line) if piece.strip()]
    if len(pieces) == 1:
        return [line] if line else []
    labelled = [re.sub(r"^(\([a-z]{1,5}\))", r"\1 ", piece) for piece in pieces]
    return [_TIGHT.sub(" ", piece).strip() for piece in labelled]

"""The invented legal texts on the portal, read from `decrees/*.txt`.

Such a file is plain text, one paragraph a line, blocks separated by empty lines. The first four
blocks are the letterhead (issuer, country, number, place and date); the block that begins with
"Nơi nhận:" and the one after it are the foot of the instrument, before any appendix. No such
instrument exists: numbers, dates, signatories and duties are invented.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "decrees"
NAMES = ("draft-1", "draft-2", "enacted", "older", "fisheries")


@dataclass(frozen=True, slots=True)
class LegalText:
    """An instrument's text in reading order: each block is a tuple of lines (NFC)."""

    name: str
    blocks: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line of the text in reading order, without the empty ones."""
        return tuple(line for block in self.blocks for line in block)

    @property
    def letterhead(self) -> tuple[tuple[str, ...], ...]:
        """The four blocks that pages and word files set as a table of two rows."""
        return self.blocks[:4]

    @property
    def body(self) -> tuple[str, ...]:
        """The lines between the letterhead and the foot."""
        return tuple(line for block in self.blocks[4 : self._foot] for line in block)

    @property
    def foot(self) -> tuple[tuple[str, ...], ...]:
        """Two blocks: the recipients, and the signature."""
        return self.blocks[self._foot : self._foot + 2]

    @property
    def appendix(self) -> tuple[str, ...]:
        """The lines after the foot; empty where the instrument has no appendix."""
        return tuple(line for block in self.blocks[self._foot + 2 :] for line in block)

    @property
    def _foot(self) -> int:
        return next(i for i, block in enumerate(self.blocks) if block[0] == "Nơi nhận:")


@cache
def legal_text(name: str) -> LegalText:
    """The text called `name`, one of NAMES."""
    source = unicodedata.normalize("NFC", (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    blocks = (tuple(block.splitlines()) for block in source.strip().split("\n\n"))
    return LegalText(name, tuple(blocks))


def is_centred(line: str) -> bool:
    """Whether a line is set in the middle of the page: titles, chapters, sections, appendices."""
    return line.isupper() or line.startswith(("Chương ", "Mục ", "Mẫu số ", "(Ban hành kèm theo"))


def is_article(line: str) -> bool:
    """Whether a line is the heading of an article."""
    return line.startswith("Điều ") and ". " in line[:12]

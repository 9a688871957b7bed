"""How far the text of a document can be trusted, by the notes of those who read it."""

from collections.abc import Sequence
from dataclasses import dataclass

OCR = "ocr:"
OCR_MARK = "[OCR]"
"""Stands behind what was found in a text that was read from pictures."""
UNREAD_PAGES = "pages-without-text:"
LOST_NUMBERS = "numbering-lost:"
DISAGREEMENTS = {"number-disagrees:": "number", "issued-on-disagrees:": "day of issue"}


@dataclass(frozen=True, slots=True)
class Doubts:
    """What of a text is not certain.

    `guessed` where letters were read from pictures; `unread` names the pages that were not
    (`2 of 12 (3-4)`), "" where none; `unnumbered` is whether paragraphs lost their numbers;
    `disagreements` say on what the portal's page and the document's own head do not agree.
    """

    guessed: bool = False
    unread: str = ""
    unnumbered: bool = False
    disagreements: tuple[str, ...] = ()

    @property
    def wording(self) -> bool:
        """Whether the words of the text themselves are in doubt."""
        return self.guessed or bool(self.unread) or self.unnumbered


def doubts_of(notes: Sequence[str]) -> Doubts:
    """Read the notes of a revision."""
    return Doubts(
        guessed=any(note.startswith(OCR) for note in notes),
        unread=next((_said(note) for note in notes if note.startswith(UNREAD_PAGES)), ""),
        unnumbered=any(note.startswith(LOST_NUMBERS) for note in notes),
        disagreements=tuple(
            f"{what}: {_said(note)}"
            for note in notes
            for sign, what in DISAGREEMENTS.items()
            if note.startswith(sign)
        ),
    )


def _said(note: str) -> str:
    return note.partition(":")[2].strip()

"""A revision's text in pieces: what is only read, and what names an instrument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from alerts.wording import cut
from storage.models import Revision
from storage.models_law import Citation


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `instrument` is what it names: a watched one's id, else a number, and
    "" where it names none."""

    text: str
    instrument: str = ""
    provision: str = ""


@dataclass(frozen=True, slots=True)
class CitedText:
    """Title, summary and text of a revision in pieces."""

    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    text: tuple[Piece, ...]

    def beginning(self, length: int) -> tuple[tuple[Piece, ...], int]:
        """The pieces of the text up to about `length` characters, and how many are left out."""
        kept: list[Piece] = []
        room = length
        for piece in self.text:
            if room <= 0:
                break
            kept.append(
                piece if len(piece.text) <= room else replace(piece, text=cut(piece.text, room))
            )
            room -= len(piece.text)
        whole = sum(len(piece.text) for piece in self.text)
        return tuple(kept), max(0, whole - length)


def lines_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of each line that holds something: a paragraph of the page."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(replace(piece, text=part))
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def cited(revision: Revision, citations: Sequence[Citation], ids: Mapping[str, str]) -> CitedText:
    """Cut a revision at its citations, whose places count through all three joined by lines.

    `ids` gives the id of a watched instrument by its number.
    """
    parts: list[tuple[Piece, ...]] = []
    offset = 0
    for part in (revision.title, revision.summary, revision.text):
        parts.append(_cut(part, offset, citations, ids))
        offset += len(part) + 1 if part else 0
    return CitedText(*parts)


def instrument_address(instrument: str) -> str:
    """The page of an instrument; a number's slashes stay as they are."""
    return f"/instruments/{quote(instrument)}"


def _cut(
    text: str, offset: int, citations: Sequence[Citation], ids: Mapping[str, str]
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for citation in citations:
        start, end = citation.start - offset, citation.end - offset
        if citation.instrument is None or start < at or not start < end <= len(text):
            continue
        number = citation.instrument
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], ids.get(number, number), citation.provision or ""))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)

"""A Word document (DOCX) → the lines of its text."""

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from spiders.legacy_letters import Letters, letters_of_font
from spiders.problems import BadDocx
from spiders.word_fonts import joined_in_unicode, read_fonts
from spiders.word_numbering import Numbering, W, read_numbering

UNPACKED_LIMIT = 200_000_000
RATIO_LIMIT = 200
RATIO_FLOOR = 5_000_000
MOST_MEMBERS = 10_000
MAIN_PART = "word/document.xml"
DEEPEST_TABLE = 8
CHUNK = 1_000_000
_DOCTYPE = b"<!DOCTYPE"
_HIDDEN = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(body: bytes, url: str) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of a DOCX, NFC: paragraphs with the numbers Word counts, table rows.

    Tracked insertions are text, tracked deletions are not. A table row is one line, its
    cells joined by ` | `; a letterhead or signature table (at most two filled cells a row,
    at most three rows) gives each cell's paragraphs one after the other. Notes:
    `numbering:automatic` where numbers were counted, `tracked-changes`, `footnotes-left-out`,
    `legacy-font:TCVN3` (or VNI) where letters were not stored as Unicode has them.
    Raises BadDocx for what is no DOCX, is broken, unpacks to more than 200 MB or more than
    200 times its size, or declares XML entities.
    """
    where = url or "the document"
    _check_archive(body, where)
    from docx import Document

    try:
        document = Document(io.BytesIO(body))
        reader = _Reader(document)
        lines = [_nfc(line) for line in reader.blocks(document.element.body, 0)]
    except BadDocx:
        raise
    # python-docx raises KeyError, ValueError, PackageNotFoundError, lxml and zip errors alike.
    except Exception as error:
        raise BadDocx(
            f"{where}: a broken Word document ({type(error).__name__}: {error})"
        ) from error
    return [line for line in lines if line], reader.notes()


def _check_archive(body: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            _check_sizes(members, len(body), where)
            names = {member.filename for member in members}
            if MAIN_PART not in names or "[Content_Types].xml" not in names:
                raise BadDocx(f"{where}: a ZIP archive, but no Word document in it")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, member, where)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise BadDocx(f"{where}: no Word document, or a damaged one ({error})") from error


def _check_sizes(members: list[zipfile.ZipInfo], packed: int, where: str) -> None:
    whole = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or whole > UNPACKED_LIMIT:
        raise BadDocx(f"{where}: unpacks to {whole} bytes in {len(members)} files; not opened")
    if whole > RATIO_FLOOR and whole > packed * RATIO_LIMIT:
        raise BadDocx(f"{where}: unpacks to {whole // max(packed, 1)} times its size; not opened")


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> None:
    kept = b""
    with archive.open(member) as part:
        while piece := part.read(CHUNK):
            # Without its NULs UTF-16 reads like ASCII; no text can hold the mark unescaped.
            kept = kept[-len(_DOCTYPE) :] + piece.replace(b"\x00", b"")
            if _DOCTYPE in kept:
                raise BadDocx(f"{where}: {member.filename} declares XML entities; not opened")


class _Reader:
    """Walks a document's body in order, counting its lists."""

    def __init__(self, document: Any) -> None:
        self._numbering = _numbering(document)
        self._styles = _style_lists(document, self._numbering)
        self._fonts = read_fonts(document.styles.element)
        self._legacy: set[Letters] = set()
        self._counted = False
        self._tracked = False
        self._footnotes = False

    def blocks(self, parent: Any, depth: int) -> Iterator[str]:
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl" and depth < DEEPEST_TABLE:
                yield from self._table(child, depth + 1)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                yield from self.blocks(child, depth)

    def notes(self) -> tuple[str, ...]:
        return (
            *(("numbering:automatic",) if self._counted else ()),
            *(("tracked-changes",) if self._tracked else ()),
            *(("footnotes-left-out",) if self._footnotes else ()),
            *(f"legacy-font:{letters}" for letters in sorted(self._legacy)),
        )

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        pieces = list(self._runs(paragraph, self._fonts.of_paragraph(paragraph)))
        text, legacy = joined_in_unicode(pieces)
        self._legacy |= legacy
        place = self._place(paragraph)
        if not text.strip():
            return
        label = self._numbering.label(*place) if place else ""
        if label:
            self._counted = True
        lines = [" ".join(line.split()) for line in text.split("\n")]
        yield f"{label} {lines[0]}".strip()
        yield from lines[1:]

    def _runs(self, element: Any, font: str) -> Iterator[tuple[str, str]]:
        """Give the pieces of a paragraph's text, each with its typeface."""
        for child in element:
            if child.tag in _HIDDEN or child.tag == _FALLBACK:
                self._tracked = self._tracked or child.tag in (f"{W}del", f"{W}moveFrom")
            elif child.tag == f"{W}t":
                yield font, child.text or ""
            elif child.tag in (f"{W}tab", f"{W}ptab"):
                yield font, " "
            elif child.tag in (f"{W}br", f"{W}cr"):
                yield font, "\n"
            elif child.tag == f"{W}noBreakHyphen":
                yield font, "-"
            elif child.tag == f"{W}softHyphen":
                # In the place of a soft hyphen TCVN3 keeps a letter.
                yield font, "\u00ad" if letters_of_font(font) == "TCVN3" else ""
            elif child.tag == f"{W}r":
                yield from self._runs(child, self._fonts.of_run(child, font))
            else:
                self._tracked = self._tracked or child.tag == f"{W}ins"
                self._footnotes = self._footnotes or child.tag == f"{W}footnoteReference"
                yield from self._runs(child, font)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """Give the list and level of a paragraph, its own or its style's."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = self._styles.get(str(style.get(f"{W}val"))) if style is not None else None
        if own is None:
            return inherited
        list_id = _attribute(own.find(f"{W}numId")) or (inherited[0] if inherited else "")
        depth = _attribute(own.find(f"{W}ilvl"))
        # numId 0 takes a paragraph out of its style's list (17.9.18).
        if list_id in ("", "0"):
            return None
        return list_id, int(depth) if depth.isdigit() else (inherited[1] if inherited else 0)

    def _table(self, table: Any, depth: int) -> Iterator[str]:
        rows = [
            [list(self.blocks(cell, depth)) for cell in row.iter(f"{W}tc") if _is_own(cell, table)]
            for row in table.iter(f"{W}tr")
            if _is_own(row, table)
        ]
        filled = [[cell for cell in row if any(cell)] for row in rows]
        if len(filled) <= 3 and all(len(row) <= 2 for row in filled):
            for row in filled:
                for cell in row:
                    yield from cell
            return
        for row in filled:
            if row:
                yield " | ".join(" ".join(cell) for cell in row)


def _is_own(element: Any, table: Any) -> bool:
    return next(element.iterancestors(f"{W}tbl"), None) is table


def _attribute(element: Any | None) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _numbering(document: Any) -> Numbering:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return read_numbering(relation.target_part.element)
    return Numbering()


def _style_lists(document: Any, numbering: Numbering) -> dict[str, tuple[str, int]]:
    """Give the list and level that each paragraph style puts its paragraphs in."""
    own: dict[str, tuple[str, int]] = {}
    parents: dict[str, str] = {}
    for style in document.styles.element.iter(f"{W}style"):
        name = str(style.get(f"{W}styleId") or "")
        parents[name] = _attribute(style.find(f"{W}basedOn"))
        list_id = _attribute(style.find(f"{W}pPr/{W}numPr/{W}numId"))
        depth = _attribute(style.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        if list_id and list_id != "0":
            own[name] = (list_id, int(depth) if depth.isdigit() else 0)
    found = dict(own)
    for name in parents:
        parent, steps = parents[name], 0
        while name not in found and parent and steps < 20:
            if parent in own:
                found[name] = own[parent]
            parent, steps = parents.get(parent, ""), steps + 1
    return {name: place for name, place in found.items() if place[0] in numbering.lists}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)

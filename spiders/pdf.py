"""A PDF → the lines of its text."""

import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spiders.problems import BadPdf, PdfPassword, PdfWithoutText, TooLarge

MOST_PAGES = 2_000
UNPACKED_LIMIT = 200_000_000
CHUNK = 1_000_000
LEAST_TEXT = 20
STAMP_TEXT = 400
"""A scanned page may bear the letters of an electronic signature's stamp, which are fewer."""
MOST_COVERED = 0.6
OUTLINES = 300
"""A page without letters that has more strokes shows letters drawn as outlines."""
EDGE_LINES = 2
FULL_PAGE = 8
FEWEST_STROKES = 4
MOST_STROKES = 3_000
MOST_CROSSINGS = 2_500
CLOSE = 3
"""Points within which two strokes are one."""
SPACING = {"x_tolerance_ratio": 0.15, "y_tolerance": 3}
_STREAM = re.compile(rb"stream\r?\n")
Key = tuple[str, int]
_NUMBERED = re.compile(r"(?:(\d{1,4})\s+)?(.*?)(?:\s+(\d{1,4}))?")
_PROVISION = re.compile(
    r"(?:điều|chương|mục|phần|khoản|phụ lục|mẫu|biểu|article|\d{1,3}[.)]|[a-zđ]{1,2}[.)])(?!\w)",
    re.I,
)
_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–]?", re.I)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The lines of a page of a PDF, its letters as they stand in the file.

    `pictured` where what the page shows is a picture and the file holds next to none of its
    letters; `layered` where there are letters under or over a picture of the whole page, as
    programs that recognise letters leave them.
    """

    lines: tuple[str, ...]
    pictured: bool = False
    layered: bool = False


def without_text(unread: Sequence[int], whole: int) -> tuple[str, ...]:
    """Give the note that so many pages of `whole` were not read, and which: none, or one."""
    if not unread:
        return ()
    return (f"pages-without-text:{len(unread)} of {whole} ({in_spans(unread)})",)


def in_spans(numbers: Sequence[int]) -> str:
    """`(3, 4, 5, 9)` → `3-5, 9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join("-".join(map(str, span)) for span in spans)


def joined(pages: Sequence[PdfPage]) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of all pages in their order, without page numbers and running headers.

    A running header is a line at the edge of more than half of at least three full pages, a
    running page number in it aside. Notes: `running-header-cut`, and `ocr:text layer of N pages`
    where the letters lie over pictures of the pages.
    """
    lines = [list(page.lines) for page in pages]
    headers = _running(lines)
    kept = [_without_edges(page, number, headers) for number, page in enumerate(lines)]
    layered = sum(page.layered for page in pages)
    notes = [f"ocr:text layer of {layered} page{'' if layered == 1 else 's'}"] if layered else []
    if headers:
        notes.append("running-header-cut")
    return [line for page in kept for line in page], tuple(notes)


def pdf_pages(body: bytes, url: str) -> list[PdfPage]:
    """Give the pages of a PDF, at least one of which has text; lines are NFC, a ruled table's row
    is one line.

    Raises PdfPassword, PdfWithoutText (no page has text), BadPdf and TooLarge (over 2,000 pages
    or 200 MB unpacked).
    """
    where = url or "the document"
    _refuse_bomb(body, where)
    pages = _pages(body, where)
    if all(page.pictured or _size(page.lines) < LEAST_TEXT for page in pages):
        raise PdfWithoutText(f"{where}: a scanned PDF, {len(pages)} pages without text")
    return pages


def _refuse_bomb(body: bytes, where: str) -> None:
    """Raise TooLarge where the file's deflated streams unpack to more than the limit."""
    whole = 0
    for match in _STREAM.finditer(body):
        whole += _inflated(body, match.end(), UNPACKED_LIMIT - whole, deep=2)
        if whole > UNPACKED_LIMIT:
            raise TooLarge(f"{where}: unpacks to more than {UNPACKED_LIMIT} bytes; not opened")


def _inflated(body: bytes, start: int, limit: int, *, deep: int) -> int:
    """Give the size of the deflated bytes at `start`, counted up to just over `limit`.

    A stream may be deflated twice; `deep` further layers are counted too.
    """
    if body[start : start + 1] not in (b"\x78", b"\x58", b"\x68", b"\x48"):
        return 0
    unpacker = zlib.decompressobj()
    size, inner, rest = 0, b"", body[start : start + CHUNK]
    try:
        while size <= limit and rest and not unpacker.eof:
            piece = unpacker.decompress(rest, CHUNK)
            inner = inner or piece
            size += len(piece)
            rest = unpacker.unconsumed_tail
            if not rest:
                start += CHUNK
                rest = body[start : start + CHUNK]
    except zlib.error:
        return size
    return size + (_inflated(inner, 0, limit - size, deep=deep - 1) if deep else 0)


def _pages(body: bytes, where: str) -> list[PdfPage]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            if len(document.pages) > MOST_PAGES:
                raise TooLarge(f"{where}: {len(document.pages)} pages, over {MOST_PAGES}")
            return [_page(page) for page in document.pages]
    except TooLarge:
        raise
    # pdfplumber wraps pdfminer's errors, and pdfminer raises many kinds on broken files.
    except Exception as error:
        causes = (error, error.__cause__, *error.args)
        if any(isinstance(one, PDFPasswordIncorrect | PDFEncryptionError) for one in causes):
            raise PdfPassword(f"{where}: the PDF opens only with a password") from error
        reason = str(error) or type(error).__name__
        raise BadPdf(f"{where}: a broken PDF ({reason[:200]})") from error


def _page(page: Any) -> PdfPage:
    lines = tuple(line for part in _parts(page) for line in part)
    size, covered = _size(lines), _is_covered(page)
    drawn = len(page.curves) + len(page.rects) + len(page.lines) > OUTLINES
    little = size < STAMP_TEXT if covered else size < LEAST_TEXT and (drawn or bool(page.images))
    page.close()
    return PdfPage(lines, pictured=little, layered=covered and not little)


def _is_covered(page: Any) -> bool:
    """Whether pictures cover most of a page: scanners give one or several strips."""
    area = sum(
        max(0.0, min(one["x1"], page.width) - max(one["x0"], 0.0))
        * max(0.0, min(one["bottom"], page.height) - max(one["top"], 0.0))
        for one in page.images
    )
    return bool(area > MOST_COVERED * page.width * page.height)


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _parts(page: Any) -> Iterator[list[str]]:
    """Give the lines of a page: those between its tables, and each table's row as one line."""
    top = float("-inf")
    for table in _grids(page):
        upper, lower = table.bbox[1], table.bbox[3]
        if upper < top:
            continue
        yield _text(_between(page, top, upper))
        yield [row for cells in table.extract(**SPACING) if (row := _row(cells))]
        top = lower
    yield _text(page if top == float("-inf") else _between(page, top, float("inf")))


def _grids(page: Any) -> list[Any]:
    """Give the ruled tables of at least two rows and columns, from the top down.

    A page whose strokes cross very often is a drawing, which costs too long to look for tables in.
    """
    strokes = [*page.lines, *page.rects, *page.curves]
    if not FEWEST_STROKES <= len(strokes) <= MOST_STROKES:
        return []
    across = {round(one[side] / CLOSE) for one in strokes for side in ("x0", "x1")}
    down = {round(one[side] / CLOSE) for one in strokes for side in ("top", "bottom")}
    if len(across) * len(down) > MOST_CROSSINGS:
        return []
    found = [
        table
        for table in page.find_tables()
        if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1
    ]
    return sorted(found, key=lambda table: float(table.bbox[1]))


def _between(page: Any, top: float, bottom: float) -> Any:
    def is_there(thing: dict[str, Any]) -> bool:
        middle = (thing["top"] + thing["bottom"]) / 2
        return bool(thing["object_type"] == "char" and top <= middle < bottom)

    return page.filter(is_there)


def _text(page: Any) -> list[str]:
    text = page.extract_text(**SPACING) or ""
    return [line for line in map(_clean, text.splitlines()) if line]


def _row(cells: Sequence[str | None]) -> str:
    return " | ".join(said for cell in cells if (said := _clean(cell or "")))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _edges(page: list[str]) -> list[str]:
    return page[:EDGE_LINES] + page[max(EDGE_LINES, len(page) - EDGE_LINES) :]


def _running(pages: list[list[str]]) -> frozenset[Key]:
    """Give the keys of the lines at the pages' edges that more than half of the pages share."""
    full = [(number, page) for number, page in enumerate(pages) if len(page) >= FULL_PAGE]
    if len(full) < 3:
        return frozenset()
    seen = Counter(
        key
        for number, page in full
        for key in {key for line in _edges(page) for key in _keys(line, number)}
    )
    return frozenset(key for key, count in seen.items() if count * 2 > len(full))


def _keys(line: str, number: int) -> tuple[Key, ...]:
    """Give what a line is compared by: itself, and itself with a page number counted away.

    A line that begins as provisions and forms do is none: cutting law costs more than
    keeping a header.
    """
    if _PROVISION.match(line) or not any(character.isalpha() for character in line):
        return ()
    match = _NUMBERED.fullmatch(line)
    if match is None or not (match[1] or match[3]):
        return ((line, 0),)
    return (line, 0), (match[2], int(match[1] or match[3]) - number)


def _without_edges(page: list[str], number: int, headers: frozenset[Key]) -> list[str]:
    first, last = 0, len(page)
    while first < min(EDGE_LINES, last) and _is_edge(page[first], number, headers):
        first += 1
    while last > max(first, len(page) - EDGE_LINES) and _is_edge(page[last - 1], number, headers):
        last -= 1
    return page[first:last]


def _is_edge(line: str, number: int, headers: frozenset[Key]) -> bool:
    if _PAGE_NUMBER.fullmatch(line):
        return True
    return any(key in headers for key in _keys(line, number))

"""A PDF → the lines of its text."""

import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from spiders.problems import BadPdf, PdfPassword, PdfWithoutText, TooLarge

MOST_PAGES = 2_000
UNPACKED_LIMIT = 200_000_000
CHUNK = 1_000_000
LEAST_TEXT = 20
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


def read_pdf(body: bytes, url: str) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of a PDF as they stand on its pages, NFC, a ruled table's row as one line.

    Page numbers and running headers (a line at the edge of more than half of at least three
    full pages, a running page number in it aside) are cut. Notes: `pages-without-text:N`
    where some pages are pictures, `running-header-cut`. Raises PdfPassword, PdfWithoutText
    (no page has text), BadPdf and TooLarge (over 2,000 pages or 200 MB unpacked).
    """
    where = url or "the document"
    _refuse_bomb(body, where)
    pages = _pages(body, where)
    empty = sum(sum(map(len, page)) < LEAST_TEXT for page in pages)
    if empty == len(pages):
        raise PdfWithoutText(f"{where}: a scanned PDF, {len(pages)} pages without text")
    headers = _running(pages)
    kept = [_without_edges(page, number, headers) for number, page in enumerate(pages)]
    notes = [f"pages-without-text:{empty}"] if empty else []
    if headers:
        notes.append("running-header-cut")
    return [line for page in kept for line in page], tuple(notes)


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


def _pages(body: bytes, where: str) -> list[list[str]]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(body)) as document:
            if len(document.pages) > MOST_PAGES:
                raise TooLarge(f"{where}: {len(document.pages)} pages, over {MOST_PAGES}")
            return [_lines(page) for page in document.pages]
    except TooLarge:
        raise
    # pdfplumber wraps pdfminer's errors, and pdfminer raises many kinds on broken files.
    except Exception as error:
        causes = (error, error.__cause__, *error.args)
        if any(isinstance(one, PDFPasswordIncorrect | PDFEncryptionError) for one in causes):
            raise PdfPassword(f"{where}: the PDF opens only with a password") from error
        reason = str(error) or type(error).__name__
        raise BadPdf(f"{where}: a broken PDF ({reason[:200]})") from error


def _lines(page: Any) -> list[str]:
    lines = [line for part in _parts(page) for line in part]
    page.close()
    return lines


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

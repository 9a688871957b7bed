"""Scanned pages of a PDF → lines, read from its pictures by tesseract where it is installed.

What it gives is a guess at the letters: every text from here is marked as such.
"""

import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from spiders.pdf import PdfPage, joined, without_text
from spiders.problems import OcrFailed, PdfWithoutText
from spiders.programs import Bounds, ProgramFailed, run_program

LANGUAGES = "vie"
"""Of Vietnamese text fewer words are right where English is looked for beside it."""
OCR_NOTE = f"ocr:tesseract {LANGUAGES}"
MOST_PAGES = 120
PICTURES = Bounds(seconds=120, memory=3_000_000_000, written=100_000_000)
A_PAGE = Bounds(seconds=60, memory=2_000_000_000, written=10_000_000)


@cache
def ocr_program() -> str | None:
    """Give the path of tesseract, None where it or its Vietnamese data is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=20, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    known = said.stdout.split()
    return program if all(one in known for one in LANGUAGES.split("+")) else None


@dataclass(frozen=True, slots=True)
class ScanRead:
    """The lines of the pages that were read, by their numbers from 1, none for a blank one;
    `whole` is how many pages the file has."""

    pages: dict[int, list[str]]
    whole: int


def read_scan(body: bytes, url: str, *, seconds: float) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of a scanned PDF as tesseract reads them, NFC, in `seconds` at most, without
    page numbers and running headers.

    Notes: `ocr:tesseract vie`, and `pages-without-text:…` where pages gave no letter, are beyond
    the first 120, or there was no time for them. Raises PdfWithoutText where tesseract with
    Vietnamese is not installed, and OcrFailed where no page could be read.
    """
    read = read_pages(body, url, (), seconds=seconds)
    unread = tuple(one for one in range(1, read.whole + 1) if one not in read.pages)
    lines, notes = joined([PdfPage(tuple(one)) for one in read.pages.values()])
    return lines, (OCR_NOTE, *without_text(unread, read.whole), *notes)


def read_pages(body: bytes, url: str, wanted: Sequence[int], *, seconds: float) -> ScanRead:
    """Give the lines of the `wanted` pages of a PDF (counted from 1; all where none is named),
    as tesseract reads them, NFC, in `seconds` at most. Raises as `read_scan` does.
    """
    where = url or "the document"
    program = ocr_program()
    if program is None:
        raise PdfWithoutText(
            f"{where}: a scanned PDF without text; install tesseract with its Vietnamese data to "
            "have it read"
        )
    until = time.monotonic() + seconds
    with TemporaryDirectory(prefix="decreewatch-scan-") as name:
        folder = Path(name)
        (folder / "document.pdf").write_bytes(body)
        try:
            read = _blank_and_pictures(folder, wanted, until)
            failed = _read_pictures(program, folder, until, read)
        except ProgramFailed as problem:
            raise _failed(where, problem) from problem
    if failed is not None and not any(read.pages.values()):
        raise _failed(where, failed) from failed
    return ScanRead(dict(sorted(read.pages.items())), read.whole)


def _failed(where: str, problem: ProgramFailed) -> OcrFailed:
    return OcrFailed(f"{where}: a scanned PDF whose letters could not be read ({problem})")


def _blank_and_pictures(folder: Path, wanted: Sequence[int], until: float) -> ScanRead:
    """Have the pages drawn; give the blank ones."""
    script = Path(__file__).with_name("scan_pictures.py")
    argv = [sys.executable, str(script), "document.pdf", ".", str(MOST_PAGES), *map(str, wanted)]
    said = run_program(argv, folder, _within(PICTURES, until)).decode("ascii", "replace").split()
    if not said:
        raise ProgramFailed(f"{script.name}: said nothing")
    whole, *blank = map(int, said)
    return ScanRead({number: [] for number in blank}, whole)


def _read_pictures(
    program: str, folder: Path, until: float, read: ScanRead
) -> ProgramFailed | None:
    """Read the pictures in their order into `read`, as far as there is time; give what failed."""
    failed: ProgramFailed | None = None
    for picture in sorted(folder.glob("page-*.png")):
        try:
            lines = _lines(program, picture, folder, until)
        except ProgramFailed as problem:
            failed = problem
            continue
        if lines:
            read.pages[_number(picture)] = lines
    return failed


def _number(picture: Path) -> int:
    return int(picture.stem.rpartition("-")[2])


def _lines(program: str, picture: Path, folder: Path, until: float) -> list[str]:
    argv = [program, picture.name, "stdout", "-l", LANGUAGES]
    said = run_program(argv, folder, _within(A_PAGE, until)).decode("utf-8", "replace")
    picture.unlink()
    lines = (" ".join(unicodedata.normalize("NFC", line).split()) for line in said.splitlines())
    return [line for line in lines if any(map(str.isalnum, line))]


def _within(bounds: Bounds, until: float) -> Bounds:
    left = until - time.monotonic()
    if left < 1:
        raise ProgramFailed("it took longer than there was time for")
    return Bounds(min(bounds.seconds, left), bounds.memory, bounds.written)

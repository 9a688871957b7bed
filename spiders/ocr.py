"""Scanned pages of a PDF → lines, read from its pictures by tesseract where it is installed.

What it gives is a guess at the letters: every text from here is marked as such.
"""

import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from spiders.pdf import without_text
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


def read_scan(body: bytes, url: str, *, seconds: float) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of a scanned PDF as tesseract reads them, NFC, in `seconds` at most.

    Notes: `ocr:tesseract vie`, and `pages-without-text:…` where pages gave no letter.
    Raises PdfWithoutText where tesseract with Vietnamese is not installed, and OcrFailed where
    the file has over 120 pages or a page could not be read in time.
    """
    pages = read_pages(body, url, (), seconds=seconds)
    empty = without_text(tuple(one for one, lines in pages.items() if not lines), len(pages))
    return [line for lines in pages.values() for line in lines], (OCR_NOTE, *empty)


def read_pages(
    body: bytes, url: str, wanted: Sequence[int], *, seconds: float
) -> dict[int, list[str]]:
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
            pictures = _pictures(folder, wanted, until)
            return {_number(one): _lines(program, one, folder, until) for one in pictures}
        except ProgramFailed as problem:
            raise OcrFailed(
                f"{where}: a scanned PDF whose letters could not be read ({problem})"
            ) from problem


def _pictures(folder: Path, wanted: Sequence[int], until: float) -> list[Path]:
    script = Path(__file__).with_name("scan_pictures.py")
    if len(wanted) > MOST_PAGES:
        raise ProgramFailed(f"{len(wanted)} scanned pages, over {MOST_PAGES}")
    argv = [sys.executable, str(script), "document.pdf", ".", str(MOST_PAGES), *map(str, wanted)]
    said = run_program(argv, folder, _within(PICTURES, until)).decode("ascii", "replace").strip()
    if not wanted and int(said or 0) > MOST_PAGES:
        raise ProgramFailed(f"{said} pages, over {MOST_PAGES}")
    return sorted(folder.glob("page-*.png"))


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

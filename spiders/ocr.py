"""A scanned PDF → lines, read from its pictures by tesseract where it is installed.

What it gives is a guess at the letters: every text from here is marked as such.
"""

import shutil
import subprocess
import sys
import time
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from spiders.problems import PdfWithoutText
from spiders.programs import Bounds, ProgramFailed, run_program

LANGUAGES = "vie+eng"
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

    Notes: `ocr:tesseract vie+eng`, and `pages-without-text:N` where pages gave no letter.
    Raises PdfWithoutText where tesseract with Vietnamese is not installed, the file has over
    120 pages, or a page could not be read in time.
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
            pages = [_lines(program, one, folder, until) for one in _pictures(folder, until)]
        except ProgramFailed as problem:
            raise PdfWithoutText(
                f"{where}: a scanned PDF whose letters could not be read ({problem})"
            ) from problem
    empty = sum(not page for page in pages)
    notes = (f"ocr:tesseract {LANGUAGES}", *((f"pages-without-text:{empty}",) if empty else ()))
    return [line for page in pages for line in page], notes


def _pictures(folder: Path, until: float) -> list[Path]:
    script = Path(__file__).with_name("scan_pictures.py")
    bounds = _within(PICTURES, until)
    argv = [sys.executable, str(script), "document.pdf", ".", str(MOST_PAGES)]
    count = int(run_program(argv, folder, bounds).decode("ascii", "replace").strip() or 0)
    if count > MOST_PAGES:
        raise ProgramFailed(f"{count} pages, over {MOST_PAGES}")
    return sorted(folder.glob("page-*.png"))


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

"""Can an alert on a scanned text be trusted? Comparisons with texts that are read from pictures.

`python -m benchmarks.scans` draws legal texts as scanned pages (turned a little, blurred, with
noise; `fine` at 300 and `poor` at 150 dots an inch), has them read by tesseract, and compares.
A text beside its own scan has not changed, so each change told for certain is a false alarm. A
text beside the scan of an edited one (`benchmarks.edits`) is held against the same comparison
without pictures: how many of its certain changes are told for certain still, and how many are
told that it does not know. `as read` is what the comparison alone says, `weighed` what is told.
"""

import argparse
import io
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from font_source_serif_pro import font_directory
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rich.console import Console
from rich.table import Table

from benchmarks.compare import legal_texts
from benchmarks.edits import ORDINARY, make_pair
from monitor.legal import compare, parse
from monitor.legal.model import Change, Comparison
from monitor.weighing import weighed
from spiders.documents import read_document
from spiders.ocr import ocr_program

DOTS = {"fine": 300, "poor": 150}
A4 = (8.27, 11.69)
COLUMNS, LINES = 72, 44
NOISE, BLUR, TURN = 25.0, 1.6, 0.8
LONGEST = 12_000
"""Characters of each text that are drawn: some five pages."""
SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Scan:
    """A text as tesseract read it, `seconds` a page, and the share of `words` that are right."""

    text: str
    notes: tuple[str, ...]
    seconds: float
    words: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each quality of picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus/legal"))
    parser.add_argument("--texts", type=int, default=4, help="how many texts")
    args = parser.parse_args(arguments)
    if ocr_program() is None:
        print("tesseract with its Vietnamese data is not installed: nothing can be measured")
        return 1
    texts = [_beginning(one.text) for one in legal_texts(args.corpus) if one.language == "vi"][
        : args.texts
    ]
    for quality in DOTS:
        Console(width=110).print(_measured(texts, quality))
    return 0


def _measured(texts: Sequence[str], quality: str) -> Table:
    scans, false = [], {"as read": 0, "weighed": 0}
    true, kept, critical, kept_critical = 0, dict.fromkeys(false, 0), 0, dict.fromkeys(false, 0)
    unknown = dict.fromkeys(false, 0)
    donors = [parse(one) for one in texts]
    for place, text in enumerate(texts):
        scan = scanned(text, quality, seed=place)
        scans.append(scan)
        for name, found in _both(text, scan):
            false[name] += len(_certain(found))
        others = [one for at, one in enumerate(donors) if at != place]
        pair = make_pair(donors[place], others, place, ORDINARY)
        clean = compare(parse(pair.old), parse(pair.new))
        expected = _certain(clean)
        true += len(expected)
        critical += sum(one.severity == "critical" for one in expected)
        edited = scanned(pair.new, quality, seed=100 + place)
        scans.append(edited)
        for name, found in _both(pair.old, edited):
            told = _certain(found)
            hit = [one for one in expected if any(_same(one, other) for other in told)]
            kept[name] += len(hit)
            kept_critical[name] += sum(one.severity == "critical" for one in hit)
            known = clean.changes
            unknown[name] += sum(not any(_same(one, other) for other in known) for one in told)
    right = sum(one.words for one in scans) / len(scans)
    pace = sum(one.seconds for one in scans) / len(scans)
    table = Table(
        title=f"{quality}, {DOTS[quality]} dots an inch: {len(texts)} texts, {right:.1%} of words "
        f"right, {pace:.1f} s a page"
    )
    for column in ("", "false alarms, unchanged text", "true changes told", "critical", "unknown"):
        table.add_column(column, justify="left" if not column else "right")
    for name in false:
        table.add_row(
            name,
            str(false[name]),
            f"{kept[name]} of {true}",
            f"{kept_critical[name]} of {critical}",
            str(unknown[name]),
        )
    return table


def scanned(text: str, quality: str, *, seed: int) -> Scan:
    """Draw a text as scanned pages of this quality and read them; the seed draws the noise."""
    pages = _pages(text, DOTS[quality], np.random.default_rng(seed))
    held = io.BytesIO()
    pages[0].save(held, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS[quality])
    started = time.monotonic()
    read = read_document(
        held.getvalue(), "application/pdf", "https://scan.example/1.pdf", ocr_seconds=SECONDS
    )
    took = (time.monotonic() - started) / len(pages)
    return Scan(read.text, read.notes, took, _right(text, read.text))


def _pages(text: str, dots: int, rng: np.random.Generator) -> list[Image.Image]:
    lines = [line for one in text.split("\n") for line in textwrap.wrap(one, COLUMNS) or [""]]
    width, height = (round(side * dots) for side in A4)
    step = height // (LINES + 8)
    face = str(Path(font_directory) / "SourceSerifPro-Regular.ttf")
    font = ImageFont.truetype(face, round(step * 0.62))
    pages = []
    for start in range(0, len(lines), LINES):
        page = Image.new("L", (width, height), 255)
        pen = ImageDraw.Draw(page)
        for row, line in enumerate(lines[start : start + LINES], 4):
            pen.text((width // 10, row * step), line, font=font, fill=20)
        turned = page.rotate(
            rng.uniform(-TURN, TURN), fillcolor=255, resample=Image.Resampling.BICUBIC
        )
        soft = turned.filter(ImageFilter.GaussianBlur(BLUR * dots / 300))
        grey = np.asarray(soft, dtype=float) + rng.normal(0, NOISE, (height, width))
        pages.append(Image.fromarray(np.clip(grey, 0, 255).astype("uint8")))
    return pages


def _both(old: str, new: Scan) -> tuple[tuple[str, Comparison], tuple[str, Comparison]]:
    found = compare(parse(old), parse(new.text))
    return ("as read", found), ("weighed", weighed(found, (), new.notes))


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else text[: text.rfind("\n", 0, LONGEST)]


def _certain(found: Comparison) -> list[Change]:
    return [one for one in found.changes if one.confidence == "certain"]


def _same(one: Change, other: Change) -> bool:
    return bool({*one.old} & {*other.old} or {*one.new} & {*other.new})


def _right(text: str, read: str) -> float:
    words = text.split()
    matching = SequenceMatcher(None, words, read.split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / len(words)


if __name__ == "__main__":
    raise SystemExit(main())
